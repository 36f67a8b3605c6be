"""The candidate's answers that an open document may show, by the openness class of their questions.

``open_text`` is the only door: an answer to a confidential question cannot come through it.
"""

from app.dossiers.blocks import Line
from app.dossiers.snapshot import Snapshot
from app.dossiers.wording import dutch_date, dutch_list
from app.questionnaires.answers import COMPLETE, NONE, OPEN_LIST, Answer, AnswerPath, AnswerState
from app.questionnaires.kinds import Choice, Choices, Date, Group, MoneyBand, Openness, Question, YesNo

NOT_GIVEN = "niet opgegeven"
"""What stands where the candidate gave no answer that may be shown."""


def shown(question: Question, answer: Answer | None) -> str:
    """``answer`` in words, whatever its class; for documents that the reader may see in full."""
    if answer is None:
        return "geen antwoord gegeven"
    if answer.state is not AnswerState.ANSWERED:
        return {AnswerState.DOES_NOT_KNOW: "weet ik niet", AnswerState.ORAL: "bespreekt dit liever mondeling"}[
            answer.state
        ]
    value = answer.value
    match question:
        case YesNo():
            return {"yes": "ja", "no": "nee"}.get(str(value), str(value))
        case Group():
            return {NONE: "nee", OPEN_LIST: "ja (lijst nog niet af)", COMPLETE: "ja"}.get(str(value), str(value))
        case Choice() | MoneyBand():
            return _label(question, str(value))
        case Choices():
            return dutch_list([_label(question, one) for one in value]) if isinstance(value, tuple) else str(value)
        case Date():
            first = getattr(value, "first", None)
            return dutch_date(first) if first == getattr(value, "last", None) else str(value)
        case _:
            return str(value)


def open_text(snapshot: Snapshot, question_id: str, item: str | None = None) -> str:
    """The answer in words when its question is open to the council, otherwise ``NOT_GIVEN``."""
    question = snapshot.questionnaire.questions.get(question_id)
    if question is None or question.openness is Openness.CONFIDENTIAL:
        return NOT_GIVEN
    answer = snapshot.answers.get(AnswerPath(question_id, item))
    if answer is None or answer.state is not AnswerState.ANSWERED:
        return NOT_GIVEN
    return shown(question, answer)


def side_positions(snapshot: Snapshot) -> tuple[str, tuple[tuple[Line, ...], ...]]:
    """What to say when there are none, and a row per side position: role, organisation, paid, what happens to it."""
    rows: list[tuple[Line, ...]] = []
    for item in snapshot.answers.items("side_positions"):
        plan = open_text(snapshot, "side_positions.plan", item)
        gives_up = open_text(snapshot, "side_positions.gives_up_on", item)
        if gives_up != NOT_GIVEN:
            plan = f"{plan} ({gives_up})"
        cells = (open_text(snapshot, f"side_positions.{field}", item) for field in ("role", "organisation", "paid"))
        rows.append((*cells, plan))
    gate = snapshot.answers.value(AnswerPath("side_positions"))
    empty = (
        "De kandidaat heeft geen nevenfuncties."
        if gate == NONE
        else "De kandidaat heeft hierover nog geen opgave gedaan."
    )
    return empty, tuple(rows)


def interests(snapshot: Snapshot) -> tuple[tuple[Line, ...], ...]:
    """Business interests in outline: sort, policy field, role, distance. No names, no percentages, no amounts."""
    outline = (
        ("companies", "form", "policy_field", "role", "distance"),
        ("securities", "kind", "policy_field", "", "distance"),
        ("financial_ties", "kind", "policy_field", "", ""),
        ("real_estate", "kind", "", "title", ""),
    )
    rows: list[tuple[Line, ...]] = []
    for group, *columns in outline:
        rows.extend(
            tuple(open_text(snapshot, f"{group}.{column}", item) if column else "–" for column in columns)
            for item in snapshot.answers.items(group)
        )
    return tuple(rows)


def vog_line(snapshot: Snapshot) -> str:
    """Whether a VOG is there and since when; never what it says."""
    status = snapshot.answers.value(AnswerPath("vog_status"))
    if status == "received":
        issued = open_text(snapshot, "vog_issued_on")
        return f"De verklaring omtrent het gedrag (VOG) is aanwezig. Zij is afgegeven op {issued}."
    return "De verklaring omtrent het gedrag (VOG) is nog niet aanwezig. Zonder VOG kan de benoeming niet doorgaan."


def _label(question: Choice | Choices | MoneyBand, option_id: str) -> str:
    return next((option.label for option in question.options if option.id == option_id), option_id)

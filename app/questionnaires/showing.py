"""An answer as people read it, and as it stands in a form."""

import re
from decimal import Decimal

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.conditions.prose import date_text
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState
from app.questionnaires.context import Tier
from app.questionnaires.decoding import DOES_NOT_KNOW, ORAL
from app.questionnaires.kinds import Choice, Choices, Group, MoneyBand, Number, Question
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.wording import fill

_BRACES = re.compile(r"\{(\w+)\}")

_LONGEST_NAME = 80
"""Characters of an answer that name an item: a heading of two lines on a phone. Our own choice."""

UNANSWERED = "geen antwoord gegeven"
_STATES = {AnswerState.DOES_NOT_KNOW: "weet ik niet", AnswerState.ORAL: "bespreekt dit liever mondeling"}
_SENT = {AnswerState.DOES_NOT_KNOW: DOES_NOT_KNOW, AnswerState.ORAL: ORAL}
_YES_NO = {"yes": "ja", "no": "nee"}
_GATE = {"yes": "ja, de lijst is nog niet af", "no": "nee", "complete": "ja"}


def show(question: Question, answer: Answer | None, tier: Tier) -> str:
    """Give an answer in Dutch, fit for a page or a document. The note is not part of it."""
    if answer is None:
        return UNANSWERED
    if answer.value is None:
        return _STATES[answer.state]
    return show_value(question, answer.value, tier)


def show_value(question: Question, value: Value, tier: Tier) -> str:
    """Give a value in Dutch. A value that the question does not know (from an older version) is shown as it is."""
    match value:
        case Party():
            relation = _label(question, value.relation, tier)
            return f"{relation}: {value.interest}" if value.interest else relation
        case tuple():
            return _listing([_label(question, option, tier) for option in value])
        case PartialDate():
            return date_text(value)
        case Decimal():
            return show_percentage(value)
        case int():
            unit = f" {question.unit}" if isinstance(question, Number) and question.unit else ""
            return f"{value:,}".replace(",", ".") + unit
        case _:
            return _word(question, value, tier)


def show_percentage(number: Decimal) -> str:
    """Write a percentage the Dutch way, without zeros that say nothing: 33,5%."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") + "%"


def _word(question: Question, value: str, tier: Tier) -> str:
    if question.kind == "yes_no":
        return _YES_NO.get(value, value)
    if isinstance(question, Group):
        return _GATE.get(value, value)
    return _label(question, value, tier)


def _label(question: Question, option_id: str, tier: Tier) -> str:
    if isinstance(question, Choice | Choices | MoneyBand | PartyQuestion):
        for option in question.options:
            if option.id == option_id:
                return fill(option.label, tier)
    return option_id


def _listing(words: list[str]) -> str:
    """Put options behind each other. With semicolons, because an option may hold commas itself."""
    return "; ".join(words)


def as_typed(answer: Answer | None) -> tuple[str, ...]:
    """Give the form values that stand for this answer: `decode` makes the same answer of them again."""
    if answer is None:
        return ()
    if answer.value is None:
        return (_SENT[answer.state],)
    match answer.value:
        case Party():
            return (answer.value.relation, answer.value.interest)
        case tuple():
            return answer.value
        case Decimal():
            return (show_percentage(answer.value).removesuffix("%"),)
        case PartialDate():
            return (_typed_date(answer.value),)
        case _:
            return (str(answer.value),)


def _typed_date(date: PartialDate) -> str:
    """Write a date as people type it: 12-3-2026, 3-2026 or 2026."""
    return "-".join(str(part) for part in (date.day, date.month, date.year) if part is not None)


def item_title(group: Group, item_id: str, answers: Answers, tier: Tier) -> str:
    """Name one item: "Onderneming: De Linde BV", or "Onderneming 2" while nothing of its name is filled in."""
    fields = {field.field: field for field in group.questions}
    known: dict[str, str] = {}
    for name, question in fields.items():
        answer = answers.get(AnswerPath(question.id, item_id))
        if answer is not None and answer.value is not None:
            known[name] = _short(show_value(question, answer.value, tier))
    title = group.item_title
    named = [name for name in fields if "{" + name + "}" in title]
    if named and not any(name in known for name in named):
        return f"{group.item_noun[0].upper()}{group.item_noun[1:]} {_place(group, item_id, answers)}"
    return _BRACES.sub(lambda found: known.get(found[1], "…") if found[1] in fields else found[0], title)


def _short(text: str) -> str:
    """Keep a name short enough for a heading."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1].rstrip() + "…"


def _place(group: Group, item_id: str, answers: Answers) -> int:
    items = answers.items(group.id)
    return items.index(item_id) + 1 if item_id in items else len(items) + 1

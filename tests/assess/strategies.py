"""Random dossiers over a real questionnaire: complete ones, and the same ones with blanks in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import assert_never

from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Facts, Party, Value
from app.questionnaires.answers import COMPLETE, NONE, OPEN_LIST, Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, LegalFrame, Tier
from app.questionnaires.kinds import (
    Choice,
    Choices,
    Date,
    Group,
    MoneyBand,
    Number,
    Percentage,
    Single,
    Text,
    YesNo,
)
from app.questionnaires.kinds import (
    Party as PartyQuestion,
)
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.rulebook import Judgement, RuleBook, RuleKind

APPOINTMENT = date(2026, 12, 15)
_FIELDS = ("spatial", "energy", "sport", "finance", "water_levels")
_SIMPLE: Mapping[str, tuple[Value, ...]] = {
    "yes_no": ("yes", "no"),
    "number": (0, 1, 4, 5, 8),
    "percentage": tuple(map(Decimal, (0, 1, 49, 50, 100))),
    "text": ("tekst",),
    "long_text": ("tekst",),
}
_DAYS = st.dates(date(2023, 12, 1), date(2027, 1, 31)).map(PartialDate.of)


@dataclass(frozen=True)
class Dossier:
    """Answers of one person in one case, and what reviewers judged."""

    context: CaseContext
    answers: Answers
    judgements: tuple[Judgement, ...] = ()

    def facts(self, questionnaire: Questionnaire) -> Facts:
        return facts_of(questionnaire, self.answers, self.context)


def value_of(question: Single) -> st.SearchStrategy[Value]:
    """Any value somebody could give."""
    match question:
        case Choice() | MoneyBand():
            return st.sampled_from(_few([option.id for option in question.options]))
        case Choices():
            known = [option.id for option in question.options if option.id != "none"]
            chosen = st.sets(st.sampled_from(known), max_size=3)
            return chosen.map(lambda some: tuple(one for one in known if one in some) or ("none",))
        case Date():
            return st.one_of(_DAYS, st.just(PartialDate.of(APPOINTMENT)))
        case PartyQuestion():
            return st.sampled_from([option.id for option in question.options]).map(lambda one: Party(one, "een belang"))
        case YesNo() | Number() | Percentage() | Text():
            return st.sampled_from(_SIMPLE[question.kind])
        case _:
            assert_never(question)


def _few(options: list[str]) -> list[str]:
    """Of the policy fields only a few, so that interests and portfolios often meet."""
    return [*_FIELDS, "none"] if {"spatial", "none"} <= set(options) else options


@st.composite
def cases(draw: st.DrawFn) -> CaseContext:
    tier = draw(st.sampled_from(Tier))
    return CaseContext(
        tier=tier,
        office=OFFICE_OF_TIER[tier],
        as_of=date(2026, 11, 23),
        full_time=draw(st.sampled_from(("yes", "no"))),
        portfolio=tuple(sorted(draw(st.sets(st.sampled_from(_FIELDS), min_size=1, max_size=3)))),
        replacement_portfolio=(),
        appointment_date=APPOINTMENT,
        legal_frame=draw(st.sampled_from(LegalFrame)),
        reappointment=draw(st.sampled_from(("yes", "no"))),
    )


@st.composite
def dossiers(draw: st.DrawFn, questionnaire: Questionnaire, rulebook: RuleBook) -> Dossier:
    """Every question answered; a few lists with one or two items, the others empty. Some open norms are judged."""
    filled = draw(st.sets(st.sampled_from(sorted(questionnaire.groups)), max_size=4))
    given: dict[AnswerPath, Answer] = {}
    item_ids: dict[str, tuple[str, ...]] = {}
    for question in questionnaire.questions.values():
        if isinstance(question, Group):
            ids = draw(st.sampled_from((("a1",), ("a1", "b2")))) if question.id in filled else ()
            given[AnswerPath(question.id)] = answered(COMPLETE if ids else NONE)
            item_ids |= {question.id: ids} if ids else {}
            for item in ids:
                for part in question.questions:
                    given[AnswerPath(part.id, item)] = answered(draw(value_of(part)))
        elif question.group is None:
            given[AnswerPath(question.id)] = answered(draw(value_of(question)))
    open_norms = [
        (rule.id, item)
        for rule in rulebook.rules
        if rule.kind is RuleKind.OPEN_NORM
        for item in (item_ids.get(rule.for_each, ()) if rule.for_each else (None,))
    ]
    judged = draw(st.dictionaries(st.sampled_from(open_norms), st.booleans(), max_size=4)) if open_norms else {}
    judgements = tuple(Judgement(rule, item, applies) for (rule, item), applies in judged.items())
    return Dossier(draw(cases()), Answers(given, item_ids), judgements)


@st.composite
def blanked(draw: st.DrawFn, full: Dossier) -> Dossier:
    """The same dossier at an earlier moment: less is answered, lists are not finished, dates are less exact."""
    answers = full.answers
    for group, ids in full.answers.item_ids.items():
        fate = draw(st.sampled_from(("as it is", "not finished", "last item missing")))
        if fate == "last item missing":
            answers = answers.remove_item(group, ids[-1])
        if fate != "as it is":
            answers = answers.put(AnswerPath(group), answered(OPEN_LIST))
    paths = sorted(answers.given, key=str)
    change = st.sampled_from(("blank", "does not know", "oral", "less exact"))
    for some in ([path for path in paths if path.item], [path for path in paths if not path.item]):
        if some:
            for path, how in draw(st.dictionaries(st.sampled_from(some), change, min_size=1, max_size=12)).items():
                answers = _less_known(answers, path, how)
    unknown = draw(st.sets(st.sampled_from(("portfolio", "appointment_date", "full_time", "reappointment"))))
    holes: dict[str, None] = dict.fromkeys(unknown)
    return Dossier(replace(full.context, **holes), answers, full.judgements)  # type: ignore[arg-type]


def _less_known(answers: Answers, path: AnswerPath, how: str) -> Answers:
    value = answers.value(path)
    match how:
        case "does not know":
            return answers.put(path, Answer(AnswerState.DOES_NOT_KNOW))
        case "oral":
            return answers.put(path, Answer(AnswerState.ORAL))
        case "less exact" if isinstance(value, PartialDate):
            return answers.put(path, answered(PartialDate(value.year, value.month)))
        case _:
            return answers.clear(path)


@dataclass(frozen=True)
class Renaming:
    """New ids for items, per group."""

    ids: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def item(self, group: str | None, item: str | None) -> str | None:
        return None if group is None or item is None else self.ids.get((group, item), item)

    def answers(self, answers: Answers) -> Answers:
        return Answers(
            {AnswerPath(path.question, self.item(path.group, path.item)): answer for path, answer in answers},
            {group: tuple(self.ids.get((group, one), one) for one in ids) for group, ids in answers.item_ids.items()},
        )

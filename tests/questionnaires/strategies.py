"""Random answers to the small questionnaire: every kind, every state, open and closed lists."""

from decimal import Decimal

from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.questionnaires import limits
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.kinds import Choice, Choices, Date, Group, MoneyBand, Number, Question, Text
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.model import Questionnaire

texts = st.text(min_size=1, max_size=60).map(limits.clean).filter(bool)
whole_dates = st.dates().map(PartialDate.of)
dates = st.one_of(
    whole_dates,
    st.builds(PartialDate, st.integers(1900, 2100), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1900, 2100)),
)
percentages = st.decimals(0, 100, places=2, allow_nan=False).map(lambda number: number.quantize(Decimal("0.01")))


def values(question: Question) -> st.SearchStrategy[Value]:
    """Every value a question can hold."""
    match question:
        case Choice() | MoneyBand():
            return st.sampled_from([option.id for option in question.options])
        case Choices():
            others = [option.id for option in question.options if option.id != "none"]
            some = st.sets(st.sampled_from(others), min_size=1)
            return st.one_of(st.just(("none",)), some.map(lambda chosen: tuple(one for one in others if one in chosen)))
        case Text():
            return texts.map(lambda text: " ".join(text.split())) if question.kind == "text" else texts
        case Number():
            return st.integers(question.minimum, question.maximum)
        case Date():
            return whole_dates if question.precision == "day" else dates
        case PartyQuestion():
            relations = st.sampled_from([option.id for option in question.options])
            return st.builds(Party, relations, st.one_of(st.just(""), texts))
        case Group():
            return st.sampled_from(["no", "yes", "complete"])
        case _:
            return percentages if question.kind == "percentage" else st.sampled_from(["yes", "no"])


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    """Draw answers that a person could have given, to any part of the questions."""
    found = Answers()
    for question in questionnaire.questions.values():
        if isinstance(question, Group):
            for added in draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)):
                found = found.add_item(question.id, added)
        items: list[str | None] = [None] if question.group is None else [*found.items(question.group)]
        for item_id in items:
            answer = draw(_kept(questionnaire, question))
            if answer is not None:
                found = found.put(AnswerPath(question.id, item_id), answer)
    return found


_strategies: dict[tuple[str, str], st.SearchStrategy[Answer | None]] = {}


def _kept(questionnaire: Questionnaire, question: Question) -> st.SearchStrategy[Answer | None]:
    """Make the strategy of a question once: making it costs far more than drawing from it."""
    key = (questionnaire.digest, question.id)
    if key not in _strategies:
        _strategies[key] = st.none() | _answer(question)
    return _strategies[key]


def _answer(question: Question) -> st.SearchStrategy[Answer]:
    notes = st.one_of(st.just(""), texts)
    states = st.builds(Answer, st.sampled_from([AnswerState.DOES_NOT_KNOW, AnswerState.ORAL]), st.none(), notes)
    return st.one_of(st.builds(answered, values(question), notes), states)

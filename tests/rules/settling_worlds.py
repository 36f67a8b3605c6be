"""A questionnaire so small that every way of answering it can be tried, and any rule that can be written about it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from app.conditions.facts import Value
from app.conditions.tree import All, Any, Count, Node, Not, Test, walk
from app.questionnaires.answers import COMPLETE, NONE, OPEN_LIST, AnswerPath, Answers, answered
from app.questionnaires.context import CaseContext
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import survey
from app.questionnaires.supposing import Supposed
from app.questionnaires.vocabulary import vocabulary_of
from app.risk_rules.assess import Assessment, FlagKey, RuleOutcome, assess
from app.risk_rules.rulebook import Frame, Judgement, Outcome, Rule, RuleBook, RuleKind, Severity
from tests.questionnaires.small import a_context, load_text

QUESTIONS = """\
id: tiny
version: 1
title: Een heel kleine vragenlijst
defaults: {scope: W, source: [candidate], readers: [principal], retention: answers, openness: confidential, openness_ground: art. 5.1, basis: [{practice: C1}]}
sections:
  - id: one
    theme: C1
    title: Eén
    questions:
      - {id: first, kind: yes_no, label: De eerste?, why: Voor de proef., used_by: [dossier]}
      - {id: second, kind: choice, label: De tweede?, options: [{id: red, label: Rood}, {id: blue, label: Blauw}, {id: green, label: Groen}], why: Voor de proef., used_by: [dossier]}
      - {id: third, kind: yes_no, label: De derde?, why: Voor de proef., used_by: [dossier], relevant_when: {answer: first, is: yes}}
      - {id: hours, kind: number, label: Hoeveel?, why: Voor de proef., used_by: [dossier], maximum: 4, relevant_when: {any: [{answer: third, is: no}, {answer: second, is: red}]}}
      - id: things
        kind: group
        label: Heeft u dingen?
        why: Voor de proef.
        item_title: Een ding
        item_noun: ding
        questions:
          - {id: big, kind: yes_no, label: Groot?, why: Voor de proef., used_by: [dossier]}
          - {id: kind, kind: choice, label: Wat?, relevant_when: {answer: things.big, is: yes}, options: [{id: red, label: Rood}, {id: blue, label: Blauw}], why: Voor de proef., used_by: [dossier]}
          - {id: ours, kind: yes_no, label: Van ons?, why: Voor de proef., used_by: [dossier], relevant_when: {answer: second, is: blue}}
"""

TOP: dict[str, tuple[Value, ...]] = {
    "first": ("yes", "no"),
    "second": ("red", "blue", "green"),
    "third": ("yes", "no"),
    "hours": (0, 1, 2, 3, 4),
    "context.full_time": ("yes", "no"),
}
FIELDS: dict[str, tuple[Value, ...]] = {"big": ("yes", "no"), "kind": ("red", "blue"), "ours": ("yes", "no")}
ITEMS = [dict(zip(FIELDS, values, strict=True)) for values in product(*FIELDS.values())]


@cache
def questionnaire() -> Questionnaire:
    with TemporaryDirectory() as folder:
        return load_text(Path(folder), QUESTIONS)


def _test(subject: str) -> st.SearchStrategy[Node]:
    match subject:
        case "hours":
            bound = st.integers(0, 4).map(Decimal)
            return st.builds(Test, st.just(subject), st.sampled_from(("at_least", "less_than")), bound)
        case "second" | "things.kind":
            options = ("red", "blue", "green") if subject == "second" else ("red", "blue")
            one = st.builds(Test, st.just(subject), st.just("is"), st.sampled_from(options))
            return one | st.builds(Test, st.just(subject), st.just("is_any_of"), st.just(("red", "blue")))
        case _:
            return st.builds(Test, st.just(subject), st.just("is"), st.sampled_from(("yes", "no")))


def _trees(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return several.map(All) | several.map(Any) | parts.map(Not)

    return st.recursive(leaves, joined, max_leaves=4)


def nodes(group: str | None) -> st.SearchStrategy[Node]:
    """Any condition about the whole case, or about one thing of a list."""
    subjects = [_test(one) for one in (*TOP, "things")]
    fields = [_test(f"things.{name}") for name in FIELDS]
    if group is not None:
        return _trees(st.one_of(*fields, *subjects))
    where = _trees(st.one_of(*fields))
    counts = st.sampled_from(((1, None), (None, 0), (2, None), (None, 1)))
    counted = st.builds(lambda part, by: Count("things", part, *by), where, counts)
    return _trees(st.one_of(*subjects, counted)).filter(_counts_two_at_most)


def _counts_two_at_most(node: Node) -> bool:
    """Two things more are then enough to bring out every outcome."""
    counts = [one for one in walk(node) if isinstance(one, Count)]
    return sum(one.at_least or 0 if one.at_most is None else one.at_most + 1 for one in counts) <= 2


def a_book(when: Node, group: str | None, kind: RuleKind = RuleKind.ATTENTION) -> RuleBook:
    """A rulebook of one rule."""
    rule = Rule(
        id="TST-01", title="t", subject="s", severity=Severity.ATTENTION, frame=Frame.PRACTICE, kind=kind,
        tiers=("municipality",), basis=(), when=when, flag="f", ask="a", council="c", for_each=group,
    )  # fmt: skip
    return RuleBook((rule,), {}, {}, {}, vocabulary_of(questionnaire()))


def a_case(answers: Answers, context: CaseContext | None = None) -> Supposed:
    context = context or a_context(as_of=date(2026, 11, 23))
    return Supposed(questionnaire(), answers, context, survey(questionnaire(), answers, context))


@st.composite
def cases(draw: st.DrawFn) -> Supposed:
    """Some questions answered, some not; at most one thing listed, the list finished or not."""
    answers = Answers()
    for name in ("first", "second", "third", "hours"):
        if (value := draw(st.sampled_from((None, None, *TOP[name])))) is not None:
            answers = answers.put(AnswerPath(name), answered(value))
    said = draw(st.sampled_from((None, NONE, OPEN_LIST, COMPLETE)))
    if said in {OPEN_LIST, COMPLETE}:
        answers = answers.add_item("things", "t1")
        for name, values in FIELDS.items():
            if (value := draw(st.sampled_from((None, *values)))) is not None:
                answers = answers.put(AnswerPath(f"things.{name}", "t1"), answered(value))
    if said is not None:
        answers = answers.put(AnswerPath("things"), answered(said))
    return a_case(answers, a_context(full_time=draw(st.sampled_from((None, "yes", "no")))))


def weighed(book: RuleBook, case: Supposed, *judgements: Judgement) -> Assessment:
    return assess(book, case.facts, judgements)


def outcomes(book: RuleBook, case: Supposed, *judgements: Judgement) -> tuple[RuleOutcome, ...]:
    return weighed(book, case, *judgements).outcomes


def said(book: RuleBook, case: Supposed) -> dict[FlagKey, Outcome]:
    """What fired, and how certain it is."""
    return {flag.flag_key: flag.outcome for flag in weighed(book, case).flags}


def open_paths(case: Supposed) -> list[str]:
    """Everything that is open in a case, whether it is asked yet or not; a list that may grow is one thing."""
    found = [] if "full_time" in case.facts.context else ["context.full_time"]
    found += [name for name in TOP if "." not in name and case.answers.get(AnswerPath(name)) is None]
    if case.facts.group("things").may_grow:
        found.append("things")
    for item in case.answers.items("things"):
        found += [
            f"things[{item}].{name}" for name in FIELDS if case.answers.get(AnswerPath(f"things.{name}", item)) is None
        ]
    return found


def every_answer(case: Supposed, paths: Collection[str]) -> Iterator[Supposed]:
    """Answer these questions in every way there is; of a list up to two things more, with all there is to say of each."""
    plain = [path for path in paths if path != "things"]
    lists: list[list[dict[str, Value]] | None] = [None]
    if "things" in paths:
        most = combinations_of_items()
        lists = [some for some in most if some or case.answers.items("things") or not case.said_to_have("things")]
    for added in lists:
        for values in product(*(_values(path) for path in plain)):
            yield _answered(case, dict(zip(plain, values, strict=True)), added)


@cache
def _item_lists() -> tuple[tuple[dict[str, Value], ...], ...]:
    return tuple(chain.from_iterable(combinations(ITEMS, size) for size in (0, 1, 2)))


def combinations_of_items() -> list[list[dict[str, Value]] | None]:
    return [list(some) for some in _item_lists()]


def _values(path: str) -> tuple[Value, ...]:
    return TOP[path] if path in TOP else FIELDS[path.rpartition(".")[2]]


def _answered(case: Supposed, given: dict[str, Value], added: Iterable[dict[str, Value]] | None) -> Supposed:
    answers, context = case.answers, case.context
    if added is not None:
        for number, fields in enumerate(added):
            answers = answers.add_item("things", f"x{number}")
            answers = answers.put_all(
                (AnswerPath(f"things.{name}", f"x{number}"), answered(value)) for name, value in fields.items()
            )
        said = COMPLETE if answers.items("things") else NONE
        answers = answers.put(AnswerPath("things"), answered(said))
    for path, value in given.items():
        if path == "context.full_time":
            context = replace(context, full_time=value)  # type: ignore[arg-type] # yes or no
        else:
            answers = answers.put(AnswerPath.parse(path), answered(value))
    return a_case(answers, context)


def still_possible(book: RuleBook, case: Supposed, before: Supposed, flag: RuleOutcome) -> bool:
    """Tell whether a flag is still possible; one about things that may be added lives on in those that were."""
    old = {item.id for item in before.facts.group("things").listed}
    for now in outcomes(book, case):
        same = now.item == flag.item if not flag.further else now.item not in old
        if same and now.outcome is Outcome.POSSIBLE:
            return True
    return False

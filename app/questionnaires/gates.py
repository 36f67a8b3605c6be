"""Relevance conditions as plain Python functions, made once for each questionnaire.

`relevance` works out what is asked after every single answer, so it only wants the truth; the few conditions that are
still open are weighed again with reasons. A property test holds these functions against the explaining evaluator.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from app.conditions.compiling import Emitter, Pair, Scope, build, indented
from app.conditions.facts import Facts, Reading
from app.questionnaires.model import Questionnaire
from app.questionnaires.vocabulary import vocabulary_of

Gate: TypeAlias = Callable[[Facts], int]
ItemGate: TypeAlias = Callable[[Facts, Mapping[str, Reading]], int]


@dataclass(frozen=True, slots=True)
class Gates:
    """A function for every question with a condition, by full id: 0 is no, 1 not settled, 2 yes.

    `top` reads the facts; `items` also the readings of the item in hand; `further` what is known of an item that may
    still be added. All expect the facts to hold everything the condition depends on.
    """

    top: Mapping[str, Gate]
    items: Mapping[str, ItemGate]
    further: Mapping[str, ItemGate]


_made: dict[str, Gates] = {}


def gates_of(questionnaire: Questionnaire) -> Gates:
    """Give the functions of a questionnaire; equal questionnaires share them."""
    found = _made.get(questionnaire.digest)
    if found is None:
        found = _made[questionnaire.digest] = _make(questionnaire)
    return found


def _make(questionnaire: Questionnaire) -> Gates:
    emitter = Emitter(vocabulary_of(questionnaire))
    source: list[str] = []
    names: dict[str, dict[str, str]] = {"top": {}, "items": {}, "further": {}}
    for number, question in enumerate(questionnaire.questions.values()):
        if question.relevant_when is None:
            continue
        scope = Scope(emitter.vocabulary, question.group)
        pair = emitter.pair(question.relevant_when, scope)
        if question.group is None:
            names["top"][question.id] = f"top_{number}"
            source += _function(f"top_{number}(facts)", scope.prologue(), pair)
            continue
        names["items"][question.id] = f"item_{number}"
        source += _function(f"item_{number}(facts, R)", [*scope.prologue(), *scope.item_setup()], pair)
        names["further"][question.id] = f"further_{number}"
        setup = ["get = known.get", *scope.prologue(), *scope.further_setup()]
        source += _function(f"further_{number}(facts, known)", setup, pair)
    made = build("\n".join([*emitter.functions, *source]), emitter.constants)
    found = {
        kind: {question: cast("Any", made[name]) for question, name in named.items()} for kind, named in names.items()
    }
    return Gates(**found)


def _function(signature: str, setup: list[str], pair: Pair) -> Iterator[str]:
    yield f"def {signature}:"
    yield from indented([*setup, f"if {pair.certain}:", "    return 2", f"return 1 if {pair.possible} else 0"], 1)

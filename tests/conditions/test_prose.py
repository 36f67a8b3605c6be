import pytest

from app.conditions.dates import PartialDate
from app.conditions.operators import OPERATORS
from app.conditions.parsing import parse
from app.conditions.prose import Sentence, date_text, describe, listing
from app.conditions.tree import Period, Test
from app.conditions.yaml_source import Source, parse_text
from tests.conditions.worlds import VOCABULARY


def say(text: str) -> Sentence:
    source = Source("rules.yaml")
    node = parse(parse_text(text, source), source)
    assert node is not None, source.problems
    return describe(node, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("{answer: ok, is: yes}", "«Klopt dit?» is ja"),
        ("{not: {answer: ok, is: yes}}", "«Klopt dit?» is niet ja"),
        ("{answer: field, is: housing}", "«Welk terrein?» is “Wonen”"),
        ("{answer: field, is_any_of: [housing, land]}", "«Welk terrein?» is “Wonen” of land"),
        (
            "{answer: ties, includes_any: [subsidy, permit]}",
            "bij «Welke banden?» is gekozen: “Subsidie” of “Vergunning”",
        ),
        ("{answer: pct, at_least: 33.5}", "«Welk deel?» is minstens 33,5%"),
        ("{not: {answer: pct, at_least: 50}}", "«Welk deel?» is minder dan 50%"),
        ("{answer: money, less_than: 5000}", "«Welk bedrag?» is minder dan € 5.000"),
        ("{answer: field, shares_with: context.portfolio}", "«Welk terrein?» komt voor in portefeuille"),
        ("{answer: day, before: 2026-03-12}", "«Welke dag?» ligt vóór 12 maart 2026"),
        (
            "{answer: day, older_than: {months: 3, at: context.appointment_date}}",
            "«Welke dag?» is ouder dan 3 maanden op datum van benoeming",
        ),
        (
            "{answer: day, within: {years: 1, months: 1, after: 2026-03}}",
            "«Welke dag?» ligt in de periode van 1 jaar en 1 maand na maart 2026",
        ),
        ("{answer: who, relation_any_of: [partner]}", "«Wie?» gaat over “Mijn partner”"),
        ("{answer: text, is_given: true}", "«Hoe heet het?» is beantwoord"),
        ("{exists: {in: companies}}", "bij «Heeft u companies?» staan minstens 1"),
        ("{all: [{answer: ok, is: yes}]}", "«Klopt dit?» is ja"),
    ],
)
def test_a_condition_reads_as_dutch(text: str, dutch: str):
    assert str(say(text)) == dutch


def test_a_tree_reads_as_a_list_with_not_at_the_leaves():
    told = say(
        """
        all:
          - {answer: ok, is: yes}
          - not: {all: [{answer: pct, at_least: 50}, {answer: field, is: land}]}
          - count: {in: companies, at_least: 2, at_most: 3, where: {answer: companies.ok, is: yes}}
        """
    )
    assert told.lines() == (
        "al deze punten gelden:",
        "  - «Klopt dit?» is ja",
        "  - ten minste één van deze punten geldt:",
        "    - «Welk deel?» is minder dan 50%",
        "    - «Welk terrein?» is niet land",
        "  - bij «Heeft u companies?» staan minstens 2 en hoogstens 3 waarvoor geldt:",
        "    - «Klopt dit?» is ja",
    )


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_reads_differently_when_denied(name: str):
    operator = OPERATORS[name]
    assert operator.phrase != operator.denied
    assert operator.doc.endswith(".")
    assert name in operator.example


def test_a_sentence_with_parts_can_be_written_on_one_line():
    told = say("{any: [{answer: ok, is: yes}, {answer: hours, more_than: 1250}]}")
    assert str(told) == "ten minste één van deze punten geldt: «Klopt dit?» is ja; «Hoeveel uur?» is meer dan 1.250"


def test_what_has_no_label_is_named_by_its_id():
    assert str(describe(Test("gone", "is", "x"), VOCABULARY)) == "«gone» is x"
    assert str(describe(Test("day", "within", Period("before", PartialDate(2026), days=1)), VOCABULARY)) == (
        "«Welke dag?» ligt in de periode van 1 dag vóór 2026"
    )


def test_words_are_joined_as_a_sentence_joins_them():
    assert (listing([], "en"), listing(["a"], "en"), listing(["a", "b"], "en")) == ("", "a", "a en b")
    assert listing(["a", "b", "c"], "of") == "a, b of c"


def test_a_date_is_written_as_precisely_as_it_is_known():
    written = [date_text(day) for day in (PartialDate(2026, 3, 1), PartialDate(2026, 12), PartialDate(2019))]
    assert written == ["1 maart 2026", "december 2026", "2019"]

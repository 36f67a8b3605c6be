"""Citations: everything that is cited stands in the register, reads as Dutch, and can be found again when a law changes."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import NotAllowed, NotFound
from app.questionnaires.loading import newest
from app.risk_rules.rulebook import Combination, Rule, RuleBook
from app.risk_rules.source_review import bases_of, resting_on, wrong_in_questions
from app.risk_rules.sources import LegalBasis, LegalSource, SourceKind, citation, link, wrong_places
from app.usecases import library

ORDINAL = r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|\w+de|\w+ste)"
LEDEN = rf"{ORDINAL}(?:, {ORDINAL})*(?: en {ORDINAL})? lid"
PLACE = (
    rf"art\. (?:[A-Z] )?\d+(?::\d+)?[a-z]{{0,2}}(?:\.\d+)?(?:, {LEDEN})?(?:, onderdeel [a-z]{{1,2}})?(?:, onder \d+°)?"
)


def book() -> RuleBook:
    return library.rulebook(newest())


def every_basis() -> list[LegalBasis]:
    parts: list[Rule | Combination] = [*book().rules, *book().combinations]
    rules = [basis for part in parts for basis in part.basis]
    return [*rules, *(basis for question in newest().questions.values() for basis in bases_of(question))]


def test_every_basis_reads_as_a_dutch_citation_and_links_to_its_article():
    sources = book().sources
    cited = 0
    for basis in every_basis():
        text, source = citation(basis, sources), sources[basis.source]
        if source.kind is not SourceKind.LAW:
            assert text.startswith(source.law)
            continue
        cited += 1
        assert re.fullmatch(rf"{PLACE}, {re.escape(source.law)}", text), text
        assert link(basis, sources) == f"{source.url}#Artikel{basis.article.replace(' ', '_')}"
        assert source.articles[basis.article]
    assert cited > 500


@pytest.mark.parametrize(
    ("basis", "text"),
    [
        (
            LegalBasis("GW", "15", ("1",), "d", "2"),
            "art. 15, eerste lid, onderdeel d, onder 2°, Gemeentewet",
        ),
        (LegalBasis("GW", "36b", ("2", "3")), "art. 36b, tweede en derde lid, Gemeentewet"),
        (LegalBasis("PW", "79q", ("1", "2", "12")), "art. 79q, eerste, tweede en twaalfde lid, Provinciewet"),
        (LegalBasis("Sr", "28", ("1",), "", "1"), "art. 28, eerste lid, onder 1°, Wetboek van Strafrecht"),
        (LegalBasis("Kieswet", "B 5", ("1",)), "art. B 5, eerste lid, Kieswet"),
        (LegalBasis("Awb", "2:4"), "art. 2:4, Algemene wet bestuursrecht"),
    ],
)
def test_a_citation_in_words(basis: LegalBasis, text: str):
    assert citation(basis, book().sources) == text


def test_a_bill_says_that_it_is_a_proposal_with_number_and_status():
    bill = book().sources["bill_36892"]
    text = citation(LegalBasis("bill_36892"), book().sources)
    assert "(voorstel, Kamerstukken 36892, voor zover bekend aanhangig)" in text
    assert (bill.dossier, bill.status, bill.status_verified) == ("36892", "aanhangig", False)
    law = replace(bill, status="aangenomen door de Tweede Kamer", status_verified=True)
    told = citation(LegalBasis("bill_36892"), {"bill_36892": law})
    assert told.endswith("(voorstel, Kamerstukken 36892, aangenomen door de Tweede Kamer)")


LAW = LegalSource("W", SourceKind.LAW, "Wet", url="https://wetten.example/W", articles={"1": "Eén", "2a": "Twee"})
leden = st.lists(st.integers(1, 20).map(str), max_size=3, unique=True).map(tuple)
letters = st.sampled_from(["", *"abcdefghijklmnopqrstuvwxyz"])


@given(article=st.sampled_from(["1", "2a"]), lid=leden, onderdeel=letters, sub=st.sampled_from(["", *"1234567"]))
def test_every_place_that_can_be_written_reads_as_dutch(article: str, lid: tuple[str, ...], onderdeel: str, sub: str):
    basis = LegalBasis("W", article, lid, onderdeel, sub)
    assert not list(wrong_places(basis, {"W": LAW}))
    assert re.fullmatch(rf"{PLACE}, Wet", citation(basis, {"W": LAW}))


@given(places=st.lists(st.tuples(st.sampled_from(["1", "2a"]), leden, letters), min_size=2, max_size=2, unique=True))
def test_two_places_never_read_the_same(places: list[tuple[str, tuple[str, ...], str]]):
    first, second = (citation(LegalBasis("W", *place), {"W": LAW}) for place in places)
    assert first != second


@pytest.mark.parametrize(
    ("basis", "wrong"),
    [
        (LegalBasis("V", "1"), "unknown source 'V'"),
        (LegalBasis("W"), "a basis in W names its article"),
        (LegalBasis("W", "2b"), "unknown article of W '2b'"),
        (LegalBasis("W", "1", ("eerste",)), "'eerste' is no number of a lid"),
        (LegalBasis("W", "1", ("1",), "3°"), "'3°' is no letter of an onderdeel"),
    ],
)
def test_what_is_not_in_the_register_cannot_be_cited(basis: LegalBasis, wrong: str):
    said = {message: remedy for _, message, remedy in wrong_places(basis, {"W": LAW})}
    assert said[wrong]


def test_a_law_without_articles_cannot_be_cited_by_article():
    bare = LegalSource("W", SourceKind.LAW, "Wet")
    assert [field for field, _, _ in wrong_places(LegalBasis("W", "1"), {"W": bare})] == ["article"]


def test_no_question_cites_a_place_that_is_not_in_the_register():
    assert not list(wrong_in_questions(newest(), book().sources))
    without = {key: source for key, source in book().sources.items() if key != "Kieswet"}
    assert {question.id for question, _, _ in wrong_in_questions(newest(), without)} == {
        question.id for question in newest().questions.values() if any(b.source == "Kieswet" for b in question.basis)
    }


def test_the_register_is_whole():
    for key, source in book().sources.items():
        assert key == source.key
        if source.kind is SourceKind.LAW:
            assert re.fullmatch(r"BWBR\d{7}", source.bwb)
            assert source.url == f"https://wetten.overheid.nl/{source.bwb}/{source.consolidated}"
            assert all(about.strip() and about[0].isupper() for about in source.articles.values())


def test_a_newer_text_touches_everything_that_cites_the_law_and_nothing_else():
    laws = [source for source in book().sources.values() if source.kind is SourceKind.LAW]
    for law in laws:
        assert law.consolidated is not None
        (found,) = resting_on(book(), newest(), {law.key: law.consolidated + timedelta(days=1)})
        cites = {rule.id for rule in book().rules if any(basis.source == law.key for basis in rule.basis)}
        asks = {
            question.id for question in newest().questions.values() if any(b.source == law.key for b in question.basis)
        }
        assert (set(found.rules), set(found.questions)) == (cites, asks)
        assert not resting_on(book(), newest(), {law.key: law.consolidated})


def test_without_a_date_the_whole_register_is_told():
    found = resting_on(book(), newest())
    assert [one.source.key for one in found] == list(book().sources)
    places = [place for one in found for place in one.places]
    assert {rule for place in places for rule in place.rules} >= set(book().by_id)


def test_only_a_known_law_can_get_a_newer_text():
    with pytest.raises(NotFound, match="did you mean 'GW'"):
        resting_on(book(), newest(), {"GWW": date(2027, 1, 1)})
    with pytest.raises(NotAllowed):
        resting_on(book(), newest(), {"practice": date(2027, 1, 1)})

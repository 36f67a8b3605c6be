"""Rules and questions for anybody: complete, in words, per kind of authority, under an address that keeps its content."""

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest

from app.questionnaires.context import Tier
from app.usecases.publishing import questions, rules, versions
from app.usecases.publishing.records import (
    PublishedQuestionFile,
    PublishedQuestions,
    PublishedRuleFile,
    PublishedRules,
    changed_parts,
    in_words_of,
    named,
)
from app.web.public.words import (
    AUTHORITIES,
    GROUNDS,
    KINDS,
    OPENNESS,
    PARTS,
    QUESTION_KINDS,
    RESPONDENTS,
    SCOPES,
    SEVERITIES,
)
from tests.web.conftest import House

LATER = date(2027, 1, 15)


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register of this test alone, with an older version of a rule and of a question, and of a rule that is gone."""
    path = tmp_path / "published.jsonl"
    now, asked = rules.rules()["COM-01"], questions.questions()["companies.form"]
    old = named(
        now.model_copy(update={"flag": None, "when_certain": "Zo stond het er eerst.", "severity": 2}, deep=True)
    )
    gone = named(now.model_copy(update={"id": "COM-99", "title": "Regel die er niet meer is"}))
    older = named(asked.model_copy(update={"label": "Zo vroegen wij het eerst?"}))
    lines = [
        {"kind": kind, "release": "0.0.1", "day": "2026-01-02", "record": json.loads(record.model_dump_json())}
        for kind, record in (("rule", old), ("rule", gone), ("question", older))
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    versions.publish(LATER, path, "0.0.2")
    monkeypatch.setattr(versions, "register", lambda: versions.read_register(path))
    return path


def shown(house: House, path: str, status: int = 200) -> str:
    answer = house.get("", path)
    assert answer.status_code == status, path
    return html.unescape(answer.text)


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_every_rule_and_question_of_an_authority_is_listed_and_opens(house: House, slug: str) -> None:
    tier = AUTHORITIES[slug]
    for start, known in (("/regels", rules.rules()), ("/vragen", questions.questions())):
        listed = shown(house, f"{start}?voor={slug}")
        there = [one.id for one in known.values() if tier.value in one.authorities]
        assert there
        links = rf'href="{start}/(?!vergelijk|eigen)([^"?.]+(?:\.[a-z_]+)?)(?:\?voor=[a-z-]+)?">'
        assert re.findall(links, listed) == there
        for name in there[:: max(1, len(there) // 6)]:
            assert "{" not in re.sub(
                r"<head>.*?</head>", "", shown(house, f"{start}/{name}?voor={slug}"), flags=re.DOTALL
            )


def test_a_rule_says_everything_about_itself(house: House) -> None:
    page = shown(house, "/regels/COM-01")
    for words in (
        "Onderneming op het eigen beleidsterrein", "Maatregel nodig vóór de benoeming", "Wanneer geeft de regel een signaal?",
        "al deze punten gelden", "art. 28, eerste lid, onderdeel a, Gemeentewet", "https://wetten.overheid.nl/", "onze uitleg",
        "Een werkend bedrijf binnen de portefeuille", "Volgt uit de antwoorden", "Bureau Noord", "R09", "Lichter:",
        f"/regels/COM-01/v/{rules.rules()['COM-01'].version}", "/vragen/companies.form",
    ):  # fmt: skip
        assert words in page, words


def test_a_reader_sees_the_article_of_their_own_law(house: House) -> None:
    page = shown(house, "/regels/COM-01?voor=waterschap")
    assert "art. 38a, eerste lid, onderdeel a, Waterschapswet" in page
    assert "Gemeentewet" not in page


def test_a_rule_that_does_not_exist_somewhere_is_shown_where_it_does(house: House) -> None:
    one = next(rule for rule in rules.rules().values() if rule.authorities == ("water_board",))
    assert "Waterschap" in shown(house, f"/regels/{one.id}?voor=gemeente")


def test_what_rests_on_a_bill_says_that_it_is_no_law(house: House) -> None:
    for one in [rule for rule in rules.rules().values() if rule.ground == "bill_36892"]:
        page = shown(house, f"/regels/{one.id}")
        assert "Dit is een voorstel, nog geen wet" in page
        assert "36892" in page
        assert "niet nagegaan in een eerste bron" in page
    assert "nog geen wet" in shown(house, "/regels?grond=wetsvoorstel")


def test_no_other_rule_is_called_a_proposal(house: House) -> None:
    assert "Dit is een voorstel, nog geen wet" not in shown(house, "/regels/COM-01")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("onderwerp=companies", {"subject": "companies"}),
        ("zwaarte=4", {"severity": 4}),
        ("grond=praktijk", {"ground": "practice"}),
        ("onderwerp=companies&zwaarte=3", {"subject": "companies", "severity": 3}),
    ],
)
def test_rules_can_be_sought_without_script(house: House, query: str, wanted: dict[str, object]) -> None:
    found = re.findall(r'href="/regels/([A-Z]+-\d+)"', shown(house, f"/regels?{query}"))
    there = [one for one in rules.rules().values() if "municipality" in one.authorities]
    assert 0 < len(found) < len(there)
    assert found == [one.id for one in there if wanted.items() <= one.model_dump().items()]


def test_words_are_found_whatever_their_capitals_and_order(house: House) -> None:
    one = re.findall(r'href="/regels/([A-Z]+-\d+)"', shown(house, "/regels?q=BELEIDSTERREIN+onderneming"))
    assert "COM-01" in one
    assert "Niets gevonden" in shown(house, "/regels?q=olifantenpaadje")
    assert "Niets gevonden" in shown(house, "/regels?grond=bestaat-niet")


def test_what_somebody_seeks_is_only_text(house: House) -> None:
    page = house.get("", "/regels?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_json_holds_the_same_rules(house: House) -> None:
    for slug, tier in AUTHORITIES.items():
        told = PublishedRules.model_validate_json(house.get("", f"/regels.json?voor={slug}").content)
        assert told.authority == tier.value
        assert [one.id for one in told.rules] == [
            one.id for one in rules.rules().values() if tier.value in one.authorities
        ]
        asked = PublishedQuestions.model_validate_json(house.get("", f"/vragen.json?voor={slug}").content)
        assert [one.id for one in asked.questions] == [
            one.id for one in questions.questions().values() if tier.value in one.authorities
        ]
    one = PublishedRuleFile.model_validate_json(house.get("", "/regels/COM-01.json").content)
    assert one.current
    assert len(one.rule.examples) > 3
    other = PublishedQuestionFile.model_validate_json(house.get("", "/vragen/companies.form.json").content)
    assert "COM-01" in other.question.read_by


@pytest.mark.parametrize(
    "path",
    ["/regels/NEE-01", "/regels/NEE-01.json", "/vragen/bestaat_niet", "/vragen/bestaat_niet.json",
     "/regels/COM-01/v/000000000000", "/vragen/companies.form/v/000000000000", "/regels/COM-01.json?versie=000000000000"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(house: House, path: str) -> None:
    shown(house, path, 404)


def test_no_sign_in_is_asked_and_no_cookie_set(house: House) -> None:
    for path in ("/regels", "/regels/COM-01", "/regels.json", "/vragen", "/vragen/companies.form", "/vragen.json"):
        assert "set-cookie" not in house.get("", path).headers


def test_a_permanent_link_shows_the_version_of_now(house: House) -> None:
    version = rules.rules()["COM-01"].version
    page = shown(house, f"/regels/COM-01/v/{version}")
    assert "Dit is een oude versie" not in page
    assert f"versie {version}" in page


@pytest.mark.usefixtures("register")
def test_an_old_link_keeps_its_content_and_says_what_changed(house: House) -> None:
    old = versions.register().rules["COM-01"][0].record
    page = shown(house, f"/regels/COM-01/v/{old.version}")
    assert "Dit is een oude versie" in page
    assert "Zo stond het er eerst." in page
    assert "Lees hoe de regel nu is" in page
    assert "Gewijzigd: de zwaarte en de tekst van het signaal" in page
    assert "15 januari 2027, Toetssteen 0.0.2" in page
    assert "Zo stond het er eerst." not in shown(house, "/regels/COM-01")
    told = PublishedRuleFile.model_validate_json(house.get("", f"/regels/COM-01.json?versie={old.version}").content)
    assert not told.current
    assert [one.changed for one in told.history] == [("severity", "when_certain"), ()]


@pytest.mark.usefixtures("register")
def test_an_old_link_to_a_question_and_to_a_rule_that_is_gone_still_work(house: House) -> None:
    old = versions.register().questions["companies.form"][0].record
    page = shown(house, f"/vragen/companies.form/v/{old.version}")
    assert "Zo vroegen wij het eerst?" in page
    assert "Gewijzigd: de vraag" in page
    gone = versions.register().rules["COM-99"][0].record
    page = shown(house, f"/regels/COM-99/v/{gone.version}")
    assert "De regel bestaat nu niet meer" in page
    shown(house, "/regels/COM-99", 404)


def test_publishing_again_writes_nothing_new_and_a_release_writes_a_rule_once(register: Path) -> None:
    first = register.read_text(encoding="utf-8")
    assert versions.publish(LATER, register, "0.0.2") == ()
    assert register.read_text(encoding="utf-8") == first
    assert versions.publish(LATER, register, "0.0.3") == ()
    assert register.read_text(encoding="utf-8") == first


def test_a_release_names_what_changed(register: Path) -> None:
    plain = [json.loads(line) for line in register.read_text(encoding="utf-8").splitlines()]
    mine = next(line for line in plain if line["release"] == "0.0.2" and line["record"]["id"] == "INC-01")
    mine["record"]["title"], mine["record"]["version"] = "Andere titel", "abcabcabcabc"
    register.write_text("".join(json.dumps(line) + "\n" for line in plain), encoding="utf-8")
    # Not out yet: the line is replaced. Out already: it stays, with the new one below it.
    assert versions.publish(LATER, register, "0.0.2") == ("INC-01",)
    assert [one.record.title for one in versions.read_register(register).rules["INC-01"]] == [
        rules.rules()["INC-01"].title
    ]
    register.write_text("".join(json.dumps(line) + "\n" for line in plain), encoding="utf-8")
    assert versions.publish(LATER, register, "0.0.3") == ("INC-01",)
    assert [one.release for one in versions.read_register(register).rules["INC-01"]] == ["0.0.2", "0.0.3"]


def test_the_version_of_a_rule_stands_for_its_text_and_not_for_its_examples() -> None:
    rule = rules.rules()["COM-01"]
    with_examples = rules.rule_with_examples("COM-01")
    assert named(with_examples).version == rule.version
    assert named(rule.model_copy(update={"advice": "Iets anders."})).version != rule.version
    assert changed_parts(rule, rule.model_copy(update={"advice": "Iets anders."})) == ("advice",)


@pytest.mark.parametrize("tier", Tier)
def test_no_record_keeps_a_placeholder_in_the_words_of_an_authority(tier: Tier) -> None:
    left = re.compile(r"\{[A-Za-z_.]+\}")
    told = [in_words_of(one, tier).model_dump_json() for one in rules.rules().values()]
    told += [in_words_of(one, tier).model_dump_json() for one in questions.questions().values()]
    assert [found[0] for one in told for found in left.finditer(one)] == []


def test_every_word_of_a_record_has_a_meaning_for_its_reader() -> None:
    for rule in rules.rules().values():
        assert rule.severity in SEVERITIES
        assert rule.kind in KINDS
        assert rule.ground in GROUNDS
        assert set(type(rule).model_fields) - {"id", "version", "examples"} <= set(PARTS)
    for asked in questions.questions().values():
        assert asked.kind in QUESTION_KINDS
        assert asked.scope in SCOPES
        assert asked.openness in OPENNESS
        assert asked.respondent in RESPONDENTS

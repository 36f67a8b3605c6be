"""What a flag cites: the lid, letter and number that fit the facts of the case, and no place that they rule out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.errors import Broken
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import CaseContext, Office, Tier
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.assess import assess, weigh_rule
from app.risk_rules.compiled import read_by
from app.risk_rules.explain import norms, norms_of
from app.risk_rules.grounds import grounds
from app.risk_rules.rulebook import Judgement
from app.risk_rules.testing import example_context, run_examples, run_mutants
from tests.rules.law import APPOINTMENT, questionnaire, rulebook
from tests.rules.small import RULES, a_rulebook
from tests.rules.test_law_acts import NUMBERS, PRIVATE, ROLES
from tests.rules.test_law_incompatible import COLUMN, OWN

ONE_PLACE = "basis: [{source: practice, ref: R09}]"
TWO_PLACES = """basis:
      - {source: practice, ref: R09, when: {answer: companies.distance, is: no}}
      - {source: practice, ref: R11, when: {answer: companies.distance, is: yes}}"""


def cited(answers: Mapping[str, Any], rule: str, item: str, *judgements: Judgement, law: str = "") -> list[str]:
    """What one flag of a candidate wethouder cites, of one law when it is named."""
    context = CaseContext(
        tier=Tier.MUNICIPALITY,
        office=Office.WETHOUDER,
        as_of=APPOINTMENT,
        appointment_date=APPOINTMENT,
        portfolio=("culture",),
    )
    facts = facts_of(questionnaire(), read_answers(questionnaire(), answers), context)
    outcome = assess(rulebook(), facts, judgements).find(rule, item)
    assert outcome is not None
    return [norm.text for norm in norms_of(outcome, rulebook(), facts) if norm.text.startswith(law)]


@pytest.mark.parametrize(("office", "letter"), [(office, letter) for _, office, letter in COLUMN if letter])
def test_a_function_that_ends_in_time_is_cited_under_its_own_letter(office: str, letter: str):
    item = {"id": "o1", "office": office, "own_authority": OWN.get(office, "no"), "ends": "at_acceptance"}
    found = cited({"listed_offices": [{**item, "exception": "none"}]}, "INC-20", "o1")
    if letter == "31 WsW":
        assert found == ["art. 31, tweede lid, onderdeel m, Waterschapswet"]
    elif letter == "47 WsW":
        assert found == ["art. 47, eerste lid, onderdeel n, Waterschapswet"]
    else:
        assert found == [
            f"art. 36b, eerste lid, onderdeel {letter}, Gemeentewet",
            "art. 46, eerste lid, Gemeentewet",
        ]


@pytest.mark.parametrize(("exception", "letter"), [("registrar", "a"), ("volunteer_emergency", "b")])
def test_an_exception_is_cited_under_its_own_letter(exception: str, letter: str):
    answers = {"listed_offices": [{"id": "o1", "office": "own_civil_servant", "exception": exception}]}
    assert cited(answers, "INC-22", "o1") == [f"art. 36b, derde lid, onderdeel {letter}, Gemeentewet"]


@pytest.mark.parametrize(("kind", "number"), NUMBERS.items())
@pytest.mark.parametrize(
    ("via", "status", "rule"),
    [("self", "running", ""), ("company", "planned", "ACT-14"), ("partner", "planned", "ACT-15")],
)
def test_an_agreement_is_cited_under_its_own_number(kind: str, number: str, via: str, status: str, rule: str):
    item = {"id": "d1", "kind": kind, "via": via, "status": status, "exemption": "none"}
    if kind in PRIVATE:
        item["private_treaty"] = "yes"
    rule = rule or ("ACT-13" if kind in PRIVATE else "ACT-12")
    found = cited({"dealings": [item]}, rule, "d1", law="art. 15, eerste lid")
    assert found == [f"art. 15, eerste lid, onderdeel d, onder {number}°, Gemeentewet"]


@pytest.mark.parametrize(("title", "number"), [("owned", "6"), ("rented", "7"), ("leased", "7")])
@pytest.mark.parametrize(("status", "rule"), [("planned", "ACT-22"), ("running", "ACT-23")])
def test_a_purchase_and_a_lease_are_cited_apart(title: str, number: str, status: str, rule: str):
    item = {"id": "e1", "title": title, "from_authority": "private_treaty", "from_authority_status": status}
    found = cited({"real_estate": [item], "dealings": "no"}, rule, "e1", law="art. 15, eerste lid")
    assert found == [f"art. 15, eerste lid, onderdeel d, onder {number}°, Gemeentewet"]


@pytest.mark.parametrize(("role", "onderdeel", "number"), ROLES)
def test_acting_for_others_that_stops_is_cited_under_its_own_letter(
    role: Mapping[str, str], onderdeel: str, number: str
):
    item = {"id": "r1", **role, "ends_before_appointment": "yes", "ends_on": APPOINTMENT.isoformat()}
    found = cited({"represents": [item]}, "ACT-29", "r1", law="art. 15")
    assert found == [f"art. 15, eerste lid, onderdeel {onderdeel}, {f'onder {number}°, ' if number else ''}Gemeentewet"]


def test_while_it_is_open_the_places_that_are_not_ruled_out_are_cited():
    lease_or_purchase = {"dealings": [{"id": "d1", "via": "self", "status": "running"}]}
    assert cited(lease_or_purchase, "ACT-13", "d1", law="art. 15") == [
        "art. 15, eerste lid, onderdeel d, onder 6°, Gemeentewet",
        "art. 15, eerste lid, onderdeel d, onder 7°, Gemeentewet",
    ]


def test_many_open_places_are_cited_by_what_they_share():
    running = {"dealings": [{"id": "d1", "via": "self", "status": "running"}]}
    assert cited(running, "ACT-12", "d1", law="art. 15") == ["art. 15, eerste lid, onderdeel d, Gemeentewet"]
    ends = {"listed_offices": [{"id": "o1", "ends": "at_acceptance"}]}
    assert cited(ends, "INC-20", "o1", law="art. 36b") == ["art. 36b, eerste lid, Gemeentewet"]


def test_a_rule_that_did_not_hold_was_held_against_all_its_places():
    ended = {"dealings": [{"id": "d1", "kind": "paid_services", "via": "self", "status": "ended"}]}
    assert cited(ended, "ACT-12", "d1", law="art. 15") == ["art. 15, eerste lid, onderdeel d, Gemeentewet"]


def test_a_list_of_rules_shows_every_place_with_its_condition():
    found = norms(rulebook().rule("INC-22"), rulebook(), "municipality")
    assert [norm.text for norm in found] == [
        "art. 36b, derde lid, onderdeel a, Gemeentewet",
        "art. 36b, derde lid, onderdeel b, Gemeentewet",
    ]
    assert all(norm.when.startswith("«Geldt voor u een van deze uitzonderingen?» is ") for norm in found)


def test_a_flag_that_is_certain_always_cites_a_place():
    for rule in rulebook().rules:
        for example in rule.examples:
            context = example_context(rule, example.context)
            facts = facts_of(questionnaire(), read_answers(questionnaire(), example.answers), context)
            judged = {(one.rule, one.item): one.applies for one in example.judgements}
            for outcome in weigh_rule(rule, facts, judged):
                assert grounds(outcome, facts, context.tier), f"{rule.id}: {example.why}"


def test_a_condition_of_the_basis_is_checked_like_any_other(tmp_path: Path, small: Questionnaire):
    assert RULES.count(ONE_PLACE) == 1
    unknown = RULES.replace(ONE_PLACE, TWO_PLACES.replace("companies.distance, is: no", "companies.distanse, is: no"))
    with pytest.raises(Broken) as broken:
        a_rulebook(tmp_path, small, unknown)
    assert any("companies.distanse" in str(one) and "companies.distance" in one.remedy for one in broken.value.problems)


def test_an_example_can_only_expect_a_place_that_has_a_condition(tmp_path: Path, small: Questionnaire):
    rules = RULES.replace(ONE_PLACE, TWO_PLACES).replace(
        "expect: certain, severity: 3}", "expect: certain, basis: [practice R12]}"
    )
    with pytest.raises(Broken) as broken:
        a_rulebook(tmp_path, small, rules)
    assert any("unknown place with a condition 'practice R12'" in str(one) for one in broken.value.problems)


def test_a_place_that_is_cited_wrongly_is_noticed_by_the_examples(tmp_path: Path, small: Questionnaire):
    rules = RULES.replace(ONE_PLACE, TWO_PLACES)
    book = a_rulebook(tmp_path, small, rules)
    assert "companies.distance" in read_by(book.rule("COM-01"))
    alive = {one.mistake for one in run_mutants(book, small) if not one.killed}
    assert alive == {f"{said} citing practice {ref}" for said in ("always", "never") for ref in ("R09", "R11")}
    pinned = rules.replace("expect: certain, severity: 3}", "expect: certain, severity: 3, basis: [practice R09]}")
    pinned = pinned.replace("expect: certain, severity: 1}", "expect: certain, severity: 1, basis: [practice R11]}")
    book = a_rulebook(tmp_path, small, pinned)
    assert [str(one) for one in run_examples(book, small) if not one.ok] == []
    assert [str(one) for one in run_mutants(book, small) if not one.killed] == []
    wrong = a_rulebook(tmp_path, small, pinned.replace("[practice R11]", "[practice R09]"))
    [trouble] = [one.trouble for one in run_examples(wrong, small) if not one.ok]
    assert trouble == "expected the basis practice R09, got practice R11"

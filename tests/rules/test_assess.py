from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.conditions.checking import FieldType
from app.conditions.dates import PartialDate
from app.conditions.facts import Facts, Party, Value
from app.conditions.kleene import Evidence
from app.conditions.operators import Kind
from app.conditions.tree import Test
from app.questionnaires.context import LegalFrame, Office, Tier
from app.questionnaires.model import Questionnaire
from app.risk_rules.assess import Assessment, Digests, RuleOutcome, assess
from app.risk_rules.compiled import compile_rulebook, index
from app.risk_rules.explain import flag_text, norms, open_question, quote, rule_prose, value_text
from app.risk_rules.rulebook import Judgement, Outcome, RuleBook
from app.risk_rules.sources import LegalBasis, citation, link
from tests.rules.small import some_facts

TWO = """
resident: yes
companies:
  - {id: co1, name: Bakker BV, policy_field: housing, share_pct: 60, distance: no, value: gt_100000}
  - {id: co2, name: Molen BV, policy_field: none, share_pct: 2}
"""


def outcomes(assessment: Assessment) -> dict[tuple[str, str | None], Outcome]:
    return {one.flag_key: one.outcome for one in assessment.outcomes}


def test_a_rule_speaks_about_every_item_apart(rulebook: RuleBook, small: Questionnaire):
    found = assess(rulebook, some_facts(small, TWO, portfolio=("housing",)))
    assert outcomes(found) == {
        ("OFF-01", None): Outcome.NONE,
        ("COM-01", "co1"): Outcome.CERTAIN,
        ("COM-01", "co2"): Outcome.NONE,
        ("COM-02", "co1"): Outcome.POSSIBLE,
        ("COM-02", "co2"): Outcome.NONE,
    }
    assert [flag.flag_key for flag in found.flags] == [("COM-01", "co1"), ("COM-02", "co1")]
    assert {one.flag_key for one in found.not_fired} == set(outcomes(found)) - {("COM-01", "co1"), ("COM-02", "co1")}
    reasons = found.find("COM-01", "co1")
    assert reasons is not None
    assert [(one.path, one.value) for one in reasons.because] == [
        ("companies[co1].policy_field", "housing"),
        ("context.portfolio", ("housing",)),
    ]


def test_circumstances_change_the_weight_only_when_they_are_certain(rulebook: RuleBook, small: Questionnaire):
    certain = assess(rulebook, some_facts(small, TWO, portfolio=("housing",))).find("COM-01", "co1")
    assert certain is not None
    assert (certain.severity, [one.certain for one in certain.adjustments]) == (3, [True])
    blank = "{companies: [{id: co1, policy_field: housing}]}"
    open_one = assess(rulebook, some_facts(small, blank, portfolio=("housing",))).find("COM-01", "co1")
    assert open_one is not None
    assert (open_one.severity, [one.certain for one in open_one.adjustments]) == (2, [False, False])
    assert open_one.adjustments[0].missing == ("companies[co1].share_pct",)


def test_an_open_norm_waits_for_a_reviewer_and_takes_their_word(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, TWO)
    waiting = assess(rulebook, facts).find("COM-02", "co1")
    assert waiting is not None
    assert waiting.awaiting_judgement
    assert waiting.missing == ("judgement(COM-02[co1])",)
    assert flag_text(waiting, facts) == "Raakt Bakker BV het ambt van wethouder?"
    applies = assess(rulebook, facts, [Judgement("COM-02", "co1", applies=True)]).find("COM-02", "co1")
    assert applies is not None
    assert (applies.outcome, applies.awaiting_judgement) == (Outcome.CERTAIN, False)
    assert [one.path for one in applies.because] == ["companies[co1].share_pct", "judgement(COM-02[co1])"]
    assert quote(applies.because[1], rulebook, facts).answer == "de norm is van toepassing"
    refused = assess(rulebook, facts, [Judgement("COM-02", "co1", applies=False)]).find("COM-02", "co1")
    assert refused is not None
    assert refused.outcome is Outcome.NONE


def test_a_judgement_never_makes_a_norm_apply_to_other_facts(rulebook: RuleBook, small: Questionnaire):
    found = assess(rulebook, some_facts(small, TWO), [Judgement("COM-02", "co2", applies=True)])
    assert outcomes(found)["COM-02", "co2"] is Outcome.NONE


def test_an_unfinished_list_may_still_hold_a_risk(rulebook: RuleBook, small: Questionnaire):
    started = some_facts(small, "{companies: {items: [{id: co1, policy_field: none, share_pct: 1}], complete: false}}")
    further = assess(rulebook, started).find("COM-01")
    assert further is not None
    assert (further.outcome, further.further) == (Outcome.POSSIBLE, True)
    assert further.missing == ("companies", "context.portfolio")
    assert flag_text(further, started, rulebook.vocabulary) == "Werkt een onderneming op uw terrein?"
    for answers in ("{companies: no}", "{companies: []}"):
        none = assess(rulebook, some_facts(small, answers)).find("COM-01")
        assert none is not None
        assert (none.outcome, none.further) == (Outcome.NONE, False)
        assert [(one.path, one.value) for one in none.because] == [("companies", "no")]


def test_rules_exist_for_a_tier_a_frame_and_a_day(rulebook: RuleBook, small: Questionnaire):
    def rules(**context: object) -> set[str]:
        return {one.rule.id for one in assess(rulebook, some_facts(small, "{}", **context)).outcomes}

    assert rules() == {"OFF-01", "COM-01", "COM-02"}
    assert rules(tier=Tier.WATER_BOARD, office=Office.DB_LID) == {"COM-01"}
    assert rules(legal_frame=LegalFrame.BILL_36892) == {"OFF-01", "COM-01", "COM-02", "COM-03"}
    for day, exists in [("2025-12-31", False), ("2026-01-01", True), ("2027-12-31", True), ("2028-01-01", False)]:
        found = rules(legal_frame=LegalFrame.BILL_36892, as_of=date.fromisoformat(day))
        assert ("COM-03" in found) is exists


def test_a_case_without_tier_or_day_cannot_be_weighed(rulebook: RuleBook):
    with pytest.raises(TypeError, match="tier"):
        assess(rulebook, Facts())


def test_flags_of_one_weight_about_one_thing_weigh_more_together(rulebook: RuleBook, small: Questionnaire):
    answers = (
        "{companies: [{id: co1, policy_field: housing, share_pct: 6, distance: no}, {id: co2, policy_field: housing}]}"
    )
    facts = some_facts(small, answers, portfolio=("housing",))
    found = assess(rulebook, facts, [Judgement("COM-02", "co1", applies=True)])
    assert [(one.id, one.about, one.severity, one.keys) for one in found.combined] == [
        ("CMB-01", "companies[co1]", 3, (("COM-01", "co1"), ("COM-02", "co1"))),
        ("CMB-02", "housing", 3, (("COM-01", "co1"), ("COM-01", "co2"), ("COM-02", "co1"))),
    ]
    assert assess(rulebook, facts).combined[0].id == "CMB-02"  # what is only possible does not count


def test_a_receipt_tells_what_an_assessment_was_made_from(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, TWO)
    digests = Digests("q", "a", "c")
    one, same = assess(rulebook, facts, (), digests), assess(rulebook, facts, (), digests)
    judged = assess(rulebook, facts, [Judgement("COM-02", "co1", applies=True)], digests)
    assert one.receipt == same.receipt
    assert one.receipt.rulebook_digest == rulebook.digest
    assert (one.receipt.questionnaire_digest, one.receipt.answers_digest, one.receipt.as_of) == (
        "q",
        "a",
        date(2026, 11, 23),
    )
    assert judged.receipt.judgements_digest != one.receipt.judgements_digest


def test_the_digest_of_the_evidence_changes_with_the_answers_that_carry_it(rulebook: RuleBook, small: Questionnaire):
    def digest(answers: str) -> str:
        found = assess(rulebook, some_facts(small, answers, portfolio=("housing",))).find("COM-01", "co1")
        assert found is not None
        return found.evidence_digest

    assert digest(TWO) == digest(TWO.replace("resident: yes", "resident: no"))
    assert digest(TWO) == digest(TWO.replace("Bakker", "Smid"))
    assert digest(TWO) != digest(TWO.replace("share_pct: 60", "share_pct: 4"))


def test_texts_are_filled_in_and_never_assert_what_is_only_possible(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, TWO, portfolio=("housing",))
    certain = assess(rulebook, facts).find("COM-01", "co1")
    possible = assess(rulebook, some_facts(small, TWO)).find("COM-01", "co1")
    none = assess(rulebook, facts).find("COM-01", "co2")
    assert certain is not None
    assert possible is not None
    assert none is not None
    assert flag_text(certain, facts) == "Bakker BV werkt op uw terrein."
    assert flag_text(possible, facts) == "Werkt Bakker BV op uw terrein?"
    assert flag_text(none, facts) == "Onderneming op het eigen terrein"
    office = assess(rulebook, some_facts(small, "{resident: no, matters: [none]}")).find("OFF-01")
    assert office is not None
    assert flag_text(office, facts) == "U woont niet in het gebied van de gemeente."


def test_a_name_that_is_not_known_yet_leaves_room(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, "{companies: [{id: co1, policy_field: housing}]}", portfolio=("housing",))
    found = assess(rulebook, facts).find("COM-01", "co1")
    assert found is not None
    assert flag_text(found, facts, rulebook.vocabulary) == "Onderneming 1 werkt op uw terrein."


def test_answers_are_quoted_with_their_questions(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, TWO, portfolio=("housing",))
    found = assess(rulebook, facts).find("COM-01", "co1")
    assert found is not None
    quotes = [quote(one, rulebook, facts) for one in found.because]
    assert [(one.question, one.answer) for one in quotes] == [("Op welk terrein?", "Wonen"), ("portefeuille", "Wonen")]
    assert open_question("companies[co1].share_pct", rulebook, facts).question == "Welk deel is van u?"
    resident = assess(rulebook, facts).find("OFF-01")
    assert resident is not None
    assert quote(resident.because[0], rulebook, facts).question == "Woont u in het gebied van de gemeente?"
    assert quote(resident.because[0], rulebook, facts).answer == "ja"


def test_a_rule_says_in_dutch_when_it_fires(rulebook: RuleBook):
    told = rule_prose(rulebook.rule("OFF-01"), rulebook.vocabulary, Tier.MUNICIPALITY)
    assert told.lines() == (
        "Dit signaal geldt als al deze punten gelden:",
        "  - «Woont u in het gebied van de gemeente?» is nee",
        "  - bij «Wat speelt er?» is niet gekozen: “Lening”",
    )


def test_a_basis_is_cited_the_dutch_way(rulebook: RuleBook):
    (norm,) = norms(rulebook.rule("OFF-01"), rulebook, "municipality")
    assert norm.text == "art. 10, eerste lid, onderdeel a, onder 2°, Gemeentewet"
    assert (norm.url, norm.about) == ("https://wetten.example/GW#Artikel10", "Vereisten")
    (read_our_way,) = norms(rulebook.rule("COM-02"), rulebook, "municipality")
    assert (read_our_way.interpretation, read_our_way.note) == (True, "Ruim gelezen.")
    sources = rulebook.sources
    assert citation(LegalBasis("GW", "28", ("1", "3"), "b"), sources) == (
        "art. 28, eerste en derde lid, onderdeel b, Gemeentewet"
    )
    assert citation(LegalBasis("GW", "36b", ("1", "2", "3")), sources) == (
        "art. 36b, eerste, tweede en derde lid, Gemeentewet"
    )
    assert citation(LegalBasis("practice", ref="R09"), sources) == "Praktijk (R09)"
    assert link(LegalBasis("practice", ref="R09"), sources) == ""


def test_the_index_follows_an_answer_to_every_rule_it_can_touch(rulebook: RuleBook):
    found = index(rulebook)
    assert found["companies.share_pct"] == {"COM-01", "COM-02", "COM-03"}  # COM-03 by way of distance and value
    assert found["companies"] == {"COM-01", "COM-02", "COM-03"}
    assert found["context.portfolio"] == {"COM-01"}
    assert found["resident"] == {"OFF-01"}
    assert found["motto"] == frozenset()


def test_quick_verdicts_and_reasons_for_what_fired(rulebook: RuleBook, small: Questionnaire):
    compiled = compile_rulebook(rulebook)
    facts = some_facts(small, TWO, portfolio=("housing",))
    fired = compiled.verdicts(facts)
    assert fired == {("COM-01", "co1"): 2, ("COM-02", "co1"): 1}
    assert tuple(compiled.explain(fired, facts)) == assess(rulebook, facts).flags
    moved = some_facts(small, TWO.replace("policy_field: housing", "policy_field: none"), portfolio=("housing",))
    again = compiled.reassess(fired, moved, "companies[co1].policy_field")
    assert again == compiled.verdicts(moved) == {("COM-02", "co1"): 1}
    assert compiled.verdicts(facts, {("COM-02", "co1"): True})["COM-02", "co1"] == 2
    assert ("COM-02", "co1") not in compiled.verdicts(facts, {("COM-02", "co1"): False})


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, None, "geen antwoord gegeven"),
        (PartialDate(2026, 3), FieldType(Kind.DATE), "maart 2026"),
        (
            Party("partner", "werkt er"),
            FieldType(Kind.PARTY, option_labels={"partner": "Mijn partner"}),
            "Mijn partner: werkt er",
        ),
        (Party("partner"), FieldType(Kind.PARTY), "partner"),
        (("a", "b"), FieldType(Kind.CHOICES, option_labels={"a": "Aan", "b": "“Bij”"}), "Aan en “Bij”"),
        ("yes", FieldType(Kind.YES_NO), "ja"),
        ("yes", FieldType(Kind.TEXT), "yes"),
        (Decimal("33.50"), FieldType(Kind.PERCENTAGE), "33,5%"),
        (1250, FieldType(Kind.NUMBER), "1.250"),
    ],
)
def test_values_are_written_as_people_read_them(value: Value | None, kind: FieldType | None, text: str):
    assert value_text(value, kind) == text


def test_what_was_not_asked_and_what_was_counted_are_quoted_as_such(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, "{companies: no}")
    assert quote(Evidence("companies", None, "count", asked=False), rulebook, facts).answer.startswith("niet gevraagd")
    assert quote(Evidence("companies", 2, "count"), rulebook, facts).answer == "2 die hieraan voldoen"
    asked = open_question("judgement(COM-02[co1])", rulebook, facts)
    assert (asked.question, asked.answer) == ("Oordeel van de beoordelaar", "geen antwoord gegeven")


def test_what_somebody_typed_is_never_taken_for_a_placeholder(rulebook: RuleBook, small: Questionnaire):
    answers = "{companies: [{id: co1, name: '{authority} {companies.name}', policy_field: housing}]}"
    facts = some_facts(small, answers, portfolio=("housing",))
    found = assess(rulebook, facts).find("COM-01", "co1")
    assert found is not None
    assert flag_text(found, facts) == "{authority} {companies.name} werkt op uw terrein."
    blank = some_facts(small, "{companies: [{id: co1, policy_field: housing}]}", portfolio=("housing",))
    nameless = assess(rulebook, blank).find("COM-01", "co1")
    assert nameless is not None
    assert flag_text(nameless, blank) == "… werkt op uw terrein."  # without the vocabulary there is no noun


def test_a_case_without_a_day_cannot_be_weighed(rulebook: RuleBook, small: Questionnaire):
    facts = some_facts(small, "{}")
    without = replace(facts, context={name: value for name, value in facts.context.items() if name != "as_of"})
    with pytest.raises(TypeError, match="as_of"):
        assess(rulebook, without)
    with pytest.raises(TypeError, match="as_of"):
        compile_rulebook(rulebook).verdicts(without)


def test_what_is_remembered_per_kind_of_case_stays_bounded(
    rulebook: RuleBook, small: Questionnaire, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.risk_rules.compiled._MOST_CASES", 1)
    compiled = compile_rulebook(rulebook)
    for day in range(1, 12):
        facts = some_facts(small, TWO, as_of=date(2026, 11, day), portfolio=("housing",))
        fired = compiled.verdicts(facts)
        assert compiled.reassess(fired, facts, "companies[co1].share_pct") == fired
        assert [one.flag_key for one in compiled.explain(fired, facts)] == [("COM-01", "co1"), ("COM-02", "co1")]


def test_another_frame_or_day_brings_other_rules(rulebook: RuleBook, small: Questionnaire):
    compiled = compile_rulebook(rulebook)
    before, after = (some_facts(small, TWO, legal_frame=frame) for frame in LegalFrame)
    fired = compiled.verdicts(before)
    assert ("COM-03", None) not in fired
    again = compiled.reassess(fired, after, "context.legal_frame")
    assert again == compiled.verdicts(after)
    assert ("COM-03", None) in again


def test_a_relation_counts_in_the_digest_of_the_evidence(rulebook: RuleBook):
    rule = rulebook.rule("COM-01")
    one, other = (
        RuleOutcome(rule, "co1", Outcome.CERTAIN, rule.severity, (Evidence("a.b", Party(relation), "x"),))
        for relation in ("partner", "child")
    )
    assert one.evidence_digest != other.evidence_digest


def test_what_holds_for_every_item_is_still_only_possible_for_one_that_may_never_come(
    rulebook: RuleBook, small: Questionnaire
):
    about_the_case = replace(rulebook.rule("COM-01"), when=Test("context.tier", "is", "municipality"))
    book = replace(rulebook, rules=(about_the_case,))
    facts = some_facts(small, "{companies: {items: [{id: co1}], complete: false}}")
    found = assess(book, facts)
    assert [(one.item, one.outcome, one.missing) for one in found.outcomes] == [
        ("co1", Outcome.CERTAIN, ()),
        (None, Outcome.POSSIBLE, ("companies",)),
    ]
    compiled = compile_rulebook(book)
    assert tuple(compiled.explain(compiled.verdicts(facts), facts)) == found.flags


def test_a_rule_about_a_list_says_so(rulebook: RuleBook):
    told = rule_prose(rulebook.rule("COM-01"), rulebook.vocabulary)
    assert str(told) == (
        "Voor elk onderdeel van «Heeft u een onderneming?» geldt dit signaal als «Op welk terrein?» komt voor in portefeuille"
    )


def test_a_text_without_a_case_keeps_the_words_of_the_tier_open(rulebook: RuleBook):
    rule = rulebook.rule("OFF-01")
    found = RuleOutcome(rule, None, Outcome.CERTAIN, rule.severity)
    assert flag_text(found, Facts()) == "U woont niet in het gebied {of_authority}."

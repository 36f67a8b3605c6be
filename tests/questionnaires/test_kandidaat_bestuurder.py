"""The questionnaire for candidates: what it covers, what it never asks, and how long it is."""

import re
from datetime import date
from pathlib import Path

import pytest

from app import risk_rules
from app.conditions.dates import PartialDate
from app.conditions.facts import Value
from app.conditions.yaml_source import load
from app.questionnaires.answers import AnswerPath, Answers, answered
from app.questionnaires.context import OFFICE_OF_TIER, AskedScope, CaseContext, Tier
from app.questionnaires.kinds import Choice, Group, Number, Openness, Question, Reader, ReviewerUse, Scope
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.relevance import survey

# The rows of the catalogue of questions from practice that are asked in writing.
ASKED = tuple(
    f"C{theme}.{row}"
    for theme, rows in {
        1: (1, 2, 3, 4, 5, 6, 7),
        2: (1, 2, 3, 4, 5, 6, 7),
        3: (1, 2, 3, 4, 5),
        4: (1, 2, 3, 4, 5, 6, 7),
        5: (1, 2, 3, 4, 5, 6),
        6: (1, 2, 3, 4, 5),
        7: (1, 2, 3, 4, 5),
        8: (1, 2, 3, 4),
        9: (1, 2, 3),
        10: (1, 2, 4),
        11: (1, 2, 4),
        12: (1, 2, 3),
        13: (1, 2, 3),
        14: (1, 2, 3),
        16: (1, 2, 3, 4),
        17: (2, 3),
    }.items()
    for row in rows
)
# And the rows that are only ever talked about.
TALKED_ABOUT = {"C9.2", "C10.3", "C11.3", "C15.1", "C15.2", "C15.3", "C17.1"}

# Subjects nobody may be asked about: health, faith, sexuality, ethnicity, political opinion, criminal files, numbers
# that identify, secrets. Looked for in what is asked, so not in the sentences that tell people to leave it out.
NEVER_ASKED = re.compile(
    r"gezondheid|ziek|verslav|alcohol|drugs|medisch|geloof|godsdienst|kerk|moskee|religi|seksu|geaardheid|gender"
    r"|etnisch|afkomst|huidskleur|ras\b|vakbond|burgerservicenummer|\bbsn\b|rekeningnummer|wachtwoord|inlog"
    r"|strafblad|veroordeel|verdacht|delict|misdrijf|politie\b|geboortedatum|adres\b|kadastra",
    re.IGNORECASE,
)
# A criminal court can take rights away; the law makes that a bar, so the questionnaire asks whether it is so.
ABOUT_A_SENTENCE = {"court_exclusions"}

SOURCES = Path(risk_rules.__file__).parent / "library/sources.yaml"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return newest("kandidaat-bestuurder")


def context(tier: Tier, scope: AskedScope = AskedScope.PRACTICE) -> CaseContext:
    return CaseContext(tier=tier, office=OFFICE_OF_TIER[tier], as_of=date(2026, 11, 23), scope=scope)


def asked_of_candidate(questionnaire: Questionnaire) -> list[Question]:
    return [
        question
        for question in questionnaire.questions.values()
        if questionnaire.section_of[question.id].respondent is Respondent.CANDIDATE
    ]


def simple(question: Question) -> Value:
    """Answer as somebody who meets every requirement and has nothing to declare."""
    if isinstance(question, Group):
        return "no"
    plain: dict[str, Value] = {
        "office_facts_correct": "yes",
        "is_resident": "yes",
        "is_adult": "yes",
        "code_read": "yes",
        "information_understood": "yes",
        "nationality": "dutch",
        "wb_membership": "elected",
        "vog_status": "received",
        "vog_issued_on": PartialDate(2026, 11, 2),
        "public_cv": "consistent",
        "works_for_authority": "no",
        "kinship_board": "none",
    }
    of_kind: dict[str, Value] = {"yes_no": "no", "choices": ("none",), "text": "geen", "long_text": "geen"}
    return plain[question.id] if question.id in plain else of_kind[question.kind]


def fill_in(questionnaire: Questionnaire, case: CaseContext) -> list[AnswerPath]:
    """Answer until nothing is open any more; give what a candidate has been asked, in reading order."""
    answers = Answers()
    while True:
        shown = [path for path in survey(questionnaire, answers, case).asked if for_candidate(questionnaire, path)]
        empty = [path for path in shown if answers.get(path) is None]
        if not empty:
            return shown
        answers = answers.put_all((path, answered(simple(questionnaire.question(path.question)))) for path in empty)


def for_candidate(questionnaire: Questionnaire, path: AnswerPath) -> bool:
    return questionnaire.section_of[path.question].respondent is Respondent.CANDIDATE


# ── what it covers ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_of_the_catalogue_is_asked(questionnaire: Questionnaire):
    named = {basis.practice for question in questionnaire.questions.values() for basis in question.basis}
    assert [row for row in ASKED if row not in named] == []


def test_every_row_that_is_only_talked_about_is_a_talking_point_and_only_that(questionnaire: Questionnaire):
    points = {point.theme for section in questionnaire.sections for point in section.talking_points}
    assert points == TALKED_ABOUT
    assert [question.id for question in questionnaire.questions.values() if question.scope is Scope.ORAL_ONLY] == []
    written = {
        basis.practice
        for question in asked_of_candidate(questionnaire)
        for basis in question.basis
        if basis.practice is not None
    }
    # friendship with an official is asked as a relation with an interest; the rest of that row is only talked about
    assert written & TALKED_ABOUT == {"C9.2"}


def test_every_ground_is_a_row_of_the_catalogue_or_an_article_of_the_register(questionnaire: Questionnaire):
    register, _ = load(SOURCES)
    articles = {source["key"]: set(source.get("articles", ())) for source in register["sources"]}
    for question in questionnaire.questions.values():
        for basis in question.basis:
            if basis.source is None:
                assert re.fullmatch(r"C\d{1,2}\.\d", basis.practice or ""), question.id
            else:
                assert basis.source in articles, question.id
                assert basis.article is None or basis.article in articles[basis.source], (
                    f"{question.id}: {basis.article}"
                )


def test_what_only_practice_asks_is_not_asked_when_only_the_law_is(questionnaire: Questionnaire):
    everything = fill_in(questionnaire, context(Tier.MUNICIPALITY))
    statutory = fill_in(questionnaire, context(Tier.MUNICIPALITY, AskedScope.STATUTORY))
    assert set(statutory) < set(everything)
    assert all(questionnaire.question(path.question).scope is Scope.STATUTORY for path in statutory)


@pytest.mark.parametrize(
    ("tier", "offered"),
    [
        (
            Tier.MUNICIPALITY,
            18 + 2,
        ),  # art. 36b, onderdelen a-r; board and chair of a waterschap (art. 31, 47 Waterschapswet)
        # art. 35c, onderdelen a-t; onderdeel q holds three offices; the audit office of a waterschap (art. 51af)
        (Tier.PROVINCE, 20 + 2 + 1),
        (
            Tier.WATER_BOARD,
            17 + 2,
        ),  # art. 31, tweede lid, onderdelen a-q, the chair, and its own audit office (art. 51af)
        (Tier.PUBLIC_BODY, 14),  # art. 40, onderdelen a-n
    ],
)
def test_offers_the_incompatible_offices_of_each_tier(questionnaire: Questionnaire, tier: Tier, offered: int):
    offices = questionnaire.question("listed_offices.office")
    assert isinstance(offices, Choice)
    assert sum(option.offered_at(tier) for option in offices.options) == offered


def test_policy_fields_are_the_same_list_everywhere(questionnaire: Questionnaire):
    options = [option.id for option in questionnaire.policy_fields]
    for question in questionnaire.questions.values():
        if question.id.endswith("policy_field"):
            assert isinstance(question, Choice)
            assert [option.id for option in question.options] == options, question.id


def shown(questionnaire: Questionnaire, tier: Tier, **values: Value) -> set[str]:
    """Give the ids of the questions shown at this tier once these are answered."""
    answers = Answers().put_all((AnswerPath.parse(path), answered(value)) for path, value in values.items())
    return {path.question for path in survey(questionnaire, answers, context(tier)).asked}


def test_asks_nationality_and_residence_only_where_the_law_does(questionnaire: Questionnaire):
    residence = {"lawful_residence", "five_years_resident"}
    assert "nationality" not in shown(questionnaire, Tier.WATER_BOARD)
    assert not residence & shown(questionnaire, Tier.MUNICIPALITY, nationality="eu")
    assert residence <= shown(questionnaire, Tier.MUNICIPALITY, nationality="other")
    assert residence <= shown(questionnaire, Tier.PUBLIC_BODY, nationality="eu")
    assert not residence & shown(questionnaire, Tier.PROVINCE, nationality="other")
    for tier in (Tier.MUNICIPALITY, Tier.PROVINCE, Tier.PUBLIC_BODY):
        assert not residence & shown(questionnaire, tier, nationality="dutch")


def test_a_seat_for_nature_areas_carries_no_duty_to_live_there(questionnaire: Questionnaire):
    for seat in ("elected", "appointed", "outside"):
        assert "is_resident" in shown(questionnaire, Tier.WATER_BOARD, wb_membership=seat)
    assert "is_resident" not in shown(questionnaire, Tier.WATER_BOARD, wb_membership="nature")
    assert "is_resident" in shown(questionnaire, Tier.MUNICIPALITY)


@pytest.mark.parametrize("tier", list(Tier))
def test_a_dispensation_of_living_there_exists_everywhere_but_at_a_waterschap(questionnaire: Questionnaire, tier: Tier):
    asked = shown(questionnaire, tier, wb_membership="elected", is_resident="no")
    assert ("residence_exemption" in asked) == (tier is not Tier.WATER_BOARD)
    assert "will_move" in asked


# ── how long it is ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tier", list(Tier))
def test_somebody_with_nothing_to_declare_gets_at_most_45_questions(questionnaire: Questionnaire, tier: Tier):
    assert len(fill_in(questionnaire, context(tier))) <= 45


def test_the_whole_is_bounded(questionnaire: Questionnaire):
    asked = asked_of_candidate(questionnaire)
    assert len([question for question in asked if question.group is None]) <= 72
    assert len([question for question in asked if question.group is not None]) <= 118
    for group in questionnaire.groups.values():
        assert len(group.questions) <= 17, f"too much to fill in for one {group.item_noun}"


# ── what it never asks ──────────────────────────────────────────────────────────────────────────────────────────────


def test_asks_nothing_that_may_not_be_asked(questionnaire: Questionnaire):
    for question in questionnaire.questions.values():
        asked = [question.label, *(option.label for option in getattr(question, "options", ()))]
        found = [text for text in asked if NEVER_ASKED.search(text)]
        assert found == [], question.id


def test_the_list_of_what_is_never_asked_would_notice():
    for label in ("Bent u ziek geweest?", "Wat is uw geloof?", "Wat is uw adres?", "Bent u ooit veroordeeld?"):
        assert NEVER_ASKED.search(label)


def test_asks_for_money_only_in_bands_and_for_numbers_only_of_hours_and_times(questionnaire: Questionnaire):
    numbers = {question.id for question in questionnaire.questions.values() if isinstance(question, Number)}
    assert numbers == {"side_positions.hours", "sensitive_dossiers.abstentions"}


def test_the_existence_of_a_sentence_is_read_by_few_and_never_public(questionnaire: Questionnaire):
    for question_id in ABOUT_A_SENTENCE:
        question = questionnaire.question(question_id)
        assert question.openness is Openness.CONFIDENTIAL
        assert Reader.CLERK not in question.readers


@pytest.mark.parametrize("section", ["money", "family", "relations", "past", "information", "gifts"])
def test_sensitive_sections_stay_closed_to_the_clerk_and_the_council(questionnaire: Questionnaire, section: str):
    for question in questionnaire.questions.values():
        if questionnaire.section_of[question.id].id == section:
            assert question.openness is Openness.CONFIDENTIAL, question.id
            assert set(question.readers) == {Reader.PRINCIPAL, Reader.ANALYST}, question.id


def test_only_side_positions_are_public_after_the_appointment(questionnaire: Questionnaire):
    public = {question.id for question in questionnaire.questions.values() if question.openness is Openness.PUBLIC}
    assert public == {"side_positions.organisation", "side_positions.role"}


def test_others_are_only_described_by_relation_and_interest(questionnaire: Questionnaire):
    about_others = {"relatives", "close_relations", "gifts"}
    for group in about_others:
        kinds = {field.kind for field in questionnaire.groups[group].questions}
        assert not kinds & {"text", "long_text"}, group


def test_reviewers_have_their_own_section_and_candidates_never_see_it(questionnaire: Questionnaire):
    verification = questionnaire.section("verification")
    assert verification.respondent is Respondent.REVIEWER
    assert [section.id for section in questionnaire.sections if section.respondent is not Respondent.CANDIDATE] == [
        "verification"
    ]


def test_a_text_that_no_rule_can_read_says_what_a_reviewer_does_with_it(questionnaire: Questionnaire):
    for question in questionnaire.questions.values():
        if question.kind in {"text", "long_text"}:
            assert set(question.used_by) <= set(ReviewerUse), question.id
            assert question.used_by, question.id

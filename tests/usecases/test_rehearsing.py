"""A rehearsal: whatever is answered travels along unchanged, and the rules say the same as for anybody."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.assess_report import report_on
from app.cli.case_file import read_case
from app.errors import NotFound
from app.questionnaires.answers import COMPLETE, OPEN_LIST, AnswerPath, Answers, answered
from app.questionnaires.context import OFFICE_OF_TIER, AskedScope, CaseContext, LegalFrame, Tier
from app.questionnaires.kinds import Group
from app.questionnaires.model import Respondent
from app.usecases import carrying, library, rehearsing
from app.usecases.answering import Typed
from app.usecases.rehearsing import Rehearsal
from tests.assess import candidates
from tests.questionnaires.strategies import answers_to

AS_OF = date(2026, 11, 23)
NAME = AnswerPath("companies.name", "i1")


def context(tier: Tier = Tier.MUNICIPALITY, **known: Any) -> CaseContext:
    return CaseContext(tier=tier, office=OFFICE_OF_TIER[tier], as_of=AS_OF, verification="no", **known)


def with_company() -> Rehearsal:
    more, item = rehearsing.add_item(rehearsing.begin(context(portfolio=("spatial",))), "companies")
    assert item == "i1"
    typed = [
        Typed(str(NAME), ("Bureau “Noord”\n</form>",)),
        Typed("companies[i1].form", ("operating_bv",)),
        Typed("companies[i1].policy_field", ("spatial",)),
        Typed("companies[i1].distance", ("none",)),
    ]
    saved, problems = rehearsing.save_page(more, typed)
    assert problems == ()
    return saved


@given(data=st.data(), tier=st.sampled_from(Tier))
def test_whatever_could_be_answered_travels_along_unchanged(data: st.DataObject, tier: Tier):
    asked = library.newest()
    drawn = carrying.fitting(Rehearsal(asked, context(tier), data.draw(answers_to(asked))))
    assert carrying.taken_up(carrying.carried(drawn)) == drawn


@given(data=st.data(), tier=st.sampled_from(Tier))
def test_a_file_brings_every_answer_that_counts_back(data: st.DataObject, tier: Tier):
    asked = library.newest()
    drawn = carrying.fitting(Rehearsal(asked, context(tier), data.draw(answers_to(asked))))
    for group in drawn.answers.item_ids:  # whoever adds something says that there are some
        if drawn.answers.get(AnswerPath(group)) is None:
            drawn = replace(drawn, answers=drawn.answers.put(AnswerPath(group), answered(OPEN_LIST)))
    opened = carrying.open_file(carrying.as_file(drawn), AS_OF)
    assert opened is not None
    assert opened.left_out == ()
    before, after = rehearsing.reading(drawn), rehearsing.reading(opened.rehearsal)
    assert [(one.flag_key, one.outcome) for one in before.assessment.outcomes] == [
        (one.flag_key, one.outcome) for one in after.assessment.outcomes
    ]


def test_only_answers_of_a_candidate_travel():
    reviewers = next(
        question
        for section in library.newest().sections
        if section.respondent is not Respondent.CANDIDATE
        for question in section.questions
        if question.kind == "yes_no"
    )
    smuggled = Answers({AnswerPath(reviewers.id): answered("yes"), AnswerPath("is_adult"): answered("yes")})
    kept = carrying.fitting(Rehearsal(library.newest(), context(), smuggled))
    assert [str(path) for path, _ in kept.answers] == ["is_adult"]


@pytest.mark.parametrize(
    "text",
    ["", "nee", "[]", "{}", "null", "[" * 5000, '{"context": {}, "answers": {}}', '{"context": null, "answers": null}'],
)
def test_what_is_no_rehearsal_is_refused(text: str):
    assert carrying.taken_up(text) is None


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("bestaat_niet", {"state": "answered", "value": "yes"}),
        ("is_adult", {"state": "answered", "value": "misschien"}),
        ("is_adult", {"state": "answered", "value": 7}),
        ("is_adult", {"state": "answered", "value": {"decimal": "1"}}),
        ("companies[i9].name", {"state": "answered", "value": "van niemand"}),
    ],
)
def test_what_was_changed_on_the_way_and_could_not_be_an_answer_is_left_out(path: str, answer: dict[str, Any]):
    plain = json.loads(carrying.carried(with_company()))
    plain["answers"]["given"][path] = answer
    taken = carrying.taken_up(json.dumps(plain))
    assert taken is not None
    assert taken.answers.get(NAME) is not None
    assert [one for one, _ in taken.answers if str(one) == path] == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["answered", "yes", "1e999999999", "NaN", "2026-12-01", "0001-01-01", "i1", "companies", "spatial"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["state", "value", "note", "decimal", "date", "party", "relation", "interest"]), inner),
    max_leaves=6,
)  # fmt: skip


@given(data=st.data())
def test_whatever_comes_back_from_a_browser_never_breaks_the_server(data: st.DataObject):
    plain = json.loads(carrying.carried(with_company()))
    plain["context"] |= data.draw(st.dictionaries(st.sampled_from(sorted(plain["context"])), _JSON, max_size=2))
    paths = st.sampled_from(["is_adult", "companies", "companies[i1].share_pct", "companies[i1].name", "is_resident"])
    plain["answers"]["given"] |= data.draw(st.dictionaries(paths, _JSON, max_size=3))
    plain["answers"]["items"] |= data.draw(st.dictionaries(st.sampled_from(["companies", "loans"]), _JSON, max_size=1))
    taken = carrying.taken_up(json.dumps(plain))
    if taken is not None:
        rehearsing.result(taken, rehearsing.reading(taken))
        assert carrying.taken_up(carrying.carried(taken)) == taken


@given(data=st.data())
def test_whatever_stands_in_a_file_never_breaks_the_server(data: st.DataObject):
    plain = json.loads(carrying.as_file(with_company()))
    names = [*plain["context"], "replacement_portfolio", "reappointment", "verification"]
    plain["context"] |= data.draw(st.dictionaries(st.sampled_from(names), _JSON, max_size=2))
    questions = st.sampled_from(["is_adult", "companies", "loans", "gifts", "is_resident", "bestaat_niet"])
    plain["answers"] |= data.draw(st.dictionaries(questions, _JSON | st.lists(_JSON, max_size=2), max_size=3))
    opened = carrying.open_file(json.dumps(plain), AS_OF)
    if opened is not None:
        rehearsing.result(opened.rehearsal, rehearsing.reading(opened.rehearsal))


def test_a_number_without_end_is_no_percentage():
    plain = json.loads(carrying.carried(with_company()))
    question = next(one for one in library.newest().questions.values() if one.kind == "percentage")
    assert question.group
    plain["answers"]["items"][question.group] = ["i1"]
    path = str(AnswerPath(question.id, "i1"))
    plain["answers"]["given"][path] = {"state": "answered", "value": {"decimal": "1e999999999"}}
    taken = carrying.taken_up(json.dumps(plain))
    assert taken is not None
    assert taken.answers.get(AnswerPath(question.id, "i1")) is None


def test_a_portfolio_that_nobody_offers_is_left_out():
    plain = json.loads(carrying.carried(with_company()))
    plain["context"] |= {"portfolio": ["spatial", "de_hele_wereld"], "office": "gedeputeerde", "verification": "yes"}
    taken = carrying.taken_up(json.dumps(plain))
    assert taken is not None
    assert taken.context == with_company().context


def test_the_rules_say_the_same_as_assess_says_of_the_file(tmp_path: Path):
    rehearsal = with_company()
    file = tmp_path / "proef.json"
    file.write_text(carrying.as_file(rehearsal), encoding="utf-8")
    case = read_case(file, AS_OF)
    report = report_on(case, library.rulebook(case.questionnaire))
    told = rehearsing.result(rehearsal, rehearsing.reading(rehearsal))
    certain = {(one.rule, one.item) for one in report.of("certain")}
    assert certain == {(flag.rule, flag.item and f"companies[{flag.item}]") for flag in told.certain}
    assert certain
    possible = {one.rule for one in report.of("possible")}
    shown = {flag.rule for flag in told.possible}
    assert shown <= possible
    assert possible - shown - {flag.rule for flag in told.certain}
    assert told.waiting >= len(possible - shown - {flag.rule for flag in told.certain})


@pytest.mark.parametrize("name", candidates.NAMES)
def test_a_worked_candidate_comes_back_from_a_file_with_the_same_flags(name: str):
    one = candidates.candidate(name)
    asked = library.newest()
    mine = carrying.fitting(Rehearsal(asked, replace(one.context, verification="no"), one.answers))
    opened = carrying.open_file(carrying.as_file(mine), mine.context.as_of)
    assert opened is not None
    assert opened.rehearsal.context == mine.context
    flags = [(flag.flag_key, flag.outcome) for flag in rehearsing.reading(mine).assessment.flags]
    assert flags == [(flag.flag_key, flag.outcome) for flag in rehearsing.reading(opened.rehearsal).assessment.flags]


def test_what_somebody_chose_to_tell_travels_along_and_nothing_else_of_that_sort():
    told = context(scope=AskedScope.STATUTORY, volunteered=("money",))
    mine = Rehearsal(library.newest(), told, Answers().put(AnswerPath("money_matters"), answered(("arrears",))))
    opened = carrying.open_file(carrying.as_file(mine), AS_OF)
    assert opened is not None
    assert opened.rehearsal.context.volunteered == ("money",)
    assert "arrears_amount" in {str(path) for path in rehearsing.reading(opened.rehearsal).survey.asked}
    changed = replace(mine, context=replace(told, volunteered=("verification", "nergens", "money", "career")))
    taken_up = carrying.taken_up(carrying.carried(changed))
    assert taken_up is not None
    assert taken_up.context.volunteered == ("career", "money")


@pytest.mark.parametrize("written", [["office"], ["verification"], "money", ["money", "nergens"]])
def test_a_file_only_names_sections_that_can_be_volunteered(written: object):
    text = json.dumps({"context": {"tier": "municipality", "scope": "statutory", "volunteered": written}})
    assert carrying.open_file(text, AS_OF) is None


def test_a_file_for_assess_can_be_opened_and_what_does_not_fit_is_named():
    text = json.dumps(
        {
            "title": "Van ergens",
            "questionnaire": "oude-lijst.v9",
            "context": {"tier": "water_board", "portfolio": ["water_levels"], "legal_frame": "bill_36892"},
            "answers": {"is_adult": True, "weggehaald": "ja", "is_resident": "misschien", "companies": []},
            "judgements": [{"rule": "INC-01", "outcome": "applies"}],
        }
    )
    opened = carrying.open_file(text, AS_OF)
    assert opened is not None
    assert opened.left_out == ("weggehaald", "is_resident")
    assert opened.rehearsal.context == context(
        Tier.WATER_BOARD, portfolio=("water_levels",), legal_frame=LegalFrame.BILL_36892
    )
    assert {str(path): answer.value for path, answer in opened.rehearsal.answers} == {
        "is_adult": "yes",
        "companies": "no",
    }


def test_what_another_tier_is_asked_or_offered_is_left_out_and_named():
    item = {"id": "o1", "office": "gezaghebber", "ends": "not"}
    told = {"is_adult": "yes", "wb_membership": "nature", "listed_offices": [item]}
    text = json.dumps({"context": {"tier": "municipality"}, "answers": told})
    opened = carrying.open_file(text, AS_OF)
    assert opened is not None
    assert opened.left_out == ("wb_membership", "listed_offices[o1].office")
    kept = {str(path): answer.value for path, answer in opened.rehearsal.answers}
    assert kept == {"is_adult": "yes", "listed_offices": "complete", "listed_offices[o1].ends": "not"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen bestand",
        "[]",
        "7",
        "{}",
        '{"context": {"tier": "rijk"}}',
        '{"context": {"tier": "municipality"}, "answers": []}',
        '{"context": {"tier": "municipality", "as_of": NaN}}',
        "[" * 5000,
        '{"context": ' + '{"a":' * 50 + "1" + "}" * 50 + "}",
    ],
)
def test_what_is_no_file_of_answers_is_refused(text: str):
    assert carrying.open_file(text, AS_OF) is None


def test_an_answer_that_cannot_be_is_told_and_the_rest_is_kept():
    saved, problems = rehearsing.save_page(
        rehearsing.begin(context()), [Typed("is_adult", ("yes",)), Typed("is_resident", ("misschien",))]
    )
    assert [one.path for one in problems] == ["is_resident"]
    assert saved.answers.value(AnswerPath("is_adult")) == "yes"


def test_an_answer_can_be_taken_away():
    begun, _ = rehearsing.save_page(rehearsing.begin(context()), [Typed("is_adult", ("yes",))])
    cleared, _ = rehearsing.save_page(begun, [Typed("is_adult", ())])
    assert len(cleared.answers) == 0


@pytest.mark.parametrize("path", ["bestaat_niet", "companies.name", "companies[i7].name", "is_adult[i1]"])
def test_nothing_can_be_answered_where_no_question_stands(path: str):
    with pytest.raises(NotFound):
        rehearsing.save_page(rehearsing.begin(context()), [Typed(path, ("yes",))])


def test_nothing_can_be_answered_for_a_reviewer():
    theirs = next(one for one in library.newest().sections if one.respondent is Respondent.REVIEWER).questions[0]
    with pytest.raises(NotFound):
        rehearsing.save_page(rehearsing.begin(context()), [Typed(theirs.id, ("yes",))])
    with pytest.raises(NotFound):
        rehearsing.section(
            rehearsing.begin(context()),
            rehearsing.reading(rehearsing.begin(context())),
            library.newest().section_of[theirs.id].id,
        )


def test_adding_says_that_there_are_some_and_stops_when_the_list_is_full():
    group = library.newest().questions["companies"]
    assert isinstance(group, Group)
    rehearsal, _ = rehearsing.save_page(rehearsing.begin(context()), [Typed("companies", ("no",))])
    ids = []
    for _ in range(group.max_items):
        rehearsal, item = rehearsing.add_item(rehearsal, "companies")
        ids.append(item)
    assert len(set(ids)) == group.max_items
    assert rehearsal.answers.value(AnswerPath("companies")) == OPEN_LIST
    assert rehearsing.add_item(rehearsal, "companies") == (rehearsal, "")


def test_removing_takes_the_answers_along_and_may_be_done_twice():
    left = rehearsing.remove_item(with_company(), "companies", "i1")
    assert left.answers.items("companies") == ()
    assert left.answers.get(NAME) is None
    assert rehearsing.remove_item(left, "companies", "i1") == left
    with pytest.raises(NotFound):
        rehearsing.remove_item(left, "is_adult", "i1")


def test_no_list_says_no_while_the_file_is_made():
    finished, _ = rehearsing.save_page(with_company(), [Typed("companies", (COMPLETE,))])
    written = json.loads(carrying.as_file(finished))
    assert written["answers"]["companies"] == [
        {
            "id": "i1",
            "name": "Bureau “Noord” </form>",
            "form": "operating_bv",
            "policy_field": "spatial",
            "distance": "none",
        }
    ]
    assert "verification" not in written["context"]

"""From handing in to the outcome: four eyes, both sides heard, and a reason for everything."""

from datetime import timedelta

import pytest

from app.errors import NotAllowed, NotFound
from app.reviews.decisions import Blocker, Conclusion, ConclusionKind, Judgement, Openness, Outcome
from app.reviews.lifecycle import Action, Step
from app.store import audit, cases, outbox, reviews
from app.usecases import (
    answering,
    attachments,
    concluding,
    documents,
    hearing,
    library,
    recording,
    reviewing,
    sections,
    submitting,
)
from app.usecases.answering import Typed
from app.usecases.cases import opened_by, status_page
from app.usecases.lines import today
from app.usecases.records import NewMeasure
from tests.usecases import files
from tests.usecases.world import CLEAN, CLUB, World

HEAVY = "SPR-01"


def heavy(world: World, case_id: str) -> reviewing.ReviewFlag:
    return next(one for one in reviewing.case_review(world.db, world.analyst, case_id).flags if one.flag.rule == HEAVY)


def test_handing_in_needs_both_parts_of_the_declaration(world: World):
    case, candidate = world.answering()
    done = submitting.submit(world.db, world.settings, candidate, case.id, truthful=False, will_report=False)
    assert isinstance(done, tuple)
    assert [problem.field for problem in done] == ["truthful", "will_report"]
    assert sections.task_list(world.db, candidate, case.id).may_submit


def test_pressing_twice_hands_in_once(world: World):
    case, candidate = world.answering()
    world.fill_in(candidate, CLEAN)
    first = submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    second = submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    assert isinstance(first, submitting.Submitted)
    assert isinstance(second, submitting.Submitted)
    assert (first.number, first.again, second.number, second.again) == (1, False, 1, True)
    assert len(status_page(world.db, candidate, case.id).submissions) == 1
    mailed = [row.name for row in outbox.newest(world.db) if row.case_id == case.id]
    assert mailed.count("submitted") == 2  # the clerk and the analyst, each once


def test_handing_in_freezes_the_outcomes_with_a_receipt_and_no_answers(world: World):
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    done = submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    assert isinstance(done, submitting.Submitted)
    assert done.receipt is not None
    frozen = reviews.frozen(world.db, cases.access(world.db, candidate, case.id).case)
    assert [row.occasion for row in frozen] == ["submit"]
    assert frozen[0].receipt["answers_digest"] == done.receipt.answers_digest
    assert any(one["rule"] == HEAVY and one["outcome"] == "certain" for one in frozen[0].outcomes)
    assert "Vlieghei" not in repr(frozen[0].outcomes)


def test_reviewers_see_nothing_before_the_answers_are_handed_in(world: World):
    case, _ = world.answering()
    with pytest.raises(NotFound):
        reviewing.case_review(world.db, world.principal, case.id)


def test_who_makes_the_finding_does_not_decide(world: World):
    case, _ = world.in_review()
    flag = heavy(world, case.id).flag
    with pytest.raises(NotAllowed, match="bevinding"):
        reviewing.decide(world.db, world.principal, case.id, flag.rule, flag.item, Outcome.ATTENTION_POINT, "x")
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "De club krijgt subsidie.")
    with pytest.raises(NotAllowed, match="ander"):
        reviewing.decide(world.db, world.analyst, case.id, flag.rule, flag.item, Outcome.ATTENTION_POINT, "x")
    decided = reviewing.decide(
        world.db, world.principal, case.id, flag.rule, flag.item, Outcome.RISK_WITH_MEASURE, "Zo is het."
    )
    assert (decided.by, decided.outcome) == (world.principal.id, Outcome.RISK_WITH_MEASURE)


def test_four_eyes_also_holds_when_the_principal_made_the_last_finding(world: World):
    case, _ = world.in_review()
    flag = heavy(world, case.id).flag
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "Eerste.")
    reviewing.record_finding(world.db, world.principal, case.id, flag.rule, flag.item, "Tweede.")
    with pytest.raises(NotAllowed):
        reviewing.decide(world.db, world.principal, case.id, flag.rule, flag.item, Outcome.SET_ASIDE, "x")
    assert [one.motivation for one in heavy(world, case.id).findings] == ["Eerste.", "Tweede."]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_finding_needs_a_motivation_of_reasonable_length(world: World, text: str):
    case, _ = world.in_review()
    flag = heavy(world, case.id).flag
    with pytest.raises(NotAllowed):
        reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, text)


def test_a_finding_about_a_rule_that_does_not_exist_is_not_found(world: World):
    case, _ = world.in_review()
    with pytest.raises(NotFound):
        reviewing.record_finding(world.db, world.analyst, case.id, "ZZZ-99", None, "Gezien.")


def test_the_judgement_on_an_open_norm_settles_the_flag(world: World):
    case, _ = world.in_review()
    review = reviewing.case_review(world.db, world.analyst, case.id)
    waiting = next(one for one in review.possible if one.flag.awaiting_judgement)
    key = waiting.flag.key
    reviewing.record_finding(
        world.db, world.analyst, case.id, *key, "Dit raakt het ambt niet.", judgement=Judgement.DOES_NOT_APPLY
    )
    after = reviewing.case_review(world.db, world.analyst, case.id)
    assert after.find(*key) is None
    assert key in [one.flag.key for one in after.gone]
    reviewing.record_finding(world.db, world.principal, case.id, *key, "Toch wel.", judgement=Judgement.APPLIES)
    found = reviewing.case_review(world.db, world.analyst, case.id).find(*key)
    assert found is not None
    assert found.flag.certain


def test_a_rule_that_speaks_for_itself_takes_no_judgement(world: World):
    case, _ = world.in_review()
    flag = heavy(world, case.id).flag
    with pytest.raises(NotAllowed):
        reviewing.record_finding(
            world.db, world.analyst, case.id, flag.rule, flag.item, "x", judgement=Judgement.APPLIES
        )


def test_a_changed_answer_asks_for_another_look_at_the_decision(world: World):
    case, candidate = world.in_review()
    flag = heavy(world, case.id).flag
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "Gezien.")
    reviewing.decide(world.db, world.principal, case.id, flag.rule, flag.item, Outcome.ATTENTION_POINT, "Weegt licht.")
    assert not heavy(world, case.id).look_again
    path = f"side_positions[{flag.item}].authority_ties"
    recording.request_correction(world.db, world.analyst, case.id, (path,), "Er is ook een contract.")
    answering.save(world.db, candidate, case.id, Typed(path, ("subsidy", "contract")))
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    again = heavy(world, case.id)
    assert again.look_again
    assert again.decision is not None
    assert any(
        blocker.flag == again.flag.key and "veranderd" in blocker.reason
        for blocker in reviewing.case_review(world.db, world.analyst, case.id).blockers
    )


def test_a_flag_that_went_away_keeps_what_was_written_about_it(world: World):
    case, candidate = world.in_review()
    flag = heavy(world, case.id).flag
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "Gezien.")
    path = f"side_positions[{flag.item}].authority_ties"
    recording.request_correction(world.db, world.analyst, case.id, (path,), "Klopt dit?")
    answering.save(world.db, candidate, case.id, Typed(path, ("none",)))
    review = reviewing.case_review(world.db, world.analyst, case.id)
    assert review.find(flag.rule, flag.item) is None
    assert [one.findings[0].motivation for one in review.gone if one.flag.key == flag.key] == ["Gezien."]


def test_every_rule_that_did_not_fire_is_listed_with_its_reason(world: World):
    case, _ = world.in_review(CLEAN)
    silent = reviewing.not_fired(world.db, world.analyst, case.id)
    assert len(silent) == reviewing.case_review(world.db, world.analyst, case.id).not_fired > 0
    assert all(flag.quotes for flag in silent)
    assert not any("niet gevraagd" in quote.answer for flag in silent for quote in flag.quotes)


def test_a_rule_that_did_not_fire_names_the_thing_it_is_about(world: World):
    case, _ = world.in_review(CLUB)
    about = {flag.about for flag in reviewing.not_fired(world.db, world.analyst, case.id)}
    assert about == {"", "Functie: Sportvereniging De Vlieghei"}


def test_reading_a_case_is_on_record_for_the_candidate(world: World):
    case, candidate = world.in_review()
    reviewing.case_review(world.db, world.principal, case.id)
    access = cases.access(world.db, candidate, case.id)
    assert world.principal.name in [line.name for line in opened_by(world.db, access)]
    sections.task_list(world.db, candidate, case.id)
    assert candidate.name not in [line.name for line in opened_by(world.db, access)]


def test_the_candidate_reads_which_part_which_document_and_which_file_somebody_opened(world: World):
    case, candidate = world.answering()
    added = attachments.add(
        world.db, world.settings, candidate, case.id, filename="brief.pdf", subject="Mijn ontslagbrief", body=files.PDF
    )
    assert isinstance(added, attachments.AttachmentLine)
    world.fill_in(candidate, CLUB)
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    reviewing.start_review(world.db, world.analyst, case.id)
    asked = library.newest().section("side_positions")
    item = sections.load_section(world.db, world.analyst, case.id, asked.id)
    item_id = next(one.items[0].item_id for one in item.questions if one.items)
    sections.show_item(world.db, world.principal, case.id, "side_positions", item_id)
    attachments.fetch(world.db, world.principal, added.id)
    made = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    told = {(line.name, line.what) for line in opened_by(world.db, cases.access(world.db, candidate, case.id))}
    assert (world.analyst.name, f"las antwoorden: {asked.title}") in told
    assert (world.principal.name, f"las antwoorden: {asked.title}") in told
    assert (world.principal.name, "opende een bijlage: Mijn ontslagbrief") in told
    assert (world.principal.name, f"maakte een document: {made.filename}") in told


def test_a_correction_needs_a_reason_and_questions_the_candidate_was_asked(world: World):
    case, _ = world.in_review()
    with pytest.raises(NotAllowed):
        recording.request_correction(world.db, world.analyst, case.id, ("is_resident",), " ")
    with pytest.raises(NotAllowed):
        recording.request_correction(world.db, world.analyst, case.id, (), "Daarom.")
    with pytest.raises(NotFound):
        recording.request_correction(world.db, world.analyst, case.id, ("source_findings",), "Daarom.")
    with pytest.raises(NotFound):
        recording.request_correction(world.db, world.analyst, case.id, ("residence_exemption",), "Daarom.")
    assert (
        recording.request_correction(world.db, world.analyst, case.id, ("is_resident",), "Daarom.").step
        is Step.CORRECTION
    )


def test_a_measure_is_agreed_done_and_dropped_on_record(world: World):
    case, _ = world.in_review()
    flag = heavy(world, case.id).flag
    kind = flag.measures[0].id
    new = NewMeasure(kind=kind, flags=(flag.key,), owner="kandidaat", terms="Legt neer.", openness=Openness.PUBLIC)
    measure_id = recording.agree_measure(world.db, world.analyst, case.id, new)
    assert [measure.id for measure in heavy(world, case.id).measures] == [measure_id]
    recording.measure_done(world.db, world.analyst, case.id, measure_id, today())
    assert heavy(world, case.id).measures[0].done_on == today()
    with pytest.raises(NotAllowed):
        recording.measure_done(world.db, world.analyst, case.id, measure_id, today() + timedelta(days=1))
    recording.drop_measure(world.db, world.analyst, case.id, measure_id)
    assert heavy(world, case.id).measures == ()
    with pytest.raises(NotFound):
        recording.drop_measure(world.db, world.analyst, case.id, "niet van deze zaak")


def test_talking_points_hold_a_date_and_a_name_and_nothing_else(world: World):
    case, _ = world.in_review()
    review = reviewing.case_review(world.db, world.analyst, case.id)
    point = review.talking_points[0]
    recording.discuss(world.db, world.analyst, case.id, point.id, today())
    with pytest.raises(NotFound):
        recording.discuss(world.db, world.analyst, case.id, "iets_anders", today())
    discussed = reviewing.case_review(world.db, world.analyst, case.id).discussed
    assert [(one.talking_point, one.discussed_on, one.by_name) for one in discussed] == [
        (point.id, today(), world.analyst.name)
    ]


def test_the_concept_goes_out_only_with_a_fair_term_and_findings_on_what_weighs(world: World):
    case, _ = world.in_review()
    with pytest.raises(NotAllowed, match="bevinding"):
        hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=7))
    for one in reviewing.case_review(world.db, world.analyst, case.id).flags:
        reviewing.record_finding(world.db, world.analyst, case.id, *one.flag.key, "Gezien.")
    with pytest.raises(NotAllowed, match="dagen"):
        hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=1))
    assert hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=7)).step is Step.HEARING


def test_the_candidate_sees_the_concept_only_after_it_was_sent_and_replies_to_each_flag(world: World):
    case, candidate = world.in_review()
    with pytest.raises(NotFound):
        hearing.hearing_view(world.db, candidate, case.id)
    for one in reviewing.case_review(world.db, world.analyst, case.id).flags:
        reviewing.record_finding(world.db, world.analyst, case.id, *one.flag.key, "Gezien.")
    hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=7))
    view = hearing.hearing_view(world.db, candidate, case.id)
    assert view.may_reply
    with pytest.raises(NotAllowed, match="termijn"):
        hearing.close(world.db, world.analyst, case.id)
    for heard in view.flags:
        hearing.reply(world.db, candidate, case.id, *heard.flag.key, "Dat klopt.")
    hearing.respond(world.db, candidate, case.id, "Ik leg de functie neer.")
    after = hearing.hearing_view(world.db, candidate, case.id)
    assert (after.replied, after.response) == (len(view.flags), "Ik leg de functie neer.")
    with pytest.raises(NotFound):
        hearing.reply(world.db, world.analyst, case.id, *view.flags[0].flag.key, "Namens de kandidaat.")
    assert hearing.close(world.db, world.analyst, case.id).step is Step.WEIGHING


def test_a_conclusion_waits_for_every_decision_and_fits_them(world: World):
    case, _ = world.heard()
    blocked = concluding.conclude(
        world.db, world.principal, case.id, ConclusionKind.ATTENTION_POINTS, "Daarom.", "Klein."
    )
    assert isinstance(blocked, tuple)
    assert all(isinstance(one, Blocker) for one in blocked)
    for one in reviewing.case_review(world.db, world.principal, case.id).flags:
        reviewing.decide(world.db, world.principal, case.id, *one.flag.key, Outcome.ATTENTION_POINT, "Weegt licht.")
    with pytest.raises(NotAllowed, match="past niet"):
        concluding.conclude(world.db, world.principal, case.id, ConclusionKind.NO_OBSTACLE, "Daarom.", "Klein.")
    with pytest.raises(NotAllowed):
        concluding.conclude(world.db, world.clerk, case.id, ConclusionKind.ATTENTION_POINTS, "Daarom.", "Klein.")
    with pytest.raises(NotAllowed, match="restrisico"):
        concluding.conclude(world.db, world.principal, case.id, ConclusionKind.ATTENTION_POINTS, "Daarom.", "")


def test_the_whole_way_to_aftercare_and_back_after_a_late_fact(world: World):
    case, candidate = world.concluded()
    review = reviewing.case_review(world.db, world.principal, case.id)
    assert isinstance(review.conclusion, Conclusion)
    assert review.actions[0] is Action.PRESENT
    with pytest.raises(NotAllowed):
        concluding.reopen(world.db, world.clerk, case.id, "")
    assert concluding.reopen(world.db, world.clerk, case.id, "De kandidaat meldde een schuld.").step is Step.IN_REVIEW
    timeline = status_page(world.db, candidate, case.id).timeline
    assert timeline[-1].reason == "De kandidaat meldde een schuld."

    other, _ = world.concluded()
    concluding.present(world.db, world.clerk, other.id)
    with pytest.raises(NotAllowed):
        concluding.record_outcome(world.db, world.clerk, other.id, appointed=True, on=today() + timedelta(days=1))
    assert concluding.record_outcome(world.db, world.clerk, other.id, appointed=True, on=today()).step is Step.APPOINTED
    assert concluding.start_aftercare(world.db, world.clerk, other.id).step is Step.AFTERCARE
    assert audit.verify(world.db) == ()

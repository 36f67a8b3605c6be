"""The clock jumps while people work, years ahead and back: nobody stays shut out or in, nothing counts twice or never."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session

from app.accounts import second_factor
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.errors import NotAllowed
from app.reviews.decisions import ConclusionKind, Outcome
from app.settings import Settings
from app.store import candidate_ways, cases, ids, invitations, wall_clock
from app.store.rows import CaseRow
from app.store.types import utc_now
from app.usecases import (
    attachments,
    concluding,
    documents,
    entering,
    failure_peaks,
    hearing,
    joining,
    own_account,
    own_copy,
    reminding,
    reviewing,
    second_step,
    setting_up,
    signing_in,
)
from app.usecases import invitations as inviting
from app.usecases.entering import AtDoor
from app.usecases.lines import today
from app.usecases.signing_in import Halfway, Refused
from tests.signing_in import PASSWORD, by_mail, code_of, enter, give_app, mailed_code, person
from tests.usecases import files
from tests.usecases.world import World, make_world, token_of

pytestmark = pytest.mark.massive

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AHEAD = NOON + timedelta(days=2000)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8, smtp_host="")
CLERK = "gerda.griffioen@voorbeeld.example"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(session: Session, clock: time_machine.Traveller) -> World:
    assert utc_now() == NOON
    return make_world(session, CHEAP)


def at_door(world: World, invited: inviting.Invited) -> AtDoor:
    door = entering.begin(world.db, CHEAP, token_of(invited), invited.code)
    assert isinstance(door, AtDoor), door
    return door


def restarted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a new process does about identities before it serves anybody."""
    monkeypatch.setattr(ids, "_clock", type(ids._clock)())
    world.db.flush()
    wall_clock.go_on_after_newest(world.db)


def test_a_code_that_was_mailed_while_the_clock_was_ahead_does_not_work_for_years(
    world: World, clock: time_machine.Traveller
) -> None:
    case = world.case()
    clock.move_to(AHEAD)
    invited = world.invited(case)
    for _ in range(entering.MOST_CODES):
        door = at_door(world, invited)
        assert entering.send_code(world.db, door.token) is None
    clock.shift(timedelta(minutes=-9))
    assert entering.waiting(world.db, door.token) is not None, "a small step back sends nobody away"
    clock.move_to(NOON)
    assert entering.waiting(world.db, door.token) is None
    assert entering.with_mailed_code(world.db, CHEAP, door.token, mailed_code(world.db)) == Refused(
        entering.OVER, over=True
    )
    # Nor do the codes that were mailed then keep anybody from getting one now.
    again = world.invited(case)
    assert isinstance(by_mail(world.db, CHEAP, again.link, again.code), SignedIn)


def test_a_mailed_code_ends_when_the_clock_leaps_and_the_next_one_works(
    world: World, clock: time_machine.Traveller
) -> None:
    invited = world.invited(world.case())
    door = at_door(world, invited)
    entering.send_code(world.db, door.token)
    clock.shift(timedelta(minutes=12))
    assert entering.with_mailed_code(world.db, CHEAP, door.token, mailed_code(world.db)) == Refused(
        entering.WRONG_MAILED
    )
    clock.shift(timedelta(days=3))
    assert isinstance(by_mail(world.db, CHEAP, invited.link, invited.code), SignedIn)


def test_an_app_that_was_used_while_the_clock_was_ahead_works_when_it_is_right_and_no_code_works_twice(
    world: World, clock: time_machine.Traveller
) -> None:
    assert isinstance(enter(world.db, CHEAP, CLERK), SignedIn)
    before = code_of(CLERK)
    clock.move_to(AHEAD)
    assert isinstance(enter(world.db, CHEAP, CLERK), SignedIn)
    ahead = code_of(CLERK)
    clock.move_to(NOON)
    assert isinstance(enter(world.db, CHEAP, CLERK), Refused), "the code that was used before the leap"
    clock.shift(timedelta(seconds=30))
    halfway = signing_in.begin(world.db, CHEAP, CLERK, PASSWORD)
    assert isinstance(halfway, Halfway)
    assert isinstance(second_step.finish(world.db, CHEAP, halfway.token, before), Refused)
    assert isinstance(second_step.finish(world.db, CHEAP, halfway.token, code_of(CLERK)), SignedIn)
    assert isinstance(enter(world.db, CHEAP, CLERK), Refused)
    clock.move_to(AHEAD)
    assert code_of(CLERK) == ahead
    assert isinstance(enter(world.db, CHEAP, CLERK), Refused), "a code of the time ahead, when that time really comes"


def test_the_app_of_a_candidate_that_was_used_while_the_clock_was_ahead_works_when_it_is_right(
    world: World, clock: time_machine.Traveller
) -> None:
    invited = world.invited(world.case())
    door = at_door(world, invited)
    step = candidate_ways.step(world.db, fingerprint(door.token), utc_now())
    assert step is not None
    secret = bytes(step[0].secret or b"")

    def code() -> str:
        return second_factor.code_of(secret, second_factor.step_at(utc_now()))

    used = code()
    assert isinstance(entering.with_app(world.db, CHEAP, door.token, used), SignedIn)
    clock.move_to(NOON + timedelta(days=15))
    assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(invited), code()), SignedIn)
    clock.move_to(NOON)
    assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(invited), used), Refused)
    clock.shift(timedelta(seconds=30))
    assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(invited), code()), SignedIn)


def test_a_recovery_code_works_once_wherever_the_clock_goes(world: World, clock: time_machine.Traveller) -> None:
    give_app(world.db, CLERK)
    one, two, *_ = setting_up.new_codes(world.db, world.clerk)

    def use(code: str) -> SignedIn | Refused:
        halfway = signing_in.begin(world.db, CHEAP, CLERK, PASSWORD)
        assert isinstance(halfway, Halfway)
        return second_step.finish(world.db, CHEAP, halfway.token, code)

    clock.move_to(AHEAD)
    assert isinstance(use(one), SignedIn)
    clock.move_to(NOON)
    assert isinstance(use(one), Refused)
    assert isinstance(use(two), SignedIn)


def test_a_link_that_was_sent_while_the_clock_was_ahead_ends_when_it_is_right(
    world: World, clock: time_machine.Traveller
) -> None:
    case, other = world.case(), world.case(name="Bo Berg")
    clock.move_to(AHEAD)
    invited = world.invited(case)
    clock.move_to(NOON)
    assert inviting.face(world.db, token_of(invited)).state == "expired"
    assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), invited.code), Refused)
    again = world.invited(case)
    assert isinstance(by_mail(world.db, CHEAP, again.link, again.code), SignedIn)
    clock.move_to(NOON + timedelta(days=3))
    invited = world.invited(other)
    clock.move_to(NOON)
    assert isinstance(by_mail(world.db, CHEAP, invited.link, invited.code), SignedIn), "three days send nobody away"


def test_a_link_for_a_new_password_and_a_question_to_a_device_end_when_a_clock_that_was_ahead_is_set_back(
    world: World, clock: time_machine.Traveller
) -> None:
    clock.move_to(AHEAD)
    link = joining.send_link(world.db, CHEAP, world.admin, person(world.db, CLERK), "password").rpartition("/")[2]
    step, _ = second_step.ask_for_passkey(world.db, CHEAP)
    face = joining.face(world.db, CHEAP, link)
    assert face is not None
    assert face.open
    clock.move_to(NOON)
    face = joining.face(world.db, CHEAP, link)
    assert face is not None
    assert not face.open
    assert second_step.with_passkey(world.db, CHEAP, step, "{}") == Refused(second_step.OVER, over=True)


def test_nobody_counts_as_just_signed_in_because_the_clock_went_back(
    world: World, clock: time_machine.Traveller
) -> None:
    signed_in = enter(world.db, CHEAP, CLERK)
    assert isinstance(signed_in, SignedIn)
    clock.shift(timedelta(minutes=-20))
    assert signing_in.who(world.db, CHEAP, signed_in.token) is not None
    with pytest.raises(NotAllowed):
        own_account.begin_adding(world.db, signed_in.actor)


def test_a_reminder_from_the_time_ahead_keeps_nobody_from_sending_one(
    world: World, clock: time_machine.Traveller
) -> None:
    case, _ = world.answering()
    clock.move_to(AHEAD)
    reminding.remind(world.db, CHEAP, world.clerk, case.id)
    clock.move_to(NOON)
    reminding.remind(world.db, CHEAP, world.clerk, case.id)
    with pytest.raises(NotAllowed, match="vandaag al"):
        reminding.remind(world.db, CHEAP, world.clerk, case.id)


def test_a_peak_of_failures_from_the_time_ahead_ends_when_the_clock_is_right(
    world: World, clock: time_machine.Traveller
) -> None:
    clock.move_to(AHEAD)
    for number in range(CHEAP.failure_peak):
        signing_in.begin(world.db, CHEAP, f"niemand{number}@voorbeeld.example", "verkeerd")
    assert failure_peaks.look(world.db, CHEAP, world.clerk.organisation_id)
    clock.move_to(NOON)
    assert not failure_peaks.look(world.db, CHEAP, world.clerk.organisation_id)
    for number in range(CHEAP.failure_peak):
        signing_in.begin(world.db, CHEAP, f"niemand{number}@voorbeeld.example", "verkeerd")
    assert failure_peaks.look(world.db, CHEAP, world.clerk.organisation_id), "the next peak is told again"


def test_what_was_decided_last_counts_also_when_the_clock_was_ahead_for_what_came_before(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = world.heard()
    clock.move_to(AHEAD)
    (one, *_) = reviewing.case_review(world.db, world.principal, case.id).flags
    flag = one.flag.rule, one.flag.item
    reviewing.decide(world.db, world.principal, case.id, *flag, Outcome.ATTENTION_POINT, "Te laat op de klok.")
    clock.move_to(NOON)
    restarted(world, monkeypatch)
    reviewing.decide(world.db, world.principal, case.id, *flag, Outcome.ATTENTION_POINT, "Het laatste woord.")
    (one, *_) = reviewing.case_review(world.db, world.principal, case.id).flags
    assert [decision.motivation for decision in one.decisions][-1] == "Het laatste woord."


def test_the_newest_invitation_is_the_one_that_was_sent_last(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.case()
    clock.move_to(AHEAD)
    world.invited(case)
    clock.move_to(NOON)
    restarted(world, monkeypatch)
    invited = world.invited(case)
    newest = invitations.newest(world.db, world.db.get_one(CaseRow, case.id))
    assert newest is not None
    assert newest.token_sha256 == fingerprint(token_of(invited))


def test_what_the_council_got_is_found_although_it_was_made_while_the_clock_was_ahead(
    world: World, clock: time_machine.Traveller
) -> None:
    case, candidate = world.concluded()
    clock.move_to(AHEAD)
    made = documents.make_document(world.db, CHEAP, world.clerk, case.id, "council_version")
    clock.move_to(NOON)
    concluding.present(world.db, world.clerk, case.id)
    draft = documents.make_document(world.db, CHEAP, world.clerk, case.id, "council_version")
    record, _ = own_copy.gather(world.db, cases.access(world.db, candidate, case.id))
    found = {one.sha256 for one in record.documents}
    assert made.sha256 in found
    assert draft.sha256 not in found


def test_a_file_that_came_after_the_concept_can_be_taken_away_wherever_the_clock_was_meanwhile(
    world: World, clock: time_machine.Traveller
) -> None:
    case, candidate = world.in_review()
    for one in reviewing.case_review(world.db, world.analyst, case.id).flags:
        reviewing.record_finding(world.db, world.analyst, case.id, one.flag.rule, one.flag.item, "Gezien.", "Overleg.")
    clock.move_to(AHEAD)
    hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=7))
    clock.move_to(NOON)
    added = attachments.add(world.db, CHEAP, candidate, case.id, filename="brief.pdf", subject="Brief", body=files.PDF)
    assert isinstance(added, attachments.AttachmentLine), added
    attachments.remove(world.db, candidate, case.id, added.id)
    assert attachments.list_attachments(world.db, candidate, case.id) == ()


def test_a_candidate_reads_the_decisions_behind_a_conclusion_wherever_the_clock_was_meanwhile(
    world: World, clock: time_machine.Traveller
) -> None:
    case, candidate = world.heard()
    clock.move_to(AHEAD)
    for one in reviewing.case_review(world.db, world.principal, case.id).flags:
        flag = one.flag.rule, one.flag.item
        reviewing.decide(world.db, world.principal, case.id, *flag, Outcome.ATTENTION_POINT, "Weegt licht, zei men.")
    clock.move_to(NOON)

    def copied() -> str:
        return repr(own_copy.gather(world.db, cases.access(world.db, candidate, case.id))[0])

    assert "Weegt licht, zei men." not in copied()
    told = ConclusionKind.ATTENTION_POINTS, "Er is over gesproken.", "Klein."
    done = concluding.conclude(world.db, world.principal, case.id, *told)
    assert not isinstance(done, tuple), done
    assert "Weegt licht, zei men." in copied()

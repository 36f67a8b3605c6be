"""How long a case is kept, who may move that, and that what is destroyed is gone and proven."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Step
from app.reviews.retention import Choice, End, Kept, Policy, Standing, Start, Term
from app.store import audit, outbox
from app.store import retention as kept
from app.store.rows import CaseRow, DestructionRow, metadata
from app.store.types import canonical
from app.usecases import (
    cases,
    concluding,
    destroying,
    documents,
    keeping_daily,
    own_copy,
    retention,
    retention_overview,
    retention_policy,
    rounds,
    withdrawing,
)
from app.usecases.lines import CaseLine, today
from app.usecases.retention import Ask
from tests.usecases.world import World


def policy(months: int | None = 0, **more: Any) -> Policy:
    terms = tuple(
        Term(end, what, months if what is Kept.CASE else None, category=f"{end.value}-1")
        for end in End
        for what in Kept
    )
    return replace(Policy("Selectielijst van het voorbeeld", terms), **more)


@pytest.fixture
def with_policy(world: World) -> World:
    retention_policy.set_policy(world.db, world.admin, policy())
    return world


def ended(world: World) -> tuple[CaseLine, Actor]:
    """A case whose candidate was not appointed today."""
    case, candidate = world.concluded()
    documents.make_document(world.db, world.settings, world.clerk, case.id, "council_version")
    concluding.present(world.db, world.clerk, case.id)
    return concluding.record_outcome(world.db, world.clerk, case.id, appointed=False, on=today()), candidate


def withdrawn(world: World) -> tuple[CaseLine, Actor]:
    case, candidate = world.in_review()
    return cases.withdraw(world.db, candidate, case.id), candidate


def destroyed(world: World, case: CaseLine) -> str:
    asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    done = destroying.confirm(world.db, world.settings, world.principal, case.id, asked, accepted=True)
    assert done is not None
    return done


def lines_about(world: World, case_id: str) -> dict[str, int]:
    found = {}
    for table in metadata.sorted_tables:
        if "case_id" in table.c:
            query = sa.select(sa.func.count()).select_from(table).where(table.c.case_id == case_id)
            found[table.name] = world.db.connection().execute(query).scalar_one()
    return {name: count for name, count in found.items() if count}


def test_without_a_policy_nothing_is_computed(world: World):
    case, _ = withdrawn(world)
    shown = retention.keeping(world.db, world.clerk, case.id)
    assert (shown.policy, shown.clocks) == (None, ())
    with pytest.raises(NotAllowed, match="geen bewaarbeleid"):
        retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Weg ermee.")


def test_only_an_administrator_sets_the_policy_and_only_a_whole_one(world: World):
    with pytest.raises(NotAllowed, match="beheerder"):
        retention_policy.set_policy(world.db, world.clerk, policy())
    with pytest.raises(NotAllowed, match="precies één termijn"):
        retention_policy.set_policy(world.db, world.admin, replace(policy(), terms=()))
    retention_policy.set_policy(world.db, world.admin, policy(6, warn_days=10, choices=frozenset({Choice.RECEIVE})))
    assert retention_policy.policy(world.db, world.auditor) == policy(
        6, warn_days=10, choices=frozenset({Choice.RECEIVE})
    )


def test_candidate_and_clerk_see_the_same_day(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(12))
    case, candidate = withdrawn(world)
    theirs = retention.keeping(world.db, candidate, case.id)
    assert theirs.clocks == retention.keeping(world.db, world.clerk, case.id).clocks
    assert theirs.clocks[0].on is not None
    assert theirs.clocks[0].on.year == today().year + 1
    for stranger in (world.auditor, world.admin, world.analyst, world.elsewhere):
        with pytest.raises(NotFound):
            retention.keeping(world.db, stranger, case.id)


def test_a_newer_policy_leaves_older_cases_alone_until_two_people_say_so(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    retention_policy.set_policy(world.db, world.admin, policy(24))
    shown = retention.keeping(world.db, world.clerk, case.id)
    assert shown.policy == policy()
    assert shown.newer == policy(24)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.ADOPT, "De nieuwe lijst geldt.")
    assert retention.keeping(world.db, world.clerk, case.id).policy == policy()
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    shown = retention.keeping(world.db, world.clerk, case.id)
    assert (shown.policy, shown.newer) == (policy(24), None)


def test_nobody_confirms_what_they_asked_themselves(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    with pytest.raises(NotAllowed, match="zelf gevraagd"):
        destroying.confirm(world.db, world.settings, world.clerk, case.id, asked, accepted=True)
    assert retention.keeping(world.db, world.clerk, case.id).requests[0].is_open


def test_a_refused_request_changes_nothing_and_stays_on_record(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    assert destroying.confirm(world.db, world.settings, world.principal, case.id, asked, accepted=False) is None
    shown = retention.keeping(world.db, world.clerk, case.id)
    assert not shown.destroyed
    assert [(one.accepted, one.decided_by_name) for one in shown.requests] == [(False, "Bram Burgers")]


def test_a_term_that_still_runs_forbids_destruction(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(1))
    case, _ = withdrawn(world)
    with pytest.raises(NotAllowed, match="nog niet voorbij"):
        retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")


def test_an_extension_takes_two_people_and_moves_the_day(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    later = today() + timedelta(days=200)
    with pytest.raises(NotAllowed, match="toekomst"):
        retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Bezwaar loopt.", today())
    asked = retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Bezwaar loopt.", later)
    assert retention.keeping(world.db, world.clerk, case.id).clocks[0].on == today()
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert retention.keeping(world.db, world.clerk, case.id).clocks[0].on == later


def test_holding_counts_at_once_and_letting_go_takes_two(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    waiting = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    retention.ask(world.db, world.clerk, case.id, Ask.HOLD, "Er loopt een procedure.")
    assert retention.keeping(world.db, world.clerk, case.id).clocks[0].standing is Standing.HELD
    with pytest.raises(NotAllowed, match="vastgehouden"):
        destroying.confirm(world.db, world.settings, world.principal, case.id, waiting, accepted=True)
    freed = retention.ask(world.db, world.clerk, case.id, Ask.RELEASE, "De procedure is klaar.")
    assert retention.keeping(world.db, world.clerk, case.id).held_since is not None
    retention.decided(world.db, world.principal, case.id, freed, accepted=True)
    assert retention.keeping(world.db, world.clerk, case.id).held_since is None


def test_while_a_case_is_held_also_the_choice_of_the_candidate_waits(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(choices=frozenset({Choice.DESTROY})))
    case, candidate = withdrawn(world)
    withdrawing.choose(world.db, candidate, case.id, Choice.DESTROY)
    (waiting,) = retention.keeping(world.db, world.clerk, case.id).requests
    retention.ask(world.db, world.clerk, case.id, Ask.HOLD, "Er loopt een procedure.")
    with pytest.raises(NotAllowed, match="vastgehouden"):
        destroying.confirm(world.db, world.settings, world.principal, case.id, waiting.id, accepted=True)
    assert lines_about(world, case.id)["answer"] > 0
    freed = retention.ask(world.db, world.clerk, case.id, Ask.RELEASE, "De procedure is klaar.")
    retention.decided(world.db, world.principal, case.id, freed, accepted=True)
    assert destroying.confirm(world.db, world.settings, world.principal, case.id, waiting.id, accepted=True)


def test_the_end_of_the_office_starts_the_clock_of_who_was_appointed(world: World):
    terms = tuple(
        Term(one.end, one.kept, one.months, Start.END_OF_OFFICE if one.end is End.APPOINTED else one.start)
        for one in policy(3).terms
    )
    retention_policy.set_policy(world.db, world.admin, replace(policy(3), terms=terms))
    case, _ = world.concluded()
    concluding.present(world.db, world.clerk, case.id)
    concluding.record_outcome(world.db, world.clerk, case.id, appointed=True, on=today() - timedelta(days=30))
    assert retention.keeping(world.db, world.clerk, case.id).clocks[0].standing is Standing.WAITING
    with pytest.raises(NotAllowed, match="Deze datum kan niet"):
        retention.left_office(world.db, world.clerk, case.id, today() - timedelta(days=31))
    retention.left_office(world.db, world.clerk, case.id, today())
    assert retention.keeping(world.db, world.clerk, case.id).clocks[0].standing in {Standing.RUNNING, Standing.NEAR}


def test_who_withdraws_chooses_within_the_policy(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(12, choices=frozenset({Choice.DESTROY})))
    case, candidate = withdrawn(world)
    with pytest.raises(NotAllowed, match="past niet"):
        withdrawing.choose(world.db, candidate, case.id, Choice.RECEIVE)
    withdrawing.choose(world.db, candidate, case.id, Choice.DESTROY)
    withdrawing.choose(world.db, candidate, case.id, Choice.DESTROY)
    (request,) = retention.keeping(world.db, world.clerk, case.id).requests
    assert (request.kind, request.is_open) == (Ask.DESTROY, True)
    # The term of the organisation still runs, but this is what the candidate was promised.
    assert destroying.confirm(world.db, world.settings, world.clerk, case.id, request.id, accepted=True) is not None


def test_who_wants_everything_first_is_waited_for_until_it_came(with_policy: World):
    world = with_policy
    case, candidate = withdrawn(world)
    with pytest.raises(NotAllowed, match="niets te bevestigen"):
        withdrawing.received(world.db, candidate, case.id)
    withdrawing.choose(world.db, candidate, case.id, Choice.RECEIVE)
    # The term is over at once, and still nobody is faster than the candidate.
    with pytest.raises(NotAllowed, match="eerst alles ontvangen"):
        retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    with pytest.raises(NotAllowed, match="Download eerst"):
        withdrawing.received(world.db, candidate, case.id)
    own_copy.give(world.db, world.settings, candidate, case.id)
    with pytest.raises(NotFound):
        withdrawing.received(world.db, world.clerk, case.id)
    withdrawing.received(world.db, candidate, case.id)
    first = retention.keeping(world.db, world.clerk, case.id).received_at
    withdrawing.received(world.db, candidate, case.id)
    assert retention.keeping(world.db, candidate, case.id).received_at == first is not None
    confirmed = audit.of_case(world.db, world.clerk.organisation_id, case.id, ("copy_confirmed",))
    assert len(confirmed) == 1
    asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
    with pytest.raises(NotAllowed, match="zelf gevraagd"):
        destroying.confirm(world.db, world.settings, world.clerk, case.id, asked, accepted=True)
    assert destroying.confirm(world.db, world.settings, world.principal, case.id, asked, accepted=True) is not None


def test_silence_does_not_keep_a_case_for_ever(with_policy: World):
    world = with_policy
    case, candidate = withdrawn(world)
    withdrawing.choose(world.db, candidate, case.id, Choice.RECEIVE)
    until = retention.keeping(world.db, candidate, case.id).receive_until
    assert until == today() + timedelta(days=policy().warn_days)
    with time_machine.travel(until.isoformat(), tick=False):
        asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Termijn voorbij.")
        assert destroying.confirm(world.db, world.settings, world.principal, case.id, asked, accepted=True)


def test_who_wants_everything_after_all_takes_the_destruction_back(with_policy: World):
    world = with_policy
    case, candidate = withdrawn(world)
    withdrawing.choose(world.db, candidate, case.id, Choice.DESTROY)
    withdrawing.choose(world.db, candidate, case.id, Choice.RECEIVE)
    (request,) = retention.keeping(world.db, world.clerk, case.id).requests
    assert (request.is_open, request.decided_by_name) == (False, "de kandidaat")
    with pytest.raises(NotAllowed, match="al besloten"):
        destroying.confirm(world.db, world.settings, world.clerk, case.id, request.id, accepted=True)


def test_only_who_withdrew_has_a_choice(with_policy: World):
    case, candidate = ended(with_policy)
    with pytest.raises(NotFound):
        withdrawing.choose(with_policy.db, candidate, case.id, Choice.DESTROY)


def test_after_destruction_only_what_names_nobody_is_left(with_policy: World):
    world = with_policy
    case, _ = ended(world)
    before = lines_about(world, case.id)
    destroyed(world, case)
    left = lines_about(world, case.id)
    assert set(left) <= set(kept.SURVIVES) | {"document"}
    assert before["answer"] > 0
    stub = world.db.get_one(CaseRow, case.id)
    assert (stub.step, stub.candidate_name, stub.candidate_email, stub.appointment_date) == (
        Step.DESTROYED, "", "", None,
    )  # fmt: skip
    for table in metadata.sorted_tables:
        for row in world.db.connection().execute(sa.select(table)):
            assert case.candidate_name not in repr(tuple(row)), table.name
    with pytest.raises(NotAllowed, match="al vernietigd"):
        retention.ask(world.db, world.clerk, case.id, Ask.DESTROY, "Nog een keer.")
    for page in (cases.case_page, documents.documents):
        with pytest.raises(NotFound):
            page(world.db, world.clerk, case.id)
    assert case.id not in {one.id for one in rounds.round_view(world.db, world.clerk, case.round_id).cases}


def test_the_documents_of_the_council_stay_when_the_policy_says_so(with_policy: World):
    world = with_policy
    case, _ = ended(world)
    destroyed(world, case)
    (line,) = documents.outliving(world.db, world.clerk)
    assert (line.kind, documents.fetch(world.db, world.clerk, line.id)[1][:2]) == ("council_version", b"PK")
    for stranger in (world.elsewhere, world.auditor):
        with pytest.raises(NotFound):
            documents.fetch(world.db, stranger, line.id)


def test_documents_of_the_council_go_when_their_own_term_is_over(world: World):
    terms = tuple(replace(one, months=0) for one in policy().terms)
    retention_policy.set_policy(world.db, world.admin, replace(policy(), terms=terms))
    case, _ = ended(world)
    destroyed(world, case)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY_COUNCIL, "Ook deze termijn is voorbij.")
    assert destroying.confirm(world.db, world.settings, world.principal, case.id, asked, accepted=True)
    assert documents.outliving(world.db, world.clerk) == ()
    assert {one.kept for one in destroying.destructions(world.db, world.auditor)} == {"case", "council_version"}


def test_the_declaration_matches_the_audit_log_and_names_no_candidate(with_policy: World):
    world = with_policy
    case, _ = ended(world)
    made = destroyed(world, case)
    row = world.db.get_one(DestructionRow, made)
    (line,) = (
        one for one in audit.of_case(world.db, world.clerk.organisation_id, case.id) if one.action == "destroyed"
    )
    assert hashlib.sha256(canonical(row.manifest)).hexdigest() == row.manifest_sha256
    assert row.manifest_sha256 in line.detail
    name, body = destroying.declaration(world.db, world.auditor, made)
    assert name.endswith(".docx")
    assert hashlib.sha256(body).hexdigest() in line.detail
    with pytest.raises(NotFound):
        destroying.declaration(world.db, world.elsewhere, made)
    assert not audit.verify(world.db)


def test_every_table_about_a_case_is_destroyed_or_says_why_not():
    for table in metadata.sorted_tables:
        refers = {key.column.table.name for key in table.foreign_keys}
        if "case_file" in refers and table.name != "kept_document":  # what outlives its case names only the stub
            assert "case_id" in table.c, f"{table.name} has lines about a case that nobody can find back"
    named = {name.partition(":")[0] for name in destroying.TITLES}
    assert {table.name for table in kept.tables_of_a_case()} <= named


def test_the_list_shows_dates_and_no_names(with_policy: World):
    world = with_policy
    case, _ = withdrawn(world)
    (line,) = retention_overview.list_of(world.db, world.auditor)
    assert (line.reference, line.end, line.destroyed) == (case.reference, End.WITHDRAWN, False)
    assert case.candidate_name not in repr(line)
    assert retention_overview.list_of(world.db, world.elsewhere) == ()
    with pytest.raises(NotFound):
        retention_overview.list_of(world.db, world.analyst)


def test_everybody_concerned_is_warned_once_and_again_when_the_day_moves(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(1, warn_days=60))
    case, _ = withdrawn(world)
    assert keeping_daily.warn(world.db, world.settings).cases == 1
    assert keeping_daily.warn(world.db, world.settings).cases == 0
    mails = [row for row in outbox.newest(world.db) if row.name == "retention_near"]
    assert len(mails) == 3
    texts = [outbox.letter_of(row).text for row in mails]
    assert sum("/bewaren" in text for text in texts) == 2
    asked = retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Bezwaar.", today() + timedelta(days=50))
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert keeping_daily.warn(world.db, world.settings).cases == 1


def test_nobody_is_warned_about_a_day_that_is_far_or_a_case_that_is_held(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(12, warn_days=30))
    withdrawn(world)
    assert keeping_daily.warn(world.db, world.settings).cases == 0
    retention_policy.set_policy(world.db, world.admin, policy(0))
    held, _ = withdrawn(world)
    retention.ask(world.db, world.clerk, held.id, Ask.HOLD, "Procedure.")
    assert keeping_daily.warn(world.db, world.settings).cases == 0


def test_a_policy_survives_being_written_down():
    assert retention_policy.policy_from(retention_policy.to_jsonable(policy(7))) == policy(7)

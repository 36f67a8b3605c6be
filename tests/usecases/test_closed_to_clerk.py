"""Where the organisation closes the content to the clerk, the clerk works with process facts and what the council got."""

import pytest
from sqlmodel import col, select

from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import WITHOUT_CONTENT
from app.store import audit
from app.store import cases as stored_cases
from app.store.rows import AuditRow, OutboxRow
from app.usecases import (
    attachments,
    cases,
    closing_to_clerk,
    concluding,
    documents,
    notes,
    own_copy,
    reminding,
    reviewing,
    rounds,
    worklist,
)
from app.usecases.lines import today
from tests.usecases.conftest import Reviewed
from tests.usecases.world import World

WHY = "De griffier adviseert de raad, en doet daarom niet mee."


def close(world: World) -> None:
    closing_to_clerk.set_closed(world.db, world.principal, closed=True, reason=WHY)


def test_the_principal_decides_with_a_reason_that_the_clerk_reads(reviewed: Reviewed):
    world = reviewed.world
    close(world)
    shown = closing_to_clerk.page(world.db, world.clerk)
    assert (shown.closed, shown.may_set) == (True, False)
    assert [(one.closed, one.reason, one.by_name) for one in shown.history] == [(True, WHY, world.principal.name)]
    with pytest.raises(NotAllowed, match="burgemeester"):
        closing_to_clerk.set_closed(world.db, world.clerk, closed=False, reason="Ik wil meelezen.")
    with pytest.raises(NotAllowed, match="Zo staat het al"):
        close(world)
    with pytest.raises(NotAllowed):
        closing_to_clerk.set_closed(world.db, world.principal, closed=False, reason=" ")
    closing_to_clerk.set_closed(world.db, world.principal, closed=False, reason="Toch samen.")
    assert not closing_to_clerk.page(world.db, world.clerk).closed
    assert reviewing.case_review(world.db, world.clerk, reviewed.case.id).case.id == reviewed.case.id
    audit.settle(world.db)
    lines = world.db.exec(select(AuditRow).where(col(AuditRow.action) == "settings_changed")).all()
    assert [line.detail for line in lines if "closed_to_clerk" in line.detail] == [
        '{"changed":["closed_to_clerk"],"closed":true}', '{"changed":["closed_to_clerk"],"closed":false}',
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["analyst", "auditor", "admin"])
def test_it_is_nobody_elses_to_see_or_to_set(reviewed: Reviewed, who: str):
    world = reviewed.world
    with pytest.raises(NotFound):
        closing_to_clerk.page(world.db, getattr(world, who))
    with pytest.raises(NotFound):
        closing_to_clerk.set_closed(world.db, getattr(world, who), closed=True, reason=WHY)


def test_another_organisation_is_not_closed_by_it(reviewed: Reviewed):
    close(reviewed.world)
    assert not closing_to_clerk.page(reviewed.world.db, reviewed.world.elsewhere).closed


def test_by_command_it_does_the_same(reviewed: Reviewed):
    world = reviewed.world
    closing_to_clerk.set_by_command(world.db, "Gemeente Voorbeeldstad", closed=True, reason=WHY)
    assert closing_to_clerk.page(world.db, world.clerk).history[0].by_name == "opdracht op de server"
    with pytest.raises(NotFound):
        reviewing.case_review(world.db, world.clerk, reviewed.case.id)
    with pytest.raises(NotFound):
        closing_to_clerk.set_by_command(world.db, "Gemeente Nergens", closed=True, reason=WHY)


def test_the_clerk_reads_the_council_version_once_it_was_presented_and_no_other_document(reviewed: Reviewed):
    world = reviewed.world
    case, _ = world.concluded()

    def made() -> str:
        return documents.make_document(world.db, world.settings, world.principal, case.id, "council_version").id

    early, sent = made(), made()
    close(world)
    assert documents.documents(world.db, world.clerk, case.id) == ()
    concluding.present(world.db, world.principal, case.id)
    later = made()
    assert [line.id for line in documents.documents(world.db, world.clerk, case.id)] == [sent]
    assert documents.fetch(world.db, world.clerk, sent)[1][:2] == b"PK"
    for hidden in (early, later):
        with pytest.raises(NotFound):
            documents.fetch(world.db, world.clerk, hidden)
    assert {line.id for line in documents.documents(world.db, world.principal, case.id)} == {early, sent, later}
    concluding.reopen(world.db, world.principal, case.id, "Een laatste melding over De Vlieghei.")
    assert [line.id for line in documents.documents(world.db, world.clerk, case.id)] == [sent]
    told = cases.case_page(world.db, world.clerk, case.id)
    assert "De Vlieghei" not in repr(told)


def test_what_is_closed_stays_closed_in_every_corner(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    close(world)
    for act in (
        lambda: attachments.list_attachments(world.db, world.clerk, case.id),
        lambda: notes.notes_of(world.db, world.clerk, case.id),
        lambda: concluding.present(world.db, world.clerk, case.id),
        lambda: documents.preview(world.db, world.clerk, case.id, "council_version"),
    ):
        with pytest.raises(NotFound):
            act()
    shown = cases.case_page(world.db, world.clerk, case.id)
    assert (shown.closed_to_clerk, shown.reads_content) == (True, False)
    assert cases.case_page(world.db, world.analyst, case.id).closed_to_clerk
    assert "De Vlieghei" not in repr(shown) + repr(rounds.round_view(world.db, world.clerk, case.round_id))


def test_what_waits_for_a_review_does_not_wait_for_a_clerk_who_cannot_read_it(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    assert {line.case.id: line.mine for line in worklist.waiting(world.db, world.clerk)}[case.id]
    before = worklist.totals(world.db, world.clerk)
    close(world)
    waiting = worklist.waiting(world.db, world.clerk)
    assert not {line.case.id: line.mine for line in waiting}[case.id]
    assert all(line.action in WITHOUT_CONTENT for line in waiting if line.mine)
    assert worklist.totals(world.db, world.clerk) == (before[0] - 1, before[1] + 1)
    reminding.remind(world.db, world.settings, world.principal, case.id)
    mailed = world.db.exec(select(OutboxRow).where(OutboxRow.name == "reminder", OutboxRow.case_id == case.id)).all()
    assert mailed
    assert "gerda.griffioen@voorbeeld.example" not in {row.to_address for row in mailed}


def test_the_copy_for_a_candidate_says_who_reads_it_and_the_clerk_cannot_make_one(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    close(world)
    access = stored_cases.access(world.db, reviewed.candidate, case.id)
    record = own_copy.gather(world.db, access)[0]
    assert not [one for part in record.sections for one in part.questions if "griffier" in one.readers]
    readers = {one.label: one.value for one in record.processing}["Wie uw gegevens krijgen"]
    assert "De griffier ziet alleen uw naam en adres, de stap en de data." in readers
    with pytest.raises(NotFound):
        own_copy.give(world.db, world.settings, world.clerk, case.id)


def test_the_clerk_still_records_the_outcome(reviewed: Reviewed):
    world = reviewed.world
    case, _ = world.concluded()
    concluding.present(world.db, world.principal, case.id)
    close(world)
    assert {line.case.id: line.mine for line in worklist.waiting(world.db, world.clerk)}[case.id]
    done = concluding.record_outcome(world.db, world.clerk, case.id, appointed=True, on=today())
    assert done.step_title == "Benoemd"

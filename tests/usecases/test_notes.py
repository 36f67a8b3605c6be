"""Working notes: for their author, for others when shared, for nobody else, and until the conclusion."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.decisions import ConclusionKind
from app.reviews.independence import Relation
from app.store import audit, people
from app.store.rows import AuditRow, ReviewerNoteRow
from app.usecases import cases as case_pages
from app.usecases import concluding, documents, independence, notes, reviewing
from app.usecases.notes import CaseNotes
from tests.usecases.conftest import Reviewed
from tests.usecases.world import World

SECRET = "Bel de penningmeester nog."


def texts(world: World, who: Actor, case_id: str) -> list[str]:
    return [line.text for line in notes.notes_of(world.db, who, case_id).lines]


def test_a_note_is_for_its_author_until_it_is_shared(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = notes.write(world.db, world.analyst, case.id, SECRET)
    assert texts(world, world.analyst, case.id) == [SECRET]
    assert texts(world, world.principal, case.id) == texts(world, world.clerk, case.id) == []
    notes.change(world.db, world.analyst, case.id, made, SECRET, shared=True)
    (line,) = notes.notes_of(world.db, world.principal, case.id).lines
    assert (line.text, line.by_name, line.own) == (SECRET, world.analyst.name, False)
    notes.change(world.db, world.analyst, case.id, made, SECRET, shared=False)
    assert texts(world, world.principal, case.id) == []


@given(
    written=st.lists(st.tuples(st.sampled_from(["analyst", "principal", "clerk"]), st.booleans()), max_size=6),
    reader=st.sampled_from(["analyst", "principal", "clerk"]),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_everybody_reads_exactly_their_own_notes_and_the_shared_ones(
    reviewed: Reviewed, written: list[tuple[str, bool]], reader: str
):
    world, case = reviewed.world, reviewed.case
    with world.db.begin_nested() as nested:
        before = texts(world, getattr(world, reader), case.id)
        for number, (who, shared) in enumerate(written):
            notes.write(world.db, getattr(world, who), case.id, f"{who} {number}", shared=shared)
        expected = [f"{who} {n}" for n, (who, shared) in enumerate(written) if shared or who == reader]
        assert texts(world, getattr(world, reader), case.id) == before + expected
        nested.rollback()


@pytest.mark.parametrize("shared", [True, False])
def test_only_the_author_changes_a_note_or_takes_it_away(reviewed: Reviewed, shared: bool):
    world, case = reviewed.world, reviewed.case
    made = notes.write(world.db, world.analyst, case.id, SECRET, shared=shared)
    for other in (world.principal, world.clerk, world.idle_analyst, world.elsewhere, world.admin, reviewed.candidate):
        for act in (
            lambda who: notes.own_note(world.db, who, case.id, made),
            lambda who: notes.change(world.db, who, case.id, made, "Anders.", shared=True),
            lambda who: notes.remove(world.db, who, case.id, made),
        ):
            with pytest.raises((NotFound, NotAllowed)):
                act(other)
    assert texts(world, world.analyst, case.id) == [SECRET]
    notes.remove(world.db, world.analyst, case.id, made)
    assert not world.db.exec(select(ReviewerNoteRow).where(ReviewerNoteRow.id == made)).all()


@pytest.mark.parametrize("who", ["idle_analyst", "auditor", "admin", "elsewhere"])
def test_who_does_not_review_the_case_has_no_notes_there(reviewed: Reviewed, who: str):
    world, case = reviewed.world, reviewed.case
    notes.write(world.db, world.analyst, case.id, SECRET, shared=True)
    for act in (
        lambda: notes.notes_of(world.db, getattr(world, who), case.id),
        lambda: notes.write(world.db, getattr(world, who), case.id, "Ik ook."),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_candidate_never_reads_a_note(reviewed: Reviewed):
    world, case, candidate = reviewed.world, reviewed.case, reviewed.candidate
    notes.write(world.db, world.analyst, case.id, SECRET, shared=True)
    with pytest.raises(NotFound):
        notes.notes_of(world.db, candidate, case.id)
    told = case_pages.status_page(world.db, candidate, case.id)
    assert "notitie" not in repr(told).lower()
    assert SECRET not in repr(told)


def test_who_stepped_aside_reads_and_writes_no_notes_any_more(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    notes.write(world.db, world.analyst, case.id, SECRET, shared=True)
    independence.declare(world.db, world.clerk, case.id, Relation.STEPS_ASIDE, "Ik ken de familie.")
    with pytest.raises(NotFound):
        notes.notes_of(world.db, world.clerk, case.id)


def test_where_the_content_is_closed_to_the_clerk_notes_are_too(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    notes.write(world.db, world.clerk, case.id, SECRET)
    organisation = people.organisation_of(world.db, world.clerk)
    organisation.settings = {**organisation.settings, "closed_to_clerk": True}
    with pytest.raises(NotFound):
        notes.notes_of(world.db, world.clerk, case.id)


def test_a_note_belongs_to_a_flag_of_this_case(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    flag = reviewing.case_review(world.db, world.analyst, case.id).flags[0].flag
    notes.write(world.db, world.analyst, case.id, SECRET, flag=flag.key)
    found = notes.notes_of(world.db, world.analyst, case.id)
    assert [(line.about, line.holds) for line in found.about_flag(flag.key)] == [(flag.title, True)]
    assert found.about_case() == ()
    with pytest.raises(NotFound):
        notes.write(world.db, world.analyst, case.id, SECRET, flag=("NOPE-99", None))


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_note_is_a_text_of_at_most_a_page(reviewed: Reviewed, text: str):
    with pytest.raises(NotAllowed):
        notes.write(reviewed.world.db, reviewed.world.analyst, reviewed.case.id, text)


def test_notes_are_frozen_by_the_conclusion_and_open_again_with_the_case(reviewed: Reviewed):
    world = reviewed.world
    case, _ = world.decided()
    made = notes.write(world.db, world.principal, case.id, SECRET)
    done = concluding.conclude(
        world.db, world.principal, case.id, ConclusionKind.ATTENTION_POINTS, "Besproken.", "Klein."
    )
    assert not isinstance(done, tuple)
    found: CaseNotes = notes.notes_of(world.db, world.principal, case.id)
    assert ([line.text for line in found.lines], found.may_write) == ([SECRET], False)
    for act in (
        lambda: notes.write(world.db, world.principal, case.id, "Nog iets."),
        lambda: notes.change(world.db, world.principal, case.id, made, "Anders.", shared=True),
        lambda: notes.remove(world.db, world.principal, case.id, made),
    ):
        with pytest.raises(NotAllowed, match="Conclusie vastgesteld"):
            act()
    concluding.reopen(world.db, world.principal, case.id, "Een laatste melding.")
    notes.remove(world.db, world.principal, case.id, made)
    assert texts(world, world.principal, case.id) == []


def test_a_note_changes_nothing_about_the_case_and_stands_in_no_document(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    before = case_pages.case_page(world.db, world.principal, case.id).case.version
    notes.write(world.db, world.principal, case.id, SECRET, shared=True)
    assert case_pages.case_page(world.db, world.principal, case.id).case.version == before
    council = documents.preview(world.db, world.principal, case.id, "council_version")
    assert SECRET not in "\n".join(council.texts())
    assert SECRET not in repr(documents.snapshot(world.db, world.principal, case.id))


def test_writing_and_reading_leave_lines_without_what_was_written(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = notes.write(world.db, world.analyst, case.id, SECRET, shared=True)
    notes.notes_of(world.db, world.principal, case.id)
    notes.change(world.db, world.analyst, case.id, made, SECRET + "!", shared=False)
    notes.remove(world.db, world.analyst, case.id, made)
    audit.settle(world.db)
    lines = world.db.exec(
        select(AuditRow).where(AuditRow.case_id == case.id, col(AuditRow.action).startswith("note"))
    ).all()
    assert {line.action for line in lines} == {"note_written", "notes_read", "note_changed", "note_removed"}
    assert all(SECRET not in f"{line.detail}{line.object_id}" for line in lines)

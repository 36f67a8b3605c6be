"""What reviewers add: with its source, before the concept, read by the candidate with it, and taken away by nobody after."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.accounts.actor import Actor
from app.errors import DeclarationNeeded, NotAllowed, NotFound
from app.questionnaires.kinds import Source
from app.reviews.independence import Relation
from app.store.rows import AttachmentRow, AuditRow
from app.usecases import (
    answering,
    attachments,
    closing_to_clerk,
    hearing,
    independence,
    own_copy,
    reviewer_files,
    reviewing,
    submitting,
)
from app.usecases.attachments import AttachmentLine, FileSource, Misplaced, NewFile
from app.usecases.lines import today
from tests.usecases import files
from tests.usecases.conftest import CHEAP, Reviewed
from tests.usecases.world import CLUB, World

CANARY = "Kanarie-herkomst-Qz7"
SOURCE = FileSource(Source.PUBLIC_MEDIA, "De Vliethoek", today())


def new(subject: str = "Interview", about: str = "", body: bytes = files.PDF) -> NewFile:
    return NewFile("interview.pdf", subject, body, about)


def found(world: World, actor: Actor, case_id: str, about: str = "", source: FileSource = SOURCE) -> AttachmentLine:
    made = reviewer_files.add(world.db, CHEAP, actor, case_id, new(about=about), source)
    assert isinstance(made, AttachmentLine)
    return made


def put_to_candidate(world: World, case_id: str) -> None:
    for one in reviewing.case_review(world.db, world.analyst, case_id).flags:
        reviewing.record_finding(world.db, world.analyst, case_id, one.flag.rule, one.flag.item, "Gezien.")
    hearing.send_concept(world.db, world.analyst, case_id, today() + timedelta(days=7))


def acts(db: Session, case_id: str) -> list[str]:
    return list(db.exec(select(AuditRow.action).where(AuditRow.case_id == case_id)).all())


def test_a_file_has_a_source_and_who_added_it_and_reviewers_read_it_at_once(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = found(world, world.analyst, case.id)
    (line,) = reviewer_files.files_of(world.db, world.principal, case.id).lines
    assert (line.subject, line.source, line.by_name) == ("Interview", SOURCE, world.analyst.name)
    assert not line.of_candidate
    assert attachments.fetch(world.db, world.principal, made.id)[1] == files.PDF
    assert {"attachment_added", "attachment_read"} <= set(acts(world.db, case.id))


def test_the_candidate_reads_it_with_the_concept_and_not_before(reviewed: Reviewed):
    world, case, candidate = reviewed.world, reviewed.case, reviewed.candidate
    made = found(world, world.analyst, case.id)
    assert attachments.list_attachments(world.db, candidate, case.id) == ()
    with pytest.raises(NotFound):
        attachments.fetch(world.db, candidate, made.id)
    put_to_candidate(world, case.id)
    (line,) = attachments.list_attachments(world.db, candidate, case.id)
    assert (line.id, line.removable) == (made.id, False)
    assert attachments.fetch(world.db, candidate, made.id)[1] == files.PDF
    # That the candidate read it is on record too: it shows that both sides were heard about it.
    assert "file_of_reviewer_read" in acts(world.db, case.id)
    with pytest.raises(NotFound):
        attachments.remove(world.db, candidate, case.id, made.id)
    with pytest.raises(NotFound):
        attachments.fetch(world.db, reviewed.other_candidate, made.id)


@pytest.mark.parametrize("by_colleague", [False, True])
def test_a_copy_holds_it_once_the_candidate_may_read_it_whoever_makes_the_copy(
    reviewed: Reviewed, *, by_colleague: bool
):
    world, case = reviewed.world, reviewed.case
    who = world.clerk if by_colleague else reviewed.candidate
    found(world, world.analyst, case.id)

    def in_copy() -> list[str]:
        with zipfile.ZipFile(io.BytesIO(own_copy.give(world.db, CHEAP, who, case.id).body)) as archive:
            kept = json.loads(archive.read(own_copy.RECORD))
            assert [one["file"] for one in kept["attachments"]] == [
                name for name in archive.namelist() if name.startswith("bijlagen/")
            ]
        assert ("bijlagen van beoordelaars" in json.dumps(kept["left_out"])) is not bool(kept["attachments"])
        return [one["subject"] for one in kept["attachments"]]

    assert in_copy() == []
    put_to_candidate(world, case.id)
    assert in_copy() == ["Interview"]


def test_after_the_concept_nothing_is_added_or_taken_away_until_it_is_back_in_review(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    first = found(world, world.analyst, case.id)
    put_to_candidate(world, case.id)
    for step in ("hearing", "weighing"):
        assert not reviewer_files.files_of(world.db, world.analyst, case.id).may_add
        with pytest.raises(NotAllowed):
            found(world, world.analyst, case.id)
        with pytest.raises(NotAllowed):
            reviewer_files.remove(world.db, world.analyst, case.id, first.id)
        if step == "hearing":
            for one in reviewing.case_review(world.db, world.analyst, case.id).flags:
                hearing.not_asked(world.db, world.analyst, case.id, one.flag.rule, one.flag.item, "Spreekt voor zich.")
            hearing.close(world.db, world.analyst, case.id)
    hearing.back_to_review(world.db, world.analyst, case.id, "Er kwam een brief.")
    second = found(world, world.analyst, case.id)
    # What went out with a concept stays; what came after it can still go.
    with pytest.raises(NotAllowed, match="concept"):
        reviewer_files.remove(world.db, world.analyst, case.id, first.id)
    reviewer_files.remove(world.db, world.analyst, case.id, second.id)
    assert [one.id for one in reviewer_files.files_of(world.db, world.analyst, case.id).lines] == [first.id]


def test_after_the_conclusion_nobody_changes_a_file(reviewed: Reviewed):
    world = reviewed.world
    case, candidate = world.concluded()
    for actor in (world.analyst, world.principal):
        with pytest.raises(NotAllowed):
            found(world, actor, case.id)
    with pytest.raises(NotAllowed):
        attachments.add(world.db, CHEAP, candidate, case.id, filename="a.pdf", subject="Brief", body=files.PDF)


def test_only_who_added_a_file_takes_it_away(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = found(world, world.analyst, case.id)
    for other in (world.principal, world.clerk):
        with pytest.raises(NotFound):
            reviewer_files.remove(world.db, other, case.id, made.id)
    reviewer_files.remove(world.db, world.analyst, case.id, made.id)
    assert reviewer_files.files_of(world.db, world.principal, case.id).lines == ()
    assert "attachment_removed" in acts(world.db, case.id)


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (FileSource(Source.PUBLIC_MEDIA, "  ", today()), "herkomst"),
        (FileSource(Source.PUBLIC_MEDIA, "x" * 301, today()), "herkomst"),
        (FileSource(Source.PUBLIC_MEDIA, "Krant", today() + timedelta(days=1)), "datum"),
    ],
)
def test_without_a_source_that_can_be_it_is_not_taken(reviewed: Reviewed, source: FileSource, field: str):
    world, case = reviewed.world, reviewed.case
    refused = reviewer_files.add(world.db, CHEAP, world.analyst, case.id, new(), source)
    assert isinstance(refused, Misplaced)
    assert refused.field == field
    assert reviewer_files.files_of(world.db, world.analyst, case.id).lines == ()


def test_what_it_is_is_looked_at_like_any_other_file(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    bomb = files.word_with({"word/media/bom.png": b"\0" * 20_000_000})
    for body in (b"MZ\x90\0", b"", bomb, files.png() + files.archive({"a": b"b"})):
        assert isinstance(
            reviewer_files.add(world.db, CHEAP, world.analyst, case.id, new(body=body), SOURCE), Misplaced
        )


def test_each_side_has_room_of_its_own(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attachments, "MOST", 1)
    world, case = reviewed.world, reviewed.case
    found(world, world.analyst, case.id)
    full = reviewer_files.add(world.db, CHEAP, world.principal, case.id, new(), SOURCE)
    assert isinstance(full, Misplaced)
    put_to_candidate(world, case.id)
    own = attachments.add(
        world.db, CHEAP, reviewed.candidate, case.id, filename="a.pdf", subject="Brief", body=files.PDF
    )
    assert isinstance(own, AttachmentLine)


def test_with_the_reply_a_candidate_adds_evidence_and_takes_back_only_that(reviewed: Reviewed):
    world = reviewed.world
    case, candidate = world.answering()
    first = attachments.add(world.db, CHEAP, candidate, case.id, filename="a.pdf", subject="Eerst", body=files.PDF)
    assert isinstance(first, AttachmentLine)
    submitting.submit(world.db, CHEAP, candidate, case.id, truthful=True, will_report=True)
    reviewing.start_review(world.db, world.analyst, case.id)
    put_to_candidate(world, case.id)
    assert attachments.may_add(world.db, candidate, case.id)
    second = attachments.add(world.db, CHEAP, candidate, case.id, filename="b.pdf", subject="Later", body=files.PDF)
    assert isinstance(second, AttachmentLine)
    with pytest.raises(NotAllowed):
        attachments.remove(world.db, candidate, case.id, first.id)
    attachments.remove(world.db, candidate, case.id, second.id)
    assert [one.id for one in attachments.list_attachments(world.db, candidate, case.id)] == [first.id]


def test_a_file_belongs_to_a_question_or_to_one_thing_of_a_list(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    places = reviewer_files.files_of(world.db, world.analyst, case.id).places
    (club,) = [path for path in places if path.startswith("side_positions[")]
    line = found(world, world.analyst, case.id, about=club)
    assert line.about == club
    assert "De Vlieghei" in line.about_title
    assert found(world, world.analyst, case.id, about="is_resident").about_title == places["is_resident"]
    for unknown in ("side_positions[weg]", "bestaat_niet", "side_positions.role", "../x"):
        refused = reviewer_files.add(world.db, CHEAP, world.analyst, case.id, new(about=unknown), SOURCE)
        assert isinstance(refused, Misplaced)
        assert refused.field == "antwoord"


def test_a_file_stays_when_what_it_belonged_to_is_gone(reviewed: Reviewed):
    world = reviewed.world
    case, candidate = world.answering()
    items = world.fill_in(candidate, CLUB)
    club = f"side_positions[{items['sp1']}]"
    made = attachments.add(
        world.db, CHEAP, candidate, case.id, filename="a.pdf", subject="Opzegging", body=files.PDF, about=club
    )
    assert isinstance(made, AttachmentLine)
    answering.remove_item(world.db, candidate, case.id, "side_positions", items["sp1"])
    (line,) = attachments.list_attachments(world.db, candidate, case.id)
    assert (line.id, line.about_title) == (made.id, "een antwoord dat er niet meer is")
    assert club not in attachments.places(world.db, candidate, case.id)


def test_independence_and_the_closed_clerk_hold_for_files_too(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = found(world, world.analyst, case.id)
    for stranger in (world.elsewhere, world.auditor, world.admin, world.idle_analyst, reviewed.candidate):
        with pytest.raises(NotFound):
            reviewer_files.files_of(world.db, stranger, case.id)
        with pytest.raises(NotFound):
            found(world, stranger, case.id)
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Mijn zwager.")
    with pytest.raises((NotFound, DeclarationNeeded)):
        reviewer_files.files_of(world.db, world.clerk, case.id)
    with pytest.raises((NotFound, DeclarationNeeded)):
        attachments.fetch(world.db, world.clerk, made.id)


def test_a_clerk_for_whom_the_content_is_closed_has_no_files(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = found(world, world.analyst, case.id)
    closing_to_clerk.set_closed(world.db, world.principal, closed=True, reason="Wens van de raad.")
    for act in (
        lambda: reviewer_files.files_of(world.db, world.clerk, case.id),
        lambda: found(world, world.clerk, case.id),
        lambda: attachments.fetch(world.db, world.clerk, made.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_nothing_that_was_typed_about_a_file_lies_readable_in_the_database(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    made = found(world, world.analyst, case.id, "is_resident", FileSource(Source.OTHER_PUBLIC, CANARY, today()))
    row = world.db.connection().execute(text("SELECT about, source FROM attachment WHERE id = :id"), {"id": made.id})
    ((about, source),) = row
    assert CANARY.encode() not in bytes(source)
    assert b"is_resident" not in bytes(about)
    world.db.expire_all()
    read = world.db.get(AttachmentRow, made.id)
    assert read is not None
    assert (read.about, (read.source or {})["origin"]) == ("is_resident", CANARY)

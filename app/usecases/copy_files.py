"""The files of a case for the copy: attachments and documents, as far as they are the candidate's to read now."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from app.dossiers import copy_record as told
from app.store import attachments, documents
from app.store.cases import CaseAccess
from app.usecases.assessing import read_case
from app.usecases.attachment_places import title_of
from app.usecases.attachments import source_of
from app.usecases.documents import KINDS
from app.usecases.lines import ZONE


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """Lines that describe the files, and the files themselves by their place in the archive."""

    attachments: tuple[told.Attachment, ...]
    documents: tuple[told.Document, ...]
    bodies: tuple[tuple[str, bytes], ...]


def files_of(db: Session, access: CaseAccess, *, presented: bool) -> CaseFiles:
    """Read the files of a case. The document for the council is the candidate's to read once it was sent."""
    attached = tuple(_attachments(db, access))
    made = tuple(_documents(db, access, ("receipt", "council_version") if presented else ("receipt",)))
    bodies = [(line.file, body) for line, body in attached] + [(line.file, body) for line, body in made]
    return CaseFiles(tuple(line for line, _ in attached), tuple(line for line, _ in made), tuple(bodies))


def _attachments(db: Session, access: CaseAccess) -> list[tuple[told.Attachment, bytes]]:
    found = []
    rows = attachments.of_case(db, access, as_candidate=True)
    reading = read_case(db, access.case) if any(row.about for row in rows) else None
    for number, line in enumerate(rows, start=1):
        _, row = attachments.get(db, access.actor, line.id)
        source = source_of(row)
        shown = told.Attachment(
            file=f"bijlagen/{number:02}-{row.filename}",
            filename=row.filename,
            subject=row.subject,
            media_type=row.media_type,
            size=row.size,
            sha256=hashlib.sha256(row.body).hexdigest(),
            added_at=row.added_at.astimezone(ZONE),
            about=title_of(reading, row.about) if reading is not None and row.about else "",
            by_reviewer=not attachments.is_own(row),
            by=row.by_name,
            source=source.title if source else "",
            origin=source.origin if source else "",
            obtained_on=source.on if source else None,
        )
        found.append((shown, row.body))
    return found


def _documents(db: Session, access: CaseAccess, kinds: tuple[str, ...]) -> list[tuple[told.Document, bytes]]:
    found = []
    rows = documents.of_case(db, access, kinds)
    council = [row for row in rows if row.kind == "council_version"]
    # A version that was made after the last one that went out is a draft still.
    sent = {row.id for row in documents.presented(db, access.case.organisation_id, access.case.id, council)}
    for number, made in enumerate((row for row in reversed(rows) if row not in council or row.id in sent), start=1):
        _, row = documents.fetch(db, access.actor, made.id)
        shown = told.Document(
            file=f"documenten/{number:02}-{row.filename}",
            title=KINDS[row.kind].title,
            number=row.number,
            made_at=row.made_at.astimezone(ZONE),
            made_by=row.made_by_name,
            sha256=row.sha256,
            changed_since=row.case_version != access.case.version,
        )
        found.append((shown, row.body))
    return found

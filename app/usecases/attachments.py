"""Files that a candidate adds as evidence, such as a letter of resignation. Reviewers read them; no document prints them."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.lifecycle import Action, advance, allowed
from app.settings import Settings
from app.store import attachments, audit, cases
from app.store.engine import let_go
from app.store.rows import AttachmentRow
from app.usecases.attachment_kinds import FileKind, kind_of
from app.usecases.scanning import Scan, scan

MOST = 20
"""How many files one case takes."""
NAME_LENGTH = 100
SUBJECT_LENGTH = 200
TOO_MANY = f"U kunt hoogstens {MOST} bestanden toevoegen. Verwijder er eerst een, of bespreek de rest mondeling."
WRONG_KIND = "Dit bestand kunnen we niet aannemen. Kies een PDF, een foto (JPEG of PNG) of een Word-bestand (DOCX)."
INFECTED = "De virusscanner vond iets in dit bestand. Daarom bewaren we het niet. Kies een ander bestand."
SILENT = "We kunnen bestanden nu niet op virussen controleren. Probeer het later opnieuw."
EMPTY = "Kies eerst een bestand."
NO_SUBJECT = f"Schrijf in hoogstens {SUBJECT_LENGTH} tekens wat dit bestand is, bijvoorbeeld: mijn ontslagbrief."


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file on a line."""

    id: str
    filename: str
    subject: str
    media_type: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A file that was not taken: which field is wrong, and in Dutch what to do."""

    field: str
    message: str


def list_attachments(db: Session, actor: Actor, case_id: str) -> tuple[AttachmentLine, ...]:
    """Give the files of a case, for whoever may read its answers. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    return tuple(_line(row) for row in attachments.of_case(db, access))


def may_add(db: Session, actor: Actor, case_id: str) -> bool:
    """Tell whether this candidate can add and remove files now: as long as answers can be written. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    return actor.is_candidate and Action.ANSWER in allowed(access.case.step, actor.roles)


def add(
    db: Session, settings: Settings, actor: Actor, case_id: str, *, filename: str, subject: str, body: bytes
) -> AttachmentLine | Misplaced:
    """Take a file, when it is what it has to be. Raises NotFound for staff, NotAllowed when nothing can be added now."""
    _writable(db, actor, case_id, lock=False)
    wrong = _wrong(settings, subject, body)
    if wrong is not None:
        return wrong
    let_go(db)  # looking into a file and asking a scanner takes long; nobody should wait for it
    kind = kind_of(body)
    if kind is None:
        return Misplaced("bestand", WRONG_KIND)
    told = scan(settings.clamd_address, body) if settings.clamd_address else Scan.CLEAN
    if told is not Scan.CLEAN:
        return Misplaced("bestand", INFECTED if told is Scan.FOUND else SILENT)
    access = _writable(db, actor, case_id, lock=True)
    if len(attachments.of_case(db, access)) >= MOST:
        return Misplaced("bestand", TOO_MANY)
    row = attachments.put(
        db, access, filename=clean_name(filename, kind), subject=subject.strip(), media_type=kind.media_type, body=body
    )
    cases.touch(db, access.case)
    audit.append(db, actor, "attachment_added", "attachment", row.id, case_id=case_id, detail={"size": row.size})
    return _line(row)


def remove(db: Session, actor: Actor, case_id: str, attachment_id: str) -> None:
    """Take a file away. Raises NotFound, and NotAllowed when nothing can be changed now."""
    access = _writable(db, actor, case_id, lock=True)
    opened, row = attachments.get(db, actor, attachment_id)
    if opened.case.id != access.case.id:
        raise NotFound("a file of another case")
    attachments.remove(db, row)
    cases.touch(db, access.case)
    audit.append(db, actor, "attachment_removed", "attachment", attachment_id, case_id=case_id)


def fetch(db: Session, actor: Actor, attachment_id: str) -> tuple[AttachmentLine, bytes]:
    """Open a file. Raises NotFound when it is not for this person. Reading it is written in the audit log."""
    access, row = attachments.get(db, actor, attachment_id)
    if not actor.is_candidate:
        audit.read(db, actor, "attachment_read", "attachment", row.id, case_id=access.case.id)
    return _line(row), row.body


def clean_name(filename: str, kind: FileKind) -> str:
    """Give the name under which a file is handed out: no folders, no signs that mislead, and the ending of what it is."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    stem = last.rpartition(".")[0] or last
    plain = re.sub(r"[^\w ()+,.-]", "_", "".join(sign for sign in stem if sign.isprintable())).strip(" ._")
    return (plain[:NAME_LENGTH].strip(" ._") or "bijlage") + kind.ending


def _wrong(settings: Settings, subject: str, body: bytes) -> Misplaced | None:
    if not 0 < len(subject.strip()) <= SUBJECT_LENGTH:
        return Misplaced("onderwerp", NO_SUBJECT)
    if not body:
        return Misplaced("bestand", EMPTY)
    if len(body) > settings.attachment_bytes:
        most = settings.attachment_bytes // 1_000_000
        return Misplaced("bestand", f"Dit bestand is te groot. Een bestand mag hoogstens {most} MB zijn.")
    return None


def _writable(db: Session, actor: Actor, case_id: str, *, lock: bool) -> cases.CaseAccess:
    access = cases.access(db, actor, case_id, lock=lock)
    if not actor.is_candidate:
        raise NotFound("only the candidate adds files")
    advance(access.case.step, Action.ANSWER, actor.roles)
    return access


def _line(row: AttachmentRow) -> AttachmentLine:
    return AttachmentLine(row.id, row.filename, row.subject, row.media_type, row.size, row.added_at)

"""Files with a case: what every one of them has to be, what the candidate adds, and opening one.

A candidate adds evidence, such as a letter of resignation; what reviewers add is in `reviewer_files`. No document for the
council prints any of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.kinds import Source
from app.reviews.lifecycle import Action, advance, allowed
from app.settings import Settings
from app.store import attachments, audit, cases
from app.store.cases import CaseAccess
from app.store.engine import let_go
from app.store.rows import AttachmentRow
from app.usecases.assessing import read_case
from app.usecases.attachment_kinds import FileKind, kind_of
from app.usecases.attachment_places import offered, title_of
from app.usecases.records import SOURCE_TITLES
from app.usecases.reviewing import handed_in, open_for_review
from app.usecases.scanning import Scan, scan

MOST = 20
"""How many files the candidate can add to one case, and how many the reviewers can."""
NAME_LENGTH = 100
SUBJECT_LENGTH = 200
TOO_MANY = f"U kunt hoogstens {MOST} bestanden toevoegen. Verwijder er eerst een, of bespreek de rest mondeling."
WRONG_KIND = (
    "Dit bestand kunnen we niet aannemen. Kies een PDF, een foto (JPEG of PNG) of een Word-bestand (DOCX). Is het dat al? "
    "Dan zit er een wachtwoord, een programma of een ander bestand in. Druk het af naar een nieuwe PDF en kies die."
)
INFECTED = "De virusscanner vond iets in dit bestand. Daarom bewaren we het niet. Kies een ander bestand."
SILENT = "We kunnen bestanden nu niet op virussen controleren. Probeer het later opnieuw."
EMPTY = "Kies eerst een bestand."
NO_SUBJECT = f"Schrijf in hoogstens {SUBJECT_LENGTH} tekens wat dit bestand is, bijvoorbeeld: mijn ontslagbrief."
NO_ANSWER = "Dit antwoord is er niet meer. Kies een ander antwoord, of laat dit leeg."
HEARD = "Dit bestand hoort bij het concept dat is verstuurd. U kunt het niet meer verwijderen."


@dataclass(frozen=True, slots=True)
class FileSource:
    """Where a file that a reviewer added comes from: a permitted kind of source, in words, and on which day it was had."""

    kind: Source
    origin: str
    on: date

    @property
    def title(self) -> str:
        """What a user reads for the kind of source."""
        return SOURCE_TITLES[self.kind]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file on a line. `about` is the path of the answer it belongs to; `by_name` and `source` are for reviewers' files."""

    id: str
    filename: str
    subject: str
    media_type: str
    size: int
    added_at: datetime
    about: str
    about_title: str
    by_name: str
    source: FileSource | None
    removable: bool
    """Whether who asks can take it away now."""

    @property
    def of_candidate(self) -> bool:
        """Whether the candidate added it."""
        return not self.by_name


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A file that was not taken: which field is wrong, and in Dutch what to do."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that somebody wants to add, as it was sent."""

    filename: str
    subject: str
    body: bytes
    about: str = ""


def list_attachments(db: Session, actor: Actor, case_id: str) -> tuple[AttachmentLine, ...]:
    """Give the files of a case that somebody may read now: for others than the candidate none before they were handed in.

    Raises NotFound for who may not read the answers of this case.
    """
    access = cases.access(db, actor, case_id)
    access.require_content()
    return lines_of(db, access) if actor.is_candidate or handed_in(db, access) else ()


def may_add(db: Session, actor: Actor, case_id: str) -> bool:
    """Tell whether this candidate can add files now: while answering, and with the reply to a concept. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    return actor.is_candidate and not {Action.ANSWER, Action.REPLY}.isdisjoint(allowed(access.case.step, actor.roles))


def places(db: Session, actor: Actor, case_id: str) -> Mapping[str, str]:
    """Give the answers a file can belong to, in words by path. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    return offered(read_case(db, access.case))


def add(
    db: Session, settings: Settings, actor: Actor, case_id: str, *, filename: str, subject: str, body: bytes,
    about: str = "",
) -> AttachmentLine | Misplaced:  # fmt: skip
    """Take a file, when it is what it has to be. Raises NotFound for staff, NotAllowed when nothing can be added now."""
    new = NewFile(filename, subject, body, about)
    _writable(db, actor, case_id, lock=False)
    kind = examine(db, settings, new)
    if isinstance(kind, Misplaced):
        return kind
    return keep(db, _writable(db, actor, case_id, lock=True), new, kind)


def remove(db: Session, actor: Actor, case_id: str, attachment_id: str) -> None:
    """Take one's own file away. Raises NotFound, and NotAllowed when nothing can be changed now."""
    access = _writable(db, actor, case_id, lock=True)
    opened, row = attachments.get(db, actor, attachment_id)
    if opened.case.id != access.case.id or not attachments.is_own(row):
        raise NotFound("no such file of yours")
    if not _removable(access, row, attachments.heard_with(db, access)):
        raise NotAllowed(HEARD)
    drop(db, access, row)


def fetch(db: Session, actor: Actor, attachment_id: str) -> tuple[AttachmentLine, bytes]:
    """Open a file. Raises NotFound when it is not for this person, or not yet: before the answers were handed in.

    Reading what somebody else added is written in the audit log, also when the candidate reads what a reviewer added.
    """
    access, row = attachments.get(db, actor, attachment_id)
    if not actor.is_candidate:
        open_for_review(db, actor, access.case.id)
        audit.read(db, actor, "attachment_read", "attachment", row.id, case_id=access.case.id)
    elif not attachments.is_own(row):
        audit.read(db, actor, "file_of_reviewer_read", "attachment", row.id, case_id=access.case.id)
    return _line(row), row.body


# ── for every file, whoever adds it ──


def examine(db: Session, settings: Settings, new: NewFile) -> FileKind | Misplaced:
    """Look into a file and hold it against the scanner. Lets the database go: nobody should wait for this."""
    wrong = _wrong(settings, new)
    if wrong is not None:
        return wrong
    let_go(db)
    kind = kind_of(new.body)
    if kind is None:
        return Misplaced("bestand", WRONG_KIND)
    address = settings.clamd_address
    told = scan(address, new.body, seconds=settings.clamd_seconds) if address else Scan.CLEAN
    if told is not Scan.CLEAN:
        return Misplaced("bestand", INFECTED if told is Scan.FOUND else SILENT)
    return kind


def keep(
    db: Session, access: CaseAccess, new: NewFile, kind: FileKind, source: FileSource | None = None
) -> AttachmentLine | Misplaced:
    """Store a file that was looked into, when there is room and its answer is there. The case must be locked."""
    there = attachments.of_case(db, access)
    if sum(attachments.is_own(row) is access.actor.is_candidate for row in there) >= MOST:
        return Misplaced("bestand", TOO_MANY)
    reading = read_case(db, access.case) if new.about else None
    if reading is not None and new.about not in offered(reading):
        return Misplaced("antwoord", NO_ANSWER)
    row = attachments.put(
        db, access, filename=clean_name(new.filename, kind), subject=new.subject.strip(), media_type=kind.media_type,
        body=new.body, about=new.about,
        source=None if source is None else {"kind": source.kind, "origin": source.origin, "on": source.on.isoformat()},
    )  # fmt: skip
    line = _line(row, title_of(reading, new.about) if reading else "")
    cases.touch(db, access.case)
    case_id = access.case.id
    audit.append(db, access.actor, "attachment_added", "attachment", row.id, case_id=case_id, detail={"size": row.size})
    return line


def drop(db: Session, access: CaseAccess, row: AttachmentRow) -> None:
    """Take a file away, with a line in the log. The case must be locked."""
    attachments.remove(db, row)
    cases.touch(db, access.case)
    audit.append(db, access.actor, "attachment_removed", "attachment", row.id, case_id=access.case.id)


def lines_of(db: Session, access: CaseAccess) -> tuple[AttachmentLine, ...]:
    """Give the files of a case that who holds it open may read now, oldest first."""
    rows = attachments.of_case(db, access)
    reading = read_case(db, access.case) if any(row.about for row in rows) else None
    sent = attachments.heard_with(db, access) if rows else ""
    return tuple(
        _line(
            row,
            title_of(reading, row.about) if reading is not None and row.about else "",
            removable=_removable(access, row, sent),
        )
        for row in rows
    )


def source_of(row: AttachmentRow) -> FileSource | None:
    """Read where a file comes from; `None` for what the candidate added."""
    told = row.source
    return None if told is None else FileSource(Source(told["kind"]), told["origin"], date.fromisoformat(told["on"]))


def clean_name(filename: str, kind: FileKind) -> str:
    """Give the name under which a file is handed out: no folders, no signs that mislead, and the ending of what it is."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    stem = last.rpartition(".")[0] or last
    plain = re.sub(r"[^\w ()+,.-]", "_", "".join(sign for sign in stem if sign.isprintable())).strip(" ._")
    return (plain[:NAME_LENGTH].strip(" ._") or "bijlage") + kind.ending


def _wrong(settings: Settings, new: NewFile) -> Misplaced | None:
    if not 0 < len(new.subject.strip()) <= SUBJECT_LENGTH:
        return Misplaced("onderwerp", NO_SUBJECT)
    if not new.body:
        return Misplaced("bestand", EMPTY)
    if len(new.body) > settings.attachment_bytes:
        most = settings.attachment_bytes // 1_000_000
        return Misplaced("bestand", f"Dit bestand is te groot. Een bestand mag hoogstens {most} MB zijn.")
    return None


def _writable(db: Session, actor: Actor, case_id: str, *, lock: bool) -> CaseAccess:
    access = cases.access(db, actor, case_id, lock=lock)
    if not actor.is_candidate:
        raise NotFound("this form is for the candidate")
    if Action.REPLY not in allowed(access.case.step, actor.roles):
        advance(access.case.step, Action.ANSWER, actor.roles)
    return access


def _removable(access: CaseAccess, row: AttachmentRow, sent: str) -> bool:
    """Whoever added a file takes it away, as long as it is not part of a concept that was sent."""
    actor, can = access.actor, allowed(access.case.step, access.actor.roles)
    mine = attachments.is_own(row) if actor.is_candidate else row.by_id == actor.id
    if not mine or {Action.ANSWER, Action.REPLY, Action.ADD_FILE}.isdisjoint(can):
        return False
    return row.id > sent


def _line(row: AttachmentRow, about_title: str = "", *, removable: bool = False) -> AttachmentLine:
    return AttachmentLine(
        id=row.id,
        filename=row.filename,
        subject=row.subject,
        media_type=row.media_type,
        size=row.size,
        added_at=row.added_at,
        about=row.about or "",
        about_title=about_title,
        by_name=row.by_name,
        source=source_of(row),
        removable=removable,
    )

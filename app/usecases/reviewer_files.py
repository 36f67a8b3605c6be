"""Files that reviewers add: a document from a source that may be consulted, or a letter, each with where it comes from.

They belong to the record, unlike notes: the candidate reads them with the concept and answers to them. So they are added
before a concept goes out, and what went out with one stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Action, advance, allowed
from app.settings import Settings
from app.store import attachments as stored
from app.store.cases import CaseAccess
from app.usecases import attachments
from app.usecases.assessing import read_case
from app.usecases.attachment_places import offered
from app.usecases.attachments import AttachmentLine, FileSource, Misplaced, NewFile
from app.usecases.cases import read_by
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.reviewing import open_for_review

ORIGIN_LENGTH = 300
NO_ORIGIN = f"Schrijf in hoogstens {ORIGIN_LENGTH} tekens waar het vandaan komt, bijvoorbeeld: brief van de accountant."
FUTURE = "Deze datum ligt in de toekomst. Vul de dag in waarop u het vond of kreeg."


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """The files of a case for a reviewer, oldest first, and what a new one can belong to."""

    case: CaseLine
    lines: tuple[AttachmentLine, ...]
    places: Mapping[str, str]
    may_add: bool


def files_of(db: Session, actor: Actor, case_id: str) -> CaseFiles:
    """Give all files of a case to somebody who reviews it; that they looked is written in the log. Raises NotFound."""
    access = open_for_review(db, actor, case_id)
    read_by(db, access)
    return CaseFiles(
        case_line(access.case),
        attachments.lines_of(db, access),
        offered(read_case(db, access.case)),
        Action.ADD_FILE in allowed(access.case.step, actor.roles),
    )


def add(
    db: Session, settings: Settings, actor: Actor, case_id: str, new: NewFile, source: FileSource
) -> AttachmentLine | Misplaced:
    """Take a file, with where it comes from. Raises NotFound, and NotAllowed when the step allows no files."""
    _writable(db, actor, case_id, lock=False)
    source = FileSource(source.kind, source.origin.strip(), source.on)
    if not 0 < len(source.origin) <= ORIGIN_LENGTH:
        return Misplaced("herkomst", NO_ORIGIN)
    if source.on > today():
        return Misplaced("datum", FUTURE)
    kind = attachments.examine(db, settings, new)
    if isinstance(kind, Misplaced):
        return kind
    return attachments.keep(db, _writable(db, actor, case_id, lock=True), new, kind, source)


def own_file(db: Session, actor: Actor, case_id: str, attachment_id: str) -> tuple[CaseLine, AttachmentLine]:
    """Give a file one added, to take it away. Raises NotFound for anybody else's, NotAllowed once it went out."""
    access = _writable(db, actor, case_id, lock=False)
    line = next((one for one in attachments.lines_of(db, access) if one.id == attachment_id), None)
    if line is None or stored.get(db, actor, attachment_id)[1].by_id != actor.id:
        raise NotFound("no such file of yours")
    if not line.removable:
        raise NotAllowed(attachments.HEARD)
    read_by(db, access)
    return case_line(access.case), line


def remove(db: Session, actor: Actor, case_id: str, attachment_id: str) -> None:
    """Take away a file one added. Raises NotFound and NotAllowed as `own_file` does."""
    own_file(db, actor, case_id, attachment_id)
    access = _writable(db, actor, case_id, lock=True)
    attachments.drop(db, access, stored.get(db, actor, attachment_id)[1])


def _writable(db: Session, actor: Actor, case_id: str, *, lock: bool) -> CaseAccess:
    access = open_for_review(db, actor, case_id, lock=lock)
    advance(access.case.step, Action.ADD_FILE, actor.roles)
    return access

"""Documents: composed from a snapshot, stored once under a new number, never overwritten."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.blocks import Dossier
from app.dossiers.council import compose_council
from app.dossiers.independence import compose_declarations
from app.dossiers.receipt import compose_receipt
from app.dossiers.snapshot import Snapshot
from app.errors import NotFound, Stale
from app.questionnaires.answers import Answers
from app.questionnaires.showing import item_title
from app.reviews.independence import Standing
from app.reviews.lifecycle import REVIEWERS, Role, Step
from app.settings import Settings
from app.store import answers, audit, cases, people, retention
from app.store import documents as kept
from app.store.answers import StoredAnswers
from app.store.cases import CaseAccess
from app.store.engine import let_go
from app.store.rows import DocumentRow, KeptDocumentRow, SubmissionRow
from app.store.types import utc_now
from app.usecases import library
from app.usecases.assessing import CaseReading, read_case, reading_of
from app.usecases.closing_to_clerk import closed_to
from app.usecases.house_styles import style_of
from app.usecases.lines import ZONE, context_of
from app.usecases.reviewing import open_for_review
from app.usecases.snapshots import snapshot_of
from app.usecases.submitting import receipt_to_jsonable

# How often a document is written again because the case changed meanwhile.
ATTEMPTS = 3
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: what people call it, and who may make and read it."""

    id: str
    title: str
    filename: str
    roles: frozenset[Role]


COUNCIL, DECLARATIONS = "council_version", "declarations"
KINDS = MappingProxyType(
    {
        COUNCIL: DocumentKind(COUNCIL, "Raadsversie", "raadsversie", REVIEWERS),
        DECLARATIONS: DocumentKind(
            DECLARATIONS, "Verklaringen van onafhankelijkheid", "verklaringen-onafhankelijkheid", REVIEWERS
        ),
        "receipt": DocumentKind("receipt", "Ontvangstbewijs", "ontvangstbewijs", frozenset({Role.CANDIDATE})),
    }
)
"""Every kind of document there is."""

_COMPOSE: dict[str, Callable[[Snapshot], Dossier]] = {
    COUNCIL: compose_council,
    DECLARATIONS: compose_declarations,
}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document on a line. `sha256` is of its bytes: whoever holds the file can check it."""

    id: str
    case_id: str
    kind: str
    title: str
    number: int
    filename: str
    media_type: str
    size: int
    sha256: str
    made_at: datetime
    made_by_name: str
    stale: bool
    """The case changed after this document was made."""


def snapshot(db: Session, actor: Actor, case_id: str) -> Snapshot:
    """Take the case as it stands now, for a document. Raises NotFound."""
    access = open_for_review(db, actor, case_id)
    return snapshot_of(db, access, read_case(db, access.case), 0, utc_now())


def preview(db: Session, actor: Actor, case_id: str, kind: str) -> Dossier:
    """Compose a document without storing it: the same blocks as the file has. Raises NotFound."""
    access = open_for_review(db, actor, case_id)
    number = kept.next_number(db, access, _kind(actor, kind).id)
    composed = _compose(kind)(snapshot_of(db, access, read_case(db, access.case), number, utc_now()))
    audit.read(db, actor, "snapshot_read", "document", kind, case_id=case_id)
    return composed


def make_document(db: Session, settings: Settings, actor: Actor, case_id: str, kind: str) -> DocumentLine:
    """Make a document in the style of the organisation and store it under the next number.

    Raises NotFound for a kind that is not for this person.
    """
    chosen, compose = _kind(actor, kind), _compose(kind)
    for _ in range(ATTEMPTS):
        access = open_for_review(db, actor, case_id)
        version, number = access.case.version, kept.next_number(db, access, kind)
        reading = read_case(db, access.case)
        composed = compose(snapshot_of(db, access, reading, number, utc_now()))
        style = style_of(db, settings, actor)
        let_go(db)  # writing a document takes long; nobody should wait for it
        body = as_docx(composed, style)
        access = open_for_review(db, actor, case_id, lock=True)
        if (access.case.version, kept.next_number(db, access, kind)) == (version, number):
            return _keep(db, access, chosen, number, body, reading)
    raise Stale("the case kept changing while its document was written")


def receipt(db: Session, settings: Settings, actor: Actor, case_id: str) -> DocumentLine:
    """Give the candidate the receipt of the last submission; it is made once. Raises NotFound before there is one."""
    access = cases.access(db, actor, case_id, lock=True)
    handed = answers.submissions(db, access.case)
    if not actor.is_candidate or not handed:
        raise NotFound("no receipt for you")
    chosen, last = KINDS["receipt"], handed[0]
    for row in kept.of_case(db, access, (chosen.id,)):
        if row.number == last.number:
            return _line(access, row, kept.sizes(db, [row.id])[row.id])
    reading = _as_submitted(db, access, last)
    taken = snapshot_of(db, access, reading, last.number, last.at)
    asked = frozenset(str(path) for path in reading.survey.asked)
    body = as_docx(compose_receipt(taken, asked, _item_titles(reading)), style_of(db, settings, actor))
    return _keep(db, access, chosen, last.number, body, reading)


def documents(db: Session, actor: Actor, case_id: str) -> tuple[DocumentLine, ...]:
    """Give the documents of a case that are for this person, newest first.

    A clerk from whom the content is closed gets what went to the council: that can be read by anybody. Raises NotFound.
    """
    access = cases.access(db, actor, case_id)
    if access.standing is Standing.CLOSED:
        rows = _presented(db, access)
    else:
        access.require_content()
        rows = kept.of_case(db, access, tuple(kind.id for kind in KINDS.values() if actor.role in kind.roles))
    sizes = kept.sizes(db, [row.id for row in rows])
    return tuple(_line(access, row, sizes[row.id]) for row in rows)


def fetch(db: Session, actor: Actor, document_id: str) -> tuple[DocumentLine, bytes]:
    """Open a document. Raises NotFound when it is not for this person. Reading it is written in the audit log."""
    try:
        access, row = kept.fetch(db, actor, document_id)
    except NotFound:
        return _fetch_left(db, actor, document_id)
    if access.standing is Standing.CLOSED:
        _one_of(row, _presented(db, access))
    else:
        access.require_content()
    _kind(actor, row.kind)
    if not actor.is_candidate:
        audit.read(db, actor, "document_read", "document", row.id, case_id=access.case.id)
    return _line(access, row, len(row.body)), row.body


def outliving(db: Session, actor: Actor) -> tuple[DocumentLine, ...]:
    """Give the documents that are left of cases that were destroyed, as far as they are for this person."""
    rows = [row for row in retention.outliving(db, actor) if actor.role in KINDS[row.kind].roles]
    if closed_to(db, actor):
        stubs = dict.fromkeys(row.stub_id for row in rows)
        rows = [row for stub in stubs for row in _presented_left(db, actor, stub, rows)]
    return tuple(_left(row) for row in rows)


def _fetch_left(db: Session, actor: Actor, document_id: str) -> tuple[DocumentLine, bytes]:
    """Open a document whose case was destroyed: what the council received, and public then."""
    left = retention.outliving_document(db, actor, document_id)
    _kind(actor, left.kind)
    if closed_to(db, actor):
        _one_of(left, _presented_left(db, actor, left.stub_id, [left, *retention.outliving(db, actor)]))
    audit.read(db, actor, "document_read", "document", left.id, case_id=left.stub_id)
    return _left(left), left.body


def _presented(db: Session, access: CaseAccess) -> list[DocumentRow]:
    rows = kept.of_case(db, access, (COUNCIL,))
    return kept.presented(db, access.case.organisation_id, access.case.id, rows)


def _presented_left(db: Session, actor: Actor, stub_id: str, rows: Iterable[KeptDocumentRow]) -> list[KeptDocumentRow]:
    own = {row.id: row for row in rows if row.stub_id == stub_id and row.kind == COUNCIL}
    return kept.presented(db, actor.organisation_id, stub_id, own.values())


def _one_of(row: DocumentRow | KeptDocumentRow, open_to: Iterable[DocumentRow | KeptDocumentRow]) -> None:
    if row.id not in {one.id for one in open_to}:
        raise NotFound("closed to the clerk")


def _keep(
    db: Session, access: CaseAccess, kind: DocumentKind, number: int, body: bytes, reading: CaseReading
) -> DocumentLine:
    row = kept.keep(
        db,
        access,
        kind=kind.id,
        number=number,
        filename=f"{kind.filename}-{utc_now().astimezone(ZONE):%Y-%m-%d}-{number}.docx",
        media_type=DOCX,
        body=body,
        receipt=receipt_to_jsonable(reading.assessment.receipt),
    )
    detail = {"kind": kind.id, "number": number, "sha256": row.sha256}
    audit.append(db, access.actor, "document_made", "document", row.id, case_id=access.case.id, detail=detail)
    return _line(access, row, len(body))


def _as_submitted(db: Session, access: CaseAccess, handed: SubmissionRow) -> CaseReading:
    case = access.case
    asked = library.questionnaire(case.questionnaire, case.questionnaire_version)
    stored = StoredAnswers(Answers.from_jsonable(handed.answers), {})
    pack = people.pack_of(db, case.organisation_id)
    return reading_of(asked, context_of(case, handed.at.astimezone(ZONE).date()), stored, pack=pack)


def _item_titles(reading: CaseReading) -> dict[str, str]:
    return {
        f"{group.id}[{item}]": item_title(group, item, reading.answers, reading.context.tier)
        for group in reading.worded.groups.values()
        for item in reading.answers.items(group.id)
    }


def _kind(actor: Actor, kind: str) -> DocumentKind:
    found = KINDS.get(kind)
    if found is None or actor.role not in found.roles:
        raise NotFound("no such document for you")
    return found


def as_docx(dossier: Dossier, style: bytes) -> bytes:
    """Write a document in a Word style."""
    # Loaded with the first document: the library behind it takes a tenth of a second, and no page needs it to start.
    from app.dossiers.docx import render_docx  # noqa: PLC0415

    return render_docx(dossier, style)


def _compose(kind: str) -> Callable[[Snapshot], Dossier]:
    try:
        return _COMPOSE[kind]
    except KeyError:
        raise NotFound("this document is made elsewhere") from None


def _line(access: CaseAccess, row: DocumentRow, size: int) -> DocumentLine:
    return DocumentLine(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        title=KINDS[row.kind].title,
        number=row.number,
        filename=row.filename,
        media_type=row.media_type,
        size=size,
        sha256=row.sha256,
        made_at=row.made_at,
        made_by_name=row.made_by_name,
        stale=row.case_version != access.case.version and access.case.step is not Step.DESTROYED,
    )


def _left(row: KeptDocumentRow) -> DocumentLine:
    return DocumentLine(
        id=row.id,
        case_id=row.stub_id,
        kind=row.kind,
        title=KINDS[row.kind].title,
        number=row.number,
        filename=row.filename,
        media_type=row.media_type,
        size=len(row.body),
        sha256=row.sha256,
        made_at=row.made_at,
        made_by_name=row.made_by_name,
        stale=False,
    )

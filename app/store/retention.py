"""Queries about keeping and destroying. What is left of a destroyed case stands here too."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BindParameter, Table, bindparam, or_, text, update
from sqlmodel import Session, col
from sqlmodel import select as choose

from app.accounts.actor import Actor, system_actor
from app.errors import NotFound
from app.reviews.lifecycle import Step
from app.store import audit, keys
from app.store.rows import (
    AuditRow,
    CaseRow,
    DestructionRow,
    DocumentRow,
    KeptDocumentRow,
    OrganisationRow,
    PolicyChangeRow,
    RetentionRequestRow,
    RetentionRow,
    metadata,
)
from app.store.types import canonical, utc_now

SURVIVES = {
    "audit_entry": "the log proves what happened, and names no candidate",
    "audit_head": "the end of the log",
    "destruction": "it is the proof",
    "retention": "an outcome and dates, without a person",
}
"""The tables with lines about a case that a destruction leaves alone, each with its reason. Every other table loses them."""


COUNCIL_KINDS = ("council_version",)
"""The kinds of document that fall under the term for council documents."""

_SAY_SO = ("destroyed", "destruction_known")
"""What the audit log calls it."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many lines of one table were there, and the SHA-256 over their exact contents."""

    table: str
    count: int
    sha256: str


def find(db: Session, case: CaseRow) -> RetentionRow | None:
    """Give what is known about keeping a case; `None` before its outcome."""
    return db.get(RetentionRow, case.id)


def add(db: Session, row: RetentionRow | RetentionRequestRow | DestructionRow) -> None:
    """Write a new row."""
    db.add(row)
    db.flush()  # pages of the same request read it back


def requests(db: Session, case_id: str) -> list[RetentionRequestRow]:
    """Give every request about a case, or about what is left of it, newest first."""
    about = or_(col(RetentionRequestRow.case_id) == case_id, col(RetentionRequestRow.stub_id) == case_id)
    query = choose(RetentionRequestRow).where(about)
    return list(db.exec(query.order_by(col(RetentionRequestRow.id).desc())).all())


def request_of(db: Session, case_id: str, request_id: str) -> RetentionRequestRow:
    """Give one request about a case, or about what is left of it. Raises NotFound."""
    row = db.get(RetentionRequestRow, request_id)
    if row is None or case_id not in {row.case_id, row.stub_id}:
        raise NotFound("no such request")
    return row


def remember_policy(db: Session, row: OrganisationRow, policy: dict[str, Any], reason: str, by_name: str) -> None:
    """Write down that an organisation set its policy: for outcomes from now on."""
    db.add(PolicyChangeRow(organisation_id=row.id, policy=policy, reason=reason, by_name=by_name))
    db.flush()  # a page of the same request shows it


def policy_changes(db: Session, organisation_id: str) -> list[PolicyChangeRow]:
    """Give every time an organisation set its policy, newest first."""
    query = choose(PolicyChangeRow).where(PolicyChangeRow.organisation_id == organisation_id)
    return list(db.exec(query.order_by(col(PolicyChangeRow.id).desc())).all())


def in_organisation(db: Session, actor: Actor) -> list[tuple[RetentionRow, CaseRow]]:
    """Give every case with an outcome in one's own organisation, the ones that were destroyed too."""
    query = (
        choose(RetentionRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == RetentionRow.case_id)
        .where(RetentionRow.organisation_id == actor.organisation_id)
        .order_by(col(RetentionRow.outcome_on), col(RetentionRow.case_id))
    )
    return list(db.exec(query).all())


def everywhere(db: Session) -> list[tuple[RetentionRow, CaseRow]]:
    """Give every case with an outcome of which something is left, of all organisations: for the daily round only."""
    outlived = choose(KeptDocumentRow.stub_id)
    query = (
        choose(RetentionRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == RetentionRow.case_id)
        .where(or_(col(CaseRow.step) != Step.DESTROYED, col(CaseRow.id).in_(outlived)))
        .order_by(col(RetentionRow.case_id))
    )
    return list(db.exec(query).all())


def claim(db: Session, row: RetentionRow, moment: str) -> bool:
    """Be the one who warns: set a moment of a case that nobody set yet. Two rounds at once never both succeed."""
    column = getattr(RetentionRow, moment)
    claimed = update(RetentionRow).where(col(RetentionRow.case_id) == row.case_id, column.is_(None))
    done = db.exec(claimed.values({moment: utc_now()})).rowcount == 1
    db.refresh(row)
    return done


def with_documents(db: Session, organisation_id: str, kinds: tuple[str, ...]) -> frozenset[str]:
    """Give the cases of an organisation, destroyed or not, that have a document of one of these kinds."""
    there = choose(DocumentRow.case_id).where(
        DocumentRow.organisation_id == organisation_id, col(DocumentRow.kind).in_(kinds)
    )
    left = choose(KeptDocumentRow.stub_id).where(
        KeptDocumentRow.organisation_id == organisation_id, col(KeptDocumentRow.kind).in_(kinds)
    )
    return frozenset(db.exec(there.distinct()).all()) | frozenset(db.exec(left.distinct()).all())


def has_documents(db: Session, case_id: str, kinds: tuple[str, ...]) -> bool:
    """Tell whether a case, or what is left of it, has a document of one of these kinds."""
    there = choose(DocumentRow.id).where(DocumentRow.case_id == case_id, col(DocumentRow.kind).in_(kinds))
    left = choose(KeptDocumentRow.id).where(KeptDocumentRow.stub_id == case_id, col(KeptDocumentRow.kind).in_(kinds))
    return any(db.exec(query.limit(1)).first() is not None for query in (there, left))


def destructions(db: Session, actor: Actor) -> list[DestructionRow]:
    """Give every destruction in one's own organisation, newest first."""
    query = choose(DestructionRow).where(DestructionRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(DestructionRow.id).desc())).all())


def destruction_of(db: Session, actor: Actor, destruction_id: str) -> DestructionRow:
    """Give one destruction in one's own organisation. Raises NotFound."""
    row = db.get(DestructionRow, destruction_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound("no such destruction for you")
    return row


def logged(db: Session, sha256: str) -> list[AuditRow]:
    """Give the lines of the audit log that say that something was destroyed, with this declaration."""
    return audit.that_say(db, sha256, _SAY_SO)


def not_logged(db: Session) -> list[DestructionRow]:
    """Give every destruction about which the log has no line: a backup brought a log back that is older."""
    lines = db.exec(choose(AuditRow.detail).where(col(AuditRow.action).in_(_SAY_SO))).all()
    told = {orjson.loads(detail).get("declaration") for detail in lines}
    rows = db.exec(choose(DestructionRow).order_by(col(DestructionRow.id))).all()
    return [row for row in rows if row.declaration_sha256 not in told]


def log_again(db: Session, row: DestructionRow) -> None:
    """Write down that something was destroyed, in a log that does not know it."""
    detail = {"kept": row.kept, "manifest": row.manifest_sha256, "declaration": row.declaration_sha256}
    actor = system_actor(row.organisation_id)
    audit.append(db, actor, "destruction_known", "destruction", row.id, case_id=row.case_id, detail=detail)


def tables_of_a_case() -> Iterator[Table]:
    """Give every table that loses its lines about a case, those that refer to others first."""
    for table in reversed(metadata.sorted_tables):
        if "case_id" in table.c and table.name not in SURVIVES:
            yield table


def remove_case(db: Session, case: CaseRow, keep_documents: tuple[str, ...]) -> tuple[Removed, ...]:
    """Take away everything about a case except what `SURVIVES`, and the key that sealed it; tell what was there.

    Documents of the kinds to keep are sealed anew with the key of the organisation. What stays of the case itself is a
    stub without a name, an address or a plan.
    """
    keeping = [_outliving(row) for row in _documents(db, case) if row.kind in keep_documents]
    for one in keeping:
        db.add(one)
    db.flush()
    removed = [_removed(db, table, case.id) for table in tables_of_a_case()]
    if keys.lives(db, case.id):  # else it was destroyed before, and a backup brought the rows back
        case.candidate_name = case.candidate_email = ""
        case.context = {name: case.context[name] for name in ("tier", "office") if name in case.context}
    case.appointment_date = None
    case.step = Step.DESTROYED
    db.add(case)
    keys.shred(db, case.id)
    # Objects that this session read before would bring back what is gone.
    db.expire_all()
    return tuple(one for one in removed if one.count)


def remove_documents(
    db: Session, case_id: str, kinds: tuple[str, ...], *, until: datetime | None = None
) -> tuple[Removed, ...]:
    """Take away the documents of these kinds of a case, before or after the case itself, and tell what was there.

    With `until` those stay that were made later. What was asked about the documents that were left of a case goes with
    them.
    """
    db.flush()
    removed = []
    for table, owner in ((metadata.tables["document"], "case_id"), (metadata.tables["kept_document"], "stub_id")):
        removed += [_removed(db, table, case_id, owner, kind, until) for kind in kinds]
    removed.append(_removed(db, metadata.tables["retention_request"], case_id, "stub_id"))
    db.expire_all()
    return tuple(one for one in removed if one.count)


def outliving(db: Session, actor: Actor) -> list[KeptDocumentRow]:
    """Give the documents that are left of cases that were destroyed, in one's own organisation, newest first."""
    query = choose(KeptDocumentRow).where(KeptDocumentRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(KeptDocumentRow.id).desc())).all())


def outliving_document(db: Session, actor: Actor, document_id: str) -> KeptDocumentRow:
    """Give one document of a case that was destroyed, in one's own organisation. Raises NotFound."""
    row = db.get(KeptDocumentRow, document_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound("no such document for you")
    return row


def _documents(db: Session, case: CaseRow) -> list[DocumentRow]:
    return list(db.exec(choose(DocumentRow).where(DocumentRow.case_id == case.id)).all())


def _outliving(row: DocumentRow) -> KeptDocumentRow:
    return KeptDocumentRow(
        id=row.id,
        organisation_id=row.organisation_id,
        stub_id=row.case_id,
        kind=row.kind,
        number=row.number,
        filename=row.filename,
        media_type=row.media_type,
        body=row.body,
        sha256=row.sha256,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
    )


def _removed(
    db: Session,
    table: Table,
    case_id: str,
    owner: str = "case_id",
    kind: str | None = None,
    until: datetime | None = None,
) -> Removed:
    which: list[tuple[str, BindParameter[Any]]] = [(f"{owner} = :case", bindparam("case", case_id))]
    if kind is not None:
        which.append(("kind = :kind", bindparam("kind", kind)))
    if until is not None:
        which.append(("made_at <= :until", bindparam("until", until, type_=table.c.made_at.type)))
    lines, named = " AND ".join(one for one, _ in which), [value for _, value in which]
    order = ", ".join(column.name for column in table.primary_key.columns)
    digest, count = hashlib.sha256(), 0
    # As they lie in the database, sealed where they are sealed: nothing needs to be read to be destroyed.
    there = text(f"SELECT * FROM {table.name} WHERE {lines} ORDER BY {order}").bindparams(*named)  # noqa: S608 - names of our tables
    for row in db.connection().execute(there):
        digest.update(hashlib.sha256(canonical([_plain(value) for value in row])).digest())
        count += 1
    db.connection().execute(text(f"DELETE FROM {table.name} WHERE {lines}").bindparams(*named))  # noqa: S608 - names of our tables
    return Removed(table.name, count, digest.hexdigest())


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value

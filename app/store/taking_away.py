"""What was destroyed after a backup was made, and what to do about it when that backup is put back.

The newest keys and proofs tell. A case without its key cannot be read any more, so its rows go. Documents of the council
are another matter: the key that seals them lives, so without their proof they would be back.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func
from sqlmodel import Session, col, select

from app.errors import NotAllowed
from app.reviews.lifecycle import Step
from app.reviews.retention import Kept
from app.store import retention
from app.store.retention import COUNCIL_KINDS, Removed
from app.store.rows import AuditHeadRow, CaseRow, ContentKeyRow, DestructionRow, OrganisationRow, RetentionRow

_DOCUMENTS = frozenset({"document", "kept_document"})
_OLDER = "this file of keys is older than the rows: use the newest one"


@dataclass(frozen=True, slots=True)
class TakenAway:
    """What was there again and had to go."""

    cases: int
    documents: int
    """Documents of the council, of cases that are still there or were destroyed before."""
    rows: Mapping[str, int]
    """How many rows of each table."""
    logged: Mapping[str, int]
    """How many rows the audit log got, by table: it says again what was destroyed since."""


def take_away_again(connection: Connection) -> TakenAway:
    """Take away what was destroyed since the rows were copied, in the transaction of the caller, and log that.

    Raises NotAllowed when the keys do not belong to the rows: nothing is taken away without proof.
    """
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        cases = _without_a_living_key(db)
        _require_keys_that_belong(db, cases)
        was_there, removed = 0, list[Removed]()
        for case in cases:
            stub = case.step is Step.DESTROYED
            of_case = retention.remove_case(db, case, ())
            removed += of_case
            was_there += bool(of_case) or not stub
        since = retention.not_logged(db)
        council = [one for proof in since for one in _remove_council(db, proof)]
        logged = {"audit_entry": len(since), "audit_head": _cases_the_log_does_not_know(db, since)}
        for proof in since:
            retention.log_again(db, proof)
        db.commit()
    rows = Counter[str]()
    for one in removed + council:
        rows[one.table] += one.count
    documents = sum(one.count for one in council if one.table in _DOCUMENTS)
    return TakenAway(was_there, documents, rows, logged)


def _without_a_living_key(db: Session) -> list[CaseRow]:
    """Give the cases whose key was destroyed: whatever is there again of them must go."""
    query = select(CaseRow).join(ContentKeyRow, col(ContentKeyRow.owner_id) == CaseRow.id)
    return list(db.exec(query.where(col(ContentKeyRow.wrapped).is_(None)).order_by(col(CaseRow.id))).all())


def _remove_council(db: Session, proof: DestructionRow) -> tuple[Removed, ...]:
    if proof.kept != Kept.COUNCIL_VERSION:
        return ()
    # One that was made later, and outlived its case, came along with the keys.
    removed = retention.remove_documents(db, proof.case_id, COUNCIL_KINDS, until=proof.at)
    kept = db.get(RetentionRow, proof.case_id)
    if kept is not None and kept.council_destroyed_at is None:
        kept.council_destroyed_at = proof.at
        retention.add(db, kept)
    return removed


def _cases_the_log_does_not_know(db: Session, proofs: list[DestructionRow]) -> int:
    about = {proof.case_id for proof in proofs}
    return len(about - set(db.exec(select(AuditHeadRow.chain)).all()))


def _require_keys_that_belong(db: Session, destroyed: list[CaseRow]) -> None:
    lost = sum(_without_a_key(db, owner) for owner in (CaseRow, OrganisationRow))
    if lost:
        raise NotAllowed(f"{lost} cases or organisations have no key in it; {_OLDER}")
    proven = set(db.exec(select(DestructionRow.case_id).where(DestructionRow.kept == Kept.CASE)).all())
    stubs = set(db.exec(select(CaseRow.id).where(CaseRow.step == Step.DESTROYED)).all())
    if unknown := len(stubs - proven):
        raise NotAllowed(f"{unknown} cases were destroyed without a proof in it; {_OLDER}")
    if unproven := len({case.id for case in destroyed} - proven):
        raise NotAllowed(
            f"the file of keys lost the keys of {unproven} cases, and holds no proof that these were destroyed: it was "
            "changed. Use another copy of it"
        )


def _without_a_key(db: Session, owner: type[CaseRow | OrganisationRow]) -> int:
    query = select(func.count()).select_from(owner).outerjoin(ContentKeyRow, col(ContentKeyRow.owner_id) == owner.id)
    return db.exec(query.where(col(ContentKeyRow.owner_id).is_(None))).one()

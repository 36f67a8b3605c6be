"""Everything the tables hold about one candidate that no page shows as a whole: for the copy the candidate may ask for."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.store.cases import CaseAccess
from app.store.rows import AnswerRow, InvitationRow, ItemRow, LostAnswerRow, OutboxRow, SignInRow


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Rows as they lie there, oldest first."""

    answers: tuple[AnswerRow, ...]
    overtaken: tuple[LostAnswerRow, ...]
    items: tuple[ItemRow, ...]
    mails: tuple[OutboxRow, ...]
    """To the candidate only: mails to colleagues hold their addresses."""
    invitations: tuple[InvitationRow, ...]
    sign_ins: tuple[SignInRow, ...]


def read(db: Session, access: CaseAccess, mails: frozenset[str]) -> WholeCase:
    """Read everything of one case. `mails` names the mails that only ever go to candidates."""
    access.require_content()
    case = access.case
    outbox = select(OutboxRow).where(OutboxRow.case_id == case.id).order_by(col(OutboxRow.id))
    own = case.candidate_email.casefold()
    return WholeCase(
        answers=tuple(
            db.exec(
                select(AnswerRow)
                .where(AnswerRow.case_id == case.id)
                .order_by(col(AnswerRow.path), col(AnswerRow.revision))
            ).all()
        ),
        overtaken=tuple(
            db.exec(select(LostAnswerRow).where(LostAnswerRow.case_id == case.id).order_by(col(LostAnswerRow.id))).all()
        ),
        items=tuple(
            db.exec(
                select(ItemRow).where(ItemRow.case_id == case.id).order_by(col(ItemRow.position), col(ItemRow.id))
            ).all()
        ),
        # The address is sealed, so the database cannot look for it.
        mails=tuple(row for row in db.exec(outbox).all() if row.name in mails or row.to_address.casefold() == own),
        invitations=tuple(
            db.exec(select(InvitationRow).where(InvitationRow.case_id == case.id).order_by(col(InvitationRow.id))).all()
        ),
        sign_ins=tuple(
            db.exec(select(SignInRow).where(SignInRow.case_id == case.id).order_by(col(SignInRow.id))).all()
        ),
    )

"""Mails that wait. Written in the transaction of the act they tell about, delivered afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, or_, select

from app.store.lasting import lately
from app.store.rows import OutboxRow
from app.store.types import utc_now

# The pause after a failed attempt doubles from half a minute to an hour at most.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP = 128
"""Attempts before a mail is given up: with these pauses five days, which is what RFC 5321 (4.5.4.1) asks for."""
# Longer than one mail can take, so that a mail is not sent twice while it is being sent.
CLAIM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is sent: one subject, and the same text twice."""

    subject: str
    text: str
    html: str


def put(db: Session, organisation_id: str, case_id: str | None, name: str, to_address: str, letter: Letter) -> str:
    """Put a mail in the outbox; gives its id, which stays the same on every attempt to send it."""
    content = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    row = OutboxRow(organisation_id=organisation_id, case_id=case_id, name=name, to_address=to_address, content=content)
    db.add(row)
    return row.id


def letter_of(row: OutboxRow) -> Letter:
    """Read back what `put` wrote."""
    return Letter(row.content["subject"], row.content["text"], row.content["html"])


def claim(db: Session, limit: int = 20) -> list[OutboxRow]:
    """Take the mails whose turn it is, for a while: nobody else takes them before that is over.

    No pause is longer than `LONGEST_PAUSE`. A mail that seems to wait longer was put off by a clock that has been set
    back since, and its turn is now: it would otherwise wait until that clock is as far again, which can take years.
    """
    now = utc_now()
    its_turn = or_(col(OutboxRow.due_at) <= now, col(OutboxRow.due_at) > now + LONGEST_PAUSE)
    query = (
        select(OutboxRow)
        .where(col(OutboxRow.sent_at).is_(None), col(OutboxRow.attempts) < GIVE_UP, its_turn)
        .order_by(col(OutboxRow.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.exec(query).all())
    for row in rows:
        row.due_at = now + CLAIM
    return rows


def hold(db: Session, row: OutboxRow) -> bool:
    """Hold a mail that was claimed for as long again, just before it is sent. False: somebody else took it meanwhile.

    A server that answers slowly makes a round take longer than a claim lasts.
    """
    until = utc_now() + CLAIM
    same = col(OutboxRow.id) == row.id, col(OutboxRow.due_at) == row.due_at, col(OutboxRow.sent_at).is_(None)
    if db.exec(update(OutboxRow).where(*same).values(due_at=until)).rowcount == 0:
        return False
    set_committed_value(row, "due_at", until)
    return True


def sent(db: Session, row: OutboxRow, at: datetime) -> None:
    """Write down that a mail was accepted by the mail server."""
    row.sent_at, row.problem = at, ""
    row.attempts += 1
    db.add(row)


def failed(db: Session, row: OutboxRow, problem: str, at: datetime, *, for_good: bool = False) -> None:
    """Write down that sending failed, and try again later, unless it was refused for good."""
    row.attempts = GIVE_UP if for_good else row.attempts + 1
    row.problem = problem[:500]
    row.due_at = at + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.attempts - 1, 10))
    db.add(row)


def written_lately(db: Session, case_id: str, name: str, within: timedelta) -> bool:
    """Tell whether a mail of this name was written in a case within the last while."""
    query = select(OutboxRow.id).where(
        OutboxRow.case_id == case_id, OutboxRow.name == name, *lately(OutboxRow.written_at, utc_now(), within)
    )
    return db.exec(query.limit(1)).first() is not None


def stuck(db: Session, case_id: str) -> list[OutboxRow]:
    """Give the mails of a case that could not be sent so far, oldest first; those that were given up are among them."""
    query = select(OutboxRow).where(
        OutboxRow.case_id == case_id, col(OutboxRow.sent_at).is_(None), col(OutboxRow.attempts) > 0
    )
    return list(db.exec(query.order_by(col(OutboxRow.written_at))).all())


def newest(db: Session, limit: int = 200) -> list[OutboxRow]:
    """Give the last mails of all organisations, newest first: for the local mailbox in development only."""
    return list(db.exec(select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(limit)).all())

"""Mails that wait and mails that were sent: delivery in the background, and a mailbox to read in development."""

from dataclasses import dataclass
from datetime import datetime
from threading import Event

from sqlmodel import Session

from app import logs, mail
from app.errors import NotFound
from app.settings import Settings
from app.store import outbox
from app.store.cases import CaseAccess
from app.store.engine import Engine, open_session


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail as the local mailbox shows it."""

    id: str
    name: str
    to: str
    subject: str
    text: str
    html: str
    written_at: datetime
    sent_at: datetime | None
    problem: str


def letters(db: Session, settings: Settings) -> tuple[MailLine, ...]:
    """Give the last mails, newest first. Raises NotFound outside development: there it would open every mailbox."""
    if not settings.development:
        raise NotFound("there is no local mailbox here")
    return tuple(
        MailLine(
            id=row.id,
            name=row.name,
            to=row.to_address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            written_at=row.written_at,
            sent_at=row.sent_at,
            problem=row.problem,
        )
        for row in outbox.newest(db)
        for letter in (outbox.letter_of(row),)
    )


@dataclass(frozen=True, slots=True)
class StuckMail:
    """A mail of a case that is not out yet. `given_up`: the receiver refused it, or it was tried for five days."""

    subject: str
    to: str
    written_at: datetime
    given_up: bool


def stuck_in(db: Session, access: CaseAccess) -> tuple[StuckMail, ...]:
    """Give the mails of a case that could not be sent so far, oldest first."""
    return tuple(
        StuckMail(outbox.letter_of(row).subject, row.to_address, row.written_at, row.attempts >= outbox.GIVE_UP)
        for row in outbox.stuck(db, access.case.id)
    )


def deliver_once(engine: Engine, settings: Settings) -> mail.Delivery:
    """Send what waits, in a transaction of its own."""
    with open_session(engine) as db:
        done = mail.deliver(db, settings)
        db.commit()
    return done


def deliver_until(engine: Engine, settings: Settings, stop: Event) -> None:
    """Look at the outbox every few seconds until `stop` is set. A failure is logged and does not end the loop."""
    while not stop.wait(settings.outbox_seconds):
        if not settings.smtp_host:
            continue
        try:
            deliver_once(engine, settings)
        except Exception:  # noqa: BLE001 - the next round tries again, whatever it was
            logs.error("outbox_failed", exc_info=True)

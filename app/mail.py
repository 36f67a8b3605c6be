"""Mail: written from three templates, kept in the outbox, delivered over SMTP.

Each mail is a folder under `templates/mail`: `subject.txt` (one line), `body.txt` and `body.html` with the same text.
A mail names nothing from a case but dates: mailboxes are read by others too.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from app import logs
from app.settings import Settings
from app.store import outbox
from app.store.engine import let_go
from app.store.outbox import Letter
from app.store.rows import OutboxRow
from app.store.types import utc_now

NAMES = (
    "invitation_link",
    "invitation_code",
    "invitation_again",
    "candidate_code",
    "candidate_way_changed",
    "submitted",
    "correction_request",
    "rectification_asked",
    "rectification_decided",
    "concept_report",
    "concluded",
    "reminder",
    "account_invitation",
    "account_password",
    "account_changed",
    "sign_in_warning",
    "recovery_used",
    "new_device",
    "start_over",
    "rights_given",
    "failure_peak",
    "retention_near",
    "substitute_needed",
)
"""Every mail there is."""
TO_CANDIDATES = frozenset(
    {
        "invitation_link",
        "invitation_code",
        "invitation_again",
        "candidate_code",
        "candidate_way_changed",
        "correction_request",
        "concept_report",
        "concluded",
        "reminder",
        "retention_near",
        "rectification_decided",
    }
)
"""The mails that a candidate gets; `app.usecases.candidate_mail` writes them, with links or without."""

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
SMTP_SECONDS = 20
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one round of delivery did."""

    sent: int
    failed: int


def write(name: str, /, **fields: object) -> Letter:
    """Write one mail. Every field that a template reads must be given."""
    if name not in NAMES:
        raise ValueError(f"there is no mail {name!r}")
    environment = _environment()
    subject, text, html = (
        environment.get_template(f"mail/{name}/{part}").render(fields).strip()
        for part in ("subject.txt", "body.txt", "body.html")
    )
    # A line end in a subject would let what follows become a header.
    return Letter(" ".join(subject.split()), text + "\n", html + "\n")


def message(settings: Settings, row: OutboxRow) -> EmailMessage:
    """Make the message as it goes over the wire. Its id is the one of the outbox row, also at a second attempt."""
    letter = outbox.letter_of(row)
    mail = EmailMessage()
    mail["Subject"] = letter.subject
    mail["From"] = Address(display_name="Toetssteen", addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=row.to_address)
    mail["Date"] = format_datetime(row.written_at)
    mail["Message-ID"] = f"<{row.id}@{settings.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "nl"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def deliver(db: Session, settings: Settings, *, send: Callable[[EmailMessage], None] | None = None) -> Delivery:
    """Send what waits in the outbox; without a mail server nothing is sent and everything stays readable.

    A mail that fails is tried again later, with a growing pause, for five days; one that the server of the receiver
    refuses for good is not. The others go on. Nothing is locked while a mail server thinks. A mail goes out once more,
    under the same id, only when nobody can know whether it arrived: the server broke off before it said so, or this
    process died before it wrote that down.
    """
    if not settings.smtp_host and send is None:
        return Delivery(0, 0)
    done, undone = 0, 0
    mine = outbox.claim(db)
    let_go(db)
    for row in mine:
        held = outbox.hold(db, row)
        let_go(db)
        if not held:
            continue
        try:
            (send or _smtp(settings))(message(settings, row))
        except (OSError, smtplib.SMTPException) as error:
            outbox.failed(db, row, f"{type(error).__name__}: {error}", utc_now(), for_good=_refused_for_good(error))
            undone += 1
        except Exception as error:  # noqa: BLE001 - one mail that cannot be written keeps none of the others waiting
            logs.error("mail_not_written", exc_info=error)
            outbox.failed(db, row, type(error).__name__, utc_now())
            undone += 1
        else:
            outbox.sent(db, row, utc_now())
            done += 1
        let_go(db)
    return Delivery(done, undone)


def _refused_for_good(error: Exception) -> bool:
    """Tell whether trying again is of no use: a refusal of receiver or text with a code of 500 and up (RFC 5321, 4.2.1).

    What is wrong with our own sign-in or sender is not such a refusal: an operator mends it, and then the mail goes.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _PERMANENT


def templates_directory() -> Path:
    """Find the templates: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _smtp(settings: Settings) -> Callable[[EmailMessage], None]:
    def send(mail: EmailMessage) -> None:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SMTP_SECONDS)
        try:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(mail)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()  # it took the mail: whatever it says now, the mail is not sent again
        finally:
            server.close()

    return send


def _dutch_date(when: date | datetime) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_directory()),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["datum"] = _dutch_date
    return environment

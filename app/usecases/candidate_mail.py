"""Mails to candidates. Each is written with a link, or without any: what the organisation chose.

Without links a mail says which address to type and which reference to fill in there. A mail without links is harder to
imitate: whoever never gets one learns not to click. Every mail to a candidate is written here, so that none forgets it.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlmodel import Session

from app import mail
from app.accounts.invitations import is_over
from app.accounts.tokens import shown_reference
from app.settings import Settings
from app.store import invitations, outbox, signins
from app.store.outbox import Letter
from app.store.rows import CaseRow
from app.store.types import utc_now
from app.usecases.organisations import agreements_of

DOOR = "/kandidaat"
"""Where somebody goes who types."""
EXAMPLE = "XXXXXXXXXXXX"
"""Stands for the reference while a letter is only shown."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """How the candidate gets in, as a mail tells it. `address` is for typing; all empty when no invitation works now."""

    link: str = ""
    address: str = ""
    reference: str = ""
    open: bool = False


def way_with(site: str, reference: str, link: str = "") -> WayIn:
    """Tell the way in of an invitation. `site` is the address of the product, with its scheme."""
    return WayIn(link or f"{site}/uitnodiging/{reference}", typed(site), shown_reference(reference), open=True)


def typed(site: str) -> str:
    """Give the address of the door as somebody types it: without a scheme, so that no mail program makes a link of it."""
    parts = urlsplit(site)
    return f"{parts.netloc}{parts.path.rstrip('/')}{DOOR}"


def write(
    db: Session, case: CaseRow, name: str, *, sender: str = "Toetssteen", way: WayIn | None = None, **fields: object
) -> Letter:
    """Write a mail to the candidate of a case, as their organisation wants it: with links or without."""
    agreed = agreements_of(signins.organisation(db, case.organisation_id))
    return mail.write(
        name,
        name=case.candidate_name,
        organisation=agreed.name,
        sender=sender,
        contact=str(agreed.contact),
        links=agreed.mail_links,
        way=way or _way_in(db, case),
        **fields,
    )


def send(
    db: Session, case: CaseRow, name: str, *, sender: str = "Toetssteen", way: WayIn | None = None, **fields: object
) -> None:
    """Put a mail to the candidate of a case in the outbox."""
    letter = write(db, case, name, sender=sender, way=way, **fields)
    outbox.put(db, case.organisation_id, case.id, name, case.candidate_email, letter)


def preview_way(settings: Settings) -> WayIn:
    """Give a way in that does not work, for a letter that is only shown."""
    return way_with(settings.base_url, EXAMPLE, f"{settings.base_url}/uitnodiging/voorbeeld")


def _way_in(db: Session, case: CaseRow) -> WayIn:
    row = invitations.newest(db, case)
    if row is None or row.reference is None:
        return WayIn()
    if row.revoked_at is not None or is_over(row, utc_now()):
        return WayIn(address=typed(row.site))
    return way_with(row.site, row.reference)

"""`/.well-known/security.txt`: where somebody reports a weakness (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from app.errors import NotFound
from app.store.types import utc_now
from app.web.deps import AppSettings

router = APIRouter(include_in_schema=False)

VALID = timedelta(days=90)
"""How long what is said here counts. RFC 9116, section 2.5.5 recommends less than a year."""


@router.get("/.well-known/security.txt")
def security_txt(settings: AppSettings) -> PlainTextResponse:
    """Tell where to report a weakness. Without a contact there is no such page: an empty one would be worse."""
    contact = settings.security_contact
    if not contact:
        raise NotFound("no contact was set")
    where = contact if ":" in contact else f"mailto:{contact}"
    # Whole days: two requests on one day give the same answer.
    until = datetime.combine((utc_now() + VALID).date(), time(), UTC)
    lines = (
        f"Contact: {where}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    return PlainTextResponse("\n".join(lines) + "\n")

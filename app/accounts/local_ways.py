"""Whether somebody may sign in with what this installation keeps: a password, an app, a passkey, a recovery code.

When the organisation says who somebody is, it also says with which second factor, and when that is over. A way in beside
it would outlive both. So an account that belongs to a subject there has no other way, as long as there is single sign-on.
"""

from sqlmodel import Session

from app.settings import Settings
from app.store import identities

ELSEWHERE = "U logt in via de inlogdienst van uw organisatie. Kies op de inlogpagina voor die knop."


def elsewhere(db: Session, settings: Settings, person_id: str) -> bool:
    """Tell whether this account belongs to somebody at the provider of the organisation."""
    return bool(settings.oidc_issuer) and identities.is_linked(db, person_id)


def closed(db: Session, settings: Settings, person_id: str) -> bool:
    """Tell whether every way of this installation is closed for somebody: for all, or for this account."""
    return not settings.local_accounts or elsewhere(db, settings, person_id)

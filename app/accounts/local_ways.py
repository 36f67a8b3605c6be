"""Whether somebody may sign in with what this installation keeps: a password, an app, a passkey, a recovery code.

When the organisation says who somebody is, it also says with which second factor, and when that is over. A way in beside
it would outlive both. So an account that belongs to a subject there has no other way, as long as people sign in there. What
belongs to a provider that the settings no longer name is an account of this installation again.
"""

from sqlmodel import Session

from app.settings import Settings
from app.store import identities

ELSEWHERE = "U logt in via de inlogdienst van uw organisatie. Kies op de inlogpagina voor die knop."


def issuers(settings: Settings) -> tuple[str, ...]:
    """Give how the provider of the settings may write its name; nothing without one."""
    name = settings.oidc_issuer.rstrip("/")
    return (name, f"{name}/") if name else ()


def elsewhere(db: Session, settings: Settings, person_id: str) -> bool:
    """Tell whether this account belongs to somebody at the provider of the organisation."""
    names = issuers(settings)
    return bool(names) and identities.is_linked(db, person_id, names)


def closed(db: Session, settings: Settings, person_id: str) -> bool:
    """Tell whether every way of this installation is closed for somebody: for all, or for this account."""
    return not settings.local_accounts or elsewhere(db, settings, person_id)

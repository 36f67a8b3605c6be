"""What the claims of an identity token say here: which roles somebody has, and how to reach them."""

from collections.abc import Iterator
from typing import Any

from app.reviews.lifecycle import Role
from app.settings import Settings
from app.usecases.people import NAME_LENGTH, looks_like_email


def roles_of(settings: Settings, claims: dict[str, Any]) -> frozenset[Role]:
    """Give the roles that the claims name. The claim may be a list or one word, and lie deeper: `realm_access.roles`."""
    found = _at(claims, settings.oidc_roles_claim)
    values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return frozenset(
        settings.oidc_roles[value] for value in values if isinstance(value, str) and value in settings.oidc_roles
    )


def left_out(settings: Settings, claims: dict[str, Any]) -> bool:
    """Tell whether the provider says that it left the claim of the roles out because it grew too large.

    Entra ID does so with the groups of somebody who is in very many: it names another place where they can be asked
    for (`_claim_names`), or says only that there are some (`hasgroups`).
    """
    elsewhere = claims.get("_claim_names")
    names = {settings.oidc_roles_claim, *(before for before, _ in _parted(settings.oidc_roles_claim))}
    named = isinstance(elsewhere, dict) and any(name in elsewhere for name in names)
    return named or ("groups" in names and str(claims.get("hasgroups")).lower() == "true")


def email_of(claims: dict[str, Any]) -> str:
    """Give the address of somebody; empty when there is none that can be one."""
    told = claims.get("email")
    email = told.strip().lower() if isinstance(told, str) else ""
    return email if email.isprintable() and looks_like_email(email) else ""


def name_of(claims: dict[str, Any], otherwise: str) -> str:
    """Give the name of somebody on one line, without characters that cannot be seen."""
    told = claims.get("name")
    seen = "".join(sign if sign.isprintable() else " " for sign in told) if isinstance(told, str) else ""
    return " ".join(seen.split())[:NAME_LENGTH] or otherwise


def _at(claims: Any, name: str) -> Any:
    """Give what stands under a name: as it is written, or deeper, where names may hold dots themselves."""
    if not isinstance(claims, dict):
        return None
    if name in claims:
        return claims[name]
    deeper = (_at(claims[before], after) for before, after in _parted(name) if before in claims)
    return next((found for found in deeper if found is not None), None)


def _parted(name: str) -> Iterator[tuple[str, str]]:
    return ((name[:place], name[place + 1 :]) for place, sign in enumerate(name) if sign == ".")

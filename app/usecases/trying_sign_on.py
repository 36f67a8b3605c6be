"""Trying out the settings of single sign-on without anybody signing in: for whoever sets it up, on the command line.

The log of the server tells as much as this, once it has gone wrong for somebody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import local_ways, oidc
from app.accounts.actor import system_actor
from app.accounts.asking import Unreachable
from app.accounts.oidc import NotProven
from app.accounts.provider import Provider, keys_of, provider_of
from app.accounts.tokens import new_token
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import identities, people
from app.store.rows import OrganisationRow


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, in English; with `wrong` nobody can sign on until it is mended."""

    text: str
    wrong: bool = False


def look(db: Session, settings: Settings) -> tuple[Finding, ...]:
    """Look at the settings, ask the provider what can be asked without a person, and say what is left to do there."""
    if not settings.oidc_issuer:
        return (Finding("there is no single sign-on: TOETSSTEEN_OIDC_ISSUER is empty", wrong=True),)
    return (*_provider(settings), *_roles(settings), *_accounts(db, settings))


def _provider(settings: Settings) -> Iterator[Finding]:
    try:
        provider = provider_of(settings)
        yield Finding(f"the provider answers and calls itself {provider.issuer}")
        yield Finding(f"it publishes {sum(1 for _ in keys_of(provider))} keys that can be used")
        yield from _told(provider)
        yield from _client(settings)
    except Unreachable as error:
        yield Finding(str(error), wrong=True)
    yield Finding(f"register there, to come back to: {settings.base_url}{oidc.CALLBACK}")


def _told(provider: Provider) -> Iterator[Finding]:
    if provider.algorithms and not set(provider.algorithms) & set(oidc.ALGORITHMS):
        yield Finding(f"it signs in none of the ways that count here: {', '.join(oidc.ALGORITHMS)}", wrong=True)
    if provider.challenges and "S256" not in provider.challenges:
        yield Finding("it says that it does not know PKCE with S256, which this product always uses", wrong=True)
    yield Finding(
        "people can sign out there too" if provider.end_session else "it offers no page for signing out there"
    )


def _client(settings: Settings) -> Iterator[Finding]:
    """Hand in a code that nobody gave: a provider that refuses the code, and not us, knows us."""
    try:
        oidc.finish(settings, new_token(), new_token(), new_token(), provider_of(settings).issuer)
    except NotProven:
        yield Finding("it did not refuse our client id and secret")


def _roles(settings: Settings) -> Iterator[Finding]:
    for value, role in sorted(settings.oidc_roles.items()):
        yield Finding(f"{value!r} in the claim {settings.oidc_roles_claim!r} gives the role {role.value}")


def _accounts(db: Session, settings: Settings) -> Iterator[Finding]:
    ours = people.organisation_named(db, settings.oidc_organisation)
    if ours is None:
        name = settings.oidc_organisation
        yield Finding(f"there is no organisation called {name!r}; toetssteen organisation add makes it", wrong=True)
        return
    yield Finding(f"people who sign on belong to {ours.name}")
    if not _joined(db, settings, ours, admins=True):
        yield Finding("no administrator has signed on yet: do so before local accounts are switched off")
    for one in people.organisations(db):
        left = len(_all(db, one)) - (len(_joined(db, settings, one)) if one.id == ours.id else 0)
        if left and not settings.local_accounts:
            yield Finding(f"local accounts are off, and {left} accounts of {one.name} have no other way in")


def _all(db: Session, organisation: OrganisationRow) -> frozenset[str]:
    return frozenset(one.id for one in people.people_of(db, system_actor(organisation.id)) if one.active)


def _joined(db: Session, settings: Settings, organisation: OrganisationRow, *, admins: bool = False) -> frozenset[str]:
    linked = identities.linked_of(db, organisation.id, local_ways.issuers(settings))
    found = people.people_of(db, system_actor(organisation.id))
    return frozenset(
        one.id for one in found if one.active and one.id in linked and (not admins or one.role is Role.ADMIN)
    )

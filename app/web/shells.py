"""The frame around the pages of whoever is signed in: menu, name, contact, theme."""

from fastapi import Request
from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.usecases.organisations import agreements
from app.web.assets import themes
from app.web.pages import Contact, NavItem, Notice, Shell, SignedIn

_DONE = {
    "opgeslagen": Notice(kind="ok", title="Opgeslagen"),
    "verwijderd": Notice(kind="ok", title="Verwijderd", body="De geschiedenis blijft bewaard in het dossier."),
    "gevraagd": Notice(
        kind="ok", title="Gevraagd", body="Iemand anders beslist. Iedereen die het aangaat krijgt een mail."
    ),
    "uitgenodigd": Notice(kind="ok", title="De uitnodiging is klaar om te versturen"),
    "toegevoegd": Notice(kind="ok", title="Toegevoegd"),
    "vastgelegd": Notice(kind="ok", title="Vastgelegd"),
    "herinnerd": Notice(kind="ok", title="De herinnering is klaar om te versturen"),
    "gemaakt": Notice(kind="ok", title="Het document is gemaakt"),
    "overgenomen": Notice(
        kind="ok", title="Uw antwoorden zijn overgenomen", body="Loop ze nog eens na. U kunt alles nog wijzigen."
    ),
    "vertellen": Notice(
        kind="ok", title="U vertelt hier zelf over", body="U mag elke vraag open laten. Stoppen kan in het overzicht."
    ),
    "teruggenomen": Notice(
        kind="ok",
        title="Deze vragen staan niet meer in uw lijst",
        body="Wat u invulde, blijft bewaard. Het telt niet mee.",
    ),
    "correctie-gevraagd": Notice(
        kind="ok", title="Uw verzoek is verstuurd", body="Een beoordelaar antwoordt u. U krijgt daar een mail over."
    ),
    "ingetrokken": Notice(kind="ok", title="De kandidatuur is ingetrokken"),
    "passkey-onbekend": Notice(
        kind="error", title="Deze passkey kennen wij niet", body="Log in met uw wachtwoord, of vraag uw beheerder."
    ),
    "wachtwoord-gewijzigd": Notice(kind="ok", title="Uw wachtwoord is gewijzigd", body="Log opnieuw in."),
    "bijlage-weg": Notice(kind="ok", title="De bijlage is verwijderd"),
    "notitie-weg": Notice(kind="ok", title="De notitie is verwijderd"),
    "uitgelogd": Notice(kind="ok", title="U bent daar uitgelogd"),
    "langer": Notice(kind="ok", title="U blijft ingelogd"),
    "link-ingetrokken": Notice(
        kind="ok", title="De link is ingetrokken", body="De kandidaat krijgt daar een mail over."
    ),
    "link-nieuw": Notice(kind="ok", title="De nieuwe link is klaar om te versturen"),
    "gekoppeld": Notice(
        kind="ok", title="Uw account is gekoppeld", body="U logt voortaan in via de inlogdienst van uw organisatie."
    ),
    "welkom": Notice(kind="ok", title="U bent ingelogd"),
}
"""What a page says after something was done elsewhere: the address carries only a word from this list."""


def frame(request: Request, db: Session, actor: Actor, *, current: str = "") -> Shell:
    """Make the frame for somebody who is signed in. `current` is the address of the menu item of this page."""
    contact = agreements(db, actor).contact
    settings: Settings = request.app.state.settings
    return Shell(
        organisation=actor.organisation_name,
        theme=actor.theme if actor.theme in themes() else "default",
        home="/",
        nav=tuple(NavItem(label=label, href=address, current=address == current) for label, address in _menu(actor)),
        person=SignedIn(name=actor.name, role=actor.role_title, idle_minutes=settings.session_idle_minutes),
        notice=_DONE.get(request.query_params.get("gedaan", "")),
        contact=Contact(name=contact.name, phone=contact.phone, email=contact.email),
        development=settings.development,
    )


def door(
    request: Request, organisation: str = "Toetssteen", theme: str = "default", contact: Contact | None = None
) -> Shell:
    """Make the frame for somebody who is not signed in; `contact` is whom their organisation lets them call."""
    return Shell(
        organisation=organisation,
        theme=theme if theme in themes() else "default",
        notice=_DONE.get(request.query_params.get("gedaan", "")),
        contact=contact,
        development=request.app.state.settings.development,
    )


def first_page(actor: Actor) -> str:
    """The address where the work of somebody begins: what their menu names first."""
    return _menu(actor)[0][1]


_KEEPING = ("Bewaren", "/bewaren")
_ACCOUNT = ("Mijn account", "/account")


def _menu(actor: Actor) -> tuple[tuple[str, str], ...]:
    if actor.is_candidate:
        base = f"/vragenlijst/{actor.case_id}"
        return (("Vragenlijst", base), ("Bijlagen", f"{base}/bijlagen"), ("Mijn zaak", f"{base}/stand"))
    if actor.role in {Role.CLERK, Role.PRINCIPAL}:
        return (
            ("Wacht op mij", "/werklijst"),
            ("Rondes", "/rondes"),
            ("Vervangers", "/vervangers"),
            _KEEPING,
            _ACCOUNT,
        )
    if actor.role is Role.ANALYST:
        return (("Wacht op mij", "/werklijst"), _ACCOUNT)
    if actor.role is Role.AUDITOR:
        return (("Logboek", "/logboek"), ("Rechten", "/rechten"), _KEEPING, _ACCOUNT)
    if actor.role is Role.ADMIN:
        return (("Mensen", "/mensen"), ("Vervangers", "/vervangers"), _KEEPING, _ACCOUNT)
    return (_ACCOUNT,)

"""The working agreements of an organisation: its dates, its contact, its words. Settings, not law."""

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.errors import NotFound
from app.questionnaires.context import OFFICE_OF_TIER, Office, Tier
from app.reviews.deadlines import Deadline, Offsets, count_back
from app.reviews.lifecycle import Role
from app.store import audit, people
from app.store.rows import CaseRow, OrganisationRow

OFFICE_TITLES: dict[Office, str] = {
    Office.WETHOUDER: "wethouder",
    Office.GEDEPUTEERDE: "gedeputeerde",
    Office.DB_LID: "lid van het dagelijks bestuur",
    Office.EILANDGEDEPUTEERDE: "eilandgedeputeerde",
}
"""What a user reads for each office."""

_COUNCIL: dict[Tier, tuple[str, str]] = {
    Tier.MUNICIPALITY: ("gemeenteraad", "raadsvergadering"),
    Tier.PROVINCE: ("provinciale staten", "statenvergadering"),
    Tier.WATER_BOARD: ("algemeen bestuur", "vergadering van het algemeen bestuur"),
    Tier.PUBLIC_BODY: ("eilandsraad", "vergadering van de eilandsraad"),
}


MAIL_LINKS = "mail_links"
"""Under this name the settings of an organisation hold whether mails to candidates carry links."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for help."""

    name: str = "de griffie"
    phone: str = ""
    email: str = ""

    def __str__(self) -> str:
        ways = " of ".join(way for way in (self.phone, self.email) if way)
        return f"{self.name} ({ways})" if ways else self.name


@dataclass(frozen=True, slots=True)
class Agreements:
    """The settings of an organisation, with every default filled in."""

    name: str
    tier: Tier
    offsets: Offsets
    contact: Contact
    closed_to_clerk: bool
    mail_links: bool = True
    """Whether mails to candidates carry links; without them they tell what to type."""

    @property
    def office(self) -> Office:
        """The office that an authority of this tier appoints."""
        return OFFICE_OF_TIER[self.tier]

    @property
    def council(self) -> str:
        """What the council is called here."""
        return _COUNCIL[self.tier][0]

    @property
    def the_council(self) -> str:
        """The same with its article, for in a sentence; Provinciale Staten has none."""
        if self.tier is Tier.PROVINCE:
            return "Provinciale Staten"
        return f"het {self.council}" if self.tier is Tier.WATER_BOARD else f"de {self.council}"

    @property
    def council_meeting(self) -> str:
        """What a meeting of the council is called here."""
        return _COUNCIL[self.tier][1]


def agreements(db: Session, actor: Actor) -> Agreements:
    """Give the working agreements of one's own organisation."""
    return agreements_of(people.organisation_of(db, actor))


def agreements_of(row: OrganisationRow) -> Agreements:
    """Read the settings of an organisation. A setting that is missing has its default."""
    known = {field.name for field in fields(Offsets)}
    offsets = {name: int(days) for name, days in row.settings.get("offsets", {}).items() if name in known}
    contact: dict[str, Any] = row.settings.get("contact", {})
    return Agreements(
        name=row.name,
        tier=Tier(row.tier),
        offsets=Offsets(**offsets),
        contact=Contact(contact.get("name", "de griffie"), contact.get("phone", ""), contact.get("email", "")),
        closed_to_clerk=bool(row.settings.get(people.CLOSED_TO_CLERK, False)),
        mail_links=bool(row.settings.get(MAIL_LINKS, True)),
    )


def may_set_agreements(db: Session, actor: Actor) -> Agreements:
    """Give the agreements to who may change contact and dates. Raises NotFound for everybody else."""
    if actor.role not in {Role.ADMIN, Role.CLERK}:
        raise NotFound("not for you")
    return agreements(db, actor)


def set_agreements(db: Session, actor: Actor, *, offsets: dict[str, int], contact: Contact) -> Agreements:
    """Change offsets and contact; dates of open cases move along. Raises NotFound for who may not."""
    may_set_agreements(db, actor)
    row = people.organisation_of(db, actor)
    row.settings = {
        **row.settings,
        "offsets": offsets,
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email},
    }
    audit.append(db, actor, "settings_changed", "organisation", row.id, detail={"changed": ["offsets", "contact"]})
    return agreements_of(row)


def may_choose_mails(db: Session, actor: Actor) -> Agreements:
    """Give the agreements to who chooses whether mails to candidates carry links. Raises NotFound for everybody else."""
    if actor.role not in {Role.ADMIN, Role.PRINCIPAL}:
        raise NotFound("not for you")
    return agreements(db, actor)


def set_mail_links(db: Session, actor: Actor, *, links: bool) -> None:
    """Choose whether mails to candidates carry links, from the next mail on. Raises NotFound for who may not."""
    may_choose_mails(db, actor)
    _set_mail_links(db, actor, people.organisation_of(db, actor), links=links)


def set_mail_links_by_command(db: Session, organisation: str, *, links: bool) -> None:
    """The same, for somebody at the machine. Raises NotFound when there is no organisation of this name."""
    row = people.organisation_named(db, organisation)
    if row is None:
        raise NotFound(f"no organisation {organisation!r}")
    _set_mail_links(db, system_actor(row.id), row, links=links)


def _set_mail_links(db: Session, actor: Actor, row: OrganisationRow, *, links: bool) -> None:
    row.settings = {**row.settings, MAIL_LINKS: links}
    db.add(row)
    audit.append(db, actor, "settings_changed", "organisation", row.id, detail={"changed": [MAIL_LINKS]})


def deadlines_of(agreed: Agreements, case: CaseRow, today: date) -> tuple[Deadline, ...]:
    """Count back the dates of a case; none while the date of appointment is not known."""
    if case.appointment_date is None:
        return ()
    return _counted(case.appointment_date, agreed.offsets, today, agreed.tier)


@lru_cache(maxsize=1024)
def _counted(appointment: date, offsets: Offsets, today: date, tier: Tier) -> tuple[Deadline, ...]:
    """Cases of one round share their dates."""
    return count_back(appointment, offsets, today=today, tier=tier)


def due(deadlines: tuple[Deadline, ...], deadline_id: str) -> date | None:
    """Give one of the dates, or `None` while it is not known."""
    return next((row.on for row in deadlines if row.id == deadline_id), None)

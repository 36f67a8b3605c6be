"""Invented organisations, people and cases to try the product with. Only in development, and only once.

Everything goes through the same use cases as in real life: invitations are mailed to the local mailbox, candidates
enter with link and code, and every answer is read as if a browser had sent it.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import Actor, system_actor
from app.conditions.yaml_source import load as load_yaml
from app.errors import NotAllowed
from app.questionnaires.answers import AnswerPath
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import Tier
from app.questionnaires.showing import as_typed
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role, role_title
from app.settings import Settings
from app.store import people, signins
from app.store.rows import CaseRow
from app.usecases import (
    answering,
    cases,
    entering,
    independence,
    invitations,
    library,
    retention_file,
    retention_policy,
    reviewing,
    rounds,
    submitting,
)
from app.usecases.answering import Typed
from app.usecases.demo import codes
from app.usecases.lines import CaseLine, PersonLine, today
from app.usecases.people import add_person

FOLDER = Path(__file__).parent
PASSWORD = "voorbeeld-wachtwoord"  # noqa: S105 - development only, and printed for everybody to see
MUNICIPALITY, PROVINCE = "Gemeente Voorbeeldstad", "Provincie Middenland"
ROUND = "Collegevorming 2026"
STORIES = ("fresh", "architect", "club", "withdrawn")
"""The invented candidates, each in a file beside this one."""

_STAFF = (
    (MUNICIPALITY, Role.CLERK, "Gerda Griffioen", "griffier@voorbeeldstad.example"),
    (MUNICIPALITY, Role.PRINCIPAL, "Bram Burgers", "burgemeester@voorbeeldstad.example"),
    (MUNICIPALITY, Role.ANALYST, "Olga Onderwater", "onderzoeker@voorbeeldstad.example"),
    (MUNICIPALITY, Role.AUDITOR, "Aad Archief", "auditor@voorbeeldstad.example"),
    (MUNICIPALITY, Role.ADMIN, "Bea Beheer", "beheerder@voorbeeldstad.example"),
    (PROVINCE, Role.CLERK, "Stijn Statenman", "griffier@middenland.example"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to sign in with."""

    organisation: str
    role_title: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoInvitation:
    """The way in for an invented candidate; only known right after loading."""

    name: str
    link: str
    code: str


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What there is to try. `created` is false when the demo was there already: then there are no invitations."""

    created: bool
    accounts: tuple[DemoAccount, ...]
    invitations: tuple[DemoInvitation, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The same as text, for a command line."""
        accounts = [f"  {one.role_title} van {one.organisation}: {one.email}" for one in self.accounts]
        ways_in = [f"  {one.name}: {one.link} (code {one.code})" for one in self.invitations]
        later = [
            "  De codes staan alleen in de melding van de eerste keer. Kwijt? Nodig de kandidaat opnieuw uit.",
            "  De mails met de links staan in de lokale mailbox: /ontwikkel/postvak",
        ]
        return (
            f"Voorbeeldaccounts, allemaal met het wachtwoord {PASSWORD}:",
            *accounts,
            "Na het wachtwoord vraagt Toetssteen een code. Die staat in deze proefomgeving op de pagina zelf,",
            "  en u krijgt hem ook met: toetssteen demo code E-MAILADRES",
            "Kandidaten:",
            *(ways_in or later),
        )


@dataclass(frozen=True, slots=True)
class _Staff:
    clerk: Actor
    principal: Actor
    analyst: Actor


def load(db: Session, settings: Settings) -> DemoLoaded:
    """Load the demo, or find it. Raises NotAllowed in production."""
    if not settings.development:
        raise NotAllowed("Voorbeeldgegevens zijn er alleen in een ontwikkelomgeving.")
    accounts = tuple(
        DemoAccount(organisation, _title(role, organisation), email, PASSWORD)
        for organisation, role, _, email in _STAFF
    )
    if people.organisation_named(db, MUNICIPALITY) is not None:
        return DemoLoaded(created=False, accounts=accounts, invitations=())
    _organisations(db, settings)
    clerk, principal, analyst = (_acting(db, settings, email) for _, _, _, email in _STAFF[:3])
    appointment = today() + timedelta(days=70)
    planned = rounds.open_round(db, clerk, ROUND, appointment)
    if not isinstance(planned, rounds.RoundLine):
        raise TypeError(planned)
    staff = _Staff(clerk, principal, analyst)
    ways_in = tuple(_candidate(db, settings, staff, planned.id, one) for one in STORIES)
    return DemoLoaded(created=True, accounts=accounts, invitations=ways_in)


def _organisations(db: Session, settings: Settings) -> None:
    contact = {"name": "de griffie", "phone": "0800 000 000", "email": "griffie@voorbeeldstad.example"}
    rows = {
        MUNICIPALITY: people.add_organisation(
            db, MUNICIPALITY, Tier.MUNICIPALITY.value, theme="default", settings={"contact": contact}
        ),
        PROVINCE: people.add_organisation(
            db, PROVINCE, Tier.PROVINCE.value, theme="middenland", settings={"contact": {"name": "de statengriffie"}}
        ),
    }
    for organisation, role, name, email in _STAFF:
        by = system_actor(rows[organisation].id)
        added = add_person(db, settings, by, name=name, email=email, role=role, password=PASSWORD)
        if not isinstance(added, PersonLine):
            raise TypeError(added)
        codes.give_app(db, email)
    kept = retention_file.read_policy(FOLDER / "keeping.yaml")
    for name in rows:
        retention_policy.set_by_command(db, name, kept, "Een verzonnen voorbeeld, om mee te proberen.")


def _candidate(db: Session, settings: Settings, staff: _Staff, round_id: str, story: str) -> DemoInvitation:
    """Bring one invented candidate to where the story says."""
    clerk, analyst = staff.clerk, staff.analyst
    content, _ = load_yaml(FOLDER / f"{story}.yaml")
    told = dict(content)
    new = rounds.NewCase(
        name=told["name"],
        email=told["email"],
        full_time=told["full_time"],
        portfolio=tuple(told["portfolio"]),
        reviewers=(analyst.id,),
    )
    case = rounds.add_case(db, clerk, round_id, new)
    if not isinstance(case, CaseLine):
        raise TypeError(case)
    invited = invitations.invite(db, settings, clerk, case.id, code_by="hand")
    way_in = DemoInvitation(new.name, invited.link, invited.code)
    if not told.get("answers"):
        return way_in
    door = entering.begin(db, settings, invited.link.rpartition("/")[2], invited.code)
    if not isinstance(door, entering.AtDoor):
        raise TypeError(door)
    # Invented people have no phone and read no mail: they choose when somebody tries the demo.
    entered = entering.inside(db, settings, db.get_one(CaseRow, case.id), "", "demo")
    fill_in(db, entered.actor, case.id, told["answers"])
    if told.get("withdrawn"):
        cases.withdraw(db, entered.actor, case.id, told["withdrawn"])
    if told.get("submitted"):
        submitting.submit(db, settings, entered.actor, case.id, truthful=True, will_report=True)
        for colleague in (staff.principal, analyst):  # the clerk still has to: so that page can be seen
            independence.declare(db, colleague, case.id, Relation.NONE)
        reviewing.start_review(db, analyst, case.id)
        first = reviewing.case_review(db, analyst, case.id).flags[0].flag
        reviewing.record_finding(db, analyst, case.id, first.rule, first.item, told["finding"], told["advice"])
    return way_in


def fill_in(db: Session, actor: Actor, case_id: str, told: dict[str, object]) -> None:
    """Answer as a browser would, from the file format of answers. `{days_ago: 10}` as a value is a date in the past."""
    asked = library.newest()
    answers = read_answers(asked, {question: _dated(value) for question, value in told.items()})
    items: dict[tuple[str, str], str] = {}
    for group in asked.groups:
        for item in answers.items(group):
            items[group, item] = answering.add_item(db, actor, case_id, group).item_id
    page = [
        Typed(str(AnswerPath(path.question, items[path.group, path.item] if path.item else None)), as_typed(answer))
        for path, answer in answers
    ]
    # An answer may bring up questions that the next round answers.
    while answering.save_many(db, actor, case_id, page).saved:
        pass


def _dated(value: object) -> object:
    if isinstance(value, dict) and set(value) == {"days_ago"}:
        return (today() - timedelta(days=int(value["days_ago"]))).isoformat()
    return value


def _acting(db: Session, settings: Settings, email: str) -> Actor:
    """Let an invented person act, without proof: nobody is at a keyboard."""
    person = signins.person_by_email(db, email)
    if person is None:
        raise TypeError(email)
    return sessions.start_for_person(db, settings, person, "").actor


def _title(role: Role, organisation: str) -> str:
    return role_title(role, "province" if organisation == PROVINCE else "municipality")

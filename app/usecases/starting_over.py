"""Letting somebody begin again who lost every proof: always two people, and the person concerned is told at once.

One administrator asks, another one agrees. When nobody else is an administrator, whoever commissions (the principal)
agrees. When there is no second person at all, only a command on the server is left. Whoever can take somebody's second
proof away alone could become that person: `_begin_anew` is the one place where it happens. Nor can an administrator make
a second pair of eyes for the occasion: whoever got their role from the asker just before does not count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app import mail
from app.accounts import local_ways, sessions
from app.accounts.actor import Actor, system_actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, identities, outbox, people, proofs, rights, signins
from app.store import starting_over as requests
from app.store.lasting import lasts
from app.store.rows import PersonRow, StartOverRow
from app.store.types import utc_now
from app.usecases import joining
from app.usecases.people import FieldProblem, colleague, only_admin

REASON_LENGTH = 300
SETTLED = timedelta(days=7)
"""So long somebody who got their role from the asker is no second person."""
NO_REASON = "Schrijf in hoogstens 300 tekens waarom dit nodig is. Uw collega leest dit ook."
ELSEWHERE = "Uw collega logt in via de inlogdienst van uw organisatie. Daar begint uw collega opnieuw."
OFF = "Dit account staat uit. Zet het eerst aan."
WAITS = "Er wacht al een verzoek voor deze collega. Wacht tot daarover is beslist."
NOBODY_ELSE = (
    "Er is niemand die met u meekijkt. Vraag wie de server beheert: die kan het account met een opdracht opnieuw laten "
    "beginnen."
)
OVER = "Over dit verzoek is al beslist, of het is verlopen. Vraag het zo nodig opnieuw."
NOT_YOU = "Over dit verzoek beslist iemand anders."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, as one person sees it: what they may do with it."""

    id: str
    person_name: str
    asked_by_name: str
    asked_at: datetime
    expires_at: datetime
    reason: str
    may_decide: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one account: the request that waits, and whether there is somebody to agree to one."""

    waits: Waiting | None
    possible: bool


def ask(db: Session, settings: Settings, actor: Actor, person_id: str, reason: str) -> FieldProblem | None:
    """Ask to let a colleague begin again. Nothing changes until somebody else agrees.

    Raises NotFound for everybody but an administrator, and NotAllowed for oneself.
    """
    person = colleague(db, actor, person_id, "Vraag een andere beheerder om dit voor u te doen.")
    standing = standing_of(db, actor, person_id)
    problem = (
        ELSEWHERE
        if local_ways.closed(db, settings, person.id)
        else NO_REASON
        if not reason.strip() or len(reason) > REASON_LENGTH
        else OFF
        if not person.active
        else WAITS
        if standing.waits is not None
        else ""
        if standing.possible
        else NOBODY_ELSE
    )
    if problem:
        return FieldProblem("reason", problem)
    row = StartOverRow(
        organisation_id=person.organisation_id,
        person_id=person.id,
        reason=reason.strip(),
        asked_by=actor.id,
        asked_by_name=actor.name,
        expires_at=utc_now() + timedelta(hours=settings.start_over_hours),
    )
    requests.add(db, row)
    audit.append(db, actor, "start_over_asked", "start_over", row.id, detail={"person": person.id})
    link = f"{settings.base_url}/opnieuw-beginnen"
    _tell(
        db,
        person,
        f"{actor.name} vroeg om u opnieuw te laten beginnen met inloggen. Dat gaat pas in als een tweede collega "
        "akkoord is. Tot dan verandert er niets.",
        row.reason,
    )
    _tell(db, signins.person(db, actor.id), f"U vroeg om {person.name} opnieuw te laten beginnen.", row.reason, link)
    for one in _second_pair(db, row):
        _tell(
            db,
            one,
            f"{actor.name} vraagt om {person.name} opnieuw te laten beginnen met inloggen. U beslist. Bel eerst met "
            f"{person.name}, op een nummer dat u al kende.",
            row.reason,
            link,
        )
    return None


def waiting(db: Session, actor: Actor) -> tuple[Waiting, ...]:
    """Give what waits in one's own organisation. Raises NotFound for all but administrators and the principal."""
    _only_who_may_be_asked(actor)
    found = requests.waiting(db, actor.organisation_id, utc_now())
    return tuple(_seen_by(db, actor, row, person) for row, person in found)


def standing_of(db: Session, actor: Actor, person_id: str) -> Standing:
    """Tell how it stands with one account. Raises NotFound for everybody but an administrator."""
    only_admin(actor)
    found = requests.waiting(db, actor.organisation_id, utc_now())
    waits = next((_seen_by(db, actor, row, person) for row, person in found if person.id == person_id), None)
    return Standing(waits, possible=bool(_others(db, actor.organisation_id, actor.id, person_id)))


def agree(db: Session, settings: Settings, actor: Actor, request_id: str) -> None:
    """Agree: the colleague begins again. Raises NotFound, and NotAllowed for who asked it or whom it is about."""
    row, person = _to_decide(db, actor, request_id)
    if not person.active:
        raise NotAllowed(OFF)
    _decided(db, row, actor, "agreed")
    _begin_anew(db, settings, actor, person, row.reason)
    _tell_asker(db, row, f"{actor.name} is akkoord. {person.name} kreeg een mail om opnieuw te beginnen.")


def refuse(db: Session, actor: Actor, request_id: str) -> None:
    """Refuse: nothing changes. Raises what `agree` raises."""
    row, person = _to_decide(db, actor, request_id)
    _decided(db, row, actor, "refused")
    _tell(db, person, f"{actor.name} weigerde om u opnieuw te laten beginnen. Uw account is niet veranderd.")
    _tell_asker(db, row, f"{actor.name} weigerde om {person.name} opnieuw te laten beginnen. Er is niets veranderd.")


def take_back(db: Session, actor: Actor, request_id: str) -> None:
    """Take a request back that one made oneself. Raises NotFound, and NotAllowed for everybody else."""
    row, person = _open(db, actor, request_id)
    if row.asked_by != actor.id:
        raise NotAllowed("Alleen wie het vroeg kan dit verzoek terugnemen.")
    _decided(db, row, actor, "taken_back")
    _tell(db, person, "Het verzoek om u opnieuw te laten beginnen is teruggenomen. Uw account is niet veranderd.")


def by_command(db: Session, settings: Settings, email: str, reason: str) -> str:
    """Let somebody begin again from the command line, and give the link. Raises NotFound, and NotAllowed without a reason.

    For an organisation without a second person, or without the sign-in of the organisation: an account that belongs to
    somebody there is parted from it, and is one of this installation again. Who never began needs no reason: there is
    nothing to take away.
    """
    if not settings.local_accounts:
        raise NotAllowed(
            "local accounts are switched off, so the link would open nothing; see TOETSSTEEN_LOCAL_ACCOUNTS"
        )
    person = signins.person_by_email(db, email)
    if person is None or not person.active:
        raise NotFound(f"there is no account with the address {email}")
    by = system_actor(person.organisation_id)
    linked = identities.is_linked(db, person.id)
    if not (linked or person.password_hash or proofs.has_factor(db, person.id)):
        return joining.send_link(db, settings, by, person, "invitation")
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise NotAllowed("say with --reason, in at most 300 characters, why; they read it in their mail")
    now = utc_now()
    row = StartOverRow(
        organisation_id=person.organisation_id,
        person_id=person.id,
        reason=reason.strip(),
        asked_by=by.id,
        asked_by_name=by.name,
        expires_at=now,
    )
    if linked:
        identities.unlink(db, person.id)
        audit.append(db, by, "identity_unlinked", "person", person.id)
    requests.add(db, row)
    _decided(db, row, by, "agreed")
    return _begin_anew(db, settings, by, person, row.reason)


def _begin_anew(db: Session, settings: Settings, actor: Actor, person: PersonRow, reason: str) -> str:
    proofs.forget_all(db, person.id)
    person.password_hash = ""
    db.add(person)
    sessions.end_all_of(db, person.id)
    audit.append(db, actor, "factors_removed", "person", person.id)
    return joining.send_link(db, settings, actor, person, "invitation", reason=reason)


def _others(db: Session, organisation_id: str, asker_id: str, person_id: str) -> tuple[PersonRow, ...]:
    """Who can be the second person: other administrators; only when there is none, the principal. They must have begun."""
    given, since = rights.given(db, organisation_id), utc_now() - SETTLED
    made_by_asker = {
        one for one, line in given.items() if line.actor_id == asker_id and datetime.fromisoformat(line.at) > since
    }
    there = [
        one
        for one in people.people_of(db, system_actor(organisation_id))
        if one.active and one.signed_in_at is not None and one.id not in {asker_id, person_id, *made_by_asker}
    ]
    admins = tuple(one for one in there if one.role is Role.ADMIN)
    return admins or tuple(one for one in there if one.role is Role.PRINCIPAL)


def _second_pair(db: Session, row: StartOverRow) -> tuple[PersonRow, ...]:
    return _others(db, row.organisation_id, row.asked_by, row.person_id)


def _only_who_may_be_asked(actor: Actor) -> None:
    if actor.kind != "person" or actor.role not in {Role.ADMIN, Role.PRINCIPAL}:
        raise NotFound("only for administrators and the principal")


def _open(db: Session, actor: Actor, request_id: str) -> tuple[StartOverRow, PersonRow]:
    _only_who_may_be_asked(actor)
    row = requests.find(db, actor, request_id)
    if row.outcome or not lasts(row.expires_at, utc_now(), row.expires_at - row.asked_at):
        raise NotAllowed(OVER)
    return row, signins.person(db, row.person_id)


def _to_decide(db: Session, actor: Actor, request_id: str) -> tuple[StartOverRow, PersonRow]:
    row, person = _open(db, actor, request_id)
    if actor.id not in {one.id for one in _second_pair(db, row)}:
        raise NotAllowed(NOT_YOU)
    return row, person


def _decided(db: Session, row: StartOverRow, actor: Actor, outcome: str) -> None:
    row.outcome, row.decided_by, row.decided_at = outcome, actor.id, utc_now()
    db.add(row)
    detail = {"person": row.person_id, "asked_by": row.asked_by}
    audit.append(db, actor, f"start_over_{outcome}", "start_over", row.id, detail=detail)


def _seen_by(db: Session, actor: Actor, row: StartOverRow, person: PersonRow) -> Waiting:
    return Waiting(
        row.id,
        person.name,
        row.asked_by_name,
        row.asked_at,
        row.expires_at,
        row.reason,
        may_decide=actor.id in {one.id for one in _second_pair(db, row)},
        may_take_back=actor.id == row.asked_by,
    )


def _tell_asker(db: Session, row: StartOverRow, what: str) -> None:
    _tell(db, signins.person(db, row.asked_by), what)


def _tell(db: Session, person: PersonRow, what: str, reason: str = "", link: str = "") -> None:
    organisation = signins.organisation(db, person.organisation_id)
    letter = mail.write(
        "start_over",
        name=person.name,
        what=what,
        reason=reason,
        link=link,
        organisation=organisation.name,
        sender="Toetssteen",
    )
    outbox.put(db, organisation.id, None, "start_over", person.email, letter)

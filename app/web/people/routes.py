"""Managing accounts: everybody, inviting, one account, failed attempts. For administrators; for others nothing is here."""

from fastapi import APIRouter, Request, Response

from app.errors import NotAllowed
from app.reviews.lifecycle import Role, role_title
from app.usecases import people, starting_over
from app.usecases.people import Account, FieldProblem
from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.people.pages import (
    FailuresPage,
    InviteErrors,
    InvitePersonPage,
    PeoplePage,
    PersonErrors,
    PersonLineView,
    PersonPage,
    StartOverPage,
    StartOverView,
)
from app.web.shells import frame
from app.web.templating import dutch_moment

router = APIRouter(include_in_schema=False)

_WHAT = {
    "password": "Verkeerd wachtwoord",
    "factor": "Goed wachtwoord, verkeerde code",
    "passkey": "Verkeerde passkey",
    "forgotten": "Vroeg om een nieuw wachtwoord",
    "code": "Verkeerde code bij een uitnodiging",
    "door": "Vroeg om een nieuwe link als kandidaat",
    "candidate": "Verkeerd eigen bewijs van een kandidaat",
    "sign_on": "Geweigerd na de inlogdienst van uw organisatie",
}
_NOBODY = {"code": "Een kandidaat", "candidate": "Een kandidaat", "sign_on": "Onbekend"}
"""Whose account it was, when there is none. Which candidate is for who handles the case."""


@router.get("/mensen")
def show_people(request: Request, db: Db, settings: AppSettings, actor: Staff) -> Response:
    """Show everybody with an account."""
    found = people.accounts(db, settings, actor)
    page = PeoplePage(
        shell=frame(request, db, actor, current="/mensen"),
        people=tuple(
            PersonLineView(
                name=one.person.name, href=f"/mensen/{one.person.id}", role=one.person.role_title, state=_state(one),
                kind="ok" if one.person.active and one.begun else "neutral", last=one.person.signed_in_at,
            )
            for one in found
        ),
        inviting=settings.local_accounts,
        waiting=sum(one.may_decide for one in starting_over.waiting(db, actor)),
    )  # fmt: skip
    return render(page)


@router.get("/mensen/nieuw")
def show_invite(request: Request, db: Db, settings: AppSettings, actor: Staff) -> Response:
    """Ask whom to invite."""
    people.may_invite(settings, actor)
    return _invite_page(request, db, actor)


@router.post("/mensen/nieuw")
def invite(request: Request, db: Db, settings: AppSettings, actor: Staff, form: Sent) -> Response:
    """Give somebody an account and mail the link to begin."""
    people.may_invite(settings, actor)
    name, email, chosen = text_of(form, "name"), text_of(form, "email"), text_of(form, "role")
    role = _role(chosen)
    done = people.invite(db, settings, actor, name=name, email=email, role=role or Role.CANDIDATE)
    if isinstance(done, tuple):
        return _invite_page(request, db, actor, problems=done, name=name, email=email, role=chosen)
    return see_other(f"/mensen/{done.id}?gedaan=uitgenodigd")


@router.get("/mensen/inlogpogingen")
def show_failures(request: Request, db: Db, actor: Staff) -> Response:
    """Show failed attempts to get in."""
    found = people.failures(db, actor)
    page = FailuresPage(
        shell=frame(request, db, actor, current="/mensen"),
        attempts=tuple(
            (
                dutch_moment(one.at),
                one.name or _NOBODY.get(one.what, ""),
                _WHAT.get(one.what, one.what),
                one.origin or "onbekend",
            )
            for one in found.attempts
        ),
        at_nobody=found.at_nobody,
    )
    return render(page)


@router.get("/mensen/{person_id}")
def show_person(request: Request, db: Db, settings: AppSettings, actor: Staff, person_id: str) -> Response:
    """Show one account."""
    return _person_page(request, db, actor, people.account(db, settings, actor, person_id))


@router.post("/mensen/{person_id}/uitnodigen")
def invite_again(db: Db, settings: AppSettings, actor: Staff, person_id: str) -> Response:
    """Mail a new link to somebody who did not begin yet."""
    people.invite_again(db, settings, actor, person_id)
    return see_other(f"/mensen/{person_id}?gedaan=uitgenodigd")


@router.post("/mensen/{person_id}/rol")
def change_role(db: Db, settings: AppSettings, actor: Staff, person_id: str, form: Sent) -> Response:
    """Give somebody another role."""
    people.account(db, settings, actor, person_id)
    role = _role(text_of(form, "role"))
    if role is None:
        raise NotAllowed("Kies een rol uit de lijst.")
    people.change_role(db, settings, actor, person_id, role)
    return see_other(f"/mensen/{person_id}?gedaan=opgeslagen")


@router.post("/mensen/{person_id}/opnieuw")
def start_over(request: Request, db: Db, settings: AppSettings, actor: Staff, person_id: str, form: Sent) -> Response:
    """Ask to take away every way in that somebody has, so that they begin anew. Somebody else agrees or does not."""
    reason = text_of(form, "reason")
    problem = starting_over.ask(db, settings, actor, person_id, reason)
    if problem is not None:
        return _person_page(
            request, db, actor, people.account(db, settings, actor, person_id), problems=(problem,), reason=reason
        )
    return see_other(f"/mensen/{person_id}?gedaan=gevraagd")


@router.get("/opnieuw-beginnen")
def show_start_over(request: Request, db: Db, actor: Staff) -> Response:
    """Show the requests to let a colleague begin again."""
    page = StartOverPage(
        shell=frame(request, db, actor, current="/mensen"),
        waiting=tuple(
            StartOverView(
                name=one.person_name, rows=_request_rows(one), base=f"/opnieuw-beginnen/{one.id}",
                may_decide=one.may_decide, may_take_back=one.may_take_back,
            )
            for one in starting_over.waiting(db, actor)
        ),
        people_url="/mensen" if actor.role is Role.ADMIN else "",
    )  # fmt: skip
    return render(page)


@router.post("/opnieuw-beginnen/{start_over_id}/akkoord")
def agree_to_start_over(db: Db, settings: AppSettings, actor: Staff, start_over_id: str) -> Response:
    """Let a colleague begin again, as the second person."""
    starting_over.agree(db, settings, actor, start_over_id)
    return see_other("/opnieuw-beginnen?gedaan=uitgenodigd")


@router.post("/opnieuw-beginnen/{start_over_id}/weigeren")
def refuse_start_over(db: Db, actor: Staff, start_over_id: str) -> Response:
    """Refuse it: nothing changes."""
    starting_over.refuse(db, actor, start_over_id)
    return see_other("/opnieuw-beginnen?gedaan=vastgelegd")


@router.post("/opnieuw-beginnen/{start_over_id}/terugnemen")
def take_start_over_back(db: Db, actor: Staff, start_over_id: str) -> Response:
    """Take one's own request back."""
    starting_over.take_back(db, actor, start_over_id)
    return see_other("/opnieuw-beginnen?gedaan=vastgelegd")


@router.post("/mensen/{person_id}/uit")
def switch_off(db: Db, actor: Staff, person_id: str) -> Response:
    """Switch an account off."""
    people.deactivate(db, actor, person_id)
    return see_other(f"/mensen/{person_id}?gedaan=opgeslagen")


@router.post("/mensen/{person_id}/aan")
def switch_on(db: Db, actor: Staff, person_id: str) -> Response:
    """Switch an account on again."""
    people.activate(db, actor, person_id)
    return see_other(f"/mensen/{person_id}?gedaan=opgeslagen")


def _role(chosen: str) -> Role | None:
    return Role(chosen) if chosen in {one.value for one in Role} - {Role.CANDIDATE.value} else None


def _roles(tier: str) -> tuple[OptionView, ...]:
    return tuple(OptionView(id=one.value, label=role_title(one, tier)) for one in Role if one is not Role.CANDIDATE)


def _state(one: Account) -> str:
    if not one.person.active:
        return "Uit"
    return "Actief" if one.begun else "Nog niet gekoppeld" if one.elsewhere else "Uitgenodigd"


def _request_rows(one: starting_over.Waiting) -> tuple[RowView, ...]:
    return (
        RowView(label="Gevraagd door", value=one.asked_by_name),
        RowView(label="Gevraagd op", value=dutch_moment(one.asked_at)),
        RowView(label="Reden", value=one.reason),
        RowView(label="Verloopt op", value=dutch_moment(one.expires_at)),
    )


def _invite_page(
    request: Request, db: Db, actor: Staff, *, problems: tuple[FieldProblem, ...] = (), name: str = "", email: str = "",
    role: str = "",
) -> Response:  # fmt: skip
    wrong = {one.field: one.message for one in problems}
    if "role" in wrong:
        wrong["role"] = "Kies wat deze collega doet."
    page = InvitePersonPage(
        shell=frame(request, db, actor, current="/mensen"),
        problems=tuple(ProblemLine(field_id=field, message=message) for field, message in wrong.items()),
        errors=InviteErrors(**wrong), name=name, email=email, role=role, roles=_roles(actor.tier),
    )  # fmt: skip
    return render(page, status=422 if problems else 200)


def _person_page(
    request: Request, db: Db, actor: Staff, one: Account, *, problems: tuple[FieldProblem, ...] = (), reason: str = ""
) -> Response:
    standing = starting_over.standing_of(db, actor, one.person.id)
    page = PersonPage(
        shell=frame(request, db, actor, current="/mensen"),
        problems=tuple(ProblemLine(field_id=problem.field, message=problem.message) for problem in problems),
        errors=PersonErrors(**{problem.field: problem.message for problem in problems}),
        base=f"/mensen/{one.person.id}",
        name=one.person.name,
        email=one.person.email,
        role=one.person.role.value,
        role_title=one.person.role_title,
        roles=_roles(actor.tier),
        state=_state(one),
        active=one.person.active,
        begun=one.begun,
        elsewhere=one.elsewhere,
        oneself=one.person.id == actor.id,
        app=one.app,
        passkeys=one.passkeys,
        recovery_codes=one.recovery_codes,
        invited_until=one.invited_until,
        reason=reason,
        waits=_request_rows(standing.waits) if standing.waits else (),
        second_pair=standing.possible,
    )
    return render(page, status=422 if problems else 200)

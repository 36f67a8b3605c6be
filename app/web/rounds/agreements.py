"""The working agreements of an organisation: whom people can call, and the days before an appointment."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.deadlines import MOST_DAYS, Offsets, out_of_turn
from app.reviews.lifecycle import Role
from app.usecases.organisations import Agreements, Contact, may_set_agreements, set_agreements
from app.usecases.people import looks_like_email
from app.web.deps import Db, Sent, Staff, see_other
from app.web.pages import render
from app.web.rounds.pages import AgreementsPage, DaysField
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)

_PAGE = "/organisatie/afspraken"
_LONGEST_NAME, _LONGEST_PHONE = 100, 40
_MARGIN = "vog_margin"
_DAYS = {
    "invite": "De kandidaat is uitgenodigd",
    "answers": "De kandidaat heeft de vragenlijst ingediend",
    "review": "De beoordeling is klaar",
    "hearing_opens": "Het conceptrapport gaat naar de kandidaat",
    "hearing_closes": "De kandidaat heeft gereageerd",
    "council_papers": "De raadsversie is verzonden",
    _MARGIN: "Extra dagen voor het aanvragen van de VOG",
}


@router.get(_PAGE)
def show_agreements(request: Request, db: Db, actor: Staff) -> Response:
    """Show the agreements, to change them."""
    return render(_page(request, db, actor, may_set_agreements(db, actor), None))


@router.post(_PAGE)
def change_agreements(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Change the agreements."""
    agreed, read = may_set_agreements(db, actor), Reading(form)
    contact = _contact(read)
    offsets = _offsets(read)
    if read.errors:
        return render(_page(request, db, actor, agreed, read), status=422)
    set_agreements(db, actor, offsets=offsets, contact=contact)
    return see_other(f"{_PAGE}?gedaan=opgeslagen")


def _contact(read: Reading) -> Contact:
    contact = Contact(
        name=read.text("name", "Vul in wie mensen kunnen bellen of mailen, bijvoorbeeld de griffie."),
        phone=read.text("phone"),
        email=read.text("email"),
    )
    if len(contact.name) > _LONGEST_NAME:
        read.errors["name"] = f"Gebruik hoogstens {_LONGEST_NAME} tekens."
    if len(contact.phone) > _LONGEST_PHONE:
        read.errors["phone"] = f"Gebruik hoogstens {_LONGEST_PHONE} tekens."
    if contact.email and not looks_like_email(contact.email):
        read.errors["email"] = "Vul een e-mailadres in, bijvoorbeeld griffie@voorbeeldstad.example."
    if not contact.phone and not contact.email:
        read.errors["phone"] = "Vul een telefoonnummer of een e-mailadres in. Anders kan niemand u bereiken."
    return contact


def _offsets(read: Reading) -> dict[str, int]:
    days: dict[str, int] = {}
    for name, label in _DAYS.items():
        typed = read.text(name)
        if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_DAYS)) and int(typed) <= MOST_DAYS:
            days[name] = int(typed)
        else:
            read.errors[name] = f"Vul bij ‘{label}’ een aantal dagen in van 0 tot en met {MOST_DAYS}."
    if len(days) == len(_DAYS) and (wrong := out_of_turn(Offsets(**days))):
        before, after = (_DAYS[name] for name in wrong)
        read.errors[wrong[1]] = f"‘{after}’ komt na ‘{before}’. Vul hier minder dagen in dan daar."
    return days


def _page(request: Request, db: Session, actor: Actor, agreed: Agreements, read: Reading | None) -> AgreementsPage:
    now = {**asdict(agreed.contact), **{name: str(days) for name, days in asdict(agreed.offsets).items()}}
    typed = read.typed if read else now
    errors = read.errors if read else {}
    fields = {
        name: DaysField(name=name, label=label, value=typed.get(name, ""), error=errors.get(name, ""))
        for name, label in _DAYS.items()
    }
    return AgreementsPage(
        shell=frame(request, db, actor, current="/mensen" if actor.role is Role.ADMIN else "/rondes"),
        action=_PAGE,
        typed=typed,
        margin=fields.pop(_MARGIN),
        days=tuple(fields.values()),
        problems=read.problems if read else (),
        errors=errors,
    )

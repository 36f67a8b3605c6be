"""Whether the clerk reads the content of cases: shown to clerk and principal, decided by the principal."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.reviews.lifecycle import Role, role_title
from app.usecases import closing_to_clerk
from app.usecases.closing_to_clerk import Closing
from app.web.cases.views import ProblemLine
from app.web.deps import Db, Sent, Staff, see_other
from app.web.pages import Page, render
from app.web.rounds.pages import EventView
from app.web.shells import frame
from app.web.templating import dutch_moment
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)
_HERE = "/organisatie/griffier"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClerkPage(Page):
    """How it stands and how that came about; for the principal with the form to change it."""

    template: ClassVar[str] = "pages/rounds/clerk.html"
    clerk: str
    principal: str
    closed: bool
    may_set: bool
    action: str
    history: tuple[EventView, ...]
    reason: str
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]


@router.get(_HERE)
def show(request: Request, db: Db, actor: Staff) -> Response:
    """Show whether the clerk reads the content of cases."""
    return render(_page(request, db, actor))


@router.post(_HERE)
def change(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Close the content to the clerk, or open it again."""
    read = Reading(form)
    closes = read.text("closed", "Kies of de inhoud open of gesloten is.") == "yes"
    reason = read.text("reden", "Schrijf op waarom. De griffier leest de reden ook.")
    if not read.errors:
        try:
            closing_to_clerk.set_closed(db, actor, closed=closes, reason=reason)
        except NotAllowed as refusal:
            read.errors["reden"] = refusal.reason
    if read.errors:
        return render(_page(request, db, actor, read), status=422)
    return see_other(f"{_HERE}?gedaan=vastgelegd")


def _page(request: Request, db: Session, actor: Actor, read: Reading | None = None) -> ClerkPage:
    found = closing_to_clerk.page(db, actor)
    clerk = role_title(Role.CLERK, actor.tier)
    return ClerkPage(
        shell=frame(request, db, actor, current="/rondes"),
        clerk=clerk,
        principal=role_title(Role.PRINCIPAL, actor.tier),
        closed=found.closed,
        may_set=found.may_set,
        action=_HERE,
        history=tuple(_event(one, clerk) for one in found.history),
        reason=read.typed.get("reden", "") if read else "",
        problems=read.problems if read else (),
        errors=read.errors if read else {},
    )


def _event(one: Closing, clerk: str) -> EventView:
    title = f"Gesloten voor de {clerk}" if one.closed else f"Open voor de {clerk}"
    return EventView(when=dutch_moment(one.at), title=title, text=f"{one.by_name}: {one.reason}")

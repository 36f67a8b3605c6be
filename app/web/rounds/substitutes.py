"""Pointing out who comes instead of somebody who does not take part in a case."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.usecases import substituting
from app.web.cases.views import OptionView
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import Page, render
from app.web.shells import frame
from app.web.templating import dutch_date

router = APIRouter(prefix="/vervangers", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedView:
    """Somebody who does not take part, and the colleagues who could come instead."""

    id: str
    reference: str
    href: str
    text: str
    action: str
    colleagues: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutesPage(Page):
    """Every case in which somebody is still to come instead."""

    template: ClassVar[str] = "pages/rounds/substitutes.html"
    asked: tuple[AskedView, ...]


@router.get("")
def show(request: Request, db: Db, actor: Staff) -> Response:
    """Show for which cases a substitute is asked."""
    asked = tuple(
        AskedView(
            id=one.declaration_id,
            reference=one.reference,
            href=f"/zaken/{one.case_id}" if one.case_id else "",
            text=f"{one.name}, {one.role_title}, doet sinds {dutch_date(one.at)} niet mee.",
            action=f"/vervangers/{one.declaration_id}",
            colleagues=tuple(OptionView(id=person.id, label=person.name) for person in one.colleagues),
        )
        for one in substituting.asked(db, actor)
    )
    return render(SubstitutesPage(shell=frame(request, db, actor, current="/vervangers"), asked=asked))


@router.post("/{declaration_id}")
def point_out(db: Db, actor: Staff, declaration_id: str, form: Sent) -> Response:
    """Point out who comes instead."""
    substituting.point_out(db, actor, declaration_id, text_of(form, "person"))
    return see_other("/vervangers?gedaan=vastgelegd")

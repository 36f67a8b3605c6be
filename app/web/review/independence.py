"""Declaring independence before a case opens, stepping aside, and coming back by four eyes."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import DeclarationNeeded
from app.reviews.independence import DECLARED_TITLES, RELATION_TITLES, Relation, Standing
from app.reviews.lifecycle import Step
from app.usecases import documents, independence
from app.usecases.independence import Declared, SteppedAside
from app.web.cases.views import OptionView, ProblemLine
from app.web.deps import AppSettings, Db, Sent, Staff, local, see_other, text_of
from app.web.dossier.files import download
from app.web.pages import Page, is_htmx, render
from app.web.shells import frame
from app.web.templating import dutch_date
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/onafhankelijkheid", include_in_schema=False)


_BEFORE = frozenset({Step.DRAFT, Step.INVITED, Step.ANSWERING})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredView:
    """What one colleague declared, and what can be done about it."""

    who: str
    told: str
    explanation: str
    aside: str
    propose: str
    proposal: str
    confirm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependencePage(Page):
    """Who declared what in a case; the question itself while the reader has not answered it."""

    template: ClassVar[str] = "pages/review/independence.html"
    name: str
    back: str
    action: str
    back_to: str
    asked: bool
    relations: tuple[OptionView, ...]
    chosen: str
    explanation: str
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]
    declared: tuple[DeclaredView, ...]
    document_url: str
    """Where a Word file of the declarations is made; empty before there is anything to review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedAsidePage(Page):
    """For who does not take part in a case: that it is so, since when, and what to do about a mistake."""

    template: ClassVar[str] = "pages/review/stepped_aside.html"
    since: str
    substitute: str


def ask_to_declare(request: Request, error: DeclarationNeeded) -> Response:
    """Answer for DeclarationNeeded: bring a reviewer to the question, and back to where they were going."""
    here = request.url.path if request.method == "GET" else f"/zaken/{error.case_id}"
    address = f"{_base(error.case_id)}?terug={here}"
    if is_htmx(request):
        return Response(status_code=204, headers={"hx-redirect": address})
    return see_other(address)


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str, terug: str = "") -> Response:
    """Show who declared what, or ask the reader to declare."""
    return _page(request, db, actor, case_id, terug)


@router.post("")
def declare(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Write down what the reader declares."""
    read = Reading(form)
    relation = read.choice("relation", Relation, "Kies wat er op u van toepassing is.")
    if relation is not None and relation.closes:
        read.text("explanation", "Schrijf in één zin op waarom u niet meedoet.")
    if relation is None or read.errors:
        return _page(request, db, actor, case_id, text_of(form, "terug"), read)
    standing = independence.declare(db, actor, case_id, relation, text_of(form, "explanation"))
    if standing is Standing.OPEN:
        return see_other(_within(text_of(form, "terug"), case_id))
    return see_other(_base(case_id))


@router.post("/document")
def make_document(db: Db, settings: AppSettings, actor: Staff, case_id: str) -> Response:
    """Make a Word file of the declarations, for the record; it is stored with the case under its own number."""
    line = documents.make_document(db, settings, actor, case_id, documents.DECLARATIONS)
    return download(*documents.fetch(db, actor, line.id))


@router.post("/{declaration_id}/opheffen")
def propose(db: Db, actor: Staff, case_id: str, declaration_id: str, form: Sent) -> Response:
    """Propose that somebody takes part again."""
    independence.propose_lift(db, actor, case_id, declaration_id, text_of(form, "reden"))
    return see_other(f"{_base(case_id)}?gedaan=vastgelegd")


@router.post("/{declaration_id}/bevestigen")
def confirm(db: Db, actor: Staff, case_id: str, declaration_id: str) -> Response:
    """Confirm that somebody takes part again."""
    independence.confirm_lift(db, actor, case_id, declaration_id)
    return see_other(f"{_base(case_id)}?gedaan=vastgelegd")


def told_of(one: Declared) -> str:
    """Say in words what somebody declared, and what became of it."""
    if one.lifted_by:
        return f"{DECLARED_TITLES[one.relation]}. Doet na overleg toch mee; bevestigd door {one.lifted_by}"
    return DECLARED_TITLES[one.relation]


def _page(
    request: Request, db: Session, actor: Actor, case_id: str, back_to: str, read: Reading | None = None
) -> Response:
    found = independence.page(db, actor, case_id)
    shell = frame(request, db, actor, current="/werklijst")
    if isinstance(found, SteppedAside):
        return render(SteppedAsidePage(shell=shell, since=dutch_date(found.at), substitute=found.substitute))
    asked = found.standing is Standing.UNDECLARED
    typed = read.typed if read else {}
    page = IndependencePage(
        shell=shell,
        name=found.case.candidate_name,
        back=f"/zaken/{case_id}",
        action=_base(case_id),
        back_to=_within(back_to, case_id),
        asked=asked,
        relations=tuple(
            OptionView(id=one.value, label=title)
            for one, title in RELATION_TITLES.items()
            if asked or one is not Relation.NONE
        ),
        chosen=typed.get("relation", ""),
        explanation=typed.get("explanation", ""),
        problems=read.problems if read else (),
        errors=read.errors if read else {},
        # Whoever still has to declare does so without knowing what others said.
        document_url="" if asked or found.case.step in _BEFORE else f"{_base(case_id)}/document",
        declared=() if asked else tuple(_view(one, case_id) for one in found.declarations),
    )
    return render(page, status=422 if read else 200)


def _view(one: Declared, case_id: str) -> DeclaredView:
    here = f"{_base(case_id)}/{one.id}"
    substitute = f" Vervanger: {one.substitute}." if one.substitute else " Er is nog geen vervanger."
    return DeclaredView(
        who=f"{one.name}, {one.role_title}, op {dutch_date(one.at)}",
        told=told_of(one),
        explanation=one.explanation,
        aside=f"Doet niet mee aan deze zaak.{substitute}" if one.closed else "",
        propose=f"{here}/opheffen" if one.may_propose else "",
        proposal=f"{one.lift_proposed_by} stelt voor dat deze persoon toch meedoet: {one.lift_reason}"
        if one.closed and one.lift_reason
        else "",
        confirm=f"{here}/bevestigen" if one.may_confirm else "",
    )


def _base(case_id: str) -> str:
    return f"/zaken/{case_id}/onafhankelijkheid"


def _within(address: str, case_id: str) -> str:
    """Give an address of this case, or of its documents; anything else becomes the case itself."""
    case = f"/zaken/{case_id}"
    here = local(address, case)
    return here if here == case or here.startswith((f"{case}/", "/documenten/")) else case

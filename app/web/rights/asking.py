"""Asking for a correction, for the candidate: what was asked before, choosing an answer, and the form about it."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.kinds import Group
from app.usecases import library, rectifying
from app.usecases.answering import Problem, Typed
from app.usecases.rectifying import Askable
from app.web.cases.forms import typed
from app.web.cases.mapping import Around, field_view
from app.web.cases.views import OptionView, ProblemLine
from app.web.deps import AppSettings, Candidate, Db, Sent, see_other, text_of
from app.web.pages import render
from app.web.rights.mapping import request_view
from app.web.rights.pages import AskPage, OwnRequestsPage
from app.web.shells import frame
from app.web.templating import dom_id

router = APIRouter(prefix="/vragenlijst/{case_id}/correctie", include_in_schema=False)


@router.get("")
def show(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show what was asked and answered, and let the candidate choose an answer to correct."""
    found = rectifying.own(db, actor, case_id)
    base = f"/vragenlijst/{case_id}"
    page = OwnRequestsPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        back=f"{base}/stand",
        here=base,
        form_url=f"{base}/correctie/vraag",
        requests=tuple(request_view(one) for one in found.requests),
        questions=tuple(OptionView(id=one.path, label=_named(one)) for one in found.askable),
    )
    return render(page)


@router.get("/vraag")
def show_form(request: Request, db: Db, actor: Candidate, case_id: str, vraag: str = "") -> Response:
    """Show the form about one answer; without a question, go back to choosing."""
    if not vraag:
        return see_other(f"/vragenlijst/{case_id}/correctie")
    return render(_form(request, db, actor, case_id, vraag))


@router.post("/vraag")
def ask(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Send the request."""
    path, reason, words = text_of(form, "vraag"), text_of(form, "waarom"), text_of(form, "moet-zijn")
    if not path:
        return see_other(f"/vragenlijst/{case_id}/correctie")
    sent = typed(form, path)
    texts = {"waarom": reason, "moet-zijn": words}
    errors = {} if reason else {"waarom": rectifying.NO_REASON}
    shown = rectifying.question(db, actor, case_id, path)
    if isinstance(shown.question, Group) and not words:
        errors["moet-zijn"] = rectifying.NO_WORDS
    if errors:
        return render(_form(request, db, actor, case_id, path, sent=sent, texts=texts, errors=errors), status=422)
    try:
        done = rectifying.ask(db, settings, actor, case_id, sent, words, reason)
    except NotAllowed as refusal:
        errors["waarom"] = refusal.reason
        return render(_form(request, db, actor, case_id, path, sent=sent, texts=texts, errors=errors), status=409)
    if isinstance(done, Problem):
        page = _form(request, db, actor, case_id, path, sent=sent, texts=texts, problem=done)
        return render(page, status=422)
    return see_other(f"/vragenlijst/{case_id}/correctie?gedaan=correctie-gevraagd")


def _form(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    path: str,
    *,
    sent: Typed | None = None,
    texts: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> AskPage:
    read = rectifying.question(db, actor, case_id, path)
    found = rectifying.own(db, actor, case_id)
    if not found.askable:
        raise NotAllowed("U kunt uw antwoorden nu zelf nog wijzigen. Ga naar de vragenlijst.")
    base = f"/vragenlijst/{case_id}"
    asked = library.questionnaire_of(found.case)
    kept = problem or (Problem(path, "", sent.raw) if sent is not None else None)
    around = Around(
        base=base,
        section=asked.section_of[read.question.id].id,
        questionnaire=asked,
        sources=library.rulebook(asked).sources,
        tier=actor.tier,
        problems={} if kept is None else {path: kept},
        autosave=False,
        clerk_reads=actor.clerk_reads,
    )
    is_list = isinstance(read.question, Group)
    wrong = dict(errors or {})
    lines = [ProblemLine(field_id=name, message=message) for name, message in wrong.items()]
    if problem is not None:
        lines.insert(0, ProblemLine(field_id=dom_id(path), message=problem.message))
    return AskPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        back=f"{base}/correctie",
        action=f"{base}/correctie/vraag",
        path=path,
        question=read.question.label,
        about=next((one.about for one in found.askable if one.path == path), ""),
        now=read.shown + (f" ({read.note})" if read.note else ""),
        asked=None if is_list else field_view(around, read),
        typed=texts or {},
        errors=wrong,
        problems=tuple(lines),
    )


def _named(one: Askable) -> str:
    return " · ".join(part for part in (one.section, one.about, one.question) if part)

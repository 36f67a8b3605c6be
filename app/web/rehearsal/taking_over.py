"""A candidate takes over the answers of their own rehearsal: choose the file, see what it would do, then do it."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.answers import Answers
from app.usecases import carrying, taking_over
from app.usecases.lines import today
from app.web.cases.making import OVERVIEW, base_of
from app.web.cases.views import RowView
from app.web.deps import Candidate, Db, Sent, see_other, text_of
from app.web.pages import render
from app.web.rehearsal.mapping import named
from app.web.rehearsal.pages import DifferingLine, TakeOverFilePage, TakeOverItem, TakeOverPage
from app.web.rehearsal.routes import NO_FILE, sent_file
from app.web.shells import frame

router = APIRouter(prefix="/vragenlijst/{case_id}/overnemen", include_in_schema=False)

File = Annotated[str | None, Depends(sent_file)]

_CHANGED = "Uw vragenlijst is intussen gewijzigd. Kijk nog een keer wat wij overnemen."


@router.get("")
def ask_file(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Ask for the file."""
    taking_over.plan(db, actor, case_id, Answers())  # nothing is asked for that cannot be done
    return render(_file_page(request, db, actor, case_id))


@router.post("")
def show_plan(request: Request, db: Db, actor: Candidate, case_id: str, text: File) -> Response:
    """Show what taking over would do; nothing is written yet."""
    opened = carrying.open_file(text, today()) if text else None
    if opened is None:
        error = "Kies eerst een bestand." if text == "" else NO_FILE
        return render(_file_page(request, db, actor, case_id, error), status=422)
    plan = taking_over.plan(db, actor, case_id, opened.rehearsal.answers)
    left_out = named(opened.rehearsal, opened.left_out)
    return render(_plan_page(request, db, actor, case_id, opened.rehearsal.answers, plan, left_out))


@router.post("/opslaan")
def do(request: Request, db: Db, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Take over what was shown, and say what could not be."""
    answers = _answers(text_of(form, "antwoorden"))
    shown = text_of(form, "versie")
    refused = taking_over.take_over(
        db, actor, case_id, answers,
        version=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else -1,  # noqa: PLR2004 - no case changes that often
        replace=text_of(form, "vervangen") == "yes",
    )  # fmt: skip
    if refused is None:
        plan = taking_over.plan(db, actor, case_id, answers)
        return render(_plan_page(request, db, actor, case_id, answers, plan, (), _CHANGED), status=409)
    if refused:
        plan = taking_over.plan(db, actor, case_id, answers)
        return render(_plan_page(request, db, actor, case_id, answers, plan, refused, done=True))
    return see_other(f"{base_of(case_id)}?gedaan=overgenomen")


def _answers(text: str) -> Answers:
    """Read what the page with the plan sent along. Raises NotFound for anything that page did not send."""
    try:
        found = carrying.answers_in(json.loads(text))
    except (ValueError, RecursionError):
        found = None
    if found is None:
        raise NotFound("no answers to take over")
    return found


def _file_page(request: Request, db: Session, actor: Actor, case_id: str, error: str = "") -> TakeOverFilePage:
    base = base_of(case_id)
    return TakeOverFilePage(
        shell=frame(request, db, actor, current=base),
        action=f"{base}/overnemen",
        crumbs=_crumbs(base),
        back=base,
        error=error,
    )


def _plan_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    answers: Answers,
    plan: taking_over.Plan,
    left_out: tuple[str, ...],
    warning: str = "",
    *,
    done: bool = False,
) -> TakeOverPage:
    base = base_of(case_id)
    return TakeOverPage(
        shell=frame(request, db, actor, current=base),
        action=f"{base}/overnemen/opslaan",
        crumbs=_crumbs(base),
        back=base,
        answers=json.dumps(answers.to_jsonable(), ensure_ascii=False, separators=(",", ":")),
        version=plan.version,
        warning=warning,
        done=done,
        empty=plan.empty,
        new=tuple(RowView(label=one.question, value=one.answer) for one in plan.new),
        items=tuple(
            TakeOverItem(
                title=one.title,
                rows=tuple(RowView(label=told.question, value=told.answer) for told in one.rows),
                beside=one.beside,
                refused=one.refused,
            )
            for one in plan.items
        ),
        differing=tuple(DifferingLine(label=one.question, now=one.now, in_file=one.in_file) for one in plan.differing),
        same=plan.same,
        left_out=tuple(dict.fromkeys((*left_out, *plan.left_out))),
        untold=plan.untold,
    )


def _crumbs(base: str) -> tuple[RowView, ...]:
    return (RowView(label=OVERVIEW, value="", href=base), RowView(label="Antwoorden overnemen", value=""))

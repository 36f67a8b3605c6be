"""All answers of a candidate, and asking to look at some of them again."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.lifecycle import Action
from app.usecases import attachments, recording, reviewing, sections
from app.usecases.attachments import AttachmentLine
from app.web.cases.attached import rows_at
from app.web.cases.mapping import item_rows
from app.web.cases.views import OptionView, RowView
from app.web.deps import Db, Sent, Staff, see_other, text_of, texts_of
from app.web.pages import render
from app.web.review.mapping import base_of, require
from app.web.review.pages import AnswerSectionView, AnswersPage, CorrectionPage
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)


@router.get("/antwoorden")
def show_answers(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show all answers."""
    review = reviewing.case_review(db, actor, case_id)
    files = attachments.list_attachments(db, actor, case_id)
    shown = tuple(_answer_section(view, files) for view in _sections(db, actor, case_id))
    page = AnswersPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        sections=shown,
        correction_url=f"{base_of(case_id)}/aanvulling" if Action.REQUEST_CORRECTION in review.actions else "",
    )
    return render(page)


def _sections(db: Session, actor: Actor, case_id: str) -> list[sections.SectionView]:
    return [
        sections.load_section(db, actor, case_id, line.id) for line in sections.task_list(db, actor, case_id).sections
    ]


def _answer_section(view: sections.SectionView, files: tuple[AttachmentLine, ...]) -> AnswerSectionView:
    return AnswerSectionView(
        title=view.section.title,
        rows=tuple(
            row for q in view.questions for row in (RowView(label=q.marked, value=q.shown), *rows_at(files, q.path))
        ),
        items=tuple(
            (item.title, (*item_rows(item), *rows_at(files, f"{q.path}[{item.item_id}]")))
            for q in view.questions
            for item in q.items
        ),
    )


@router.get("/aanvulling")
def new_correction(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show the form to ask for a correction."""
    return render(_correction_page(request, db, actor, case_id, None))


@router.post("/aanvulling")
def request_correction(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Ask the candidate to look again at named questions."""
    read = Reading(form)
    chosen = texts_of(form, "question")
    reason = read.text("reason", "Schrijf op wat u wilt weten en waarom. De kandidaat leest dit.")
    if not chosen:
        read.errors["question"] = "Kies minstens één vraag."
    if read.errors:
        return render(_correction_page(request, db, actor, case_id, read), status=422)
    recording.request_correction(db, actor, case_id, chosen, reason)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _correction_page(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None) -> CorrectionPage:
    review = reviewing.case_review(db, actor, case_id)
    require(review, Action.REQUEST_CORRECTION)
    asked = [
        OptionView(id=q.path, label=f"{view.section.title}: {q.question.label}")
        for view in _sections(db, actor, case_id)
        for q in view.questions
    ]
    return CorrectionPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        action=f"{base_of(case_id)}/aanvulling",
        cancel=base_of(case_id),
        questions=tuple(asked),
        chosen=texts_of(read.form, "question") if read else (),
        reason=text_of(read.form, "reason") if read else "",
        problems=read.problems if read else (),
        errors=read.errors if read else {},
    )

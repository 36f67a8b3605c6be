"""After answering: checking, sending, the receipt, how the case stands, the concept report, withdrawing."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.answers import AnswerPath
from app.reviews.lifecycle import STEP_TITLES, Role, Step, role_title
from app.usecases import attachments, cases, documents, hearing, reviewers, submitting, withdrawing
from app.usecases.questions import QuestionView
from app.usecases.settled import OpenLine
from app.web.cases.attached import file_row, rows_at
from app.web.cases.making import base_of
from app.web.cases.mapping import item_rows
from app.web.cases.pages import (
    CheckedSection,
    CheckPage,
    HearingPage,
    OpenedView,
    PointView,
    StatusPage,
    StepView,
    SubmittedPage,
    WithdrawPage,
)
from app.web.cases.views import NormView, OptionView, ProblemLine, RowView
from app.web.deadlines import norm, when
from app.web.deps import AppSettings, Candidate, Db, Sent, see_other, text_of
from app.web.dossier.files import download
from app.web.pages import render
from app.web.shells import frame
from app.web.templating import dom_id

router = APIRouter(prefix="/vragenlijst/{case_id}", include_in_schema=False)

_JOURNEY = (
    Step.ANSWERING,
    Step.SUBMITTED,
    Step.IN_REVIEW,
    Step.HEARING,
    Step.WEIGHING,
    Step.CONCLUDED,
    Step.PRESENTED,
)
_PLACE = {Step.INVITED: Step.ANSWERING, Step.CORRECTION: Step.IN_REVIEW}
_CHECKBOXES = {"truthful": "naar_waarheid", "will_report": "wijzigingen"}


@router.get("/controle")
def show_check(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show all answers, and the declaration."""
    return render(_check_page(request, db, actor, case_id, (), truthful=False, will_report=False))


@router.get("/indienen")
def ask_submit(_actor: Candidate, case_id: str) -> Response:
    """Bring whoever opens the address of the button back to the page it stands on."""
    return see_other(f"{base_of(case_id)}/controle")


@router.post("/indienen")
def submit(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Send the answers. Pressing twice sends once."""
    truthful, will_report = text_of(form, "naar_waarheid") == "yes", text_of(form, "wijzigingen") == "yes"
    outcome = submitting.submit(db, settings, actor, case_id, truthful=truthful, will_report=will_report)
    if isinstance(outcome, tuple):
        problems = tuple(
            ProblemLine(field_id=_CHECKBOXES.get(one.field, one.field), message=one.message) for one in outcome
        )
        page = _check_page(request, db, actor, case_id, problems, truthful=truthful, will_report=will_report)
        return render(page, status=422)
    return see_other(f"{base_of(case_id)}/verstuurd")


@router.get("/verstuurd")
def show_submitted(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show that the answers were sent, and what happens next."""
    status = cases.status_page(db, actor, case_id)
    if not status.submissions:
        return see_other(base_of(case_id))
    last = max(status.submissions, key=lambda one: one.number)
    base = base_of(case_id)
    page = SubmittedPage(
        shell=frame(request, db, actor, current=base),
        number=f"{status.case.reference}-{last.number}",
        at=last.at,
        receipt_url=f"{base}/ontvangstbewijs",
        status_url=f"{base}/stand",
        principal=role_title(Role.PRINCIPAL, actor.tier),
    )
    return render(page)


@router.get("/ontvangstbewijs")
def receipt(db: Db, settings: AppSettings, actor: Candidate, case_id: str) -> Response:
    """Give the receipt as a Word file."""
    line = documents.receipt(db, settings, actor, case_id)
    return download(*documents.fetch(db, actor, line.id))


@router.get("/stand")
def show_status(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show how the case stands, and who opened it."""
    status = cases.status_page(db, actor, case_id)
    base = base_of(case_id)
    heard = status.case.step in {Step.HEARING, Step.WEIGHING, Step.CONCLUDED, Step.PRESENTED}
    page = StatusPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        step=status.case.step_title,
        steps=_steps(status.case.step, base, receipt=bool(status.submissions)),
        dates=tuple(
            RowView(label=row.title, value=f"{when(row)} ({norm(row)})" if row.basis else when(row))
            for row in status.deadlines
        ),
        opened=tuple(
            OpenedView(at=line.at, who=f"{line.name}, {line.role_title}", what=line.what) for line in status.opened_by
        ),
        reviewers=tuple(
            RowView(label=f"{one.name}, {one.role_title}", value=one.told)
            for one in reviewers.of_own_case(db, actor, case_id)
        ),
        withdraw_url=f"{base}/intrekken",
        can_withdraw=status.may_withdraw,
        keeping_url=f"{base}/bewaren",
        copy_url=f"{base}/inzage",
        correct_url=f"{base}/correctie" if status.submissions else "",
        way_url=f"{base}/toegang",
        back=base,
        hearing_url=f"{base}/concept" if heard else "",
    )
    return render(page)


@router.get("/intrekken")
def ask_withdraw(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Explain what withdrawing means, before it is done."""
    return render(_withdraw_page(request, db, actor, case_id))


@router.post("/intrekken")
def withdraw(request: Request, db: Db, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Withdraw, for who was asked once more; for anybody else ask that, or go back with what was typed."""
    reason, step = text_of(form, "reden"), text_of(form, "stap")
    if step != "zeker":
        return render(_withdraw_page(request, db, actor, case_id, reason, sure=step == "verder"))
    cases.withdraw(db, actor, case_id, reason)
    return see_other(f"{base_of(case_id)}/stand?gedaan=ingetrokken")


@router.get("/concept")
def show_concept(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show the concept report."""
    return render(_hearing_page(request, db, actor, case_id))


@router.post("/concept/reactie")
def reply(request: Request, db: Db, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Save the candidate's view on one flag."""
    rule, item, text = text_of(form, "rule"), text_of(form, "item") or None, text_of(form, "reactie")
    if not text:
        page = _hearing_page(request, db, actor, case_id, wrong=(rule, item))
        return render(page, status=422)
    hearing.reply(db, actor, case_id, rule, item, text)
    return see_other(f"{base_of(case_id)}/concept?gedaan=opgeslagen#{_anchor(rule, item)}")


@router.post("/concept/raad")
def respond(request: Request, db: Db, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Save the candidate's response for the council."""
    text = text_of(form, "reactie")
    if not text:
        page = _hearing_page(
            request, db, actor, case_id, response_error="Schrijf uw reactie op, of laat dit veld staan."
        )
        return render(page, status=422)
    hearing.respond(db, actor, case_id, text)
    return see_other(f"{base_of(case_id)}/concept?gedaan=opgeslagen#raad")


# ── making pages ──


def _check_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    problems: tuple[ProblemLine, ...],
    *,
    truthful: bool,
    will_report: bool,
) -> CheckPage:
    checked = submitting.check(db, actor, case_id)
    base, files = base_of(case_id), attachments.list_attachments(db, actor, case_id)
    if not checked.may_submit:
        raise NotAllowed(f"U kunt nu niet versturen: de zaak staat op '{checked.case.step_title}'.")
    return CheckPage(
        shell=frame(request, db, actor, current=base),
        sections=tuple(
            CheckedSection(
                title=section.title,
                rows=tuple(
                    row
                    for question in section.questions
                    for row in (_row(base, section.section_id, question), *rows_at(files, question.path, "uzelf"))
                ),
                items=tuple(
                    (item.title, (*item_rows(item), *rows_at(files, f"{question.path}[{item.item_id}]", "uzelf")))
                    for question in section.questions
                    for item in question.items
                ),
            )
            for section in checked.sections
        ),
        open_count=checked.open_count,
        matter=tuple(
            OptionView(id=_address(base, one), label=one.question, help=one.about)
            for one in checked.open_questions.matter
            if one.by_candidate and not one.later
        ),
        action=f"{base}/indienen",
        back=base,
        problems=problems,
        truthful=truthful,
        will_report=will_report,
        can_submit=checked.may_submit,
    )


def _row(base: str, section: str, question: QuestionView) -> RowView:
    value = question.shown + (f" ({question.note})" if question.note else "")
    return RowView(label=question.marked, value=value, href=f"{base}/{section}#vraag-{question.path}")


def _address(base: str, line: OpenLine) -> str:
    """Give the place where an open question can be answered: on the page of its section, or of the thing it is about."""
    at = AnswerPath.parse(line.path)
    page = f"{base}/{line.section}" if at.item is None else f"{base}/{line.section}/{at.group}/{at.item}"
    return f"{page}#vraag-{dom_id(line.path)}"


def _steps(step: Step, base: str, *, receipt: bool) -> tuple[StepView, ...]:
    here = _PLACE.get(step, step)
    place = _JOURNEY.index(here) if here in _JOURNEY else len(_JOURNEY)
    return tuple(
        StepView(
            label=STEP_TITLES[one],
            state="done" if number < place else "current" if number == place else "todo",
            note="Ontvangstbewijs" if one is Step.SUBMITTED and receipt else "",
            href=f"{base}/ontvangstbewijs" if one is Step.SUBMITTED and receipt else "",
        )
        for number, one in enumerate(_JOURNEY)
    )


def _withdraw_page(
    request: Request, db: Session, actor: Actor, case_id: str, reason: str = "", *, sure: bool = False
) -> WithdrawPage:
    base = base_of(case_id)
    if not cases.status_page(db, actor, case_id).may_withdraw:
        raise NotAllowed("Intrekken kan nu niet meer. Neem contact op met de griffie.")
    means = withdrawing.means(db, actor, case_id)
    return WithdrawPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        action=f"{base}/intrekken",
        cancel=f"{base}/stand",
        reason=reason,
        sure=sure,
        happens=means.happens,
        stays=means.stays,
        choices=means.choices,
    )


def _hearing_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    *,
    wrong: tuple[str, str | None] | None = None,
    response_error: str = "",
) -> HearingPage:
    view = hearing.hearing_view(db, actor, case_id)
    base = base_of(case_id)
    return HearingPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        points=tuple(_point(heard, base, wrong) for heard in view.flags),
        until=view.term_until,
        can_reply=view.may_reply,
        back=f"{base}/stand",
        response=view.response,
        response_action=f"{base}/concept/raad",
        response_error=response_error,
        files=tuple(file_row(one) for one in attachments.list_attachments(db, actor, case_id) if not one.of_candidate),
        files_url=f"{base}/bijlagen",
    )


def _point(heard: hearing.HeardFlag, base: str, wrong: tuple[str, str | None] | None) -> PointView:
    flag, reply_ = heard.flag, heard.reply
    error = "Schrijf op wat u ervan vindt. Is het een vraag? Stel die dan aan de griffie."
    return PointView(
        id=_anchor(flag.rule, flag.item),
        rule=flag.rule,
        item=flag.item or "",
        title=flag.title,
        severity=flag.severity,
        certain=flag.certain,
        text=flag.for_candidate,
        finding=heard.finding.motivation if heard.finding else "",
        advice=heard.finding.advice if heard.finding else "",
        norms=tuple(NormView(label=norm.text, href=norm.url) for norm in flag.norms),
        reply=reply_.text if reply_ and reply_.asked else "",
        replied_at=reply_.at if reply_ and reply_.asked else None,
        action=f"{base}/concept/reactie",
        error=error if wrong == flag.key else "",
    )


def _anchor(rule: str, item: str | None) -> str:
    return f"punt-{rule}-{item}".lower() if item else f"punt-{rule}".lower()

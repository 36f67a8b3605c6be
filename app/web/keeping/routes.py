"""Keeping and destroying, for staff: the list of an organisation, its policy, and one case."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.reviews.retention import KEPT_TITLES, Choice, End, Kept, Policy
from app.usecases import cases, destroying, documents, retention, retention_overview, retention_policy
from app.usecases.documents import DOCX
from app.usecases.keeping_asks import Ask
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of, texts_of
from app.web.keeping import mapping
from app.web.keeping.pages import CaseKeepingPage, DestroyedView, KeepingListPage, LeftView, PolicyPage
from app.web.pages import render
from app.web.shells import frame
from app.web.templating import dutch_moment
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)

_LIST = "/bewaren"
_POLICY = "/bewaren/beleid"
_RIGHT_DAY = "Vul in welke dag het was."
_NEEDED = {
    Ask.EXTEND: "Vul in tot wanneer u het dossier langer wilt bewaren.",
    Ask.CORRECT_DAY: _RIGHT_DAY,
    Ask.CORRECT_LAST_DAY: _RIGHT_DAY,
    Ask.CORRECT_OUTCOME: _RIGHT_DAY,
}
"""What somebody asks with a date, and what is said when it is not there."""


@router.get(_LIST)
def show_list(request: Request, db: Db, actor: Staff) -> Response:
    """Show the policy, every case with an outcome, and what was destroyed."""
    lines = retention_overview.list_of(db, actor)
    marks = {line.case_id: line.reference for line in lines}
    page = KeepingListPage(
        shell=frame(request, db, actor, current=_LIST),
        policy=mapping.policy_rows(retention_policy.policy(db, actor)),
        policy_url=_POLICY if actor.role is Role.ADMIN else "",
        policy_history=mapping.policy_history(retention_policy.changes(db, actor)),
        cases=mapping.kept_views(lines, opens=actor.role in {Role.CLERK, Role.PRINCIPAL}),
        destroyed=tuple(
            DestroyedView(
                reference=marks.get(one.case_id, ""),
                what=KEPT_TITLES[Kept(one.kept)],
                when=dutch_moment(one.at),
                href=f"{_LIST}/verklaring/{one.id}",
            )
            for one in destroying.destructions(db, actor)
        ),
        left=tuple(
            LeftView(title=f"{one.title} {one.number}", when=dutch_moment(one.made_at), href=f"/documenten/{one.id}")
            for one in documents.outliving(db, actor)
        ),
    )
    return render(page)


@router.get(f"{_LIST}/verklaring/{{destruction_id}}")
def declaration(db: Db, actor: Staff, destruction_id: str) -> Response:
    """Hand out a declaration of destruction."""
    name, body = destroying.declaration(db, actor, destruction_id)
    return Response(body, media_type=DOCX, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get(_POLICY)
def show_policy(request: Request, db: Db, actor: Staff) -> Response:
    """Show the form for the policy."""
    return render(_policy_page(request, db, actor, None))


@router.post(_POLICY)
def set_policy(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Set the policy."""
    read = Reading(form)
    name = read.text("selection_list", "Vul in welke selectielijst u volgt.")
    days = read.text("warn_days", "Vul in hoeveel dagen van tevoren u een waarschuwing wilt.")
    if days and not (days.isascii() and days.isdigit() and len(days) < 4):  # noqa: PLR2004 - three digits: years ahead
        read.errors["warn_days"] = "Vul een aantal dagen in, bijvoorbeeld 30."
    terms = mapping.read_terms(read.typed, read.errors)
    if read.errors:
        return render(_policy_page(request, db, actor, read), status=422)
    known = {one.value: one for one in Choice}
    choices = frozenset(known[one] for one in texts_of(form, "choices") if one in known)
    retention_policy.set_policy(db, actor, Policy(name, terms, int(days), choices), read.text("reason"))
    return see_other(f"{_LIST}?gedaan=opgeslagen")


@router.get("/zaken/{case_id}/bewaren")
def show_case(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show how long one case is kept."""
    return render(_case_page(request, db, actor, case_id, None))


@router.post("/zaken/{case_id}/bewaren")
def ask(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Ask for something about keeping this case."""
    read = Reading(form)
    kind = read.choice("kind", Ask, "Kies wat u wilt vragen.")
    reason = read.text("reason", "Schrijf op waarom u dit vraagt.")
    until = read.day("until", required=_NEEDED.get(kind, "") if kind else "")
    if read.errors or kind is None:
        return render(_case_page(request, db, actor, case_id, read), status=422)
    try:
        retention.ask(db, actor, case_id, kind, reason, until if kind in _NEEDED else None)
    except NotAllowed as refusal:
        read.errors["kind"] = refusal.reason
        return render(_case_page(request, db, actor, case_id, read), status=422)
    return see_other(f"/zaken/{case_id}/bewaren?gedaan=vastgelegd")


@router.post("/zaken/{case_id}/bewaren/einde-ambt")
def left_office(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Write down the last day in office."""
    read = Reading(form)
    on = read.day("left_on", required="Vul de laatste dag in het ambt in.")
    if on is None:
        return render(_case_page(request, db, actor, case_id, read), status=422)
    try:
        retention.left_office(db, actor, case_id, on)
    except NotAllowed as refusal:
        read.errors["left_on"] = refusal.reason
        return render(_case_page(request, db, actor, case_id, read), status=422)
    return see_other(f"/zaken/{case_id}/bewaren?gedaan=vastgelegd")


@router.post("/zaken/{case_id}/bewaren/{request_id}")
def decide(db: Db, settings: AppSettings, actor: Staff, case_id: str, request_id: str, form: Sent) -> Response:
    """Confirm or refuse what a colleague asked."""
    accepted = text_of(form, "decision") == "yes"
    made = destroying.confirm(db, settings, actor, case_id, request_id, accepted=accepted)
    return see_other(f"{_LIST}?gedaan=vastgelegd" if made else f"/zaken/{case_id}/bewaren?gedaan=vastgelegd")


def _policy_page(request: Request, db: Session, actor: Actor, read: Reading | None) -> PolicyPage:
    if actor.role is not Role.ADMIN:
        raise NotFound("only for administrators")
    now = retention_policy.policy(db, actor)
    typed = read.typed if read else {}
    errors = read.errors if read else {}
    kept_choices = tuple(one.value for one in (now.choices if now else frozenset(Choice)))
    return PolicyPage(
        shell=frame(request, db, actor, current=_LIST),
        action=_POLICY,
        cancel=_LIST,
        selection_list=typed.get("selection_list", now.selection_list if now else ""),
        warn_days=typed.get("warn_days", str(now.warn_days if now else 30)),
        choices=texts_of(read.form, "choices") if read else kept_choices,
        reason=typed.get("reason", ""),
        terms=mapping.term_fields(now, typed, errors),
        problems=read.problems if read else (),
        errors=errors,
    )


def _case_page(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None) -> CaseKeepingPage:
    shown = retention.keeping(db, actor, case_id)
    base = f"/zaken/{case_id}/bewaren"
    # A term of what is left can start when the office ends, also after the case itself is gone.
    ended = shown.outcome
    in_office = ended is not None and ended.end is End.APPOINTED and ended.end_of_office is None and bool(shown.left)
    return CaseKeepingPage(
        shell=frame(request, db, actor, current=_LIST),
        name=shown.reference if shown.destroyed else cases.case_page(db, actor, case_id).case.candidate_name,
        back=_LIST if shown.destroyed else f"/zaken/{case_id}",
        facts=mapping.facts(shown),
        waiting=mapping.open_requests(shown, actor.id, base),
        history=mapping.history(shown),
        asks=(asked := mapping.asks(shown)),
        date_hint=mapping.date_hint(asked),
        ask_url=base,
        ask_hint=mapping.reason_hint(shown),
        left_url=f"{base}/einde-ambt" if in_office else "",
        typed=read.typed if read else {},
        problems=read.problems if read else (),
        errors=read.errors if read else {},
    )

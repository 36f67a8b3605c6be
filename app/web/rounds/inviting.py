"""Letting people in: the letter to the candidate, and the colleagues who take part."""

from fastapi import APIRouter, Request, Response

from app.errors import NotAllowed
from app.reviews.lifecycle import Role
from app.usecases import cases, invitations, people, rounds
from app.usecases.organisations import agreements
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of
from app.web.letters import letter_parts
from app.web.pages import render
from app.web.rounds.pages import InvitedPage, InvitePage, ReasonPage
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@router.get("/zaken/{case_id}/uitnodigen")
def show_letter(request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str) -> Response:
    """Show the letter before it goes out."""
    page = cases.case_page(db, actor, case_id)
    letter = invitations.preview(db, settings, actor, case_id)
    shown = InvitePage(
        shell=frame(request, db, actor, current="/rondes"),
        name=page.case.candidate_name,
        email=page.case.candidate_email,
        subject=letter.subject,
        letter=letter_parts(letter.text),
        action=f"/zaken/{case_id}/uitnodigen",
        cancel=f"/zaken/{case_id}",
        again=page.invitation is not None,
        links=agreements(db, actor).mail_links,
        mails_url="/mails-aan-kandidaten" if actor.role is Role.PRINCIPAL else "",
    )
    return render(shown)


@router.post("/zaken/{case_id}/uitnodigen")
def invite(request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str, form: Sent) -> Response:
    """Invite the candidate; the code is shown once."""
    by: invitations.CodeBy = "mail" if text_of(form, "code_by") == "mail" else "hand"
    return _invited(request, db, actor, settings, case_id, invitations.invite(db, settings, actor, case_id, by))


@router.get("/zaken/{case_id}/opnieuw-inloggen")
def show_begin_again(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Ask why the candidate has to choose again how to get in."""
    return _begin_again(request, db, actor, case_id)


@router.post("/zaken/{case_id}/opnieuw-inloggen")
def begin_again(request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str, form: Sent) -> Response:
    """Take away how the candidate gets in; the new code is shown once."""
    reason = text_of(form, "reden")
    if not reason.strip():
        return _begin_again(request, db, actor, case_id, error=invitations.NO_REASON, status=422)
    sent = invitations.begin_again(db, settings, actor, case_id, reason)
    return _invited(request, db, actor, settings, case_id, sent)


def _begin_again(
    request: Request, db: Db, actor: Staff, case_id: str, *, error: str = "", status: int = 200
) -> Response:
    name = invitations.may_begin_again(db, actor, case_id)
    page = ReasonPage(
        shell=frame(request, db, actor, current="/rondes"),
        heading=f"{name} laten kiezen hoe in te loggen",
        text="Doe dit als de telefoon kwijt is, of als de kandidaat denkt dat iemand anders kan inloggen. Controleer eerst "
        "of u de kandidaat zelf spreekt. De oude link, de code en de app of passkey werken daarna niet meer. U krijgt een "
        "nieuwe code om te geven. De antwoorden blijven bewaard.",
        button="Laat opnieuw kiezen",
        action=f"/zaken/{case_id}/opnieuw-inloggen",
        cancel=f"/zaken/{case_id}",
        error=error,
        reason="",
        needs_reason=True,
    )
    return render(page, status=status)


def _invited(
    request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str, sent: invitations.Invited
) -> Response:
    page = InvitedPage(
        shell=frame(request, db, actor, current="/rondes"),
        name=cases.case_page(db, actor, case_id).case.candidate_name,
        code=sent.code,
        by_mail=sent.code_by == "mail",
        until=sent.expires_at.date(),
        case_url=f"/zaken/{case_id}",
        mailbox_url="/ontwikkel/postvak" if settings.development and not settings.smtp_host else "",
    )
    return render(page)


@router.post("/zaken/{case_id}/deelnemers")
def assign(db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Let a colleague take part."""
    cases.case_page(db, actor, case_id)  # for who may not see the case it does not exist, whatever was chosen
    person = text_of(form, "person")
    if person not in {one.id for one in people.colleagues(db, actor)}:
        raise NotAllowed("Kies iemand uit de lijst.")
    rounds.assign(db, actor, case_id, person)
    return see_other(f"/zaken/{case_id}?gedaan=toegevoegd")

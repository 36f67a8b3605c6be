"""The link of a candidate alone, and whether mails to candidates carry links at all."""

from fastapi import APIRouter, Request, Response

from app.reviews.lifecycle import Role
from app.usecases import candidate_mail, links
from app.usecases.organisations import may_choose_mails, set_mail_links
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.rounds.pages import LinkPage, MailLinksPage
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@router.get("/zaken/{case_id}/link")
def show_link(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show how it stands with the link, and what can be done."""
    return _page(request, db, actor, case_id)


@router.post("/zaken/{case_id}/link/intrekken")
def revoke(request: Request, db: Db, settings: AppSettings, actor: Staff, case_id: str, form: Sent) -> Response:
    """Take the link back, for a reason."""
    reason, again = text_of(form, "reden"), text_of(form, "nieuw") == "ja"
    if not reason:
        return _page(request, db, actor, case_id, error=links.NO_REASON, again=again, status=422)
    links.revoke(db, settings, actor, case_id, reason, again=again)
    return see_other(f"/zaken/{case_id}?gedaan={'link-nieuw' if again else 'link-ingetrokken'}")


@router.post("/zaken/{case_id}/link/nieuw")
def send_again(db: Db, settings: AppSettings, actor: Staff, case_id: str) -> Response:
    """Send a new link."""
    links.send_again(db, settings, actor, case_id)
    return see_other(f"/zaken/{case_id}?gedaan=link-nieuw")


@router.get("/mails-aan-kandidaten")
def show_mail_links(request: Request, db: Db, settings: AppSettings, actor: Staff) -> Response:
    """Show whether mails to candidates carry links."""
    chosen = may_choose_mails(db, actor).mail_links
    current = "/mensen" if actor.role is Role.ADMIN else "/rondes"
    page = MailLinksPage(
        shell=frame(request, db, actor, current=current), links=chosen,
        example=candidate_mail.typed(settings.base_url), action="/mails-aan-kandidaten",
    )  # fmt: skip
    return render(page)


@router.post("/mails-aan-kandidaten")
def choose_mail_links(db: Db, actor: Staff, form: Sent) -> Response:
    """Choose whether mails to candidates carry links."""
    set_mail_links(db, actor, links=text_of(form, "links") != "nee")
    return see_other("/mails-aan-kandidaten?gedaan=opgeslagen")


def _page(
    request: Request, db: Db, actor: Staff, case_id: str, *, error: str = "", again: bool = True, status: int = 200
) -> Response:
    found = links.look(db, actor, case_id)
    page = LinkPage(
        shell=frame(request, db, actor, current="/rondes"), name=found.name, revoked=found.revoked,
        action=f"/zaken/{case_id}/link", cancel=f"/zaken/{case_id}", other=f"/zaken/{case_id}/opnieuw-inloggen",
        error=error, again=again,
    )  # fmt: skip
    return render(page, status=status)

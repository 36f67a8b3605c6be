"""The local mailbox: mails that were written while no mail server is set. Only in development."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.usecases import mailbox
from app.web.deps import AppSettings, Db
from app.web.letters import LetterPart, letter_parts
from app.web.pages import Page, render
from app.web.shells import door

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail."""

    to: str
    subject: str
    at: datetime
    letter: tuple[LetterPart, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage(Page):
    """All mails that were written here."""

    template: ClassVar[str] = "pages/development/mailbox.html"
    mails: tuple[MailView, ...]
    delivered: bool


@router.get("/ontwikkel/postvak")
def show(request: Request, db: Db, settings: AppSettings) -> Response:
    """Show the mails."""
    mails = tuple(
        MailView(
            to=one.to,
            subject=one.subject,
            at=one.written_at,
            letter=letter_parts(one.text),
            links=tuple(word for word in one.text.split() if word.startswith(settings.base_url)),
        )
        for one in mailbox.letters(db, settings)
    )
    return render(MailboxPage(shell=door(request), mails=mails, delivered=bool(settings.smtp_host)))

"""From what the use cases give to what the pages of rounds and cases show."""

from collections.abc import Iterable

from sqlmodel import Session

from app.accounts.actor import Actor
from app.questionnaires.context import Tier
from app.questionnaires.wording import fill
from app.reviews.deadlines import Deadline
from app.reviews.lifecycle import role_title
from app.usecases import attachments, documents, library
from app.web.cases.attached import file_row
from app.web.cases.views import OptionView, RowView
from app.web.deadlines import norm, when
from app.web.rounds.pages import DeadlineView
from app.web.templating import dutch_date


def deadline_views(deadlines: Iterable[Deadline], tier: str) -> tuple[DeadlineView, ...]:
    """Show dates with their owner in words."""
    return tuple(
        DeadlineView(
            title=row.title,
            when=when(row),
            norm=norm(row),
            owner=role_title(row.owner, tier),
            why=row.why,
            late=row.late,
        )
        for row in deadlines
    )


def document_rows(db: Session, actor: Actor, case_id: str, *, attached: bool = True) -> tuple[RowView, ...]:
    """Show the documents of a case with where to get them; what was added only for who reads the content."""
    return tuple(
        RowView(
            label=f"{line.title} {line.number}",
            value=dutch_date(line.made_at) + (", daarna is de zaak veranderd" if line.stale else ""),
            href=f"/documenten/{line.id}",
            action="Downloaden",
        )
        for line in documents.documents(db, actor, case_id)
    ) + tuple(file_row(one) for one in (attachments.list_attachments(db, actor, case_id) if attached else ()))


def policy_fields(tier: str) -> tuple[OptionView, ...]:
    """Give the subjects a portfolio can hold, for this kind of authority."""
    return tuple(
        OptionView(id=option.id, label=fill(option.label, Tier(tier)))
        for option in library.newest().policy_fields
        if option.offered_at(Tier(tier)) and option.id not in {"none", "other"}
    )

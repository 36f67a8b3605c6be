"""`/regels/vergelijk`: the law in force beside the bill, for anybody. No sign-in."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.questionnaires.context import Tier
from app.questionnaires.wording import fill
from app.risk_rules.frames import CHANGE_TITLES, RuleCompared
from app.usecases import library
from app.usecases.comparing import compared
from app.usecases.lines import today
from app.web.cases.views import OptionView, RowView
from app.web.pages import Page, render
from app.web.public.published_mapping import address, question_path, rule_path
from app.web.public.words import AUTHORITIES, AUTHORITY_LABELS
from app.web.shells import door

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One rule that differs: what happens to it, what it says, and which rules look at the same thing today."""

    id: str
    title: str
    href: str
    severity: int
    change: str
    council: str
    norms: tuple[str, ...]
    beside: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage(Page):
    """What the bill would change, rule by rule and beyond the rules. Without a bill `dossier` is empty."""

    template: ClassVar[str] = "pages/public/compare.html"
    authority: str
    authorities: tuple[OptionView, ...]
    as_of: date
    bill: str
    dossier: str
    submitted: date | None
    standing: str
    note: str
    changes: tuple[str, ...]
    lines: tuple[ComparedLine, ...]
    same: int
    questions: tuple[RowView, ...]
    back: str


@router.get("/regels/vergelijk")
def law_beside_bill(request: Request, voor: str = "") -> Response:
    """Show per rule what differs between the law in force and the bill, for one kind of authority."""
    slug = voor if voor in AUTHORITIES else "gemeente"
    tier = AUTHORITIES[slug]
    found = compared(tier, today())
    bill, asked = found.proposal, library.newest()
    page = ComparePage(
        shell=door(request),
        authority=slug,
        authorities=tuple(OptionView(id=key, label=AUTHORITY_LABELS[one]) for key, one in AUTHORITIES.items()),
        as_of=found.as_of,
        bill=bill.law if bill else "",
        dossier=bill.dossier if bill else "",
        submitted=bill.submitted if bill else None,
        standing=bill.standing if bill else "",
        note=bill.note if bill else "",
        changes=bill.changes if bill else (),
        lines=tuple(_line(one, tier) for one in found.differing),
        same=len(found.rules) - len(found.differing),
        questions=tuple(
            RowView(label=fill(asked.question(name).label, tier), href=address(question_path(name), tier), value="")
            for name in found.questions
        ),
        back=address("/regels", tier),
    )
    return render(page)


def _line(one: RuleCompared, tier: Tier) -> ComparedLine:
    titles = {rule.id: fill(rule.title, tier) for rule in library.rulebook(library.newest()).rules}
    return ComparedLine(
        id=one.rule.id,
        title=one.title,
        href=address(rule_path(one.rule.id), tier),
        severity=int(one.rule.severity),
        change=CHANGE_TITLES[one.change],
        council=fill(one.rule.council, tier),
        norms=tuple(norm.text for norm in one.norms),
        beside=tuple(
            RowView(label=titles[other], href=address(rule_path(other), tier), value=other) for other in one.beside
        ),
    )

"""The pages about rules and questions that anybody may read."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from markupsafe import Markup

from app.web.cases.views import OptionView, RowView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule in the list."""

    id: str
    title: str
    href: str
    severity: int
    ground: str
    proposal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """The rules about one subject."""

    id: str
    title: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage(Page):
    """Every rule, with a filter that works without script."""

    template: ClassVar[str] = "pages/public/rules.html"
    total: int
    found: int
    groups: tuple[RuleGroup, ...]
    authority: str
    authorities: tuple[OptionView, ...]
    words: str
    subject: str
    subjects: tuple[OptionView, ...]
    severity: str
    severities: tuple[OptionView, ...]
    ground: str
    grounds: tuple[OptionView, ...]
    json: str
    explained: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NormLine:
    """A place in the law or in practice, with what to know about it."""

    text: str
    href: str
    about: str
    when: str
    note: str
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """A bill, plainly not law."""

    title: str
    dossier: str
    submitted: date | None
    status: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """A made-up case and what the rule says about it."""

    why: str
    outcome: str
    kind: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One release in which something changed."""

    day: date
    release: str
    version: str
    href: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage(Page):
    """One rule, whole."""

    template: ClassVar[str] = "pages/public/rule.html"
    owner: str = ""
    """Whose own rule it is; empty: a rule of the product."""
    id: str
    version: str
    current: bool
    current_href: str
    permanent: str
    json: str
    back: str
    title: str
    subject: str
    severity: int
    severity_meaning: str
    kind: str
    kind_meaning: str
    ground: str
    ground_meaning: str
    proposal: ProposalLine | None
    authority: str
    authorities: tuple[RowView, ...]
    since: date | None
    until: date | None
    condition: Markup
    norms: tuple[NormLine, ...]
    interpretation: str
    exemption: str
    when_certain: str
    while_open: str
    judge: str
    considerations: tuple[str, ...]
    council: str
    consequence: str
    advice: str
    measures: tuple[RowView, ...]
    weighs: tuple[str, ...]
    reads: tuple[RowView, ...]
    origin: str
    examples: tuple[ExampleLine, ...]
    history: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question in the list; one of a list of things stands below that list."""

    id: str
    label: str
    href: str
    within: bool
    proposal: bool
    free: bool
    """It does not come from the law: the candidate answers it freely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """The questions of one section."""

    id: str
    title: str
    lines: tuple[QuestionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """Every question, with a filter that works without script."""

    template: ClassVar[str] = "pages/public/questions.html"
    total: int
    found: int
    groups: tuple[QuestionGroup, ...]
    authority: str
    authorities: tuple[OptionView, ...]
    words: str
    section: str
    sections: tuple[OptionView, ...]
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """One question, whole."""

    template: ClassVar[str] = "pages/public/question.html"
    id: str
    version: str
    current: bool
    current_href: str
    permanent: str
    json: str
    back: str
    label: str
    help: str
    why: str
    proposal: ProposalLine | None
    facts: tuple[RowView, ...]
    authority: str
    authorities: tuple[RowView, ...]
    within: bool
    """Whether it is asked about each thing of a list."""
    asked_when: Markup | None
    options: tuple[OptionView, ...]
    norms: tuple[NormLine, ...]
    read_by: tuple[RowView, ...]
    history: tuple[ChangeLine, ...]

"""The pages of reviewers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.web.cases.views import FieldView, NormView, OptionView, ProblemLine, QuestionView, RowView
from app.web.pages import Page
from app.web.review.note_pages import NotesView


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A question and what was answered, or a heading and the words below it; `href` leads to it."""

    question: str
    answer: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """What somebody wrote about a flag: in what capacity, when."""

    kind: str
    who: str
    at: datetime
    text: str
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """A measure that was agreed."""

    id: str
    title: str
    owner: str
    terms: str
    due: date | None
    evidence: str
    openness: str
    before_appointment: bool
    review_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCardView:
    """A flag with everything people said about it.

    `text` says to the reader why it counts. What the rules say to the candidate ("U heeft …") stands apart, in `told`:
    on these pages "u" is the reviewer.
    """

    id: str
    rule: str
    item: str
    href: str
    title: str
    text: str
    severity: int
    certain: bool
    subject: str
    frame: str
    quotes: tuple[QuoteView, ...]
    missing: tuple[QuoteView, ...]
    norms: tuple[NormView, ...]
    told: tuple[QuoteView, ...]
    judge: str
    considerations: tuple[str, ...]
    remarks: tuple[RemarkView, ...]
    measures: tuple[MeasureView, ...]
    decided: str
    look_again: bool
    status: str
    status_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountView:
    """How many flags there are of one severity; for sorting work, not for adding up."""

    severity: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerView:
    """What must still happen before a conclusion, about one flag or about the whole case (then `href` is empty)."""

    title: str
    href: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenView:
    """What people wrote about something that gives no flag now, and why it does not."""

    title: str
    rule: str
    reason: str
    remarks: tuple[RemarkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Page):
    """All flags of a case: certain ones, possible ones, heaviest first."""

    template: ClassVar[str] = "pages/review/review.html"
    name: str
    case_url: str
    step: str
    counts: tuple[CountView, ...]
    certain: tuple[FlagCardView, ...]
    possible: tuple[FlagCardView, ...]
    written: tuple[WrittenView, ...]
    not_fired: int
    not_fired_url: str
    still_open_url: str
    answers_url: str
    research_url: str
    files_url: str
    corrections_url: str
    corrections_open: int
    actions: tuple[RowView, ...]
    blockers: tuple[BlockerView, ...]
    subjects: tuple[OptionView, ...]
    subject: str
    here: str
    notes: NotesView


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagPage(Page):
    """One flag: what it rests on, what was said, and the forms to add to it."""

    template: ClassVar[str] = "pages/review/flag.html"
    name: str
    back: str
    flag: FlagCardView
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]
    typed: dict[str, str]
    may_find: bool
    may_decide: bool
    decide_refusal: str
    may_reply: bool
    awaiting_judgement: bool
    action: str
    measures: tuple[OptionView, ...]
    agreed: tuple[OptionView, ...]
    outcomes: tuple[OptionView, ...]
    notes: NotesView


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLineView:
    """A rule that did not fire, with the answers that made it so."""

    id: str
    title: str
    subject: str
    about: str
    norms: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFiredPage(Page):
    """Every rule that was evaluated and did not fire, and why."""

    template: ClassVar[str] = "pages/review/not_fired.html"
    name: str
    back: str
    groups: tuple[tuple[str, tuple[RuleLineView, ...]], ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLineView:
    """An open question: what it is about, and who gives it."""

    question: str
    about: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOpenPage(Page):
    """Which open questions can still change what a rule says, by section, and which cannot any more."""

    template: ClassVar[str] = "pages/review/still_open.html"
    name: str
    back: str
    matter: tuple[tuple[str, tuple[OpenLineView, ...]], ...]
    no_longer: tuple[tuple[str, tuple[OpenLineView, ...]], ...]
    case_facts: str
    judgements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSectionView:
    """A section of the questionnaire with the answers in words."""

    title: str
    rows: tuple[RowView, ...]
    items: tuple[tuple[str, tuple[RowView, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Page):
    """All answers, for reading; from here a reviewer can ask to look again at some of them."""

    template: ClassVar[str] = "pages/review/answers.html"
    name: str
    back: str
    sections: tuple[AnswerSectionView, ...]
    correction_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage(Page):
    """Asking the candidate to look again at named questions, with a reason."""

    template: ClassVar[str] = "pages/review/correction.html"
    name: str
    action: str
    cancel: str
    questions: tuple[OptionView, ...]
    chosen: tuple[str, ...]
    reason: str
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchPage(Page):
    """Sources that were consulted, facts that reviewers record, and what was only talked about."""

    template: ClassVar[str] = "pages/review/research.html"
    name: str
    back: str
    sources: tuple[RowView, ...]
    kinds: tuple[OptionView, ...]
    source_action: str
    errors: dict[str, str]
    typed: dict[str, str]
    problems: tuple[ProblemLine, ...]
    talking_points: tuple[RowView, ...]
    open_points: tuple[OptionView, ...]
    talk_action: str
    places: tuple[QuestionView, ...]
    facts_action: str
    writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage(Page):
    """One recorded fact: the questions of the verification section about one item."""

    template: ClassVar[str] = "pages/review/fact.html"
    name: str
    title: str
    back: str
    action: str
    fields: tuple[FieldView, ...]
    problems: tuple[ProblemLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendConceptPage(Page):
    """Sending the concept report to the candidate, with a fair term."""

    template: ClassVar[str] = "pages/review/send_concept.html"
    name: str
    action: str
    cancel: str
    until: str
    points: tuple[RowView, ...]
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludePage(Page):
    """Weighing: what still blocks, and the conclusion in the fixed vocabulary."""

    template: ClassVar[str] = "pages/review/conclude.html"
    name: str
    back: str
    action: str
    blockers: tuple[BlockerView, ...]
    conclusions: tuple[OptionView, ...]
    typed: dict[str, str]
    errors: dict[str, str]
    problems: tuple[ProblemLine, ...]
    measures: tuple[MeasureView, ...]
    may_conclude: bool
    refusal: str
    council: str

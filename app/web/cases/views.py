"""What the candidate's templates read about a question, an item and a section."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "yes_no", "choice", "choices", "text", "long_text", "number", "percentage", "money_band", "date", "party"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """Something to choose."""

    id: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormView:
    """A norm or practice behind a question; `href` is empty when there is nothing to open."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """A word and its explanation."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightView:
    """What an answer brings to light, in the candidate's words, and what would settle it."""

    title: str
    text: str
    certain: bool
    severity: int
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One question with everything that stands around it.

    `value`, `values`, `relation` and `interest` are what the controls show: after a problem, exactly what was typed.
    `state` is `does_not_know`, `oral` or empty. `mine` and `theirs` are both filled when a save lost a race.
    """

    path: str
    dom: str
    kind: Kind
    label: str
    hint: str = ""
    unit: str = ""
    precision: str = "day"
    options: tuple[OptionView, ...] = ()
    specials: tuple[OptionView, ...] = ()
    value: str = ""
    values: tuple[str, ...] = ()
    relation: str = ""
    interest: str = ""
    state: str = ""
    note: str = ""
    remarks: bool = True
    error: str = ""
    mine: str = ""
    theirs: str = ""
    correction: str = ""
    why: str = ""
    norms: tuple[NormView, ...] = ()
    terms: tuple[TermView, ...] = ()
    readers: str = ""
    kept: str = ""
    sources: str = ""
    save: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A question and its answer in words, for overviews; `href` leads to where it can be changed."""

    label: str
    value: str
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of a group as a card."""

    title: str
    id: str
    rows: tuple[RowView, ...]
    edit: str
    remove: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group: the question whether there are any, the items, and whether the list is complete."""

    gate: FieldView
    noun: str
    items: tuple[ItemView, ...]
    add: str
    open: bool
    complete: str = ""
    complete_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A place on a page: a single question or a group, never both; neither while it is not asked.

    Every question of a section has its place, also when it is not asked now: then the place is empty, and an answer to
    another question can fill it without touching anything else on the page. `insights` is what the answer shows.
    """

    dom: str
    single: FieldView | None = None
    group: GroupView | None = None
    insights: tuple[InsightView, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether there is something to answer here now."""
        return self.single is not None or self.group is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """A section in the task list."""

    title: str
    href: str
    status: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A line of the error summary: which field, what is wrong and what to do."""

    field_id: str
    message: str

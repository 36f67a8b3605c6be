"""What the candidate's templates read about a question, an item and a section."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Kind = Literal[
    "yes_no", "choice", "choices", "text", "long_text", "number", "percentage", "money_band", "date", "party"
]

Wording: TypeAlias = tuple[str, str, str, str]
"""Digest of the questionnaire, kind of authority, id and label of the question: equal ones have equal texts."""

WRITTEN = frozenset({"text", "long_text", "number", "percentage", "date"})
"""The kinds of which the answer is typed."""

ITEM, SAVE, NOTE, VALUE, INTEREST = (f"q0{name}0q" for name in ("item", "save", "note", "value", "interest"))
REVISION = 918273645
MARKS = re.compile(f"({'|'.join((ITEM, SAVE, NOTE, VALUE, INTEREST, str(REVISION)))})")
"""The marks of an outline. They stand in no text of ours; what somebody types is never searched for them."""


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
    """What an answer brings to light, in the candidate's words; `settles` says in sentences what would decide it."""

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
    footing: str = ""
    """`W`: the law asks it; `P`: good practice does."""
    norms: tuple[NormView, ...] = ()
    terms: tuple[TermView, ...] = ()
    readers: str = ""
    kept: str = ""
    sources: str = ""
    save: str = ""
    revision: int = 0
    item: str = ""
    """The item in `path`, when it has one."""
    wording: Wording | None = None
    """Stands for all that comes from the questionnaire; without it the question is never remembered."""

    @property
    def shape(self) -> "tuple[Hashable, ...] | None":
        """What decides how the question looks, whoever answers it: two of the same shape have the same outline.

        Choices belong to it: of each question there are only so many. `None` when something is said here that belongs to
        one moment, such as what is wrong with an answer.
        """
        if self.wording is None or self.error or self.mine or self.theirs or self.correction:
            return None
        typed = self.kind in WRITTEN or self.kind == "party"
        answer = bool(self.value) if typed else (self.value, self.values)
        texts = bool(self.item), bool(self.save), bool(self.note), bool(self.interest)
        return self.wording, self.kind, answer, self.relation, self.state, texts

    @property
    def outline(self) -> "FieldView":
        """The same question with a mark for everything that differs between people, to be rendered once for all."""
        written = self.kind in WRITTEN
        return replace(
            self,
            path=self.path.replace(f"[{self.item}]", f"[{ITEM}]") if self.item else self.path,
            dom=self.dom.replace(f"-{self.item}-", f"-{ITEM}-") if self.item else self.dom,
            item=ITEM if self.item else "",
            save=SAVE if self.save else "",
            revision=REVISION,
            note=NOTE if self.note else "",
            value=VALUE if self.value and written else self.value,
            interest=INTEREST if self.interest else "",
        )

    @property
    def filling(self) -> dict[str, str]:
        """What stands where the outline has its marks."""
        return {
            ITEM: self.item,
            SAVE: self.save,
            str(REVISION): str(self.revision),
            NOTE: self.note,
            VALUE: self.value,
            INTEREST: self.interest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedView:
    """A file at an answer. `at` is the place on the page; empty: it belongs to the page as a whole."""

    at: str
    title: str
    whose: str
    href: str


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
class SubjectLine:
    """A subject the candidate may tell more about; `act` is what its button does: tell, or with `told` no longer."""

    title: str
    act: str
    detail: str
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A line of the error summary: which field, what is wrong and what to do."""

    field_id: str
    message: str

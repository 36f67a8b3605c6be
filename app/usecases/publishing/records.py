"""The fixed shape in which a rule and a question are published: the pages and the JSON are made from these values.

The shape is a promise (`docs/reference/published-rules.schema.json`, generated from here): fields may be added, but never
change their meaning. A record is written for all kinds of authority at once, with words such as `{council}` where they
differ; `in_words_of` gives it as one kind of authority reads it.
"""

import hashlib
import json
from datetime import date
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.questionnaires.context import Tier
from app.questionnaires.wording import fill

LENGTH_OF_VERSION = 12
"""Hexadecimal digits that name a version: they tell versions of one rule apart, and are no security measure."""

AuthorityKind: TypeAlias = Literal["municipality", "province", "water_board", "public_body"]

ALL_KINDS: tuple[AuthorityKind, ...] = ("municipality", "province", "water_board", "public_body")
"""Every kind of authority, in the order in which people meet them."""


class Part(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Line(Part):
    """One line of a condition in words, with the lines it introduces."""

    text: str
    parts: "tuple[Line, ...]" = ()


class PublishedNorm(Part):
    """A place in the law, in a code or in practice that something rests on."""

    text: str
    """The citation, in Dutch."""
    url: str = ""
    """Where the text can be read; empty when there is nothing to open."""
    about: str = ""
    """What that place is about, in our own words; may be empty."""
    interpretation: bool = False
    """Whether the reading of the text is ours."""
    note: str = ""
    when: str = ""
    """For what the place counts; empty: for everything the rule is about."""
    authorities: tuple[AuthorityKind, ...] = ALL_KINDS
    """The kinds of authority for which the place counts."""


class Proposal(Part):
    """A bill: what rests on it is not law."""

    title: str
    dossier: str
    """The number of the parliamentary papers."""
    submitted: date | None
    status: str
    status_verified: bool
    """Whether the status was checked in a primary source."""
    note: str


class PublishedMeasure(Part):
    """A kind of measure that usually answers the point."""

    id: str
    title: str
    what: str


class Weight(Part):
    """A circumstance that makes the point weigh more or less."""

    by: int
    because: str


class Told(Part):
    """A question or a fact with its answer, in words."""

    question: str
    answer: str


class PublishedExample(Part):
    """A made-up case that shows what the rule says. The test of the rule runs every one of them."""

    why: str
    authority: AuthorityKind
    outcome: Literal["certain", "possible", "none"]
    facts: tuple[Told, ...]
    """What is given in the example; everything else is unanswered."""


class PublishedRule(Part):
    """A rule as anybody may read it."""

    id: str
    version: str
    """Names exactly this text: it changes when anything in it changes, except the examples."""
    title: str
    subject: str
    subject_title: str
    severity: int
    """From 0, to be aware of, to 4, a legal bar. It orders work and is never added up."""
    kind: str
    """How it binds: hard_norm, open_norm, duty or attention."""
    ground: str
    """On what it rests: in_force, bill_36892 (a proposal), code_of_conduct or practice."""
    proposal: Proposal | None
    """Filled when it rests on a bill, which is not law."""
    authorities: tuple[AuthorityKind, ...] = ALL_KINDS
    valid_from: date | None
    valid_to: date | None
    condition: Line
    """When it holds, made from the condition that is evaluated."""
    norms: tuple[PublishedNorm, ...]
    interpretation: str
    """How we read the law where it does not say so in so many words; may be empty."""
    exempting_authority: dict[AuthorityKind, str]
    """Who may grant an exemption, by kind of authority."""
    when_certain: str
    """What is shown when the answers leave no doubt. Words between braces are filled in with answers."""
    while_open: str
    """What is asked while it is not certain."""
    question_for_reviewer: str
    """What a person has to judge about an open norm; empty for other rules."""
    considerations: tuple[str, ...]
    council: str
    """Why the point counts, for the council."""
    consequence: str
    advice: str
    measures: tuple[PublishedMeasure, ...]
    weighs: tuple[Weight, ...]
    reads: tuple[str, ...]
    """The questions the rule reads, by id."""
    catalogue: tuple[str, ...]
    """Rows of the practice catalogue it stands for."""
    statements: tuple[str, ...]
    """Statements of the law it stands for."""
    examples: tuple[PublishedExample, ...] = ()


class PublishedOption(Part):
    """One of the answers to choose from."""

    id: str
    label: str
    help: str = ""
    authorities: tuple[AuthorityKind, ...] = ALL_KINDS


class PublishedQuestion(Part):
    """A question as anybody may read it."""

    id: str
    version: str
    """Names exactly this text: it changes when anything in it changes, except the rules that read it."""
    label: str
    help: str
    why: str
    kind: str
    section: str
    section_title: str
    respondent: str
    """Who answers: candidate, reviewer or clerk."""
    group: str
    """The list this question belongs to, by id; empty at the top level."""
    options: tuple[PublishedOption, ...]
    norms: tuple[PublishedNorm, ...]
    scope: str
    """W: the law asks it; P: good practice asks it; G: only in a conversation."""
    proposal: Proposal | None
    """Filled when it rests on a bill only, which is not law."""
    authorities: tuple[AuthorityKind, ...] = ALL_KINDS
    asked_when: Line | None
    """When it is asked; empty: always."""
    sources: tuple[str, ...]
    """Where the answer may come from or may be checked."""
    readers: tuple[str, ...]
    """Who may read the answer besides the candidate."""
    retention: str
    openness: str
    openness_ground: str
    oral: bool
    """Whether somebody may rather talk about it."""
    read_by: tuple[str, ...] = ()
    """The rules that read the answer, by id."""


Record = TypeVar("Record", PublishedRule, PublishedQuestion)

_UNCOUNTED = frozenset({"version", "examples", "read_by"})


def named(record: Record) -> Record:
    """Give a record the name of its version: the first digits of the SHA-256 over what it says.

    What has its default is left out, so that a field which a later release adds changes no version that was published.
    """
    plain = record.model_dump(mode="json", exclude=set(_UNCOUNTED), exclude_defaults=True)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return record.model_copy(update={"version": hashlib.sha256(text.encode()).hexdigest()[:LENGTH_OF_VERSION]})


def changed_parts(old: Record, new: Record) -> tuple[str, ...]:
    """Name the fields in which two versions differ."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return tuple(name for name in before if name not in _UNCOUNTED and before[name] != after[name])


def in_words_of(record: Record, tier: Tier) -> Record:
    """Give a record as one kind of authority reads it: its words, its norms, its options."""
    plain: dict[str, Any] = record.model_dump()
    for name in ("norms", "options"):
        if name in plain:
            plain[name] = [one for one in plain[name] if str(tier) in one["authorities"]]
    return type(record).model_validate(_filled(plain, tier))


def _filled(value: Any, tier: Tier) -> Any:
    match value:
        case str():
            return fill(value, tier)
        case dict():
            return {name: _filled(part, tier) for name, part in value.items()}
        case list() | tuple():
            return tuple(_filled(part, tier) for part in value)
        case _:
            return value


class ChangeNoted(Part):
    """What happened to a rule or a question in one release."""

    version: str
    release: str
    """The release of Toetssteen that brought this version."""
    day: date
    changed: tuple[str, ...]
    """The parts that differ from the version before; empty for the first one."""


class PublishedSource(Part):
    """A law, bill or practice that rules and questions refer to."""

    key: str
    title: str
    bwb: str
    consolidated: date | None
    """The date of the text that rules were checked against."""
    url: str


class PublishedRules(Part):
    """Every rule, as `/regels.json` gives it."""

    format: Literal["toetssteen-rules/1"] = "toetssteen-rules/1"
    release: str
    digest: str
    """SHA-256 of the whole rulebook: the same as in the receipt of every case that is weighed with it."""
    authority: AuthorityKind
    """In the words of this kind of authority, and only what exists there."""
    rules: tuple[PublishedRule, ...]
    sources: tuple[PublishedSource, ...]
    organisation: str = ""
    """Whose own rules these are; empty: they are the rules of the product."""


class PublishedRuleFile(Part):
    """One rule, as `/regels/ID.json` gives it."""

    format: Literal["toetssteen-rule/1"] = "toetssteen-rule/1"
    authority: AuthorityKind
    rule: PublishedRule
    current: bool
    """False for an older version."""
    history: tuple[ChangeNoted, ...] = Field(default=())
    """Newest first."""
    organisation: str = ""
    """Whose own rule it is; empty: a rule of the product."""


class PublishedCode(Part):
    """An organisation with rules of its own, as `/regels/eigen.json` lists it."""

    id: str
    """In the address of its rules: `/regels/eigen/ID.json`."""
    organisation: str
    authority: AuthorityKind
    code: str
    """What its code of conduct is called."""
    adopted: date | None
    url: str
    rules: tuple[str, ...]
    """The rules by id."""


class PublishedCodes(Part):
    """Every organisation with rules of its own, as `/regels/eigen.json` gives them."""

    format: Literal["toetssteen-codes/1"] = "toetssteen-codes/1"
    release: str
    codes: tuple[PublishedCode, ...]


class PublishedPack(Part):
    """The local rules of one file as they were published when somebody chose it."""

    code: str
    """What the code of conduct is called."""
    adopted: date | None
    url: str
    release: str
    """The release of Toetssteen in whose words the rules stand."""
    day: date
    """When it was first chosen in that release."""
    rules: tuple[PublishedRule, ...]


class PublishedQuestions(Part):
    """Every question, as `/vragen.json` gives it."""

    format: Literal["toetssteen-questions/1"] = "toetssteen-questions/1"
    release: str
    questionnaire: str
    digest: str
    """SHA-256 of the whole questionnaire."""
    authority: AuthorityKind
    """In the words of this kind of authority, and only what is asked there."""
    questions: tuple[PublishedQuestion, ...]


class PublishedQuestionFile(Part):
    """One question, as `/vragen/ID.json` gives it."""

    format: Literal["toetssteen-question/1"] = "toetssteen-question/1"
    authority: AuthorityKind
    question: PublishedQuestion
    current: bool
    """False for an older version."""
    history: tuple[ChangeNoted, ...] = Field(default=())
    """Newest first."""

"""What is asked: a questionnaire as values that never change.

A `Questionnaire` has sections, a section has questions, and a question of kind `group` has questions of its own that
are asked for every item of the group.
"""

import hashlib
import json
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.conditions.tree import canonical, reads
from app.errors import NotFound
from app.questionnaires.kinds import Frozen, Group, Identifier, Option, Question, Scope, Sentence
from app.questionnaires.order import AskingOrder, asking_order


class Respondent(StrEnum):
    """Who fills in a section."""

    CANDIDATE = "candidate"
    REVIEWER = "reviewer"
    CLERK = "clerk"


class TalkingPoint(Frozen):
    """Something to talk about, never to write down: only that it was discussed, when and by whom, is recorded."""

    id: Identifier
    theme: str
    title: Sentence
    hint: str = ""


class Section(Frozen):
    """A page of questions about one subject, filled in by one sort of person."""

    id: Identifier
    theme: str
    title: Sentence
    intro: str = ""
    respondent: Respondent = Respondent.CANDIDATE
    questions: tuple[Annotated[Question, Field(discriminator="kind")], ...]
    talking_points: tuple[TalkingPoint, ...] = ()


class Term(Frozen):
    """A word and what it means, in plain Dutch."""

    id: Identifier
    term: Sentence
    meaning: Sentence


class Questionnaire(Frozen):
    """A whole questionnaire of one version. Once published it never changes; a change is a new version."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
    version: Annotated[int, Field(ge=1)]
    title: Sentence
    intro: str = ""
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    glossary: tuple[Term, ...] = ()
    policy_fields: tuple[Option, ...] = ()
    """What an authority deals with: the options for a portfolio in the case, and for the field an interest lies in."""

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by full id, in reading order: a group comes right before its fields."""
        found: dict[str, Question] = {}
        for section in self.sections:
            for question in section.questions:
                found[question.id] = question
                if isinstance(question, Group):
                    found |= {field.id: field for field in question.questions}
        return found

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section each question stands in, by full id of the question."""
        return {
            question.id: section
            for section in self.sections
            for top in section.questions
            for question in (top, *(top.questions if isinstance(top, Group) else ()))
        }

    @cached_property
    def groups(self) -> dict[str, Group]:
        """The groups by id, in reading order."""
        return {question.id: question for question in self.questions.values() if isinstance(question, Group)}

    @cached_property
    def gating(self) -> frozenset[str]:
        """The questions whose answer decides whether another question is asked, groups included."""
        conditions = (one.relevant_when for one in self.questions.values() if one.relevant_when is not None)
        return frozenset(self.groups).union(*(reads(condition) for condition in conditions))

    @cached_property
    def beyond_the_law(self) -> dict[str, frozenset[str]]:
        """The questions that only good practice asks, by section of the candidate; sections without any are not there."""
        found: dict[str, set[str]] = {}
        for question in self.questions.values():
            section = self.section_of[question.id]
            if question.scope is Scope.PRACTICE and section.respondent is Respondent.CANDIDATE:
                found.setdefault(section.id, set()).add(question.id)
        return {section: frozenset(ids) for section, ids in found.items()}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The glossary by id."""
        return {term.id: term for term in self.glossary}

    def question(self, question_id: str) -> Question:
        """Find a question by full id (`companies.share_pct`); raises NotFound if there is none."""
        try:
            return self.questions[question_id]
        except KeyError:
            raise NotFound(f"no question {question_id!r} in {self.id} version {self.version}") from None

    def section(self, section_id: str) -> Section:
        """Find a section by id; raises NotFound if there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise NotFound(f"no section {section_id!r} in {self.id} version {self.version}")

    @cached_property
    def order(self) -> AskingOrder:
        """The questions in an order in which relevance can be worked out in one walk."""
        return asking_order(question for section in self.sections for question in section.questions)

    def canonical(self) -> dict[str, Any]:
        """Write the questionnaire as plain JSON values that depend on what it says, not on how the file looks."""
        plain = self.model_dump(mode="json", exclude={"sections"})
        plain["sections"] = [
            section.model_dump(mode="json", exclude={"questions"})
            | {"questions": [canonical_question(question) for question in section.questions]}
            for section in self.sections
        ]
        return plain

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical form: any change at all gives another digest."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def canonical_question(question: Question) -> dict[str, Any]:
    """Write one question as plain JSON values, its condition and the fields of a group included."""
    plain = question.model_dump(mode="json", exclude={"relevant_when", "questions"})
    if question.relevant_when is not None:
        plain["relevant_when"] = canonical(question.relevant_when)
    if isinstance(question, Group):
        plain["questions"] = [canonical_question(field) for field in question.questions]
    return plain

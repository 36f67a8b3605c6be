"""Does a condition fit the questionnaire? Every mistake is found while loading, none while somebody waits.

A questionnaire hands over its `Vocabulary`: which questions there are, of what kind, with which options. Rules and
relevance conditions are checked against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.conditions.operators import Kind


@dataclass(frozen=True, slots=True)
class FieldType:
    """What may be asked of one question or fact of the case.

    ``options`` are the option ids of a choice, the relations of a party, the bands of money, or yes/no. ``group`` is
    the list this question belongs to, or None. ``label`` is the question as people read it.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    group: str | None = None
    label: str = ""
    option_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a condition may name.

    ``questions`` holds every question by its full id (``vog_status``, ``companies``, ``companies.share_pct``);
    ``context`` the facts of the case without prefix (``tier``). ``depends_on`` says which questions and facts of the
    case (``context.…``) decide whether a question is asked, so that a change is followed to all it can touch.
    """

    questions: Mapping[str, FieldType]
    context: Mapping[str, FieldType]
    depends_on: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, path: str) -> FieldType | None:
        """Give the type behind a question id or ``context.…``, or None when there is no such thing."""
        if path.startswith("context."):
            return self.context.get(path.removeprefix("context."))
        return self.questions.get(path)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that exists."""
        return (*self.questions, *(f"context.{name}" for name in self.context))

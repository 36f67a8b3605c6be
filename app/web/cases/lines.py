"""The lines of a task list: how far a section is, and what somebody may tell more about."""

from typing import Protocol

from app.usecases.telling_more import Subject
from app.web.cases.views import SubjectLine


class Counted(Protocol):
    """A section with what was answered of it."""

    @property
    def asked(self) -> int:
        """How many questions are asked."""

    @property
    def answered(self) -> int:
        """How many of those have an answer."""

    @property
    def of_practice(self) -> int:
        """How many of the questions do not come from the law."""

    @property
    def untold(self) -> int:
        """How many are there by choice of the candidate, and empty."""


def standing_of(line: Counted) -> tuple[str, str, str]:
    """Say how far a section is: a word, what kind of word that is, and the numbers behind it."""
    left = line.asked - line.answered
    if not line.asked:
        return "Als u wilt", "neutral", f"{_many(line.untold)}, vrijwillig"
    if not left:
        status, kind = "Klaar", "ok"
    elif line.answered:
        status, kind = "Bezig", "info"
    else:
        status, kind = "Nog niet begonnen", "neutral"
    detail = f"nog {left} van {_many(line.asked)}" if left else f"{_many(line.asked)} beantwoord"
    if line.untold:
        detail += f" · {line.untold} als u wilt"
    if line.of_practice == line.asked + line.untold:
        detail += " · vrijwillig"
    elif line.of_practice:
        detail += f" · {line.of_practice} vrijwillig"
    return status, kind, detail


def subject_line(subject: Subject, act: str) -> SubjectLine:
    """Make the line of a subject somebody may tell more about; `act` is what its button does."""
    if subject.told:
        detail = "U vertelt hier zelf over."
    elif subject.kept:
        kept = "1 antwoord is" if subject.kept == 1 else f"{subject.kept} antwoorden zijn"
        detail = (
            f"{kept} bewaard en telt nu niet mee." if subject.kept == 1 else f"{kept} bewaard en tellen nu niet mee."
        )
    else:
        detail = _many(subject.questions)
    return SubjectLine(title=subject.title, act=act, detail=detail, told=subject.told)


def _many(number: int) -> str:
    return f"{number} {'vraag' if number == 1 else 'vragen'}"

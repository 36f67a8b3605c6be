"""A case, decoded and weighed: answers, what is asked, and what the rules say. Kept in memory per version.

Flags are never stored while somebody is still answering: they are worked out from the answers, so they cannot be out of
date. What is kept in memory is keyed by the exact state of the case; a change makes a new key, and so does a change
that was rolled back, because the moment of a change is part of the key.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any

from sqlmodel import Session

from app.questionnaires.answers import AnswerPath, Answers
from app.questionnaires.context import CaseContext
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import Survey, survey
from app.questionnaires.wording import worded
from app.reviews.decisions import Judgement as Judged
from app.risk_rules.assess import Assessment, Digests, Receipt, assess
from app.risk_rules.rulebook import Judgement, RuleBook
from app.store import answers as stored_answers
from app.store import people, reviews
from app.store.answers import StoredAnswers
from app.store.rows import CaseRow
from app.usecases import library
from app.usecases.lines import context_of, today

Key = tuple[str, int, datetime, date]


@dataclass(frozen=True, slots=True)
class CaseReading:
    """One case at one moment: everything pages and documents work out is worked out from this."""

    context: CaseContext
    questionnaire: Questionnaire
    worded: Questionnaire
    """The same questionnaire, in the words of this kind of authority: for showing."""
    rulebook: RuleBook
    stored: StoredAnswers
    survey: Survey
    assessment: Assessment
    pack: str = ""
    """The digest of the local rules in the rulebook; "" without."""
    shown: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What pages worked out of this reading before: it never changes, so neither do they."""

    @property
    def answers(self) -> Answers:
        """The answers themselves."""
        return self.stored.answers

    def revision(self, path: AnswerPath) -> int:
        """Tell how often a path was written; 0 is never."""
        standing = self.stored.standing.get(path)
        return 0 if standing is None else standing.revision


class _Kept:
    """The cases that were used last, at most so many."""

    def __init__(self) -> None:
        self._limit = 2000
        self._readings: OrderedDict[Key, CaseReading] = OrderedDict()
        self._gone: set[str] = set()
        self._lock = Lock()

    def limit(self, most: int) -> None:
        self._limit = most

    def get(self, key: Key, make: Callable[[], CaseReading]) -> CaseReading:
        with self._lock:
            found = self._readings.get(key)
            if found is not None:
                self._readings.move_to_end(key)
                return found
        # Outside the lock: two readers of one case at most do the same work twice.
        made = make()
        with self._lock:
            if key[0] in self._gone:
                return made
            self._readings[key] = made
            while len(self._readings) > self._limit:
                self._readings.popitem(last=False)
        return made

    def forget(self, case_id: str) -> None:
        with self._lock:
            self._gone.add(case_id)
            for key in [key for key in self._readings if key[0] == case_id]:
                del self._readings[key]


_kept = _Kept()


def keep_at_most(cases: int) -> None:
    """Set how many cases stay in memory."""
    _kept.limit(cases)


def forget(case_id: str) -> None:
    """Drop everything about a case from memory for good: it was destroyed. Who still reads it does not put it back."""
    _kept.forget(case_id)


def read_case(db: Session, case: CaseRow) -> CaseReading:
    """Give a case with its answers and flags as they are in this transaction."""
    as_of = today()
    key = (case.id, case.version, case.changed_at, as_of)
    return _kept.get(key, lambda: _read(db, case, as_of))


def reading_of(
    asked: Questionnaire,
    context: CaseContext,
    stored: StoredAnswers,
    judgements: tuple[Judgement, ...] = (),
    pack: str = "",
) -> CaseReading:
    """Work out everything from answers that are at hand: the part without a database. ``pack`` names local rules."""
    look = survey(asked, stored.answers, context)
    book = library.rulebook(asked, pack)
    digests = Digests(asked.digest, stored.answers.digest, context.digest)
    assessment = assess(book, look.facts, judgements, digests)
    return CaseReading(context, asked, worded_for(asked, context), book, stored, look, assessment, pack)


def reading_unweighed(asked: Questionnaire, context: CaseContext, stored: StoredAnswers, pack: str = "") -> CaseReading:
    """The same without weighing a rule: for whoever weighs in a way of their own. Its assessment is empty."""
    look = survey(asked, stored.answers, context)
    empty = Assessment((), Receipt("", "", "", "", "", "", context.as_of))
    book = library.rulebook(asked, pack)
    return CaseReading(context, asked, worded_for(asked, context), book, stored, look, empty, pack)


def worded_for(asked: Questionnaire, context: CaseContext) -> Questionnaire:
    """Give a questionnaire in the words of one kind of authority; each is made once."""
    key = (asked.id, asked.version, str(context.tier))
    found = _worded.get(key)
    if found is None:
        found = _worded[key] = worded(asked, context.tier)
    return found


_worded: dict[tuple[str, int, str], Questionnaire] = {}


def _read(db: Session, case: CaseRow, as_of: date) -> CaseReading:
    asked = library.questionnaire(case.questionnaire, case.questionnaire_version)
    context = context_of(case, as_of)
    pack = people.pack_of(db, case.organisation_id)
    return reading_of(asked, context, stored_answers.load(db, case), _judgements(db, case), pack)


def _judgements(db: Session, case: CaseRow) -> tuple[Judgement, ...]:
    """Give what reviewers said about open norms; of each flag the last word counts."""
    said: dict[tuple[str, str | None], bool] = {}
    for flag, findings in reviews.remarks(db, case, {}).findings.items():
        last = next((finding.judgement for finding in reversed(findings) if finding.judgement is not None), None)
        if last is not None:
            said[flag] = last is Judged.APPLIES
    return tuple(Judgement(rule, item, applies) for (rule, item), applies in said.items())

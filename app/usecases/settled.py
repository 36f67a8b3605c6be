"""What would decide a possible flag, and which open questions still matter: ready to show."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from app.conditions.facts import GroupState
from app.questionnaires.answers import AnswerPath
from app.questionnaires.model import Respondent
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.explain import Quote, open_question
from app.risk_rules.rulebook import Outcome
from app.risk_rules.settling import Settling, circumstances, settling
from app.risk_rules.still_open import StillOpen, still_open
from app.usecases.assessing import CaseReading

_MOST_KEPT: Final = 4_000
_kept: dict[Hashable, Settling] = {}


@dataclass(frozen=True, slots=True)
class SettledBy:
    """What decides a possible flag, sorted by who can give it. Together it always does, and nothing smaller does.

    `now` and `later` are for the candidate; `later` only comes up after another answer, and need not. `by_reviewer` is
    recorded during the review, `case_facts` are set by the organisation. `judged`: a person must weigh the norm besides.
    Not `smallest`: it settles the flag, but perhaps less would do.
    """

    now: tuple[Quote, ...]
    later: tuple[Quote, ...]
    by_reviewer: tuple[Quote, ...]
    case_facts: tuple[Quote, ...]
    judged: bool
    smallest: bool


def supposed(reading: CaseReading) -> Supposed:
    """Give a case as the place from which answers are supposed."""
    return Supposed(reading.questionnaire, reading.answers, reading.context, reading.survey)


def settled_by(reading: CaseReading, outcome: RuleOutcome) -> SettledBy | None:
    """Say what would decide one outcome of this case; None when it is decided."""
    if outcome.outcome is not Outcome.POSSIBLE:
        return None
    found = _found(reading, outcome)
    theirs = [path for path in (*found.now, *found.later) if _for_reviewers(reading, path)]
    return SettledBy(
        now=_named(reading, (path for path in found.now if path not in theirs)),
        later=_named(reading, (path for path in found.later if path not in theirs)),
        by_reviewer=_named(reading, theirs),
        case_facts=_named(reading, found.case_facts),
        judged=bool(found.judgement),
        smallest=found.exact,
    )


def what_still_matters(reading: CaseReading) -> StillOpen:
    """Part the open questions of a case in those that can still change what the rules say, and those that cannot."""
    known: StillOpen | None = reading.shown.get("still_open")
    if known is None:
        known = reading.shown["still_open"] = still_open(reading.rulebook, supposed(reading), reading.assessment)
    return known


def _found(reading: CaseReading, outcome: RuleOutcome) -> Settling:
    """Search once: most answers leave most flags as they were, and many cases look alike in some corner."""
    case = supposed(reading)
    key = circumstances(reading.rulebook, case, outcome)
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[key] = settling(reading.rulebook, case, outcome)
    return known


def _for_reviewers(reading: CaseReading, path: str) -> bool:
    section = reading.questionnaire.section_of[AnswerPath.parse(path).question]
    return section.respondent is not Respondent.CANDIDATE


def _named(reading: CaseReading, paths: Iterable[str]) -> tuple[Quote, ...]:
    return tuple(_question(reading, path) for path in paths)


def _question(reading: CaseReading, path: str) -> Quote:
    """Name a question; of a list that was begun, that it has to be finished."""
    found = open_question(path, reading.rulebook, reading.survey.facts)
    group = reading.survey.facts.groups.get(path)
    if group is None or group.state is not GroupState.OPEN:
        return found
    return Quote(found.path, f"{found.question} Maak deze lijst compleet.", found.answer)

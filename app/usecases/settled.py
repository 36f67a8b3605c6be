"""What would decide a possible flag, and which open questions still matter: ready to show."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from app.conditions.facts import CONTEXT_PREFIX, GroupState
from app.questionnaires.answers import AnswerPath
from app.questionnaires.model import Respondent
from app.questionnaires.showing import item_title
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.behind import circumstances
from app.risk_rules.explain import Quote, open_question
from app.risk_rules.rulebook import Outcome
from app.risk_rules.settling import Settling, settling
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
    """Part the open questions of a case in those that can still change what the rules say, and those that cannot.

    The reading must be weighed in full (`read_case`).
    """
    known: StillOpen | None = reading.shown.get("still_open")
    if known is None:
        known = reading.shown["still_open"] = still_open(reading.rulebook, supposed(reading), reading.assessment)
    return known


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open question on one line. `about` names the thing it is about; `later`: it only comes up after another answer."""

    path: str
    question: str
    about: str
    section: str
    section_title: str
    by_candidate: bool
    later: bool
    voluntary: bool = False
    """Nobody asked this: it follows from something the candidate chose to tell."""


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """The open questions of a case: those that can still change what a rule says, and those that cannot any more.

    `case_facts` are named in Dutch and belong to the first sort; `judgements` counts the norms a person must weigh.
    """

    matter: tuple[OpenLine, ...]
    no_longer: tuple[OpenLine, ...]
    case_facts: tuple[str, ...]
    judgements: int


def open_questions(reading: CaseReading) -> OpenQuestions:
    """Name the open questions of a case in both sorts, in the order of the questionnaire."""
    found = what_still_matters(reading)
    asked = {str(path) for path in reading.survey.asked}
    facts = [path for path in found.matters if path.startswith(CONTEXT_PREFIX)]
    return OpenQuestions(
        matter=tuple(_line(reading, path, asked) for path in found.matters if path not in facts),
        no_longer=tuple(_line(reading, path, asked) for path in found.no_longer),
        case_facts=tuple(_question(reading, path).question for path in facts),
        judgements=len(found.judgements),
    )


def _line(reading: CaseReading, path: str, asked: set[str]) -> OpenLine:
    at = AnswerPath.parse(path)
    section = reading.worded.section(reading.questionnaire.section_of[at.question].id)
    return OpenLine(
        path=path,
        question=_question(reading, path).question,
        about=about_item(reading, at.group, at.item),
        section=section.id,
        section_title=section.title,
        by_candidate=section.respondent is Respondent.CANDIDATE,
        later=path not in asked,
        voluntary=at.question in reading.survey.voluntary,
    )


def about_item(reading: CaseReading, group: str | None, item: str | None) -> str:
    """Name one thing of a list ("Onderneming: Noordster"); "" for the case as a whole."""
    found = reading.worded.groups.get(group or "")
    return "" if found is None or item is None else item_title(found, item, reading.answers, reading.context.tier)


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

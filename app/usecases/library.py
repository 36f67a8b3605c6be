"""The questionnaires and rulebooks this installation works with, read once."""

from functools import cache

from app.errors import NotFound
from app.questionnaires import loading
from app.questionnaires.model import Questionnaire
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import RuleBook
from app.usecases.lines import CaseLine


def newest() -> Questionnaire:
    """Give the newest questionnaire for candidates: what a new case is pinned to."""
    return loading.newest()


def questionnaire(questionnaire_id: str, version: int) -> Questionnaire:
    """Give one version of a questionnaire. Raises NotFound when this release does not carry it."""
    found = loading.library().get((questionnaire_id, version))
    if found is None:
        raise NotFound(f"this release has no questionnaire {questionnaire_id} version {version}")
    return found


def questionnaire_of(case: CaseLine) -> Questionnaire:
    """Give the version a case is pinned to, which need not be the newest."""
    return questionnaire(case.questionnaire, case.questionnaire_version)


@cache
def _rulebook(questionnaire_id: str, version: int) -> RuleBook:
    return load_rulebook(questionnaire(questionnaire_id, version), examples=False)


def rulebook(asked: Questionnaire) -> RuleBook:
    """Give the rulebook, checked against this questionnaire. Raises Broken when the two do not fit."""
    return _rulebook(asked.id, asked.version)

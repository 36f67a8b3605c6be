"""Why a rule did not apply, followed back to answers that were really given.

A rule often does not apply because a question is not asked. That is no answer yet: the answer that decides is the one
for which the question is not asked.
"""

from collections.abc import Iterable, Iterator

from app.conditions.evaluate import evaluate
from app.conditions.facts import CONTEXT_PREFIX, Binding
from app.conditions.kleene import Evidence, Kleene
from app.questionnaires.answers import AnswerPath
from app.questionnaires.context import AskedScope, LegalFrame
from app.questionnaires.kinds import Question
from app.questionnaires.supposing import Supposed
from app.questionnaires.volunteering import begin_a_story, kept_out
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.rulebook import Outcome


def deciding(case: Supposed, outcome: RuleOutcome) -> tuple[Evidence, ...]:
    """Give the answers and facts of the case that rule an outcome out, each once; none for what was not ruled out.

    Where nothing more is to be said than that a question is not asked, that is what is given.
    """
    if outcome.outcome is not Outcome.NONE:
        return ()
    found = {evidence.path: evidence for evidence in _followed(case, outcome.because)}
    return tuple(found.values())


def _followed(case: Supposed, because: Iterable[Evidence]) -> Iterator[Evidence]:
    for evidence in because:
        reasons = () if evidence.asked else tuple(_not_asked(case, evidence.path))
        if reasons:
            yield from _followed(case, reasons)  # ends: no question decides whether it is asked itself
        else:
            yield evidence


def _not_asked(case: Supposed, path: str) -> Iterator[Evidence]:
    at = AnswerPath.parse(path)
    question = case.questionnaire.questions[at.question]
    by_case = _kept_out(case, question)
    if by_case is not None:
        yield by_case
    elif question.relevant_when is not None:
        item = None if at.item is None else case.facts.item(at.group, at.item)
        bound = None if item is None else Binding(at.group, item, case.facts.group(at.group))
        verdict = evaluate(question.relevant_when, case.facts, bound)
        yield from verdict.because if verdict.truth is Kleene.NO else ()


def _kept_out(case: Supposed, question: Question) -> Evidence | None:
    """Name the fact of the case for which a question does not exist there at all."""
    if question.tiers and case.context.tier not in question.tiers:
        tiers = tuple(map(str, question.tiers))
        return Evidence(f"{CONTEXT_PREFIX}tier", str(case.context.tier), "is_any_of", tiers, holds=False)
    left_out = kept_out(case.questionnaire, case.context)
    untold = case.survey.voluntary & begin_a_story(case.questionnaire)
    if question.id not in left_out | untold:
        return None
    if case.context.scope is AskedScope.STATUTORY:
        return Evidence(f"{CONTEXT_PREFIX}scope", str(case.context.scope), "is", str(AskedScope.PRACTICE), holds=False)
    frame = str(case.context.legal_frame)
    return Evidence(f"{CONTEXT_PREFIX}legal_frame", frame, "is", str(LegalFrame.IN_FORCE), holds=False)

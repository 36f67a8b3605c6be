"""Why a rule did not apply, followed back to answers that were really given.

A rule often does not apply because a question is not asked. That is no answer yet: the answer that decides is the one
for which the question is not asked.
"""

from collections.abc import Iterable, Iterator

from app.conditions.evaluate import evaluate
from app.conditions.facts import CONTEXT_PREFIX, NOT_ASKED, Binding
from app.conditions.kleene import Evidence, Kleene
from app.conditions.tree import reads
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
    found = {evidence.path: evidence for evidence in _followed(case, outcome.because, reads(outcome.rule.when))}
    return tuple(found.values())


def _followed(case: Supposed, because: Iterable[Evidence], read: frozenset[str]) -> Iterator[Evidence]:
    for evidence in because:
        reasons = () if evidence.asked else tuple(_not_asked(case, evidence.path, read))
        if reasons:
            yield from _followed(case, reasons, read)  # ends: no question decides whether it is asked itself
        else:
            yield evidence


def _not_asked(case: Supposed, path: str, read: frozenset[str]) -> Iterator[Evidence]:
    at = AnswerPath.parse(path)
    if at.item is None and at.question in case.questionnaire.groups and case.facts.group(at.question).may_grow:
        # The list itself is asked: it is a field of what may still be added that would not be.
        yield from _not_asked_of_more(case, at.question, read, set())
        return
    question = case.questionnaire.questions[at.question]
    by_case = _kept_out(case, question)
    if by_case is not None:
        yield by_case
    elif question.relevant_when is not None:
        item = None if at.item is None else case.facts.item(at.group, at.item)
        bound = None if item is None else Binding(at.group, item, case.facts.group(at.group))
        verdict = evaluate(question.relevant_when, case.facts, bound)
        yield from verdict.because if verdict.truth is Kleene.NO else ()


def _not_asked_of_more(case: Supposed, group: str, read: frozenset[str], seen: set[str]) -> Iterator[Evidence]:
    """Say why fields would not be asked of a further item. A field may hang on another field: each is looked at once."""
    facts = case.facts.group(group)
    for path in sorted(read - seen):
        owner, _, name = path.rpartition(".")
        if owner != group or facts.further.get(name) is not NOT_ASKED:
            continue
        seen.add(path)
        question = case.questionnaire.questions[path]
        by_case = _kept_out(case, question)
        if by_case is not None:
            yield by_case
        elif question.relevant_when is not None:
            verdict = evaluate(question.relevant_when, case.facts, Binding(group, None, facts))
            if verdict.truth is Kleene.NO:
                yield from (evidence for evidence in verdict.because if evidence.path != group)
                yield from _not_asked_of_more(case, group, reads(question.relevant_when), seen)


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

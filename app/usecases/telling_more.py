"""A candidate tells more than a narrow case asks: per subject, by an act of their own, that can be taken back.

Taking back throws nothing away. What was filled in stays where it is and does not count; choosing the subject again
brings it back.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.context import CaseContext
from app.questionnaires.relevance import Survey, survey
from app.questionnaires.volunteering import in_order
from app.reviews.lifecycle import STEP_TITLES, Step
from app.store import audit, cases
from app.store.cases import CaseAccess
from app.usecases.assessing import CaseReading
from app.usecases.library import questionnaire
from app.usecases.lines import context_of


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of which this case leaves questions out, or would.

    `told`: the candidate chose to tell about it. `questions` counts what the choice brings up now. `kept` counts the
    answers that are stored and do not count, because the choice was taken back.
    """

    section: str
    title: str
    told: bool
    questions: int
    kept: int


def subjects(reading: CaseReading) -> tuple[Subject, ...]:
    """Give what the candidate may tell more about; nothing in a case that asks everything."""
    context, asked = reading.context, reading.questionnaire
    if not context.asks_by_law_only:
        return ()
    known: tuple[Subject, ...] | None = reading.shown.get("subjects")
    if known is None:
        wide = survey(asked, reading.answers, replace(context, volunteered=tuple(asked.beyond_the_law)))
        found = (_subject(reading, wide, section) for section in asked.beyond_the_law)
        known = reading.shown["subjects"] = tuple(one for one in found if one.questions or one.told or one.kept)
    return known


def choose(context: CaseContext, sections: tuple[str, ...], section_id: str, *, tell: bool) -> CaseContext:
    """Give the case in which somebody tells more about one section, or no longer does. `sections` are those there are."""
    chosen = {*context.volunteered, section_id} if tell else set(context.volunteered) - {section_id}
    return replace(context, volunteered=tuple(one for one in sections if one in chosen))


def tell_more(db: Session, actor: Actor, case_id: str, section_id: str, *, tell: bool = True) -> None:
    """Show the questions about a subject that this case leaves out; with `tell` False leave them out again.

    Doing it twice changes nothing. Raises NotFound for a subject that has no such questions, and NotAllowed when nothing
    may be answered now or the case asks these questions anyway.
    """
    access = cases.access(db, actor, case_id, lock=True)
    context = _require_may(access)
    asked = questionnaire(access.case.questionnaire, access.case.questionnaire_version)
    if not in_order(asked, (section_id,)):
        raise NotFound("nothing to tell more about here")
    changed = choose(context, tuple(asked.beyond_the_law), section_id, tell=tell)
    if changed == context:
        return
    access.case.context = changed.to_jsonable()
    cases.touch(db, access.case)
    action = "section_volunteered" if tell else "section_taken_back"
    audit.append(db, actor, action, "section", section_id, case_id=case_id)


def _require_may(access: CaseAccess) -> CaseContext:
    if not access.actor.is_candidate:
        raise NotFound("only the candidate decides what to tell")
    if access.case.step is not Step.ANSWERING:
        title = STEP_TITLES[access.case.step]
        raise NotAllowed(f"U kunt dit nu niet wijzigen: de zaak staat op '{title}'.")
    context = context_of(access.case)
    if not context.asks_by_law_only:
        raise NotAllowed("In deze zaak stellen wij deze vragen al. U hoeft er niets voor te kiezen.")
    return context


def _subject(reading: CaseReading, wide: Survey, section: str) -> Subject:
    beyond = reading.questionnaire.beyond_the_law[section]
    told = section in reading.context.volunteered
    shown = {path.question for path in wide.sections[section] if path.question in beyond}
    kept = 0 if told else sum(path.question in beyond for path, _ in reading.answers)
    return Subject(section, reading.worded.section(section).title, told, len(shown), kept)

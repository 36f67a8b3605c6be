"""Moving a case to a newer version of the questionnaire: an act of a person, who first sees what differs.

A case keeps the version it began with. Nothing moves by itself: a release with a newer version changes no case.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires import loading
from app.questionnaires.model import Questionnaire
from app.questionnaires.versions import Change, Migration, diff, migrate_answers
from app.questionnaires.volunteering import moved
from app.reviews.lifecycle import Role, Step
from app.store import answers, audit, cases
from app.store.cases import CaseAccess
from app.usecases import library
from app.usecases.assessing import read_case
from app.usecases.cases import read_by
from app.usecases.lines import CaseLine, case_line

BEFORE_SUBMISSION = frozenset({Step.DRAFT, Step.INVITED, Step.ANSWERING})
"""After submission the answers belong to the questions that were asked; then a case stays where it is."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A newer version, what differs, and what would happen to the answers of this case."""

    case: CaseLine
    version: int
    changes: tuple[Change, ...]
    migration: Migration | None
    """What would happen to the answers; `None` for who may not read them: which are there tells what was answered."""

    @property
    def changes_meaning(self) -> bool:
        """Whether the candidate should look again: something is asked differently, or an answer stays behind."""
        moved = self.migration
        return (moved is not None and bool(moved.look_again or moved.left)) or any(one.meaning for one in self.changes)


def offer(db: Session, actor: Actor, case_id: str) -> Offer | None:
    """Give the newer version for a case with everything that differs; None when the case has the newest.

    Raises NotFound, and NotAllowed for who does not prepare cases.
    """
    access = _prepare(db, actor, case_id)
    old, new = _versions(access)
    if new is None:
        return None
    migration = None
    if access.reads_content:
        _, migration = migrate_answers(old, new, read_case(db, access.case).answers)
        read_by(db, access)
    return Offer(case_line(access.case), new.version, diff(old, new), migration)


def move(db: Session, actor: Actor, case_id: str, version: int) -> CaseLine:
    """Move a case to `version`, the one that was shown. Answers that do not fit are taken away; the history keeps them.

    Raises NotAllowed after submission, or when another version has become the newest meanwhile.
    """
    access = _prepare(db, actor, case_id, lock=True)
    old, new = _versions(access)
    if new is None or new.version != version:
        raise NotAllowed("Er is intussen een andere versie van de vragenlijst. Bekijk de verschillen opnieuw.")
    reading = read_case(db, access.case)
    _, migration = migrate_answers(old, new, reading.answers)
    for left in migration.left:
        answers.put(db, access, left.path, None, reading.revision(left.path))
    access.case.questionnaire_version = new.version
    told = moved(old, new, reading.context.volunteered)
    access.case.context = replace(reading.context, volunteered=told).to_jsonable()
    cases.touch(db, access.case)
    detail = {"from": old.version, "to": new.version, "left": len(migration.left)}
    audit.append(db, actor, "questionnaire_moved", "case", case_id, case_id=case_id, detail=detail)
    return case_line(access.case)


def _prepare(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    access = cases.access(db, actor, case_id, lock=lock)
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotAllowed("Dit kan alleen de griffier of de voorzitter van het bestuur doen.")
    if access.case.step not in BEFORE_SUBMISSION:
        raise NotAllowed("De antwoorden zijn al ingediend. Deze zaak blijft bij de versie van toen.")
    return access


def _versions(access: CaseAccess) -> tuple[Questionnaire, Questionnaire | None]:
    case = access.case
    newest = loading.newest(case.questionnaire)
    old = library.questionnaire(case.questionnaire, case.questionnaire_version)
    return old, newest if newest.version > old.version else None

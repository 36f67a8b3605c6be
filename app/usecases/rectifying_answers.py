"""A reviewer answers what the candidate asked: agrees, and the new answer counts; or declines, with a reason.

An answer that is agreed on is the next answer of that question, after those that stood there before. Everything that rests on it
is weighed again by what is there already: flags follow from the answers, a decision that rested on the old one asks for
another look, and a case that was concluded is open again. A list goes back to the candidate, who changes it.
"""

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.answers import Answer, AnswerPath
from app.reviews.lifecycle import Action, Step
from app.store import answers, audit, cases, rectifications
from app.store.cases import CaseAccess
from app.store.rows import RectificationRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.assessing import CaseReading, read_case
from app.usecases.questions import is_list
from app.usecases.recording import request_correction
from app.usecases.reviewing import open_for_review
from app.usecases.submitting import freeze
from app.usecases.texts import optional_text, required_text

OPENED_BECAUSE = "De kandidaat vroeg om een correctie."
NO_REASON = "Schrijf op waarom u dit niet overneemt. De kandidaat leest dit."
CHANGED = (
    "Dit antwoord is gewijzigd nadat de kandidaat dit vroeg. U kunt het verzoek niet meer overnemen. Wijs het af en "
    "schrijf op wat er nu staat. De kandidaat kan het opnieuw vragen."
)
BUSY = "De kandidaat vult de vragenlijst nu aan. Wacht tot dat klaar is."
OVER = (
    "De zaak is voorbij, dus een lijst gaat niet meer terug naar de kandidaat. Wijs het verzoek af en schrijf op wat er had "
    "moeten staan. Dat blijft bij het dossier."
)

_BACK: dict[Step, Action] = {
    Step.SUBMITTED: Action.START_REVIEW,
    Step.HEARING: Action.BACK_TO_REVIEW,
    Step.WEIGHING: Action.BACK_TO_REVIEW,
    Step.CONCLUDED: Action.REOPEN,
    Step.PRESENTED: Action.REOPEN,
}
"""How a case comes back into review from each step, for a list that the candidate has to change."""


def answer(db: Session, actor: Actor, case_id: str, rectification_id: str, *, agreed: bool, reason: str) -> None:
    """Answer a request. The candidate gets a mail, and reads the answer with its reason.

    Raises NotFound for who does not review this case, NotAllowed when it was answered, when the answer changed meanwhile, when
    it is declined without a reason, or when this person may not open a case that was concluded.
    """
    access = open_for_review(db, actor, case_id, lock=True)
    row = rectifications.get(db, access, rectification_id)
    if row.agreed is not None:
        raise NotAllowed("Dit verzoek is al beantwoord.")
    why = optional_text(reason) if agreed else required_text(reason, NO_REASON)
    if agreed:
        _take_over(db, access, row)
    row.answer_reason, row.agreed, row.decided_at = why, agreed, utc_now()
    row.decided_by, row.decided_by_name = actor.id, actor.name
    rectifications.add(db, row)
    action = "rectification_agreed" if agreed else "rectification_declined"
    audit.append(db, actor, action, "answer", row.path, case_id=case_id)
    candidate_mail.send(db, access.case, "rectification_decided", sender=actor.name)


def _take_over(db: Session, access: CaseAccess, row: RectificationRow) -> None:
    reading = read_case(db, access.case)
    path = AnswerPath.parse(row.path)
    if is_list(reading, path):
        _back_to_candidate(db, access, row)
        return
    if reading.revision(path) != row.revision or not _there(reading, path):
        raise NotAllowed(CHANGED)
    if access.case.step in {Step.CONCLUDED, Step.PRESENTED}:
        _move(db, access, Action.REOPEN)
    wanted = None if row.wanted is None else Answer.from_jsonable(row.wanted)
    answers.put(db, access, path, wanted, row.revision, by_candidate=True)
    cases.touch(db, access.case)
    freeze(db, access, read_case(db, access.case), "rectified")


def _back_to_candidate(db: Session, access: CaseAccess, row: RectificationRow) -> None:
    step = access.case.step
    if step is Step.CORRECTION:
        raise NotAllowed(BUSY)
    if step is not Step.IN_REVIEW:
        if step not in _BACK:
            raise NotAllowed(OVER)
        _move(db, access, _BACK[step])
    request_correction(db, access.actor, access.case.id, (row.path,), f"{OPENED_BECAUSE} Moet zijn: {row.words}")


def _move(db: Session, access: CaseAccess, action: Action) -> None:
    cases.move(db, access, action, OPENED_BECAUSE)
    named = {Action.START_REVIEW: "review_started", Action.REOPEN: "reopened", Action.BACK_TO_REVIEW: "back_to_review"}
    audit.append(db, access.actor, named[action], "case", access.case.id, case_id=access.case.id)


def _there(reading: CaseReading, path: AnswerPath) -> bool:
    return path.question in reading.questionnaire.questions and (
        path.item is None or path.item in reading.answers.items(path.group or "")
    )

"""The journey of a case as one table.

Every step, every act that moves a case, and every role that may do it stand in ``TRANSITIONS``. The table is the
only place that decides; routes and use cases ask ``allowed`` or call ``advance``. The docs diagram and the access
tests are generated from the same table, so they cannot disagree with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.errors import NotAllowed


class Step(StrEnum):
    """Where a case stands. The values are stored; never rename one."""

    DRAFT = "draft"
    INVITED = "invited"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CORRECTION = "correction"
    HEARING = "hearing"
    WEIGHING = "weighing"
    CONCLUDED = "concluded"
    PRESENTED = "presented"
    APPOINTED = "appointed"
    NOT_APPOINTED = "not_appointed"
    WITHDRAWN = "withdrawn"
    AFTERCARE = "aftercare"
    DESTROYED = "destroyed"


class Role(StrEnum):
    """In what capacity a person acts on a case."""

    CANDIDATE = "candidate"
    CLERK = "clerk"
    PRINCIPAL = "principal"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Action(StrEnum):
    """An act on a case. ``ANSWER`` and the other acts inside a step leave the step as it is."""

    EDIT_CASE = "edit_case"
    INVITE = "invite"
    ENTER = "enter"
    ANSWER = "answer"
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    WRITE_NOTE = "write_note"
    ADD_FILE = "add_file"
    RECORD_FINDING = "record_finding"
    RECORD_DECISION = "record_decision"
    REQUEST_CORRECTION = "request_correction"
    RESUBMIT = "resubmit"
    OPEN_HEARING = "open_hearing"
    REPLY = "reply"
    CLOSE_HEARING = "close_hearing"
    BACK_TO_REVIEW = "back_to_review"
    CONCLUDE = "conclude"
    REOPEN = "reopen"
    PRESENT = "present"
    RECORD_APPOINTED = "record_appointed"
    RECORD_NOT_APPOINTED = "record_not_appointed"
    CORRECT_OUTCOME = "correct_outcome"
    START_AFTERCARE = "start_aftercare"
    WITHDRAW = "withdraw"
    DESTROY = "destroy"


REVIEWERS = frozenset({Role.CLERK, Role.PRINCIPAL, Role.ANALYST})
"""The roles that read answers to review them; an organisation may close a case to the clerk."""

WITHOUT_CONTENT = frozenset(
    {
        Action.EDIT_CASE,
        Action.INVITE,
        Action.RECORD_APPOINTED,
        Action.RECORD_NOT_APPOINTED,
        Action.CORRECT_OUTCOME,
        Action.WITHDRAW,
    }
)
"""What staff can do in a case without reading anything in it: this is left for a clerk from whom the content is closed."""

BEFORE_OUTCOME = (
    Step.DRAFT,
    Step.INVITED,
    Step.ANSWERING,
    Step.SUBMITTED,
    Step.IN_REVIEW,
    Step.CORRECTION,
    Step.HEARING,
    Step.WEIGHING,
    Step.CONCLUDED,
    Step.PRESENTED,
)
"""Every step from which a candidate may still withdraw."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: in ``frm`` the act ``action`` by one of ``roles`` leads to ``to``.

    ``audit`` is the Dutch phrase for the log; ``needs_reason`` means the act is refused without a written reason.
    """

    frm: Step
    action: Action
    to: Step
    roles: frozenset[Role]
    audit: str
    needs_reason: bool = False


_CLERK = frozenset({Role.CLERK})
_CANDIDATE = frozenset({Role.CANDIDATE})
_PRINCIPAL = frozenset({Role.PRINCIPAL})
_PREPARE = frozenset({Role.CLERK, Role.PRINCIPAL})


def _rows() -> Iterator[Transition]:
    yield Transition(Step.DRAFT, Action.EDIT_CASE, Step.DRAFT, _PREPARE, "zaak gewijzigd")
    yield Transition(Step.DRAFT, Action.INVITE, Step.INVITED, _PREPARE, "kandidaat uitgenodigd")
    yield Transition(Step.INVITED, Action.EDIT_CASE, Step.INVITED, _PREPARE, "zaak gewijzigd")
    yield Transition(Step.INVITED, Action.INVITE, Step.INVITED, _PREPARE, "uitnodiging opnieuw verstuurd")
    yield Transition(Step.INVITED, Action.ENTER, Step.ANSWERING, _CANDIDATE, "kandidaat is begonnen")
    yield Transition(Step.ANSWERING, Action.EDIT_CASE, Step.ANSWERING, _PREPARE, "zaak gewijzigd")
    yield Transition(Step.ANSWERING, Action.INVITE, Step.ANSWERING, _PREPARE, "uitnodiging opnieuw verstuurd")
    yield Transition(Step.ANSWERING, Action.ENTER, Step.ANSWERING, _CANDIDATE, "kandidaat is verdergegaan")
    yield Transition(Step.ANSWERING, Action.ANSWER, Step.ANSWERING, _CANDIDATE, "antwoord opgeslagen")
    yield Transition(Step.ANSWERING, Action.SUBMIT, Step.SUBMITTED, _CANDIDATE, "antwoorden ingediend")
    yield Transition(Step.SUBMITTED, Action.START_REVIEW, Step.IN_REVIEW, REVIEWERS, "beoordeling gestart")
    # A reviewer's own notes: until the conclusion, which is about the record and not about them.
    for step in (Step.SUBMITTED, Step.IN_REVIEW, Step.CORRECTION, Step.HEARING, Step.WEIGHING):
        yield Transition(step, Action.WRITE_NOTE, step, REVIEWERS, "notitie geschreven")
    # Before the hearing: what comes with the concept, the candidate can read and answer to.
    for step in (Step.IN_REVIEW, Step.CORRECTION):
        yield Transition(step, Action.ADD_FILE, step, REVIEWERS, "bijlage toegevoegd")
    for step in (Step.IN_REVIEW, Step.CORRECTION, Step.HEARING, Step.WEIGHING):
        yield Transition(step, Action.RECORD_FINDING, step, REVIEWERS, "bevinding vastgelegd")
        yield Transition(step, Action.RECORD_DECISION, step, REVIEWERS, "besluit vastgelegd")
    yield Transition(
        Step.IN_REVIEW, Action.REQUEST_CORRECTION, Step.CORRECTION, REVIEWERS, "aanvulling gevraagd", needs_reason=True
    )
    yield Transition(Step.CORRECTION, Action.ENTER, Step.CORRECTION, _CANDIDATE, "kandidaat is verdergegaan")
    yield Transition(Step.CORRECTION, Action.INVITE, Step.CORRECTION, _PREPARE, "uitnodiging opnieuw verstuurd")
    yield Transition(Step.CORRECTION, Action.ANSWER, Step.CORRECTION, _CANDIDATE, "antwoord aangevuld")
    yield Transition(Step.CORRECTION, Action.RESUBMIT, Step.IN_REVIEW, _CANDIDATE, "aanvulling ingediend")
    yield Transition(Step.IN_REVIEW, Action.OPEN_HEARING, Step.HEARING, REVIEWERS, "concept voorgelegd aan kandidaat")
    yield Transition(Step.HEARING, Action.REPLY, Step.HEARING, _CANDIDATE, "reactie van kandidaat vastgelegd")
    yield Transition(
        Step.HEARING, Action.BACK_TO_REVIEW, Step.IN_REVIEW, REVIEWERS, "terug naar beoordeling", needs_reason=True
    )
    yield Transition(Step.HEARING, Action.CLOSE_HEARING, Step.WEIGHING, REVIEWERS, "wederhoor afgesloten")
    yield Transition(
        Step.WEIGHING, Action.BACK_TO_REVIEW, Step.IN_REVIEW, REVIEWERS, "terug naar beoordeling", needs_reason=True
    )
    yield Transition(Step.WEIGHING, Action.CONCLUDE, Step.CONCLUDED, _PRINCIPAL, "conclusie vastgesteld")
    yield Transition(Step.CONCLUDED, Action.PRESENT, Step.PRESENTED, _PREPARE, "raadsversie verzonden")
    for step in (Step.CONCLUDED, Step.PRESENTED):
        yield Transition(
            step, Action.REOPEN, Step.IN_REVIEW, _PREPARE, "heropend na laatste melding", needs_reason=True
        )
    yield Transition(Step.PRESENTED, Action.RECORD_APPOINTED, Step.APPOINTED, _PREPARE, "benoeming vastgelegd")
    yield Transition(Step.PRESENTED, Action.RECORD_NOT_APPOINTED, Step.NOT_APPOINTED, _PREPARE, "niet benoemd")
    # Written down wrongly; two people put it right.
    for step, right in (
        (Step.APPOINTED, Step.NOT_APPOINTED),
        (Step.AFTERCARE, Step.NOT_APPOINTED),
        (Step.NOT_APPOINTED, Step.APPOINTED),
    ):
        yield Transition(step, Action.CORRECT_OUTCOME, right, _PREPARE, "uitkomst verbeterd", needs_reason=True)
    yield Transition(Step.APPOINTED, Action.START_AFTERCARE, Step.AFTERCARE, _PREPARE, "nazorg gestart")
    for step in BEFORE_OUTCOME:
        yield Transition(step, Action.WITHDRAW, Step.WITHDRAWN, _CANDIDATE | _CLERK, "kandidatuur ingetrokken")
    for step in (Step.WITHDRAWN, Step.NOT_APPOINTED, Step.APPOINTED, Step.AFTERCARE):
        yield Transition(step, Action.DESTROY, Step.DESTROYED, _PREPARE, "dossier vernietigd", needs_reason=True)


TRANSITIONS: tuple[Transition, ...] = tuple(_rows())
"""The whole journey. A step that is not named as ``frm`` is final."""

_BY_KEY: dict[tuple[Step, Action], Transition] = {(row.frm, row.action): row for row in TRANSITIONS}

STEP_TITLES: dict[Step, str] = {
    Step.DRAFT: "In voorbereiding",
    Step.INVITED: "Uitgenodigd",
    Step.ANSWERING: "Kandidaat vult in",
    Step.SUBMITTED: "Ingediend",
    Step.IN_REVIEW: "In beoordeling",
    Step.CORRECTION: "Aanvulling gevraagd",
    Step.HEARING: "Wederhoor",
    Step.WEIGHING: "Weging",
    Step.CONCLUDED: "Conclusie vastgesteld",
    Step.PRESENTED: "Aan de raad gezonden",
    Step.APPOINTED: "Benoemd",
    Step.NOT_APPOINTED: "Niet benoemd",
    Step.WITHDRAWN: "Ingetrokken",
    Step.AFTERCARE: "Nazorg",
    Step.DESTROYED: "Vernietigd",
}
"""What a user reads for each step."""

ROLE_TITLES: dict[Role, str] = {
    Role.CANDIDATE: "kandidaat",
    Role.CLERK: "griffier",
    Role.PRINCIPAL: "burgemeester",
    Role.ANALYST: "onderzoeker",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "beheerder",
}
"""What a user reads for each role, in a gemeente."""

_TITLES_ELSEWHERE: dict[tuple[str, Role], str] = {
    ("province", Role.CLERK): "statengriffier",
    ("province", Role.PRINCIPAL): "commissaris van de Koning",
    ("water_board", Role.CLERK): "secretaris-directeur",
    ("water_board", Role.PRINCIPAL): "voorzitter van het waterschap",
    ("public_body", Role.CLERK): "eilandgriffier",
    ("public_body", Role.PRINCIPAL): "gezaghebber",
}


def role_title(role: Role, tier: str = "municipality") -> str:
    """The name of ``role`` in an authority of ``tier``."""
    return _TITLES_ELSEWHERE.get((tier, role), ROLE_TITLES[role])


def allowed(step: Step, roles: frozenset[Role] | set[Role]) -> tuple[Action, ...]:
    """All acts somebody with any of ``roles`` may do in ``step``, in table order, each once."""
    return tuple(
        dict.fromkeys(row.action for row in TRANSITIONS if row.frm is step and not row.roles.isdisjoint(roles))
    )


def advance(step: Step, action: Action, roles: frozenset[Role] | set[Role], *, reason: str = "") -> Transition:
    """The transition for ``action`` in ``step``.

    Raises ``NotAllowed`` with a Dutch reason when the act does not fit the step, when none of ``roles`` may do it,
    or when the act needs a written reason and ``reason`` is blank.
    """
    row = _BY_KEY.get((step, action))
    if row is None:
        message = f"Dit kan nu niet: de zaak staat op '{STEP_TITLES[step]}'."
        raise NotAllowed(message)
    if row.roles.isdisjoint(roles):
        who = " of ".join(ROLE_TITLES[role] for role in sorted(row.roles))
        message = f"Dit kan alleen de {who} doen."
        raise NotAllowed(message)
    if row.needs_reason and not reason.strip():
        message = "Schrijf op waarom u dit doet. De reden komt in het dossier."
        raise NotAllowed(message)
    return row

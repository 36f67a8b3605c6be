"""From a case in the database to the values a document is made of."""

from datetime import datetime

from sqlmodel import Session

from app import __version__
from app.accounts.actor import Actor
from app.dossiers.snapshot import Citation, Digest, Organisation, RuleLine, Snapshot, SourceUsed, StepTaken
from app.reviews.decisions import FlagKey, FlagState
from app.reviews.lifecycle import STEP_TITLES, Role, role_title
from app.risk_rules.assess import Receipt, RuleOutcome
from app.store import cases, people, reviews
from app.store.cases import CaseAccess
from app.store.reviews import WHOLE_CASE
from app.store.rows import CaseRow
from app.usecases.assessing import CaseReading
from app.usecases.cases import signing_names
from app.usecases.flags import flag_view
from app.usecases.house_styles import style_digest
from app.usecases.lines import ZONE, reference_of
from app.usecases.organisations import OFFICE_TITLES, agreements_of
from app.usecases.records import SOURCE_TITLES, sources_of
from app.usecases.reviewers import declarations
from app.usecases.reviewing import flag_states, remarks_of


def snapshot_of(db: Session, access: CaseAccess, reading: CaseReading, number: int, made_at: datetime) -> Snapshot:
    """Take a case as it stands in this transaction. The same case at the same moment gives the same snapshot."""
    case = access.case
    said = remarks_of(db, case, reading)
    states = {state.flag: state for state in flag_states(reading, said)}
    response = said.replies.get((WHOLE_CASE, None), ())
    return Snapshot(
        organisation=organisation_in_documents(db, access.actor),
        reference=reference_of(case),
        round_title=cases.round_title(db, case),
        candidate=case.candidate_name,
        office_title=OFFICE_TITLES[reading.context.office],
        context=reading.context,
        questionnaire=reading.worded,
        answers=reading.answers,
        portfolio=portfolio_titles(reading),
        rules=tuple(_rule_line(reading, outcome, states) for outcome in reading.assessment.outcomes),
        measures=said.measures,
        steps=_steps(db, case),
        sources=tuple(SourceUsed(SOURCE_TITLES[one.source], one.consulted_on) for one in sources_of(db, case)),
        digests=digests_of(reading.assessment.receipt, style_digest(db, access.actor)),
        made_at=made_at.astimezone(ZONE),
        number=number,
        response=response[-1].text if response else "",
        conclusion=reviews.conclusion(db, case),
        declarations=declarations(db, access),
    )


def organisation_in_documents(db: Session, actor: Actor) -> Organisation:
    """Give the authority with the names its own law uses."""
    agreed = agreements_of(people.organisation_of(db, actor))
    names = signing_names(db, actor)
    tier = str(agreed.tier)
    return Organisation(
        name=agreed.name,
        council=agreed.the_council,
        council_meeting=agreed.council_meeting,
        principal=role_title(Role.PRINCIPAL, tier),
        principal_name=names.get(Role.PRINCIPAL, ""),
        clerk=role_title(Role.CLERK, tier),
        clerk_name=names.get(Role.CLERK, ""),
    )


def portfolio_titles(reading: CaseReading) -> tuple[str, ...]:
    """Give the fields of the intended portfolio in words; empty while they are not known."""
    titles = {option.id: option.label for option in reading.worded.policy_fields}
    return tuple(titles.get(field, field) for field in reading.context.portfolio or ())


def digests_of(receipt: Receipt, style: str) -> tuple[Digest, ...]:
    """Give the fingerprints that tell years later what a document rests on; `style` is that of its Word style."""
    return (
        Digest("Antwoorden", receipt.answers_digest),
        Digest("Vragenlijst", receipt.questionnaire_digest),
        Digest("Regels", receipt.rulebook_digest),
        Digest("Gegevens van de zaak", receipt.context_digest),
        Digest("Oordelen van beoordelaars", receipt.judgements_digest),
        Digest("Huisstijl", style),
        Digest("Programma", f"Toetssteen {__version__}"),
    )


def _rule_line(reading: CaseReading, outcome: RuleOutcome, states: dict[FlagKey, FlagState]) -> RuleLine:
    view = flag_view(reading, outcome)
    return RuleLine(
        rule=view.rule,
        item=view.item,
        title=view.title,
        subject=view.subject,
        subject_title=view.subject_title,
        kind=view.kind.value,
        severity=view.severity,
        result=view.outcome.value,
        text=view.text,
        council=view.council,
        consequence=view.consequence,
        advice=view.advice,
        citations=tuple(Citation(norm.text, norm.url) for norm in view.norms),
        quotes=tuple((quote.question, quote.answer) for quote in view.quotes),
        open_questions=tuple(quote.question for quote in view.open_questions),
        proposal=view.proposal,
        state=states.get(view.key),
    )


def _steps(db: Session, case: CaseRow) -> tuple[StepTaken, ...]:
    """Give each step once, on the day it was last taken."""
    taken = {STEP_TITLES[row.step_after]: row.at.astimezone(ZONE).date() for row in cases.steps(db, case.id)}
    return tuple(StepTaken(title, on) for title, on in taken.items())

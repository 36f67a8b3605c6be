"""Destroying a case, or the council's documents of a case: what is gone, what stays, and proof of both.

Everything about the case goes in one transaction, with the key that sealed it. What stays is a stub without a person, the
lines of the audit log, and a declaration whose fingerprints also stand in that log.
"""

import hashlib
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.destruction import Destroyed, compose_destruction
from app.errors import NotFound
from app.reviews.lifecycle import Action, Role
from app.reviews.retention import Kept, term_in_words
from app.settings import Settings
from app.store import audit, cases, people
from app.store import retention as kept
from app.store.retention import COUNCIL_KINDS, Removed
from app.store.rows import CaseRow, DestructionRow, RetentionRequestRow, RetentionRow
from app.store.types import canonical, utc_now
from app.usecases import retention
from app.usecases.documents import as_docx
from app.usecases.house_styles import style_of
from app.usecases.keeping_clocks import clock_of
from app.usecases.lines import ZONE, reference_of
from app.usecases.retention import Ask

TITLES = MappingProxyType(
    {
        "answer": "Antwoorden, met alle eerdere versies",
        "assessment_frozen": "Uitkomsten van de regels op een moment",
        "attachment": "Bijlagen",
        "candidate_device": "Toestellen waarop de kandidaat inlogde",
        "candidate_step": "Begonnen aanmeldingen van de kandidaat",
        "candidate_way": "Hoe de kandidaat inlogde",
        "case_member": "Wie meedeed",
        "conclusion": "Conclusies",
        "correction_request": "Verzoeken om aanvulling",
        "decision": "Besluiten",
        "document": "Documenten",
        "finding": "Bevindingen",
        "hearing": "Wederhoor",
        "independence_declaration": "Verklaringen van onafhankelijkheid",
        "invitation": "Uitnodigingen",
        "item": "Onderdelen van lijsten",
        "kept_document": "Documenten die na het dossier bleven",
        "lost_answer": "Antwoorden die niet zijn overgenomen",
        "measure": "Maatregelen",
        "outbox": "E-mails",
        "rectification": "Verzoeken om correctie",
        "reply": "Reacties van de kandidaat",
        "retention_request": "Verzoeken over bewaren",
        "reviewer_note": "Notities van beoordelaars",
        "sign_in": "Aanmeldingen",
        "source_consulted": "Geraadpleegde bronnen",
        "step_change": "Stappen",
        "submission": "Ingediende versies",
        "talking_point_discussed": "Besproken onderwerpen",
    }
)
"""What a reader is told each table holds."""

_GUARDS = frozenset({Role.CLERK, Role.PRINCIPAL, Role.AUDITOR, Role.ADMIN})
KEY_GONE = (
    "De sleutel waarmee dit dossier versleuteld was, is ook vernietigd. Wat in een reservekopie staat, is zonder die "
    "sleutel onleesbaar."
)


def confirm(
    db: Session, settings: Settings, actor: Actor, case_id: str, request_id: str, *, accepted: bool
) -> str | None:
    """Decide on a request, and destroy when that is what was asked. Gives the id of a destruction, or `None`.

    Raises what `retention.decided` raises; then nothing has changed.
    """
    asked = retention.decided(db, actor, case_id, request_id, accepted=accepted)
    kind = Ask(asked.kind)
    if not accepted or kind not in {Ask.DESTROY, Ask.DESTROY_COUNCIL}:
        return None
    row = db.get_one(RetentionRow, case_id)
    if kind is Ask.DESTROY_COUNCIL:
        return _destroy_council(db, settings, actor, db.get_one(CaseRow, case_id), row, asked)
    access = cases.access(db, actor, case_id, lock=True)
    cases.move(db, access, Action.DESTROY, "bewaartermijn")
    return _destroy_case(db, settings, actor, access.case, row, asked)


def declaration(db: Session, actor: Actor, destruction_id: str) -> tuple[str, bytes]:
    """Give the name and the bytes of a declaration, to who guards keeping in this organisation. Raises NotFound."""
    if actor.role not in _GUARDS:
        raise NotFound("not for you")
    row = kept.destruction_of(db, actor, destruction_id)
    return f"verklaring-van-vernietiging-{row.at.astimezone(ZONE):%Y-%m-%d}.docx", row.declaration


def destructions(db: Session, actor: Actor) -> tuple[DestructionRow, ...]:
    """Give what was destroyed in one's own organisation, newest first. Raises NotFound for who does not guard keeping."""
    if actor.role not in _GUARDS:
        raise NotFound("not for you")
    return tuple(kept.destructions(db, actor))


def _destroy_case(
    db: Session, settings: Settings, actor: Actor, case: CaseRow, row: RetentionRow, asked: RetentionRequestRow
) -> str:
    facts = _facts(db, actor, case, row, asked, Kept.CASE)
    removed = kept.remove_case(db, case, COUNCIL_KINDS)
    return _prove(db, settings, actor, case.id, Kept.CASE, facts, removed)


def _destroy_council(
    db: Session, settings: Settings, actor: Actor, case: CaseRow, row: RetentionRow, asked: RetentionRequestRow
) -> str:
    facts = _facts(db, actor, case, row, asked, Kept.COUNCIL_VERSION)
    removed = kept.remove_documents(db, case.id, COUNCIL_KINDS)
    row.council_destroyed_at = utc_now()
    kept.add(db, row)
    return _prove(db, settings, actor, case.id, Kept.COUNCIL_VERSION, facts, removed)


def _facts(
    db: Session, actor: Actor, case: CaseRow, row: RetentionRow, asked: RetentionRequestRow, what: Kept
) -> dict[str, Any]:
    """Everything the declaration needs, read before it is gone. Nothing here was typed by anybody."""
    by_candidate = asked.asked_by == case.id
    clock = clock_of(row, what)
    return {
        "organisation": people.organisation_of(db, actor).name,
        "reference": reference_of(case),
        "what": "Antwoorden, beoordeling en alles wat daarbij hoort" if what is Kept.CASE else "Stukken voor de raad",
        "selection_list": "" if row.policy is None else row.policy["selection_list"],
        "category": "" if clock is None else clock.term.category,
        "term": "niet ingesteld" if clock is None else term_in_words(clock.term),
        "reason": "de keuze van de kandidaat na terugtrekking" if by_candidate else "de bewaartermijn is voorbij",
        "asked_by": asked.asked_by_name,
        "confirmed_by": actor.name,
    }


def _prove(
    db: Session,
    settings: Settings,
    actor: Actor,
    case_id: str,
    what: Kept,
    facts: dict[str, Any],
    removed: tuple[Removed, ...],
) -> str:
    at: datetime = utc_now()
    manifest = {
        "case": case_id,
        "kept": what.value,
        "at": at.isoformat(),
        "destroyed": [[one.table, one.count, one.sha256] for one in removed],
    }
    fingerprint = hashlib.sha256(canonical(manifest)).hexdigest()
    stated = Destroyed(
        **facts,
        at=at.astimezone(ZONE),
        lines=tuple((TITLES.get(one.table, one.table), one.count, one.sha256) for one in removed),
        manifest_sha256=fingerprint,
        key=KEY_GONE if what is Kept.CASE else "De sleutel van het dossier hoort hier niet bij.",
    )
    body = as_docx(compose_destruction(stated), style_of(db, settings, actor))
    row = DestructionRow(
        organisation_id=actor.organisation_id,
        case_id=case_id,
        kept=what.value,
        at=at,
        manifest=manifest,
        manifest_sha256=fingerprint,
        declaration=body,
        declaration_sha256=hashlib.sha256(body).hexdigest(),
    )
    kept.add(db, row)
    detail = {"kept": what.value, "manifest": fingerprint, "declaration": row.declaration_sha256}
    audit.append(db, actor, "destroyed", "destruction", row.id, case_id=case_id, detail=detail)
    return row.id

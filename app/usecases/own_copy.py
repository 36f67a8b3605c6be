"""The copy of everything that is kept about a candidate: a Word document, the same as JSON, and every file, in one archive.

The candidate takes it at any step; clerk and principal can make it when the candidate asks them. Either way it holds what
the candidate may read now, and never what only reviewers may.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from app import __version__
from app.accounts.actor import Actor
from app.dossiers import copy_record as told
from app.dossiers.candidate_copy import compose_copy
from app.dossiers.copy_record import CandidateCopy, Fact
from app.dossiers.wording import dutch_date
from app.errors import NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.context import CaseContext, LegalFrame
from app.questionnaires.limits import clean
from app.reviews.lifecycle import STEP_TITLES, Role, Step, role_title
from app.reviews.retention import END_TITLES, KEPT_TITLES, term_in_words
from app.settings import Settings
from app.store import answers, audit, candidate_ways, cases, reviews, whole_case
from app.store.cases import CaseAccess
from app.store.engine import let_go
from app.store.rows import CaseRow
from app.store.types import utc_now
from app.store.whole_case import WholeCase
from app.usecases import copy_texts, retention
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import opened_by, timeline
from app.usecases.copy_answers import sections_of
from app.usecases.copy_files import CaseFiles, files_of
from app.usecases.copy_review import reviewed
from app.usecases.documents import as_docx
from app.usecases.house_styles import style_of
from app.usecases.keeping_asks import ASK_TITLES
from app.usecases.lines import ZONE, context_of, reference_of
from app.usecases.organisations import OFFICE_TITLES, agreements
from app.usecases.rectifying import lines_of
from app.usecases.reviewers import of_case as reviewers_of
from app.usecases.snapshots import portfolio_titles

MEDIA_TYPE: Final = "application/zip"
DOCUMENT, RECORD = "inzage.docx", "inzage.json"
"""The names of the two forms of the same record in the archive."""

_ON_REQUEST = frozenset({Role.CLERK, Role.PRINCIPAL})
_WAYS = {"mail": "codes per mail", "app": "een app met codes", "passkey": "een passkey", "": "nog niet gekozen"}
_YES_NO = {"yes": "ja", "no": "nee", None: "niet opgegeven"}
_FRAMES = {LegalFrame.IN_FORCE: "het recht van nu"}


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to hand out: its name and its bytes."""

    filename: str
    body: bytes


def give(db: Session, settings: Settings, actor: Actor, case_id: str) -> Archive:
    """Make the copy as it is at this moment. Raises NotFound for whoever is neither the candidate, clerk nor principal.

    That it was made is written in the audit log, for the candidate to see when somebody else did.
    """
    access = cases.access(db, actor, case_id)
    access.require_content()
    if not actor.is_candidate and actor.role not in _ON_REQUEST:
        raise NotFound("only for the candidate, and for who answers requests")
    record, files = gather(db, access)
    style = style_of(db, settings, actor)
    action = "copy_taken" if actor.is_candidate else "copy_given"
    detail = {"attachments": len(files.attachments), "documents": len(files.documents)}
    audit.append(db, actor, action, "case", case_id, case_id=case_id, detail=detail)
    let_go(db)  # writing the document takes long; nobody should wait for it
    written = record.model_dump_json(indent=2).encode() + b"\n"
    document = as_docx(compose_copy(record), style)
    bodies = [(DOCUMENT, document), (RECORD, written), *files.bodies]
    name = f"inzage-{record.reference}-{record.made_at:%Y-%m-%d}.zip"
    return Archive(name, _archive(bodies, record.made_at))


def left_out(db: Session, actor: Actor, case_id: str) -> tuple[tuple[str, str], ...]:
    """Say to a candidate what the copy does not hold at this step, and why. Raises NotFound for everybody else."""
    access = cases.access(db, actor, case_id)
    if not actor.is_candidate:
        raise NotFound("only for the candidate")
    case = access.case
    missing = copy_texts.left_out(
        heard=bool(reviews.hearings(db, case)),
        concluded=bool(reviews.conclusions(db, case)),
        presented=_presented(db, case),
    )
    return tuple((one.what, one.why) for one in missing)


def gather(db: Session, access: CaseAccess) -> tuple[CandidateCopy, CaseFiles]:
    """Read everything the candidate of a case may read now."""
    case, actor = access.case, access.actor
    reading = read_case(db, case)
    whole = whole_case.read(db, access, copy_texts.CANDIDATE_MAILS)
    review = reviewed(db, case, reading)
    presented = _presented(db, case)
    files = files_of(db, access, presented=presented)
    agreed = agreements(db, actor)
    principal, clerk = (role_title(role, actor.tier) for role in (Role.PRINCIPAL, Role.CLERK))
    record = CandidateCopy(
        made_at=_local(utc_now()),
        product=f"Toetssteen {__version__}",
        organisation=agreed.name,
        contact=str(agreed.contact),
        reference=reference_of(case),
        name=case.candidate_name,
        email=case.candidate_email,
        case=tuple(Fact(label=label, value=value) for label, value in _facts(db, access, reading, whole) if value),
        processing=copy_texts.processing(
            str(agreed.contact), principal, clerk, agreed.the_council, clerk_reads=not agreed.closed_to_clerk
        ),
        sections=sections_of(reading, whole, of_reviewers=review.heard, clerk_reads=not agreed.closed_to_clerk),
        attachments=tuple(files.attachments),
        points=review.points,
        response=review.response,
        measures=review.measures,
        sources=review.sources,
        discussed=review.discussed,
        requests=tuple(_requests(db, access, reading)),
        submissions=tuple(_submissions(db, case)),
        steps=tuple(
            told.Step(at=_local(one.at), what=one.phrase, by=f"{one.by_name}, {one.by_role}", reason=one.reason)
            for one in timeline(db, access)
        ),
        hearings=review.hearings,
        conclusions=review.conclusions,
        documents=tuple(files.documents),
        mails=tuple(_mails(whole)),
        readings=tuple(
            told.Reading(
                at=_local(one.at), who=", ".join(part for part in (one.name, one.role_title) if part), what=one.what
            )
            for one in opened_by(db, access)
        ),
        sign_ins=tuple(
            told.SignIn(at=_local(row.started_at), device=row.device, origin=row.origin) for row in whole.sign_ins
        ),
        reviewers=tuple(
            told.Reviewer(
                name=one.name,
                role=one.role_title,
                free_since=_local(one.free_since) if one.free_since else None,
                aside_since=_local(one.aside_since) if one.aside_since else None,
                lifted_at=_local(one.lifted_at) if one.lifted_at else None,
            )
            for one in reviewers_of(db, access)
        ),
        keeping=tuple(Fact(label=label, value=value) for label, value in _keeping(db, case)),
        left_out=tuple(
            copy_texts.left_out(heard=review.heard, concluded=bool(review.conclusions), presented=presented)
        ),
    )
    return CandidateCopy.model_validate(_harmless(record.model_dump())), files


def _presented(db: Session, case: CaseRow) -> bool:
    return any(row.step_after is Step.PRESENTED for row in cases.steps(db, case.id))


def _harmless(value: Any) -> Any:
    """Give the same without signs that mislead a reader, such as those that turn the direction of a line."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _harmless(one) for key, one in value.items()}
    return [_harmless(one) for one in value] if isinstance(value, list | tuple) else value


def _facts(db: Session, access: CaseAccess, reading: CaseReading, whole: WholeCase) -> list[tuple[str, str]]:
    case = access.case
    context: CaseContext = context_of(case)
    way = candidate_ways.way_of(db, case.id)
    sent = "; ".join(
        f"{_moment(row.sent_at)}"
        + (f", voor het eerst gebruikt op {_moment(row.first_used_at)}" if row.first_used_at else "")
        for row in whole.invitations
    )
    return [
        ("Ronde", cases.round_title(db, case)),
        ("Beoogd ambt", OFFICE_TITLES[context.office]),
        ("Voltijds", _YES_NO[context.full_time]),
        ("Portefeuille", "; ".join(portfolio_titles(reading))),
        ("Eerder in dit ambt", _YES_NO[context.reappointment]),
        ("Geplande benoeming", dutch_date(case.appointment_date)),
        ("Getoetst aan", _FRAMES.get(context.legal_frame, "het recht van nu en wetsvoorstel 36892")),
        ("Alleen vragen uit de wet", "ja" if context.asks_by_law_only else "nee"),
        ("Stand van de zaak", STEP_TITLES[case.step]),
        ("Begonnen op", _moment(case.created_at)),
        ("Uitnodiging verstuurd", sent),
        ("Link ingetrokken", _revoked(whole)),
        ("Zo logt u in", _WAYS[way.way if way is not None else ""]),
        ("Waarom u opnieuw koos hoe u inlogt", (way.began_again_why or "") if way is not None else ""),
    ]


def _revoked(whole: WholeCase) -> str:
    taken = [(row.revoked_at, row.revoked_why) for row in whole.invitations if row.revoked_at is not None]
    return "; ".join(_moment(at) + (f", omdat: {why}" if why else "") for at, why in taken)


def _requests(db: Session, access: CaseAccess, reading: CaseReading) -> list[told.Request]:
    """Give what reviewers asked the candidate, and what the candidate asked them, in order."""
    own = [
        told.Request(
            asked_by_reviewer=False,
            questions=(f"{one.about}: {one.question}" if one.about else one.question,),
            wanted=one.wanted,
            reason=one.reason,
            by=access.case.candidate_name,
            at=_local(one.at),
            outcome="" if one.agreed is None else "overgenomen" if one.agreed else "niet overgenomen",
            outcome_reason=one.answer_reason,
            decided_by=one.decided_by,
            decided_at=_local(one.decided_at) if one.decided_at else None,
        )
        for one in lines_of(db, access, reading)
    ]
    return sorted([*own, *_asked_by_reviewers(db, access.case, reading)], key=lambda one: one.at)


def _asked_by_reviewers(db: Session, case: CaseRow, reading: CaseReading) -> list[told.Request]:
    return [
        told.Request(
            asked_by_reviewer=True,
            questions=tuple(_label(reading, path) for path in row.questions),
            wanted="",
            reason=row.reason,
            by=row.by_name,
            at=_local(row.at),
            outcome="beantwoord" if row.answered_at else "",
            outcome_reason="",
            decided_by="",
            decided_at=_local(row.answered_at) if row.answered_at else None,
        )
        for row in reviews.corrections(db, case)
    ]


def _label(reading: CaseReading, path: str) -> str:
    question = reading.worded.questions.get(AnswerPath.parse(path).question)
    return question.label if question is not None else path


def _submissions(db: Session, case: CaseRow) -> list[told.Submission]:
    return [
        told.Submission(
            number=row.number,
            at=_local(row.at),
            declaration=row.declaration,
            answers_digest=str(row.receipt.get("answers_digest", "")),
        )
        for row in reversed(answers.submissions(db, case))
    ]


def _mails(whole: WholeCase) -> list[told.Mail]:
    return [
        told.Mail(
            written_at=_local(row.written_at),
            sent_at=_local(row.sent_at) if row.sent_at else None,
            to=row.to_address,
            subject=str(row.content["subject"]),
            text="" if row.name in copy_texts.SECRET_MAILS else str(row.content["text"]),
            withheld=row.name in copy_texts.SECRET_MAILS,
        )
        for row in whole.mails
    ]


def _keeping(db: Session, case: CaseRow) -> list[tuple[str, str]]:
    shown = retention.keeping_of(db, case)
    if shown.outcome is None:
        ended = "er is nog geen uitkomst; daarna begint de termijn"
    else:
        ended = f"{END_TITLES[shown.outcome.end]} op {dutch_date(shown.outcome.on)}"
    rows = [("Uitkomst", ended)]
    if shown.policy is None:
        return [
            *rows,
            ("Bewaartermijn", "De organisatie heeft nog geen bewaarbeleid ingesteld. Er wordt niets vernietigd."),
        ]
    rows.append(("Selectielijst", shown.policy.selection_list))
    for clock in shown.clocks:
        until = f"; vernietigen mag vanaf {dutch_date(clock.on)}" if clock.on else ""
        rows.append((KEPT_TITLES[clock.kept].capitalize(), term_in_words(clock.term) + until))
    if shown.outcome is None:
        for term in shown.policy.terms:
            name = f"{KEPT_TITLES[term.kept].capitalize()}, bij ‘{END_TITLES[term.end]}’"
            rows.append((name, term_in_words(term)))
    if shown.held_since is not None:
        rows.append(("Vastgehouden", f"sinds {_moment(shown.held_since)}: er mag nu niets worden vernietigd"))
    rows += [_asked(one) for one in reversed(shown.requests)]
    return rows


def _asked(one: retention.RequestLine) -> tuple[str, str]:
    """Tell what somebody asked about keeping the case, why, and what was decided."""
    day = f" ({dutch_date(one.until)})" if one.until else ""
    decided = "nog niet besloten"
    if one.decided_at is not None:
        decided = f"{'ja' if one.accepted else 'nee'}, besloten door {one.decided_by_name} op {_moment(one.decided_at)}"
    asked = f"gevraagd door {one.asked_by_name} op {_moment(one.asked_at)}, omdat: {one.reason}"
    return f"Verzoek: {ASK_TITLES[one.kind]}{day}", f"{asked}; {decided}"


def _archive(bodies: list[tuple[str, bytes]], made_at: datetime) -> bytes:
    at = (made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, body in bodies:
            # Documents and photographs are compressed already.
            method = zipfile.ZIP_DEFLATED if name == RECORD else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, at), body, method)
    return raw.getvalue()


def _local(at: datetime) -> datetime:
    return at.astimezone(ZONE)


def _moment(at: datetime) -> str:
    local = _local(at)
    return f"{dutch_date(local.date())} om {local:%H:%M}"

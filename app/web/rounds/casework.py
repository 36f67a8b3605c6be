"""One case for staff: where it stands, what can be done now, and the steps that need no more than a button or a reason."""

from fastapi import APIRouter, Request, Response

from app.errors import DeclarationNeeded, NotAllowed, NotFound
from app.reviews.independence import Standing
from app.reviews.lifecycle import WITHOUT_CONTENT, Action, Role, role_title
from app.usecases import cases, concluding, hearing, library, moving_version, people, reminding, reviewing
from app.usecases.mailbox import StuckMail
from app.usecases.organisations import agreements
from app.usecases.worklist import wait_of
from app.web.cases.views import OptionView, RowView
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of
from app.web.keeping.mapping import kept_rows
from app.web.pages import render
from app.web.rounds.mapping import deadline_views, document_rows, policy_fields
from app.web.rounds.pages import ActionView, CasePage, EventView, OutcomePage, ReasonPage, StuckMailView
from app.web.shells import frame
from app.web.templating import dutch_date, dutch_moment
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}", include_in_schema=False)

_STEPS: dict[Action, tuple[str, str]] = {
    Action.INVITE: ("Nodig de kandidaat uit", "/uitnodigen"),
    Action.EDIT_CASE: ("Wijzig de gegevens", "/wijzigen"),
    Action.START_REVIEW: ("Start de beoordeling", "/start-beoordeling"),
    Action.RECORD_FINDING: ("Naar de beoordeling", "/beoordeling"),
    Action.OPEN_HEARING: ("Leg het concept voor", "/beoordeling/concept"),
    Action.CLOSE_HEARING: ("Sluit het wederhoor", "/sluit-wederhoor"),
    Action.BACK_TO_REVIEW: ("Terug naar de beoordeling", "/terug"),
    Action.CONCLUDE: ("Stel de conclusie vast", "/beoordeling/conclusie"),
    Action.PRESENT: ("Raadsversie maken en verzenden", "/raadsversie"),
    Action.RECORD_APPOINTED: ("Leg de uitkomst vast", "/uitkomst"),
    Action.START_AFTERCARE: ("Start de nazorg", "/nazorg"),
    Action.REOPEN: ("Heropen na een laatste melding", "/heropenen"),
}
"""What each act is called on a button, and where it is done. In the order in which people look for them."""


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show a case."""
    page = cases.case_page(db, actor, case_id)
    context = page.case.context
    titles = {option.id: option.label for option in policy_fields(str(context.tier))}
    known = {"yes": "voltijd", "no": "deeltijd"}
    frames = {"in_force": "geldend recht", "bill_36892": "geldend recht, met wetsvoorstel 36892 ernaast"}
    facts = (
        RowView(label="Ambt", value=page.case.office_title),
        RowView(label="Tijdsbesteding", value=known.get(context.full_time or "", "nog niet bekend")),
        RowView(
            label="Beoogde portefeuille",
            value=", ".join(titles.get(one, one) for one in context.portfolio or ()) or "nog niet bekend",
        ),
        RowView(
            label="Benoeming",
            value=dutch_date(page.case.appointment_date) if page.case.appointment_date else "nog niet bekend",
        ),
        RowView(label="Recht", value=frames[str(context.legal_frame)]),
        RowView(label="E-mailadres", value=page.case.candidate_email),
        RowView(label="Uitnodiging", value=_invitation(page.invitation)),
        *kept_rows(page.keeping),
    )
    taking_part = {person.id for person in page.members}
    prepares = actor.role in {Role.CLERK, Role.PRINCIPAL}
    others = people.colleagues(db, actor) if prepares else ()
    newer = prepares and library.newest().version > page.case.questionnaire_version
    acts = [
        action
        for action in _STEPS
        if action in page.actions and (page.standing is not Standing.CLOSED or action in WITHOUT_CONTENT)
    ]
    shown = CasePage(
        shell=frame(request, db, actor, current="/rondes"),
        name=page.case.candidate_name,
        reference=page.case.reference,
        step=page.case.step_title,
        kind="info",
        round_title=page.round_title,
        round_url=f"/rondes/{page.case.round_id}" if prepares else "",
        facts=facts,
        actions=tuple(
            ActionView(label=_STEPS[action][0], href=f"/zaken/{case_id}{_STEPS[action][1]}", primary=place == 0)
            for place, action in enumerate(acts)
        )
        + (
            (
                ActionView(
                    label="Bekijk de nieuwere vragenlijst", href=f"/zaken/{case_id}/vragenlijst-versie", primary=False
                ),
            )
            if newer and page.case.step in moving_version.BEFORE_SUBMISSION
            else ()
        ),
        deadlines=deadline_views(page.deadlines, actor.tier),
        members=tuple(RowView(label=person.name, value=person.role_title) for person in page.members),
        colleagues=tuple(
            OptionView(id=one.id, label=f"{one.name}, {one.role_title}")
            for one in others
            if one.id not in taking_part and one.active and one.role in {Role.ANALYST, Role.PRINCIPAL, Role.CLERK}
        ),
        assign_url=f"/zaken/{case_id}/deelnemers",
        remind_url=f"/zaken/{case_id}/herinnering" if prepares and wait_of(page.case.step) else "",
        begin_again_url=f"/zaken/{case_id}/opnieuw-inloggen" if prepares and page.invitation is not None else "",
        link_url=f"/zaken/{case_id}/link" if prepares and page.invitation is not None else "",
        keeping_url=f"/zaken/{case_id}/bewaren" if prepares else "",
        independence_url="" if page.standing is Standing.CLOSED else f"/zaken/{case_id}/onafhankelijkheid",
        documents=document_rows(db, actor, case_id, attached=page.reads_content)
        if page.standing is not Standing.UNDECLARED
        else (),
        closed=_closed(page, actor),
        closed_url="/organisatie/griffier" if page.closed_to_clerk and prepares else "",
        stuck_mails=tuple(_stuck(mail) for mail in page.stuck_mails) if prepares else (),
        timeline=tuple(
            EventView(
                when=dutch_moment(line.at),
                title=line.phrase[0].upper() + line.phrase[1:],
                text=f"{line.by_name}, {line.by_role}" + (f": {line.reason}" if line.reason else ""),
            )
            for line in reversed(page.timeline)
        ),
    )
    return render(shown)


def _closed(page: cases.CasePage, actor: Staff) -> str:
    """Say to everybody who takes part that the clerk is kept out of the content; empty when it is open."""
    if not page.closed_to_clerk:
        return ""
    if page.standing is Standing.CLOSED:
        return (
            "Uw organisatie heeft de inhoud van zaken voor u gesloten. U ziet de naam, de stap en de data, en de "
            "raadsversie als die aan de raad is gezonden. Antwoorden, signalen, bijlagen en notities ziet u niet."
        )
    clerk = role_title(Role.CLERK, actor.tier)
    return f"De {clerk} leest de inhoud van deze zaak niet, alleen de naam, de stap en de data. Stuur dus niets door."


def _stuck(mail: StuckMail) -> StuckMailView:
    """Say of a mail that did not go out what the reader has to do, if anything."""
    told = f"De mail ‘{mail.subject}’ aan {mail.to} van {dutch_moment(mail.written_at)}"
    if mail.given_up:
        return StuckMailView(
            "Een mail is niet aangekomen",
            f"{told} is niet aangenomen. Wij proberen het niet meer. Bel de ontvanger, en vraag of het adres klopt.",
            given_up=True,
        )
    return StuckMailView(
        "Een mail is nog niet verstuurd",
        f"{told} kon nog niet weg. Wij blijven het proberen, u hoeft de mail niet opnieuw te sturen. "
        "Heeft het haast? Bel de ontvanger dan.",
        given_up=False,
    )


def _invitation(sent: cases.InvitationLine | None) -> str:
    """Say how it stands with the invitation. The code is nowhere: whoever lost it needs a new invitation."""
    if sent is None:
        return "nog niet verstuurd"
    if sent.revoked:
        return "ingetrokken; stuur een nieuwe link of nodig de kandidaat opnieuw uit"
    if sent.expired:
        return f"verlopen op {dutch_date(sent.expires_at)}; nodig de kandidaat opnieuw uit"
    told = f"verstuurd op {dutch_date(sent.sent_at)}, geldig tot en met {dutch_date(sent.expires_at)}"
    if sent.first_used_at is None:
        told += ". Nog niet gebruikt. Is de code kwijt? Nodig dan opnieuw uit."
    return told


@router.get("/start-beoordeling")
def ask_start(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Start the review with one press; a page, so that a link alone changes nothing."""
    page = cases.case_page(db, actor, case_id)
    if page.standing is Standing.UNDECLARED:
        raise DeclarationNeeded(case_id)  # otherwise the press would ask for it, and have to be pressed again
    return render(
        ReasonPage(
            shell=frame(request, db, actor, current="/werklijst"),
            heading=f"Start de beoordeling van {page.case.candidate_name}",
            text="Vanaf nu staat in het dossier dat u de antwoorden leest. De kandidaat ziet dat ook.",
            button="Start de beoordeling",
            action=f"/zaken/{case_id}/start-beoordeling",
            cancel=f"/zaken/{case_id}",
            error="",
            reason="",
            needs_reason=False,
        )
    )


@router.post("/start-beoordeling")
def start(db: Db, actor: Staff, case_id: str) -> Response:
    """Start the review."""
    reviewing.start_review(db, actor, case_id)
    return see_other(f"/zaken/{case_id}/beoordeling")


@router.post("/herinnering")
def remind(db: Db, settings: AppSettings, actor: Staff, case_id: str) -> Response:
    """Remind whoever the case waits for."""
    reminding.remind(db, settings, actor, case_id)
    return see_other(f"/zaken/{case_id}?gedaan=herinnerd")


_WITH_REASON = {
    "terug": (Action.BACK_TO_REVIEW, "Terug naar de beoordeling", "De zaak gaat terug naar de beoordeling."),
    "heropenen": (Action.REOPEN, "Heropen de zaak", "Er is een nieuw feit. De zaak gaat terug naar de beoordeling."),
    "sluit-wederhoor": (Action.CLOSE_HEARING, "Sluit het wederhoor", "Daarna kan de conclusie worden vastgesteld."),
    "nazorg": (Action.START_AFTERCARE, "Start de nazorg", "De maatregelen blijven gevolgd na de benoeming."),
}


@router.get("/{act}", response_model=None)
def ask(request: Request, db: Db, actor: Staff, case_id: str, act: str) -> Response:
    """Ask before a step is taken."""
    if act == "uitkomst":
        return _outcome_page(request, db, actor, case_id, None)
    if act not in _WITH_REASON:
        raise NotFound("no such act")
    page = cases.case_page(db, actor, case_id)
    action, heading, text = _WITH_REASON[act]
    if action not in page.actions:
        raise NotAllowed(f"Dit kan nu niet: de zaak staat op '{page.case.step_title}'.")
    return render(
        ReasonPage(
            shell=frame(request, db, actor, current="/werklijst"),
            heading=f"{heading}: {page.case.candidate_name}",
            text=text,
            button=heading,
            action=f"/zaken/{case_id}/{act}",
            cancel=f"/zaken/{case_id}",
            error="",
            reason="",
            needs_reason=act in {"terug", "heropenen"},
        )
    )


@router.post("/terug")
def back(db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Go back to the review."""
    hearing.back_to_review(db, actor, case_id, text_of(form, "reden"))
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


@router.post("/heropenen")
def reopen(db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Reopen after a late fact."""
    concluding.reopen(db, actor, case_id, text_of(form, "reden"))
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


@router.post("/sluit-wederhoor")
def close_hearing(db: Db, actor: Staff, case_id: str) -> Response:
    """End the hearing."""
    hearing.close(db, actor, case_id)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


@router.post("/nazorg")
def aftercare(db: Db, actor: Staff, case_id: str) -> Response:
    """Begin the aftercare."""
    concluding.start_aftercare(db, actor, case_id)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


@router.post("/uitkomst")
def record_outcome(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Record what the council decided."""
    read = Reading(form)
    on = read.day("on", required="Vul de datum van het besluit in.")
    outcome = read.text("outcome", "Kies wat er is besloten.")
    if read.errors or on is None:
        return _outcome_page(request, db, actor, case_id, read)
    concluding.record_outcome(db, actor, case_id, appointed=outcome == "appointed", on=on)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _outcome_page(request: Request, db: Db, actor: Staff, case_id: str, read: Reading | None) -> Response:
    page = cases.case_page(db, actor, case_id)
    agreed = agreements(db, actor)
    shown = OutcomePage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=page.case.candidate_name,
        council=agreed.the_council,
        action=f"/zaken/{case_id}/uitkomst",
        cancel=f"/zaken/{case_id}",
        problems=read.problems if read else (),
        on=text_of(read.form, "on") if read else "",
        outcome=text_of(read.form, "outcome") if read else "",
    )
    return render(shown, status=422 if read else 200)

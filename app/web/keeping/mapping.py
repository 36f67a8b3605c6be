"""From what the use cases give to what the pages about keeping show."""

from collections.abc import Mapping

from app.dossiers.wording import dutch_date
from app.reviews.retention import (
    END_TITLES,
    KEPT_TITLES,
    Choice,
    Clock,
    End,
    Kept,
    Policy,
    Standing,
    Start,
    Term,
    term_in_words,
)
from app.usecases import keeping_corrections
from app.usecases.lines import ZONE
from app.usecases.retention import ASK_TITLES, CORRECTIONS, Ask, Keeping, RequestLine
from app.usecases.retention_overview import KeptLine
from app.usecases.retention_policy import PolicyChange
from app.web.cases.views import OptionView, RowView
from app.web.keeping.pages import KeptPartView, KeptView, OpenRequestView, TermField
from app.web.rounds.pages import EventView
from app.web.templating import dutch_moment

CHOICE_TITLES = {
    Choice.DESTROY: "Vernietig mijn antwoorden zodra het kan",
    Choice.RECEIVE: "Ik wil eerst alles ontvangen. Daarna geldt de bewaartermijn",
}
_CHOICES = {Choice.DESTROY: "alles laten vernietigen", Choice.RECEIVE: "eerst alles ontvangen"}
_KIND = {Standing.DUE: "warning", Standing.NEAR: "warning", Standing.HELD: "info"}


def clock_words(clock: Clock) -> str:
    """Say of one kind of record what will happen with it, in one sentence."""
    term = term_in_words(clock.term)
    match clock.standing:
        case Standing.FOREVER:
            return "Dit blijft bewaard."
        case Standing.WAITING:
            return f"{term[0].upper()}{term[1:]}. De laatste dag in het ambt is nog niet bekend."
        case Standing.HELD:
            return f"Dit wordt vastgehouden. Zonder dat zou het mogen worden vernietigd vanaf {dutch_date(clock.on)}."
        case Standing.DUE:
            return f"Dit mag sinds {dutch_date(clock.on)} worden vernietigd ({term})."
        case _:
            return f"Dit mag worden vernietigd vanaf {dutch_date(clock.on)} ({term})."


def facts(shown: Keeping) -> tuple[RowView, ...]:
    """Give the facts about keeping one case, for staff and candidate alike."""
    if shown.outcome is None:
        ended = "nog geen uitkomst; daarna gaat de termijn lopen"
    else:
        ended = f"{END_TITLES[shown.outcome.end]} op {dutch_date(shown.outcome.on)}"
    rows = [RowView(label="Uitkomst", value=ended)]
    if shown.outcome is not None and shown.outcome.end_of_office is not None:
        rows.append(RowView(label="Laatste dag in het ambt", value=dutch_date(shown.outcome.end_of_office)))
    if shown.left:
        rows += _counts(shown)
    rows += part_rows(shown)
    if shown.left:
        rows += _moved(shown)
    return tuple(rows)


def part_rows(shown: Keeping) -> tuple[RowView, ...]:
    """Say of each kind of record that is or was there what will happen with it, or that it is gone."""
    running = {clock.kept: clock_words(clock) for clock in shown.clocks}
    if shown.destroyed:
        running[Kept.CASE] = _DESTROYED
    if shown.council_destroyed and Kept.COUNCIL_VERSION not in shown.left:
        running[Kept.COUNCIL_VERSION] = _DESTROYED
    return tuple(RowView(label=KEPT_TITLES[one].capitalize(), value=running[one]) for one in Kept if one in running)


def kept_rows(shown: Keeping | None) -> tuple[RowView, ...]:
    """Say on the page of a case, to everybody who takes part, how long it is kept; nothing before there is an outcome."""
    if shown is None:
        return ()
    if shown.policy is None:
        return (RowView(label="Bewaren", value="Uw organisatie heeft nog geen bewaarbeleid ingesteld."),)
    return tuple(RowView(label=f"Bewaren: {one.label.lower()}", value=one.value) for one in part_rows(shown))


def _counts(shown: Keeping) -> list[RowView]:
    """Say which policy counts; before there is an outcome, what would follow from each."""
    if shown.policy is None:
        return [RowView(label="Selectielijst", value="Uw organisatie heeft nog geen bewaarbeleid ingesteld.")]
    rows = [RowView(label="Selectielijst", value=shown.policy.selection_list)]
    if shown.outcome is None:
        rows += [
            RowView(label=f"Als de uitkomst ‘{END_TITLES[one.end]}’ is: {KEPT_TITLES[one.kept]}", value=_goes(one))
            for one in shown.policy.terms
        ]
    return rows


def _goes(term: Term) -> str:
    return "blijft bewaard" if term.months is None else f"mag weg {term_in_words(term)}"


def _moved(shown: Keeping) -> list[RowView]:
    rows = []
    if shown.extended_to is not None:
        rows.append(RowView(label="Langer bewaren", value=f"in elk geval tot {dutch_date(shown.extended_to)}"))
    if shown.held_since is not None:
        since = dutch_date(shown.held_since.astimezone(ZONE).date())
        rows.append(RowView(label="Vastgehouden", value=f"sinds {since}"))
    if shown.choice is not None:
        rows.append(RowView(label="Keuze na terugtrekken", value=CHOICE_TITLES[shown.choice]))
    rows += _received(shown)
    if shown.newer is not None:
        rows.append(RowView(label="Nieuw beleid", value="Uw organisatie heeft het beleid gewijzigd na deze uitkomst."))
    return rows


def _received(shown: Keeping) -> tuple[RowView, ...]:
    if shown.received_at is not None:
        on = dutch_date(shown.received_at.astimezone(ZONE).date())
        return (RowView(label="Alles ontvangen", value=f"bevestigd op {on}"),)
    if shown.receive_until is None:
        return ()
    waits = f"nog niet bevestigd; zonder bevestiging wordt er niets vernietigd voor {dutch_date(shown.receive_until)}"
    return (RowView(label="Alles ontvangen", value=waits),)


def open_requests(shown: Keeping, reader: str, base: str) -> tuple[OpenRequestView, ...]:
    """Give the requests that wait for a second person."""
    return tuple(
        OpenRequestView(
            id=one.id,
            title=_title(one),
            text=f"Gevraagd door {one.asked_by_name} op {dutch_moment(one.asked_at)}. Reden: {one.reason}",
            action=f"{base}/{one.id}",
            own=one.asked_by == reader,
            destroys=one.kind in {Ask.DESTROY, Ask.DESTROY_COUNCIL},
        )
        for one in shown.requests
        if one.is_open
    )


def history(shown: Keeping) -> tuple[EventView, ...]:
    """Give what was asked and decided before, newest first."""
    return tuple(
        EventView(
            when=dutch_moment(one.decided_at or one.asked_at),
            title=f"{_title(one)}: {'ja' if one.accepted else 'nee'}",
            text=f"Gevraagd door {one.asked_by_name}, besloten door {one.decided_by_name}. Reden: {one.reason}",
        )
        for one in shown.requests
        if not one.is_open
    )


def asks(shown: Keeping) -> tuple[OptionView, ...]:
    """Give what can be asked now."""
    if shown.outcome is None or not shown.left:
        return ()
    due = {clock.kept for clock in shown.clocks if clock.standing is Standing.DUE}
    ended = shown.outcome
    possible = {
        Ask.EXTEND: True,
        Ask.HOLD: shown.held_since is None,
        Ask.RELEASE: shown.held_since is not None,
        Ask.ADOPT: shown.newer is not None,
        **{one: keeping_corrections.possible(one, ended.end, ended.end_of_office, shown.left) for one in CORRECTIONS},
        Ask.DESTROY: Kept.CASE in due,
        Ask.DESTROY_COUNCIL: Kept.COUNCIL_VERSION in due,
    }
    return tuple(
        OptionView(id=one.value, label=title[0].upper() + title[1:])
        for one, title in ASK_TITLES.items()
        if possible[one]
    )


def date_hint(asked: tuple[OptionView, ...]) -> str:
    """Say for which of the things that can be asked a day is needed, and which day that is."""
    corrects = not {one.id for one in asked}.isdisjoint(one.value for one in CORRECTIONS)
    correcting = " Verbetert u een uitkomst: op welke dag het was." if corrects else ""
    return f"Wilt u langer bewaren: tot wanneer.{correcting} Laat anders leeg."


def reason_hint(shown: Keeping) -> str:
    """Say how long a reason is kept; of a destroyed case no name is left, and none should come back."""
    if shown.destroyed:
        return "De reden blijft zolang de stukken er zijn. Noem geen namen."
    return "De reden blijft bij het dossier, zolang het dossier er is."


def kept_views(lines: tuple[KeptLine, ...], *, opens: bool) -> tuple[KeptView, ...]:
    """Give the list of an organisation; `opens` makes each line a link."""
    return tuple(
        KeptView(
            reference=line.reference,
            ended=f"{END_TITLES[line.end]}, {dutch_date(line.outcome_on)}",
            case=_part(line, Kept.CASE),
            council=_part(line, Kept.COUNCIL_VERSION),
            href=f"/zaken/{line.case_id}/bewaren" if opens else "",
        )
        for line in lines
    )


def policy_history(changes: tuple[PolicyChange, ...]) -> tuple[EventView, ...]:
    """Give every time the policy was set, newest first."""
    return tuple(
        EventView(
            when=dutch_moment(one.at),
            title=f"Ingesteld: {one.selection_list}",
            text=f"Door {one.by_name}." + (f" Reden: {one.reason}" if one.reason else ""),
        )
        for one in changes
    )


def policy_rows(policy: Policy | None) -> tuple[RowView, ...]:
    """Give a policy as facts."""
    if policy is None:
        return ()
    return (
        RowView(label="Selectielijst", value=policy.selection_list),
        *(
            RowView(
                label=f"{END_TITLES[one.end].capitalize()}: {KEPT_TITLES[one.kept]}",
                value=term_in_words(one) + (f" (categorie {one.category})" if one.category else ""),
            )
            for one in policy.terms
        ),
        RowView(label="Waarschuwing", value=f"{policy.warn_days} dagen van tevoren"),
        RowView(
            label="Keuze na terugtrekken",
            value=" of ".join(_CHOICES[one] for one in Choice if one in policy.choices) or "geen",
        ),
    )


def term_fields(policy: Policy | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> tuple[TermField, ...]:
    """Give the form lines for every outcome and kind of record, with what was typed or what counts now."""
    lines = []
    for end in End:
        for kept in Kept:
            name = f"{end.value}-{kept.value}"
            now = policy.term(end, kept) if policy else None
            months = "" if now is None else "blijvend" if now.months is None else str(now.months)
            lines.append(
                TermField(
                    name=name,
                    label=f"{END_TITLES[end].capitalize()}: {KEPT_TITLES[kept]}",
                    months=typed.get(f"{name}-maanden", months),
                    start=typed.get(f"{name}-vanaf", str(now.start if now else Start.OUTCOME)),
                    category=typed.get(f"{name}-categorie", now.category if now else ""),
                    error=errors.get(f"{name}-maanden", ""),
                    asks_start=end is End.APPOINTED,
                )
            )
    return tuple(lines)


def read_terms(typed: Mapping[str, str], errors: dict[str, str]) -> tuple[Term, ...]:
    """Read the lines of the form; what is wrong goes into `errors` by the name of the field."""
    terms = []
    for end in End:
        for kept in Kept:
            name = f"{end.value}-{kept.value}"
            said = typed.get(f"{name}-maanden", "").strip().lower()
            if said != "blijvend" and not (said.isascii() and said.isdigit() and len(said) < 5):  # noqa: PLR2004 - digits
                errors[f"{name}-maanden"] = "Vul een aantal maanden in, of het woord ‘blijvend’."
                continue
            later = typed.get(f"{name}-vanaf") == Start.END_OF_OFFICE
            terms.append(
                Term(
                    end=end,
                    kept=kept,
                    months=None if said == "blijvend" else int(said),
                    start=Start.END_OF_OFFICE if later and end is End.APPOINTED else Start.OUTCOME,
                    category=typed.get(f"{name}-categorie", "").strip()[:40],
                )
            )
    return tuple(terms)


def _title(one: RequestLine) -> str:
    words = ASK_TITLES[one.kind]
    told = words[0].upper() + words[1:]
    if one.until is None:
        return told
    return f"{told} tot {dutch_date(one.until)}" if one.kind is Ask.EXTEND else f"{told} ({dutch_date(one.until)})"


def _part(line: KeptLine, what: Kept) -> KeptPartView:
    """Tell of one kind of record of a case when it may go and how that stands; nothing when it never was there."""
    if what not in line.left:
        gone = line.destroyed if what is Kept.CASE else line.council_destroyed
        return KeptPartView(when="", state="vernietigd" if gone else "", kind="neutral")
    clock = next((one for one in line.clocks if one.kept is what), None)
    if clock is None:
        return KeptPartView(when="", state="geen beleid", kind="warning")
    return KeptPartView(
        when=_from(clock),
        state=_STATES[clock.standing],
        kind=_KIND.get(clock.standing, "neutral"),
    )


def _from(clock: Clock) -> str:
    if clock.on is None:
        return ""
    return f"{'sinds' if clock.standing is Standing.DUE else 'mag weg vanaf'} {dutch_date(clock.on)}"


_DESTROYED = "vernietigd"
_STATES = {
    Standing.HELD: "vastgehouden",
    Standing.DUE: "mag weg",
    Standing.NEAR: "bijna",
    Standing.RUNNING: "loopt",
    Standing.WAITING: "wacht op einde ambt",
    Standing.FOREVER: "blijft bewaard",
}

"""The council version: what can lie on the table of an open meeting.

A council may not deliberate on an appointment behind closed doors (art. 24, onderdeel d, Gemeentewet and its
parallels), so this document stands alone. It is *generated* for openness, never redacted by hand: answers appear only
when their question has openness class ``council`` or ``public``; what is said about a flag appears only in the words
written for the council; flags on closed subjects are counted, not named. Left out by construction: addresses,
amounts, debts, criminal data, names of third parties and relatives, quotes from conversations.
"""

from collections.abc import Iterator

from app.dossiers.blocks import (
    Block,
    Bullets,
    Callout,
    Card,
    Contents,
    Cover,
    Dossier,
    Facts,
    Heading,
    Line,
    Prose,
    Signatures,
    Span,
    Table,
)
from app.dossiers.council_reading import (
    council_text,
    light,
    norms,
    once,
    outcome,
    public_measures,
    reported,
    result,
)
from app.dossiers.independence import for_council
from app.dossiers.open_answers import interests, side_positions, vog_line
from app.dossiers.snapshot import RuleLine, Snapshot
from app.dossiers.wording import dutch_date, dutch_list, plural, sentence
from app.reviews.decisions import CONCLUSION_TITLES, OUTCOME_TITLES, SEVERITY_TITLES, Openness, Outcome

CLOSED_SUBJECTS = frozenset({"money", "past", "family", "relations", "gifts", "information", "public", "safety"})
"""Subjects whose very title would tell the council what it must not read (debts, relatives, a talk on safety)."""

REQUIREMENT_SUBJECTS = ("requirements", "vog", "incompatible")
"""Subjects that section 5 reports on, one by one or as a whole."""


def compose_council(snapshot: Snapshot) -> Dossier:
    """The council version of a case. Without a conclusion it is a draft and says so on every page."""
    where = snapshot.organisation
    return Dossier(
        kind="council_version",
        title=f"Risicoanalyse integriteit – {snapshot.candidate}",
        subject="Raadsversie",
        author=where.name,
        footer=f"Risicoanalyse integriteit · {snapshot.candidate} · {snapshot.reference}",
        made_on=snapshot.made_at.date().isoformat(),
        blocks=tuple(_blocks(snapshot)),
        draft=snapshot.draft,
    )


def _blocks(snapshot: Snapshot) -> Iterator[Block]:
    yield _cover(snapshot)
    yield from _summary(snapshot)
    yield Contents("Inhoud")
    sections = (
        ("Aanleiding, opdracht en wettelijk kader", _occasion),
        ("Gevolgde stappen en geraadpleegde bronnen", _steps),
        ("Kandidaat, ambt en portefeuille", _candidate),
        ("Verklaring omtrent het gedrag", _vog),
        ("Vereisten en onverenigbare functies", _requirements),
        ("Nevenfuncties", _side_positions),
        ("Zakelijke belangen op hoofdlijn", _interests),
        ("Aandachtspunten", _attention),
        ("Beheersmaatregelen", _measures),
        ("Restrisico", _residual),
        ("Reactie van de kandidaat", _response),
        ("Conclusie", _conclusion),
        ("Geldigheid en herijking", _validity),
    )
    for number, (title, write) in enumerate(sections, start=1):
        yield Heading(title, 1, str(number), f"s{number}")
        yield from write(snapshot)
    yield Heading("Verantwoording", 1, str(len(sections) + 1), f"s{len(sections) + 1}")
    yield from _account(snapshot)


def _cover(snapshot: Snapshot) -> Cover:
    context = snapshot.context
    time = {"yes": "voltijd", "no": "deeltijd"}.get(context.full_time or "", "omvang nog niet bekend")
    return Cover(
        kicker=f"{snapshot.organisation.name} · openbaar",
        title="Risicoanalyse integriteit",
        subtitle=f"Raadsversie over kandidaat-{snapshot.office_title} {snapshot.candidate}",
        facts=(
            ("Kandidaat", snapshot.candidate),
            ("Ambt", f"{snapshot.office_title}, {time}"),
            ("Beoogde portefeuille", "; ".join(snapshot.portfolio) or "nog niet bekend"),
            ("Voorgenomen benoeming", dutch_date(context.appointment_date) or "nog niet bekend"),
            ("Opdrachtgever", f"{snapshot.organisation.principal} {snapshot.organisation.principal_name}".strip()),
            ("Kenmerk", f"{snapshot.reference}, versie {snapshot.number}"),
            ("Gemaakt op", dutch_date(snapshot.made_at.date())),
        ),
        mark="Concept: de conclusie is nog niet vastgesteld" if snapshot.draft else "",
    )


def _summary(snapshot: Snapshot) -> Iterator[Block]:
    """The whole document in half a page, for whoever reads nothing else."""
    points = reported(snapshot)
    public = public_measures(snapshot)
    lines: list[Line] = []
    if snapshot.conclusion is None:
        # Before the conclusion "no legal bar was found" would say more than anybody has decided.
        lines.append("Er is nog geen conclusie. Dit is een concept.")
    else:
        lines.append((Span("Conclusie: "), Span(CONCLUSION_TITLES[snapshot.conclusion.kind], strong=True)))
        bars = [line for line in points if outcome(line) is Outcome.LEGAL_BAR]
        lines.append(
            sentence(f"{plural(len(bars), 'wettelijk beletsel', 'wettelijke beletselen')} vastgesteld.")
            if bars
            else "Er is geen wettelijk beletsel vastgesteld."
        )
        lines.append(
            sentence(
                f"{plural(len(points), 'punt', 'punten')} besproken en gewogen; "
                f"{plural(len(public), 'openbare beheersmaatregel', 'openbare beheersmaatregelen')} afgesproken."
            )
        )
    lines.append("De raad beslist. Dit document geeft geen oordeel over de persoon.")
    yield Callout("In het kort", tuple(lines), "strong")


def _occasion(snapshot: Snapshot) -> Iterator[Block]:
    where = snapshot.organisation
    yield Prose(
        f"{sentence(where.council)} benoemt de {snapshot.office_title} in een openbare vergadering. Vooraf is in kaart gebracht "
        "welke belangen en functies van de kandidaat het ambt kunnen raken, en hoe daarmee wordt omgegaan. "
        f"De {where.principal} gaf hiervoor opdracht, vanuit de taak om de bestuurlijke integriteit te bevorderen."
    )
    yield Prose(
        "De antwoorden van de kandidaat zijn getoetst aan gepubliceerde regels. Elke regel noemt de norm waarop hij rust. "
        "Een regel wijst een punt aan; mensen hebben het gewogen. De kandidaat heeft vrijwillig meegewerkt: een wettelijke plicht tot een "
        "risicoanalyse geldt nu niet."
    )
    if any(line.proposal for line in snapshot.rules):
        yield Prose(
            "Ook is gekeken naar wetsvoorstel 36892. Dat voorstel is geen geldend recht. Punten die daarop rusten, zijn "
            "als voorstel aangeduid.",
            "note",
        )


def _steps(snapshot: Snapshot) -> Iterator[Block]:
    if snapshot.steps:
        rows = tuple((step.title, dutch_date(step.on)) for step in snapshot.steps)
        yield Table("Stappen in deze zaak", ("Stap", "Datum"), rows, (7, 3))
    if independent := for_council(snapshot):
        yield Prose(independent)
    kinds = dict.fromkeys(source.kind for source in snapshot.sources)
    # In a draft the research may still go on: it says what was used so far, not what was not.
    if kinds:
        yield Prose("Tot nu toe geraadpleegde soorten bronnen:" if snapshot.draft else "Geraadpleegde soorten bronnen:")
        yield Bullets(("opgave van de kandidaat", *kinds))
    elif snapshot.draft:
        yield Prose("Tot nu toe is de opgave van de kandidaat gebruikt. Het onderzoek is nog niet afgerond.")
    else:
        yield Prose("Alleen de opgave van de kandidaat is gebruikt.")


def _candidate(snapshot: Snapshot) -> Iterator[Block]:
    context = snapshot.context
    rows: list[tuple[str, Line]] = [
        ("Naam", snapshot.candidate),
        ("Ambt", snapshot.office_title),
        ("Tijdsbesteding", {"yes": "voltijd", "no": "deeltijd"}.get(context.full_time or "", "nog niet bekend")),
        ("Beoogde portefeuille", "; ".join(snapshot.portfolio) or "nog niet bekend"),
        ("Benoemingsronde", snapshot.round_title),
    ]
    yield Facts("Kandidaat en ambt", tuple(rows))


def _vog(snapshot: Snapshot) -> Iterator[Block]:
    yield Prose(vog_line(snapshot))
    for line in snapshot.rules:
        if line.subject == "vog" and line.result != "none" and line.kind == "hard_norm":
            yield Prose((Span("Norm: "), *norms(line.citations)), "note")
            break


def _requirements(snapshot: Snapshot) -> Iterator[Block]:
    rules = [line for line in snapshot.rules if line.subject == "requirements" and line.kind == "hard_norm"]
    if rules:
        yield Table(
            "Vereisten voor het ambt",
            ("Getoetst op", "Norm", "Uitkomst"),
            tuple((line.title, norms(line.citations[:1]), result(line)) for line in once(rules)),
            (5, 4, 3),
        )
    offices = [line for line in snapshot.rules if line.subject == "incompatible" and line.kind == "hard_norm"]
    hit = [line for line in offices if line.result != "none"]
    checked = len({line.rule for line in offices})
    clear = (
        "Tot nu toe is geen onverenigbare functie gebleken."
        if snapshot.draft
        else "Er is geen onverenigbare functie gebleken."
    )
    yield Prose(
        f"De opgave is getoetst aan {plural(checked, 'regel', 'regels')} over functies die niet samengaan met het ambt. "
        + ("Deze regels vragen aandacht:" if hit else clear)
    )
    if hit:
        yield Table(
            "Onverenigbare functies",
            ("Regel", "Norm", "Uitkomst"),
            tuple((line.title, norms(line.citations[:1]), result(line)) for line in hit),
            (5, 4, 3),
        )


def _side_positions(snapshot: Snapshot) -> Iterator[Block]:
    gate, rows = side_positions(snapshot)
    if not rows:
        yield Prose(gate)
        return
    yield Table(
        "Nevenfuncties van de kandidaat", ("Functie", "Organisatie", "Betaald", "Voornemen"), rows, (3, 4, 2, 4)
    )
    yield Prose("Na de benoeming maakt de bestuurder alle nevenfuncties meteen openbaar.", "note")


def _interests(snapshot: Snapshot) -> Iterator[Block]:
    rows = interests(snapshot)
    if not rows:
        yield Prose("De kandidaat heeft geen zakelijke belangen opgegeven die hier horen.")
        return
    yield Table(
        "Zakelijke belangen, zonder bedragen", ("Soort", "Beleidsterrein", "Rol of positie", "Op afstand gezet"), rows
    )


def _attention(snapshot: Snapshot) -> Iterator[Block]:
    points = reported(snapshot)
    shown = [line for line in points if line.subject not in CLOSED_SUBJECTS or council_text(line)]
    if not points and snapshot.draft:
        # signals may be waiting for a decision: a draft does not say that there is nothing
        yield Prose("Over de aandachtspunten is nog niet besloten.")
    elif not points:
        yield Prose("Er zijn geen punten waarover een besluit nodig was.")
    for line in shown:
        yield _card(line)
    hidden = len(points) - len(shown)
    if hidden:
        yield Prose(
            f"Daarnaast {'is' if hidden == 1 else 'zijn'} {plural(hidden, 'persoonlijk punt', 'persoonlijke punten')} "
            "vertrouwelijk met de kandidaat besproken en gewogen.",
            "note",
        )
    yield from _light(snapshot)


def _light(snapshot: Snapshot) -> Iterator[Block]:
    """What the rules found and nobody needed to decide on: points of attention by name, the rest as a number."""
    found = light(snapshot)
    named = [line for line in found if line.severity == 1 and line.subject not in CLOSED_SUBJECTS]
    if named:
        verb, needed = ("wijzen", "is") if snapshot.draft else ("wezen", "was")
        yield Prose(f"De regels {verb} ook deze lichtere aandachtspunten aan. Daarvoor {needed} geen besluit nodig.")
        yield Bullets(tuple((Span(f"{line.title} ("), *norms(line.citations), Span(")")) for line in named))
    if rest := len(found) - len(named):
        yield Prose(
            f"De regels wezen {'verder' if named else 'daarnaast'} {plural(rest, 'licht punt', 'lichte punten')} aan, "
            "zoals een plicht die na de benoeming geldt. Daarvoor was geen besluit nodig.",
            "note",
        )


def _card(line: RuleLine) -> Card:
    closed = line.subject in CLOSED_SUBJECTS
    decided = outcome(line)
    parts: list[tuple[str, Line]] = []
    if text := council_text(line):
        parts.append(("Wat speelt er", text))
    if not closed:
        if line.council:
            parts.append(("Waarom dit telt", line.council))
        if line.citations:
            parts.append(("Norm (voorstel, geen geldend recht)" if line.proposal else "Norm", norms(line.citations)))
    measures = [m.title for m in (line.state.measures if line.state else ()) if m.openness is Openness.PUBLIC]
    if measures:
        parts.append(("Afgesproken", dutch_list(measures)))
    title = "Persoonlijk aandachtspunt" if closed else line.title
    return Card(title, OUTCOME_TITLES[decided] if decided else SEVERITY_TITLES[line.severity], tuple(parts))


def _measures(snapshot: Snapshot) -> Iterator[Block]:
    public = public_measures(snapshot)
    if public:
        yield Table(
            "Openbare beheersmaatregelen",
            ("Maatregel", "Wie zorgt ervoor", "Uiterlijk", "Blijkt uit", "Opnieuw bekeken"),
            tuple(
                (
                    m.title if not m.before_appointment else f"{m.title} (vóór de benoeming)",
                    m.owner,
                    dutch_date(m.due) or "geen datum",
                    m.evidence or "–",
                    dutch_date(m.review_on) or "–",
                )
                for m in public
            ),
            (7, 5, 4, 7, 4),
        )
    else:
        yield Prose(f"Er zijn {'nog ' if snapshot.draft else ''}geen openbare beheersmaatregelen afgesproken.")
    rest = len(snapshot.measures) - len(public)
    if rest:
        verb = "is" if rest == 1 else "zijn"
        yield Prose(f"Daarnaast {verb} {plural(rest, 'maatregel', 'maatregelen')} vertrouwelijk afgesproken.", "note")


def _residual(snapshot: Snapshot) -> Iterator[Block]:
    text = snapshot.conclusion.residual_risk.strip() if snapshot.conclusion else ""
    yield Prose(text or "Het restrisico is nog niet beschreven.")


def _response(snapshot: Snapshot) -> Iterator[Block]:
    nothing = (
        "Er is nog geen reactie van de kandidaat. Die kan nog volgen."
        if snapshot.draft
        else "De kandidaat heeft geen reactie voor de raad gegeven."
    )
    yield Prose(snapshot.response.strip() or nothing)


def _conclusion(snapshot: Snapshot) -> Iterator[Block]:
    if snapshot.conclusion is None:
        yield Prose("Er is nog geen conclusie vastgesteld.")
        return
    yield Callout(
        CONCLUSION_TITLES[snapshot.conclusion.kind], (snapshot.conclusion.motivation.strip() or "–",), "strong"
    )
    yield Prose(
        f"Vastgesteld door {snapshot.conclusion.by_name}, {snapshot.organisation.principal}, "
        f"op {dutch_date(snapshot.conclusion.at.date())}. De raad beslist over de benoeming."
    )


def _validity(snapshot: Snapshot) -> Iterator[Block]:
    day = dutch_date(snapshot.context.as_of)
    yield Prose(f"Deze analyse is een momentopname op {day}. De kandidaat meldt wijzigingen tot en na de benoeming.")
    if snapshot.conclusion is not None and snapshot.conclusion.valid_until is not None:
        yield Prose(
            f"De conclusie geldt tot {dutch_date(snapshot.conclusion.valid_until)}. Daarna volgt een herijking."
        )
    reviews = sorted({m.review_on for m in public_measures(snapshot) if m.review_on is not None})
    if reviews:
        yield Prose(f"De maatregelen worden opnieuw bekeken op {dutch_list([dutch_date(day) for day in reviews])}.")


def _account(snapshot: Snapshot) -> Iterator[Block]:
    evaluated = len({line.rule for line in snapshot.rules})
    yield Prose(
        f"Er zijn {plural(evaluated, 'regel', 'regels')} toegepast. Met de kenmerken hieronder is later te controleren "
        "waarop dit document rust, ook zonder de software waarmee het is gemaakt."
    )
    yield Table(
        "Digitale kenmerken (SHA-256)",
        ("Onderdeel", "Kenmerk"),
        tuple((digest.label, digest.value) for digest in snapshot.digests),
        (3, 7),
    )
    where = snapshot.organisation
    yield Signatures(((where.principal_name or " ", where.principal), (where.clerk_name or " ", where.clerk)))

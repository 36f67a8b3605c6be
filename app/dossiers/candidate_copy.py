"""The copy of everything for the candidate, as a document: the same record as its JSON, in reading order."""

from collections.abc import Iterator
from datetime import date, datetime

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
    Span,
    Table,
)
from app.dossiers.copy_record import (
    Attachment,
    CandidateCopy,
    Fact,
    Point,
    Question,
    Remark,
    Request,
    Reviewer,
    Section,
)
from app.dossiers.wording import dutch_date

_SAID = {
    "finding": "Bevinding",
    "reply": "Uw reactie",
    "reply_not_asked": "Waarom geen reactie is gevraagd",
    "decision": "Besluit",
}
_NONE = Prose("Hierover is niets vastgelegd.")


def compose_copy(record: CandidateCopy) -> Dossier:
    """Write everything that is kept about a candidate, for that candidate. Times in the record are Dutch local times."""
    return Dossier(
        kind="candidate_copy",
        title=f"Alles wat over u is vastgelegd – {record.name}",
        subject="Kopie van alle gegevens",
        author=record.organisation,
        footer=f"Kopie van alle gegevens · {record.name} · alleen voor uzelf",
        made_on=record.made_at.date().isoformat(),
        blocks=tuple(_blocks(record)),
    )


def _blocks(record: CandidateCopy) -> Iterator[Block]:
    yield Cover(
        kicker=record.organisation,
        title="Alles wat over u is vastgelegd",
        subtitle=f"Kopie voor {record.name}",
        facts=(
            ("Gemaakt op", _moment(record.made_at)),
            ("Kenmerk", record.reference),
            ("Vragen?", record.contact),
        ),
    )
    yield Prose(
        "Dit is een kopie van alles wat in uw dossier staat en wat u nu mag lezen. Bewaar haar goed: er staan persoonlijke "
        "gegevens in. Klopt er iets niet? Vraag dan om een correctie op de pagina van uw zaak.",
        "lead",
    )
    yield Prose(
        "Naast dit document staat een bestand in JSON met dezelfde gegevens, voor gebruik in een ander programma. Uw "
        "bijlagen en documenten zitten als losse bestanden bij deze kopie."
    )
    yield Contents("Inhoud")
    parts = (
        ("Waarom deze gegevens er zijn", _facts("Waarom deze gegevens er zijn", record.processing)),
        ("U en uw zaak", _facts("U en uw zaak", _identity(record))),
        ("Antwoorden", _answers(record)),
        ("Eerdere antwoorden", _history(record)),
        ("Bijlagen en documenten", _files(record)),
        ("Aandachtspunten", _points(record)),
        ("Bronnen, gesprekken en maatregelen", _research(record)),
        ("Conclusie", _conclusions(record)),
        ("Verzoeken over antwoorden", _requests(record)),
        ("Wat er is gebeurd", _steps(record)),
        ("Berichten aan u", _mails(record)),
        ("Wie uw dossier opende", _readings(record)),
        ("Hoe lang alles blijft", _facts("Hoe lang alles blijft", record.keeping)),
        ("Wat er niet in staat", _left_out(record)),
    )
    for number, (title, blocks) in enumerate(parts, start=1):
        yield Heading(title, 1, str(number), f"d{number}")
        found = tuple(blocks)
        yield from found or (_NONE,)


def _identity(record: CandidateCopy) -> tuple[Fact, ...]:
    return (Fact(label="Naam", value=record.name), Fact(label="E-mailadres", value=record.email), *record.case)


def _facts(caption: str, facts: tuple[Fact, ...]) -> Iterator[Block]:
    if facts:
        yield Facts(caption, tuple((one.label, one.value) for one in facts))


def _answers(record: CandidateCopy) -> Iterator[Block]:
    yield Prose(
        "Onder elke vraag staat waarom zij wordt gesteld. Een vraag die nu niet bij uw zaak hoort, telt niet mee; wat u "
        "daar eerder antwoordde, staat in het volgende hoofdstuk."
    )
    for section in record.sections:
        rows = tuple(_answer(one) for one in section.questions if one.asked)
        if rows:
            yield Heading(section.title, 2)
            if told := _told(section):
                yield Prose(told, "note")
            yield Table(section.title, ("Vraag", "Antwoord"), rows, (6, 4))


def _told(section: Section) -> str:
    if section.by_reviewers:
        return "Dit hebben beoordelaars ingevuld."
    return "Over dit onderwerp vertelde u uit uzelf meer dan wij vragen." if section.told_voluntarily else ""


def _answer(one: Question) -> tuple[Line, ...]:
    asked: Line = (Span(_named(one), strong=True), Span(f"\n{one.why}\nWie dit mag lezen: {', '.join(one.readers)}."))
    answer = one.answer + (f"\nToelichting: {one.note}" if one.note else "")
    if one.revisions:
        last = [given for given in one.revisions if not given.overtaken][-1:]
        answer += "".join(f"\n{given.by}, {_moment(given.at)}" for given in last)
    return asked, answer


def _history(record: CandidateCopy) -> Iterator[Block]:
    rows: list[tuple[Line, ...]] = []
    for section in record.sections:
        for one in section.questions:
            counts = max((given.number for given in one.revisions if not given.overtaken), default=0)
            for given in one.revisions:
                if one.asked and given.number == counts and not given.overtaken:
                    continue
                said = given.answer + (f"\nToelichting: {given.note}" if given.note else "")
                rows.append(
                    (_named(one), said, f"{given.by}\n{_moment(given.at)}{_why_not(one, overtaken=given.overtaken)}")
                )
    if rows:
        yield Prose("Deze antwoorden tellen niet meer mee. Zij blijven bewaard, zodat te zien is wat er wanneer stond.")
        yield Table("Eerdere antwoorden", ("Vraag", "Antwoord", "Door wie en wanneer"), tuple(rows), (4, 4, 3))


def _why_not(one: Question, *, overtaken: bool) -> str:
    if overtaken:
        return "\nkwam te laat: er was al iets anders opgeslagen"
    if one.removed:
        return "\nhet onderdeel is verwijderd"
    return "" if one.asked else "\nde vraag hoort nu niet bij uw zaak"


def _files(record: CandidateCopy) -> Iterator[Block]:
    own = tuple(one for one in record.attachments if not one.by_reviewer)
    theirs = tuple(one for one in record.attachments if one.by_reviewer)
    if own:
        yield Table(
            "Bijlagen die u toevoegde",
            ("Bestand", "Wat het is", "Toegevoegd", "Vingerafdruk (SHA-256)"),
            tuple((_named_file(one), _what(one), _moment(one.added_at), one.sha256) for one in own),
            (3, 3, 2, 4),
        )
    if theirs:
        yield Table(
            "Bijlagen die beoordelaars toevoegden",
            ("Bestand", "Wat het is en waar het vandaan komt", "Toegevoegd", "Vingerafdruk (SHA-256)"),
            tuple(
                (
                    _named_file(one),
                    f"{_what(one)}\n{one.source}: {one.origin}, {dutch_date(one.obtained_on)}",
                    f"{one.by}\n{_moment(one.added_at)}",
                    one.sha256,
                )
                for one in theirs
            ),
            (3, 4, 2, 4),
        )
    if record.documents:
        yield Prose(
            "Een document verandert niet meer nadat het is gemaakt. Is er later iets gecorrigeerd, dan staat dat hieronder "
            "bij het document, en niet erin."
        )
        yield Table(
            "Documenten",
            ("Document", "Gemaakt", "Vingerafdruk (SHA-256)"),
            tuple(
                (
                    f"{one.title} {one.number}\n({one.file})"
                    + ("\nNa dit document is uw dossier gewijzigd." if one.changed_since else ""),
                    f"{one.made_by}\n{_moment(one.made_at)}",
                    one.sha256,
                )
                for one in record.documents
            ),
            (4, 3, 4),
        )


def _named_file(one: Attachment) -> str:
    return f"{one.filename}\n({one.file})"


def _what(one: Attachment) -> str:
    return f"{one.subject}\nHoort bij: {one.about}" if one.about else one.subject


def _points(record: CandidateCopy) -> Iterator[Block]:
    for one in record.points:
        yield Card(f"{one.title} ({one.about})" if one.about else one.title, _status(one), tuple(_parts(one)))
    for said in record.response:
        yield Card("Uw reactie voor de raad", f"{said.by}, {_moment(said.at)}", (("Reactie", said.text),))


def _status(one: Point) -> str:
    if not one.holds:
        return "geldt nu niet"
    return one.severity if one.certain else f"nog niet zeker; {one.severity}"


def _parts(one: Point) -> Iterator[tuple[str, Line]]:
    if one.text:
        yield "Wat de regel zegt", one.text
    if one.quotes:
        yield "Antwoorden", "\n".join(f"{quote.label} {quote.value}" for quote in one.quotes)
    if one.norms:
        yield (
            "Norm",
            tuple(Span(norm.label + ("" if last else "; "), href=norm.value) for norm, last in _last(one.norms)),
        )
    for said in one.remarks:
        yield _SAID[said.kind], _remark(said)
    yield "Regel", one.rule


def _last(norms: tuple[Fact, ...]) -> Iterator[tuple[Fact, bool]]:
    return ((norm, number == len(norms)) for number, norm in enumerate(norms, start=1))


def _remark(said: Remark) -> str:
    lines = (said.outcome, said.text, f"Advies: {said.advice}" if said.advice else "", f"{said.by}, {_moment(said.at)}")
    return "\n".join(line for line in lines if line)


def _research(record: CandidateCopy) -> Iterator[Block]:
    if record.sources:
        yield Table(
            "Geraadpleegde bronnen",
            ("Bron", "Waarover", "Gevonden", "Door wie en wanneer"),
            tuple((one.source, one.subject, one.found, f"{one.by}\n{_day(one.on)}") for one in record.sources),
            (3, 3, 4, 3),
        )
    if record.discussed:
        yield Prose("Over deze onderwerpen is met u gesproken. Wat er is gezegd, wordt nergens bewaard.")
        rows = tuple((one.subject, _day(one.on), one.by) for one in record.discussed)
        yield Table("Besproken onderwerpen", ("Onderwerp", "Wanneer", "Door wie"), rows, (5, 2, 3))
    for one in record.measures:
        parts = (
            ("Wat", one.terms),
            ("Wie", one.owner),
            ("Uiterlijk", _day(one.due)),
            ("Hoe het blijkt", one.evidence),
            ("Opnieuw bekijken", _day(one.review_on)),
            ("Voor de benoeming", "ja" if one.before_appointment else "nee"),
            ("Uitgevoerd", _day(one.done_on)),
        )
        yield Card(one.title, f"maatregel, {one.openness}", tuple((name, text) for name, text in parts if text))


def _conclusions(record: CandidateCopy) -> Iterator[Block]:
    for one in record.conclusions:
        rows = (
            ("Conclusie", one.conclusion),
            ("Waarom", one.motivation),
            ("Restrisico", one.residual_risk),
            ("Geldig tot", _day(one.valid_until)),
            ("Door", f"{one.by}, {_moment(one.at)}"),
        )
        yield Facts("Conclusie", tuple((name, text) for name, text in rows if text))


def _requests(record: CandidateCopy) -> Iterator[Block]:
    for one in record.requests:
        yield Card(
            "De beoordelaar vroeg u om een aanvulling" if one.asked_by_reviewer else "U vroeg om een correctie",
            one.outcome or "nog open",
            tuple(_request(one)),
        )


def _request(one: Request) -> Iterator[tuple[str, Line]]:
    yield "Vraag", "\n".join(one.questions)
    if one.wanted:
        yield "Moet zijn", one.wanted
    yield "Waarom", one.reason
    yield "Gevraagd", f"{one.by}, {_moment(one.at)}"
    if one.outcome_reason:
        yield "Reden van het antwoord", one.outcome_reason
    if one.decided_at is not None:
        yield "Beantwoord", ", ".join(part for part in (one.decided_by, _moment(one.decided_at)) if part)


def _steps(record: CandidateCopy) -> Iterator[Block]:
    rows = tuple(
        (_moment(one.at), one.what + (f"\n{one.reason}" if one.reason else ""), one.by) for one in record.steps
    )
    if rows:
        yield Table("Stappen", ("Wanneer", "Wat", "Door wie"), rows, (3, 5, 3))
    for handed in record.submissions:
        yield Facts(
            f"Ingediend, versie {handed.number}",
            (
                ("Wanneer", _moment(handed.at)),
                ("Wat u verklaarde", handed.declaration),
                ("Vingerafdruk van de antwoorden", handed.answers_digest),
            ),
        )
    for heard in record.hearings:
        yield Prose(
            f"Op {_moment(heard.sent_at)} legde {heard.sent_by} u het conceptrapport voor. U kon reageren tot en met "
            f"{_day(heard.until)}."
        )


def _mails(record: CandidateCopy) -> Iterator[Block]:
    for one in record.mails:
        sent = f"verzonden op {_moment(one.sent_at)}" if one.sent_at else "nog niet verzonden"
        text = "De tekst bevat een persoonlijke link of code. Daarom staat hij hier niet." if one.withheld else one.text
        yield Card(one.subject, f"{_moment(one.written_at)}, {sent}", (("Aan", one.to), ("Tekst", text)))


def _readings(record: CandidateCopy) -> Iterator[Block]:
    if record.readings:
        rows = tuple((_moment(one.at), one.who, one.what) for one in record.readings)
        yield Table("Wie uw dossier opende", ("Wanneer", "Wie", "Wat"), rows, (3, 3, 5))
    if record.reviewers:
        declared = tuple((f"{one.name}, {one.role}", _declared(one)) for one in record.reviewers)
        yield Table("Wat beoordelaars verklaarden over hun relatie met u", ("Wie", "Wat"), declared, (4, 6))
    if record.sign_ins:
        entered = tuple((_moment(one.at), one.device, one.origin) for one in record.sign_ins)
        yield Table("Uw eigen aanmeldingen", ("Wanneer", "Apparaat", "Netwerkadres"), entered, (3, 4, 4))


def _declared(one: Reviewer) -> str:
    parts = (
        f"verklaarde op {_moment(one.free_since)} geen relatie met u te hebben" if one.free_since else "",
        f"doet niet mee sinds {_moment(one.aside_since)}" if one.aside_since else "",
        f"doet weer mee na een besluit van twee anderen, {_moment(one.lifted_at)}" if one.lifted_at else "",
    )
    return "\n".join(part for part in parts if part)


def _left_out(record: CandidateCopy) -> Iterator[Block]:
    yield Callout(
        "Niet alles staat hierin",
        ("Hieronder leest u wat er niet in staat, en waarom. Bent u het daar niet mee eens? Vraag dan om uitleg.",),
    )
    yield Bullets(tuple((Span(f"{one.what}. ", strong=True), Span(one.why)) for one in record.left_out))


def _named(one: Question) -> str:
    return f"{one.about}: {one.question}" if one.about else one.question


def _moment(at: datetime) -> str:
    return f"{dutch_date(at.date())} om {at:%H:%M}"


def _day(on: date | None) -> str:
    return dutch_date(on)

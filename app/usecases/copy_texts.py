"""What the copy for a candidate says about the processing itself, and about what is not in it.

The same facts stand in docs/privacy/verwerkingsregister.md, where an organisation fills in what it chose.
"""

from collections.abc import Iterator

from app.dossiers.copy_record import Fact, LeftOut

CANDIDATE_MAILS = frozenset(
    {
        "invitation_link",
        "invitation_code",
        "invitation_again",
        "candidate_code",
        "candidate_way_changed",
        "correction_request",
        "concept_report",
        "concluded",
        "rectification_decided",
    }
)
"""The mails that only ever go to a candidate."""

SECRET_MAILS = frozenset({"invitation_link", "invitation_code", "invitation_again", "candidate_code"})
"""The mails that hold a link or a code with which somebody gets in."""


def processing(
    contact: str, principal: str, clerk: str, the_council: str, *, clerk_reads: bool = True
) -> tuple[Fact, ...]:
    """Say why the data is processed, on what ground, for whom, and what the candidate can ask.

    Not `clerk_reads`: the organisation closed the content of cases to the clerk.
    """
    readers = (
        f"De {clerk}, de {principal} en de onderzoeker die bij uw zaak hoort."
        if clerk_reads
        else f"De {principal} en de onderzoeker die bij uw zaak hoort. De {clerk} ziet alleen uw naam en adres, de stap en de data."
    )
    told = (
        (
            "Waarvoor",
            (
                "U helpen om belangen, nevenfuncties en kwetsbaarheden te zien en te regelen voor de benoeming; een "
                f"zorgvuldige weging; en een openbaar stuk waarover {the_council} kan spreken."
            ),
        ),
        (
            "Op welke grond",
            (
                "De organisatie legt de grond vast in haar register van verwerkingen. U kunt daarnaar vragen. Bij elke vraag staat "
                "of zij uit de wet volgt. Volgt een vraag niet uit de wet, dan is antwoorden vrijwillig."
            ),
        ),
        (
            "Wie uw gegevens krijgen",
            (
                f"{readers} Bij elke vraag staat wie het antwoord mag lezen. Naar {the_council} gaat alleen het openbare stuk."
            ),
        ),
        (
            "Waar de gegevens vandaan komen",
            "Van u, en uit de bronnen die bij het onderzoek en bij de bijlagen staan. Andere bronnen zijn er niet.",
        ),
        ("Buiten Europa", "Dit programma stuurt uw gegevens niet naar een land buiten de Europese Economische Ruimte."),
        (
            "Besluit door een computer",
            "Nee. Regels wijzen aan waar een antwoord een norm raakt. Mensen beslissen, en u kunt eerst reageren.",
        ),
        (
            "Wat u kunt vragen",
            (
                "Een kopie zoals deze. Verbeteren van wat niet klopt. Stoppen, door uw kandidatuur in te trekken. "
                "Vernietigen, zodra dat volgens het bewaarbeleid kan. Bezwaar maken bij de organisatie, of een klacht indienen bij de toezichthouder "
                "op persoonsgegevens."
            ),
        ),
        ("Bij wie", contact),
    )
    return tuple(Fact(label=label, value=value) for label, value in told)


def left_out(*, heard: bool, concluded: bool, presented: bool) -> Iterator[LeftOut]:
    """Say what is not in the copy, and why."""
    if not heard:
        yield LeftOut(
            what="Bevindingen, geraadpleegde bronnen, maatregelen en bijlagen van beoordelaars",
            why="De beoordeling is nog niet zover. U krijgt ze te lezen bij het conceptrapport, en dan kunt u reageren. Daarna "
            "staan ze ook in deze kopie.",
        )
    if not concluded:
        yield LeftOut(
            what="Besluiten en conclusie",
            why="Die zijn er nog niet, of nog niet vastgesteld. Na de conclusie staan ze in deze kopie.",
        )
    if not presented:
        yield LeftOut(
            what="Het stuk voor de vergadering",
            why="Tot het is verzonden, is het een concept dat nog kan veranderen.",
        )
    yield LeftOut(
        what="Notities van beoordelaars",
        why="Dat zijn geheugensteunen. Zij horen niet bij het dossier en tellen niet mee. Soms heeft u er toch recht op. Dat weegt "
        "de organisatie per keer. Wilt u ze zien? Vraag het aan uw contactpersoon.",
    )
    yield LeftOut(
        what="Gegevens over anderen",
        why="Bijvoorbeeld waarom een medewerker niet meedoet, hun e-mailadressen en de berichten aan hen. Ook zij "
        "hebben recht op bescherming van hun gegevens.",
    )
    yield LeftOut(
        what="Links en codes waarmee u inlogt",
        why="Wie dit bestand in handen krijgt, zou ermee in uw dossier komen. Daarom staat alleen vast dat het bericht er was.",
    )
    yield LeftOut(
        what="Het technische logboek en mislukte pogingen om in te loggen",
        why="In het logboek staat per handeling wie wat deed, nooit wat u antwoordde. Mislukte pogingen bewaren wij dertig dagen. "
        "Het kan dat een ander het probeerde. Wie uw dossier opende, staat wel in deze kopie.",
    )

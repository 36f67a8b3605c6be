"""The declarations of independence in documents: all of them for the record, one neutral sentence for the council.

Art. 2:4 Awb asks an authority to perform its task without prejudice. Who checks that later needs to see who declared what
and when; a council needs to know that it was done, and an open meeting is no place for somebody's relations.
"""

from collections.abc import Iterator

from app.dossiers.blocks import Block, Card, Cover, Dossier, Heading, Line, Prose, Table
from app.dossiers.snapshot import Declaration, Snapshot
from app.dossiers.wording import dutch_date, plural

NOBODY = "Er heeft nog niemand iets verklaard."


def compose_declarations(snapshot: Snapshot) -> Dossier:
    """The declarations of everybody who was asked in a case, for its record. Confidential: it names relations."""
    return Dossier(
        kind="declarations",
        title=f"Verklaringen van onafhankelijkheid – {snapshot.reference}",
        subject="Verklaringen van onafhankelijkheid",
        author=snapshot.organisation.name,
        footer=f"Verklaringen van onafhankelijkheid · {snapshot.reference} · vertrouwelijk",
        made_on=snapshot.made_at.date().isoformat(),
        blocks=(
            Cover(
                kicker=f"{snapshot.organisation.name} · vertrouwelijk",
                title="Verklaringen van onafhankelijkheid",
                subtitle=f"Bij de risicoanalyse van kandidaat-{snapshot.office_title} {snapshot.candidate}",
                facts=(
                    ("Kenmerk", f"{snapshot.reference}, versie {snapshot.number}"),
                    ("Gemaakt op", dutch_date(snapshot.made_at.date())),
                ),
            ),
            Prose(
                "Wie een zaak beoordeelt, verklaart eerst of er een relatie met de kandidaat is. Een relatie sluit de zaak voor "
                "die persoon. Alleen twee anderen samen kunnen dat opheffen, met een reden (artikel 2:4 Awb)."
            ),
            *declared(snapshot),
        ),
    )


def declared(snapshot: Snapshot) -> Iterator[Block]:
    """Every declaration of a case, oldest first, for a document that may hold everything."""
    yield Heading("Wie verklaarde wat", 1, "1", "verklaringen")
    if not snapshot.declarations:
        yield Prose(NOBODY)
        return
    yield Table(
        "Verklaringen in deze zaak",
        ("Wie", "Rol", "Wanneer", "Verklaring", "Doet mee"),
        tuple(
            (one.name, one.role, dutch_date(one.on), one.told, "nee" if one.closed else "ja")
            for one in snapshot.declarations
        ),
        (4, 3, 4, 6, 2),
    )
    aside = [one for one in snapshot.declarations if not one.free]
    if aside:
        yield Heading("Wie een relatie meldde of niet meedeed", 1, "2", "relaties")
    for one in aside:
        yield Card(one.name, "Doet niet mee" if one.closed else "Doet na overleg mee", tuple(_parts(one)))


def _parts(one: Declaration) -> Iterator[tuple[str, Line]]:
    yield "Verklaring", f"{one.told}, op {dutch_date(one.on)}"
    yield "Toelichting", one.explanation or "–"
    if one.substitute:
        yield "Vervanger", one.substitute
    if one.lift_reason:
        yield "Waarom toch", one.lift_reason
        yield "Voorgesteld door", one.lift_proposed_by
    if one.lifted_by:
        yield "Bevestigd door", f"{one.lifted_by}, op {dutch_date(one.lifted_on)}"


def for_council(snapshot: Snapshot) -> str:
    """One sentence that names nobody and no relation; empty while nobody declared anything."""
    if not snapshot.declarations:
        return ""
    begin = "Iedereen die deze zaak beoordeelde, verklaarde vooraf"
    lifted = sum(1 for one in snapshot.declarations if not one.free and not one.closed)
    if lifted:
        cases = plural(lifted, "gemelde relatie is", "gemelde relaties zijn")
        return f"{begin} of er een relatie met de kandidaat was; {cases} door twee anderen gewogen."
    if any(one.closed for one in snapshot.declarations):
        return f"{begin} geen relatie met de kandidaat te hebben; wie dat niet kon of wilde verklaren, deed niet mee."
    return f"{begin} geen relatie met de kandidaat te hebben."

"""The declaration that something was destroyed: what, how much, when, on what ground, by whom; never about whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.dossiers.blocks import Block, Cover, Dossier, Facts, Heading, Prose, Signatures, Table
from app.dossiers.wording import dutch_date


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What a declaration states. `lines` are kind, count and SHA-256 of what was there."""

    organisation: str
    reference: str
    what: str
    selection_list: str
    category: str
    term: str
    reason: str
    asked_by: str
    confirmed_by: str
    at: datetime
    lines: tuple[tuple[str, int, str], ...]
    manifest_sha256: str
    key: str
    """What happened to the key of the case, in a Dutch sentence."""


def compose_destruction(facts: Destroyed) -> Dossier:
    """The verklaring van vernietiging. It names no candidate, so it can stay when everything else is gone."""
    return Dossier(
        kind="destruction",
        title=f"Verklaring van vernietiging – {facts.reference}",
        subject="Verklaring van vernietiging",
        author=facts.organisation,
        footer=f"Verklaring van vernietiging · {facts.reference}",
        made_on=facts.at.date().isoformat(),
        blocks=tuple(_blocks(facts)),
    )


def _blocks(facts: Destroyed) -> Iterator[Block]:
    yield Cover(
        kicker=facts.organisation,
        title="Verklaring van vernietiging",
        subtitle=f"Dossier {facts.reference}",
        facts=(
            ("Vernietigd op", f"{dutch_date(facts.at.date())} om {facts.at:%H:%M}"),
            ("Wat", facts.what),
            ("Selectielijst", facts.selection_list or "niet van toepassing"),
            ("Categorie", facts.category or "niet opgegeven"),
            ("Bewaartermijn", facts.term),
        ),
    )
    yield Prose(
        "Deze verklaring bevat niets over de kandidaat. Zij noemt wat er was, hoeveel, een vingerafdruk van de inhoud, en "
        "wie erover besloot. Met de vingerafdrukken kan niemand de inhoud terughalen."
    )
    yield Heading("Grond en besluit", 1, "1", "grond")
    yield Facts(
        "Grond en besluit",
        (("Reden", facts.reason), ("Gevraagd door", facts.asked_by), ("Bevestigd door", facts.confirmed_by)),
    )
    yield Heading("Wat er is vernietigd", 1, "2", "wat")
    rows = tuple((name, str(count), sha256) for name, count, sha256 in facts.lines)
    yield Table("Wat er is vernietigd", ("Soort", "Aantal", "Vingerafdruk (SHA-256)"), rows, (3, 1, 6))
    yield Prose(facts.key)
    yield Heading("Controleren", 1, "3", "controle")
    yield Prose(
        "De vingerafdruk hieronder is berekend over het hele overzicht. Dezelfde vingerafdruk staat in het logboek van "
        "de organisatie, in de regel over deze vernietiging."
    )
    yield Facts("Controleren", (("Vingerafdruk van het overzicht", facts.manifest_sha256),))
    yield Signatures((("", "Gezien door de archivaris"), ("", "Namens de organisatie")))

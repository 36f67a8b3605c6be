"""One place that stands in more than one of the four laws: written once, with a table of its articles.

The laws on local government are alike. `articles: {GW: "15", PW: "15", WsW: "33", WolBES: "16"}` on a basis says where
one and the same norm stands in each of them; lid, letter, number and condition are shared. Each becomes a place of its
own, for the tier of that law, so that a reader sees the article of his own law and no other.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from app.conditions.fields import Fields
from app.conditions.tree import Node
from app.conditions.yaml_source import Mapped
from app.risk_rules.sources import LegalBasis, LegalSource, read_basis, wrong_places

TIER_OF_LAW: Final[Mapping[str, str]] = MappingProxyType(
    {"GW": "municipality", "PW": "province", "WsW": "water_board", "WolBES": "public_body"}
)
"""The tier whose authorities each organic law governs, by the key of the law in the register."""


def read_places(
    entry: Fields, sources: Mapping[str, LegalSource], when: Node | None = None, *, whole: bool = True
) -> tuple[LegalBasis, ...]:
    """Read one entry of a basis: one place, or the same place in several laws. Parameters as for `read_basis`."""
    tiers = tuple(TIER_OF_LAW.values())
    if not entry.has("articles"):
        return (read_basis(entry, sources, tiers, when, whole=whole),)
    table = entry.mapping_of("articles")
    for clash in ("source", "article", "tiers"):
        if entry.has(clash):
            entry.source.problem(entry.at(clash), f"articles: says the {clash} already", f"remove {clash}:")
    known = {str(law): str(article) for law, article in table.items() if str(law) in TIER_OF_LAW}
    for law in table:
        if str(law) not in TIER_OF_LAW:
            entry.source.unknown(table.lines.get(law, entry.line), "organic law", str(law), TIER_OF_LAW)
    if not known:
        entry.source.problem(entry.at("articles"), "articles: names no law", f"choose from: {', '.join(TIER_OF_LAW)}")
        return ()
    return tuple(_each(known, entry, sources, when, whole=whole))


def _each(
    table: Mapping[str, str], entry: Fields, sources: Mapping[str, LegalSource], when: Node | None, *, whole: bool
) -> list[LegalBasis]:
    """Read what the laws share once, so that a slip in it is one problem, and then look up each article."""
    first, *others = table
    shared = read_basis(
        _without_table(entry, first, table[first]), sources, tuple(TIER_OF_LAW.values()), when, whole=whole
    )
    found = [replace(shared, tiers=(TIER_OF_LAW[first],))]
    for law in others:
        place = replace(shared, source=law, article=table[law], tiers=(TIER_OF_LAW[law],))
        for name, message, remedy in wrong_places(place, sources) if law in sources or whole else ():
            if name in {"source", "article"}:
                entry.source.problem(entry.at("articles"), message, remedy)
        found.append(place)
    return found


def _without_table(entry: Fields, law: str, article: str) -> Fields:
    """Write the entry as if it named one law, with every line where the author wrote it."""
    one = Mapped({key: value for key, value in entry.mapping.items() if key not in {"articles", "article", "tiers"}})
    one |= {"source": law, "article": article}
    one.line = entry.line
    one.lines = {**entry.mapping.lines, "source": entry.at("articles"), "article": entry.at("articles")}
    fields = Fields(one, entry.source, entry.what)
    fields.taken = {"when"}
    return fields

"""The council version stands alone and lets nothing confidential through."""

from dataclasses import replace

import pytest

from app.dossiers.blocks import Bullets, Card, Heading, Table, plain
from app.dossiers.council import compose_council
from tests.dossiers.samples import SECRETS, a_line, a_snapshot

SECTIONS = [
    "Aanleiding, opdracht en wettelijk kader",
    "Gevolgde stappen en geraadpleegde bronnen",
    "Kandidaat, ambt en portefeuille",
    "Verklaring omtrent het gedrag",
    "Vereisten en onverenigbare functies",
    "Nevenfuncties",
    "Zakelijke belangen op hoofdlijn",
    "Aandachtspunten",
    "Beheersmaatregelen",
    "Restrisico",
    "Reactie van de kandidaat",
    "Conclusie",
    "Geldigheid en herijking",
    "Verantwoording",
]


def text_of(**changes: object) -> str:
    return "\n".join(compose_council(replace(a_snapshot(), **changes)).texts())  # type: ignore[arg-type]


def test_it_has_every_section_once_and_in_order() -> None:
    assert [heading.text for heading in compose_council(a_snapshot()).headings()] == SECTIONS


def test_anchors_are_unique() -> None:
    anchors = [block.anchor for block in compose_council(a_snapshot()).blocks if isinstance(block, Heading)]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_confidential_gets_through(secret: str) -> None:
    assert secret not in text_of()


def test_what_the_council_must_know_is_there() -> None:
    text = text_of()
    for needed in (
        "Sanne de Wit",
        "Sportclub De Linde",
        "4 januari 2027",
        "Bv waarin gewerkt wordt",
        "De kandidaat is eigenaar van een bureau dat plannen maakt.",
        "Een besluit in de portefeuille kan het eigen bedrijf raken.",
        "Belang verkopen (vóór de benoeming)",
        "Eerst een maatregel, dan benoemen",
        "Ook na verkoop blijft er een band met oude klanten.",
        "Ik verkoop mijn belang vóór de benoeming.",
        "2 november 2026",
        "handelsregister",
        "a" * 64,
    ):
        assert needed in text


def test_a_closed_subject_is_counted_but_not_named() -> None:
    text = text_of()
    assert "één persoonlijk punt" in text
    assert "één maatregel vertrouwelijk" in text


def test_a_flag_without_decision_is_not_reported() -> None:
    snapshot = a_snapshot()
    undecided = tuple(replace(line, state=None) for line in snapshot.rules)
    assert not [
        block for block in compose_council(replace(snapshot, rules=undecided)).blocks if isinstance(block, Card)
    ]


def test_a_draft_says_so() -> None:
    dossier = compose_council(a_snapshot(concluded=False))
    assert dossier.draft
    assert any("concept" in text.lower() for text in dossier.texts())
    assert not compose_council(a_snapshot()).draft


def test_a_draft_does_not_say_that_nothing_stands_in_the_way() -> None:
    assert "geen wettelijk beletsel" in text_of()
    assert "geen wettelijk beletsel" not in "\n".join(compose_council(a_snapshot(concluded=False)).texts())


def test_a_draft_does_not_say_that_there_are_no_points_while_nobody_has_decided() -> None:
    nothing = "geen punten waarover een besluit nodig was"
    assert nothing in "\n".join(compose_council(replace(a_snapshot(), rules=())).texts())
    assert nothing not in "\n".join(compose_council(replace(a_snapshot(concluded=False), rules=())).texts())


def test_every_table_row_has_a_cell_for_every_column() -> None:
    for block in compose_council(a_snapshot()).blocks:
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} <= {len(block.columns)}


def test_no_verdict_words() -> None:
    text = text_of().lower()
    for word in ("niet-integer", "goedgekeurd", "afgekeurd", "score", "geen risico"):
        assert word not in text


def test_norms_link_to_the_law() -> None:
    card = next(block for block in compose_council(a_snapshot()).blocks if isinstance(block, Card))
    norm = dict(card.parts)["Norm"]
    assert plain(norm) == "art. 28, eerste lid, Gemeentewet"
    assert not isinstance(norm, str)
    assert norm[0].href.startswith("https://wetten.overheid.nl/")


@pytest.mark.parametrize("concluded", [True, False])
def test_an_attention_point_that_nobody_decided_on_is_named(concluded: bool) -> None:
    point = a_line("SID-02", "side_positions", None, title="Openbaarmaking van functies", severity=1)
    dossier = compose_council(replace(a_snapshot(concluded=concluded), rules=(point,)))
    (named,) = [block for block in dossier.blocks if isinstance(block, Bullets) and "functies" in plain(block.lines[0])]
    assert plain(named.lines[0]) == "Openbaarmaking van functies (art. 28, eerste lid, Gemeentewet)"


def test_the_lightest_points_and_personal_ones_are_counted_and_not_named() -> None:
    assert "licht punt" not in text_of()
    rules = (
        *a_snapshot().rules,
        a_line("SID-02", "side_positions", None, title="Ter kennisneming hier", severity=0),
        a_line("MON-02", "money", None, title="Iets over geld", severity=1),
    )
    text = text_of(rules=rules)
    assert "2 lichte punten" in text or "twee lichte punten" in text
    assert "Ter kennisneming hier" not in text
    assert "Iets over geld" not in text


def test_a_draft_does_not_say_that_sources_and_response_will_not_come() -> None:
    nothing: dict[str, object] = {"sources": (), "response": ""}
    final = ("Alleen de opgave van de kandidaat is gebruikt.", "De kandidaat heeft geen reactie voor de raad gegeven.")
    done = text_of(**nothing)
    draft = text_of(**nothing, conclusion=None)
    for sentence in final:
        assert sentence in done
        assert sentence not in draft
    assert "Tot nu toe is de opgave van de kandidaat gebruikt." in draft
    assert "Die kan nog volgen." in draft

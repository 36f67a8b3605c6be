"""Declarations of independence: all of them for the record, one sentence without names for the council."""

from dataclasses import replace
from datetime import date

import pytest

from app.dossiers.blocks import Prose, plain
from app.dossiers.council import compose_council
from app.dossiers.independence import NOBODY, compose_declarations, for_council
from app.dossiers.snapshot import Declaration
from tests.dossiers.samples import ASIDE, FREE, a_snapshot

LIFTED = replace(
    ASIDE, closed=False, lift_reason="Zij kennen elkaar nauwelijks.", lift_proposed_by="Els Bakker",
    lifted_by="Tom Visser", lifted_on=date(2026, 11, 12),
)  # fmt: skip


def council(*declarations: Declaration) -> list[str]:
    blocks = compose_council(replace(a_snapshot(), declarations=declarations)).blocks
    return [plain(block.line) for block in blocks if isinstance(block, Prose)]


@pytest.mark.parametrize(
    ("declarations", "expected"),
    [
        ((FREE,), "verklaarde vooraf geen relatie met de kandidaat te hebben."),
        ((FREE, ASIDE), "wie dat niet kon of wilde verklaren, deed niet mee."),
        ((FREE, LIFTED), "één gemelde relatie is door twee anderen gewogen."),
        ((FREE, ASIDE, LIFTED, LIFTED), "twee gemelde relaties zijn door twee anderen gewogen."),
    ],
)
def test_the_council_reads_one_neutral_sentence(declarations: tuple[Declaration, ...], expected: str) -> None:
    (told,) = (line for line in council(*declarations) if "relatie" in line)
    assert told.endswith(expected)
    assert told.count(".") == 1
    for one in declarations:
        assert one.name not in told
        assert one.told not in told or one.free


def test_nothing_is_said_before_anybody_declared() -> None:
    assert for_council(replace(a_snapshot(), declarations=())) == ""
    assert not [line for line in council() if "relatie" in line]
    assert NOBODY in compose_declarations(replace(a_snapshot(), declarations=())).texts()


def test_the_record_holds_every_declaration_with_what_became_of_it() -> None:
    made = compose_declarations(replace(a_snapshot(), declarations=(FREE, ASIDE, LIFTED)))
    text = "\n".join(made.texts())
    for needed in (
        "Els Bakker", "Wim Weg", "GEHEIM-RELATIE", "Familie of vriendschap", "9 november 2026", "Olga Onderwater",
        "Zij kennen elkaar nauwelijks.", "Tom Visser, op 12 november 2026", "vertrouwelijk",
    ):  # fmt: skip
        assert needed in text

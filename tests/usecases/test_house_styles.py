"""The Word style of an organisation: what is refused, what is used, and what happens when its file is gone."""

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.shared import Cm, RGBColor

from app.dossiers.house_style import neutral, problems_with
from app.errors import Broken, NotAllowed, NotFound
from app.store import people
from app.usecases import documents, house_styles
from tests.usecases.world import World

INK = RGBColor(0x7A, 0x00, 0x3C)


@pytest.fixture
def world(world: World, tmp_path: Path) -> World:
    """The world with a data folder of its own."""
    return replace(world, settings=world.settings.model_copy(update={"data_dir": tmp_path}))


def a_style(*, without: str = "", text: str = "") -> bytes:
    """A style with a colour and margins of its own."""
    document = docx.Document(io.BytesIO(neutral()))
    document.styles["Heading 1"].font.color.rgb = INK
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(4)
    if without:
        document.styles[without].delete()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def choose(world: World, body: bytes) -> str:
    file = world.settings.data_dir / "stijl.docx"
    file.write_bytes(body)
    name = people.organisation_of(world.db, world.clerk).name
    return house_styles.choose(world.db, world.settings, name, file)


def test_documents_take_the_style_of_their_organisation(world: World) -> None:
    case, candidate = world.concluded()
    style = a_style(text="Deze tekst hoort niet in een document.")
    digest = choose(world, style)
    assert digest == hashlib.sha256(style).hexdigest()
    made = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    handed = documents.receipt(world.db, world.settings, candidate, case.id)
    for line, reader in ((made, world.principal), (handed, candidate)):
        _, body = documents.fetch(world.db, reader, line.id)
        document = docx.Document(io.BytesIO(body))
        assert document.styles["Heading 1"].font.color.rgb == INK
        assert not any("hoort niet" in paragraph.text for paragraph in document.paragraphs)
        widest = max(sum(int(column.width or 0) for column in table.columns) for table in document.tables)
        assert widest <= Cm(13)
    cells = [cell.text for table in docx.Document(io.BytesIO(body)).tables for row in table.rows for cell in row.cells]
    assert any(digest in text for text in cells)


def test_another_organisation_keeps_the_neutral_style(world: World) -> None:
    choose(world, a_style())
    assert house_styles.style_of(world.db, world.settings, world.elsewhere) == neutral()
    assert house_styles.style_digest(world.db, world.elsewhere) == hashlib.sha256(neutral()).hexdigest()


def test_going_back_to_the_neutral_style(world: World) -> None:
    choose(world, a_style())
    house_styles.choose_neutral(world.db, people.organisation_of(world.db, world.clerk).name)
    assert house_styles.style_of(world.db, world.settings, world.clerk) == neutral()


def test_a_style_whose_file_is_gone_gives_no_document_in_another_look(world: World) -> None:
    case, _ = world.in_review()
    digest = choose(world, a_style())
    (world.settings.data_dir / house_styles.FOLDER / f"{digest}.docx").unlink()
    with pytest.raises(NotAllowed, match="huisstijl"):
        documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")


def test_everything_that_is_missing_is_named(world: World) -> None:
    with pytest.raises(Broken, match=r"style 'Kicker' is missing") as told:
        choose(world, a_style(without="Kicker"))
    assert told.value.problems[0].file == "stijl.docx"
    assert house_styles.style_of(world.db, world.settings, world.clerk) == neutral()


REMOTE = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    b' Target="https://elders.example/x.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"geen Word", "not a Word document"),
        (with_part(neutral(), "word/vbaProject.bin", b"x"), "carries a macro"),
        (with_part(neutral(), "word/_rels/settings.xml.rels", REMOTE), "outside the file"),
        (with_part(neutral(), "word/media/groot.bin", b"0" * 20_000_001), "too large"),
    ],
    ids=["no Word", "macro", "remote template", "unpacks to much"],
)
def test_a_file_that_is_no_style_is_refused(body: bytes, told: str) -> None:
    (problem,) = problems_with(body, "stijl.docx")
    assert told in problem.message


def test_a_file_that_is_too_large_is_refused(world: World) -> None:
    with pytest.raises(Broken, match="too large"):
        choose(world, b"0" * (house_styles.LARGEST + 1))


def test_an_unknown_organisation_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="Gemeente Nergens"):
        house_styles.choose_neutral(world.db, "Gemeente Nergens")

"""What Word and screen readers find in the file."""

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dossiers.blocks import Dossier, Facts, Heading, Prose, Table
from app.dossiers.council import compose_council
from app.dossiers.docx import render_docx
from app.dossiers.house_style import STYLE_NAMES, missing_styles, neutral
from app.errors import Broken
from tests.dossiers.samples import SECRETS, a_snapshot

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(data: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return ET.fromstring(package.read(name))  # noqa: S314 - our own file


@pytest.fixture(scope="module")
def council() -> bytes:
    return render_docx(compose_council(a_snapshot()))


def a_dossier(*blocks: object) -> Dossier:
    return Dossier("test", "Titel", "Onderwerp", "Gemeente Voorbeeldstad", "voet", "2026-11-23", tuple(blocks))  # type: ignore[arg-type]


def test_the_same_snapshot_gives_the_same_bytes(council: bytes) -> None:
    assert render_docx(compose_council(a_snapshot())) == council


def test_another_snapshot_gives_other_bytes(council: bytes) -> None:
    assert render_docx(compose_council(a_snapshot(response="Anders."))) != council


def test_the_language_of_the_document_is_dutch(council: bytes) -> None:
    language = part(council, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert language is not None
    assert language.get(f"{W}val") == "nl-NL"
    assert docx.Document(io.BytesIO(council)).core_properties.language == "nl-NL"


def test_title_and_author_are_document_properties(council: bytes) -> None:
    properties = docx.Document(io.BytesIO(council)).core_properties
    assert properties.title == "Risicoanalyse integriteit – Sanne de Wit"
    assert properties.author == "Gemeente Voorbeeldstad"


def test_headings_are_real_and_never_skip_a_level(council: bytes) -> None:
    names = [str(p.style.name) for p in docx.Document(io.BytesIO(council)).paragraphs if p.style is not None]
    levels = [int(name[-1]) for name in names if name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_with_columns_has_a_repeating_header_row_and_every_table_a_description(council: bytes) -> None:
    tables = list(part(council, "word/document.xml").iter(f"{W}tbl"))
    assert len(tables) > 4
    for table in tables:
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        description = table.find(f"{W}tblPr/{W}tblDescription")
        assert caption is not None and caption.get(f"{W}val")  # noqa: PT018 - one fact: there is a caption
        assert description is not None and description.get(f"{W}val")  # noqa: PT018 - same
        look = table.find(f"{W}tblPr/{W}tblLook")
        if look is not None and look.get(f"{W}firstRow") == "1":
            assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None


def test_a_caption_that_repeats_its_heading_is_for_screen_readers_alone() -> None:
    table = Table("Functies", ("Wat",), (("voorzitter",),))
    facts = Facts("Gegevens", (("Naam", "Sanne de Wit"),))
    document = render_docx(a_dossier(Heading("Functies", 1), table, facts, Heading("Gegevens", 2), facts, table))
    shown = [p.text for p in docx.Document(io.BytesIO(document)).paragraphs if p.text in {"Functies", "Gegevens"}]
    assert shown == ["Functies", "Gegevens", "Gegevens", "Functies"], "a heading, a caption, a heading, a caption"
    captions = [one.get(f"{W}val") for one in part(document, "word/document.xml").iter(f"{W}tblCaption")]
    assert captions == ["Functies", "Gegevens", "Gegevens", "Functies"]


def test_the_contents_link_to_every_section(council: bytes) -> None:
    document = part(council, "word/document.xml")
    anchors = {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink") if link.get(f"{W}anchor")}
    marks = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
    assert anchors == {f"s{number}" for number in range(1, 15)}
    assert anchors <= marks


def test_the_footer_counts_pages(council: bytes) -> None:
    fields = [node.text or "" for node in part(council, "word/footer1.xml").iter(f"{W}instrText")]
    assert [field.strip() for field in fields] == ["PAGE", "NUMPAGES"]


def test_no_secret_is_in_any_part_of_the_package(council: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(council)) as package:
        everything = "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    bare = re.sub(r"<[^>]+>", "", everything)
    for secret in SECRETS:
        assert secret not in everything
        assert secret not in bare


def test_there_are_no_comments_changes_or_hidden_text(council: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(council)) as package:
        assert not [name for name in package.namelist() if "comment" in name]
    tags = {node.tag for node in part(council, "word/document.xml").iter()}
    assert not tags & {f"{W}ins", f"{W}del", f"{W}vanish"}


def test_every_time_in_the_package_is_the_day_it_was_made(council: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(council)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-23T00:00:00Z"}


def test_a_draft_is_marked_on_every_page() -> None:
    header = part(render_docx(compose_council(a_snapshot(concluded=False))), "word/header1.xml")
    assert "CONCEPT" in "".join(header.itertext())


def test_the_neutral_house_style_is_complete() -> None:
    assert missing_styles(neutral()) == ()


def test_a_house_style_without_a_style_is_refused_by_name() -> None:
    document = docx.Document(io.BytesIO(neutral()))
    document.styles["Kicker"].delete()
    poor = io.BytesIO()
    document.save(poor)
    with pytest.raises(Broken, match="Kicker"):
        render_docx(a_dossier(Prose("x")), poor.getvalue())
    assert "Kicker" in STYLE_NAMES


@given(text=st.text(max_size=60))
def test_any_text_ends_up_in_a_file_that_opens(text: str) -> None:
    data = render_docx(a_dossier(Heading(text, 1, anchor="a"), Prose(text), Table(text, ("A",), ((text,),))))
    shown = docx.Document(io.BytesIO(data)).paragraphs[1].text
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
    assert shown.replace("\r", "\n") == kept.replace("\r", "\n")


def test_a_long_table_keeps_all_its_rows() -> None:
    rows = tuple((str(number), "x") for number in range(150))
    data = render_docx(a_dossier(Table("Lang", ("A", "B"), rows)))
    table = docx.Document(io.BytesIO(data)).tables[0]
    assert len(table.rows) == 151


def test_changing_one_fact_changes_the_file() -> None:
    snapshot = a_snapshot()
    assert render_docx(compose_council(replace(snapshot, candidate="Anders"))) != render_docx(compose_council(snapshot))

"""A file is taken for what it is, never for what it is called, and only when it is wholly that."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.usecases import attachment_parts
from app.usecases.attachment_kinds import DOCX, JPEG, PDF, PNG, FileKind, kind_of
from app.usecases.attachments import clean_name
from tests.usecases import files

WORD = files.word()
TAKEN = {PDF: files.PDF, JPEG: files.jpeg(), PNG: files.png(), DOCX: WORD}
ARCHIVE = files.archive({"kwaad.exe": b"MZ"})
MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.ending)
def test_every_kind_that_is_promised_is_taken(kind: FileKind):
    assert kind_of(TAKEN[kind]) == kind


@pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.ending)
@pytest.mark.parametrize("behind", [ARCHIVE, b"<script>alert(1)</script>", b"MZ\x90\0", files.PDF[:-6]])
def test_a_file_with_something_else_behind_it_is_refused(kind: FileKind, behind: bytes):
    assert kind_of(TAKEN[kind] + behind) is None


@pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.ending)
@pytest.mark.parametrize("before", [b"<html>", b"MZ", b" ", files.png()[:8]])
def test_a_file_with_something_else_before_it_is_refused(kind: FileKind, before: bytes):
    assert kind_of(before + TAKEN[kind]) is None


@pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.ending)
def test_half_a_file_is_refused(kind: FileKind):
    body = TAKEN[kind].rstrip()
    assert [size for size in range(0, len(body), max(1, len(body) // 60)) if kind_of(body[:size])] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"GIF89a" + b"\0" * 20,
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        ARCHIVE,
        files.archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        files.archive({"word/document.xml": b"<x/>"}),
        files.png(100_000, 100_000),
        files.png(0, 5),
        files.png()[:20] + b"\x01" + files.png()[21:],
        files.jpeg(60_000, 60_000),
        files.jpeg(0, 5),
        b"\xff\xd8\xff\xe0\x00\x01" + files.jpeg()[6:],
        b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
        *(files.PDF.replace(b"/Type", active) for active in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile")),
    ],
)
def test_what_only_looks_like_a_file_we_take_is_refused(body: bytes):
    assert kind_of(body) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"macro"},
        {"word/activeX/activeX1.xml": b"<x/>"},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"../../etc/passwd": b"x"},
        {"/etc/passwd": b"x"},
        {"word/extra.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"},
        {"[Content_Types].xml": b"<Types>" + MACRO + b"</Types>"},
        {"word/media/bom.png": b"\0" * 20_000_000},
        {f"word/media/{number}.png": b"" for number in range(1001)},
    ],
    ids=["macro", "control", "object", "outside", "root", "entity", "other type", "bomb", "many parts"],
)
def test_a_word_document_that_can_do_something_or_explodes_is_refused(parts: dict[str, bytes]):
    assert kind_of(files.word_with(parts)) is None


def test_a_word_document_may_hold_a_picture_and_hides_nothing_in_a_remark():
    assert kind_of(files.word_with({"word/media/foto.jpg": files.jpeg()})) == DOCX
    assert kind_of(files.word_with({}, comment=b"<script>")) is None


def test_parts_that_are_large_together_are_refused_even_when_none_is_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attachment_parts, "MOST_UNPACKED", 1000)
    assert kind_of(WORD) is None


def test_a_part_that_lies_about_its_size_is_refused():
    body = bytearray(files.word_with({"word/media/leugen.png": b"a" * 5000}))
    place = body.rindex(b"word/media/leugen.png") - 46
    struct.pack_into("<I", body, place + 24, 10)
    assert kind_of(bytes(body)) is None


def test_a_document_with_a_password_is_refused():
    body = bytearray(WORD)
    place = body.rindex(b"PK\x01\x02")
    struct.pack_into("<H", body, place + 8, 1)
    assert kind_of(bytes(body)) is None


@given(st.binary(max_size=300), st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b""]))
def test_no_bytes_at_all_upset_the_look_at_them(body: bytes, start: bytes):
    assert kind_of(start + body) in {None, PDF}


@given(st.integers(0, len(WORD) - 1), st.integers(0, 255))
def test_a_damaged_document_never_upsets_anything(place: int, value: int):
    body = bytearray(WORD)
    body[place] = value
    assert kind_of(bytes(body)) in {None, DOCX}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ontslagbrief 2026.PDF", "Ontslagbrief 2026.pdf"),
        ("foto.exe", "foto.pdf"),
        ("rekening.pdf.exe", "rekening.pdf.pdf"),
        ("C:\\Users\\Anna\\brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("brief\u202efdp.exe", "brieffdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("", "bijlage.pdf"),
        ("...", "bijlage.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("café (één).pdf", "café (één).pdf"),
    ],
)
def test_the_name_of_a_file_misleads_nobody(given: str, kept: str):
    assert clean_name(given, PDF) == kept

"""Files that are made to get past a look at them: what they hide is found, and looking costs no more than the file is worth."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.usecases import attachment_pdf, attachment_word
from app.usecases.attachment_kinds import DOCX, JPEG, PDF, PNG, kind_of
from tests.usecases import files

EOI = b"\xff\xd9"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" {mode}/></Relationships>'
)
BODY = '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>{0}</w:p></w:hdr>'
BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)  # fmt: skip


def says(*pieces: str) -> str:
    return "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)


def relation(kind: str, target: str, mode: str = 'TargetMode="External"') -> dict[str, bytes]:
    return {"word/_rels/settings.xml.rels": RELATION.format(kind=kind, target=target, mode=mode).encode()}


def header(inside: str) -> dict[str, bytes]:
    return {"word/header9.xml": BODY.format(inside).encode()}


# ── pictures ──


@pytest.mark.parametrize(
    "hidden", [b"<script>alert(1)</script>", files.PDF, b"MZ\x90\0", b"Rar!\x1a\x07\0", b"\xff\xd8\xff"]
)
def test_nothing_stands_behind_a_picture_also_when_the_file_ends_as_one(hidden: bytes):
    assert kind_of(files.jpeg() + hidden + EOI) is None


def test_a_telephone_may_write_two_pictures_in_one_file_and_fill_it_up():
    assert kind_of(files.jpeg() + files.jpeg(640, 480)) == JPEG
    assert kind_of(files.jpeg() + b"\0") == JPEG
    assert kind_of(files.jpeg() + files.jpeg(60_000, 60_000)) is None
    assert kind_of(files.jpeg() * 50) is None


def test_a_picture_in_several_passes_is_one():
    start, scan = files.jpeg()[:-14], files.jpeg()[-14:-2]
    assert kind_of(start + scan + b"\xff\xc4\0\x03\0" + scan + b"\xff\xd0\xff\0" + EOI) == JPEG
    assert kind_of(start + b"\xff\xff\xff" + scan[1:] + EOI) == JPEG, "a mark may be filled up"
    assert kind_of(start + EOI) is None, "a frame without a picture"
    assert kind_of(start + b"\xff\xd0" + scan + EOI) is None, "a restart of nothing"


# ── PDF ──


def test_a_file_with_its_objects_packed_together_is_taken():
    assert kind_of(files.pdf_with(b"<< /Type /Page >>")) == PDF
    assert kind_of(files.pdf_with(b"<< /Type /Page >>", said=b"/Filter [/FlateDecode]")) == PDF


@pytest.mark.parametrize(
    "active",
    [SCRIPT, b"<< /S /Launch /F (cmd.exe) >>", b"<< /Type /EmbeddedFile >>", b"<< /XFA 3 0 R >>", b"<< /JS 7 0 R >>",
     b"<< /S /GoToR /F (\\\\\\\\elders\\\\x) >>", b"<< /#53 /J#61vaScript >>", b"<< /#4a#53 7 0 R >>"],
)  # fmt: skip
def test_what_does_something_is_found_wherever_it_stands(active: bytes):
    assert kind_of(files.pdf_with(active)) is None
    assert kind_of(files.PDF.replace(b"trailer", b"3 0 obj " + active + b" endobj\ntrailer")) is None


@pytest.mark.parametrize(
    ("said", "packed"),
    [
        (b"/Filter [/ASCIIHexDecode /FlateDecode]", zlib.compress(SCRIPT).hex().encode()),
        (b"/Filter /LZWDecode", b"\x80\x0b\x60\x50"),
        (b"/Filter 9 0 R", None),
        (b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", None),
        (b"% obj\n", None),
        (b"/Filter /FlateDecode", zlib.compress(b"5 0 6 9 " + SCRIPT)[:-5]),
        (b"/Filter /FlateDecode", zlib.compress(b"5 0 6 9 " + b" " * (attachment_pdf.MOST_UNPACKED + 1))),
        (b"/Filter /FlateDecode", b"no zlib"),
        (b"/Filter /FlateDecode", zlib.compress(b"\0" * 100)),
    ],
    ids=["twice packed", "other packing", "packing elsewhere", "with a filter", "hidden packing", "half", "bomb", "broken", "no objects"],
)  # fmt: skip
def test_objects_that_cannot_be_read_are_not_taken(said: bytes, packed: bytes | None):
    assert kind_of(files.pdf_with(SCRIPT, said=said, packed=packed)) is None


def test_what_is_kept_from_looking_is_not_taken():
    assert kind_of(files.PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root")) is None
    # The objects of a stream that calls itself nothing, and a stream that begins before the real one.
    assert kind_of(files.pdf_with(SCRIPT).replace(b"/Type /ObjStm", b"")) is None
    assert kind_of(files.pdf_with(SCRIPT).replace(b"4 0 obj", b"%stream\n4 0 obj")) is None


def test_what_only_looks_like_it_is_no_reason_to_refuse():
    link = b"9 0 obj << /S /URI /URI (https://voorbeeld.example/docs/JavaScript/Launch) >> endobj\n"
    assert kind_of(files.PDF.replace(b"trailer", link + b"trailer")) == PDF
    assert (
        kind_of(
            files.PDF.replace(b"trailer", b"9 0 obj << /URI (https://x.example\n/S /JavaScript) >> endobj\ntrailer")
        )
        is None
    )
    # A picture of a few million bytes holds the three of "/JS" by chance.
    assert kind_of(files.PDF.replace(b"trailer", b"8 0 obj << >> stream\n \xff/JS \nendstream endobj\ntrailer")) == PDF


def test_a_file_with_an_archive_far_from_its_end_is_not_taken():
    zipped = files.archive({"a.exe": b"MZ"})
    assert kind_of(files.PDF.replace(b"trailer", zipped + b" " * 70_000 + b"\ntrailer")) is None


# ── Word ──


def test_documents_of_other_programs_are_taken():
    own = files.parts_of_word()
    assert kind_of(files.streamed(own)) == DOCX
    renamed = {name.replace("word/document.xml", "word/document2.xml"): part for name, part in own.items()}
    renamed["[Content_Types].xml"] = own["[Content_Types].xml"].replace(b"/word/document.xml", b"/word/document2.xml")
    assert kind_of(files.archive(renamed)) == DOCX
    assert kind_of(files.word_with({"word/": b"", "word/printerSettings/printerSettings1.bin": b"\0\1"})) == DOCX


@pytest.mark.parametrize(
    "parts",
    [
        relation("attachedTemplate", "https://elders.example/t.dotm"),
        relation("attachedTemplate", "file://elders.example/t.dotm"),
        relation("attachedTemplate", r"\\elders\t.dotm"),
        relation("attachedTemplate", "https://elders.example/t.dotm", 'TargetMode="&#69;xternal"'),
        relation("image", "http://elders.example/pixel.png"),
        relation("oleObject", "embeddings/x.xml", ""),
        relation("aFChunk", "chunk.xml", ""),
        relation("subDocument", "C:/a.docx"),
        {"_rels/.rels": RELATION.format(kind="oleObject", target="x.xml", mode="").encode()},
        {"word/chunk.html": b"<script>alert(1)</script>"},
        {"word/media/a.zip": files.archive({"x": b"y"})},
        {"word/x.bin": b"\xd0\xcf\x11\xe0"},
        {"word/": b"something"},
        {"word/media/a.png/": b"something"},
        {"word/extra.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")},
        {"word/extra.xml": b"<a>"},
        {"word/extra.xml": b""},
        {"word/extra.xml": b'<?xml version="1.0" encoding="utf-7"?><a/>'},
        {"[Content_Types].xml": b'<Types xmlns="x"><Default Extension="xml" ContentType="application/vnd.ms-word.vbaProject"/></Types>'},
    ],
)  # fmt: skip
def test_a_document_that_brings_or_fetches_something_is_refused(parts: dict[str, bytes]):
    assert kind_of(files.word_with(parts)) is None


@pytest.mark.parametrize(
    "parts",
    [
        relation("hyperlink", "https://elders.example/"),
        relation("attachedTemplate", "file:///C:\\Sjablonen\\Brief.dotx"),
        relation("attachedTemplate", "Brief.dotx"),
        header(BEGIN + says(" PAGE \\* MERGEFORMAT ") + SEPARATE + END),
        header(BEGIN + says(' HYPERLINK "https://elders.example/DDE" ') + SEPARATE + END),
        header(BEGIN + says(" IF ") + BEGIN + says(" MERGEFIELD naam ") + END + says(' = "" ') + END),
        header(BEGIN + says(' INCLUDEPICTURE "cid:foto@01" ') + END),
        header(says("DDEAUTO outside any field")),
        header('<w:fldSimple w:instr=" PAGE "/>'),
        header(BEGIN + END),
    ],
)
def test_what_every_letter_has_is_no_reason_to_refuse(parts: dict[str, bytes]):
    assert kind_of(files.word_with(parts)) == DOCX


@pytest.mark.parametrize(
    "inside",
    [
        BEGIN + says(' DDEAUTO c:\\windows\\cmd.exe "/k calc" ') + END,
        BEGIN + says(" D", "DE", "AUTO", " cmd ") + SEPARATE + END,
        BEGIN + BEGIN + says(" QUOTE 68 68 69 ") + END + says(' "cmd.exe" ') + END,
        BEGIN + says(' INCLUDEPICTURE "http://elders.example/p.png" \\d ') + END,
        BEGIN + says(' INCLUDETEXT "C:\\geheim.docx" ') + END,
        BEGIN + says(" link Excel.Sheet.12 c:\\x.xlsx ") + END,
        '<w:fldSimple w:instr="ddeauto cmd"/>',
    ],
)
def test_a_field_that_fetches_or_starts_something_is_refused(inside: str):
    assert kind_of(files.word_with(header(inside))) is None


def with_gap(at: str) -> bytes:
    """A document with something between two parts, or between the last part and the list."""
    body = bytearray(files.word())
    end = len(body) - 22
    [start] = struct.unpack_from("<I", body, end + 16)
    place = start if at == "end" else body.index(b"PK\x03\x04", 4)
    body[place:place] = b"<script>alert(1)</script>"
    added = len(b"<script>alert(1)</script>")
    struct.pack_into("<I", body, end + added + 16, start + added)
    entry = start + added
    while at != "end" and body[entry : entry + 4] == b"PK\x01\x02":
        [offset] = struct.unpack_from("<I", body, entry + 42)
        if offset >= place:
            struct.pack_into("<I", body, entry + 42, offset + added)
        name, extra, remark = struct.unpack_from("<3H", body, entry + 28)
        entry += 46 + name + extra + remark
    return bytes(body)


@pytest.mark.parametrize("at", ["end", "middle"])
def test_nothing_hides_between_the_parts(at: str):
    body = with_gap(at)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None, "for others it is a good archive"
    assert kind_of(body) is None


@pytest.mark.parametrize("place", [8, 26, 30], ids=["packing", "name of another length", "other name"])
def test_a_part_that_says_something_else_than_the_list_is_refused(place: int):
    body = bytearray(files.word())
    body[place] ^= 1
    assert kind_of(bytes(body)) is None


def test_two_parts_in_the_same_bytes_are_refused():
    body = files.archive(files.parts_of_word() | {"word/media/a.png": b"a" * 100, "word/media/b.png": b"a" * 100})
    [first, second] = (body.rindex(name) - 46 for name in (b"word/media/a.png", b"word/media/b.png"))
    changed = bytearray(body)
    changed[second + 42 : second + 46] = changed[first + 42 : first + 46]
    assert kind_of(bytes(changed)) is None


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_looking_at_a_bomb_that_lies_about_its_size_costs_next_to_nothing(method: int):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.parts_of_word().items():
            made.writestr(name, content)
        made.writestr("word/media/bom.png", b"\0" * 20_000_000, method)
    body = bytearray(held.getvalue())
    struct.pack_into("<I", body, body.rindex(b"word/media/bom.png") - 46 + 24, 10)
    tracemalloc.start()
    taken = kind_of(bytes(body))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken is None
    assert most < 5_000_000


def test_a_document_with_endless_text_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attachment_word, "MOST_TEXT", 1000)
    assert kind_of(files.word()) is None


# ── whatever else ──

WORD, OBJECTS = files.word(), files.pdf_with(b"<< /Type /Page >>")
WHOLE = {PDF: OBJECTS, JPEG: files.jpeg() + files.jpeg(), PNG: files.png(), DOCX: WORD}


@given(st.sampled_from(list(WHOLE)), st.data())
def test_no_damage_to_a_file_upsets_anything(kind: object, data: st.DataObject):
    body = bytearray(WHOLE[kind])  # type: ignore[index]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                body[place] = data.draw(st.integers(0, 255))
            case 1:
                del body[place : place + data.draw(st.integers(1, 40))]
            case 2:
                body[place:place] = data.draw(st.binary(max_size=40))
            case _:
                struct.pack_into(
                    "<I", body, min(place, len(body) - 4), data.draw(st.sampled_from([0, 2**31, 2**32 - 1]))
                )
        if len(body) < 8:
            return
    assert kind_of(bytes(body)) in {None, kind}


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-" + b"stream\n" * 1_400_000 + b"%%EOF",
        b"%PDF-" + b"/Filter [" * 1_000_000 + b"stream\nendstream%%EOF",
        b"%PDF-" + b"/URI (https://" * 700_000 + b"%%EOF",
        b"%PDF-" + b"#4" * 4_900_000 + b"%%EOF",
        b"\xff\xd8\xff" + b"\xff" * 9_900_000,
        b"\xff\xd8\xff\xda\0\2" + b"\xff\0" * 4_900_000 + EOI,
        files.jpeg() * 200_000,
        b"PK\x03\x04" * 2_400_000,
        b"PK\x03\x04" + b"PK\x01\x02" + b"\0" * 9_900_000 + b"PK\x05\x06" + b"\0" * 18,
    ],
    ids=["streams", "filters", "links", "codes", "marks", "picture", "pictures", "parts", "list"],
)
def test_the_largest_file_of_one_thing_is_looked_through_once(body: bytes):
    """Each would take hours if any step went over the file again for every such thing in it: the test would never end."""
    assert kind_of(body) in {None, PDF, JPEG}

"""What a file really is: by what stands in it, never by its name or by what the browser says.

Four kinds are taken, each only when the whole file is that and nothing else. A file that is two things at once (a picture
with an archive behind it), that grows out of all proportion when it is unpacked, or that can do something by itself, is
none of them. Nothing of a file is ever shown or run here: it is kept, and handed out as a download.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from types import MappingProxyType

MOST_PARTS = 1000
MOST_UNPACKED = 60_000_000
"""What a Word document may hold unpacked, in bytes; a long one with pictures holds a few million."""
MOST_RATIO = 100
"""How many times larger a part may become when it is unpacked; text becomes ten times larger, a bomb a thousand."""
RATIO_FROM = 1_000_000
MOST_POINTS = 100_000_000
"""How many points a picture may have: more than any camera of a telephone makes."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken: its media type and what its name ends with."""

    media_type: str
    ending: str


PDF = FileKind("application/pdf", ".pdf")
JPEG = FileKind("image/jpeg", ".jpg")
PNG = FileKind("image/png", ".png")
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")

_PNG = b"\x89PNG\r\n\x1a\n"
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# What makes a document do something by itself, or bring another file along.
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_ACTIVE_PART = re.compile(r"vbaproject|activex|/embeddings/|oleobject", re.IGNORECASE)
# The marks in a JPEG that say how large the picture is (ITU-T T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def kind_of(body: bytes) -> FileKind | None:
    """Tell which kind of file this is, or `None` when it is not wholly one that is taken."""
    for start, kind in _STARTS.items():
        if body.startswith(start):
            return kind if _WHOLLY[kind](body) else None
    return None


def _is_pdf(body: bytes) -> bool:
    end = body.rstrip(b"\r\n\t \0")
    return end.endswith(b"%%EOF") and not _is_archive(body) and _ACTIVE_PDF.search(body) is None


def _is_png(body: bytes) -> bool:
    place, first = len(_PNG), True
    size: int
    while place + 12 <= len(body):
        size, name = struct.unpack_from(">I4s", body, place)
        data = body[place + 8 : place + 8 + size]
        if len(data) != size or len(body) < place + 12 + size:
            return False
        if struct.unpack_from(">I", body, place + 8 + size)[0] != zlib.crc32(name + data):
            return False
        if first and (name != b"IHDR" or size != 13 or not _is_small(*struct.unpack_from(">II", data))):  # noqa: PLR2004 - PNG, section 11.2.1
            return False
        first = False
        place += 12 + size
        if name == b"IEND":
            return place == len(body)
    return False


def _is_jpeg(body: bytes) -> bool:
    place, framed = 2, False
    while place + 4 <= len(body) and body[place] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker, size = body[place + 1], int.from_bytes(body[place + 2 : place + 4], "big")
        if size < 2:  # noqa: PLR2004 - the size counts itself
            return False
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", body, place + 5) if place + 9 <= len(body) else (0, 0)
            framed = _is_small(width, height)
        place += 2 + size
        if marker == 0xDA:  # noqa: PLR2004 - the picture itself follows
            # Inside the picture FF is always followed by 00 or by a restart mark, so the first FF D9 is its end, or
            # that of one of several scans; nothing may stand behind the last.
            return framed and body.endswith(b"\xff\xd9") and b"PK\x03\x04" not in body[place:] and not _is_archive(body)
    return False


def _is_docx(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _is_whole(archive, body) and _holds_a_document(archive)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError, zlib.error, EOFError):
        return False


def _is_whole(archive: zipfile.ZipFile, body: bytes) -> bool:
    """Nothing before the first part, behind the last, or that becomes too large; every name is used once and stays inside."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    return (
        0 < len(parts) <= MOST_PARTS
        and len(set(names)) == len(names)
        and min(part.header_offset for part in parts) == 0
        and body[-22 - len(archive.comment) :].startswith(b"PK\x05\x06")
        and not archive.comment
        and not any(part.flag_bits & 1 for part in parts)
        and not any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
        and sum(part.file_size for part in parts) <= MOST_UNPACKED
        and not any(part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * part.compress_size for part in parts)
    )


def _holds_a_document(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    if "word/document.xml" not in names or any(_ACTIVE_PART.search(name) for name in names):
        return False
    for name in names:
        # What a part says about its size may be a lie: reading stops there, and the check on its content tells.
        content = archive.read(name)
        if name.lower().endswith((".xml", ".rels")) and _DECLARES.search(content):
            return False
    return _DOCUMENT in archive.read("[Content_Types].xml")


def _is_archive(body: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(body))


def _is_small(width: int, height: int) -> bool:
    return 0 < width * height <= MOST_POINTS


_STARTS = MappingProxyType({b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, _PNG: PNG, b"PK\x03\x04": DOCX})
_WHOLLY = MappingProxyType({PDF: _is_pdf, JPEG: _is_jpeg, PNG: _is_png, DOCX: _is_docx})

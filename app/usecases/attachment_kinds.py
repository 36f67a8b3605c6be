"""What a file really is: by what stands in it, never by its name or by what the browser says.

Four kinds are taken, each only when the whole file is that and nothing else. A file that is two things at once (a picture
with an archive behind it), that grows out of all proportion when it is unpacked, or that can do something by itself, is
none of them. Nothing of a file is ever shown or run here: it is kept, and handed out as a download.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from types import MappingProxyType

from app.usecases import attachment_pdf, attachment_word

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
# The marks in a JPEG that say how large the picture is, and those that have no place between parts (ITU-T T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9), 0x00})
_BEGIN, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Inside the picture itself FF is followed by 00 or by a restart mark; anything else ends it.
_NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MARK = re.compile(rb"\xff+([^\xff])", re.DOTALL)
MOST_PICTURES = 20
"""How many pictures one file of a telephone may hold."""


def kind_of(body: bytes) -> FileKind | None:
    """Tell which kind of file this is, or `None` when it is not wholly one that is taken."""
    for start, kind in _STARTS.items():
        if body.startswith(start):
            return kind if _WHOLLY[kind](body) else None
    return None


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
    """One picture, or several one right behind the other, as telephones write a small one or a second eye."""
    body = body.rstrip(b"\0")  # some fill up to an even number of bytes
    place: int | None = 0
    for _ in range(MOST_PICTURES):
        if place is None or place == len(body):
            break
        place = _end_of_picture(body, place)
    return place == len(body)


def _end_of_picture(body: bytes, place: int) -> int | None:
    """Give where a picture ends that begins here; `None` when it is no whole picture."""
    if body[place : place + 2] != bytes((0xFF, _BEGIN)):
        return None
    place += 2
    framed = scanned = False
    while (mark := _MARK.match(body, place)) is not None:
        marker, place = mark[1][0], mark.end()
        if marker == _END:
            return place if framed and scanned else None
        size = int.from_bytes(body[place : place + 2], "big")
        if size < 2 or marker in _ALONE:  # noqa: PLR2004 - the size counts itself
            return None
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", body, place + 3) if place + 7 <= len(body) else (0, 0)
            if not _is_small(width, height):
                return None
            framed = True
        place += size
        if marker == _SCAN:
            found = _NEXT_MARK.search(body, place)
            if found is None:
                return None
            scanned, place = True, found.start()
    return None


def _is_small(width: int, height: int) -> bool:
    return 0 < width * height <= MOST_POINTS


_STARTS = MappingProxyType({b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, _PNG: PNG, b"PK\x03\x04": DOCX})
_WHOLLY = MappingProxyType({PDF: attachment_pdf.is_plain, JPEG: _is_jpeg, PNG: _is_png, DOCX: attachment_word.is_plain})

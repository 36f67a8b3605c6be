"""Whether a PDF only shows pages: it runs nothing, opens nothing else, carries no other file, and can be looked into.

Names may be written with codes (`/J#61vaScript`), and most of a modern file stands compressed inside *object streams*
(ISO 32000-2, 7.5.7). So names are read as a reader of PDF reads them, also in there. Other streams, such as pictures, are
not unpacked: nothing in them can do anything.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

MOST_UNPACKED = 20_000_000
"""How many bytes all object streams of a file may hold together; those of a thick report hold one or two million."""

_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
# What makes a document do something by itself, brings another file along, or keeps anybody from looking. Long enough that
# the bytes of a picture do not spell one by chance.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|GoToE|GoToR|ImportData|SubmitForm|Encrypt)\b"
)
# So short that a few million random bytes hold one: looked for outside pictures only.
_ACTIVE_SHORT = re.compile(rb"/(?:JS|XFA)\b")
_LINK = re.compile(rb"/URI\s{0,9}\((?:https?://|mailto:)[^\s()\\<>]*\)")
"""A link to a page: what stands in its address is no name. In one piece, so that nothing else can pass for it."""
_OBJECTS, _FIRST, _NUMBER = b"/ObjStm", re.compile(rb"/First\b"), re.compile(rb"/N\b")
_PACKED = re.compile(rb"/Filter\s*(?:/FlateDecode\b|\[\s*/FlateDecode\s*\])")
_OTHERWISE = re.compile(rb"/(?:Filter|DecodeParms)\b")
_BEGINS = re.compile(rb"\s*\d+\s+\d+\b")
_ARCHIVE = (b"PK\x01\x02", b"PK\x05\x06")


def is_plain(body: bytes) -> bool:
    """Tell whether a file that begins as a PDF is wholly one, and does nothing but show pages."""
    if not body.rstrip(b"\r\n\t \0").endswith(b"%%EOF") or _is_archive(body) or _ACTIVE.search(_named(body)):
        return False
    left = MOST_UNPACKED
    for said, held in _streams(body):
        objects = b""
        if _OBJECTS in _named(held):
            return False  # no stream speaks of object streams, unless it hides where it ends
        if _holds_objects(said):
            objects = _unpacked(said, held, left) or b""
            left -= len(objects)
            if not objects or _ACTIVE.search(_named(objects)):
                return False
        if _ACTIVE_SHORT.search(said) or _ACTIVE_SHORT.search(_named(objects)):
            return False
    return True


def _named(text: bytes) -> bytes:
    """Write out names that are written with codes, and leave out addresses of links."""
    text = _LINK.sub(b"", text)
    return _CODE.sub(lambda code: bytes((int(code[1], 16),)), text) if b"#" in text else text


def _streams(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give every stream with what is said before it; at last what is said behind all of them."""
    said, place = 0, 0
    while (start := body.find(b"stream", place)) >= 0:
        place = start + len(b"stream")
        if body[place : place + 1] not in {b"\r", b"\n"}:
            continue
        end = body.find(b"endstream", place)
        if end < 0:
            break
        yield _named(body[said:start]), body[place:end]
        said = place = end + len(b"endstream")
    yield _named(body[said:]), b""


def _holds_objects(said: bytes) -> bool:
    own = _own(said)
    # Not every reader asks what a stream calls itself.
    return _OBJECTS in said or (_FIRST.search(own) is not None and _NUMBER.search(own) is not None)


def _own(said: bytes) -> bytes:
    """Give what is said of the stream itself, without the objects before it."""
    return said[said.rfind(b"obj") + 3 :]


def _unpacked(said: bytes, held: bytes, most: int) -> bytes | None:
    """Read an object stream; `None` when it is packed as none is, or is too large."""
    own = _own(said)
    if _OTHERWISE.search(own) is None:
        return held if _BEGINS.match(held) is not None and len(held) <= most else None
    if _PACKED.search(own) is None or len(_OTHERWISE.findall(own)) > 1:
        return None
    reader = zlib.decompressobj()
    try:
        objects = reader.decompress(held.removeprefix(b"\r").removeprefix(b"\n"), most + 1)
    except zlib.error:
        return None
    return objects if reader.eof and len(objects) <= most and _BEGINS.match(objects) is not None else None


def _is_archive(body: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(body)) or all(mark in body for mark in _ARCHIVE)

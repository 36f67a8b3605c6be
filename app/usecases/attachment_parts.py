"""The parts of a ZIP archive, every byte of it accounted for, and nothing unpacked beyond what was announced.

Read here and not by a library, which forgives much: two readers of one archive may see two different documents, something
may lie between two parts, and a part that lies about its size becomes a thousand times larger than it said.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PARTS = 1000
MOST_UNPACKED = 60_000_000
"""What an archive may hold unpacked, in bytes; a long document with pictures holds a few million."""
MOST_RATIO = 100
"""How many times larger a part may become when it is unpacked; text becomes ten times larger, a bomb a thousand."""
RATIO_FROM = 1_000_000

_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_SAME = _ENCRYPTED | _STREAMED | _UTF8
"""The marks that change what is read."""
# APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class Irregular(Exception):  # noqa: N818 - read as a statement: "raise Irregular"
    """This is no archive of which every byte can be accounted for."""


@dataclass(frozen=True, slots=True)
class _Announced:
    """What the list at the end says of one part."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    at: int


def parts_of(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Give name and content of every part, in the order in which they stand. Raises Irregular.

    Only after the last one it is certain that nothing stands before, between or behind them.
    """
    announced, start = _list(body)
    place = 0
    for part in announced:
        if part.at != place:
            raise Irregular
        content, place = _content(body, part)
        yield part.name.decode("utf-8" if part.flags & _UTF8 else "cp437"), content
    if place != start:
        raise Irregular


def _list(body: bytes) -> tuple[list[_Announced], int]:
    """Read the list of parts, and give where it begins."""
    end = len(body) - _END.size
    if end < 0:
        raise Irregular
    mark, _, _, _, _, size, start, comment = _END.unpack_from(body, end)
    if mark != b"PK\x05\x06" or comment or start + size != end:
        raise Irregular
    found: list[_Announced] = []
    place = start
    while place < end and len(found) <= MOST_PARTS:
        if place + _CENTRAL.size > end:
            raise Irregular
        mark, _, _, flags, method, _, _, crc, packed, unpacked, name, extra, remark, disk, _, _, at = (
            _CENTRAL.unpack_from(body, place)
        )
        place += _CENTRAL.size
        if mark != b"PK\x01\x02" or remark or disk or flags & _ENCRYPTED:
            raise Irregular
        found.append(_Announced(body[place : place + name], flags, method, crc, packed, unpacked, at))
        place += name + extra
    if place != end or not _is_modest(found):
        raise Irregular
    return sorted(found, key=lambda part: part.at), start


def _is_modest(parts: list[_Announced]) -> bool:
    return (
        0 < len(parts) <= MOST_PARTS
        and len({part.name.lower() for part in parts}) == len(parts)
        and sum(part.unpacked for part in parts) <= MOST_UNPACKED
        and not any(part.unpacked > RATIO_FROM and part.unpacked > MOST_RATIO * part.packed for part in parts)
    )


def _content(body: bytes, part: _Announced) -> tuple[bytes, int]:
    """Unpack one part, and give where it ends. What stands at its beginning must say the same as the list."""
    if part.at + _LOCAL.size > len(body):
        raise Irregular
    mark, _, flags, method, _, _, crc, packed, unpacked, name, extra = _LOCAL.unpack_from(body, part.at)
    behind = part.at + _LOCAL.size
    start = behind + name + extra
    end = start + part.packed
    same = (mark, flags & _SAME, method, body[behind : behind + name]) == (
        b"PK\x03\x04", part.flags & _SAME, part.method, part.name,
    )  # fmt: skip
    sized = flags & _STREAMED or (crc, packed, unpacked) == (part.crc, part.packed, part.unpacked)
    if not same or not sized or end > len(body):
        raise Irregular
    content = _unpacked(part, body[start:end])
    if len(content) != part.unpacked or zlib.crc32(content) != part.crc:
        raise Irregular
    return content, end + (_told_behind(body[end : end + 24], part) if flags & _STREAMED else 0)


def _unpacked(part: _Announced, held: bytes) -> bytes:
    if part.method == _STORED:
        return held
    if part.method != _DEFLATED:
        raise Irregular
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = reader.decompress(held, part.unpacked + 1)
    except zlib.error:
        raise Irregular from None
    if not reader.eof or reader.unused_data or reader.unconsumed_tail:
        raise Irregular
    return content


def _told_behind(behind: bytes, part: _Announced) -> int:
    """Give how long the note is behind a part that was written as it came: its sum and sizes, with or without a mark."""
    for mark in (b"PK\x07\x08", b""):
        for sizes in ("<LLL", "<LQQ"):
            note = mark + struct.pack(sizes, part.crc, part.packed, part.unpacked)
            if behind.startswith(note):
                return len(note)
    raise Irregular

"""Small files of every kind that is taken, and of kinds that are not."""

import io
import struct
import zipfile
import zlib
from typing import Any

import docx

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return start + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34" + b"\xff\xd9"


def word() -> bytes:
    made = docx.Document()
    made.add_paragraph("Hierbij zeg ik mijn functie op.")
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def pdf_with(*objects: bytes, said: bytes = b"/Filter /FlateDecode", packed: bytes | None = None) -> bytes:
    """A PDF whose objects stand in an object stream, as most programs write it."""
    text = b"5 0 6 9 " + b" ".join((b"<< /Type /Pages >>", *objects))
    held = zlib.compress(text) if packed is None else packed
    stream = b"<< /Type /ObjStm /N 2 /First 8 " + said + b" /Length %d >>\nstream\n" % len(held) + held
    return PDF.replace(b"trailer", b"4 0 obj " + stream + b"\nendstream endobj\ntrailer")


def archive(parts: dict[str, bytes], *, comment: bytes = b"") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.comment = comment
    return held.getvalue()


def streamed(parts: dict[str, bytes]) -> bytes:
    """An archive that was written as it came: sums and sizes stand behind every part."""

    class _Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, more: Any) -> int:
            self.written += bytes(more)
            return len(more)

    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return pipe.written


def parts_of_word() -> dict[str, bytes]:
    """The parts of a Word document."""
    with zipfile.ZipFile(io.BytesIO(word())) as made:
        return {name: made.read(name) for name in made.namelist()}


def word_with(parts: dict[str, bytes], **more: bytes) -> bytes:
    """A Word document with other parts beside or instead of its own."""
    return archive(parts_of_word() | parts, **more)

"""Whether a Word document only holds text and pictures: no macro, no object, no field or template that fetches something."""

import re
from xml.parsers import expat

from app.usecases.attachment_parts import Irregular, parts_of

MOST_TEXT = 20_000_000
"""How much of a document may be text and lay-out, in bytes: each is read."""

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[content_types].xml"
_ACTIVE_PART = re.compile(r"vbaproject|activex|/embeddings/|oleobject")
_ACTIVE_TYPE = re.compile(r"macroenabled|vbaproject|activex|oleobject", re.IGNORECASE)
_READ = (".xml", ".rels", ".svg", ".psmdcp")
_KEPT = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp", ".odttf", ".ttf", ".sigs")
"""What a part may be besides text: pictures, letters of a font, and the mark that a document was signed."""
_PRINTER = re.compile(r"word/printersettings/[^/]*\.bin")
_BRINGS = frozenset({"oleobject", "package", "control", "subdocument", "afchunk", "frame", "vbaproject"})
"""Kinds of relation that bring another file along (ECMA-376, part 1, chapter 11)."""
_LINK = "hyperlink"
"""The one kind of relation that may lead outside: nothing is fetched until somebody presses it."""
_LOCAL = re.compile(r"(?:file:/*)?[A-Z][:|][\\/]|(?!file:)(?![\\/]{2})[^:]*$", re.IGNORECASE)
"""A place on one's own machine, as Word notes where a template came from; anything else would be asked of somebody."""
_FETCHES = frozenset({"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "RD"})
"""Fields that fetch or start something (ECMA-376, part 1, 17.16.5)."""
_PICTURE = "INCLUDEPICTURE"
_WORD = re.compile(r"\s*([A-Za-z]+(?=[\s\\]|$)|=)")
_ADDRESS = re.compile(r"://|\\\\")


class _Refused(Exception):  # noqa: N818 - read as a statement: "raise _Refused"
    """This document does something by itself."""


def is_plain(body: bytes) -> bool:
    """Tell whether a file is wholly a Word document, and does nothing by itself."""
    names: set[str] = set()
    main, left = "", MOST_TEXT
    try:
        for name, content in parts_of(body):
            _look_at_name(name, content)
            names.add(name)
            if name.lower().endswith(_READ):
                left -= len(content)
                if left < 0:
                    return False
                main = _look_through(name.lower(), content) or main
    except (Irregular, _Refused, expat.ExpatError, ValueError, LookupError):  # the last two: letters nobody writes in
        return False
    return main in names


def _look_at_name(name: str, content: bytes) -> None:
    """Raises _Refused for a part that lies outside, or is of no kind that belongs in a document."""
    inside = not (name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/"))
    small = name.lower()
    known = small.endswith((*_READ, *_KEPT)) or _PRINTER.fullmatch(small) or (small.endswith("/") and not content)
    if not inside or not known or _ACTIVE_PART.search(small) is not None:
        raise _Refused


def _look_through(name: str, content: bytes) -> str:
    """Read a part as XML; the list of what the parts are tells which one is the document.

    Raises _Refused for whatever makes a document do something, or declares what is not in it.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    types = _Types()
    if name == _TYPES:
        parser.StartElementHandler = types.start
    elif name.endswith(".rels"):
        parser.StartElementHandler = _look_at_relation
    else:
        fields = _Fields()
        parser.StartElementHandler = fields.start
        parser.EndElementHandler = fields.end
        parser.CharacterDataHandler = fields.text
    parser.Parse(content, True)
    return types.main


def _refuse(*_told: object) -> None:
    raise _Refused


class _Types:
    """Reads what the parts are."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, _name: str, given: dict[str, str]) -> None:
        kind = given.get("ContentType", "")
        if _ACTIVE_TYPE.search(kind) is not None:
            raise _Refused
        if kind == _MAIN:
            self.main = given.get("PartName", "").removeprefix("/")


def _look_at_relation(_name: str, given: dict[str, str]) -> None:
    kind = given.get("Type", "").strip().rstrip("/").rpartition("/")[2].lower()
    outside = given.get("TargetMode", "").strip().lower() == "external"
    fetched = outside and kind != _LINK and _LOCAL.match(given.get("Target", "").strip()) is None
    if kind in _BRINGS or fetched:
        raise _Refused


class _Fields:
    """Follows the fields of one part: what a field does stands in pieces, and fields stand in fields."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._reading = False

    def start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "instrText":
            self._reading = True
        elif local == "fldChar":
            self._mark(_of(given, "fldCharType"))
        elif local == "fldSimple":
            _look_at_field(_of(given, "instr"))

    def end(self, name: str) -> None:
        self._reading = self._reading and name.rpartition(" ")[2] != "instrText"

    def text(self, told: str) -> None:
        if self._reading and self._open:
            self._open[-1].append(told)

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            self._open.append([])
        elif self._open:
            _look_at_field("".join(self._open[-1]))
            if kind == "end":
                self._open.pop()


def _of(given: dict[str, str], wanted: str) -> str:
    return next((value for name, value in given.items() if name.rpartition(" ")[2] == wanted), "")


def _look_at_field(instruction: str) -> None:
    if not instruction.strip():
        return
    word = _WORD.match(instruction)
    does = word[1].upper() if word is not None else ""
    # Without a word of its own, the word comes out of a field inside it.
    if not does or does in _FETCHES or (does == _PICTURE and _ADDRESS.search(instruction) is not None):
        raise _Refused

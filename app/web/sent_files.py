"""A form that brings a file, read from memory: a file is written to no disk before it is sealed, not even for a moment."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a form with the file `bestand` sent; empty when it was not such a form. `form` holds its other fields."""

    filename: str = ""
    body: bytes = b""
    form: FormData = field(default_factory=FormData)


async def sent_file(request: Request) -> SentFile:
    """Read a form with one file, and no more fields than any of ours has."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return SentFile()
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=10)
    # The size of the whole request was limited before this.
    parser.spool_max_size = 1 << 30
    try:
        form = await parser.parse()
    except MultiPartException:
        return SentFile()
    try:
        sent = form.get("bestand")
        told = FormData([(name, value) for name, value in form.multi_items() if isinstance(value, str)])
        if not isinstance(sent, UploadFile):
            return SentFile(form=told)
        return SentFile(sent.filename or "", await sent.read(), told)
    finally:
        await form.close()


File = Annotated[SentFile, Depends(sent_file)]
"""What a form with a file sent."""

AGAIN = "Kies het bestand opnieuw. Uw browser onthoudt het niet."
"""What stands at the file when another field of the form was wrong."""

"""Handing out a file: always as a download, never shown inside the site."""

from urllib.parse import quote

from fastapi import Response

from app.usecases.documents import DocumentLine


def download(line: DocumentLine, body: bytes) -> Response:
    """Give a document as a download under its own name."""
    name = quote(line.filename)
    return Response(
        body,
        media_type=line.media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "x-content-type-options": "nosniff",
            "etag": f'"{line.sha256}"',
        },
    )

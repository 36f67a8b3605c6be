"""Handing out a file: always as a download, never shown inside the site."""

from urllib.parse import quote

from fastapi import Response

from app.usecases.documents import DocumentLine


def download(line: DocumentLine, body: bytes) -> Response:
    """Give a document as a download under its own name."""
    answer = as_download(line.filename, line.media_type, body)
    answer.headers["etag"] = f'"{line.sha256}"'
    return answer


def as_download(filename: str, media_type: str, body: bytes) -> Response:
    """Give any file as a download: a browser neither shows it nor guesses what it is."""
    named = {"content-disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return Response(body, media_type=media_type, headers=named | {"x-content-type-options": "nosniff"})

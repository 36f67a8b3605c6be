"""Style sheets, script and images: names with a hash in them, kept by browsers for ever, compressed beforehand.

`script/vendor-frontend` makes the files in `static/dist/` and their list, `manifest.json`. Nothing is compressed or
hashed while the server runs.
"""

import json
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
DIST = STATIC / "dist"
URL = "/static/"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
# One year, the longest that RFC 9111 caches honour; the name changes when the content does.
_FOR_EVER = "public, max-age=31536000, immutable"
_PRECOMPRESSED = (("br", ".br"), ("gzip", ".gz"))


class UnknownAssetError(LookupError):
    """A template asked for a file that the build did not make."""


@cache
def _manifest() -> dict[str, str]:
    listed: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return listed


def asset(name: str) -> str:
    """Give the address of a built file, for example `asset("app.css")`. Unknown names are an error, never a 404 later."""
    try:
        return URL + _manifest()[name]
    except KeyError:
        raise UnknownAssetError(f"no built file {name!r}; known: {', '.join(sorted(_manifest()))}") from None


@cache
def themes() -> tuple[str, ...]:
    """Give the names of the token files an organisation can choose from."""
    return tuple(sorted(Path(name).stem for name in _manifest() if name.startswith("tokens/")))


class Assets:
    """The ASGI application behind `/static/`. It serves the files of the manifest and nothing else."""

    def __init__(self) -> None:
        self._served = frozenset(_manifest().values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD with the file, in the best encoding that the browser accepts."""
        await self._respond(scope)(scope, receive, send)

    def _respond(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Deze manier van opvragen kan hier niet.", 405, {"Allow": "GET, HEAD"})
        name = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(URL.rstrip("/")).lstrip("/")
        path = DIST / name
        # A newer build takes the files of this one away, while a server that started before still names them.
        if name not in self._served or not path.is_file():
            return PlainTextResponse("Dit bestand bestaat niet.", 404)
        accepted = {
            part.split(";")[0].strip()
            for part in Headers(scope=scope).get("accept-encoding", "").split(",")
            if not part.replace(" ", "").endswith(";q=0")
        }
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        for encoding, suffix in _PRECOMPRESSED:
            smaller = path.with_name(path.name + suffix)
            if encoding in accepted and smaller.is_file():
                return FileResponse(
                    smaller, headers={**headers, "Content-Encoding": encoding}, media_type=_TYPES[path.suffix]
                )
        return FileResponse(path, headers=headers, media_type=_TYPES[path.suffix])

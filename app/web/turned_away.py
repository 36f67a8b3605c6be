"""Which refusals are put on record: whatever somebody who is signed in asked for and did not find."""

from fastapi import Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from app.accounts.actor import Actor
from app.errors import NotFound
from app.usecases.turned_away import TurnedAway

KINDS = {
    "document_id": "document",
    "attachment_id": "attachment",
    "note_id": "note",
    "declaration_id": "declaration",
    "request_id": "retention",
    "destruction_id": "destruction",
    "start_over_id": "start_over",
    "person_id": "person",
    "session_id": "session",
    "round_id": "round",
    "case_id": "case",
}
"""What a blank in an address names, the most exact first."""


def on_record(request: Request, error: NotFound, answer: Response) -> Response:
    """Let the refusal be written after the answer went out, so that nobody can measure what was looked up.

    Not told: what is missing inside a case that did open, such as a part somebody took away in another window.
    """
    known = getattr(request.state, "actor", None)
    actor = error.by if isinstance(error.by, Actor) else known
    if not isinstance(actor, Actor):
        return answer
    blanks = request.path_params
    pattern = _pattern(request)
    kind, named = next(((kind, str(blanks[name])) for name, kind in KINDS.items() if name in blanks), ("page", pattern))
    if kind == "case" and error.by is None and getattr(request.state, "opened", False):
        return answer
    told: TurnedAway = request.app.state.turned_away
    answer.background = BackgroundTask(told.note, actor, kind, named, f"{request.method} {pattern}".strip())
    return answer


def _pattern(request: Request) -> str:
    """Give the address without what was filled in: the log holds no more of it than it needs."""
    known = getattr(request.scope.get("route"), "path", "")
    if known:
        return str(known)
    return "/".join(
        next((f"{{{name}}}" for name, value in request.path_params.items() if value == part), part)
        for part in request.url.path.split("/")
    )

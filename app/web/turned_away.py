"""Which refusals are put on record: what somebody who is signed in asked for and did not find, or may not do."""

from fastapi import Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from app.accounts.actor import Actor
from app.errors import NotFound
from app.usecases.turned_away import ACCESS, ACT, TurnedAway

KINDS = {
    "document_id": "document",
    "attachment_id": "attachment",
    "file_id": "attachment",
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
    actor = error.by if isinstance(error.by, Actor) else getattr(request.state, "actor", None)
    inside = error.by is None and getattr(request.state, "opened", False) and _named(request)[0] == "case"
    return answer if inside else _told(request, actor, ACCESS, answer)


def act_on_record(request: Request, answer: Response) -> Response:
    """The same for an act that somebody may not do, or not now."""
    return _told(request, getattr(request.state, "actor", None), ACT, answer)


def _told(request: Request, actor: object, action: str, answer: Response) -> Response:
    if isinstance(actor, Actor):
        told: TurnedAway = request.app.state.turned_away
        tried = f"{request.method} {_pattern(request)}".strip()
        answer.background = BackgroundTask(told.note, actor, *_named(request), tried, action)
    return answer


def _named(request: Request) -> tuple[str, str]:
    blanks = request.path_params
    return next(
        ((kind, str(blanks[name])) for name, kind in KINDS.items() if name in blanks), ("page", _pattern(request))
    )


def _pattern(request: Request) -> str:
    """Give the address without what was filled in: the log holds no more of it than it needs."""
    known = getattr(request.scope.get("route"), "path", "")
    if known:
        return str(known)
    return "/".join(
        next((f"{{{name}}}" for name, value in request.path_params.items() if value == part), part)
        for part in request.url.path.split("/")
    )

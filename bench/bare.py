"""The limit for saving an answer: bare ASGI, raw sqlite, one transaction a save with an answer row and a log row.

No session, no rules, no page; only what a disk and a loop cost. Run with uvicorn: bench.bare:app, database in BARE_DB.
"""

import os
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
_state: dict[str, sqlite3.Connection] = {}


def _connection() -> sqlite3.Connection:
    if "db" not in _state:
        db = sqlite3.connect(os.environ["BARE_DB"], isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, path TEXT, value TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, line TEXT)")
        _state["db"] = db
    return _state["db"]


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Read the body, write two rows, answer."""
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    db = _connection()
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO answer (path, value) VALUES (?, ?)", (scope["path"], body.decode()))
    db.execute("INSERT INTO log (line) VALUES (?)", (scope["path"],))
    db.execute("COMMIT")
    headers = [(b"content-type", b"text/html"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})

"""P6, P9 and P10: what a page costs, what a first view weighs, and how soon the first page is there.

python -m bench.pages
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import brotli
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.questionnaires.kinds import Choice, Choices, MoneyBand, Question
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import answering, sections, signing_in
from app.usecases.answering import Typed
from app.web import assets
from bench.load import Client, run
from bench.nation import cpu_seconds
from bench.world import environment, installation, served

TURNS = 40
SECTION, GROUP = "companies", "companies"
"""The page with most to fill in: one company of the candidate, with every question answered that brings up others."""


def static_page() -> Starlette:
    """Serve the HTML in the file PAGE, ready made: the limit for a page."""

    @cache
    def html() -> str:  # the page is written when both servers run
        return Path(os.environ["PAGE"]).read_text(encoding="utf-8")

    async def page(_request: object) -> HTMLResponse:
        return HTMLResponse(html())

    return Starlette(routes=[Route("/{rest:path}", page)])


def page_against_static(folder: Path) -> Iterator[str]:
    """P6: the fullest page of questions, against the same HTML from a static route."""
    target = folder / "page.html"
    with (
        installation(1) as (settings, [(case, cookie)]),
        served("app.main:create_app", env=environment(settings), factory=True) as (port, ours_process),
        served("bench.pages:static_page", env={"PAGE": str(target)}, factory=True) as (static, static_process),
    ):
        path = f"/vragenlijst/{case}/{SECTION}/{GROUP}/{filled_item(settings, case, cookie)}"
        html = asyncio.run(fetch(port, path, cookie))
        target.write_bytes(html)
        client = Client(cookie, lambda _turn: (path, b""), "GET")
        pairs, cores = [], []
        for _ in range(7):
            before = cpu_seconds(ours_process.pid), cpu_seconds(static_process.pid)
            ours = asyncio.run(run(port, [client], turns=TURNS, warm=3))
            limit = asyncio.run(run(static, [client], turns=TURNS, warm=3))
            pairs.append((ours.percentile(0.5), limit.percentile(0.5)))
            cores.append((cpu_seconds(ours_process.pid) - before[0], cpu_seconds(static_process.pid) - before[1]))
    ratios = [mine / theirs for mine, theirs in pairs]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    questions = html.count(b'name="gevraagd"')
    fields = sum(
        html.count(control)
        for control in (b"<select", b"<textarea", b'type="text"', b'type="radio"', b'type="checkbox"')
    )
    yield (
        f"P6  page of {questions} questions, {fields} controls, {len(html) / 1000:.0f} KB: {mine:.2f} ms against {theirs:.2f} ms static: "
        f"{statistics.median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f}), to reach ≤ 20, goal ≤ 10"
    )
    mine, theirs = (sum(column) for column in zip(*cores, strict=True))
    yield f"P6  the same in processor time of the servers, which other work on the machine hardly moves: {mine / theirs:.1f}"


def filled_item(settings: Settings, case: str, cookie: str) -> str:
    """Add a company and answer everything about it, until nothing new is asked; gives its id."""
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        actor = signing_in.who(db, settings, cookie.split("=", 1)[1])
        assert actor is not None
        answering.save(db, actor, case, Typed(GROUP, ("yes",)))
        item = answering.add_item(db, actor, case, GROUP).item_id
        for _ in range(10):
            asked = sections.show_item(db, actor, case, GROUP, item).questions
            still_open = [one for one in asked if one.answer is None]
            answering.save_many(db, actor, case, [Typed(one.path, _answer(one.question)) for one in still_open])
        db.commit()
    engine.dispose()
    return item


def _answer(question: Question) -> tuple[str, ...]:
    if isinstance(question, Choice | Choices | MoneyBand):
        ids = [option.id for option in question.options if option.id != "none"]
        return tuple(ids) if isinstance(question, Choices) else (ids[0],)
    return {
        "yes_no": ("yes",),
        "number": ("60",),
        "percentage": ("60",),
        "date": ("12-3-2026",),
        "party": ("partner", "De Linde BV"),
    }.get(question.kind, ("De Linde BV",))


async def fetch(port: int, path: str, cookie: str) -> bytes:
    """Get one page."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:80]
    return body


def first_view() -> Iterator[str]:
    """P9: style and script of a first view, brotli."""
    sizes = {}
    for name in ("app.css", "tokens/default.css", "app.js"):
        served_as = assets.asset(name).removeprefix("/static/")
        file = next(Path(assets.__file__).parent.joinpath("static").rglob(Path(served_as).name))
        sizes[name] = len(brotli.compress(file.read_bytes(), quality=11))
    total = sum(sizes.values())
    parts = ", ".join(f"{name} {size / 1024:.1f}" for name, size in sizes.items())
    yield f"P9  first view: {total / 1024:.1f} KB ({parts}), to reach ≤ 50, goal ≤ 25"


def start() -> Iterator[str]:
    """P10: from starting the process to the first page served."""
    seconds = []
    with installation(1) as (settings, _):
        for _ in range(3):
            began = time.perf_counter()
            with served("app.main:create_app", env=environment(settings), factory=True) as (port, _process):
                asyncio.run(fetch(port, "/inloggen", ""))
                seconds.append(time.perf_counter() - began)
    yield f"P10 start: {statistics.median(seconds):.1f} s ({min(seconds):.1f}–{max(seconds):.1f}), to reach ≤ 3, goal ≤ 1.5"


def lines() -> Iterator[str]:
    """Measure and tell."""
    import tempfile  # noqa: PLC0415 - the static server imports this module too, and needs none

    with tempfile.TemporaryDirectory() as folder:
        yield from page_against_static(Path(folder))
    yield from first_view()
    yield from start()


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

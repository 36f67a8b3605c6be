"""People who save all at once, and remember what was acknowledged to them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx2

from app.questionnaires.answers import AnswerPath
from app.settings import Settings
from app.store import answers
from app.store.engine import open_engine, open_session
from app.store.rows import CaseRow
from app.usecases import audit_log
from bench.load import status_of

QUESTIONS = (("attitude", "own_points"), ("attitude", "dilemma_neighbour"), ("career", "political_offices"))
"""Section and question: one connection each for every candidate."""
_PATIENCE = 120
"""Seconds to wait for something that will come: the machine may be slow, and nothing is measured."""


@dataclass
class Typist:
    """One connection that saves one text after another, and remembers which were acknowledged."""

    case: str
    cookie: str
    section: str
    question: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    def request(self, text: str, port: int) -> bytes:
        body = urlencode([("gevraagd", self.question), (self.question, text)]).encode()
        return (
            f"POST /vragenlijst/{self.case}/antwoord/{self.question}?op={self.section} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nCookie: {self.cookie}\r\nSec-Fetch-Site: same-origin\r\nHX-Request: true\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


@dataclass
class Crowd:
    """All typists, and how many saves were acknowledged or refused so far.

    `more` makes every text longer; once `enough`, everybody finishes the turn they are in.
    """

    typists: list[Typist]
    more: str = ""
    total: int = 0
    turned_away: int = 0
    enough: bool = False
    _awaited: tuple[int, int] = (0, 0)
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, sessions: Sequence[tuple[str, str]], more: str = "") -> "Crowd":
        """One connection for each question of each candidate, given as case and cookie."""
        return cls([Typist(case, cookie, *one) for case, cookie in sessions for one in QUESTIONS], more)

    def text(self, turn: int) -> str:
        """What everybody writes in a turn."""
        return f"Wat ik bij keer {turn} schreef.{self.more}"

    async def until(self, acknowledged: int = 0, refused: int = 0) -> None:
        """Wait until so many saves were acknowledged, and so many refused."""
        self._awaited = acknowledged, refused
        self._reached.clear()
        self._look()
        await asyncio.wait_for(self._reached.wait(), timeout=_PATIENCE)

    async def type(self, port: int, turns: range, *, tries: int = 1) -> int:
        """Let everybody type at once until they are done or the server is gone. Gives how many were cut off."""
        ended = await asyncio.gather(*(self._one(one, port, turns, tries) for one in self.typists))
        return ended.count(False)

    async def _one(self, typist: Typist, port: int, turns: range, tries: int) -> bool:
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for turn in turns:
                if self.enough:
                    break
                text = self.text(turn)
                for _ in range(tries):
                    writer.write(typist.request(text, port))
                    status = await status_of(reader)
                    if status == 200:
                        typist.acknowledged.append(text)
                        self.total += 1
                        self._look()
                        break
                    typist.refused.append(status)
                    self.turned_away += 1
                    self._look()
                    await asyncio.sleep(0.05)
                else:
                    typist.given_up.append(text)
        except (OSError, asyncio.IncompleteReadError):
            return False
        finally:
            if writer is not None:
                writer.close()
        return True

    def _look(self) -> None:
        if self.total >= self._awaited[0] and self.turned_away >= self._awaited[1]:
            self._reached.set()


BEFORE, REFUSED = 20, 40
"""A blow falls after so many saves that were acknowledged, and is over after so many that were refused."""
LONG = " Dit staat er ook nog." * 150
"""Enough for every save to need room."""


async def in_the_middle(crowd: Crowd, port: int, blow: Callable[[], object], over: Callable[[], object]) -> None:
    """Let a blow fall while everybody saves, look at the page, end it, and let everybody finish what they began.

    They save for as long as it takes until the blow is felt: a disk that is full has room left in files that are there.
    """
    typing = asyncio.create_task(crowd.type(port, range(100_000), tries=4000))
    await crowd.until(acknowledged=BEFORE)
    await asyncio.to_thread(blow)
    await crowd.until(refused=REFUSED)
    await asyncio.to_thread(require_clear_page, port, crowd.typists[0])
    crowd.enough = True
    await asyncio.to_thread(over)
    assert await typing == 0, "the server broke connections off"
    assert {status for one in crowd.typists for status in one.refused} == {503}
    assert [one for one in crowd.typists if one.given_up] == [], "somebody was refused and never finished"


def require_clear_page(port: int, typist: Typist) -> None:
    """Whoever sends a form without script now reads what to do; what asks nothing of the database is there."""
    site = f"http://127.0.0.1:{port}"
    answer = httpx2.post(
        f"{site}/vragenlijst/{typist.case}/{typist.section}",
        data={"gevraagd": typist.question, typist.question: "Dit past er niet bij." + LONG},
        headers={"cookie": typist.cookie, "sec-fetch-site": "same-origin"},
        timeout=60,
    )
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (503, True)
    assert "nog niet opgeslagen" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    for path in ("/gezond", "/inloggen"):
        assert httpx2.get(site + path, timeout=60).status_code == 200


def require_nothing_lost(settings: Settings, crowd: Crowd) -> None:
    """Every acknowledged text stands in the history of its question, and both chains of the audit log are whole."""
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine, writes=False) as db:
        lost = []
        for one in crowd.typists:
            case = db.get_one(CaseRow, one.case)
            kept = {str(tried.answer) for tried in answers.history(db, case, AnswerPath.parse(one.question))}
            lost += [text for text in one.acknowledged if not any(text in row for row in kept)]
        checked = audit_log.check(db)
    engine.dispose()
    assert not lost, f"{len(lost)} acknowledged answers are gone"
    assert checked.whole, checked.faults

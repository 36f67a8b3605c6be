"""The connection to PostgreSQL is lost at any moment of a request: a clear page, nothing half done, and the next one works."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import sessions
from app.main import create_app
from app.questionnaires.answers import AnswerPath
from app.settings import Settings
from app.store import answers
from app.store.engine import open_engine, open_session
from app.store.rows import AttachmentRow, CaseRow
from app.usecases import attachments, audit_log
from tests.databases import Databases
from tests.e2e.stage import Case, Stage
from tests.signing_in import PASSWORD, let_in
from tests.usecases import files
from tests.usecases.world import make_world

pytestmark = [pytest.mark.massive, pytest.mark.postgres]
BACKGROUND = ("outbox", "keeping", "watch", "audit-heads", "warm-up", "housekeeping")
"""Threads of the product that are about no request."""
MOST = 80
"""More than any request asks of the database."""
CLERK = "gerda.griffioen@voorbeeld.example"


@dataclass
class Blow:
    """Ends the connection of a request just before the n-th thing it asks of the database; committing is one too."""

    admin: sa.Engine
    left: int | None = None
    fell: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, asked: int) -> None:
        self.left, self.fell = asked, False

    def over(self) -> bool:
        """Let no blow fall any more; gives whether one did."""
        self.left = None
        return self.fell

    def look(self, connection: sa.Connection) -> None:
        with self.lock:
            if self.left is None or threading.current_thread().name in BACKGROUND:
                return
            self.left -= 1
            if self.left >= 0:
                return
            self.left, self.fell = None, True
        driver: Any = connection.connection.dbapi_connection
        with self.admin.connect() as other:
            # Waits until it is gone: whatever follows finds no connection.
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": driver.info.backend_pid})


@dataclass
class Product:
    """The application, and whoever stands at each of its doors."""

    client: TestClient
    blow: Blow
    stage: Stage
    case: Case
    handed_in: Case
    clerk: str
    file: str
    text: str = ""
    """What was typed in the last request."""
    turn: int = 0

    def ask(self, method: str, path: str, who: str, **more: Any) -> httpx2.Response:
        headers = {"cookie": f"toetssteen={who}"} | more.pop("headers", {})
        return self.client.request(method, path, headers=headers if who else {}, **more)

    def request(self, what: str) -> httpx2.Response:
        case, later = self.case, self.handed_in
        self.turn += 1
        self.text = f"Zo schreef ik het bij keer {self.turn}."
        text = {"gevraagd": "own_points", "own_points": self.text}
        proofs = {"email": CLERK, "wachtwoord": PASSWORD}
        typing = f"{case.form}/antwoord/own_points?op=attitude"
        method, path, who, more = {
            "the page to sign in": ("GET", "/inloggen", "", {}),
            "signing in": ("POST", "/inloggen", "", {"data": proofs}),
            "a section": ("GET", f"{case.form}/attitude", case.session, {}),
            "typing": ("POST", typing, case.session, {"data": text, "headers": {"hx-request": "true"}}),
            "saving a page": ("POST", f"{case.form}/attitude", case.session, {"data": text}),
            "sending a file": ("POST", f"{case.form}/bijlagen", case.session, self.letter()),
            "taking a file": ("GET", f"/bijlagen/{self.file}", case.session, {}),
            "taking the receipt": ("GET", f"{later.form}/ontvangstbewijs", later.session, {}),
            "a case": ("GET", later.file, self.clerk, {}),
        }[what]
        return self.ask(method, path, who, **more)

    def letter(self) -> dict[str, Any]:
        return {"files": {"bestand": ("brief.pdf", files.PDF)}, "data": {"onderwerp": "Brief"}}


@pytest.fixture(scope="module")
def product(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    url = databases.make()
    plain = Settings.model_construct()
    settings = plain.model_copy(
        update={
            "data_dir": tmp_path_factory.mktemp("connection"), "database_url": url, "base_url": "http://testserver",
            "argon2_time_cost": 1, "argon2_memory_kib": 8, "open_forms_per_minute": 0,
        }
    )  # fmt: skip
    own = open_engine(url, settings.master_keys)
    with open_session(own) as db:
        world = make_world(db, settings)
        line, candidate = world.in_review()
        session = sessions.start_for_candidate(db, settings, db.get_one(CaseRow, line.id), "").token
        clerk = let_in(db, settings, CLERK).token
        db.commit()
    stage = Stage(settings, world)
    case = stage.answering()
    with open_session(own) as db:
        added = attachments.add(
            db, settings, case.actor, case.id, filename="eerste.pdf", subject="Eerste", body=files.PDF
        )
        assert isinstance(added, attachments.AttachmentLine)
        db.commit()
    own.dispose()
    admin = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    application = create_app(settings)
    blow, engine = Blow(admin), application.state.engine
    sa.event.listen(engine, "before_cursor_execute", lambda connection, *_: blow.look(connection))
    sa.event.listen(engine, "commit", blow.look)
    with TestClient(application, raise_server_exceptions=False, follow_redirects=False) as client:
        handed_in = Case(line.id, "", "", session, candidate)
        yield Product(client, blow, stage, case, handed_in, clerk, added.id)
    databases.drop(url)


@pytest.mark.parametrize(
    ("what", "good", "asks"),
    [
        ("the page to sign in", 200, False),
        ("signing in", 200, True),
        ("a section", 200, True),
        ("typing", 200, True),
        ("saving a page", 200, True),
        ("sending a file", 303, True),
        ("taking a file", 200, True),
        ("taking the receipt", 200, True),
        ("a case", 200, True),
    ],
)
def test_whenever_the_connection_is_lost_the_page_is_clear_and_the_next_request_works(
    product: Product, what: str, good: int, *, asks: bool
) -> None:
    done, refused = list[str](), 0
    for asked in range(MOST):
        product.blow.before(asked)
        answer = product.request(what)
        if not product.blow.over():
            break
        assert answer.status_code == 503, f"the connection was lost before {asked + 1}"
        assert answer.headers["retry-after"].isdigit()
        assert "Wat al was opgeslagen, staat er nog" in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        refused += 1
        assert product.request(what).status_code == good
        done.append(product.text)
    assert answer.status_code == good
    assert (refused > 0) is asks
    require_whole(product, what, [*done, product.text])


def require_whole(product: Product, what: str, done: list[str]) -> None:
    """What was refused left nothing behind, what was not stands there once, and the log is whole."""
    with product.stage.world() as world:
        case = world.db.get_one(CaseRow, product.case.id)
        assert audit_log.check(world.db).whole
        if what == "sending a file":
            rows = world.db.exec(select(AttachmentRow.id).where(AttachmentRow.case_id == case.id)).all()
            assert len(rows) == len(done) + 1  # one was there
        if what in {"typing", "saving a page"}:
            newest_first = answers.history(world.db, case, AnswerPath.parse("own_points"))
            stands = [str(one.answer) for one in reversed(newest_first)][-len(done) :]
            assert all(text in kept for text, kept in zip(done, stands, strict=True)), stands

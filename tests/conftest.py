"""What every test may ask for: a database that is rolled back, a database of its own, settings, a browser.

Options: `--db sqlite|postgresql` chooses the engine for the whole run; `--browser` lets the browser tests run, and
`--small-disk` those that fill a disk of their own; `--only-database` leaves out what asks for no database and so says
the same on every engine. Tests marked `postgres`, `browser` or `small_disk` are left out, not skipped, when the run is
not about them.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlmodel import Session

from app.settings import Settings
from tests.databases import RUN, SERVER, Databases, PostgresDatabases, SqliteDatabases, postgres_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No deadlines: a slow machine is not a wrong answer. The gate repeats itself exactly; at a desk every run explores.
hypothesis_settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "dev", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "quick", deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")

PAGES = Path(__file__).parent / "web"
EVERY_LINE = {
    "test_agreements", "test_application", "test_attachments", "test_candidates_door", "test_keeping", "test_log",
    "test_notes", "test_own_copy", "test_people", "test_processing_log", "test_public_rules", "test_rectifying",
    "test_review_pages", "test_reviewer_files", "test_rights", "test_sessions", "test_single_sign_on",
    "test_ui_every_page",
}  # fmt: skip
"""Modules of `PAGES` that together pass nearly every line of the pages. The others, marked `repeats`, pass the same lines
again: the gate counts no lines there, which would take them twice as long."""

# The variables of the tests themselves; every other TOETSSTEEN_ variable is a setting of the product.
_FOR_TESTS = {SERVER, RUN, "TOETSSTEEN_CHROMIUM"}
_server = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgresql"], default="sqlite", help="the database of this run")
    parser.addoption("--only-database", action="store_true", help="only the tests that ask for a database")
    parser.addoption("--browser", action="store_true", help="also run the tests that drive a browser")
    parser.addoption("--small-disk", action="store_true", help="also run the tests that mount a disk of their own")
    parser.addoption("--attack", type=int, default=1, help="how many times the requests that tests/attacks makes up")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the process that the person started; workers find it in the environment."""
    stack = config.stash[_server] = ExitStack()
    if config.getoption("--db") == "postgresql" and not hasattr(config, "workerinput"):
        stack.enter_context(postgres_server())


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_server].close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == PAGES and item.path.stem not in EVERY_LINE:
            item.add_marker("repeats")
    left_out = []
    if config.getoption("--db") != "postgresql":
        left_out += [item for item in items if item.get_closest_marker("postgres")]
    if not config.getoption("--browser"):
        left_out += [item for item in items if item.get_closest_marker("browser")]
    if not config.getoption("--small-disk"):
        left_out += [item for item in items if item.get_closest_marker("small_disk")]
    if config.getoption("--only-database"):
        left_out += [item for item in items if not asks_for_a_database(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def asks_for_a_database(item: pytest.Item) -> bool:
    """Tell whether a test gets a database of the chosen engine, itself or through another fixture, or names its engine."""
    return "databases" in getattr(item, "fixturenames", ()) or item.get_closest_marker("postgres") is not None


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Gives migrated databases, as many as asked for."""
    from app.store.migrating import upgrade  # noqa: PLC0415 - the tests of the core need no database layer

    if pytestconfig.getoption("--db") == "postgresql":
        return PostgresDatabases(os.environ[SERVER], os.environ[RUN], upgrade)
    return SqliteDatabases(tmp_path_factory.mktemp("databases"), upgrade)


@pytest.fixture(scope="session")
def attack_times(pytestconfig: pytest.Config) -> int:
    """How many times the usual number of requests an attack makes up."""
    times: int = pytestconfig.getoption("--attack")
    return times


@pytest.fixture(scope="session")
def database_url(databases: Databases) -> Iterator[str]:
    """The migrated database of this worker. What `session` does in it is undone; never commit to it otherwise."""
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The engine on the database of this worker."""
    from app.crypto.masters import from_text, new_line  # noqa: PLC0415 - as above
    from app.store.engine import open_engine  # noqa: PLC0415 - as above

    engine = open_engine(database_url, from_text(new_line()))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session in which commit works, and of which nothing remains after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def own_database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for this test alone: for servers, threads, command lines and everything that commits."""
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
def settings(own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an installation for this test alone, whatever the environment of this machine says.

    Passwords are hashed as cheaply as argon2 allows: what is tested is that they are, not how long that takes.
    """
    for name in [name for name in os.environ if name.startswith("TOETSSTEEN_") and name not in _FOR_TESTS]:
        monkeypatch.delenv(name)
    return Settings(
        data_dir=tmp_path,
        database_url=own_database_url,
        base_url="http://testserver",
        argon2_time_cost=1,
        argon2_memory_kib=8,
        open_forms_per_minute=0,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium without a window: the one of `TOETSSTEEN_CHROMIUM`, else of the machine, else of Playwright."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - starts a Node process; only browser tests pay

    quiet = ["--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("TOETSSTEEN_CHROMIUM") or shutil.which("chromium"),
            args=[*quiet, "--disable-component-update", "--disable-sync", "--disable-quic"],
        )
        yield chromium
        chromium.close()

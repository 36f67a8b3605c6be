"""A link for a new password: how often it is mailed, to whom, and that nobody takes one away from somebody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts import sessions
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import identities, outbox
from app.store.engine import open_engine, open_session
from app.store.rows import PersonRow
from app.store.types import utc_now
from app.usecases import joining, signing_in
from app.usecases.signing_in import Halfway, Place, Refused
from tests.signing_in import person
from tests.usecases.world import make_world

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLERK = "gerda.griffioen@voorbeeld.example"
HERE = Place("192.0.2.1")
NEW = "een heel andere zin om te onthouden"


@pytest.fixture
def engine_of(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        make_world(db, settings)
        db.commit()
    yield engine
    engine.dispose()


def ask(engine: Engine, settings: Settings, email: str = CLERK, place: Place = HERE) -> None:
    joining.forgotten(engine, settings, email, place)


def links(db: Session, email: str = CLERK) -> list[str]:
    """The tokens that were mailed, oldest first."""
    mails = [row for row in reversed(outbox.newest(db)) if row.name == "account_password" and row.to_address == email]
    texts = (str(row.content["text"]) for row in mails)
    return [line.rpartition("/")[2] for text in texts for line in text.splitlines() if "/welkom/" in line]


def test_nobody_fills_the_mailbox_of_somebody_else(engine_of: Engine, settings: Settings):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(40):
            ask(engine_of, settings, place=Place(f"198.51.100.{number}"))
            clock.shift(timedelta(minutes=1))
        with open_session(engine_of) as db:
            assert len(links(db)) == joining.MOST_ASKED
        clock.shift(timedelta(hours=1))
        ask(engine_of, settings)
        with open_session(engine_of) as db:
            assert len(links(db)) == joining.MOST_ASKED + 1


def test_asking_again_takes_no_link_away_and_using_one_ends_the_others(engine_of: Engine, settings: Settings):
    for number in range(2):
        ask(engine_of, settings, place=Place(f"198.51.100.{number}"))
    with open_session(engine_of) as db:
        first, second = links(db)
        assert isinstance(joining.choose_password(db, settings, first, NEW), Halfway)
        assert isinstance(joining.choose_password(db, settings, second, "nog een zin van zes woorden"), Refused)
        assert isinstance(joining.choose_password(db, settings, first, "nog een zin van zes woorden"), Refused)
        assert isinstance(signing_in.begin(db, settings, CLERK, NEW), Halfway)
        db.commit()


def test_many_who_ask_at_once_are_counted_one_by_one(engine_of: Engine, settings: Settings):
    start = Barrier(8)

    def go(number: int) -> None:
        start.wait(timeout=30)
        ask(engine_of, settings, place=Place(f"198.51.100.{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(go, range(8)))
    with open_session(engine_of) as db:
        assert len(links(db)) == joining.MOST_ASKED


def test_an_invitation_is_replaced_by_the_next_one(engine_of: Engine, settings: Settings):
    with open_session(engine_of) as db:
        row = person(db, CLERK)
        by = sessions.start_for_person(db, settings, row, "").actor
        old, new = (joining.send_link(db, settings, by, row, "invitation").rpartition("/")[2] for _ in range(2))
        assert joining.face(db, settings, old) is None
        face = joining.face(db, settings, new)
        assert face is not None
        assert face.open


@pytest.mark.parametrize("linked", [True, False])
def test_who_only_came_in_through_the_organisation_gets_no_way_around_it(
    engine_of: Engine, settings: Settings, linked: bool
):
    email = "alleen.elders@voorbeeld.example"
    with open_session(engine_of) as db:
        row = PersonRow(
            organisation_id=person(db, CLERK).organisation_id, name="Alleen Elders", email=email, role=Role.ANALYST,
            password_hash="",
        )  # fmt: skip
        db.add(row)
        db.flush()
        if linked:
            identities.link(db, row.id, "https://inloggen.example", "subject", utc_now())
        db.commit()
    there = settings.model_copy(update={"oidc_issuer": "https://inloggen.example"})
    ask(engine_of, there, email)
    with open_session(engine_of) as db:
        assert len(links(db, email)) == (0 if linked else 1)


def test_who_has_a_password_here_too_can_choose_another_one(engine_of: Engine, settings: Settings):
    with open_session(engine_of) as db:
        identities.link(db, person(db, CLERK).id, "https://inloggen.example", "subject", utc_now())
        db.commit()
    ask(engine_of, settings)
    with open_session(engine_of) as db:
        assert len(links(db)) == 1

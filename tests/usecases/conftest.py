"""The world that tests of use cases live in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.actor import Actor
from app.settings import Settings
from app.usecases.lines import CaseLine
from tests.usecases.world import World, make_world

CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8, smtp_host="")


@dataclass(frozen=True)
class Reviewed:
    """A world in which one case is under review and another candidate is still answering."""

    world: World
    case: CaseLine
    candidate: Actor
    other_candidate: Actor


@pytest.fixture
def cheap() -> Settings:
    """Settings for a test that has its session already: passwords cost next to nothing."""
    return CHEAP


@pytest.fixture(scope="module")
def reviewed_once(engine: sa.Engine) -> Iterator[tuple[sa.Connection, Reviewed]]:
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            world = make_world(session, CHEAP)
            case, candidate = world.in_review()
            _, other = world.answering(name="Ander Mens")
            session.commit()
        yield connection, Reviewed(world, case, candidate, other)
        transaction.rollback()


@pytest.fixture
def reviewed(reviewed_once: tuple[sa.Connection, Reviewed]) -> Iterator[Reviewed]:
    """The same world for every test of a module, as it was: making it costs more than most of its tests."""
    connection, made = reviewed_once
    savepoint = connection.begin_nested()
    with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield replace(made, world=replace(made.world, db=session))
    savepoint.rollback()


@pytest.fixture
def world(session: Session, cheap: Settings) -> World:
    return make_world(session, cheap)

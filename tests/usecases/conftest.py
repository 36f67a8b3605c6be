"""The world that tests of use cases live in."""

import pytest
from sqlmodel import Session

from app.settings import Settings
from tests.usecases.world import World, make_world


@pytest.fixture
def cheap() -> Settings:
    """Settings for a test that has its session already: passwords cost next to nothing."""
    return Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8, smtp_host="")


@pytest.fixture
def world(session: Session, cheap: Settings) -> World:
    return make_world(session, cheap)

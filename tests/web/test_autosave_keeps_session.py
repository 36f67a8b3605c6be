"""Whoever saves is somebody who is there: the limit on sitting still is never reached while answers come in."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.tokens import fingerprint
from app.store.rows import SignInRow
from app.store.types import utc_now
from tests.e2e.stage import Case
from tests.web.conftest import House


def sit_still(house: House, case: Case, minutes: int) -> None:
    """Let the last sign of life of this candidate be so much longer ago."""
    with house.stage.world() as world:
        row = world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(case.session))).one()
        row.seen_at -= timedelta(minutes=minutes)


def last_seen(house: House, case: Case) -> timedelta:
    with house.stage.world() as world:
        row = world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(case.session))).one()
        return utc_now() - row.seen_at


@pytest.mark.parametrize(
    ("answers", "status", "htmx"),
    [
        (("no", "yes", "no"), 200, True),  # each is plain: the fast road
        (("yes", "yes", "yes"), 200, True),  # repeated without a change
        (("misschien", "misschien", "misschien"), 422, True),  # cannot be read: the ordinary road
        (("no", "yes", "no"), 303, False),  # without JavaScript: the ordinary road
    ],
)
def test_who_saves_more_often_than_the_limit_is_never_signed_out(
    house: House, answers: tuple[str, ...], status: int, *, htmx: bool
) -> None:
    case = house.stage.answering()
    limit = house.stage.settings.session_idle_minutes
    for answer in answers:
        sit_still(house, case, limit * 2 // 3)
        saved = house.post(case, f"{case.form}/antwoord/is_resident?op=office", {"is_resident": answer}, htmx=htmx)
        assert saved.status_code == status, saved.text
        assert last_seen(house, case) < timedelta(minutes=1)


@pytest.mark.parametrize("htmx", [True, False])
def test_who_does_nothing_for_the_whole_limit_is_signed_out(house: House, *, htmx: bool) -> None:
    case = house.stage.answering()
    sit_still(house, case, house.stage.settings.session_idle_minutes)
    saved = house.post(case, f"{case.form}/antwoord/is_resident?op=office", {"is_resident": "no"}, htmx=htmx)
    assert saved.status_code == 401, saved.text

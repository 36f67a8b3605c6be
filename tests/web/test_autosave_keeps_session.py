"""Whoever saves is somebody who is there: the limit on sitting still is never reached while answers come in."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.tokens import fingerprint
from app.store.rows import SignInRow
from app.store.types import utc_now
from app.web.cases.autosave import RENEWED, SEEN_AGAIN
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


def test_who_goes_on_saving_is_looked_up_now_and_then_and_not_at_every_save(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session costs more to look up than a save: a country that types would do little else."""
    case, application = house.stage.answering(), house.client.app
    remembered = application.state.remembered  # type: ignore[attr-defined]
    clock, looked, real = [1_000_000.0], [], remembered._look_up

    def watched(token: str, origin: str) -> Any:
        looked.append(token)
        return real(token, origin)

    monkeypatch.setattr(remembered, "_look_up", watched)
    monkeypatch.setattr("app.web.cases.autosave.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def saves(times: int, every: float) -> int:
        before = len(looked)
        for number in range(times):
            clock[0] += every
            answer = ("no", "yes")[number % 2]
            address = f"{case.form}/antwoord/is_resident?op=office"
            assert house.post(case, address, {"is_resident": answer}, htmx=True).status_code == 200
        return len(looked) - before

    assert saves(8, SEEN_AGAIN - 5) == 1
    assert saves(3, SEEN_AGAIN + 5) == 3
    assert saves(round(4 * RENEWED / 30), 30.0) in {2, 3, 4}


def test_a_session_that_was_ended_elsewhere_saves_nothing_more_although_it_is_remembered(house: House) -> None:
    case = house.stage.answering()
    address = f"{case.form}/antwoord/is_resident?op=office"
    assert house.post(case, address, {"is_resident": "no"}, htmx=True).status_code == 200
    with house.stage.world() as world:
        row = world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(case.session))).one()
        row.revoked_at = utc_now()
    assert house.post(case, address, {"is_resident": "yes"}, htmx=True).status_code == 401

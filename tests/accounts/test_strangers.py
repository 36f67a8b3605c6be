"""Nobody learns at the door who has an account: the same work and the same answer, whoever somebody says to be."""

import base64
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.passwords import MAXIMUM_LENGTH, hash_password, verify_password
from app.settings import Settings
from app.store import proofs
from app.store.rows import PasskeyRow
from app.usecases import entering
from app.usecases.signing_in import Place
from app.web.account.steps import DEVICE
from tests.signing_in import person
from tests.web.conftest import House, house

__all__ = ["house"]  # a fixture

CLERK, STRANGER = "gerda.griffioen@voorbeeld.example", "niels.niemandsland@voorbeeld.example"
CREDENTIAL = b"a passkey of somebody"


class Work:
    """What a request cost: the statements that ran, and how often a password was held against a hash."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.hashes = 0


@contextmanager
def counted(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    from argon2 import PasswordHasher  # noqa: PLC0415 - the library below ours, to count where it cannot be missed

    work, app = Work(), house.client.app
    real = PasswordHasher.verify

    def hashing(self: PasswordHasher, *given: Any) -> Any:
        work.hashes += 1
        return real(self, *given)

    def ran(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        work.statements.append(statement)

    engine = app.state.engine  # type: ignore[attr-defined]
    monkeypatch.setattr(PasswordHasher, "verify", hashing)
    event.listen(engine, "before_cursor_execute", ran)
    try:
        yield work
    finally:
        event.remove(engine, "before_cursor_execute", ran)
        monkeypatch.undo()


def told(answer: httpx2.Response, *mine: str) -> tuple[int, str, dict[str, str]]:
    """Everything that can be compared, without what somebody typed and what chance made."""
    text = answer.text
    for one in mine:
        text = text.replace(one, "…")
    left_out = {"date", "content-length"}
    headers = {name: value for name, value in answer.headers.items() if name not in left_out}
    cookie = headers.pop("set-cookie", "")
    return answer.status_code, text, headers | {"cookie": cookie.partition("=")[0]}


def visitor(house: House, origin: str = "192.0.2.1", **cookies: str) -> TestClient:
    """A browser at an address: failures are counted for each apart."""
    return TestClient(
        house.client.app, base_url="http://testserver", follow_redirects=False, cookies=cookies, client=(origin, 50000)
    )


@pytest.mark.parametrize("password", ["geraden", "g" * (MAXIMUM_LENGTH + 1)])
@pytest.mark.parametrize("device", ["", "een apparaat"])
def test_a_wrong_password_and_an_unknown_address_look_and_cost_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch, password: str, device: str
) -> None:
    seen = []
    for email in (CLERK, STRANGER):
        with counted(house, monkeypatch) as work:
            me = visitor(house, f"192.0.2.{len(password) % 200 + len(device)}", **({DEVICE: device} if device else {}))
            answer = me.post("/inloggen", data={"email": email, "wachtwoord": password})
        seen.append((told(answer, email), work.statements, work.hashes))
    assert seen[0] == seen[1]
    assert seen[0][0][0] == 422
    assert seen[0][2] == (1 if len(password) <= MAXIMUM_LENGTH else 0)


def test_an_account_that_is_off_or_has_no_password_is_as_unknown(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for change in ({"active": False}, {"password_hash": ""}, {}):
        with house.stage.world() as world:
            row = person(world.db, CLERK)
            before = {name: getattr(row, name) for name in change}
            for name, value in change.items():
                setattr(row, name, value)
        with counted(house, monkeypatch) as work:
            answer = visitor(house, "198.51.100.1").post("/inloggen", data={"email": CLERK, "wachtwoord": "geraden"})
        seen.append((told(answer), work.statements, work.hashes))
        with house.stage.world() as world:
            row = person(world.db, CLERK)
            for name, value in before.items():
                setattr(row, name, value)
    assert seen[0] == seen[1] == seen[2]


def test_a_forgotten_password_is_looked_up_only_after_the_answer_went_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for email in (CLERK, STRANGER):
        before_the_answer: list[int] = []
        with counted(house, monkeypatch) as work:
            inner = house.client.app

            async def noting(
                scope: Any, receive: Any, send: Any, inner: Any = inner, work: Work = work,
                at: list[int] = before_the_answer,
            ) -> None:  # fmt: skip
                async def sent(message: Any) -> None:
                    if message["type"] == "http.response.body" and not message.get("more_body"):
                        at.append(len(work.statements))
                    await send(message)

                await inner(scope, receive, sent)

            me = TestClient(noting, base_url="http://testserver")
            answer = me.post("/inloggen/vergeten", data={"email": email})
        seen.append((told(answer, email), before_the_answer))
        assert work.statements, "it is looked up, but later"
    assert seen[0] == seen[1]
    assert seen[0][1] == [0]


def test_the_question_to_a_device_names_no_key_and_asks_nobody(house: House) -> None:
    options = json.loads(visitor(house).post("/inloggen/sleutel/vraag").text)
    assert not options.get("allowCredentials")


def test_a_known_passkey_with_a_wrong_signature_looks_like_an_unknown_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.stage.world() as world:
        mark = proofs.mark_of(CREDENTIAL)
        if world.db.exec(select(PasskeyRow).where(PasskeyRow.credential_sha256 == mark)).first() is None:
            key = PasskeyRow(
                person_id=person(world.db, CLERK).id, credential_sha256=mark, credential_id=CREDENTIAL, public_key=b"x",
                sign_count=0, name="Sleutel",
            )  # fmt: skip
            proofs.add_passkey(world.db, key)
    seen = []
    for credential in (CREDENTIAL, b"a passkey of nobody.."):
        me = visitor(house)
        me.post("/inloggen/sleutel/vraag")
        sent = json.dumps({"id": base64.urlsafe_b64encode(credential).decode().rstrip("=")})
        with counted(house, monkeypatch) as work:
            answer = me.post("/inloggen/sleutel", data={"antwoord": sent})
        seen.append((told(answer), work.statements, work.hashes))
    assert seen[0] == seen[1]
    assert seen[0][0][0] == 303


def test_while_a_link_rests_or_is_over_the_right_code_looks_like_a_wrong_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.stage.world() as world:
        invited = world.invited(world.case(name="Deur Dicht"))
        for _ in range(world.settings.attempts_before_lock):
            entering.begin(world.db, world.settings, invited.link.rpartition("/")[2], "FOUT-FOUT", Place("192.0.2.1"))
    seen = []
    for code in ("EERS-TE99", invited.code, "FOUT-FOUT"):
        with counted(house, monkeypatch) as work:
            answer = visitor(house).post(invited.link.removeprefix("http://testserver"), data={"code": code})
        seen.append((told(answer, code), work.statements, work.hashes))
    # The first one fetched the key of the case; what follows finds it at hand.
    assert seen[1] == seen[2]
    assert (seen[1][0][0], seen[1][2]) == (422, 1)


def test_with_real_hashes_somebody_unknown_takes_as_long() -> None:
    """A ratio of turns in one run, so that a busy machine slows down both: without a hash it would be far below."""
    dear = Settings(base_url="http://testserver")
    stored = hash_password(dear, "een zin om te onthouden")
    verify_password(dear, "geraden", None)
    pairs = [(_seconds(dear, None), _seconds(dear, stored)) for _ in range(9)]
    ratio = statistics.median(unknown for unknown, _ in pairs) / statistics.median(known for _, known in pairs)
    assert 0.5 < ratio < 2


def _seconds(settings: Settings, stored: str | None) -> float:
    began = time.perf_counter()
    assert verify_password(settings, "geraden", stored) == (False, None)
    return time.perf_counter() - began

"""A mail server that is away, hangs, breaks off, refuses or is somebody else: mails wait, nothing hangs, nothing is sent twice."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlmodel import Session

from app import mail
from app.mail import Delivery
from app.settings import Settings
from app.store import outbox, people
from app.store.engine import open_engine, open_session
from app.store.outbox import Letter
from bench.world import environment, installation, served

pytestmark = pytest.mark.massive

LETTER = Letter("Uw code", "Hallo.\n", "<p>Hallo.</p>\n")
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
TO = "anna@voorbeeld.example"


class Post:
    """A mail server: what it says at each command can be chosen, and it remembers what it took and what it heard."""

    def __init__(self, **says: str) -> None:
        self.says = says
        self.taken: list[str] = []
        self.heard: list[str] = []
        self.secrets: list[str] = []

    async def _answer(self, command: str, server: Any, good: str) -> str:
        self.heard.append(command)
        said = self.says.get(command, good)
        if said == "hang":
            await asyncio.sleep(3600)
        if said == "drop":
            server.transport.abort()
        return said

    async def handle_MAIL(  # noqa: N802 - the names are given
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return await self._answer("MAIL", server, "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server, "250 OK")

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        said = await self._answer("DATA", server, "250 OK")
        if not said.startswith(("4", "5")):
            self.taken.append(str(BytesParser(policy=default).parsebytes(envelope.content)["Message-ID"]))
        return said

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return await self._answer("QUIT", server, "221 Bye")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    return found


@contextmanager
def serving(port: int, post: Post, **options: Any) -> Iterator[Post]:
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@pytest.fixture
def settings(port: int) -> Settings:
    plain = Settings.model_construct()
    return plain.model_copy(
        update={
            "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False, "mail_from": "toets@voorbeeld.example"
        }
    )  # fmt: skip


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def put(session: Session, clock: time_machine.Traveller) -> Callable[..., list[str]]:
    """Puts mails to these addresses in the outbox, and gives their ids."""
    assert outbox.newest(session) == []
    clock.shift(0)
    organisation = people.add_organisation(session, "Gemeente", "municipality", theme="default", settings={}).id

    def write(*to: str) -> list[str]:
        return [outbox.put(session, organisation, None, "reminder", address, LETTER) for address in to]

    return write


def row_of(session: Session, mail_id: str) -> Any:
    return next(row for row in outbox.newest(session) if row.id == mail_id)


def test_a_server_that_is_away_all_day_gets_every_mail_once_within_the_hour(
    session: Session, settings: Settings, port: int, clock: time_machine.Traveller, put: Callable[..., list[str]]
) -> None:
    put(*(f"kandidaat{number}@voorbeeld.example" for number in range(3)))
    for _ in range(8 * 12):
        mail.deliver(session, settings)
        clock.shift(timedelta(minutes=5))
    assert all(0 < row.attempts < 20 and row.sent_at is None for row in outbox.newest(session))
    with serving(port, Post()) as post:
        for _ in range(12):
            mail.deliver(session, settings)
            clock.shift(timedelta(minutes=5))
    assert len(post.taken) == len(set(post.taken)) == 3
    assert all(row.sent_at is not None for row in outbox.newest(session))


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("said", ["hang", "drop"])
def test_a_server_that_hangs_or_breaks_off_gets_the_mail_later_under_the_same_name(
    session: Session, settings: Settings, port: int, clock: time_machine.Traveller, put: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch, command: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(mail, "SMTP_SECONDS", 0.3)
    (waiting,) = put(TO)
    with serving(port, Post(**{command: said})) as post:
        assert mail.deliver(session, settings) == Delivery(0, 1)
    assert row_of(session, waiting).attempts == 1
    clock.shift(timedelta(minutes=1))
    with serving(port, Post()) as later:
        assert mail.deliver(session, settings) == Delivery(1, 0)
        clock.shift(timedelta(hours=2))
        assert mail.deliver(session, settings) == Delivery(0, 0)
    # Broken off after the text, nobody can know whether it arrived: both carry one name, so that one can be left out.
    assert {*post.taken, *later.taken} == {f"<{waiting}@voorbeeld.example>"}
    assert len(later.taken) == 1
    assert len(post.taken) == (1 if (command, said) == ("DATA", "drop") else 0)


def test_a_server_that_accepts_and_says_nothing_holds_nobody_up(
    session: Session, settings: Settings, port: int, put: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SMTP_SECONDS", 0.3)
    put(TO, "olga@voorbeeld.example")
    with socket.create_server(("127.0.0.1", port)):
        assert mail.deliver(session, settings) == Delivery(0, 2)


@pytest.mark.parametrize(
    ("says", "for_good"),
    [
        ({"MAIL": "421 too busy"}, False),
        ({"MAIL": "550 not from you"}, False),  # our own sender: an operator mends it
        ({"RCPT": "450 mailbox is busy"}, False),
        ({"RCPT": "452 mailbox is full"}, False),
        ({"RCPT": "550 no such user"}, True),
        ({"DATA": "451 try again"}, False),
        ({"DATA": "554 refused"}, True),
    ],
)
def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not(
    session: Session, settings: Settings, port: int, clock: time_machine.Traveller, put: Callable[..., list[str]],
    says: dict[str, str], *, for_good: bool,
) -> None:  # fmt: skip
    put(TO)
    with serving(port, Post(**says)) as post:
        assert mail.deliver(session, settings) == Delivery(0, 1)
        clock.shift(timedelta(minutes=1))
        post.says.clear()
        assert mail.deliver(session, settings) == Delivery(0 if for_good else 1, 0)
    assert len(post.taken) == (0 if for_good else 1)


@pytest.mark.parametrize("goodbye", ["421 closing", "250 fine", "drop", "hang"])
def test_a_mail_that_was_taken_is_not_sent_again_because_of_how_the_server_says_goodbye(
    session: Session, settings: Settings, port: int, clock: time_machine.Traveller, put: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch, goodbye: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(mail, "SMTP_SECONDS", 0.3)
    put(TO)
    with serving(port, Post(QUIT=goodbye)) as post:
        assert mail.deliver(session, settings) == Delivery(1, 0)
        clock.shift(timedelta(hours=2))
        assert mail.deliver(session, settings) == Delivery(0, 0)
    assert len(post.taken) == 1


def test_one_receiver_that_is_refused_or_cannot_be_written_keeps_none_of_the_others_waiting(
    session: Session, settings: Settings, port: int, put: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    put("geen adres van ons", TO, "@", "olga@voorbeeld.example")
    with serving(port, Post()) as post:
        assert mail.deliver(session, settings) == Delivery(2, 2)
    assert len(post.taken) == 2
    assert "geen adres" not in capsys.readouterr().err


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that vouches for itself, for this name: its file, and what a server needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=1000))  # the library looks at the real clock
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{name}.crt", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return file, context


@pytest.mark.parametrize(("named", "trusted"), [("localhost", False), ("elders.example", True)])
def test_a_server_that_is_somebody_else_gets_no_mail_and_no_password(
    session: Session, settings: Settings, port: int, clock: time_machine.Traveller, put: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str, *, trusted: bool,
) -> None:  # fmt: skip
    right, own_context = certificate(tmp_path, "localhost")
    file, context = (right, own_context) if named == "localhost" else certificate(tmp_path, named)
    monkeypatch.setenv("SSL_CERT_FILE", str(file) if trusted else "/dev/null")
    encrypted = settings.model_copy(
        update={"smtp_host": "localhost", "smtp_starttls": True, "smtp_user": "toets", "smtp_password": "geheim"}
    )
    put(TO)
    post = Post()

    def allow(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> Any:
        post.secrets.append(told.password.decode())
        return AuthResult(success=True)

    with serving(port, post, tls_context=context, authenticator=allow, auth_require_tls=False):
        assert mail.deliver(session, encrypted) == Delivery(0, 1)
    assert (post.taken, post.heard, post.secrets) == ([], [], [])
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    clock.shift(timedelta(minutes=1))
    with serving(port, post, tls_context=own_context, authenticator=allow):
        assert mail.deliver(session, encrypted) == Delivery(1, 0)
    assert (len(post.taken), post.secrets) == (1, ["geheim"])


def test_a_server_that_offers_no_encryption_gets_no_mail_and_no_password(
    session: Session, settings: Settings, port: int, put: Callable[..., list[str]]
) -> None:
    encrypted = settings.model_copy(update={"smtp_starttls": True, "smtp_user": "toets", "smtp_password": "geheim"})
    put(TO)
    with serving(port, Post()) as post:
        assert mail.deliver(session, encrypted) == Delivery(0, 1)
    assert (post.taken, post.secrets) == ([], [])


def test_two_who_deliver_send_no_mail_twice_although_one_of_them_is_slow(own_database_url: str) -> None:
    with (
        installation(0, database_url=own_database_url) as (chosen, _),
        time_machine.travel(MORNING, tick=False) as clock,
    ):
        engine = open_engine(chosen.database, chosen.master_keys)
        with open_session(engine) as db:
            organisation = people.organisations(db)[0].id
            for number in range(4):
                outbox.put(db, organisation, None, "reminder", f"k{number}@voorbeeld.example", LETTER)
            db.commit()
        sent: list[str] = []

        def quickly(message: Any) -> None:
            sent.append(message["To"])

        def slowly(message: Any) -> None:
            sent.append(message["To"])
            clock.shift(timedelta(minutes=6))
            with open_session(engine) as other:
                mail.deliver(other, chosen, send=quickly)
                other.commit()

        with open_session(engine) as db:
            mail.deliver(db, chosen, send=slowly)
            db.commit()
        engine.dispose()
    assert sorted(sent) == [f"k{number}@voorbeeld.example" for number in range(4)]


def test_a_process_ends_when_it_is_told_to_although_the_mail_server_hangs(port: int) -> None:
    with installation(0) as (chosen, _):
        engine = open_engine(chosen.database, chosen.master_keys)
        with open_session(engine) as db:
            waiting = outbox.put(db, people.organisations(db)[0].id, None, "reminder", TO, LETTER)
            db.commit()
        env = environment(chosen) | {
            "TOETSSTEEN_SMTP_HOST": "127.0.0.1", "TOETSSTEEN_SMTP_PORT": str(port),
            "TOETSSTEEN_SMTP_STARTTLS": "false", "TOETSSTEEN_OUTBOX_SECONDS": "0.1",
        }  # fmt: skip
        with (
            socket.create_server(("127.0.0.1", port)) as server,
            served("app.main:create_app", env=env, factory=True) as (_, process),
        ):
            server.settimeout(60)
            reached, _ = server.accept()
            process.terminate()
            process.wait(timeout=60)
            reached.close()
        with open_session(engine) as db:
            row = row_of(db, waiting)
            assert (row.sent_at, row.attempts) == (None, 0)
        engine.dispose()

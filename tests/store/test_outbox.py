"""Mail goes out over a real connection, once; what fails is tried again later."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlmodel import Session

from app import mail
from app.mail import Delivery
from app.settings import Settings
from app.store import outbox, people
from app.store.outbox import Letter
from app.usecases import candidate_mail

LETTER = Letter("Uw code", "Hallo,\nuw code is ABCD.\n", "<p>Uw code is <b>ABCD</b>.</p>\n")
FIELDS: dict[str, Any] = {
    "name": "Anna <Veld>",
    "role": "onderzoeker",
    "reference": "TS-2026-ABC123",
    "organisation": "Gemeente Voorbeeldstad",
    "sender": "Gerda Griffioen",
    "contact": "de griffie",
    "office": "wethouder",
    "link": "https://toetssteen.example/uitnodiging/abc",
    "device": "Firefox op Linux",
    "who": "Olga Onderwater",
    "by": "Bea Beheer",
    "links": True,
    "way": candidate_mail.way_with("https://toetssteen.example", "BCDFGHJKMNPQ"),
    "why": "Er is om een link gevraagd.",
    "minutes": 10,
    "code": "ABCD-EFGH",
    "code_way": "U krijgt de code apart.",
    "count": 2,
    "what": "Start de beoordeling",
    "term_until": datetime(2026, 12, 1, tzinfo=UTC),
    "expires_at": datetime(2026, 12, 31, tzinfo=UTC),
    "due": datetime(2026, 12, 5, tzinfo=UTC),
    "hours": 72,
    "reason": "Telefoon kwijt",
    "left": 9,
    "on": datetime(2027, 1, 15, tzinfo=UTC),
    "case_on": date(2027, 1, 15),
    "council_on": date(2028, 1, 15),
}


class Received:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the name is given
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[tuple[Received, int]]:
    received = Received()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    yield received, port
    controller.stop()


def settings_for(port: int) -> Settings:
    return Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False, mail_from="toets@voorbeeld.example")


@pytest.fixture
def organisation_id(session: Session) -> str:
    return people.add_organisation(session, "Gemeente", "municipality", theme="default", settings={}).id


def test_a_mail_arrives_with_both_texts_and_only_once(
    session: Session, organisation_id: str, mail_server: tuple[Received, int]
):
    received, port = mail_server
    mail_id = outbox.put(session, organisation_id, None, "invitation_code", "anna@voorbeeld.example", LETTER)
    assert mail.deliver(session, settings_for(port)) == Delivery(1, 0)
    assert mail.deliver(session, settings_for(port)) == Delivery(0, 0)
    assert len(received.mails) == 1
    arrived = received.mails[0]
    assert isinstance(arrived, EmailMessage)
    assert arrived["Subject"] == "Uw code"
    assert arrived["To"] == "anna@voorbeeld.example"
    assert mail_id in arrived["Message-ID"]
    parts = [part.get_content_type() for part in arrived.iter_parts()]
    assert parts == ["text/plain", "text/html"]


def test_a_mail_that_fails_waits_longer_every_time_and_goes_out_in_the_end(session: Session, organisation_id: str):
    sent: list[EmailMessage] = []

    def refuse(_mail: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    settings = Settings(smtp_host="")
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False) as clock:
        outbox.put(session, organisation_id, None, "reminder", "anna@voorbeeld.example", LETTER)
        assert mail.deliver(session, settings, send=refuse) == Delivery(0, 1)
        assert mail.deliver(session, settings, send=sent.append) == Delivery(0, 0)
        clock.shift(31)
        assert mail.deliver(session, settings, send=refuse) == Delivery(0, 1)
        clock.shift(31)
        assert mail.deliver(session, settings, send=sent.append) == Delivery(0, 0)
        clock.shift(30)
        assert mail.deliver(session, settings, send=sent.append) == Delivery(1, 0)
    row = outbox.newest(session)[0]
    assert (row.attempts, row.problem, len(sent)) == (3, "", 1)


def test_a_mail_does_not_wait_for_years_when_the_clock_is_set_back(session: Session, organisation_id: str):
    sent: list[EmailMessage] = []

    def refuse(_mail: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    settings = Settings(smtp_host="")
    with time_machine.travel(datetime(2031, 11, 23, 12, tzinfo=UTC), tick=False) as clock:
        outbox.put(session, organisation_id, None, "reminder", "anna@voorbeeld.example", LETTER)
        outbox.put(session, organisation_id, None, "reminder", "olga@voorbeeld.example", LETTER)
        assert mail.deliver(session, settings, send=refuse) == Delivery(0, 2)
        clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
        assert mail.deliver(session, settings, send=refuse) == Delivery(0, 2)
        # From here on the pauses are those of the clock as it is now: nothing goes out at once, or twice.
        assert mail.deliver(session, settings, send=sent.append) == Delivery(0, 0)
        clock.shift(61)
        assert mail.deliver(session, settings, send=sent.append) == Delivery(2, 0)
        assert mail.deliver(session, settings, send=sent.append) == Delivery(0, 0)
    assert [one["To"] for one in sent] == ["anna@voorbeeld.example", "olga@voorbeeld.example"]


def test_one_mail_that_fails_does_not_stop_the_others(session: Session, organisation_id: str):
    for address in ("een@voorbeeld.example", "twee@voorbeeld.example"):
        outbox.put(session, organisation_id, None, "reminder", address, LETTER)

    def refuse_first(message: EmailMessage) -> None:
        if message["To"].startswith("een"):
            raise OSError("no route")

    assert mail.deliver(session, Settings(smtp_host=""), send=refuse_first) == Delivery(1, 1)


def test_without_a_mail_server_mails_wait(session: Session, organisation_id: str):
    outbox.put(session, organisation_id, None, "reminder", "anna@voorbeeld.example", LETTER)
    assert mail.deliver(session, Settings(smtp_host="")) == Delivery(0, 0)
    assert outbox.newest(session)[0].sent_at is None


@pytest.mark.parametrize("name", mail.NAMES)
def test_every_mail_can_be_written_with_one_line_as_subject_and_nothing_from_outside_as_html(name: str):
    letter = mail.write(name, **FIELDS)
    assert letter.subject.strip()
    assert "\n" not in letter.subject
    assert "Anna <Veld>" in letter.text
    assert "Anna <Veld>" not in letter.html
    assert "Anna &lt;Veld&gt;" in letter.html
    # the same sentences in both, so that nobody reads another mail
    assert all(word in letter.html for word in letter.text.split("\n\n")[-1].split())


def test_every_folder_of_mails_is_used_and_complete():
    folder = mail.templates_directory() / "mail"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == sorted(mail.NAMES)
    for name in mail.NAMES:
        assert sorted(path.name for path in (folder / name).iterdir()) == ["body.html", "body.txt", "subject.txt"]


def test_a_line_end_in_a_name_makes_no_second_header():
    letter = mail.write("reminder", **{**FIELDS, "what": "x\nBcc: iemand@elders.example"})
    assert "\n" not in letter.subject


def test_a_mail_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="no mail"):
        mail.write("newsletter")

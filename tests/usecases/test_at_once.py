"""Several people at once, with real commits: nothing gets lost, nothing is counted twice, no chain forks."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from threading import Barrier, Event
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app import mail
from app.accounts.actor import Actor
from app.dossiers.docx import render_docx
from app.errors import NotAllowed, Stale
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Source
from app.settings import Settings
from app.store import answers as stored
from app.store import audit, cases
from app.store.engine import open_engine, open_session
from app.usecases import (
    answering,
    documents,
    entering,
    invitations,
    mailbox,
    recording,
    reviewing,
    sections,
    signing_in,
    submitting,
    worklist,
)
from app.usecases.answering import Conflict, Saved, Typed
from app.usecases.lines import CaseLine
from tests.usecases.world import CLUB, World, make_world, token_of

SOURCE = (Source.PUBLIC_MEDIA, "Naam", date(2026, 1, 2), "Niets gevonden.")


@dataclass
class Committed:
    """A world that others can see: everything in it was committed."""

    engine: sa.Engine
    world: World
    case: CaseLine
    candidate: Actor

    def act(self, act: Callable[[Session], Any]) -> Any:
        """Do one act in a session of its own, as a request would."""
        with open_session(self.engine) as db:
            done = act(db)
            db.commit()
            return done

    def together(self, *acts: Callable[[Session], Any]) -> list[Any]:
        """Do several acts at the same moment, each in a thread of its own."""
        start = Barrier(len(acts))

        def go(act: Callable[[Session], Any]) -> Any:
            start.wait(timeout=30)
            return self.act(act)

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(go, acts))


@pytest.fixture
def committed(settings: Settings) -> Iterator[Committed]:
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        world = make_world(db, settings)
        case, candidate = world.answering()
        db.commit()
    yield Committed(engine, world, case, candidate)
    engine.dispose()


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def typing(committed: Committed, text: str, revision: int | None = None) -> Callable[[Session], Any]:
    typed = Typed("public_accounts", (text,), revision=revision)
    return lambda db: answering.save(db, committed.candidate, committed.case.id, typed)


def test_of_two_answers_at_the_same_moment_one_wins_and_neither_is_lost(committed: Committed):
    done = committed.together(typing(committed, "een", 0), typing(committed, "twee", 0))
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Saved"]
    lost = next(one for one in done if isinstance(one, Conflict))
    won = next(one for one in done if isinstance(one, Saved))
    assert {lost.mine, won.question.shown} == {"een", "twee"}
    with open_session(committed.engine) as db:
        row = cases.access(db, committed.candidate, committed.case.id).case
        assert [one.answer.value for one in stored.lost(db, row) if one.answer] == [lost.mine]
        assert audit.verify(db) == ()


def test_many_at_once_make_one_history_and_one_chain(committed: Committed):
    texts = [f"tekst {number}" for number in range(12)]
    committed.together(*(typing(committed, text) for text in texts))
    with open_session(committed.engine) as db:
        row = cases.access(db, committed.candidate, committed.case.id).case
        history = stored.history(db, row, AnswerPath("public_accounts"))
        assert [one.revision for one in history] == list(range(12, 0, -1))
        assert {one.answer.value for one in history if one.answer} == set(texts)
        assert audit.verify(db) == ()


def test_pressing_submit_in_two_windows_hands_in_once(committed: Committed):
    def submit(db: Session) -> Any:
        return submitting.submit(
            db, committed.world.settings, committed.candidate, committed.case.id, truthful=True, will_report=True
        )

    done = committed.together(submit, submit, submit)
    assert sorted(one.again for one in done) == [False, True, True]
    assert {one.number for one in done} == {1}


def test_of_two_who_start_the_review_one_hears_that_it_was_started(committed: Committed):
    submit = submitting.submit
    committed.act(
        lambda db: submit(
            db, committed.world.settings, committed.candidate, committed.case.id, truthful=True, will_report=True
        )
    )

    def start(db: Session) -> str:
        try:
            return reviewing.start_review(db, committed.world.analyst, committed.case.id).step.value
        except NotAllowed as refused:
            return refused.reason

    done = committed.together(start, start)
    assert "in_review" in done
    assert len(set(done)) == 2


def test_what_is_taken_back_is_never_shown(committed: Committed):
    with open_session(committed.engine) as db:
        saved = answering.save(db, committed.candidate, committed.case.id, Typed("is_resident", ("no",)))
        assert isinstance(saved, Saved)
        assert saved.question.shown == "nee"
        db.rollback()
    # the next change makes the same version number, with something else in it
    committed.act(typing(committed, "iets anders"))
    with open_session(committed.engine) as db:
        view = sections.load_section(db, committed.candidate, committed.case.id, "office")
    assert next(one for one in view.questions if one.path == "is_resident").answer is None


def test_a_page_asks_the_database_as_much_for_a_long_case_as_for_a_short_one(committed: Committed):
    def load(db: Session) -> Any:
        return sections.load_section(db, committed.candidate, committed.case.id, "side_positions")

    with counted(committed.engine) as short:
        committed.act(load)
    committed.act(lambda db: World(**{**vars(committed.world), "db": db}).fill_in(committed.candidate, CLUB))
    with counted(committed.engine) as long:
        committed.act(load)
    assert len(long) <= len(short)


def test_the_work_list_asks_the_database_as_much_for_many_cases_as_for_one(committed: Committed):
    def look(db: Session) -> Any:
        return worklist.waiting(db, committed.world.clerk)

    committed.act(look)  # that somebody looked is written once
    with counted(committed.engine) as one:
        committed.act(look)

    def more(db: Session) -> None:
        world = World(**{**vars(committed.world), "db": db})
        for number in range(5):
            world.case(name=f"Kandidaat {number}")

    committed.act(more)
    with counted(committed.engine) as many:
        assert len(committed.act(look)) == 6
    assert len(many) == len(one)


def test_nobody_waits_while_a_password_is_looked_at(committed: Committed, monkeypatch: pytest.MonkeyPatch):
    looked: list[bool] = []

    def slow(*_: Any) -> tuple[bool, None]:
        committed.act(typing(committed, "intussen"))
        looked.append(True)
        return False, None

    monkeypatch.setattr(signing_in, "verify_password", slow)
    committed.act(lambda db: signing_in.begin(db, committed.world.settings, "niemand@voorbeeld.example", "x"))
    assert looked == [True]


def test_nobody_waits_while_a_document_is_written_and_it_is_written_again_when_the_case_changed(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
):
    world, case = committed.world, committed.case
    committed.act(
        lambda db: submitting.submit(db, world.settings, committed.candidate, case.id, truthful=True, will_report=True)
    )
    committed.act(lambda db: reviewing.start_review(db, world.analyst, case.id))
    written: list[int] = []

    def slow(composed: Any, style: bytes) -> bytes:
        if not written:
            committed.act(lambda db: recording.record_source(db, world.analyst, case.id, *SOURCE))
        written.append(1)
        return render_docx(composed, style)

    monkeypatch.setattr("app.dossiers.docx.render_docx", slow)
    made = committed.act(
        lambda db: documents.make_document(db, world.settings, world.principal, case.id, "council_version")
    )
    assert len(written) == 2
    assert (made.number, made.stale) == (1, False)


def test_a_document_that_cannot_keep_up_is_refused(committed: Committed, monkeypatch: pytest.MonkeyPatch):
    world, case = committed.world, committed.case
    committed.act(
        lambda db: submitting.submit(db, world.settings, committed.candidate, case.id, truthful=True, will_report=True)
    )
    committed.act(lambda db: reviewing.start_review(db, world.analyst, case.id))

    def always_late(_composed: Any, _style: bytes) -> bytes:
        committed.act(lambda db: recording.record_source(db, world.analyst, case.id, *SOURCE))
        return b""

    monkeypatch.setattr("app.dossiers.docx.render_docx", always_late)
    with pytest.raises(Stale):
        committed.act(
            lambda db: documents.make_document(db, world.settings, world.principal, case.id, "council_version")
        )


def test_inviting_and_entering_at_the_same_moment_do_not_wait_for_each_other(committed: Committed):
    world = committed.world
    invited = committed.act(lambda db: invitations.invite(db, world.settings, world.clerk, committed.case.id))

    def enter(db: Session) -> Any:
        return entering.begin(db, world.settings, token_of(invited), invited.code)

    def invite(db: Session) -> Any:
        return invitations.invite(db, world.settings, world.clerk, committed.case.id)

    done = committed.together(enter, invite, enter, invite)
    assert len([one for one in done if isinstance(one, invitations.Invited)]) == 2


def test_mail_is_delivered_in_the_background_until_it_is_told_to_stop(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
):
    rounds: list[int] = []
    stop = Event()

    def deliver(*_: Any) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("the database is away")
        stop.set()

    monkeypatch.setattr(mailbox, "deliver_once", deliver)
    settings = committed.world.settings.model_copy(update={"smtp_host": "127.0.0.1", "outbox_seconds": 0.01})
    mailbox.deliver_until(committed.engine, settings, stop)
    assert len(rounds) == 2  # a failure does not end the loop


def test_nobody_waits_while_a_mail_server_thinks(committed: Committed):
    def slow(_message: EmailMessage) -> None:
        committed.act(typing(committed, "intussen"))
        # nor does a second process send the same mail meanwhile
        second = committed.act(lambda db: mail.deliver(db, committed.world.settings, send=twice.append))
        assert second == mail.Delivery(0, 0)

    twice: list[EmailMessage] = []
    first = committed.act(lambda db: mail.deliver(db, committed.world.settings, send=slow))
    assert (first.sent, twice) == (1, [])


def test_what_was_delivered_is_not_delivered_again(committed: Committed, monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []
    monkeypatch.setattr(mail, "_smtp", lambda _settings: lambda message: sent.append(message["To"]))
    settings = committed.world.settings.model_copy(update={"smtp_host": "127.0.0.1"})
    first = mailbox.deliver_once(committed.engine, settings)
    assert (first.sent, mailbox.deliver_once(committed.engine, settings).sent) == (len(sent), 0)
    assert "anna@voorbeeld.example" in sent

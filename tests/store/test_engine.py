"""What a connection promises, and what columns keep."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app.reviews.lifecycle import Step
from app.store import ids
from app.store.engine import open_engine, open_session
from app.store.rows import LoginAttemptRow, OrganisationRow, metadata
from app.store.trouble import Trouble, trouble_of
from app.store.types import StepWord, canonical


def test_sqlite_keeps_its_promises(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'case.db'}")
    with engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    full = 2
    assert told == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 10_000}


def test_after_a_commit_that_failed_the_connection_is_as_good_as_new(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'case.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE two (one INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED)")
    with open_session(engine) as db:
        db.connection().exec_driver_sql("INSERT INTO two VALUES (99)")
        with pytest.raises(sa.exc.IntegrityError):
            db.commit()
    with open_session(engine) as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM two").scalar_one() == 0
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'case.db'}")
    metadata.create_all(engine)
    with open_session(engine) as writer:
        writer.add(LoginAttemptRow(subject_sha256="a", at=datetime.now(UTC)))
        writer.flush()
        with open_session(engine, writes=False) as reader:
            assert reader.connection().execute(sa.text("SELECT count(*) FROM login_attempt")).scalar_one() == 0
        writer.commit()
    engine.dispose()


def test_moments_come_back_with_their_zone_and_their_microseconds(session: Session):
    at = datetime(2026, 11, 23, 14, 3, 0, 123456, tzinfo=UTC)
    row = LoginAttemptRow(subject_sha256="a", at=at)
    session.add(row)
    session.commit()
    session.expire_all()
    assert session.get_one(LoginAttemptRow, row.id).at == at


def test_json_comes_back_as_it_was(session: Session):
    settings = {"offsets": {"answers": 28}, "contact": {"name": "de griffie ☎"}, "none": None}
    row = OrganisationRow(name="Gemeente Voorbeeldstad", tier="municipality", settings=settings)
    session.add(row)
    session.commit()
    session.expire_all()
    assert session.get_one(OrganisationRow, row.id).settings == settings


def test_a_word_outside_the_list_never_reaches_the_database():
    dialect = sa.create_engine("sqlite://").dialect
    assert StepWord().process_bind_param("draft", dialect) == "draft"
    assert StepWord().process_result_value("draft", dialect) is Step.DRAFT
    with pytest.raises(ValueError, match="gone"):
        StepWord().process_bind_param("gone", dialect)


def test_every_constraint_has_a_name():
    for table in metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint!r}"


def test_everything_about_a_case_names_its_organisation_too():
    about_a_case = [table for table in metadata.tables.values() if "case_id" in table.columns]
    assert len(about_a_case) > 10
    assert [table.name for table in about_a_case if "organisation_id" not in table.columns] == []


@given(st.lists(st.none(), min_size=2, max_size=50))
def test_identities_sort_by_the_order_in_which_they_were_made(many: list[None]):
    made = [ids.new_id() for _ in many]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {26}


@given(st.dictionaries(st.text(max_size=5), st.integers(min_value=-(2**53), max_value=2**53)))
def test_json_is_written_in_one_way_only(value: dict[str, int]):
    assert canonical(value) == canonical(dict(reversed(list(value.items()))))


class _Caught(Exception):  # noqa: N818 - it only carries what was asked
    """Stands in the way of a connection, and tells how it was to be made."""


@pytest.mark.parametrize(
    ("asked", "seconds", "idle"), [("", 10, 15), ("?connect_timeout=3&keepalives_idle=60", "3", "60")]
)
def test_a_server_that_vanishes_without_a_word_is_given_up_soon(asked: str, seconds: int | str, idle: int | str):
    engine = open_engine(f"postgresql://nobody@127.0.0.1:1/nothing{asked}")

    def catch(_dialect: object, _record: object, _given: object, how: dict[str, object]) -> None:
        raise _Caught(how)

    sa.event.listen(engine, "do_connect", catch)
    with pytest.raises(_Caught) as caught:
        engine.connect()
    engine.dispose()
    how = caught.value.args[0]
    assert (how["connect_timeout"], how["keepalives_idle"]) == (seconds, idle)
    assert (how["keepalives_interval"], how["keepalives_count"], how["tcp_user_timeout"]) == (5, 3, 30_000)


def test_a_server_that_accepts_and_says_nothing_is_away():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = open_engine(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing?connect_timeout=2")
        with pytest.raises(sa.exc.OperationalError) as caught:
            engine.connect()
        engine.dispose()
    assert trouble_of(caught.value) is Trouble.AWAY

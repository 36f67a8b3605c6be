"""Content is sealed in the database, for its own case, question and version; keys can be replaced and destroyed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.conditions import facts
from app.conditions.dates import PartialDate
from app.crypto import masters
from app.crypto.envelope import ContentKey, new_key
from app.errors import KeysMissing, Unreadable
from app.questionnaires.answers import Answer, AnswerState, answered
from app.questionnaires.kinds import Choice, Choices, MoneyBand, Party
from app.reviews.lifecycle import Role
from app.store import keys
from app.store.engine import open_engine, open_session
from app.store.ids import new_id
from app.store.keys import KeyRing
from app.store.rows import (
    AnswerRow,
    CaseRow,
    ContentKeyRow,
    DocumentRow,
    OrganisationRow,
    OutboxRow,
    PersonRow,
    RoundRow,
)
from app.store.sealing import opened_in_passing
from app.store.types import Sealed
from app.usecases import library
from tests.readable import everything


@pytest.fixture
def two(session: Session) -> tuple[CaseRow, CaseRow]:
    """Two cases of one organisation, each with an answer at the same path."""
    return make_two(session)


def make_two(db: Session) -> tuple[CaseRow, CaseRow]:
    organisation = OrganisationRow(name="Gemeente Voorbeeldstad", tier="municipality")
    db.add(organisation)
    db.flush()
    here = organisation.id
    person = PersonRow(
        organisation_id=here, email=f"{new_id()}@v.example", name="A", role=Role.CLERK, password_hash="x"
    )
    db.add(person)
    db.flush()
    round_ = RoundRow(organisation_id=here, title="Collegevorming", opened_by=person.id)
    db.add(round_)
    db.flush()

    def case(name: str) -> CaseRow:
        made = CaseRow(
            organisation_id=here, round_id=round_.id, candidate_name=name, candidate_email="a@v.example",
            questionnaire="q", questionnaire_version=1, context={"portfolio": ["sport"]}, created_by=person.id,
        )  # fmt: skip
        db.add(made)
        db.flush()
        for revision in (1, 2):
            db.add(
                AnswerRow(
                    organisation_id=here, case_id=made.id, path="p", revision=revision,
                    content={"value": f"{name} {revision}"}, by_id="c", by_name=name,
                )
            )  # fmt: skip
        db.flush()
        return made

    return case("Anna Veld"), case("Bas Berg")


def answers(db: Session, case: CaseRow) -> list[Any]:
    db.expire_all()
    found = db.exec(select(AnswerRow).where(AnswerRow.case_id == case.id).order_by(sa.text("revision"))).all()
    return [row.content for row in found]


def stored(db: Session, table: str, column: str, where: str) -> Any:
    return db.connection().execute(sa.text(f"SELECT {column} FROM {table} WHERE {where}")).scalar_one()  # noqa: S608


def test_what_stands_in_the_database_is_sealed_and_what_is_read_is_not(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, _ = two
    assert anna.candidate_name == "Anna Veld"
    assert answers(session, anna) == [{"value": "Anna Veld 1"}, {"value": "Anna Veld 2"}]
    for table, column, where in (
        ("case_file", "candidate_name", f"id = '{anna.id}'"),
        ("case_file", "context", f"id = '{anna.id}'"),
        ("answer", "content", f"case_id = '{anna.id}' AND revision = 1"),
        ("answer", "by_name", f"case_id = '{anna.id}' AND revision = 1"),
        ("round", "title", f"id = '{anna.round_id}'"),
    ):
        text = bytes(stored(session, table, column, where))
        assert text[:1] == b"\x01"
        assert b"Anna" not in text
        assert b"sport" not in text


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("case_id = '{bas}' AND revision = 1", "case_id = '{anna}' AND revision = 1"),
        ("case_id = '{anna}' AND revision = 1", "case_id = '{anna}' AND revision = 2"),
    ],
)
def test_a_sealed_answer_opens_in_no_other_case_and_no_other_version(
    session: Session, two: tuple[CaseRow, CaseRow], source: str, target: str
):
    ids = {"anna": two[0].id, "bas": two[1].id}
    content = stored(session, "answer", "content", source.format(**ids))
    session.connection().execute(
        sa.text(f"UPDATE answer SET content = :content WHERE {target.format(**ids)}"),  # noqa: S608 - our own words
        {"content": content},
    )
    with pytest.raises(Unreadable):
        answers(session, two[0])


@pytest.mark.parametrize(
    "change", ["path = 'q'", "case_id = '{bas}', revision = 9", "id = 'another'", "content = by_name"]
)
def test_a_row_with_another_path_case_or_identity_does_not_open(
    session: Session, two: tuple[CaseRow, CaseRow], change: str
):
    anna, bas = two
    where = f"case_id = '{anna.id}' AND revision = 2"
    change = change.format(bas=bas.id)
    session.connection().execute(sa.text(f"UPDATE answer SET {change} WHERE {where}"))  # noqa: S608 - our own words
    with pytest.raises(Unreadable):
        answers(session, bas if "case_id" in change else anna)


def test_the_name_of_one_case_does_not_open_in_another(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, bas = two
    name = stored(session, "case_file", "candidate_name", f"id = '{bas.id}'")
    session.connection().execute(
        sa.text("UPDATE case_file SET candidate_name = :name WHERE id = :id"), {"name": name, "id": anna.id}
    )
    session.expunge_all()
    with pytest.raises(Unreadable):
        session.get(CaseRow, anna.id)


def test_a_wrapped_key_does_not_open_for_another_case(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, bas = two
    session.connection().execute(
        sa.text("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE owner_id = :b) WHERE owner_id = :a"),
        {"a": anna.id, "b": bas.id},
    )
    ring(session).forget(anna.id)
    with pytest.raises(Unreadable):
        answers(session, anna)


def test_readable_content_cannot_be_written(session: Session, two: tuple[CaseRow, CaseRow]):
    with pytest.raises(sa.exc.StatementError, match="not sealed"):
        session.connection().execute(
            sa.update(AnswerRow.__table__).values(content={"value": "leak"})  # type: ignore[attr-defined]
        )


def test_a_change_is_sealed_and_what_did_not_change_is_left_alone(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, _ = two
    email = stored(session, "case_file", "candidate_email", f"id = '{anna.id}'")
    anna.candidate_name = "Anna Veld-Berg"
    session.flush()
    assert anna.candidate_name == "Anna Veld-Berg"
    session.expunge_all()
    read = session.get_one(CaseRow, anna.id)
    assert (read.candidate_name, read.candidate_email) == ("Anna Veld-Berg", "a@v.example")
    assert stored(session, "case_file", "candidate_email", f"id = '{anna.id}'") == email


def test_bytes_and_empty_places_come_back_as_they_were(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, _ = two
    document = DocumentRow(
        organisation_id=anna.organisation_id, case_id=anna.id, kind="full", number=1, filename="Anna.docx",
        media_type="x", body=b"\x00PK", sha256="0", receipt={}, case_version=1, made_by="a", made_by_name="A",
    )  # fmt: skip
    gone = AnswerRow(
        organisation_id=anna.organisation_id,
        case_id=anna.id,
        path="p",
        revision=3,
        content=None,
        by_id="c",
        by_name="A",
    )
    session.add_all([document, gone])
    session.flush()
    session.expunge_all()
    assert session.get_one(DocumentRow, document.id).body == b"\x00PK"
    assert session.get_one(AnswerRow, gone.id).content is None


def closed_answers() -> Iterator[Answer]:
    """Every answer to a question with nothing to type: each option, and everything ticked at once."""
    yield from (Answer(state) for state in AnswerState if state is not AnswerState.ANSWERED)
    for asked in library.newest().questions.values():
        if isinstance(asked, Choice | Choices | MoneyBand | Party):
            named = [one.id for one in asked.options]
            yield from (answered(one) for one in named)
            if isinstance(asked, Choices):
                yield answered(tuple(named))
            if isinstance(asked, Party):
                yield from (answered(facts.Party(one, "een belang")) for one in named)
    yield from (answered(one) for one in ("yes", "no", 0, 1_000_000, (), Decimal("33.33"), PartialDate(2026, 11, 29)))


def test_the_length_of_a_sealed_answer_does_not_tell_which_it_is(session: Session, two: tuple[CaseRow, CaseRow]):
    """Beside the path of a question stands what was answered, sealed: *yes* must be as long as *no*."""
    anna, _ = two
    for revision, answer in enumerate(set(closed_answers()), 10):
        session.add(
            AnswerRow(
                organisation_id=anna.organisation_id, case_id=anna.id, path="p", revision=revision,
                content=answer.to_jsonable(), by_id="c", by_name="A",
            )
        )  # fmt: skip
    session.flush()
    lengths = sa.text("SELECT length(content), count(*) FROM answer WHERE revision >= 10 GROUP BY length(content)")
    ((_, count),) = session.connection().execute(lengths).all()
    assert count > 100


def test_a_mail_without_a_case_is_sealed_for_its_organisation(session: Session, two: tuple[CaseRow, CaseRow]):
    mail = OutboxRow(
        organisation_id=two[0].organisation_id, name="welcome", to_address="anna@v.example", content={"text": "Dag"}
    )
    session.add(mail)
    session.flush()
    session.expunge_all()
    assert session.get_one(OutboxRow, mail.id).content == {"text": "Dag"}
    assert b"anna" not in bytes(stored(session, "outbox", "to_address", f"id = '{mail.id}'"))


def test_what_is_in_no_column_is_sealed_by_hand(session: Session, two: tuple[CaseRow, CaseRow]):
    here = two[0].organisation_id
    sealed = keys.seal(session, here, b"secret", "totp", "p1")
    assert b"secret" not in sealed
    assert keys.open_sealed(session, here, sealed, "totp", "p1") == b"secret"
    for owner, who in ((here, "p2"), (two[0].id, "p1")):
        with pytest.raises(Unreadable):
            keys.open_sealed(session, owner, sealed, "totp", who)


def test_an_owner_without_a_key_is_told(session: Session):
    with pytest.raises(KeysMissing, match="nobody"):
        keys.seal(session, "nobody", b"x")


def test_a_destroyed_key_leaves_nothing_but_an_empty_case(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, bas = two
    keys.shred(session, anna.id)
    keys.shred(session, anna.id)
    session.expunge_all()
    stub = session.get_one(CaseRow, anna.id)
    assert (stub.candidate_name, stub.candidate_email, stub.context) == ("", "", {})
    assert answers(session, anna) == [None, None]
    assert answers(session, bas) == [{"value": "Bas Berg 1"}, {"value": "Bas Berg 2"}]
    assert session.get_one(ContentKeyRow, anna.id).wrapped is None
    stub = session.get_one(CaseRow, anna.id)
    stub.candidate_name = "Anna"
    with pytest.raises(Unreadable):
        session.flush()


def test_a_list_reads_its_keys_in_one_query(session: Session, two: tuple[CaseRow, CaseRow]):
    connection = session.connection()
    fresh = KeyRing(ring(session).masters)
    fresh.ready(connection, [one.id for one in two])
    sent = []
    sa.event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args))
    assert all(fresh.key(connection, one.id) for one in two)
    fresh.ready(connection, [one.id for one in two])
    assert sent == []


def test_only_so_many_keys_stay_in_memory(
    session: Session, two: tuple[CaseRow, CaseRow], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keys, "KEPT", 1)
    fresh = KeyRing(ring(session).masters)
    for one in two:
        assert fresh.key(session.connection(), one.id)
    assert list(fresh._open) == [two[1].id]
    assert fresh.key(session.connection(), two[0].id)


def ring(db: Session) -> KeyRing:
    return keys.ring_of(db.connection())


def test_what_one_process_destroyed_leaves_the_memory_of_every_other(own_database_url: str):
    line = masters.new_line()
    here, there = (open_engine(own_database_url, masters.from_text(line)) for _ in range(2))
    told: list[tuple[str, str]] = []
    keys.ring_of_engine(here).when_gone.append(lambda owner: told.append(("here", owner)))
    keys.ring_of_engine(there).when_gone.append(lambda owner: told.append(("there", owner)))
    with open_session(here) as db:
        anna, bas = make_two(db)
        db.commit()
    with open_session(there) as db:
        assert len(answers(db, anna)) == len(answers(db, bas)) == 2
    with open_session(here) as db:
        keys.shred(db, anna.id)
        assert told == [], "it may be rolled back yet"
        db.commit()
    assert told == [("here", anna.id)]
    for _ in range(2):
        keys.look_for_gone(there)
    assert told == [("here", anna.id), ("there", anna.id)]
    with there.connect() as connection:
        ring = keys.ring_of(connection)
        assert (set(ring._open) & {anna.id, bas.id}, ring.key(connection, anna.id)) == ({bas.id}, None)
        # Who read the wrapped key before it was destroyed does not put it back either.
        ring._keep(anna.id, ContentKey(new_key()))
        assert ring.key(connection, anna.id) is None
    here.dispose()
    there.dispose()


def test_of_a_destroyed_key_nothing_stays_in_the_files_of_sqlite(own_database_url: str):
    """PostgreSQL keeps old rows and its log as it likes: there only a new master key ends what was wrapped."""
    engine = open_engine(own_database_url, masters.from_text(masters.new_line()))
    with open_session(engine) as db:
        anna, bas = (one.id for one in make_two(db))
        wrapped = {one: db.get_one(ContentKeyRow, one).wrapped for one in (anna, bas)}
        db.commit()
    with open_session(engine, writes=False) as reading:
        # Somebody still looks at the database as it was: then it is for the next minute.
        reading.exec(select(ContentKeyRow)).all()
        with open_session(engine) as db:
            keys.shred(db, anna)
            db.commit()
        keys.look_for_gone(engine)
        assert anna in readable_bytes(own_database_url, wrapped)
    keys.look_for_gone(engine)
    if engine.dialect.name == "sqlite":
        assert readable_bytes(own_database_url, wrapped) == {bas}
    engine.dispose()


def readable_bytes(url: str, wanted: dict[str, bytes | None]) -> set[str]:
    """Give the names of what stands somewhere in the files of the database."""
    texts = list(everything(url))
    return {name for name, one in wanted.items() if one and any(one in text for text in texts)}


def test_sealed_content_does_not_show_in_a_representation():
    assert "geheim" not in repr(Sealed(b"x", "geheim"))


def test_looking_at_many_in_passing_opens_all_and_leaves_the_keys_in_memory_as_they_were(
    session: Session, two: tuple[CaseRow, CaseRow]
) -> None:
    connection = session.connection()
    ring = keys.ring_of(connection)
    kept, strange = two
    ring.forget(strange.id)
    rows = [
        {"id": row.id, "candidate_name": sealed}
        for row in two
        for sealed in session.exec(select(CaseRow.candidate_name).where(CaseRow.id == row.id))
    ]
    assert all(isinstance(row["candidate_name"], Sealed) for row in rows)
    before = set(ring._open)
    assert kept.id in before
    opened = [row["candidate_name"] for row in opened_in_passing(connection, CaseRow, rows)]
    assert opened == ["Anna Veld", "Bas Berg"]
    assert set(ring._open) == before
    keys.shred(session, strange.id)
    assert [row["candidate_name"] for row in opened_in_passing(connection, CaseRow, rows)] == ["Anna Veld", ""]


def test_where_somebody_came_from_cannot_be_read_when_the_case_is_gone(session: Session, two: tuple[CaseRow, CaseRow]):
    anna, bas = two
    connection = session.connection()
    told = keys.sealed_origin(ring(session), connection, anna.id, "2001:db8:85a3:8d3:1319:8a2e:370:7348")
    assert len(told) <= 100
    assert len(keys.sealed_origin(ring(session), connection, anna.id, "10.0.0.1")) == len(told)
    assert keys.opened_origin(session, anna.id, told) == "2001:db8:85a3:8d3:1319:8a2e:370:7348"
    with pytest.raises(Unreadable):
        keys.opened_origin(session, bas.id, told)
    assert keys.opened_origin(session, None, "10.0.0.1") == "10.0.0.1"
    keys.shred(session, anna.id)
    assert keys.opened_origin(session, anna.id, told) == ""

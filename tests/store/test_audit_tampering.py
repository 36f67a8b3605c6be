"""Whatever is done to the audit log shows: made-up tampering of every kind, also by somebody who may do everything."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.accounts.actor import Actor
from app.store import audit
from app.store.chain import FIELDS, WHOLE
from app.store.rows import AuditRow
from app.store.verifying import Exported
from tests.store.chains import CASES, an_organisation, attack, lines, rewrite, unguard, write

TEXTS = [name for name in FIELDS if name not in {"number", "case_number"}]


@pytest.fixture
def actor(session: Session) -> Actor:
    return an_organisation(session)


@st.composite
def tamperings(draw: st.DrawFn) -> tuple[str, int, object]:
    """An act of somebody who owns the database: what, on which of the twelve lines, and with what."""
    act = draw(st.sampled_from(["change", "insert", "delete", "swap", "cut"]))
    number = draw(st.integers(1, 12))
    if act == "change":
        return act, number, (draw(st.sampled_from(TEXTS)), draw(st.text("abc0 {}", max_size=8)))
    if act == "swap":
        return act, number, draw(st.integers(1, 12).filter(lambda other: other != number))
    return act, number, None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tampering=tamperings(), tidy=st.booleans())
def test_nothing_that_is_done_to_the_log_stays_hidden(
    session: Session, actor: Actor, tampering: tuple[str, int, object], tidy: bool
):
    if session.get(AuditRow, 12) is None:
        for number in range(12):
            write(session, actor, 1, CASES[number % 3])
    with session.begin_nested() as savepoint:
        assert audit.verify(session) == ()
        changed = tamper(session, tampering, tidy=tidy)
        assert bool(audit.verify(session)) is changed
        savepoint.rollback()
    session.expire_all()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(tamperings(), min_size=1, max_size=3),
    known=st.integers(1, 12),
    of=st.sampled_from(["the whole", "each case", "both"]),
    again=st.booleans(),
)
def test_a_forgery_without_a_flaw_shows_against_the_heads_that_lie_elsewhere(
    session: Session, actor: Actor, acts: list[tuple[str, int, object]], known: int, of: str, again: bool
):
    """Every digest and head worked out anew: what was written before the export may not differ, what came after may."""
    if session.get(AuditRow, 12) is None:
        for number in range(12):
            write(session, actor, 1, CASES[number % 3])
    with session.begin_nested() as savepoint:
        true = lines(session)
        kept = heads_at(true, known, of)
        reaches = max(
            (number for number, line in enumerate(true, 1) for one in kept if one.digest == line["digest"]), default=0
        )
        told = list(true)
        for act in acts:
            told = retold(told, act)
        rewrite(session, told)
        assert audit.verify(session) == (), "the forgery has a flaw of its own"
        if again:  # and the server exported once more, to the same file
            kept += heads_at(lines(session), known, of)
        said, was = ([[line[name] for name in TEXTS] for line in some[:reaches]] for some in (told, true))
        assert bool(audit.verify(session, kept)) is (said != was)
        savepoint.rollback()
    session.expire_all()


def heads_at(told: list[dict[str, Any]], number: int, of: str) -> list[Exported]:
    """What an export would have said after so many lines."""
    ends = {}
    for line in told[:number]:
        if of != "each case":
            ends[WHOLE] = Exported(WHOLE, line["number"], line["digest"])
        if of != "the whole" and line["case_id"]:
            ends[line["case_id"]] = Exported(line["case_id"], line["case_number"], line["digest"])
    return list(ends.values())


def retold(told: list[dict[str, Any]], tampering: tuple[str, int, object]) -> list[dict[str, Any]]:
    """Give the lines after an act of a forger."""
    act, number, with_what = tampering
    place = min(number, len(told)) - 1
    if place < 0:
        return told
    if act == "change":
        assert isinstance(with_what, tuple)
        name, value = with_what
        return [*told[:place], told[place] | {name: value}, *told[place + 1 :]]
    if act == "insert":
        return [*told[: place + 1], told[place] | {"object_id": "made up"}, *told[place + 1 :]]
    if act == "delete":
        return [*told[:place], *told[place + 1 :]]
    if act == "swap":
        assert isinstance(with_what, int)
        other = min(with_what, len(told)) - 1
        moved = list(told)
        moved[place], moved[other] = moved[other], moved[place]
        return moved
    return told[:place]


def tamper(session: Session, tampering: tuple[str, int, object], *, tidy: bool) -> bool:
    """Do it; with `tidy`, the numbers of the lines are a row again afterwards. Tells whether anything changed."""
    act, number, with_what = tampering
    connection = session.connection()
    unguard(connection)
    line = dict(
        connection.execute(sa.text("SELECT * FROM audit_entry WHERE number = :n"), {"n": number}).mappings().one()
    )
    if act == "change":
        assert isinstance(with_what, tuple)
        name, value = with_what
        connection.execute(sa.update(AuditRow).where(sa.text("number = :n")).values({name: value}), {"n": number})
        return bool(line[name] != value)
    if act == "cut":
        attack(session, "DELETE FROM audit_entry WHERE number >= :n", n=number)
        if tidy and number > 1:
            attack(session, "UPDATE audit_head SET number = :n WHERE chain = 'all'", n=number - 1)
        return True
    if act == "swap":
        for old, new in ((number, 99), (with_what, number), (99, with_what)):
            attack(session, "UPDATE audit_entry SET number = :new WHERE number = :old", new=new, old=old)
        return True
    if act == "insert":
        attack(session, "UPDATE audit_entry SET number = -number - 1 WHERE number > :n", n=number)
        attack(session, "UPDATE audit_entry SET number = -number WHERE number < 0")
        line["number"] = number + 1
        connection.execute(sa.insert(AuditRow).values(line))
        if tidy:
            attack(session, "UPDATE audit_head SET number = number + 1 WHERE chain = 'all'")
        return True
    attack(session, "DELETE FROM audit_entry WHERE number = :n", n=number)
    if tidy:
        attack(session, "UPDATE audit_entry SET number = -number + 1 WHERE number > :n", n=number)
        attack(session, "UPDATE audit_entry SET number = -number WHERE number < 0")
        attack(session, "UPDATE audit_head SET number = number - 1 WHERE chain = 'all'")
    return True

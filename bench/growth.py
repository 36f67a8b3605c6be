"""P8: whether a save, a section page and the work list cost more when the database fills up.

python -m bench.growth [cases]

Every case holds the answers of a candidate with nothing to tell, so the large database holds hundreds of thousands of
answers. Building 10,000 cases takes about a minute and a half.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from app.accounts.actor import Actor
from app.questionnaires.answers import answered
from app.questionnaires.kinds import Group, YesNo
from app.questionnaires.loading import newest
from app.questionnaires.model import Respondent
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.store.ids import new_id
from app.store.rows import AnswerRow, CaseRow, InvitationRow, PersonRow
from app.store.sealing import sealed_values
from app.store.types import utc_now
from app.usecases import answering, links, sections, signing_in, worklist
from app.usecases.answering import Typed
from bench.world import installation, signed_in

MANY = 10_000
FEW = 250
"""So many that each of the ten organisations fills one page of its work list: both databases show the same amount."""
ORGANISATIONS = 10
TURNS = 40
DOOR = "an address looked for at the door"
"""Grows with the number of open cases, because addresses are sealed: that is the price of not telling who is a candidate.
It reads only, after the answer went out, so it is told here without a ratio."""

Act = Callable[[int], None]


@contextmanager
def acts(cases: int) -> Iterator[dict[str, Act]]:
    """Give the acts to time, in a database of `cases`."""
    with installation(cases, organisations=ORGANISATIONS) as (settings, opened):
        engine = open_engine(settings.database, settings.master_keys)
        with open_session(engine) as db:
            _answer(db, [case for case, _ in opened])
            _invite(db, [case for case, _ in opened])
            savers = [_candidate(db, settings, one) for one in opened[: TURNS + 1]]
            readers = [_candidate(db, settings, one) for one in opened[-TURNS - 1 :]]
            clerk = signed_in(db, settings, "griffier0@voorbeeldstad.example")
            db.commit()

        # each turn another case, that nobody opened before: nothing of it is in memory
        def save(turn: int) -> None:
            candidate, case_id = savers[turn]
            with open_session(engine) as db:
                answering.save(db, candidate, case_id, Typed("is_adult", ("yes",)))
                db.commit()

        def page(turn: int) -> None:
            candidate, case_id = readers[turn]
            with open_session(engine) as db:
                sections.load_section(db, candidate, case_id, "office")
                db.commit()

        def work(_turn: int) -> None:
            with open_session(engine) as db:
                worklist.waiting(db, clerk)
                worklist.totals(db, clerk)
                db.commit()

        def look(_turn: int) -> None:
            with open_session(engine, writes=False) as db:
                assert links.found(db, "niemand@voorbeeld.example") == []

        yield {"save": save, "section page": page, "work list of 25": work, DOOR: look}
        engine.dispose()


def _invite(db: Session, case_ids: Sequence[str]) -> None:
    """Give every case an invitation that counts: whose address that is, somebody may ask at the door."""
    sent_by = db.exec(select(PersonRow.id)).first()
    for case_id in case_ids:
        row = {
            "id": new_id(), "organisation_id": db.get_one(CaseRow, case_id).organisation_id, "case_id": case_id,
            "token_sha256": case_id, "code_hash": "", "expires_at": utc_now() + timedelta(days=60), "revoked_at": None,
            "revoked_why": None, "reference": None, "site": "", "sent_by": sent_by, "sent_at": utc_now(),
            "first_used_at": None,
        }  # fmt: skip
        db.connection().execute(insert(InvitationRow), row)


def _answer(db: Session, case_ids: Sequence[str]) -> None:
    """Let every candidate say no to whatever can be denied. Written in one go: what counts here is that it is there."""
    asked = newest()
    whose = {section.id: section.respondent for section in asked.sections}
    no = answered("no").to_jsonable()
    paths = [
        one.id
        for one in asked.questions.values()
        if isinstance(one, YesNo | Group)
        and one.group is None
        and whose[asked.section_of[one.id].id] is Respondent.CANDIDATE
    ]
    now = utc_now()
    for case_id in case_ids:
        case = db.get_one(CaseRow, case_id)
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "organisation_id": case.organisation_id, "case_id": case_id, "path": path, "revision": 1,
             "content": no, "by_id": case_id, "by_name": case.candidate_name, "at": now}
            for path in paths
        ]  # fmt: skip
        connection = db.connection()
        connection.execute(insert(AnswerRow), [sealed_values(connection, AnswerRow, row) for row in rows])


def _candidate(db: Session, settings: Settings, opened: tuple[str, str]) -> tuple[Actor, str]:
    case_id, cookie = opened
    actor = signing_in.who(db, settings, cookie.split("=", 1)[1])
    assert actor is not None
    return actor, case_id


def _seconds(act: Act, turn: int) -> float:
    began = time.perf_counter()
    act(turn)
    return time.perf_counter() - began


def lines() -> Iterator[str]:
    """Measure in turn and tell. The work list is of one of ten organisations, with a tenth of the cases."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with acts(FEW) as small, acts(many) as large:
        for name in small:
            for act in (small[name], large[name]):
                act(TURNS)  # the first time reads questions and rules
            pairs = [(_seconds(small[name], turn), _seconds(large[name], turn)) for turn in range(TURNS)]
            before, after = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
            ratios = sorted(late / early for early, late in pairs)
            if name == DOOR:
                yield f"P8  {name}: {before:.1f} ms with {FEW} cases, {after:.1f} ms with {many}; nobody waits for it"
                continue
            yield (
                f"P8  {name}: {before:.1f} ms with {FEW} cases, {after:.1f} ms with {many}: {after / before:.2f} "
                f"({ratios[0]:.2f}–{ratios[-1]:.2f}), to reach ≤ 1.5, goal ≤ 1.2"
            )


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

"""The fast road stores and shows what the ordinary road does, and leaves to it whatever is not plain."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.accounts.actor import Actor
from app.questionnaires.context import AskedScope
from app.settings import Settings
from app.store import answers as stored
from app.store import audit, cases, signins
from app.store.engine import Engine, open_engine, open_session
from app.store.types import utc_now
from app.usecases import answering, telling_more
from app.usecases.answering import Saved, Typed
from app.usecases.autosaving import Autosaver
from tests.usecases.world import make_world


@dataclass(frozen=True)
class Desk:
    """Two candidates of one authority, in a database that commits, and the fast road."""

    engine: Engine
    saver: Autosaver
    fast: Actor
    slow: Actor

    def save(self, typed: Typed) -> Saved | None:
        assert self.fast.case_id is not None
        return asyncio.run(self.saver.save(self.fast, self.fast.case_id, typed))

    def save_slowly(self, typed: Typed, actor: Actor | None = None) -> object:
        who = actor or self.slow
        assert who.case_id is not None
        with open_session(self.engine) as db:
            outcome = answering.save(db, who, who.case_id, typed)
            db.commit()
        return outcome

    def stored(self, actor: Actor) -> tuple[object, list[tuple[str, int]]]:
        assert actor.case_id is not None
        with open_session(self.engine) as db:
            case = cases.access(db, actor, actor.case_id).case
            found = stored.load(db, case)
            return found.answers.to_jsonable(), sorted((str(p), s.revision) for p, s in found.standing.items())

    def chain_holds(self) -> bool:
        with open_session(self.engine) as db:
            return audit.verify(db) == ()


def desk_on(chosen: Settings, told: tuple[str, ...] | None = None) -> Desk:
    """Give the desk; with `told` both cases ask only what the law asks, and both candidates tell more about these."""
    scope = AskedScope.PRACTICE if told is None else AskedScope.STATUTORY
    engine = open_engine(chosen.database, chosen.master_keys)
    with open_session(engine) as db:
        world = make_world(db, chosen)
        _, fast = world.answering(name="Snel Mens", scope=scope)
        _, slow = world.answering(name="Rustig Mens", scope=scope)
        for who, section in product((fast, slow), told or ()):
            telling_more.tell_more(db, who, who.case_id or "", section)
        db.commit()
    return Desk(engine, Autosaver(engine, most_cases=10), fast, slow)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    made = desk_on(settings)
    yield made
    made.saver.close()
    made.engine.dispose()


TYPED = st.sampled_from(
    [
        Typed("is_resident", ("yes",)),
        Typed("is_resident", ("no",)),
        Typed("is_resident", ("@does_not_know",)),
        Typed("is_resident", ()),
        Typed("residence_exemption", ("granted",)),
        Typed("residence_exemption", ("not_requested",), note="Ik verhuis in maart."),
        Typed("moves_on", ("1-3-2027",)),
        Typed("nationality", ("other",)),
        Typed("nationality", ("dutch",)),
        Typed("lawful_residence", ("no",)),
        Typed("vog_status", ("not_requested",)),
        Typed("vog_status", ("received",)),
        Typed("vog_issued_on", ("maart 2026",)),
        Typed("vog_issued_on", ("31 februari",)),
        Typed("money_matters", ("arrears", "private_loan")),
        Typed("money_matters", ("none",)),
        Typed("arrears_plan", ("yes",)),
        Typed("companies", ("no",)),
        Typed("companies", ("yes",)),
        Typed("side_positions", ("complete",)),
        Typed("is_adult", ("misschien",)),
        Typed("bestaat_niet", ("yes",)),
    ]
)


def shown(saved: Saved) -> object:
    """Everything a page shows of a save, without the moments."""
    section = saved.section
    return (
        saved.path, saved.revision, saved.appeared, saved.gone, section.here, section.number, section.next_id,
        [(q.path, q.shown, q.typed, q.note, q.complete, q.revision, q.writable) for q in section.questions],
        sorted((f.rule, f.item or "", f.text, f.severity, f.outcome, f.quotes, f.open_questions) for f in section.flags),
    )  # fmt: skip


@settings(max_examples=12)
@given(page=st.lists(TYPED, min_size=1, max_size=8), told=st.sampled_from([None, (), ("money",)]))
@example(page=[Typed("money_matters", ("arrears",)), Typed("arrears_plan", ("no",))], told=("money",))
@example(page=[Typed("money_matters", ("arrears",)), Typed("money_matters", ())], told=("money",))
def test_both_roads_store_and_show_the_same(
    page: list[Typed], told: tuple[str, ...] | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from app.store import migrating  # noqa: PLC0415 - every example has a database of its own

    folder = tmp_path_factory.mktemp("twee-wegen")
    chosen = Settings(data_dir=folder, argon2_time_cost=1, argon2_memory_kib=8)
    migrating.upgrade(chosen.database)
    desk = desk_on(chosen, told)
    try:
        for typed in page:
            saved = desk.save(typed)
            if saved is None:
                try:
                    desk.save_slowly(typed, desk.fast)
                except Exception as error:  # noqa: BLE001 - the ordinary road must then refuse the twin alike
                    with pytest.raises(type(error)):
                        desk.save_slowly(typed)
                    continue
                desk.save_slowly(typed)
                continue
            twin = desk.save_slowly(typed)
            assert isinstance(twin, Saved)
            assert shown(saved) == shown(twin)
        assert desk.stored(desk.fast) == desk.stored(desk.slow)
        assert desk.chain_holds()
    finally:
        desk.saver.close()
        desk.engine.dispose()


def test_a_plain_answer_is_saved_and_on_disk(desk: Desk) -> None:
    saved = desk.save(Typed("is_adult", ("yes",)))
    assert saved is not None
    assert saved.revision == 1
    assert ("is_adult", 1) in desk.stored(desk.fast)[1]
    assert desk.chain_holds()


def test_the_same_answer_again_writes_nothing_and_stays_on_this_road(desk: Desk) -> None:
    first = desk.save(Typed("is_adult", ("yes",)))
    again = desk.save(Typed("is_adult", ("yes",), revision=1))
    assert first is not None
    assert again is not None
    assert (again.changed, again.revision, again.at) == (False, first.revision, first.at)
    assert desk.stored(desk.fast)[1] == [("is_adult", 1)]
    assert desk.save(Typed("is_adult", ("no",), revision=1)) is not None


def test_an_answer_to_what_was_taken_back_meanwhile_is_not_saved_on_this_road(settings: Settings) -> None:
    desk = desk_on(settings, ("money",))
    try:
        assert desk.save(Typed("money_matters", ("arrears",))) is not None
        with open_session(desk.engine) as db:
            telling_more.tell_more(db, desk.fast, desk.fast.case_id or "", "money", tell=False)
            db.commit()
        assert desk.save(Typed("money_matters", ("none",))) is None
        assert desk.stored(desk.fast)[1] == [("money_matters", 1)]
    finally:
        desk.saver.close()
        desk.engine.dispose()


def test_the_same_answer_again_is_not_trusted_when_the_case_moved_on(desk: Desk) -> None:
    assert desk.save(Typed("is_adult", ("yes",))) is not None
    desk.save_slowly(Typed("is_adult", ("no",)), desk.fast)
    assert desk.save(Typed("is_adult", ("yes",))) is None, "elsewhere it was changed: it does not stand there any more"


def test_a_save_keeps_the_session_alive(desk: Desk) -> None:
    from app.store.rows import SignInRow  # noqa: PLC0415 - only this test looks at the row itself

    long_ago = utc_now() - timedelta(minutes=20)
    with open_session(desk.engine) as db:
        row = db.get(SignInRow, desk.fast.session_id)
        assert row is not None
        row.seen_at = long_ago
        db.commit()
    assert desk.save(Typed("is_adult", ("yes",))) is not None
    with open_session(desk.engine) as db:
        row = db.get(SignInRow, desk.fast.session_id)
        assert row is not None
        assert row.seen_at > long_ago + timedelta(minutes=19)


def test_many_at_once_are_all_saved_and_the_chain_holds(desk: Desk) -> None:
    paths = ["is_adult", "is_resident", "same_office_elsewhere", "community_property", "earlier_analysis", "code_read"]

    async def all_at_once() -> list[Saved | None]:
        assert desk.fast.case_id is not None
        return await asyncio.gather(
            *(desk.saver.save(desk.fast, desk.fast.case_id, Typed(path, ("yes",))) for path in paths)
        )

    assert all(saved is not None for saved in asyncio.run(all_at_once()))
    assert {path for path, _ in desk.stored(desk.fast)[1]} == set(paths)
    assert desk.chain_holds()


def test_what_was_changed_elsewhere_is_left_to_the_ordinary_road(desk: Desk) -> None:
    assert desk.save(Typed("is_adult", ("yes",))) is not None
    desk.save_slowly(Typed("is_resident", ("no",)), desk.fast)
    assert desk.save(Typed("is_adult", ("no",), revision=1)) is None, "the case moved on: memory is not trusted"
    assert desk.save(Typed("is_adult", ("no",), revision=1)) is not None, "read again, it goes fast again"


def test_a_lost_race_is_left_to_the_ordinary_road(desk: Desk) -> None:
    assert desk.save(Typed("is_adult", ("yes",), revision=0)) is not None
    assert desk.save(Typed("is_adult", ("no",), revision=0)) is None
    assert isinstance(desk.save_slowly(Typed("is_adult", ("no",), revision=0), desk.fast), answering.Conflict)


def test_a_session_that_was_ended_saves_nothing(desk: Desk) -> None:
    assert desk.save(Typed("is_adult", ("yes",))) is not None
    with open_session(desk.engine) as db:
        signins.revoke(db, desk.fast.session_id, utc_now())
        db.commit()
    assert desk.save(Typed("is_adult", ("no",))) is None
    assert ("is_adult", 1) in desk.stored(desk.fast)[1]


def test_a_case_that_was_sent_takes_nothing_more(desk: Desk) -> None:
    assert desk.save(Typed("is_adult", ("yes",))) is not None
    with open_session(desk.engine) as db:
        _send(db, desk.fast)
        db.commit()
    assert desk.save(Typed("is_adult", ("no",))) is None


def _send(db: Session, actor: Actor) -> None:
    from app.reviews.lifecycle import Action  # noqa: PLC0415 - only this test moves a case

    assert actor.case_id is not None
    cases.move(db, cases.access(db, actor, actor.case_id, lock=True), Action.SUBMIT)


@pytest.mark.parametrize(
    "typed",
    [Typed("vog_issued_on", ("31-31-31",)), Typed("bestaat_niet", ("yes",)), Typed("companies[ix].name", ("x",))],
    ids=["unreadable", "unknown", "no such item"],
)
def test_what_is_not_plain_is_left_to_the_ordinary_road(desk: Desk, typed: Typed) -> None:
    assert desk.save(typed) is None


def test_the_case_of_somebody_else_is_never_touched(desk: Desk) -> None:
    assert desk.slow.case_id is not None
    assert asyncio.run(desk.saver.save(desk.fast, desk.slow.case_id, Typed("is_adult", ("yes",)))) is None
    assert desk.stored(desk.slow)[1] == []

"""Documents of the council have a day of their own, also when their case is gone: seen, warned about, held, extended."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, select

from app.crypto import masters
from app.errors import NotAllowed, NotFound
from app.reviews.retention import End, Kept, Policy, Standing, Start, Term, months_after
from app.store import audit, outbox
from app.store import retention as kept
from app.store.engine import open_engine, open_session
from app.store.rows import RetentionRequestRow, RetentionRow
from app.usecases import (
    cases,
    concluding,
    destroying,
    documents,
    keeping_daily,
    retention,
    retention_overview,
    retention_policy,
)
from app.usecases.keeping_daily import Warned
from app.usecases.lines import CaseLine, today
from app.usecases.retention import Ask
from tests.usecases.conftest import CHEAP
from tests.usecases.test_retention import destroyed
from tests.usecases.world import World, make_world

ANNA = "anna@voorbeeld.example"


def policy(case: int = 0, council: int | None = 6, *, start: Start = Start.OUTCOME) -> Policy:
    """A term for each kind of record; what concerns the council can start when the office ends."""
    terms = [
        Term(
            end,
            what,
            case if what is Kept.CASE else council,
            start if what is Kept.COUNCIL_VERSION and end is End.APPOINTED else Start.OUTCOME,
        )
        for end in End
        for what in Kept
    ]
    return Policy("Selectielijst van het voorbeeld", tuple(terms))


def ended(world: World, *, appointed: bool = False, on: date | None = None) -> CaseLine:
    """A case with a council version and an outcome."""
    case, _ = world.concluded()
    documents.make_document(world.db, world.settings, world.clerk, case.id, "council_version")
    concluding.present(world.db, world.clerk, case.id)
    return concluding.record_outcome(world.db, world.clerk, case.id, appointed=appointed, on=on or today())


@pytest.fixture
def left(world: World) -> tuple[World, CaseLine]:
    """What is left of a case: documents of the council that stay another half a year."""
    retention_policy.set_policy(world.db, world.admin, policy())
    case = ended(world)
    destroyed(world, case)
    return world, case


def mails(world: World) -> list[tuple[str, str, str]]:
    found = [row for row in outbox.newest(world.db) if row.name == "retention_near"]
    return [(row.to_address, outbox.letter_of(row).subject, outbox.letter_of(row).text) for row in found]


def clocks(world: World, case: CaseLine) -> dict[Kept, tuple[Standing, date | None]]:
    shown = retention.keeping(world.db, world.clerk, case.id)
    return {one.kept: (one.standing, one.on) for one in shown.clocks}


def test_documents_that_outlive_their_case_are_warned_about_by_themselves(left: tuple[World, CaseLine]):
    world, case = left
    assert keeping_daily.warn(world.db, CHEAP) == Warned(0, 0)
    day = months_after(today(), 6)
    with time_machine.travel(day - timedelta(days=20), tick=False):
        assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 2)
        assert keeping_daily.warn(world.db, CHEAP) == Warned(0, 0)
    sent = mails(world)
    # Of a destroyed case nobody knows any more who the candidate was.
    assert sorted(to for to, _, _ in sent) == ["bram.burgers@voorbeeld.example", "gerda.griffioen@voorbeeld.example"]
    for _, subject, text in sent:
        assert subject == "Stukken voor de raad mogen binnenkort worden vernietigd"
        assert f"De stukken voor de raad bij dossier {case.reference} mogen worden vernietigd" in text
        assert f"/zaken/{case.id}/bewaren" in text
        assert "de antwoorden" not in text
    (line,) = audit.of_case(world.db, world.clerk.organisation_id, case.id, ("retention_warned",))
    assert line.detail == '{"kept":["council_version"],"mails":2}'


def test_while_the_case_is_there_its_candidate_hears_of_both_days(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=1, council=2))
    case = ended(world)
    first, second = months_after(today(), 1), months_after(today(), 2)
    with time_machine.travel(first - timedelta(days=10), tick=False):
        assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 3)
    with time_machine.travel(second - timedelta(days=1), tick=False):
        assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 3)
    later, earlier = (text for to, _, text in mails(world) if to == ANNA)
    assert f"Het dossier {case.reference} mag" in earlier
    assert "stukken voor de raad" not in earlier
    assert "De stukken voor de raad bij dossier" in later
    assert "Het dossier" not in later


def test_two_days_at_once_are_one_mail(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=0, council=0))
    ended(world)
    assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 3)
    for _, subject, text in mails(world):
        assert subject == "Een dossier mag binnenkort worden vernietigd"
        assert "Het dossier" in text
        assert "De stukken voor de raad" in text


def test_documents_that_were_never_made_have_no_day(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=12, council=0))
    case, candidate = world.in_review()
    cases.withdraw(world.db, candidate, case.id)
    assert set(clocks(world, case)) == {Kept.CASE}
    assert keeping_daily.warn(world.db, CHEAP) == Warned(0, 0)
    with pytest.raises(NotAllowed, match="geen stukken voor de raad"):
        retention.ask(world.db, world.clerk, case.id, Ask.DESTROY_COUNCIL, "Opruimen.")


def test_what_is_left_keeps_its_day_in_view_of_clerk_and_auditor(left: tuple[World, CaseLine]):
    world, case = left
    day = months_after(today(), 6)
    assert clocks(world, case) == {Kept.COUNCIL_VERSION: (Standing.RUNNING, day)}
    (line,) = retention_overview.list_of(world.db, world.auditor)
    assert (line.destroyed, set(line.left)) == (True, {Kept.COUNCIL_VERSION})
    assert [one.on for one in line.clocks] == [day]
    with pytest.raises(NotFound):
        retention.keeping(world.db, world.elsewhere, case.id)


def test_what_is_left_can_be_held_at_once_and_two_people_let_go(left: tuple[World, CaseLine]):
    world, case = left
    with time_machine.travel(months_after(today(), 6), tick=False):
        waiting = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY_COUNCIL, "Termijn voorbij.")
        retention.ask(world.db, world.clerk, case.id, Ask.HOLD, "Er loopt een procedure bij de rechter.")
        with pytest.raises(NotAllowed, match="vastgehouden"):
            destroying.confirm(world.db, CHEAP, world.principal, case.id, waiting, accepted=True)
        freed = retention.ask(world.db, world.clerk, case.id, Ask.RELEASE, "De procedure is klaar.")
        with pytest.raises(NotAllowed, match="zelf gevraagd"):
            retention.decided(world.db, world.clerk, case.id, freed, accepted=True)
        retention.decided(world.db, world.principal, case.id, freed, accepted=True)
        reasons = {one.reason for one in retention.keeping(world.db, world.principal, case.id).requests}
        assert {"Er loopt een procedure bij de rechter.", "De procedure is klaar."} <= reasons
        assert destroying.confirm(world.db, CHEAP, world.principal, case.id, waiting, accepted=True)


def test_what_is_left_is_kept_longer_by_two_people_with_a_reason_that_stays(left: tuple[World, CaseLine]):
    world, case = left
    until = today() + timedelta(days=400)
    with pytest.raises(NotAllowed, match="Schrijf op waarom"):
        retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, " ", until)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "De raad doet onderzoek.", until)
    assert clocks(world, case)[Kept.COUNCIL_VERSION][1] != until
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert clocks(world, case)[Kept.COUNCIL_VERSION][1] == until
    row = world.db.exec(select(RetentionRequestRow)).one()
    assert (row.case_id, row.stub_id, row.reason) == (None, case.id, "De raad doet onderzoek.")
    raw = world.db.connection().execute(sa.text("SELECT reason FROM retention_request")).scalar_one()
    assert b"onderzoek" not in bytes(raw)


def test_a_reason_goes_with_the_documents_it_was_about(left: tuple[World, CaseLine]):
    world, case = left
    with time_machine.travel(months_after(today(), 6), tick=False):
        asked = retention.ask(world.db, world.clerk, case.id, Ask.DESTROY_COUNCIL, "Termijn voorbij.")
        made = destroying.confirm(world.db, CHEAP, world.principal, case.id, asked, accepted=True)
    assert world.db.exec(select(RetentionRequestRow)).all() == []
    (proof,) = (one for one in destroying.destructions(world.db, world.auditor) if one.id == made)
    assert [(table, count) for table, count, _ in proof.manifest["destroyed"]] == [
        ("kept_document", 1), ("retention_request", 1),
    ]  # fmt: skip
    (line,) = retention_overview.list_of(world.db, world.auditor)
    assert (line.left, line.clocks, line.council_destroyed) == (frozenset(), (), True)
    for kind in Ask:
        with pytest.raises(NotAllowed, match="niets meer over"):
            retention.ask(world.db, world.clerk, case.id, kind, "Nog iets.", today() + timedelta(days=9))
    assert audit.verify(world.db) == ()


def test_a_newer_policy_can_count_for_what_is_left(left: tuple[World, CaseLine]):
    world, case = left
    retention_policy.set_policy(world.db, world.admin, policy(council=None))
    asked = retention.ask(world.db, world.clerk, case.id, Ask.ADOPT, "De nieuwe lijst geldt.")
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert clocks(world, case) == {Kept.COUNCIL_VERSION: (Standing.FOREVER, None)}
    with pytest.raises(NotAllowed, match="al voor altijd"):
        retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Zeker weten.", today() + timedelta(days=9))


def test_the_end_of_the_office_also_starts_the_clock_of_what_is_left(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(start=Start.END_OF_OFFICE))
    case = ended(world, appointed=True, on=today() - timedelta(days=30))
    destroyed(world, case)
    assert clocks(world, case) == {Kept.COUNCIL_VERSION: (Standing.WAITING, None)}
    retention.left_office(world.db, world.clerk, case.id, today())
    assert clocks(world, case) == {Kept.COUNCIL_VERSION: (Standing.RUNNING, months_after(today(), 6))}


def test_an_extension_must_move_a_date_later(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=3, council=None))
    case = ended(world)
    day = months_after(today(), 3)
    with pytest.raises(NotAllowed, match="Kies een latere datum"):
        retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Bezwaar.", day)
    until = day + timedelta(days=60)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Bezwaar.", until)
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert clocks(world, case)[Kept.CASE][1] == until
    with pytest.raises(NotAllowed, match="Kies een latere datum"):
        retention.ask(world.db, world.clerk, case.id, Ask.EXTEND, "Toch korter.", day + timedelta(days=30))


def test_a_corrected_last_day_in_office_is_warned_about_again_but_only_what_moved(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=0, council=0, start=Start.END_OF_OFFICE))
    case = ended(world, appointed=True, on=today() - timedelta(days=30))
    retention.left_office(world.db, world.clerk, case.id, today() - timedelta(days=2))
    assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 3)
    with pytest.raises(NotAllowed, match="al vastgelegd"):
        retention.left_office(world.db, world.clerk, case.id, today() - timedelta(days=1))
    put_right(world, case, today() - timedelta(days=1))
    assert keeping_daily.warn(world.db, CHEAP) == Warned(1, 3)
    assert sum("Het dossier" in text for _, _, text in mails(world)) == 3
    put_right(world, case, today() - timedelta(days=1))
    assert keeping_daily.warn(world.db, CHEAP) == Warned(0, 0)


def put_right(world: World, case: CaseLine, day: date) -> None:
    """Put the last day in office right, by two people."""
    asked = retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_LAST_DAY, "Verkeerd overgenomen.", day)
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)


@pytest.fixture
def committed(own_database_url: str) -> Iterator[tuple[World, sa.Engine]]:
    engine = open_engine(own_database_url, masters.from_text(masters.new_line()))
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy())
        case, candidate = world.in_review()
        cases.withdraw(db, candidate, case.id)
        db.commit()
        yield world, engine
    engine.dispose()


def test_of_two_rounds_at_once_one_warns(committed: tuple[World, sa.Engine]):
    world, engine = committed

    def claim(db: Session) -> bool:
        row = db.exec(select(RetentionRow)).one()
        return kept.claim(db, row, "warned_at")

    def other() -> bool:
        with open_session(engine) as db:
            done = claim(db)
            db.commit()
            return done

    assert claim(world.db)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other)  # it stands still until this transaction ends
        world.db.commit()
        assert not waiting.result()

"""What somebody asked for and did not find is on record: once, bounded, without telling what exists."""

import json
import threading
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from app.accounts.actor import system_actor
from app.crypto import masters
from app.store import audit
from app.store.engine import open_engine, open_session
from app.store.rows import AuditRow
from app.usecases import turned_away
from app.usecases.turned_away import TurnedAway
from tests.store.chains import an_organisation
from tests.web.conftest import House

UNKNOWN = "0" * 26


@pytest.fixture(autouse=True)
def _nothing_told_yet(house: House) -> None:
    app: Any = house.client.app
    app.state.turned_away._told.clear()


def refused(house: House) -> list[AuditRow]:
    """The lines about refusals, oldest first."""
    engine = open_engine(house.stage.settings.database)
    with Session(engine) as db:
        query = select(AuditRow).where(AuditRow.result == "refused", col(AuditRow.action).like("%_refused%"))
        found = list(db.exec(query.order_by(col(AuditRow.number))).all())
    engine.dispose()
    return found


def new(house: House, who: str, path: str, *, post: bool = False) -> list[AuditRow]:
    """What one request adds."""
    before = len(refused(house))
    answer = house.post(who, path, {}) if post else house.get(who, path)
    assert answer.status_code == 404, path
    return refused(house)[before:]


@pytest.mark.parametrize("who", ["elsewhere", "idle_analyst", "auditor", "admin", "empty"])
def test_a_case_of_somebody_else_leaves_a_line_and_so_does_one_that_is_not_there(house: House, who: str):
    case = house.stage.cases["review"].id
    [line] = new(house, who, f"/zaken/{case}")
    assert (line.object_kind, line.object_id, line.result) == ("case", case, "refused")
    assert line.origin
    assert json.loads(line.detail) == {"tried": "GET /zaken/{case_id}"}
    assert line.case_id is None, "the candidate is not told: nothing was read"
    [other] = new(house, who, f"/zaken/{UNKNOWN}")
    assert (other.object_kind, other.object_id, other.actor_id) == ("case", UNKNOWN, line.actor_id)
    assert new(house, who, f"/zaken/{case}") == [], "the same again is counted"


def test_documents_files_saves_and_pages_are_told_too(house: House):
    case = house.stage.cases["review"]
    seen = [
        new(house, "elsewhere", f"/documenten/{house.document}"),
        new(house, "empty", f"/vragenlijst/{case.id}/antwoord/is_resident", post=True),
        new(house, "clerk", "/mensen"),
        new(house, "clerk", f"{case.form}"),
    ]
    assert json.loads(seen[1][0].detail) == {"tried": "POST /vragenlijst/{case_id}/antwoord/{path}"}
    assert [[(line.object_kind, line.object_id) for line in lines] for lines in seen] == [
        [("document", house.document)],
        [("case", case.id)],
        [("page", "/mensen")],
        [("case", case.id)],
    ]


def test_an_act_that_is_not_allowed_is_told_too(house: House):
    own = house.stage.world_of.admin.id
    before = len(refused(house))
    for _ in range(2):
        assert house.post("admin", f"/mensen/{own}/uit", {}).status_code == 403
    [line] = refused(house)[before:]
    assert (line.action, line.object_kind, line.object_id, line.result) == ("act_refused", "person", own, "refused")
    assert "handeling niet toegestaan" in house.get("auditor", "/logboek?resultaat=refused").text


def test_what_is_missing_in_a_case_that_opened_is_no_refusal(house: House):
    case = house.stage.cases["review"]
    assert new(house, "clerk", f"{case.file}/beoordeling/GEEN-99") == []
    assert new(house, "", "/regels/GEEN-99") == []


def test_what_people_type_does_not_come_into_the_log(house: House):
    [line] = new(house, "clerk", "/zaken/Anna%20Veld")
    assert (line.object_kind, line.object_id) == ("case", "")


def test_known_and_unknown_cost_the_same(house: House):
    app: Any = house.client.app
    seen = []
    for case in (house.stage.cases["review"].id, UNKNOWN):
        app.state.turned_away._told.clear()
        ran: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_more: Any, ran: list[str] = ran) -> None:
            ran.append(statement)

        event.listen(app.state.engine, "before_cursor_execute", note)
        answer = house.get("elsewhere", f"/zaken/{case}")
        event.remove(app.state.engine, "before_cursor_execute", note)
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        seen.append((answer.status_code, answer.text, headers, ran))
    assert seen[0] == seen[1]
    assert any("audit_entry" in statement for statement in seen[0][3])


def test_the_auditor_reads_it_and_the_candidate_does_not(house: House):
    case = house.stage.cases["review"]
    new(house, "idle_analyst", f"/zaken/{case.id}")
    text = house.get("auditor", "/logboek?wat=access_refused").text
    assert "geen toegang" in text
    assert f"dossier {case.id[-6:].upper()}" in text
    assert "geweigerd" in text
    rows = house.get("auditor", f"/logboek/bestand/jsonl?wat=access_refused&dossier={case.id[-6:].upper()}").text
    told = [json.loads(line) for line in rows.splitlines()]
    assert "GET /zaken/{case_id}" in {one["tried"] for one in told}
    own = house.get("review", f"{case.form}/stand").text
    assert "Ilse Inkwart" not in own
    assert "geen toegang" not in own


def test_the_same_within_a_quarter_of_an_hour_is_counted_and_told_afterwards(own_database_url: str):
    engine, now = open_engine(own_database_url, masters.from_text(masters.new_line())), [0.0]
    with open_session(engine) as db:
        actor = an_organisation(db)
        db.commit()
    told = TurnedAway(engine, lambda: now[0])

    def lines() -> list[tuple[str, str, str]]:
        with open_session(engine) as db:
            query = select(AuditRow).where(AuditRow.organisation_id == actor.organisation_id)
            rows = db.exec(query.order_by(col(AuditRow.number))).all()
            assert audit.verify(db) == ()
            return [(row.action, row.object_id, row.detail) for row in rows]

    first = ("access_refused", UNKNOWN, '{"tried":"GET /x"}')
    for _ in range(7):
        told.note(actor, "case", UNKNOWN, "GET /x")
    told.flush()
    assert lines() == [first]
    now[0] += turned_away.QUARTER
    told.note(actor, "case", UNKNOWN, "GET /x")
    again = ("access_refused_again", UNKNOWN, '{"times":6}')
    assert lines() == [first, again, first]
    told.flush(everything=True)
    assert len(lines()) == 3, "nothing was asked again"
    for number in range(200):
        told.note(actor, "case", f"{number:026}", "GET /x")
    found = lines()
    assert len(found) == 3 + turned_away.MOST_LINES + 1
    assert found[-1][:2] == ("access_refused", "")
    told.flush(everything=True)
    more = 200 - turned_away.MOST_LINES - 1
    assert lines()[-1] == ("access_refused_again", "", f'{{"times":{more}}}')
    engine.dispose()


def test_many_at_once_are_one_line_and_a_log_that_is_away_stops_nobody(own_database_url: str):
    engine = open_engine(own_database_url, masters.from_text(masters.new_line()))
    with open_session(engine) as db:
        actor = an_organisation(db)
        db.commit()
    told = TurnedAway(engine)
    threads = [threading.Thread(target=told.note, args=(actor, "case", UNKNOWN, "GET /x")) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with open_session(engine) as db:
        assert len(db.exec(select(AuditRow).where(AuditRow.action == "access_refused")).all()) == 1
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_head RENAME TO away")
    told.note(system_actor(actor.organisation_id), "case", "1" * 26, "GET /x")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO audit_head")
    told.note(system_actor(actor.organisation_id), "case", "1" * 26, "GET /x")
    with open_session(engine) as db:
        assert len(db.exec(select(AuditRow).where(AuditRow.action == "access_refused")).all()) == 2
    engine.dispose()

"""The audit log for the auditor: only the own organisation, filtered, page by page, and as a harmless file."""

import ast
import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

import app
from app.store import audit, log_reading
from app.store.log_reading import LogLine, Wanted
from app.usecases import log_pages
from app.usecases.log_titles import ACTIONS, OBJECTS, RESULTS
from tests.store.chains import an_organisation, write
from tests.web.conftest import House

_LITERALS = 2


def said_in_the_code() -> tuple[set[str], set[str]]:
    """Which acts and kinds of thing the product writes, as far as they stand in the code as they are."""
    acts, kinds = set(), set()
    for file in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "audit.append",
                "audit.read",
                "append",
                "read",
            }:
                told = node.args[2:4]
                if len(told) == _LITERALS:
                    acts |= {one.value for one in told[:1] if isinstance(one, ast.Constant)}
                    kinds |= {one.value for one in told[1:] if isinstance(one, ast.Constant)}
    return {str(one) for one in acts}, {str(one) for one in kinds}


def test_every_act_in_the_log_has_words():
    acts, kinds = said_in_the_code()
    assert "answer_saved" in acts
    assert acts - set(ACTIONS) == set()
    assert kinds - set(OBJECTS) == set()


@pytest.mark.parametrize("who", ["clerk", "principal", "analyst", "admin", "review"])
def test_only_the_auditor_finds_it(house: House, who: str):
    assert house.get(who, "/logboek").status_code == 404
    assert house.get(who, "/logboek/bestand/csv").status_code == 404


def test_the_page_shows_the_own_organisation_and_that_it_was_read(house: House):
    first = house.get("auditor", "/logboek")
    assert first.status_code == 200
    assert "Laatste controle" in first.text
    assert "Anna Veld" not in first.text
    assert house.get("auditor", "/logboek?wat=log_read").text.count("logboek bekeken</td>") == 1
    told = [json.loads(line) for line in house.get("auditor", "/logboek/bestand/jsonl").text.splitlines()]
    assert {"answers_saved", "log_read"} <= {one["action"] for one in told}
    assert all("organisation_id" not in one and "detail" not in one for one in told)
    assert "logboek gedownload" in house.get("auditor", "/logboek?wat=log_exported").text


def test_a_case_is_found_by_its_mark(house: House):
    case = house.stage.cases["review"]
    found = house.get("auditor", f"/logboek/bestand/csv?dossier=TS-2026-{case.id[-6:].upper()}").content
    rows = list(csv.DictReader(io.StringIO(found.decode("utf-8-sig")), delimiter=";"))
    assert rows
    assert {row["case_id"] for row in rows} == {case.id}


def test_where_a_candidate_came_from_is_shown_while_the_case_is_there_and_stands_nowhere_in_the_clear(house: House):
    case = house.stage.answering()
    typed = {"own_points": "Iets.", "gevraagd": "own_points"}
    for htmx in (True, False):  # the fast road and the ordinary one
        house.post(case, f"{case.form}/antwoord/own_points?op=attitude", typed | {"own_points": str(htmx)}, htmx=htmx)
    mark = f"dossier=TS-2026-{case.id[-6:].upper()}"
    shown = house.get("auditor", f"/logboek?{mark}&wat=answer_saved").text
    assert shown.count("testclient") == 2
    rows = house.get("auditor", f"/logboek/bestand/csv?{mark}&wat=answer_saved").content.decode("utf-8-sig")
    assert rows.count("testclient") == 2
    told = [json.loads(line) for line in house.get("auditor", f"/logboek/bestand/jsonl?{mark}").text.splitlines()]
    sealed = [one["origin"] for one in told if one["action"] == "answer_saved"]
    assert len(set(sealed)) == 2
    assert all(re.fullmatch(r"~[\w-]+=*", one) and len(one) <= 100 for one in sealed)


def test_which_rule_applies_is_not_told(house: House):
    text = house.get("auditor", "/logboek?wat=decision_recorded").text
    told = [json.loads(line) for line in house.get("auditor", "/logboek/bestand/jsonl").text.splitlines()]
    flags = [one for one in told if one["object_kind"] == "flag"]
    assert "SPR-01" not in text
    assert "besluit over een signaal</td>" in text
    assert flags
    assert all(re.fullmatch("[0-9a-f]{26}", one["object_id"]) for one in flags)
    # Four eyes can be seen all the same: who found something about a flag, and who decided about it.
    found, decided = (
        {one["object_id"]: one["actor_id"] for one in flags if one["action"] == action}
        for action in ("finding_recorded", "decision_recorded")
    )
    assert decided
    assert all(found[flag] != by for flag, by in decided.items())


def test_pages_follow_each_other_without_a_gap(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log_pages, "PAGE", 10)
    address, seen = "/logboek?wie=kandidaat", []
    while address:
        text = house.get("auditor", address).text
        seen += [int(one) for one in re.findall(r'ts-muted">(\d+)<', text)]
        older = re.search(r'href="(/logboek\?[^"]*voor=\d+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    lines = house.get("auditor", "/logboek/bestand/jsonl?wie=kandidaat").text.splitlines()
    assert len(seen) > log_pages.PAGE
    assert seen == [json.loads(line)["number"] for line in lines]


@pytest.mark.parametrize("voor", ["x", "-1", "9" * 40, "٣"])
def test_a_strange_number_is_no_number(house: House, voor: str):
    assert house.get("auditor", f"/logboek?voor={voor}").status_code == 200


def test_a_day_that_is_none_is_said_beside_what_was_typed(house: House):
    answer = house.get("auditor", "/logboek/bestand/csv?van=31-2-2026&dossier=ABC")
    assert answer.status_code == 422
    assert "31-2-2026" in answer.text
    assert house.get("auditor", "/logboek?van=2-1-2026&tot=1-1-2026").status_code == 422
    assert "Niets gevonden" in house.get("auditor", "/logboek?tot=1-1-2020").text


def test_lines_of_somebody_else_are_not_there(session: Session):
    own, other = an_organisation(session), an_organisation(session, "Gemeente Elders")
    write(session, own, 3, "0casea")
    write(session, other, 4, "0caseb")
    found = log_reading.lines(session, own.organisation_id, Wanted(), most=100)
    assert {line.case_id for line in found} == {"0casea"}
    assert log_reading.lines(session, own.organisation_id, Wanted(case_mark="0caseb"), most=100) == ()
    assert log_reading.lines(session, own.organisation_id, Wanted(case_mark="%"), most=100) == ()


def test_what_is_asked_for_is_what_comes(session: Session):
    own = an_organisation(session)
    write(session, own, 2)
    audit.append(session, own, "sign_on_refused", "sign_on", "", result="refused")
    audit.settle(session)
    (only,) = log_reading.lines(session, own.organisation_id, Wanted(result="refused"), most=10)
    assert RESULTS[only.result] == "geweigerd"


def test_a_page_walks_the_index_and_sorts_nothing(session: Session):
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        # An almost empty table is read in whatever way comes first; sorting is left only where there is no other way.
        for cheap_here in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{cheap_here} = off")
    asked = log_reading.statement("o", Wanted(action="answer_saved"), before=99).limit(50)
    written = asked.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if isinstance(connection.dialect, sqlite.dialect) else "EXPLAIN "
    plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + str(written).replace("%", "%%")))
    assert "ix_audit_entry_organisation_id_number" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@given(st.text() | st.tuples(st.sampled_from("=+-@\t\r\n '"), st.text()).map("".join))
def test_no_cell_of_the_file_begins_like_a_formula(text: str):
    line = LogLine(1, None, text, text, text, text, text, text, text, text, text, text, text, text)
    told = log_pages.as_csv([line]).decode("utf-8-sig", "surrogatepass")
    (row,) = list(csv.reader(io.StringIO(told, newline=""), delimiter=";"))[1:]
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)
    assert all(not cell.startswith(("\t", "\r", "\n")) for cell in row)
    assert all(cell.endswith(text) for cell in row[2 : len(log_reading.SHOWN)])

"""`toetssteen retention`: dates without names, a policy that reads back as it was written, and warnings."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from docx import Document
from sqlmodel import Session, col, select
from typer.testing import Result

from app.crypto.masters import from_own_file
from app.reviews.retention import months_after
from app.store import outbox
from app.store.engine import Engine, open_engine, open_session
from app.store.rows import AuditRow, CaseRow, OutboxRow
from app.usecases import cases, destroying, retention, retention_policy
from app.usecases.lines import CaseLine, today
from app.usecases.retention import Ask
from tests.cli.conftest import Run
from tests.docs.pages import ROOT, commands
from tests.store.chains import unguard
from tests.usecases.conftest import CHEAP
from tests.usecases.test_retention import destroyed, ended
from tests.usecases.test_retention import policy as policy_of
from tests.usecases.world import World, make_world

EXAMPLE = ROOT / "docs" / "examples" / "keeping" / "bewaarbeleid.yaml"
HOW_TO = ROOT / "docs" / "how-to" / "keep-and-destroy.md"
HERE, THERE = ("--organisation", "Gemeente Voorbeeldstad"), ("--organisation", "Provincie Middenland")


@dataclass
class Place:
    """An installation with a case of somebody who withdrew today, and one of somebody who was not appointed."""

    run: Run
    engine: Engine
    world: World
    withdrawn: CaseLine
    ended: CaseLine
    where: dict[str, object]

    def typed(self, *words: object) -> Result:
        return self.run(*words, **self.where)

    def set_policy(self, file: Path = EXAMPLE, reason: str = "Raadsbesluit 12.") -> Result:
        return self.typed("retention", "policy", "set", file, *HERE, "--reason", reason)

    def log(self, action: str) -> list[AuditRow]:
        with open_session(self.engine, writes=False) as db:
            return list(db.exec(select(AuditRow).where(AuditRow.action == action).order_by(col(AuditRow.number))).all())


@pytest.fixture
def place(run: Run, own_database_url: str, tmp_path: Path) -> Iterator[Place]:
    engine = open_engine(own_database_url, from_own_file(tmp_path / "master.key"))
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy_of(1, warn_days=60))
        withdrawn, candidate = world.answering()
        cases.withdraw(db, candidate, withdrawn.id)
        decided, _ = ended(world)
        db.commit()
        yield Place(run, engine, world, withdrawn, decided, {"database_url": own_database_url, "data_dir": tmp_path})
    engine.dispose()


def test_what_is_near_is_told_without_a_name_and_on_record(place: Place):
    told = place.typed("retention", "due")
    assert told.exit_code == 0, told.output
    day = months_after(today(), 1).isoformat()
    here, there = told.stdout.split("\n\n")
    assert here.startswith("Gemeente Voorbeeldstad\n")
    assert [line.split() for line in here.splitlines()[1:3]] == [
        ["reference", "record", "day", "standing", "held", "outcome", "policy"],
        [min(place.withdrawn.reference, place.ended.reference), "case", day, "near", "no"]
        + (["withdrawn"] if place.withdrawn.reference < place.ended.reference else ["not_appointed"])
        + [today().isoformat(), "Selectielijst", "van", "het", "voorbeeld"],
    ]
    assert there == "Provincie Middenland\n  nothing to tell\n"
    for secret in (place.withdrawn.candidate_name, place.withdrawn.candidate_email, "wethouder"):
        assert secret not in told.stdout
    lines = place.log("list_read")[-2:]
    assert {(line.actor_id, line.actor_name, line.object_id) for line in lines} == {
        ("system", "opdracht op de server", "retention")
    }
    assert len({line.organisation_id for line in lines}) == 2


def test_the_same_as_json_for_one_organisation(place: Place):
    with open_session(place.engine) as db:
        world = make_reader(place, db)
        retention.ask(db, world.clerk, place.withdrawn.id, Ask.HOLD, "Er loopt een procedure.")
        db.commit()
    told = place.typed("retention", "due", "--json", *HERE)
    (found,) = json.loads(told.stdout)["organisations"]
    assert (found["organisation"], found["without_policy"]) == ("Gemeente Voorbeeldstad", 0)
    held = next(one for one in found["records"] if one["held"])
    assert held == {
        "reference": place.withdrawn.reference,
        "record": "case",
        "outcome": "withdrawn",
        "outcome_on": today().isoformat(),
        "day": months_after(today(), 1).isoformat(),
        "standing": "near",
        "held": True,
        "policy": "Selectielijst van het voorbeeld",
    }
    assert len(found["records"]) == 2
    everything = json.loads(place.typed("retention", "due", "--json", "--all", *HERE).stdout)["organisations"][0]
    stays = [one for one in everything["records"] if one["record"] == "council_version"]
    assert [(one["standing"], one["day"]) for one in stays] == [("forever", None)]
    assert place.typed("retention", "due", "--organisation", "Gemeente Nergens").exit_code == 2


def make_reader(place: Place, db: Session) -> World:
    return World(**{**vars(place.world), "db": db})


def test_a_case_without_a_policy_is_counted_because_no_day_can_be_told(run: Run, own_database_url: str, tmp_path: Path):
    engine = open_engine(own_database_url, from_own_file(tmp_path / "master.key"))
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        case, candidate = world.answering()
        cases.withdraw(db, candidate, case.id)
        db.commit()
    engine.dispose()
    told = run("retention", "due", *HERE, database_url=own_database_url, data_dir=tmp_path)
    assert "1 case with an outcome, and no policy that says how long" in told.stdout
    shown = run("retention", "policy", "show", *HERE)
    assert (shown.exit_code, "has no policy yet" in shown.stderr) == (2, True)


def test_a_policy_is_set_from_a_file_and_reads_back(place: Place, tmp_path: Path):
    done = place.set_policy()
    assert (done.exit_code, "from now on" in done.stdout) == (0, True), done.output
    for form, options in (("yaml", ()), ("json", ("--json",))):
        shown = place.typed("retention", "policy", "show", *HERE, *options)
        assert shown.exit_code == 0, shown.output
        file = tmp_path / f"again.{form}"
        file.write_text(shown.stdout, encoding="utf-8")
        again = place.set_policy(file)
        assert (again.exit_code, "nothing was changed" in again.stdout) == (0, True), again.output
        there = place.typed("retention", "policy", "set", file, *THERE, "--reason", "Zoals de gemeente.")
        assert there.exit_code == 0, there.output
        assert place.typed("retention", "policy", "show", *THERE, *options).stdout == shown.stdout
    mine = [line for line in place.log("settings_changed") if line.organisation_id == place.world.admin.organisation_id]
    assert [(line.actor_id, line.actor_name, line.detail) for line in mine] == [
        (place.world.admin.id, "Bea Beheer", '{"changed":["retention"]}'),
        ("system", "opdracht op de server", '{"changed":["retention"]}'),
    ]
    with open_session(place.engine) as db:
        newest, _ = retention_policy.changes(db, place.world.auditor)
    assert (newest.reason, newest.by_name) == ("Raadsbesluit 12.", "opdracht op de server")
    # What has an outcome already keeps the policy of that day.
    assert "Selectielijst van het voorbeeld" in place.typed("retention", "due").stdout


def test_without_a_reason_nothing_is_set(place: Place):
    for reason in (" ", "x" * 301):
        refused = place.set_policy(reason=reason)
        assert (refused.exit_code, "--reason" in refused.stderr) == (2, True)
    assert place.typed("retention", "policy", "set", EXAMPLE, *HERE).exit_code == 2
    unknown = place.typed(
        "retention", "policy", "set", EXAMPLE, "--organisation", "Gemeente Nergens", "--reason", "Zomaar."
    )
    assert unknown.exit_code == 2
    assert len(place.log("settings_changed")) == 1


def test_everything_that_is_wrong_with_a_file_is_told_at_once(place: Place, tmp_path: Path):
    file = tmp_path / "fout.yaml"
    file.write_text(
        "selection_list: ''\n"
        "warn_days: 1000\n"
        "choices: [destory]\n"
        "terms:\n"
        "  appointed:\n"
        "    case: {months: foreever}\n"
        "    council_version: {months: -1, begin: outcome}\n"
        "  not_appointed:\n"
        "    case: {months: 12, start: end_of_office}\n"
        "sorts: []\n",
        encoding="utf-8",
    )
    refused = place.set_policy(file)
    assert refused.exit_code == 2
    told = refused.stderr.splitlines()
    assert told[-1] == "10 problems"
    for line, said in (
        (1, "selection_list"), (2, "from 0 to 999"), (3, "did you mean 'destroy'"), (6, "did you mean 'forever'"),
        (7, "from 0 to 1200"), (7, "unknown field"), (9, "an office that ends"), (9, "has no 'council_version'"),
        (5, "has no 'withdrawn'"), (10, "'sorts'"),
    ):  # fmt: skip
        assert any(one.startswith(f"fout.yaml:{line}: ") and said in one for one in told), (line, said, told)
    assert len(place.log("settings_changed")) == 1
    for other in ("- een lijst\n", "selection_list: [\n", "x" * 50_001):
        file.write_text(other, encoding="utf-8")
        assert place.set_policy(file).exit_code == 2


def test_whoever_runs_a_timer_makes_the_round_with_a_command(place: Place):
    assert place.typed("retention", "warn").stdout == "6 mails written about 2 cases\n"
    assert place.typed("retention", "warn").stdout == "0 mails written about 0 cases\n"
    with open_session(place.engine) as db:
        written = [row for row in db.exec(select(OutboxRow)).all() if row.name == "retention_near"]
        assert len(written) == 6
        assert all("mag worden vernietigd" in outbox.letter_of(row).text for row in written)


def test_no_command_destroys_anything(place: Place):
    with time_machine.travel(today() + timedelta(days=4000), tick=False):
        for words in (["due", "--all"], ["warn"], ["due", "--json"]):
            assert place.typed("retention", *words).exit_code == 0
    with open_session(place.engine) as db:
        assert {row.candidate_name for row in db.exec(select(CaseRow)).all()} == {"Anna Veld"}
    for words in ([], ["due"], ["warn"]):
        assert "estroy" in place.run("retention", *words, "--help").stdout


@pytest.fixture
def declaration(place: Place, tmp_path: Path) -> Path:
    """The case of who withdrew was destroyed: the declaration about it, as it was downloaded."""
    with open_session(place.engine) as db:
        world = make_reader(place, db)
        asked = retention.ask(db, world.clerk, place.withdrawn.id, Ask.ADOPT, "De nieuwe lijst geldt.")
        retention_policy.set_policy(db, world.admin, policy_of(0))
        retention.decided(db, world.principal, place.withdrawn.id, asked, accepted=True)
        name, body = destroying.declaration(db, world.auditor, destroyed(world, place.withdrawn))
        db.commit()
    file = tmp_path / name
    file.write_bytes(body)
    return file


def test_a_declaration_is_held_against_the_log(place: Place, declaration: Path):
    told = place.typed("retention", "verify", declaration)
    assert told.exit_code == 0, told.output
    first, second, third = told.stdout.splitlines()
    assert first == f"Gemeente Voorbeeldstad, {place.withdrawn.reference}: case destroyed"
    (line,) = place.log("destroyed")
    assert second.startswith(f"line {line.number} of the audit log, ")
    printed = third.rpartition(" ")[2]
    cells = [cell.text for table in Document(str(declaration)).tables for row in table.rows for cell in row.cells]
    assert printed in cells
    assert printed in line.detail
    with place.engine.begin() as connection:
        unguard(connection)
        connection.execute(
            sa.text("UPDATE audit_entry SET actor_name = 'Iemand anders' WHERE case_id = :case AND case_number = 1"),
            {"case": place.withdrawn.id},
        )
    spoiled = place.typed("retention", "verify", declaration)
    assert (spoiled.exit_code, "about this case were changed" in spoiled.stderr) == (1, True)


def test_a_declaration_that_was_changed_is_not_in_the_log(place: Place, declaration: Path):
    declaration.write_bytes(declaration.read_bytes() + b" ")
    changed = place.typed("retention", "verify", declaration)
    assert (changed.exit_code, "no line of the audit log names" in changed.stderr) == (1, True)


def test_the_commands_of_the_how_to_run(
    place: Place, declaration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    assert place.typed("backup", tmp_path / "rows-monday.backup", "--keys", tmp_path / "keys.backup").exit_code == 0
    typed = [shlex.split(line) for line in commands(HOW_TO)]
    ours = [line[1:] for line in typed if line[0] == "toetssteen"]
    assert {line[0] for line in ours} == {"retention", "outbox", "audit", "restore-check"}
    for line in ours:
        there = [
            str(declaration)
            if word.startswith("verklaring-")
            else str(tmp_path / Path(word).name)
            if word.endswith(".backup")
            else word
            for word in line
        ]
        done = place.typed(*there)
        assert done.exit_code == 0, (line, done.output)
        assert done.stdout

"""The list of rights: who has what, since when and from whom, for administrator and auditor, as page, file and command."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import app as command_line
from app.reviews.lifecycle import Role
from app.store import proofs
from app.store.types import utc_now
from app.usecases import people, rights
from app.usecases.lines import PersonLine
from tests.signing_in import PASSWORD, give_app, person
from tests.web.conftest import House


def table(body: bytes) -> dict[str, dict[str, str]]:
    """The lines of the file by address."""
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    return {row["e-mailadres"]: row for row in rows}


@pytest.mark.parametrize("who", ["clerk", "principal", "analyst", "elsewhere", "review"])
def test_only_administrator_and_auditor_find_it(house: House, who: str):
    assert house.get(who, "/rechten").status_code == 404
    assert house.get(who, "/rechten/bestand").status_code == 404


def test_who_gave_which_right_since_when_and_with_what_proof(house: House):
    with house.stage.world() as world:
        added = people.add_person(
            world.db, world.settings, world.admin, name="=Rare Naam", email="raar@voorbeeld.example", role=Role.CLERK,
            password=PASSWORD,
        )  # fmt: skip
        assert isinstance(added, PersonLine)
        people.change_role(world.db, world.settings, world.admin, added.id, Role.PRINCIPAL)
        people.deactivate(world.db, world.admin, added.id)
        give_app(world.db, "gerda.griffioen@voorbeeld.example")
    answer = house.get("auditor", "/rechten/bestand")
    assert answer.headers["content-disposition"].startswith("attachment")
    found = table(answer.content)
    odd, clerk, admin = (found[f"{name}@voorbeeld.example"] for name in ("raar", "gerda.griffioen", "bea.beheer"))
    assert odd["naam"] == "'=Rare Naam"
    assert (odd["rol"], odd["bijzondere rechten"], odd["gegeven door"]) == ("burgemeester", "ja", "Bea Beheer")
    assert (odd["stand"], odd["tweede bewijs"], odd["laatst ingelogd"]) == ("uit", "geen", "")
    assert (clerk["bijzondere rechten"], clerk["gegeven door"]) == ("nee", "opdracht op de server")
    assert clerk["tweede bewijs"] == "app"
    assert clerk["laatst ingelogd"]
    assert admin["bijzondere rechten"] == "ja"
    assert "stijn.statenman@voorbeeld.example" not in found
    assert list(found).index("raar@voorbeeld.example") < list(found).index("gerda.griffioen@voorbeeld.example")
    for who in ("auditor", "admin"):
        page = house.get(who, "/rechten")
        assert page.status_code == 200
        assert "bijzondere rechten" in page.text
    log = house.get("auditor", "/logboek").text
    assert "lijst met rechten bekeken" in log
    assert "lijst met rechten gedownload" in log


def test_the_command_gives_the_same_file(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with house.stage.world() as world:
        row = person(world.db, "ilse.inkwart@voorbeeld.example")
        row.signed_in_at = utc_now()
        assert not proofs.passkeys_of(world.db, row.id)
    monkeypatch.setenv("TOETSSTEEN_DATABASE_URL", house.stage.settings.database)
    monkeypatch.setenv("TOETSSTEEN_DATA_DIR", str(house.stage.settings.data_dir))
    file = tmp_path / "rechten.csv"
    run = CliRunner().invoke(
        command_line, ["rights-report", "--organisation", "Gemeente Voorbeeldstad", "--out", str(file)]
    )
    assert run.exit_code == 0, run.output
    assert set(table(file.read_bytes())) >= {"bea.beheer@voorbeeld.example", "ilse.inkwart@voorbeeld.example"}
    printed = CliRunner().invoke(command_line, ["rights-report", "--organisation", "Gemeente Voorbeeldstad"])
    assert set(table(printed.stdout.encode())) == set(table(file.read_bytes()))
    unknown = CliRunner().invoke(command_line, ["rights-report", "--organisation", "Nergens"])
    assert unknown.exit_code == 2


@given(st.text() | st.tuples(st.sampled_from("=+-@\t\r\n '"), st.text()).map("".join))
def test_no_cell_of_the_file_begins_like_a_formula(text: str):
    line = rights.RightsLine(text, text, text, True, utc_now(), text, text, None, text)
    told = rights.as_csv([line]).decode("utf-8-sig", "surrogatepass")
    (row,) = list(csv.reader(io.StringIO(told, newline=""), delimiter=";"))[1:]
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import select
from typer.testing import Result

from app import __version__
from app.crypto.masters import from_own_file
from app.dossiers import house_style
from app.questionnaires.loading import newest
from app.questionnaires.versions import published_digests
from app.reviews.independence import Relation
from app.reviews.lifecycle import Step
from app.settings import Settings
from app.store import people
from app.store.engine import open_engine, open_session
from app.store.rows import CaseRow, DeclarationRow, PersonRow
from app.usecases.library import rulebook

Run = Callable[..., Result]

CASE = "context: {tier: municipality, portfolio: [spatial], as_of: 2026-11-23}\nanswers: {companies: no}\n"


ROOT = Path(__file__).parents[2]
_NEUTRAL = Path(house_style.__file__).with_name("house_style.docx")


def test_the_version_is_told(run: Run):
    assert run("--version").stdout == f"toetssteen {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        [], ["serve"], ["migrate"], ["check"], ["assess"], ["schema"], ["rules"], ["rules", "list"], ["rules", "show"],
        ["rules", "test"], ["rules", "explain"], ["rules", "sources"], ["rules", "coverage"], ["questionnaires"], ["questionnaires", "list"], ["questionnaires", "show"],
        ["questionnaires", "diff"], ["questionnaires", "publish"], ["dossier"], ["dossier", "render"], ["inzage"], ["person"], ["person", "add"],
        ["organisation"], ["organisation", "style"], ["organisation", "theme"], ["organisation", "code"], ["organisation", "clerk"], ["demo"], ["demo", "load"], ["outbox"], ["outbox", "run"],
        ["retention"], ["retention", "due"], ["retention", "warn"], ["retention", "verify"], ["retention", "policy"],
        ["retention", "policy", "show"], ["retention", "policy", "set"],
    ],
)  # fmt: skip
def test_every_command_says_what_it_is_for(run: Run, words: list[str]):
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout


def test_rules_are_listed_by_subject(run: Run):
    text = run("rules", "list", "--subject", "companies").stdout
    assert re.search(r"COM-01 +3 +attention +in_force +\w+", text)
    assert "REQ-01" not in text
    everything = json.loads(run("rules", "list", "--json").stdout)
    assert {"COM-01", "REQ-01"} <= {rule["id"] for rule in everything}
    at_water_boards = json.loads(run("rules", "list", "--json", "--tier", "water_board").stdout)
    assert all("water_board" in rule["tiers"] for rule in at_water_boards)
    assert len(at_water_boards) < len(everything)


def test_an_unknown_subject_or_rule_is_refused_with_what_may_be_meant(run: Run):
    done = run("rules", "list", "--subject", "companys")
    assert (done.exit_code, "did you mean 'companies'?" in done.stderr) == (2, True)
    done = run("rules", "show", "COM-1")
    assert done.exit_code == 2
    assert "no rule 'COM-1'" in done.stderr


def test_a_rule_is_shown_whole(run: Run):
    text = run("rules", "show", "com-01").stdout
    for said in ("COM-01", "Zwaarte:       3", "art. 28", "«Wat voor onderneming is het?»", "Advies: ", "Voorbeeld: "):
        assert said in text
    assert "{" not in text.replace("{companies", "").replace("{context", "")


def test_a_rule_explains_itself_and_what_it_makes_of_a_case(run: Run, tmp_path: Path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    text = run("rules", "explain", "COM-01", "--case", path).stdout
    assert "al deze punten" in text
    assert "NONE" in text
    assert "ingeschreven in het handelsregister? → nee" in text
    bill = run("rules", "explain", "BIL-01", "--case", path).stdout
    assert "does not exist for this authority" in bill


def test_examples_and_mutants_of_one_rule_are_run(run: Run):
    done = run("rules", "test", "COM-01")
    assert done.exit_code == 0, done.output
    assert re.search(r"([1-9]\d*) of \1 examples of 1 rule as expected\n([1-9]\d*) of \2 mutants noticed", done.stdout)
    assert "mutants" not in run("rules", "test", "COM-01", "--no-mutants").stdout


def test_everything_that_ships_is_in_order(run: Run):
    done = run("check")
    assert done.exit_code == 0, done.stderr
    assert "kandidaat-bestuurder version 1" in done.stdout


def test_unsafe_settings_are_told_one_by_one(run: Run):
    done = run("migrate", environment="production", smtp_port="many")
    assert done.exit_code == 2
    assert "TOETSSTEEN_SMTP_PORT" in done.stderr
    done = run("migrate", environment="production", smtp_port="25")
    assert done.exit_code == 2
    assert "https" in done.stderr


def test_a_database_is_made_and_a_person_gets_in(run: Run, tmp_path: Path):
    assert "database" in run("migrate", data_dir=tmp_path).stdout
    assert "up to date" in run("migrate").stdout
    words = ["person", "add", "--organisation", "Gemeente Voorbeeldstad", "--name", "Gerda Griffier"]
    words += ["--email", "griffier@voorbeeldstad.example", "--role", "clerk", "--password"]
    done = run(*words, "kort", "--tier", "municipality")
    assert done.exit_code == 2
    assert "password" in done.stderr
    done = run(*words, "een lang wachtwoord", "--tier", "municipality")
    assert done.exit_code == 0, done.output
    assert "Gerda Griffier can sign in" in done.stdout
    assert "/welkom/" not in done.stdout
    words = ["person", "add", "--organisation", "Gemeente Voorbeeldstad", "--name", "Bea Beheer"]
    done = run(*words, "--email", "beheerder@voorbeeldstad.example", "--role", "admin")
    assert done.exit_code == 0, done.output
    first = re.search(r"/welkom/\S{40,}", done.stdout)
    again = run("person", "invite", "--email", "beheerder@voorbeeldstad.example")
    second = re.search(r"/welkom/\S{40,}", again.stdout)
    assert first
    assert second
    assert first[0] != second[0]
    assert run("person", "invite", "--email", "niemand@voorbeeldstad.example").exit_code == 2
    assert "0 sent, 0 failed" in run("outbox", "run").stdout


def test_a_document_is_only_for_who_may_see_the_case(run: Run, tmp_path: Path):
    run("migrate", data_dir=tmp_path)
    out = tmp_path / "raadsversie.docx"
    words = ["dossier", "render", "01CASE", "--out", out, "--email", "griffier@voorbeeldstad.example"]
    done = run(*words, "--password", "verkeerd wachtwoord", "--code", "123456")
    assert done.exit_code == 2
    assert "klopt niet" in done.stderr
    assert not out.exists()


def test_the_demo_can_be_loaded_twice_and_gives_a_document(run: Run, tmp_path: Path):
    run("migrate", data_dir=tmp_path)
    first = run("demo", "load")
    assert first.exit_code == 0, first.output
    assert "griffier@voorbeeldstad.example" in first.stdout
    again = run("demo", "load")
    assert again.exit_code == 0, again.output
    engine = open_engine(f"sqlite:///{tmp_path}/toetssteen.db", from_own_file(tmp_path / "master.key"))
    with open_session(engine) as db:
        reviewed = next(case for case in db.exec(select(CaseRow)).all() if case.step is Step.IN_REVIEW)
    engine.dispose()
    out = tmp_path / "raadsversie.docx"
    words = ["dossier", "render", reviewed.id, "--out", out, "--password", "voorbeeld-wachtwoord", "--email"]

    def code_of(email: str) -> str:
        return str(run("demo", "code", email).stdout.strip())

    email = "onderzoeker@voorbeeldstad.example"
    done = run(*words, email, "--code", code_of(email))
    assert done.exit_code == 0, done.output
    assert any(reviewed.candidate_name in line.text for line in Document(str(out)).paragraphs)
    out.unlink()
    email = "griffier@voorbeeldstad.example"
    undeclared = run(*words, email, "--code", code_of(email))
    assert undeclared.exit_code == 2
    assert "declaration of independence" in undeclared.stderr
    copied = ["inzage", reviewed.id, "--to", tmp_path / "kopie", "--password", "voorbeeld-wachtwoord", "--email"]
    email = "burgemeester@voorbeeldstad.example"
    with open_session(engine) as db:
        mayor = db.exec(select(PersonRow).where(PersonRow.email == email)).one()
        db.add(
            DeclarationRow(
                organisation_id=reviewed.organisation_id, case_id=reviewed.id, person_id=mayor.id, person_name=mayor.name,
                person_role=mayor.role, relation=Relation.NONE, closes=False,
            )
        )  # fmt: skip
        db.commit()
    engine.dispose()
    made = run(*copied, email, "--code", code_of(email))
    assert made.exit_code == 0, made.output
    (archive,) = (tmp_path / "kopie").iterdir()
    assert (archive.suffix, archive.stat().st_mode & 0o077) == (".zip", 0)
    email = "griffier@middenland.example"
    elsewhere = run(*words, email, "--code", code_of(email))
    assert elsewhere.exit_code == 2
    assert not out.exists()


def test_a_version_is_published_once_and_for_all(run: Run, tmp_path: Path):
    published = tmp_path / "published.json"
    name = "kandidaat-bestuurder.v1"
    assert "not published" in run("questionnaires", "list", "--list", published).stdout
    assert run("questionnaires", "publish", name, "--list", published).exit_code == 0
    assert re.search(
        r"\d+ questions, about \d+ minutes at least, published",
        run("questionnaires", "list", "--list", published).stdout,
    )
    assert published_digests(published)["kandidaat-bestuurder", 1] == newest().digest
    again = published.read_text()
    assert run("questionnaires", "publish", name, "--list", published).exit_code == 0
    assert published.read_text() == again
    published.write_text(again.replace(newest().digest, "0" * 64))
    refused = run("questionnaires", "publish", name, "--list", published)
    assert (refused.exit_code, "has changed since" in refused.stderr) == (2, True)


def test_questionnaires_are_shown_and_compared(run: Run):
    text = run("questionnaires", "show", "kandidaat-bestuurder.v1", "--tier", "province").stdout
    assert re.search(r"companies.share_pct +percentage +W  ", text)
    assert "{authority}" not in text
    done = run("questionnaires", "diff", "kandidaat-bestuurder.v1", "kandidaat-bestuurder.v1")
    assert done.stdout == "0 differences\n"
    unknown = run("questionnaires", "show", "kandidaat-bestuurder.v9")
    assert (unknown.exit_code, "did you mean" in unknown.stderr) == (2, True)


def test_a_rule_without_examples_is_not_called_good(run: Run, monkeypatch: pytest.MonkeyPatch):
    book = rulebook(newest())
    bare = replace(book, rules=tuple(replace(rule, examples=()) for rule in book.rules))
    monkeypatch.setattr("app.cli.rules._with_examples", lambda: bare)
    done = run("rules", "test", "COM-01")
    assert done.exit_code == 1
    assert "no examples: COM-01" in done.stdout


def test_an_organisation_gets_its_own_word_style_by_command(run: Run, tmp_path: Path):
    run("migrate", data_dir=tmp_path)
    assert run("demo", "load").exit_code == 0
    where = ("--organisation", "Gemeente Voorbeeldstad")
    kept = tmp_path / "house_styles"
    chosen = run("organisation", "style", _NEUTRAL, *where)
    assert (chosen.exit_code, len(list(kept.glob("*.docx")))) == (0, 1), chosen.output
    assert run("organisation", "style", "--neutral", *where).exit_code == 0
    (tmp_path / "geen.docx").write_text("geen Word")
    refused = run("organisation", "style", tmp_path / "geen.docx", *where)
    assert (refused.exit_code, "geen.docx: this is not a Word document" in refused.stderr) == (2, True)
    assert run("organisation", "style", _NEUTRAL, "--organisation", "Gemeente Nergens").exit_code == 2
    for neither_or_both in ((), (_NEUTRAL, "--neutral")):
        assert run("organisation", "style", *neither_or_both, *where).exit_code == 2
    assert len(list(kept.glob("*"))) == 1


def test_what_rests_on_a_law_is_listed_when_a_newer_text_comes_out(run: Run):
    book = rulebook(newest())
    register = run("rules", "sources").stdout
    assert all(re.search(rf"^{key} .* rules, ", register, re.MULTILINE) for key in book.sources)
    told = run("rules", "sources", "--newer", "Wjsg=2099-01-01", "--newer", "Awb=2000-01-01").stdout
    cites = [rule.id for rule in book.rules if any(basis.source == "Wjsg" for basis in rule.basis)]
    assert cites
    assert all(rule in told for rule in cites)
    assert "Awb: nothing newer" in told
    assert re.search(rf"^{len(cites)} rules and \d+ questions to read again$", told, re.MULTILINE)
    for wrong in ("Wjsg", "Wjsg=ooit", "Wjsgg=2099-01-01", "practice=2099-01-01"):
        assert run("rules", "sources", "--newer", wrong).exit_code == 2


def test_the_law_in_force_is_held_beside_the_bill(run: Run):
    told = run("rules", "explain", "--compare", "--tier", "province").stdout
    proposed = [rule.id for rule in rulebook(newest()).rules if rule.frame == "bill_36892"]
    assert all(f"  {rule}  Voorstel" in told for rule in proposed)
    assert "Kamerstukken 36892" in told
    assert "verplicht een risicoanalyse" in told
    earlier = run("rules", "explain", "--compare", "--on", "2026-01-01", "--tier", "province").stdout
    assert "  0 regels verschillen" in earlier
    assert "blijft gelijk" in run("rules", "explain", "COM-01", "--compare", "--tier", "province").stdout
    assert "bestaat hier niet" in run("rules", "explain", "INC-22", "--compare", "--tier", "water_board").stdout
    assert run("rules", "explain").exit_code == 2


def test_an_organisation_gets_its_own_theme_by_command(run: Run, tmp_path: Path):
    run("migrate", data_dir=tmp_path)
    assert run("demo", "load").exit_code == 0
    engine = open_engine(Settings(data_dir=tmp_path).database, from_own_file(tmp_path / "master.key"))

    def theme() -> str:
        with open_session(engine) as db:
            row = people.organisation_named(db, "Gemeente Voorbeeldstad")
            assert row is not None
            return row.theme

    assert theme() == "default"
    assert run("organisation", "theme", "middenland", "--organisation", "Gemeente Voorbeeldstad").exit_code == 0
    assert theme() == "middenland"
    refused = run("organisation", "theme", "paars", "--organisation", "Gemeente Voorbeeldstad")
    assert (refused.exit_code, "default, middenland" in refused.stderr) == (2, True)
    assert run("organisation", "theme", "default", "--organisation", "Gemeente Nergens").exit_code == 2
    engine.dispose()


def test_local_rules_are_tested_weighed_and_chosen_by_command(run: Run, tmp_path: Path):
    pack = ROOT / "docs" / "examples" / "packs" / "gedragscode-voorbeeldstad.yaml"
    tested = run("rules", "test", "--pack", pack)
    assert (tested.exit_code, "examples of 6 rules as expected" in tested.stdout) == (0, True), tested.output
    case = ROOT / "docs" / "examples" / "wethouder-met-bureau.yaml"
    weighed = json.loads(run("assess", case, "--json", "--pack", pack).stdout)
    plain = json.loads(run("assess", case, "--json").stdout)
    assert [one for one in weighed["results"] if not one["rule"].startswith("PACK")] == plain["results"]
    local = [one for one in weighed["results"] if one["rule"].startswith("PACK")]
    assert "Gedragscode integriteit wethouders Voorbeeldstad (art. 3)" in {
        norm["text"] for one in local for norm in one["norms"]
    }
    run("migrate", data_dir=tmp_path)
    assert run("demo", "load").exit_code == 0
    where = ("--organisation", "Gemeente Voorbeeldstad")
    chosen = run("organisation", "code", pack, *where)
    assert (chosen.exit_code, len(list((tmp_path / "packs").glob("*.yaml")))) == (0, 1), chosen.output
    assert "6 local rules of Gedragscode" in chosen.stdout
    assert "1 local packs" in run("check").output
    (kept,) = (tmp_path / "packs").glob("*.yaml")
    kept.write_text(kept.read_text().replace("severity: 3\n", "severity: 4\n"))
    spoiled = run("check")
    assert spoiled.exit_code != 0
    assert "was changed after it was chosen" in spoiled.output
    broken = tmp_path / "fout.yaml"
    broken.write_text(pack.read_text().replace("id: PACK-01", "id: GW-01"))
    refused = run("organisation", "code", broken, *where)
    assert (refused.exit_code, "fout.yaml:15: 'GW-01' is no id of a local rule" in refused.stderr) == (2, True)
    assert run("organisation", "code", "--none", *where).exit_code == 0
    for neither_or_both in ((), (pack, "--none")):
        assert run("organisation", "code", *neither_or_both, *where).exit_code == 2


def test_coverage_is_told_as_numbers_with_what_is_missing(run: Run):
    told = run("rules", "coverage", "--missing")
    assert told.exit_code == 0, told.output
    assert re.search(r"^\d+ of 224 statements of law carried out, \d+ not and explained$", told.stdout, re.MULTILINE)
    assert "42 of 42 patterns of practice carried out" in told.stdout
    assert "C18" in told.stdout
    assert "no reason given" not in told.stdout

"""The own rules of an organisation, for anybody: with their article, under an address that keeps its words."""

import hashlib
import html
from pathlib import Path

import pytest

from app.errors import NotAllowed
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.store.people import CHOSEN_BEFORE, LOCAL_RULES, organisation_named
from app.usecases import library, local_rules
from app.usecases.publishing import local
from app.usecases.publishing.records import PublishedCodes, PublishedRuleFile, PublishedRules
from tests.web.conftest import House

PACK = Path(__file__).parents[2] / "docs" / "examples" / "packs" / "gedragscode-voorbeeldstad.yaml"
HERE = "Gemeente Voorbeeldstad"


def choose(house: House, file: Path | None) -> None:
    """Let the municipality use a pack, or none."""
    settings: Settings = house.stage.settings
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        if file is None:
            local_rules.choose_none(db, HERE)
        else:
            local_rules.choose(db, settings, HERE, file)
        db.commit()
    engine.dispose()


@pytest.fixture
def code(house: House) -> str:
    """The address of the own rules of the municipality, with the example pack chosen."""
    choose(house, PACK)
    settings = house.stage.settings
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        row = organisation_named(db, HERE)
        assert row is not None
        address = f"/regels/eigen/{row.id}"
    engine.dispose()
    return address


def shown(house: House, path: str, status: int = 200) -> str:
    answer = house.get("", path)
    assert answer.status_code == status, path
    return html.unescape(answer.text)


def another(folder: Path, old: str, new: str) -> Path:
    """The example pack with one thing written otherwise."""
    text = PACK.read_text(encoding="utf-8")
    assert old in text
    file = folder / "gewijzigd.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def file_of(house: House, path: str) -> PublishedRuleFile:
    return PublishedRuleFile.model_validate_json(house.get("", path).content)


def test_without_a_pack_nothing_is_listed(house: House, code: str) -> None:
    choose(house, None)
    page = shown(house, "/regels/eigen")
    assert "Nog geen eigen regels" in page
    assert HERE not in page
    assert PublishedCodes.model_validate_json(house.get("", "/regels/eigen.json").content).codes == ()
    assert 'href="/regels/eigen"' in shown(house, "/regels")


def test_an_organisation_with_a_pack_is_listed_with_its_rules(house: House, code: str) -> None:
    listed = shown(house, "/regels/eigen")
    assert f'href="{code}"' in listed
    assert HERE in listed
    page = shown(house, code)
    assert "Gedragscode integriteit wethouders Voorbeeldstad" in page
    assert "vastgesteld op 12 maart 2026" in page
    for rule in range(1, 7):
        assert f'href="{code}/PACK-0{rule}"' in page
    assert "tellen nu niet mee" not in page


def test_a_local_rule_says_everything_about_itself(house: House, code: str) -> None:
    page = shown(house, f"{code}/PACK-01")
    version = file_of(house, f"{code}/PACK-01.json").rule.version
    for expected in (
        HERE, "Gedragscode integriteit wethouders Voorbeeldstad (art.", "Wanneer geeft de regel een signaal?",
        "Voorbeelden", "De antwoorden in dit voorbeeld", f"versie {version}", f"{code}/PACK-01/v/{version}",
        "Hij telt alleen daar", "Voor het eerst gepubliceerd",
    ):  # fmt: skip
        assert expected in page, expected
    assert "Dit is een oude versie" not in page
    assert "Dit is een oude versie" not in shown(house, f"{code}/pack-01/v/{version}")


def test_json_holds_the_same_local_rules(house: House, code: str) -> None:
    codes = PublishedCodes.model_validate_json(house.get("", "/regels/eigen.json").content).codes
    assert [(one.organisation, one.authority, f"/regels/eigen/{one.id}") for one in codes] == [
        (HERE, "municipality", code)
    ]
    told = PublishedRules.model_validate_json(house.get("", f"{code}.json").content)
    assert told.organisation == HERE
    assert tuple(rule.id for rule in told.rules) == codes[0].rules
    assert [source.title for source in told.sources] == [codes[0].code]
    one = file_of(house, f"{code}/PACK-01.json")
    assert one.organisation == HERE
    assert one.rule.examples
    assert one.rule.model_copy(update={"examples": ()}) == told.rules[0].model_copy(update={"examples": ()})


def test_a_link_keeps_its_words_when_the_pack_is_replaced(house: House, code: str, tmp_path: Path) -> None:
    before = file_of(house, f"{code}/PACK-01.json").rule
    choose(house, another(tmp_path, "gift_limit: 50", "gift_limit: 60"))
    changed = next(
        name
        for name in (f"PACK-0{number}" for number in range(1, 7))
        if len(file_of(house, f"{code}/{name}.json").history) > 1
    )
    now = file_of(house, f"{code}/{changed}.json")
    assert now.current
    old = now.history[1].version
    assert old != now.rule.version
    page = shown(house, f"{code}/{changed}/v/{old}")
    assert "Dit is een oude versie" in page
    assert f'href="{code}/{changed}"' in page
    assert not file_of(house, f"{code}/{changed}.json?versie={old}").current
    same = file_of(house, f"{code}/PACK-01.json").rule
    assert (same.version == before.version) is (changed != "PACK-01")


def test_a_link_keeps_its_words_when_the_pack_is_dropped(house: House, code: str) -> None:
    version = file_of(house, f"{code}/PACK-01.json").rule.version
    choose(house, None)
    for path in (f"{code}/PACK-01", f"{code}/PACK-01/v/{version}"):
        assert "De regel bestaat nu niet meer." in shown(house, path)
    page = shown(house, code)
    assert "Deze regels tellen nu niet mee" in page
    assert "De organisatie gebruikt ze niet meer" in page
    assert PublishedRules.model_validate_json(house.get("", f"{code}.json").content).rules == ()


def test_a_link_keeps_its_words_when_the_pack_does_not_fit_any_more(
    house: House, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = file_of(house, f"{code}/PACK-01.json").rule.version

    def refuse(*_: object) -> None:
        raise NotAllowed("weg")

    monkeypatch.setattr(local, "_now", refuse)
    assert "passen niet bij deze versie van Toetssteen" in shown(house, code)
    assert "Dit is een oude versie" in shown(house, f"{code}/PACK-01/v/{version}")
    assert HERE not in shown(house, "/regels/eigen")


def test_what_was_written_beside_a_pack_serves_a_later_release(
    house: House, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that words a question otherwise gives a rule other words: the earlier ones stay under their address."""
    packs = house.stage.settings.data_dir / library.PACKS
    file = next(packs.glob(f"{hashlib.sha256(PACK.read_bytes()).hexdigest()}.*.json"))
    before = file.read_text(encoding="utf-8")
    choose(house, PACK)
    assert file.read_text(encoding="utf-8") == before
    monkeypatch.setattr(local, "__version__", "99.0.0")
    choose(house, PACK)
    assert file.with_name(f"{file.name.split('.')[0]}.99.0.0.json").is_file()


@pytest.mark.parametrize(
    "path",
    ["/NEE", "/NEE/PACK-01", "{code}/PACK-99", "{code}/COM-01", "{code}/PACK-01/v/000000000000", "{code}/NEE.json"],
)
def test_what_does_not_exist_is_not_found(house: House, code: str, path: str) -> None:
    shown(house, path.format(code=code) if "{" in path else f"/regels/eigen{path}", 404)


def test_a_pack_that_was_chosen_before_choices_were_noted_is_shown_too(house: House, code: str) -> None:
    settings = house.stage.settings
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        row = organisation_named(db, HERE)
        assert row is not None
        row.settings = {name: value for name, value in row.settings.items() if name != CHOSEN_BEFORE}
        assert row.settings[LOCAL_RULES]
        db.add(row)
        db.commit()
    engine.dispose()
    assert f'href="{code}/PACK-01"' in shown(house, code)
    choose(house, None)
    assert "De organisatie gebruikt ze niet meer" in shown(house, code)

"""Working notes on the pages of a review."""

import html
import re

from app.usecases import notes
from tests.web.conftest import House


def base(house: House, case: str = "review") -> str:
    return f"{house.stage.cases[case].file}/beoordeling"


def test_a_note_is_written_on_the_page_of_a_flag_and_taken_away_after_one_question(house: House) -> None:
    flag = f"{base(house)}/signaal/SPR-01/{house.stage.cases['review'].item}"
    form = {
        "rule": "SPR-01",
        "item": house.stage.cases["review"].item,
        "note": "Bel de club.\nMorgen.",
        "readers": "private",
    }
    answer = house.post("analyst", f"{base(house)}/notities", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{flag}?gedaan=opgeslagen#notities")
    page = house.get("analyst", flag).text
    assert "Bel de club.\nMorgen." in page
    assert "Alleen voor u" in page
    assert "Bel de club." not in house.get("principal", flag).text
    assert "Bel de club." not in house.get("analyst", base(house)).text  # that page has what is about the case
    everything = html.unescape(house.get("analyst", f"{base(house)}/notities").text)
    assert "Bel de club." in everything
    card = next(one for one in everything.split("<section")[1:] if "Bel de club." in one)
    address = re.search(r'href="(/zaken/[^"]+/notities/[^"/]+/verwijderen)"', card)
    assert address
    asked = house.get("analyst", address[1])
    assert "Wilt u deze notitie verwijderen?" in asked.text
    assert "Bel de club." in asked.text
    gone = house.post("analyst", address[1], {})
    assert gone.status_code == 303
    assert "De notitie is verwijderd" in house.get("analyst", gone.headers["location"]).text
    assert house.get("analyst", address[1]).status_code == 404


def test_what_was_typed_is_not_lost_when_a_note_is_not_taken(house: House) -> None:
    long = "Lang. " * 900
    answer = house.post(
        "analyst", f"{base(house)}/notities", {"note": long, "readers": "shared", "rule": "", "item": ""}
    )
    assert answer.status_code == 422
    assert "Maak haar korter" in answer.text
    assert long.strip() in answer.text
    assert re.search(r'value="shared"[^>]*checked', answer.text)
    empty = house.post("analyst", f"{base(house)}/notities", {"note": " ", "rule": "", "item": ""})
    assert (empty.status_code, "Schrijf eerst uw notitie op." in empty.text) == (422, True)


def test_a_note_is_changed_and_shared(house: House) -> None:
    with house.stage.world() as world:
        made = notes.write(world.db, world.analyst, house.stage.cases["review"].id, "Eerste tekst.")
    address = f"{base(house)}/notities/{made}"
    assert "Eerste tekst." in house.get("analyst", address).text
    assert house.post("analyst", address, {"note": "Tweede tekst.", "readers": "shared"}).status_code == 303
    shown = html.unescape(house.get("principal", base(house)).text)
    assert "Tweede tekst." in shown
    assert "Notitie van Olga Onderwater, gewijzigd" in shown
    assert address not in shown


def test_after_the_conclusion_notes_can_be_read_only(house: House) -> None:
    page = house.get("principal", f"{base(house, 'concluded')}/notities").text
    assert "niet meer veranderen" in page
    assert "<textarea" not in page

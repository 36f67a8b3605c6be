"""The pages with files of both sides: adding without script, where each is shown, and that nothing typed is lost."""

import re
from datetime import timedelta

import httpx2
import pytest

from app.usecases.lines import today
from tests.e2e.stage import Case
from tests.usecases import files
from tests.usecases.world import CLUB
from tests.web.conftest import House
from tests.web.test_attachments import LETTER
from tests.web.test_attachments import send as send_own

FILLED = {
    "soort": "trade_register", "herkomst": "Uittreksel KvK", "datum": "12-3-2026", "onderwerp": "Uittreksel De Vlieghei",
    "antwoord": "",
}  # fmt: skip


def page_of(case: Case) -> str:
    return f"{case.file}/beoordeling/bijlagen"


def send(house: House, case: Case, changed: dict[str, str] | None = None, body: bytes = LETTER) -> httpx2.Response:
    sent = {"bestand": ("uittreksel.pdf", body, "application/pdf")} if body else {}
    return house.client.post(page_of(case), data=FILLED | (changed or {}), files=sent, headers=house._as("analyst"))


def test_a_reviewer_adds_a_file_at_an_answer_and_both_sides_read_where_it_belongs(house: House) -> None:
    case = house.stage.cases["review"]
    place = f"side_positions[{case.item}]"
    form = house.get("analyst", page_of(case)).text
    assert f'value="{place}"' in form
    added = send(house, case, {"antwoord": place})
    assert added.headers["location"] == f"{page_of(case)}?gedaan=toegevoegd"
    page = house.get("principal", page_of(case)).text
    for told in ("Uittreksel De Vlieghei", "Handelsregister: Uittreksel KvK, 12 maart 2026", "Olga Onderwater"):
        assert told in page
    (address,) = re.findall(r'href="(/bijlagen/\w+)"', page)
    answers = house.get("principal", f"{case.file}/beoordeling/antwoorden").text
    assert address in answers
    assert address in house.get("principal", case.file).text
    # Not for the candidate before there is a concept: neither the page, nor the answer, nor the file.
    for path in (f"{case.form}/bijlagen", f"{case.form}/side_positions", f"{case.form}/inzage", address):
        assert "Uittreksel De Vlieghei" not in house.get_as(case, path).text
    assert house.get_as(case, address).status_code == 404
    removing = re.search(r'href="([^"]+/verwijderen)"', house.get("analyst", page_of(case)).text)
    assert removing is not None
    assert "/verwijderen" not in house.get("principal", page_of(case)).text
    assert "Wilt u deze bijlage verwijderen?" in house.get("analyst", removing[1]).text
    assert house.post("analyst", removing[1], {}).headers["location"].endswith("gedaan=bijlage-weg")
    assert house.get("analyst", address).status_code == 404


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"soort": ""}, "Kies wat voor bron dit is"),
        ({"soort": "kwade_tongen"}, "Kies wat voor bron dit is"),
        ({"herkomst": " "}, "waar het vandaan komt"),
        ({"datum": "31-2-2026"}, "datum"),
        ({"datum": f"{today() + timedelta(days=2):%d-%m-%Y}"}, "ligt in de toekomst"),
        ({"onderwerp": ""}, "Schrijf in hoogstens"),
        ({"antwoord": "side_positions[weg]"}, "Dit antwoord is er niet meer"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_the_rest_stays(house: House, changed: dict[str, str], told: str) -> None:
    case = house.stage.cases["review"]
    answer = send(house, case, changed)
    assert answer.status_code == 422
    assert told in answer.text
    # A browser never fills in a file again: somebody who does not see that would send the form without it.
    assert "Kies het bestand opnieuw" in answer.text
    kept = {name: value for name, value in (FILLED | changed).items() if name in {"herkomst", "onderwerp"}}
    assert not [value for value in kept.values() if value.strip() and f'value="{value}"' not in answer.text]
    assert "Beoordelaars hebben nog niets toegevoegd" in house.get("analyst", page_of(case)).text


def test_a_form_without_a_file_or_of_another_shape_is_answered(house: House) -> None:
    case = house.stage.cases["review"]
    assert "Kies eerst een bestand" in house.client.post(
        page_of(case), data=FILLED, files={"bestand": ("", b"", "application/pdf")}, headers=house._as("analyst")
    ).text  # fmt: skip
    plain = house.post("analyst", page_of(case), FILLED)
    assert plain.status_code == 422
    assert send(house, case, body=b"MZ\x90\0").status_code == 422


def test_a_large_file_is_let_through_to_this_form_and_to_no_other(house: House) -> None:
    case = house.stage.cases["review"]
    large = LETTER.replace(b"1 0 obj", b"%" + b"x" * 2_000_000 + b"\n1 0 obj")
    assert send(house, case, {"soort": ""}, body=large).status_code == 422
    assert send(house, case, body=LETTER + b" " * 11_000_000).status_code == 413
    other = house.client.post(
        f"{case.file}/beoordeling/notities", data={"note": "x" * 2_000_000}, headers=house._as("analyst")
    )
    assert other.status_code == 413


def test_once_the_concept_went_out_the_form_is_gone_and_says_what_to_do(house: House) -> None:
    case = house.stage.cases["hearing"]
    page = house.get("analyst", page_of(case)).text
    assert "Zet de zaak dan eerst terug naar de beoordeling" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert send(house, case).status_code == 403


def test_what_a_candidate_adds_stands_at_its_answer_for_the_candidate(house: House) -> None:
    case = house.stage.answering(CLUB)
    form = house.get_as(case, f"{case.form}/bijlagen").text
    place = f"side_positions[{case.item}]"
    assert f'value="{place}"' in form
    for subject, about in (("Opzegging", place), ("Paspoortloos bewijs", "is_resident")):
        answer = house.client.post(
            f"{case.form}/bijlagen", data={"onderwerp": subject, "antwoord": about},
            files={"bestand": ("a.pdf", LETTER, "")}, headers=house._as(case),
        )  # fmt: skip
        assert answer.status_code == 303
    section = house.get_as(case, f"{case.form}/side_positions").text
    assert "Sportvereniging De Vlieghei: Opzegging" in re.sub(r"\s+", " ", section)
    assert "door u toegevoegd" in section
    assert "Opzegging" in house.get_as(case, f"{case.form}/side_positions/side_positions/{case.item}").text
    check = house.get_as(case, f"{case.form}/controle").text
    assert "Bijlage: Opzegging" in check
    assert ", van uzelf" in check
    assert "Bijlage: Paspoortloos bewijs" in check
    gone = house.client.post(
        f"{case.form}/bijlagen", data={"onderwerp": "Brief", "antwoord": "side_positions[weg]"},
        files={"bestand": ("a.pdf", files.PDF, "")}, headers=house._as(case),
    )  # fmt: skip
    assert gone.status_code == 422
    assert "Dit antwoord is er niet meer" in gone.text


def test_in_the_hearing_a_candidate_adds_a_file_to_the_reply(house: House) -> None:
    case = house.stage.cases["hearing"]
    assert f"{case.form}/bijlagen" in house.get_as(case, f"{case.form}/concept").text
    assert send_own(house, case).status_code == 303
    assert "Mijn ontslagbrief" in house.get("analyst", page_of(case)).text

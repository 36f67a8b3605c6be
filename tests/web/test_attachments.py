"""Files with a case: who adds, who reads, what is refused, and that nothing of them lies readable anywhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.dossiers.docx import render_docx
from app.store.rows import AttachmentRow
from app.usecases import attachments, documents
from app.usecases.scanning import EICAR
from tests.e2e.stage import Case
from tests.usecases import files
from tests.usecases.clamd import Way, clamd
from tests.web.conftest import House

CANARY = "kanarie-in-een-bijlage"
LETTER = files.PDF.replace(b"/Catalog", b"/Catalog " + b"% " + CANARY.encode() + b"\n")


def send(
    house: House, case: Case | str, body: bytes = LETTER, name: str = "Ontslag.pdf", subject: str = "Mijn ontslagbrief",
    path: str = "",
) -> httpx2.Response:  # fmt: skip
    address = path or f"{house.stage.cases[case].form if isinstance(case, str) else case.form}/bijlagen"
    return house.client.post(
        address, data={"onderwerp": subject}, files={"bestand": (name, body, "text/html")}, headers=house._as(case)
    )


def only(house: House, case: Case) -> str:
    """The address of the one file of a case."""
    [found] = re.findall(r'href="(/bijlagen/\w+)"', house.get_as(case, f"{case.form}/bijlagen").text)
    return str(found)


@contextmanager
def with_settings(house: House, **values: object) -> Iterator[None]:
    state: Any = house.client.app
    before = state.state.settings
    state.state.settings = before.model_copy(update=values)
    try:
        yield
    finally:
        state.state.settings = before


def test_a_candidate_adds_a_file_sees_it_and_gets_it_back_as_a_download(house: House) -> None:
    case = house.stage.answering()
    added = send(house, case)
    assert added.headers["location"] == f"{case.form}/bijlagen?gedaan=toegevoegd"
    page = house.get_as(case, f"{case.form}/bijlagen").text
    assert "Mijn ontslagbrief" in page
    assert "Ontslag.pdf" in page
    got = house.get_as(case, only(house, case))
    assert got.content == LETTER
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''Ontslag.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "subject", "told"),
    [
        (b"", "Brief", "Kies eerst een bestand"),
        (b"MZ\x90\0", "Brief", "Dit bestand kunnen we niet aannemen"),
        (b"<html><script>alert(1)</script>", "Brief", "Dit bestand kunnen we niet aannemen"),
        (files.word_with({"word/media/bom.png": b"\0" * 20_000_000}), "Brief", "Dit bestand kunnen we niet aannemen"),
        (files.png() + files.archive({"a": b"b"}), "Foto", "Dit bestand kunnen we niet aannemen"),
        (LETTER, "", "Schrijf in hoogstens"),
        (LETTER, "x" * 201, "Schrijf in hoogstens"),
    ],
)
def test_what_cannot_be_taken_is_told_and_stored_nowhere(house: House, body: bytes, subject: str, told: str) -> None:
    case = house.stage.answering()
    answer = send(house, case, body, subject=subject)
    assert answer.status_code == 422
    assert told in answer.text
    assert subject[:200] in answer.text
    assert "Er zijn nog geen bijlagen" in house.get_as(case, f"{case.form}/bijlagen").text


def test_a_file_may_be_larger_than_any_form_and_not_larger_than_the_setting(house: House) -> None:
    case = house.stage.answering()
    large = LETTER.replace(b"1 0 obj", b"%" + b"x" * 2_000_000 + b"\n1 0 obj")
    assert send(house, case, large).status_code == 303
    with with_settings(house, attachment_bytes=1_000_000):
        answer = send(house, case, large)
    assert answer.status_code == 422
    assert "hoogstens 1 MB" in answer.text
    assert send(house, case, LETTER + b" " * 11_000_000).status_code == 413
    assert send(house, case, large, path=f"{case.form}/inleveren").status_code == 413


def test_a_form_of_another_shape_is_answered_and_not_an_error(house: House) -> None:
    case = house.stage.answering()
    plain = house.post(case, f"{case.form}/bijlagen", {"onderwerp": "Brief"})
    assert plain.status_code == 422
    headers = {"content-type": "multipart/form-data; boundary=x", **house._as(case)}
    broken = house.client.post(f"{case.form}/bijlagen", content=b"geen formulier", headers=headers)
    assert broken.status_code == 422
    no_file = house.client.post(
        f"{case.form}/bijlagen", content=b'--x\r\nContent-Disposition: form-data; name="onderwerp"\r\n\r\nBrief\r\n--x--\r\n',
        headers=headers,
    )  # fmt: skip
    assert "Kies eerst een bestand" in no_file.text


def test_no_more_files_than_agreed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST", 1)
    case = house.stage.answering()
    assert send(house, case).status_code == 303
    assert "U kunt hoogstens" in send(house, case).text


def test_a_file_can_be_taken_away_while_answers_can_be_changed(house: House) -> None:
    case, other = house.stage.answering(), house.stage.answering()
    send(house, case)
    send(house, other)
    address = only(house, case)
    identity = address.rpartition("/")[2]
    wrong = house.post(other, f"{other.form}/bijlagen/{identity}/verwijderen", {})
    assert wrong.status_code == 404
    done = house.post(case, f"{case.form}/bijlagen/{identity}/verwijderen", {})
    assert done.headers["location"].endswith("gedaan=bijlage-weg")
    assert house.get_as(case, address).status_code == 404


def test_after_handing_in_nothing_is_added_and_reviewers_read_it(house: House) -> None:
    case = house.stage.cases["review"]
    assert "U kunt nu niets toevoegen" in house.get_as(case, f"{case.form}/bijlagen").text
    assert send(house, case).status_code == 403
    address = add_by_hand(house, case)
    assert "Bijlage: Mijn ontslagbrief" in house.get("analyst", case.file).text
    assert house.get("analyst", address).content == LETTER
    for stranger in ("elsewhere", "auditor", "admin", "idle_analyst", "empty"):
        assert house.get(stranger, address).status_code == 404
    assert house.get("", address).status_code == 303


def add_by_hand(house: House, case: Case) -> str:
    with house.stage.world() as world:
        row = AttachmentRow(
            organisation_id=world.clerk.organisation_id, case_id=case.id, filename="Ontslag.pdf",
            subject="Mijn ontslagbrief", media_type="application/pdf", size=len(LETTER), body=LETTER,
        )  # fmt: skip
        world.db.add(row)
        world.db.flush()
        return f"/bijlagen/{row.id}"


def test_no_document_names_a_file(house: House) -> None:
    case = house.stage.cases["decided"]
    add_by_hand(house, case)
    with house.stage.world() as world:
        council = documents.preview(world.db, world.principal, case.id, "council_version")
        style = house_style(world)
    written = render_docx(council, style)
    assert "ontslagbrief" not in repr(council)
    assert b"ontslagbrief" not in written


def house_style(world: Any) -> Any:
    from app.usecases.house_styles import style_of  # noqa: PLC0415 - for one test

    return style_of(world.db, world.settings, world.principal)


def test_staff_add_nothing(house: House) -> None:
    case = house.stage.answering()
    assert house.client.post(f"{case.form}/bijlagen", headers=house._as("clerk")).status_code == 404


def test_nothing_of_a_file_lies_readable_in_the_database(house: House) -> None:
    case = house.stage.answering()
    send(house, case, subject=f"brief {CANARY}", name=f"{CANARY}.pdf")
    with house.stage.world() as world:
        raw = [tuple(row) for row in world.db.connection().execute(text("SELECT * FROM attachment"))]
    assert raw
    assert not [
        row
        for row in raw
        for value in row
        if CANARY.encode() in (value if isinstance(value, bytes) else str(value).encode())
    ]


def test_a_file_is_held_against_the_scanner_when_there_is_one(house: House) -> None:
    case = house.stage.answering()
    with clamd() as scanner, with_settings(house, clamd_address=scanner.address):
        assert send(house, case).status_code == 303
        refused = send(
            house, case, LETTER.replace(b"%%EOF", b"% " + EICAR + b"\n%%EOF"), name="brief.docx", subject="Besmet"
        )
    assert scanner.bodies[0] == LETTER
    assert refused.status_code == 422
    assert "De virusscanner vond iets" in refused.text
    page = house.get_as(case, f"{case.form}/bijlagen").text
    assert "Mijn ontslagbrief" in page
    assert "Besmet" not in page


@pytest.mark.parametrize("way", ["mute", "hanging up", "babbling"])
def test_without_a_clear_answer_nothing_is_taken_and_what_was_typed_stays(house: House, way: Way) -> None:
    case = house.stage.answering()
    with clamd() as scanner, with_settings(house, clamd_address=scanner.address, clamd_seconds=1):
        scanner.way = way
        page = send(house, case, subject="Brief van mijn bank")
        assert page.status_code == 422
        assert "Probeer het later opnieuw" in page.text
        assert "Brief van mijn bank" in page.text
        assert "Er zijn nog geen bijlagen" in house.get_as(case, f"{case.form}/bijlagen").text
        scanner.way = "well"
        assert send(house, case, subject="Brief van mijn bank").status_code == 303

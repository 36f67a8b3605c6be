"""A rehearsal leaves no trace: not in the database, not in a cookie, not in an address, not in the log."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from app.store.engine import open_engine
from app.store.rows.row import metadata
from app.usecases import rehearsing
from app.web.rehearsal.routes import LARGEST_FILE
from tests.usecases.world import CLUB
from tests.web.conftest import House

SECRET = "Geheim Bureau Kwikstaart"
Form = Mapping[str, str | Sequence[str]]


def send(house: House, form: Form) -> httpx2.Response:
    return house.client.post("/proef", data=dict(form))


def bundle(answer: httpx2.Response) -> str:
    found = re.search(r'name="proef" value="([^"]*)"', answer.text)
    assert found, answer.text[:500]
    return html.unescape(found[1])


def title(answer: httpx2.Response) -> str:
    found = re.search(r"<title>(.*?) –", answer.text)
    assert found
    return html.unescape(found[1])


def begun(house: House, **known: str) -> httpx2.Response:
    return send(house, {"hier": "ambt", "voor": "gemeente", "naar": "overzicht", "portefeuille": "spatial", **known})


def walk(house: House) -> list[httpx2.Response]:
    """The whole way, with a company that bears a name one would find back anywhere."""
    path = "companies[i1]"
    steps = [
        house.client.get("/proef"),
        send(house, {"hier": "begin", "voor": "gemeente", "naar": "ambt"}),
        begun(house),
    ]

    def on(form: dict[str, str | list[str]]) -> None:
        steps.append(send(house, {**form, "proef": bundle(steps[-1])}))

    on({"hier": "overzicht", "naar": "deel:companies"})
    on({"hier": "deel:companies", "naar": "nieuw:companies", "gevraagd": "companies", "companies": "yes"})
    company = {
        f"{path}.name": SECRET,
        f"{path}.form": "operating_bv",
        f"{path}.policy_field": "spatial",
        f"{path}.distance": "none",
    }
    on({"hier": "ding:companies:i1", "naar": "deel:companies", "gevraagd": list(company), **company})
    on({"hier": "deel:companies", "naar": "overzicht", "gevraagd": "companies", "companies": "yes"})
    on({"hier": "overzicht", "naar": "uitkomst"})
    return steps


def counted(house: House) -> dict[str, int]:
    engine = open_engine(house.stage.settings.database, house.stage.settings.master_keys)
    with engine.connect() as connection:
        found = {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


def test_somebody_gets_from_the_first_page_to_an_outcome(house: House) -> None:
    steps = walk(house)
    assert [step.status_code for step in steps] == [200] * len(steps)
    assert [title(step) for step in steps] == [
        "Proef: kijk naar uw eigen situatie",
        "Proef: het ambt",
        "Proef: overzicht",
        "Proef: Ondernemingen en beleggingen",
        "Proef: Onderneming 1",
        "Proef: Ondernemingen en beleggingen",
        "Proef: overzicht",
        "Proef: de uitkomst",
    ]
    assert "Onderneming op het eigen beleidsterrein" in steps[-1].text
    assert "/regels/COM-01" in steps[-1].text
    assert all("Wij bewaren niets" in step.text for step in steps)


def test_nothing_in_the_database_changes(house: House) -> None:
    before = counted(house)
    assert sum(before.values()) > 0
    last = walk(house)[-1]
    file = house.client.post("/proef/antwoorden", data={"proef": bundle(last)})
    house.client.post("/proef/openen", files={"bestand": ("proef.json", file.content)})
    assert counted(house) == before


def test_no_cookie_is_set_and_none_is_read(house: House) -> None:
    steps = walk(house)
    assert [step.headers.get("set-cookie") for step in steps] == [None] * len(steps)
    asked = house.client.get("/proef", headers={"cookie": f"toetssteen={house.stage.cases['filled'].session}"})
    assert "Anna Veld" not in asked.text


def test_no_answer_stands_in_an_address(house: House) -> None:
    for step in walk(house):
        assert SECRET not in str(step.request.url)
        assert step.request.url.query == b""
        assert "Kwikstaart" not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', step.text))
        assert step.headers["cache-control"] == "no-store"


def test_no_line_of_the_log_holds_an_answer_also_when_something_breaks(
    house: House, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    last = walk(house)[-1]

    def broken(rehearsal: rehearsing.Rehearsal, _look: object) -> None:
        raise RuntimeError(f"could not weigh {rehearsal.answers}")

    monkeypatch.setattr(rehearsing, "result", broken)
    failed = send(house, {"hier": "overzicht", "naar": "uitkomst", "proef": bundle(last)})
    assert failed.status_code == 500
    told = capfd.readouterr()
    lines = told.out + told.err + caplog.text
    assert "RuntimeError" in lines
    assert "Kwikstaart" not in lines + failed.text
    assert "operating_bv" not in lines


def test_a_session_that_exists_is_not_used(house: House) -> None:
    before = counted(house)
    case = house.stage.cases["filled"]
    answer = house.client.post(
        "/proef",
        data={"hier": "begin", "voor": "provincie", "naar": "ambt"},
        headers={"cookie": f"toetssteen={case.session}"},
    )
    assert answer.status_code == 200
    assert counted(house) == before


def test_the_file_comes_back_as_it_went(house: House) -> None:
    last = walk(house)[-1]
    file = house.client.post("/proef/antwoorden", data={"proef": bundle(last)})
    assert file.headers["content-disposition"] == 'attachment; filename="toetssteen-proef.json"'
    assert json.loads(file.text)["answers"]["companies"]["items"][0]["name"] == SECRET
    opened = house.client.post("/proef/openen", files={"bestand": ("mijn.json", file.content)})
    assert title(opened) == "Proef: overzicht"
    assert json.loads(bundle(opened)) == json.loads(bundle(last))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "Kies eerst een bestand"), (b"\xff\xfe\x00", "geen bestand met antwoorden"), (b"[]", "geen bestand met antwoorden"),
     (b"{" + b" " * LARGEST_FILE + b"}", "geen bestand met antwoorden")],
    ids=["empty", "no text", "no case", "too large"],
)  # fmt: skip
def test_another_file_is_refused_with_words_that_help(house: House, content: bytes, words: str) -> None:
    answer = house.client.post("/proef/openen", files={"bestand": ("x.json", content)})
    assert answer.status_code == 422
    assert words in answer.text


def test_what_does_not_fit_is_named_in_words_and_the_rest_is_kept(house: House) -> None:
    content = json.dumps(
        {
            "context": {"tier": "municipality"},
            "answers": {
                "is_adult": "misschien",
                "weg_gehaald": "ja",
                "companies": [{"form": "keizerrijk"}],
                "is_resident": "yes",
            },
        }
    )
    answer = house.client.post("/proef/openen", files={"bestand": ("x.json", content.encode())})
    assert "Niet alles uit het bestand paste" in answer.text
    assert "Bent u op de dag van uw benoeming 18 jaar of ouder?" in answer.text
    assert "Heeft u een onderneming" in answer.text
    assert "‘weg_gehaald’" in answer.text
    assert list(json.loads(bundle(answer))["answers"]["given"]) == ["is_resident"]


def test_what_is_too_large_is_refused_before_anybody_reads_it(house: House) -> None:
    answer = send(house, {"naar": "overzicht", "proef": "x" * (house.stage.settings.body_limit + 1)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"naar": "uitkomst"},
        {"proef": "kapot", "naar": "uitkomst"},
        {"hier": "begin", "voor": "rijk"},
        {"hier": "ambt", "voor": "rijk"},
    ],
    ids=str,
)
def test_a_form_that_is_no_form_of_ours_leads_back_to_the_beginning(house: House, form: Form) -> None:
    answer = send(house, form)
    assert answer.status_code == 422
    assert title(answer) == "Proef: kijk naar uw eigen situatie"


@pytest.mark.parametrize(
    "where", ["", "elders", "deel:", "deel:verification", "ding:companies:i1", "weg:companies:i1", "nieuw:is_adult", "nieuw:"]
)  # fmt: skip
def test_a_page_that_does_not_exist_does_not_exist(house: House, where: str) -> None:
    answer = send(house, {"hier": "overzicht", "naar": where, "proef": bundle(begun(house))})
    assert answer.status_code == 404


def test_a_wrong_date_comes_back_with_what_was_typed(house: House) -> None:
    answer = begun(house, benoeming="31-2-2027", voltijd="yes")
    assert answer.status_code == 422
    assert 'value="31-2-2027"' in answer.text
    assert re.search(r'value="spatial" checked', answer.text)


def test_a_wrong_answer_comes_back_with_what_was_typed_and_the_rest_is_kept(house: House) -> None:
    more = send(house, {"hier": "deel:companies", "naar": "nieuw:companies", "proef": bundle(begun(house))})
    path = "companies[i1]"
    answer = send(
        house,
        {"hier": "ding:companies:i1", "naar": "deel:companies", "gevraagd": [f"{path}.name", f"{path}.form"],
         f"{path}.name": SECRET, f"{path}.form": "keizerrijk", "proef": bundle(more)},
    )  # fmt: skip
    assert answer.status_code == 422
    assert SECRET in bundle(answer)
    assert "kies één van de antwoorden" in answer.text


def test_a_question_that_came_up_is_shown_before_going_on(house: House) -> None:
    page = send(house, {"hier": "overzicht", "naar": "deel:companies", "proef": bundle(begun(house))})
    forward = re.search(r'name="vooruit" value="([^"]*)"', page.text)
    assert forward
    answer = send(
        house,
        {"hier": "deel:companies", "naar": forward[1], "vooruit": forward[1], "gevraagd": "companies",
         "companies": "yes", "proef": bundle(page)},
    )  # fmt: skip
    assert title(answer) == "Proef: Ondernemingen en beleggingen"
    assert "bijgekomen" in answer.text


def test_an_item_goes_only_after_a_question(house: House) -> None:
    more = send(house, {"hier": "deel:companies", "naar": "nieuw:companies", "proef": bundle(begun(house))})
    asked = send(house, {"hier": "deel:companies", "naar": "weg:companies:i1", "proef": bundle(more)})
    assert "kunt u dit niet terugdraaien" in asked.text
    assert "i1" in json.loads(bundle(asked))["answers"]["items"]["companies"]
    gone = send(house, {"hier": "weg", "naar": "verwijder:companies:i1", "proef": bundle(asked)})
    assert json.loads(bundle(gone))["answers"]["items"] == {}


def test_nobody_is_said_to_read_or_keep_an_answer(house: House) -> None:
    page = send(house, {"hier": "overzicht", "naar": "deel:companies", "proef": bundle(begun(house))})
    assert "Waarom vragen we dit?" in page.text
    assert "Dit lezen" not in page.text
    assert "Zo lang bewaard" not in page.text


def test_what_the_organisation_would_fill_in_is_asked_of_the_person_themselves(house: House) -> None:
    start = begun(house, portefeuille="")
    path = "companies[i1]"
    page = send(house, {"hier": "deel:companies", "naar": "nieuw:companies", "proef": bundle(start)})
    told = {f"{path}.form": "operating_bv", f"{path}.policy_field": "spatial", f"{path}.distance": "none"}
    page = send(
        house,
        {"hier": "ding:companies:i1", "naar": "deel:companies", "gevraagd": list(told), **told, "proef": bundle(page)},
    )
    outcome = send(house, {"hier": "deel:companies", "naar": "uitkomst", "proef": bundle(page)})
    for shown in (page, outcome):
        assert "Vul bij het ambt nog in:" in shown.text
        assert "De organisatie vult nog in" not in shown.text
    case = house.stage.answering()
    assert "Vul bij het ambt" not in house.get_as(case, f"{case.form}/companies").text


def test_what_a_candidate_sees_still_says_who_reads_it_after_a_rehearsal(house: House) -> None:
    send(house, {"hier": "overzicht", "naar": "deel:companies", "proef": bundle(begun(house))})
    case = house.stage.cases["filled"]
    assert "Dit lezen" in house.get_as(case, f"{case.form}/companies").text


def test_a_bill_is_looked_at_only_when_somebody_says_so(house: House) -> None:
    with_bill = begun(house, recht="bill_36892")
    assert "nog geen wet" in with_bill.text
    assert json.loads(bundle(with_bill))["context"]["legal_frame"] == "bill_36892"
    assert json.loads(bundle(begun(house)))["context"]["legal_frame"] == "in_force"


def file_of(told: dict[str, Any]) -> bytes:
    plain = {"context": {"tier": "municipality"}, "answers": told}
    return json.dumps(plain).encode()


def test_a_candidate_sees_what_would_be_taken_over_and_takes_it_over(house: House) -> None:
    case = house.stage.answering()
    home = house.get_as(case, case.form)
    assert f'href="{case.form}/overnemen"' in home.text
    as_candidate = {"cookie": f"toetssteen={case.session}"}
    shown = house.client.post(
        f"{case.form}/overnemen", files={"bestand": ("proef.json", file_of(CLUB))}, headers=as_candidate
    )
    assert "Sportvereniging De Vlieghei" in shown.text
    fields = dict(re.findall(r'type="hidden" name="(antwoorden|versie)" value="([^"]*)"', shown.text))
    done = house.post(case, f"{case.form}/overnemen/opslaan", {k: html.unescape(v) for k, v in fields.items()})
    assert done.headers["location"] == f"{case.form}?gedaan=overgenomen"
    section = house.get_as(case, f"{case.form}/side_positions")
    assert "Sportvereniging De Vlieghei" in section.text
    again = house.post(case, f"{case.form}/overnemen/opslaan", {k: html.unescape(v) for k, v in fields.items()})
    assert again.status_code == 409


def test_a_case_that_was_sent_offers_no_taking_over(house: House) -> None:
    case = house.stage.cases["review"]
    assert "/overnemen" not in house.get_as(case, case.form).text
    assert house.get_as(case, f"{case.form}/overnemen").status_code == 403


@pytest.mark.parametrize("form", [{}, {"antwoorden": "kapot"}, {"antwoorden": "[]"}, {"antwoorden": "{}"}], ids=str)
def test_answers_that_the_page_did_not_send_are_not_taken_over(house: House, form: dict[str, str]) -> None:
    case = house.stage.cases["empty"]
    assert house.post(case, f"{case.form}/overnemen/opslaan", form).status_code == 404


def test_a_file_sent_after_the_session_ended_leads_to_the_door(house: House) -> None:
    case = house.stage.cases["empty"]
    answer = house.client.post(f"{case.form}/overnemen", files={"bestand": ("proef.json", file_of(CLUB))})
    assert answer.status_code == 401
    assert "Vlieghei" not in answer.text

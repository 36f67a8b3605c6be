"""What no page of ours would send: each gets a clear answer in Dutch, loses nothing, and never breaks the server."""

import html
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from app.questionnaires.answers import AnswerPath
from app.store.rows import RoundRow
from app.usecases import cases, sections
from app.web.deps import see_other
from app.web.problems import SENTENCES
from tests.e2e.stage import Case
from tests.signing_in import PASSWORD, code_of, give_app
from tests.usecases.world import CLUB
from tests.web.conftest import House
from tests.web.test_access import ROUTES, address

OPENED = {path for method, path in ROUTES if method == "GET"}
# What stands right under a case has a page that asks first, at the same address.
POST_ONLY = sorted({path for method, path in ROUTES if method == "POST" and path.count("/") > 3} - OPENED)
HERE = "side_positions/side_positions"


@pytest.fixture
def case(house: House) -> Case:
    """A case of this test alone, with a side position in it."""
    return house.stage.answering(CLUB)


def role(case: Case) -> str:
    return str(AnswerPath("side_positions.role", case.item))


def stored(house: House, case: Case) -> str:
    with house.stage.world() as world:
        shown = sections.show_item(world.db, case.actor, case.id, "side_positions", case.item)
        return next(one.shown for one in shown.questions if one.path == role(case))


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "path", ["bestaat_niet", "side_positions.bestaat_niet[x1]", "side_positions.role[vanIemandAnders]", "is_resident[x]",
             "side_positions.role", "%00", "a" * 3000, "[[[", "..", "../../etc/passwd"],
)  # fmt: skip
def test_a_question_or_item_that_is_not_yours_does_not_exist(
    house: House, case: Case, path: str, *, htmx: bool
) -> None:
    answer = house.post(case, f"{case.form}/antwoord/{quote(path, safe='')}?op=office", {path: "yes"}, htmx=htmx)
    assert answer.status_code in {404, 405}
    assert "Deze pagina" in answer.text


def test_an_item_of_another_case_is_not_yours(house: House, case: Case) -> None:
    other = house.stage.answering(CLUB)
    foreign = role(other)
    answer = house.post(case, f"{case.form}/{HERE}/{other.item}", {"gevraagd": foreign, foreign: "dief"})
    assert answer.status_code == 404
    assert stored(house, other) == "voorzitter"
    mixed = house.post(case, f"{case.form}/{HERE}/{case.item}", {"gevraagd": foreign, foreign: "dief"})
    assert mixed.status_code == 404
    assert stored(house, other) == "voorzitter"


def test_five_megabytes_are_refused_before_anybody_reads_them(house: House, case: Case) -> None:
    answer = house.post(case, f"{case.form}/{HERE}/{case.item}", {"gevraagd": role(case), role(case): "x" * 5_000_000})
    assert answer.status_code == 413
    assert SENTENCES[413].heading in answer.text
    assert stored(house, case) == "voorzitter"


@pytest.mark.parametrize("htmx", [True, False])
def test_an_answer_that_is_too_long_comes_back_with_its_text(house: House, case: Case, *, htmx: bool) -> None:
    long = "voorzitter van alles " * 5000
    data = {"gevraagd": role(case), role(case): long}
    if htmx:
        answer = house.post(case, f"{case.form}/antwoord/{quote(role(case))}?op=side_positions", data, htmx=True)
    else:
        answer = house.post(case, f"{case.form}/{HERE}/{case.item}", data)
    assert answer.status_code == 422
    assert "te lang" in answer.text
    assert long in answer.text
    assert stored(house, case) == "voorzitter"


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("is_resident", ["misschien"]),
        ("is_resident", ["yes", "no"]),
        ("is_resident", ["@oral", "yes"]),
        ("is_resident", ["@toverspreuk"]),
        ("is_resident", ["x" * 50_000]),
        ("listed_offices", ["misschien"]),
    ],
)
def test_an_answer_nobody_could_choose_is_met_with_a_message(
    house: House, case: Case, question: str, typed: list[str]
) -> None:
    section = "incompatible" if question == "listed_offices" else "office"
    answer = house.post(case, f"{case.form}/{section}", {"gevraagd": question, question: typed})
    assert answer.status_code == 422
    assert "utrecht-form-field-error-message" in answer.text


@pytest.mark.parametrize("typed", ["ja\x00nee", "\u202egnirts", "👩‍⚖️" * 20, "\ud83d\ude00", "Ω\u0301" * 30, "<script>alert(1)</script>", "{{ 7*7 }}", "' OR 1=1 --"])  # fmt: skip
def test_every_text_is_only_a_text(house: House, case: Case, typed: str) -> None:
    sendable = typed.encode("utf-16", "surrogatepass").decode("utf-16")
    answer = house.post(case, f"{case.form}/{HERE}/{case.item}", {"gevraagd": role(case), role(case): sendable})
    assert answer.status_code in {200, 422}
    page = house.get_as(case, f"{case.form}/{HERE}/{case.item}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "\x00" not in page.text
    assert "\u202e" not in page.text
    assert "49" not in stored(house, case)


@pytest.mark.parametrize("question", ["gevraagd", "is_resident"])
def test_very_many_fields_do_no_harm(house: House, case: Case, question: str) -> None:
    data: dict[str, str | list[str]] = {"gevraagd": "is_resident", "is_resident": "yes"}
    answer = house.post(case, f"{case.form}/office", data | {question: ["bestaat_niet"] * 5000})
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


def test_fields_that_a_form_does_not_have_are_not_taken(house: House) -> None:
    with house.stage.world() as world:
        elsewhere, own = world.elsewhere.organisation_id, world.clerk.organisation_id
    strange = {"organisation_id": elsewhere, "id": "zelfgekozen", "step": "concluded", "created_by": "iemand"}
    answer = house.post("clerk", "/rondes/nieuw", {"title": "Ronde van vreemde velden", **strange})
    assert answer.status_code == 303
    round_id = answer.headers["location"].partition("?")[0].rpartition("/")[2]
    assert round_id != "zelfgekozen"
    with house.stage.world() as world:
        row = world.db.get_one(RoundRow, round_id)
        assert row.organisation_id == own
        assert not [value for value in row.model_dump().values() if value in strange.values()]


def test_a_form_without_anything_in_it_changes_nothing(house: House, case: Case) -> None:
    before = stored(house, case)
    for path in (f"{case.form}/office", f"{case.form}/{HERE}/{case.item}"):
        assert house.post(case, path, {}).status_code in {200, 303}
    assert house.post(case, f"{case.form}/indienen", {}).status_code == 422
    assert stored(house, case) == before


def test_an_empty_page_of_staff_says_what_is_missing(house: House) -> None:
    for who, path in (
        ("clerk", "/rondes/nieuw"),
        ("clerk", f"{house.stage.round}/kandidaat"),
        ("analyst", f"{house.stage.cases['review'].file}/beoordeling/aanvulling"),
        ("analyst", f"{house.stage.cases['review'].file}/beoordeling/onderzoek/bron"),
        ("analyst", f"{house.stage.cases['review'].file}/beoordeling/concept"),
        ("principal", f"{house.stage.cases['decided'].file}/beoordeling/conclusie"),
    ):
        answer = house.post(who, path, {})
        assert answer.status_code == 422, path
        assert "ts-error" in answer.text, path


@pytest.mark.parametrize("value", ["31-2-2027", "1-1-99999", "nooit", "0", "-5", "9" * 400, "12-13-2027"])
def test_a_date_that_does_not_exist_is_explained(house: House, value: str) -> None:
    answer = house.post("clerk", "/rondes/nieuw", {"title": "Ronde", "appointment": value})
    assert answer.status_code == 422
    assert html.escape(value) in answer.text


def test_sending_twice_gives_one_submission(house: House, case: Case) -> None:
    for _ in range(2):
        answer = house.post(case, f"{case.form}/indienen", {"naar_waarheid": "yes", "wijzigingen": "yes"})
        assert answer.headers["location"] == f"{case.form}/verstuurd"
    with house.stage.world() as world:
        assert len(cases.status_page(world.db, case.actor, case.id).submissions) == 1


@pytest.mark.parametrize("path", POST_ONLY)
def test_the_address_of_a_button_cannot_be_opened_but_says_so(house: House, path: str) -> None:
    who = "review" if path.startswith("/vragenlijst") else "clerk"
    answer = house.get(who, address(house, path))
    assert answer.status_code in {404, 405}
    assert SENTENCES[answer.status_code].heading in answer.text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elders.example"}, {"origin": "null"}])  # fmt: skip
def test_another_site_cannot_press_a_button(house: House, case: Case, headers: dict[str, str]) -> None:
    cookie = {"cookie": f"toetssteen={case.session}"}
    answer = house.client.post(f"{case.form}/intrekken", data={"reden": "", "stap": "zeker"}, headers=cookie | headers)
    assert answer.status_code == 403
    assert "andere website" in answer.text
    assert house.get_as(case, f"{case.form}/office").status_code == 200


@pytest.mark.parametrize("back", ["https://elders.example", "//elders.example", "/\\elders.example", "\\\\elders.example", "/\t/elders.example", "javascript:alert(1)", "/%0d%0aLocation: x", "/\r\nSet-Cookie: x=1"])  # fmt: skip
def test_signing_in_never_leads_to_another_site(house: House, back: str) -> None:
    clerk = "gerda.griffioen@voorbeeld.example"
    with house.stage.world() as world:
        give_app(world.db, clerk)
    asked = house.client.post("/inloggen", data={"email": clerk, "wachtwoord": PASSWORD, "terug": back})
    assert "Bewijs dat u het bent" in asked.text
    answer = house.client.post("/inloggen/code", data={"code": code_of(clerk), "terug": back})
    house.client.cookies.clear()
    assert answer.status_code == 303
    target = answer.headers["location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert target.isprintable()


@pytest.mark.parametrize("back", ["/zaken/é€", "/zaken?a=1&gedaan=opgeslagen", "/\u202eelders"])
def test_an_odd_way_back_is_encoded(house: House, back: str) -> None:
    """As somebody who waited too long: the way back travels along to the beginning."""
    answer = house.client.post("/inloggen/code", data={"code": "123456", "terug": back})
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert target.path == "/inloggen"
    assert parse_qs(target.query) == {"terug": [back if back.isprintable() else "/"]}
    assert see_other("/zaken/é€?a=%20b").headers["location"] == "/zaken/%C3%A9%E2%82%AC?a=%20b"


@pytest.mark.parametrize(
    "odd", ["..%2f..%2fetc%2fpasswd", "%00", "%F0%9F%98%80", "a" * 3000, "%27%20OR%201=1", "%E2%80%AE", "-1"]
)
def test_an_odd_id_is_nobody(house: House, odd: str) -> None:
    for path in (f"/zaken/{odd}", f"/rondes/{odd}", f"/documenten/{odd}", f"/uitnodiging/{odd}"):
        answer = house.get("clerk", path)
        assert answer.status_code == 404, path
        assert "Deze pagina is er niet" in answer.text

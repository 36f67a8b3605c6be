"""What a candidate, a reviewer and anybody else sees of the questions that do not come from the law."""

import json
import re

import httpx2
import pytest

from app.usecases import reviewing, submitting
from tests.e2e.narrow import narrow_case
from tests.e2e.stage import Case
from tests.web.conftest import House
from tests.web.test_rehearsal import bundle

CHOICE = "Wilt u hier zelf iets over vertellen?"


@pytest.fixture
def narrow(house: House) -> Case:
    """A case that asks only what the law asks, whose candidate is inside."""
    return narrow_case(house.stage)


def base(case: Case) -> str:
    return f"/vragenlijst/{case.id}"


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_the_task_list_offers_what_is_left_out_and_a_choice_is_one_press(house: House, narrow: Case) -> None:
    tasks = house.get_as(narrow, base(narrow))
    assert CHOICE in tasks.text
    assert f'action="{base(narrow)}/money/vertellen"' in tasks.text
    assert f'href="{base(narrow)}/money"' not in tasks.text
    told = house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "ja"})
    assert (told.status_code, told.headers["location"]) == (303, f"{base(narrow)}/money?gedaan=vertellen")
    section = house.get_as(narrow, told.headers["location"])
    assert 'name="money_matters"' in section.text
    assert "U mag elke vraag open laten" in section.text
    again = house.get_as(narrow, base(narrow))
    assert f'href="{base(narrow)}/money"' in again.text
    assert "Toch niet vertellen" in again.text
    assert "1 vraag, vrijwillig" in again.text


def test_taking_it_back_says_that_what_was_typed_is_kept(house: House, narrow: Case) -> None:
    house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "ja"})
    house.post(narrow, f"{base(narrow)}/money", {"gevraagd": "money_matters", "money_matters": "arrears"})
    back = house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "nee"})
    assert back.headers["location"] == f"{base(narrow)}?gedaan=teruggenomen"
    tasks = house.get_as(narrow, back.headers["location"])
    assert "Wat u invulde, blijft bewaard. Het telt niet mee." in tasks.text
    assert "1 antwoord is bewaard en telt nu niet mee." in tasks.text
    assert f'href="{base(narrow)}/money"' not in tasks.text


def test_whoever_is_asked_everything_is_offered_nothing_and_sees_what_is_free(house: House) -> None:
    case = house.stage.cases["empty"]
    tasks = words(house.get_as(case, base(case)))
    assert CHOICE not in tasks
    assert "nog 1 van 1 vraag · vrijwillig" in tasks  # Geldzaken
    assert re.search(r"nog \d+ van \d+ vragen · \d vrijwillig", tasks), "a section that holds both"


def test_beside_every_question_stands_whether_the_law_asks_it(house: House) -> None:
    case = house.stage.cases["empty"]
    office, money = house.get_as(case, f"{base(case)}/office"), house.get_as(case, f"{base(case)}/money")
    assert "Waarom vragen we dit? Hoort bij de wet" in words(office)
    assert "Volgt dit uit de wet? Ja. De vraag hoort bij een norm uit de wet" in words(office)
    assert "Waarom vragen we dit? Vrijwillig" in words(money)
    assert "Volgt dit uit de wet? Nee. Het is gebruikelijk om dit te vragen. U antwoordt vrijwillig." in words(money)
    assert "Vrijwillig" not in words(office)


def test_an_answer_given_of_own_accord_is_called_so_before_and_after_sending(house: House, narrow: Case) -> None:
    house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "ja"})
    house.post(narrow, f"{base(narrow)}/money", {"gevraagd": "money_matters", "money_matters": "none"})
    assert "(uit eigen beweging)" in house.get_as(narrow, f"{base(narrow)}/controle").text
    with house.stage.world() as world:
        submitting.submit(world.db, world.settings, narrow.actor, narrow.id, truthful=True, will_report=True)
    tasks = house.get_as(narrow, base(narrow))
    assert CHOICE in tasks.text
    assert f'action="{base(narrow)}/money/vertellen"' not in tasks.text, "nothing can be chosen any more"
    refused = house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "nee"})
    assert refused.status_code in {403, 409}


def test_a_rehearsal_offers_the_same_choice_and_forgets_no_answer(house: House) -> None:
    def on(page: httpx2.Response, **form: str) -> httpx2.Response:
        return house.client.post("/proef", data={"proef": bundle(page), **form})

    start = house.client.post("/proef", data={"hier": "begin", "voor": "gemeente"})
    assert start.status_code == 200
    office = {"hier": "ambt", "voor": "gemeente", "omvang": "statutory", "portefeuille": "spatial", "voltijd": "yes"}
    overview = house.client.post("/proef", data=office)
    assert CHOICE in overview.text
    assert 'value="vertel:money"' in overview.text
    assert 'value="deel:money"' not in overview.text
    section = on(overview, hier="overzicht", naar="vertel:money")
    assert 'name="money_matters"' in section.text
    told = on(section, hier="deel:money", naar="overzicht", gevraagd="money_matters", money_matters="arrears")
    assert 'value="zwijg:money"' in told.text
    away = on(told, hier="overzicht", naar="zwijg:money")
    assert "1 antwoord is bewaard en telt nu niet mee." in away.text
    assert 'value="deel:money"' not in away.text
    back = on(away, hier="overzicht", naar="vertel:money")
    assert re.search(r'value="arrears"[^>]*checked|checked[^>]*value="arrears"', back.text)
    assert on(overview, hier="overzicht", naar="vertel:office").status_code == 404
    changed = house.client.post("/proef", data={**office, "proef": bundle(back), "voltijd": "no"})
    assert 'value="deel:money"' in changed.text, "another fact of the case leaves the choice alone"


def test_the_published_questions_say_which_are_free(house: House) -> None:
    page = house.client.get("/vragen?voor=gemeente").text
    lines = {line for line in re.findall(r"<li[^>]*>.*?</li>", page, re.DOTALL) if "/vragen/" in line}
    free = {line for line in lines if ">Vrijwillig<" in line}
    assert any("/vragen/money_matters" in line for line in free)
    assert not any("/vragen/is_adult" in line for line in free)
    assert "stellen wij onder het voorstel niet meer" in house.client.get("/regels/vergelijk").text


def test_a_reviewer_sees_of_an_open_question_that_it_follows_from_something_told(house: House, narrow: Case) -> None:
    house.post(narrow, f"{base(narrow)}/money/vertellen", {"vertellen": "ja"})
    house.post(narrow, f"{base(narrow)}/money", {"gevraagd": "money_matters", "money_matters": "arrears"})
    with house.stage.world() as world:
        submitting.submit(world.db, world.settings, narrow.actor, narrow.id, truthful=True, will_report=True)
        reviewing.start_review(world.db, world.analyst, narrow.id)
    page = words(house.get("analyst", f"/zaken/{narrow.id}/beoordeling/open-vragen"))
    assert "de kandidaat, uit eigen beweging" in page.lower()
    answers = words(house.get("analyst", f"/zaken/{narrow.id}/beoordeling/antwoorden"))
    assert "(uit eigen beweging)" in answers


def test_taking_over_names_the_subjects_that_wait_for_a_choice(house: House, narrow: Case) -> None:
    told = {"context": {"tier": "municipality"}, "answers": {"is_adult": True, "money_matters": ["arrears"]}}
    page = house.client.post(
        f"{base(narrow)}/overnemen",
        files={"bestand": ("proef.json", json.dumps(told).encode())},
        headers={"cookie": f"toetssteen={narrow.session}"},
    )
    assert "Hier vraagt deze zaak niet naar" in page.text
    assert ">Geldzaken<" in page.text
    assert "Dit past niet in uw vragenlijst" not in page.text

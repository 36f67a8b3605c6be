"""The pages for a correction: choosing an answer, the form, what comes of it, and the answer of a reviewer."""

import re

from app.usecases import submitting
from tests.e2e.stage import Case
from tests.usecases.world import CLUB
from tests.web.conftest import House


def handed_in(house: House) -> Case:
    case = house.stage.answering(CLUB)
    with house.stage.world() as world:
        submitting.submit(world.db, world.settings, case.actor, case.id, truthful=True, will_report=True)
    return case


def test_from_request_to_answer(house: House):
    case = handed_in(house)
    own, staff = f"{case.form}/correctie", f"{case.file}/beoordeling"
    assert f'href="{own}"' in house.get_as(case, f"{case.form}/stand").text
    assert '<option value="is_resident">' in house.get_as(case, own).text
    form = house.get_as(case, f"{own}/vraag?vraag=is_resident").text
    assert 'name="is_resident"' in form
    empty = house.post(case, f"{own}/vraag", {"vraag": "is_resident", "is_resident": "no"})
    assert (empty.status_code, "waarom dit antwoord niet klopt" in empty.text) == (422, True)
    assert re.search(r'value="no"[^>]*checked|checked[^>]*value="no"', empty.text)
    same = house.post(
        case, f"{own}/vraag", {"vraag": "is_resident", "is_resident": "yes", "waarom": "Ik <b>vergis</b> mij."}
    )
    assert (same.status_code, "Dit antwoord staat er al" in same.text) == (422, True)
    assert "Ik &lt;b&gt;vergis&lt;/b&gt; mij." in same.text
    sent = {"vraag": "is_resident", "is_resident": "no", "waarom": "Ik verhuis pas later."}
    assert house.post(case, f"{own}/vraag", sent).headers["location"].endswith("gedaan=correctie-gevraagd")
    assert house.post(case, f"{own}/vraag", sent).status_code == 409
    assert "wacht op antwoord" in house.get_as(case, own).text
    assert "De kandidaat vraagt om een correctie" in house.get("analyst", staff).text
    page = house.get("analyst", f"{staff}/correcties").text
    assert "Ik verhuis pas later." in page
    found = re.search(rf'action="({staff}/correcties/[0-9a-z]{{26}})"', page)
    assert found is not None
    assert house.post("analyst", found[1], {"reden": "Nog even."}).status_code == 422
    refused = house.post("analyst", found[1], {"besluit": "nee", "reden": ""})
    assert (refused.status_code, "waarom u dit niet overneemt" in refused.text) == (409, True)
    assert house.post("idle_analyst", found[1], {"besluit": "ja"}).status_code == 404
    assert house.post("analyst", found[1], {"besluit": "ja", "reden": "Dank u."}).status_code == 303
    page = house.get_as(case, own).text
    assert "overgenomen" in page
    assert "Dank u." in page
    assert "De kandidaat vraagt om een correctie" not in house.get("analyst", staff).text


def test_a_list_is_described_in_words_and_while_answering_nobody_needs_to_ask(house: House):
    case = handed_in(house)
    own = f"{case.form}/correctie"
    form = house.get_as(case, f"{own}/vraag?vraag=companies").text
    assert 'name="moet-zijn"' in form
    empty = house.post(case, f"{own}/vraag", {"vraag": "companies", "waarom": "Vergeten."})
    assert (empty.status_code, "in deze lijst" in empty.text) == (422, True)
    assert house.get_as(case, f"{own}/vraag?vraag=found_nothing").status_code == 404
    assert house.get_as(case, f"{own}/vraag").headers["location"] == own
    filled = house.stage.cases["filled"]
    assert "zelf nog wijzigen" in house.get("filled", f"{filled.form}/correctie").text
    assert house.get("filled", f"{filled.form}/correctie/vraag?vraag=is_resident").status_code == 403

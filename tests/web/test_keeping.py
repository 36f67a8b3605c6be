"""The pages about keeping: a policy by form, a choice by the candidate, four eyes, and what is left."""

import csv
import hashlib
import io
import re
from datetime import timedelta

from docx import Document

from app.dossiers.wording import dutch_date
from app.reviews.retention import Start, months_after
from app.usecases import assessing, retention_policy
from app.usecases.lines import today
from tests.usecases.test_retention import destroyed
from tests.usecases.test_what_outlives import ended, policy
from tests.web.conftest import House

POLICY: dict[str, str | list[str]] = {
    "selection_list": "Selectielijst van het voorbeeld",
    "warn_days": "30",
    "choices": ["destroy", "receive"],
    **{
        f"{end}-{kept}-{part}": value
        for end in ("appointed", "not_appointed", "withdrawn")
        for kept in ("case", "council_version")
        for part, value in (("maanden", "12" if kept == "case" else "blijvend"), ("categorie", "4.2"))
    },
}


def test_a_policy_with_gaps_is_refused_with_everything_that_was_typed(house: House):
    answer = house.post("admin", "/bewaren/beleid", {"selection_list": "Onze lijst", "warn_days": "veel"})
    assert answer.status_code == 422
    assert "Onze lijst" in answer.text
    assert answer.text.count("Vul een aantal maanden in") >= 6
    assert "Vul een aantal dagen in" in answer.text


def test_only_an_administrator_finds_the_form(house: House):
    for who in ("clerk", "principal", "analyst", "auditor", "elsewhere"):
        assert house.get(who, "/bewaren/beleid").status_code == 404
    assert house.get("analyst", "/bewaren").status_code == 404


def test_from_policy_to_declaration(house: House):
    assert house.post("admin", "/bewaren/beleid", POLICY).status_code == 303
    assert "12 maanden na de uitkomst (categorie 4.2)" in house.get("auditor", "/bewaren").text
    case = house.stage.answering()
    own, staff = f"{case.form}/bewaren", f"{case.file}/bewaren"
    assert "nog geen uitkomst" in house.get_as(case, own).text
    assert house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"}).status_code == 303
    assert "Wat wilt u?" in house.get_as(case, own).text
    assert house.post(case, own, {"choice": "nonsense"}).status_code == 422
    assert house.post(case, own, {"choice": "destroy"}).status_code == 303
    page = house.get("clerk", staff).text
    assert "Gevraagd door de kandidaat" in page
    assert "Verbetert u een uitkomst" not in page, "who withdrew has no outcome to put right"
    found = re.search(rf'action="({staff}/[0-9a-z]{{26}})"', page)
    assert found is not None
    assert house.post("elsewhere", found[1], {"decision": "yes"}).status_code == 404
    assert house.post("analyst", found[1], {"decision": "yes"}).status_code == 404
    assert house.post("clerk", found[1], {"decision": "yes"}).status_code == 303
    shown = house.get("auditor", "/bewaren").text
    declared = re.search(r'href="(/bewaren/verklaring/[0-9a-z]{26})"', shown)
    assert declared is not None
    file = house.get("auditor", declared[1])
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.content.startswith(b"PK")
    log = house.get("auditor", "/logboek/bestand/csv?wat=destroyed").content.decode("utf-8-sig")
    (line,) = (one for one in csv.DictReader(io.StringIO(log), delimiter=";") if one["case_id"] == case.id)
    assert line["declaration"] == hashlib.sha256(file.content).hexdigest()
    tables = Document(io.BytesIO(file.content)).tables
    assert line["manifest"] in {cell.text for table in tables for row in table.rows for cell in row.cells}
    assert house.get("elsewhere", declared[1]).status_code == 404
    assert "Anna Veld" not in house.get("clerk", case.file).text
    # The session of the candidate went with the rest.
    assert house.get_as(case, own).status_code in {303, 401}


def test_from_withdrawing_to_receiving_everything_to_the_declaration(house: House):
    house.post("admin", "/bewaren/beleid", POLICY | {"withdrawn-case-maanden": "0"})
    case = house.stage.answering()
    own, staff = f"{case.form}/bewaren", f"{case.file}/bewaren"
    house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"})
    assert house.post(case, own, {"choice": "receive"}).status_code == 303
    page = house.get_as(case, own).text
    assert f'action="{own}/ontvangen"' in page
    assert f'href="{case.form}/inzage"' in page
    assert "nog niet bevestigd" in house.get("clerk", staff).text
    early = house.post(case, f"{own}/ontvangen", {})
    assert (early.status_code, "Download eerst uw gegevens." in early.text) == (409, True)
    waits = house.post("clerk", staff, {"kind": "destroy", "reason": "Voorbij."})
    assert "wil eerst alles ontvangen" in waits.text
    assert house.get_as(case, f"{case.form}/inzage/bestand").content.startswith(b"PK")
    assert house.post(case, f"{own}/ontvangen", {}).status_code == 303
    page = house.get_as(case, own).text
    assert "bevestigd op" in page
    assert f'action="{own}/ontvangen"' not in page
    assert house.post("clerk", staff, {"kind": "destroy", "reason": "Voorbij."}).status_code == 303
    found = re.search(rf'action="({staff}/[0-9a-z]{{26}})"', house.get("principal", staff).text)
    assert found is not None
    assert house.post("principal", found[1], {"decision": "yes"}).status_code == 303
    assert house.get_as(case, f"{case.form}/inzage/bestand").status_code in {303, 401}
    house.post("admin", "/bewaren/beleid", POLICY)


def test_what_is_destroyed_leaves_the_memory_of_the_server_too(house: House):
    house.post("admin", "/bewaren/beleid", POLICY)
    case = house.stage.answering()
    saved = house.post(
        case,
        f"{case.form}/antwoord/own_points?op=attitude",
        {"own_points": "Kanarie", "gevraagd": "own_points"},
        htmx=True,
    )
    assert saved.status_code == 200
    assert "Kanarie" in house.get_as(case, f"{case.form}/attitude").text
    autosaver, decoded = house.client.app.state.autosaver, assessing._kept._readings  # type: ignore[attr-defined]
    assert autosaver._places[case.id].hot is not None
    (key,) = (one for one in decoded if one[0] == case.id)
    late = decoded[key]
    house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"})
    house.post(case, f"{case.form}/bewaren", {"choice": "destroy"})
    asked = re.search(
        rf'action="({case.file}/bewaren/[0-9a-z]{{26}})"', house.get("clerk", f"{case.file}/bewaren").text
    )
    assert asked is not None
    assert house.post("clerk", asked[1], {"decision": "yes"}).status_code == 303
    assert autosaver._places[case.id].hot is None
    assert [one for one in decoded if one[0] == case.id] == []
    # A page that was being made meanwhile is still given, and not kept.
    assert assessing._kept.get(key, lambda: late) is late
    assert [one for one in decoded if one[0] == case.id] == []


def test_what_is_missing_in_a_request_is_said_beside_what_was_typed(house: House):
    case = house.stage.answering()
    house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"})
    page = house.post("clerk", f"{case.file}/bewaren", {"kind": "extend", "reason": "Er loopt een bezwaar."})
    assert page.status_code == 422
    assert "Er loopt een bezwaar." in page.text
    assert "Vul in tot wanneer" in page.text
    wrong = house.post("clerk", f"{case.file}/bewaren/einde-ambt", {"left_on": "1-1-2026"})
    assert wrong.status_code == 422
    assert "niet benoemd" in wrong.text


def test_a_wrong_outcome_is_put_right_on_the_page_by_two_people(house: House):
    house.post("admin", "/bewaren/beleid", POLICY)
    case = house.stage.cases["presented"]
    staff = f"{case.file}/bewaren"
    assert house.post("clerk", f"{case.file}/uitkomst", {"on": "2-1-2026", "outcome": "appointed"}).status_code == 303
    page = house.get("clerk", staff).text
    assert "De uitkomst omwisselen: toch wel of toch niet benoemd" in page
    assert "De laatste dag in het ambt verbeteren" not in page
    assert "Verbetert u een uitkomst: op welke dag het was." in page
    without = house.post("clerk", staff, {"kind": "correct_outcome", "reason": "Vergissing."})
    assert (without.status_code, "Vul in welke dag het was." in without.text) == (422, True)
    asked = {"kind": "correct_outcome", "reason": "Vergissing.", "until": "3-1-2026"}
    assert house.post("clerk", staff, asked).status_code == 303
    page = house.get("principal", staff).text
    assert "toch wel of toch niet benoemd (3 januari 2026)" in page
    found = re.search(rf'action="({staff}/[0-9a-z]{{26}})"', page)
    assert found is not None
    assert house.post("principal", found[1], {"decision": "yes"}).status_code == 303
    assert "niet benoemd" in house.get("clerk", staff).text.casefold()
    assert "uitkomst verbeterd" in house.get("clerk", case.file).text.casefold()


def test_holding_counts_at_once_and_a_colleague_lets_go(house: House):
    case = house.stage.answering()
    staff = f"{case.file}/bewaren"
    house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"})
    assert house.post("clerk", staff, {"kind": "hold", "reason": "Procedure."}).status_code == 303
    assert "Vastgehouden" in house.get_as(case, f"{case.form}/bewaren").text
    house.post("clerk", staff, {"kind": "release", "reason": "Klaar."})
    own = house.get("clerk", staff).text
    assert "Een collega moet het bevestigen" in own
    found = re.search(rf'action="({staff}/[0-9a-z]{{26}})"', house.get("principal", staff).text)
    assert found is not None
    assert house.post("principal", found[1], {"decision": "yes"}).status_code == 303
    assert "Vastgehouden" not in house.get("clerk", staff).text.partition("Wat is besloten")[0].partition("<form")[0]


def test_withdrawing_takes_two_steps_and_keeps_what_was_typed(house: House):
    house.post("admin", "/bewaren/beleid", POLICY)
    case = house.stage.answering()
    address = f"{case.form}/intrekken"
    first = house.get_as(case, address).text
    assert "Na 12 maanden mag het worden vernietigd." in first
    assert "Vragen om alles te laten vernietigen." in first
    asked = house.post(case, address, {"reden": "Ik verhuis naar <b>elders</b>.", "stap": "verder"})
    assert (asked.status_code, "Weet u het zeker?" in asked.text) == (200, True)
    assert 'value="Ik verhuis naar &lt;b&gt;elders&lt;/b&gt;."' in asked.text
    back = house.post(case, address, {"reden": "Ik verhuis naar elders.", "stap": "terug"})
    assert "Ik verhuis naar elders.</textarea>" in back.text
    assert house.post(case, address, {"reden": "Zonder knop."}).status_code == 200
    assert house.get_as(case, address).status_code == 200
    assert house.post(case, address, {"reden": "", "stap": "zeker"}).headers["location"].endswith("gedaan=ingetrokken")
    assert house.get_as(case, address).status_code == 403


def test_everybody_concerned_sees_the_same_day(house: House):
    house.post("admin", "/bewaren/beleid", POLICY)
    case = house.stage.answering()
    before = house.get_as(case, f"{case.form}/bewaren").text
    for line in ("‘benoemd’ is: antwoorden en beoordeling", "‘niet benoemd’ is", "‘teruggetrokken’ is"):
        assert f"Als de uitkomst {line}" in before
    assert "mag weg 12 maanden na de uitkomst" in before
    assert "Bewaren:" not in house.get("analyst", case.file).text
    house.post(case, f"{case.form}/intrekken", {"reden": "", "stap": "zeker"})
    day = dutch_date(months_after(today(), 12))
    for who in ("clerk", "principal"):
        assert f"Dit mag worden vernietigd vanaf {day}" in house.get(who, f"{case.file}/bewaren").text
        assert f'href="{case.file}/bewaren"' in house.get(who, case.file).text
    for who in ("clerk", "principal", "analyst"):
        page = house.get(who, case.file).text
        assert "Bewaren: antwoorden en beoordeling" in page
        assert f"Dit mag worden vernietigd vanaf {day}" in page
    assert f'href="{case.file}/bewaren"' not in house.get("analyst", case.file).text
    assert f"Dit mag worden vernietigd vanaf {day}" in house.get_as(case, f"{case.form}/bewaren").text
    for who in ("auditor", "admin"):
        page = house.get(who, "/bewaren").text
        assert f"vanaf {day}" in page
        assert "Anna Veld" not in page


def test_what_is_left_of_a_case_has_its_day_and_its_acts(house: House):
    with house.stage.world() as world:
        retention_policy.set_policy(world.db, world.admin, policy(case=0, council=6))
        case = ended(world)
        destroyed(world, case)
    page = f"/zaken/{case.id}/bewaren"
    day = dutch_date(months_after(today(), 6))
    shown = house.get("clerk", page).text
    assert f"Dit mag worden vernietigd vanaf {day}" in shown
    assert "Noem geen namen." in shown
    for act in ("Vasthouden", "Langer bewaren"):
        assert act in shown
    assert "Antwoorden en beoordeling vernietigen" not in shown
    for who in ("clerk", "auditor"):
        (row,) = re.findall(
            rf"<tr[^>]*>(?:(?!</tr>).)*{case.reference}.*?</tr>", house.get(who, "/bewaren").text, re.DOTALL
        )[:1]
        assert "vernietigd" in row
        assert f"vanaf {day}" in row
    assert house.post("clerk", page, {"kind": "hold", "reason": "Er loopt een procedure."}).status_code == 303
    assert "Er loopt een procedure." in house.get("principal", page).text
    assert "vastgehouden" in house.get("auditor", "/bewaren").text
    assert house.get("elsewhere", page).status_code == 404
    house.post("admin", "/bewaren/beleid", POLICY)


def test_the_end_of_the_office_can_still_be_told_when_only_documents_are_left(house: House):
    with house.stage.world() as world:
        retention_policy.set_policy(world.db, world.admin, policy(case=0, council=6, start=Start.END_OF_OFFICE))
        case = ended(world, appointed=True, on=today() - timedelta(days=30))
        destroyed(world, case)
    page = f"/zaken/{case.id}/bewaren"
    assert "De laatste dag in het ambt is nog niet bekend." in house.get("clerk", page).text
    on = today() - timedelta(days=1)
    told = house.post("clerk", f"{page}/einde-ambt", {"left_on": f"{on.day}-{on.month}-{on.year}"})
    assert told.status_code == 303
    assert f"vanaf {dutch_date(months_after(on, 6))}" in house.get("clerk", page).text
    house.post("admin", "/bewaren/beleid", POLICY)


def test_who_withdraws_reads_what_a_term_of_nothing_and_one_without_end_mean(house: House):
    case = house.stage.answering()
    for months, said in (("0", "mag daarna meteen worden vernietigd"), ("blijvend", "wordt blijvend bewaard")):
        house.post("admin", "/bewaren/beleid", POLICY | {"withdrawn-case-maanden": months})
        assert said in house.get_as(case, f"{case.form}/intrekken").text
    house.post("admin", "/bewaren/beleid", POLICY)


def test_who_set_the_policy_and_why_stays_in_view(house: House):
    house.post("admin", "/bewaren/beleid", POLICY | {"reason": "Besluit <b>12</b> van de raad."})
    for who in ("clerk", "principal", "auditor", "admin"):
        page = house.get(who, "/bewaren").text
        assert "Wanneer het is ingesteld" in page
        assert "Door Bea Beheer. Reden: Besluit &lt;b&gt;12&lt;/b&gt; van de raad." in page

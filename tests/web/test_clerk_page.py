"""Closing the content of cases to the clerk, on the page of the principal and on everybody else's."""

import html
from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.web.conftest import House, open_house

HERE = "/organisatie/griffier"


@pytest.fixture(scope="module")
def closed(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own: what is set here counts for all of its cases."""
    with open_house(databases, tmp_path_factory.mktemp("closed")) as house:
        refused = house.post("principal", HERE, {"closed": "yes", "reden": " "})
        assert (refused.status_code, "De griffier leest de reden ook" in refused.text) == (422, True)
        assert house.post("principal", HERE, {"closed": "yes", "reden": "De griffie adviseert."}).status_code == 303
        yield house


def page(house: House, who: str, path: str) -> str:
    return html.unescape(house.get(who, path).text)


def test_the_clerk_reads_why_and_cannot_change_it(closed: House) -> None:
    told = page(closed, "clerk", HERE)
    assert "Bram Burgers: De griffie adviseert." in told
    assert "<textarea" not in told
    assert closed.post("clerk", HERE, {"closed": "no", "reden": "Toch."}).status_code == 422


def test_everybody_in_the_case_is_told(closed: House) -> None:
    case = closed.stage.cases["presented"]
    clerk, analyst = page(closed, "clerk", case.file), page(closed, "analyst", case.file)
    assert "heeft de inhoud van zaken voor u gesloten" in clerk
    assert "De griffier leest de inhoud van deze zaak niet" in analyst
    assert "Naar de beoordeling" not in page(closed, "clerk", closed.stage.cases["review"].file)


def test_the_candidate_reads_who_reads_the_answers(closed: House) -> None:
    case = closed.stage.cases["filled"]
    assert "De griffier leest ze niet" in html.unescape(closed.get_as(case, case.form).text)
    section = html.unescape(closed.get_as(case, f"{case.form}/side_positions").text)
    read_by = [part.partition("</dd>")[0] for part in section.split("<dt>Dit lezen</dt>")[1:]]
    assert read_by
    assert not [one for one in read_by if "griffier" in one]


def test_where_it_is_open_the_clerk_stands_among_the_readers(house: House) -> None:
    case = house.stage.cases["filled"]
    section = html.unescape(house.get_as(case, f"{case.form}/side_positions").text)
    assert any("griffier" in part.partition("</dd>")[0] for part in section.split("<dt>Dit lezen</dt>")[1:])
    assert "gesloten" not in page(house, "analyst", house.stage.cases["review"].file)

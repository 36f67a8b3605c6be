"""The law in force beside the bill, for anybody."""

import html
import re

import pytest

from app.questionnaires.loading import newest
from app.risk_rules.frames import Change, Comparison
from app.usecases import library
from app.usecases.comparing import compared
from app.usecases.lines import today
from app.web.public import comparing
from app.web.public.words import AUTHORITIES
from tests.web.conftest import House


def shown(house: House, path: str) -> str:
    answer = house.get("", path)
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.text).split())


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_every_rule_that_differs_is_told_with_what_happens_today(house: House, slug: str) -> None:
    page = shown(house, f"/regels/vergelijk?voor={slug}")
    found = compared(AUTHORITIES[slug], today())
    assert found.differing
    for one in found.differing:
        assert one.change is Change.ADDED
        assert one.title in page
        assert f"Lees regel {one.rule.id}" in page
        assert all(f"/regels/{other}" in page for other in one.beside)
    assert "{" not in re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)


def test_the_page_says_that_it_is_a_proposal_and_what_else_it_announces(house: House) -> None:
    page = shown(house, "/regels/vergelijk")
    bill = library.rulebook(newest()).sources["bill_36892"]
    assert "Een voorstel is nog geen wet" in page
    assert f"Kamerstukken {bill.dossier}" in page
    assert "Stand: voor zover bekend aanhangig" in page
    assert all(change in page for change in bill.changes)
    assert all(f"/vragen/{name}" in page for name in compared(AUTHORITIES["gemeente"], today()).questions)


def test_the_rules_lead_to_it_and_an_unknown_authority_is_a_municipality(house: House) -> None:
    assert 'href="/regels/vergelijk?voor=provincie"' in shown(house, "/regels?voor=provincie")
    assert shown(house, "/regels/vergelijk?voor=elders") == shown(house, "/regels/vergelijk")


def test_without_a_bill_there_is_nothing_to_compare(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Comparison(AUTHORITIES["gemeente"], today(), None, (), ())
    monkeypatch.setattr(comparing, "compared", lambda *_: nothing)
    page = shown(house, "/regels/vergelijk")
    assert "geen wetsvoorstel" in page
    assert "Toon de verschillen" not in page

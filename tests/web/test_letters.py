"""A letter on a page looks like a letter: paragraphs with their lines, and lists as lists."""

from app.web.letters import LetterPart, letter_parts
from tests.web.conftest import House


def test_a_letter_falls_apart_at_its_empty_lines() -> None:
    text = "Beste Anna,\n\nOpen de link:\nhttps://x.example\n\n- een\n- twee\n\n\n\nGroet"
    assert letter_parts(text) == (
        LetterPart(lines=("Beste Anna,",)),
        LetterPart(lines=("Open de link:", "https://x.example")),
        LetterPart(lines=("een", "twee"), bullets=True),
        LetterPart(lines=("Groet",)),
    )


def test_a_dash_in_a_paragraph_makes_no_list() -> None:
    (part,) = letter_parts("Er zijn twee dagen:\n- maandag")
    assert not part.bullets


def test_the_preview_of_an_invitation_shows_its_list_as_a_list(house: House) -> None:
    page = house.get("clerk", f"{house.stage.cases['draft'].file}/uitnodigen").text
    assert '<li class="utrecht-unordered-list__item">U kunt tussendoor stoppen en later verdergaan.</li>' in page
    assert "- U kunt" not in page


def test_the_page_of_a_case_tells_how_it_stands_with_the_invitation(house: House) -> None:
    with house.stage.world() as world:
        case = world.case(name="Pas Gevraagd")
    assert "nog niet verstuurd" in house.get("clerk", house.stage.cases["draft"].file).text
    with house.stage.world() as world:
        invited = world.invited(case)
    page = house.get("clerk", f"/zaken/{case.id}").text
    assert "Nog niet gebruikt. Is de code kwijt? Nodig dan opnieuw uit." in page
    assert invited.code not in page
    assert "Nog niet gebruikt" not in house.get("clerk", house.stage.cases["filled"].file).text

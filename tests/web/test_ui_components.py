"""The component library keeps the rules for forms and for words, in whatever state a component is."""

import ast
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import templating
from app.web.places import templates_directory
from app.web.templating import ComponentLibrary, environment, library, make_environment

ui = library
OPTIONS = ({"id": "a", "label": "Eerste", "help": "Uitleg"}, {"id": "b", "label": "Tweede"})
SPECIALS = ({"id": "@oral", "label": "Ik bespreek dit liever mondeling"},)


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def shape(self) -> list[tuple[str, list[str]]]:
        return [(tag, sorted(attributes)) for tag, attributes in self.found]

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in tags]


def elements(html: object) -> _Elements:
    return _Elements(str(html))


FIELDS: dict[str, dict[str, object]] = {
    "text_field": {},
    "text_area": {},
    "number_field": {"unit": "uur"},
    "percentage_field": {},
    "date_field": {},
    "email_field": {},
    "select": {"options": OPTIONS},
    "radios": {"options": OPTIONS, "specials": SPECIALS},
    "yes_no": {"specials": SPECIALS},
    "money_band": {"options": OPTIONS},
    "checkboxes": {"options": OPTIONS, "specials": SPECIALS},
}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_ties_label_hint_and_error_to_its_controls(name: str) -> None:
    macro = getattr(ui, name)
    html = macro(name="groep[co1].veld", label="De vraag", hint="De uitleg", error="Vul iets in", **FIELDS[name])
    found = elements(html)
    controls = found.all("input", "select", "textarea")
    ids = {attributes["id"] for _, attributes in found.found if "id" in attributes}
    labels = {attributes["for"] for attributes in found.all("label")}
    assert controls
    assert controls[0]["id"] == "groep-co1-veld", "an error summary finds the first control by the name of the field"
    assert {control["id"] for control in controls} == labels, "every control has a label of its own"
    assert len({control["id"] for control in controls}) == len(controls)
    described = " ".join(attributes.get("aria-describedby", "") for _, attributes in found.found).split()
    assert "groep-co1-veld-uitleg" in described
    assert set(described) <= ids
    assert "groep-co1-veld-fout" in described
    assert "Vul iets in" in html
    assert "Let op: " in html


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_says_in_words_that_it_may_stay_empty(name: str) -> None:
    macro = getattr(ui, name)
    optional = re.sub(r"<[^>]+>", "", str(macro(name="veld", label="De vraag", required=False, **FIELDS[name])))
    assert "De vraag (niet verplicht)" in optional
    html = macro(name="veld", label="De vraag", **FIELDS[name])
    assert "niet verplicht" not in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_leaves_the_checking_to_us(name: str) -> None:
    for _, attributes in elements(getattr(ui, name)(name="veld", label="De vraag", **FIELDS[name])).found:
        assert attributes.keys().isdisjoint({"placeholder", "required", "disabled", "pattern", "maxlength", "min"})


def test_special_answers_are_answers_of_the_same_question() -> None:
    found = elements(ui.yes_no(name="vraag", label="?", value="@oral", specials=SPECIALS)).all("input")
    assert [(control["name"], control["value"], "checked" in control) for control in found] == [
        ("vraag", "yes", False),
        ("vraag", "no", False),
        ("vraag", "@oral", True),
    ]
    assert all("@" not in control["id"] for control in found)


@given(st.text(min_size=1))
def test_what_people_type_stays_text(typed: str) -> None:
    for macro, arguments in (
        (ui.text_field, {"name": "veld", "label": "Vraag", "value": typed}),
        (ui.text_area, {"name": "veld", "label": "Vraag", "value": typed}),
        (ui.data_list, {"rows": ({"label": typed, "value": typed},)}),
        (ui.alert, {"title": typed, "body": typed}),
    ):
        harmless = str(arguments).replace(repr(typed), repr("x"))
        assert elements(macro(**arguments)).shape() == elements(macro(**ast.literal_eval(harmless))).shape()


def test_an_error_summary_links_every_message_to_its_field() -> None:
    html = ui.error_summary(
        problems=({"field_id": "een", "message": "Vul iets in"}, {"field_id": "twee", "message": "Ook"})
    )
    assert [link["href"] for link in elements(html).all("a")] == ["#een", "#twee"]
    [heading] = elements(html).all("h2")
    assert heading["tabindex"] == "-1"
    assert "data-focus" in heading
    assert "deze 2 punten" in html
    assert "role=" not in html, "focus reads it aloud already; a role would read it twice"
    assert str(ui.error_summary(problems=())).strip() == ""


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0, "Ter kennisneming"),
        (1, "Aandachtspunt"),
        (2, "Risico met beheersmaatregel"),
        (3, "Maatregel nodig vóór de benoeming"),
        (4, "Wettelijk beletsel"),
    ],
)
def test_severity_is_words_and_a_shape_of_its_own(level: int, words: str) -> None:
    html = str(ui.severity(level=level))
    assert words in html
    shapes = {str(ui.icon(name=f"severity-{other}")) for other in range(5)}
    assert len(shapes) == 5


def test_a_flag_says_whether_it_is_certain_and_what_would_settle_it() -> None:
    certain = ui.flag(
        id="f1",
        title="Belang",
        severity=3,
        certain=True,
        quotes=({"question": "Aandeel", "answer": "60 procent"},),
        norms=({"label": "artikel 41b Gemeentewet", "href": ""},),
    )
    assert "Volgt uit de antwoorden" in certain
    assert "60 procent" in certain
    assert "Nog niet zeker" not in certain
    possible = ui.flag(id="f2", title="Belang", severity=3, certain=False, missing=({"question": "Aandeel?"},))
    assert "Nog niet zeker" in possible
    assert "Dit maakt het duidelijk" in possible


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = {
        name
        for template in environment.list_templates(extensions=["html"])
        for name in re.findall(r'icon(?:\(name)?="([a-z-]+)"', (templates_directory() / template).read_text("utf-8"))
    }
    undrawn = {name for name in asked if not re.search(r"<(path|circle|rect)", str(ui.icon(name=name)))}
    assert undrawn - {"severity-"} == set()


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="tekstvak"):
        _ = ui.tekstvak


def test_two_macros_of_one_name_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "ui").mkdir()
    for name in ("a.html", "b.html"):
        (folder / "ui" / name).write_text("{% macro knop() %}{% endmacro %}", encoding="utf-8")
    with pytest.raises(ValueError, match="knop"):
        make_environment(folder)


def test_the_library_knows_its_own_names() -> None:
    assert isinstance(ui, ComponentLibrary)
    assert "flag" in ui.macros()


def test_dates_and_times_are_written_as_people_do() -> None:
    afternoon = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert templating.dutch_date(date(2026, 3, 12)) == "12 maart 2026"
    assert templating.dutch_date(afternoon) == "2 juli 2026", "summer time: it is past midnight here"
    assert templating.dutch_time(afternoon) == "00:30"
    assert templating.dutch_moment(datetime(2026, 1, 2, 12, 3, tzinfo=UTC)) == "2 januari 2026, 13:03"
    with pytest.raises(ValueError, match="time zone"):
        templating.dutch_time(datetime(2026, 1, 2, 12, 3))  # noqa: DTZ001 - the mistake this refuses


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 1000, "minder dan € 1.000"),
        (None, 1000, "minder dan € 1.000"),
        (1000, 25000, "€ 1.000 tot € 25.000"),
        (1_000_000, None, "€ 1.000.000 of meer"),
        (None, None, "onbekend bedrag"),
    ],
)
def test_bands_of_money_are_sentences(low: int | None, high: int | None, words: str) -> None:
    assert templating.money_band(low, high) == words


@pytest.mark.parametrize(("count", "words"), [(0, "geen vragen"), (1, "1 vraag"), (3, "3 vragen")])
def test_numbers_agree_with_their_noun(count: int, words: str) -> None:
    assert templating.plural(count, "vraag", "vragen") == words


@given(st.text(min_size=1))
def test_an_id_fits_in_an_address(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]*", templating.dom_id(name))

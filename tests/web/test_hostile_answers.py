"""Text that means harm, in every kind of question: kept as text or refused in words, and harmless wherever it comes out."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.actor import Actor
from app.questionnaires.answers import AnswerPath, Answers
from app.questionnaires.model import Respondent
from app.questionnaires.reading import KINDS
from app.questionnaires.showing import as_typed
from app.usecases import answering, own_copy
from app.usecases.answering import Typed
from tests.assess.candidates import candidate, questionnaire
from tests.databases import Databases
from tests.e2e.stage import Case
from tests.usecases.world import World
from tests.web.conftest import House, open_house

pytestmark = pytest.mark.massive

TURNS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
"""Characters that turn the direction of what comes after them (Unicode, UAX 9)."""
UNSEEN = "\u200b\u2060\ufeff\u00ad\u180e\x00\x01\x0b\x1b\x7f\x85\ufffe\uffff"
KNOWN = (
    "\u202egnp.exe", '=HYPERLINK("http://elders.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>", '" onfocus=alert(1) autofocus x="', "{{ 7*7 }}", "{% raw %}", "]]>", "<!--",
    "&lt;b&gt;", "a\r\nSet-Cookie: x=1", "w" * 3000,  "Ω\u0301" * 200, "👩\u200d⚖️" * 20, "שלום", "مرحبا",
    "١٢/٠٣/٢٠٢٦", "31-02-2026", "9" * 400, "1e309", "NaN", "-0", "yes\x00no", "../../etc/passwd", "%s%n", "${jndi:x}",
)  # fmt: skip


HUGE = "<a hundred thousand characters>"
"""Stands for a text of that size, which would make reports of failures unreadable."""

hostile = st.one_of(
    st.sampled_from((HUGE, *KNOWN)),
    st.text(st.sampled_from(TURNS + UNSEEN + "<>&\"'{}=+-@ a1\r\n\t"), max_size=60),
    st.text(max_size=200),
)


MANY_KINDS = ("1a_architect", "5a_clean")
"""Worked candidates whose answers lead to questions of every kind."""


def answers_themselves(question: str) -> bool:
    """Tell whether a question or a list is on the pages of the candidate."""
    return questionnaire().section_of[question].respondent is Respondent.CANDIDATE


def fill_in_all(world: World, actor: Actor, answers: Answers) -> None:
    """Answer as a worked candidate does; items get ids of their own."""
    assert actor.case_id is not None
    items = {}
    own = [group for group in questionnaire().groups if answers_themselves(group)]
    for group in own:
        for item in answers.items(group):
            items[item] = answering.add_item(world.db, actor, actor.case_id, group).item_id
    page = [
        Typed(str(AnswerPath(path.question, items[path.item] if path.item else None)), as_typed(answer))
        for path, answer in answers
        if answers_themselves(path.question)
    ]
    while answering.save_many(world.db, actor, actor.case_id, page).saved:
        pass


class _Names(HTMLParser):
    """The names of all fields of a page, the addresses it leads to, and attributes that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.handlers += [name for name in given if name.startswith("on")]
        if tag in {"input", "select", "textarea"} and given.get("name"):
            self.names.add(str(given["name"]))
        if tag == "a":
            self.links.add(str(given.get("href")))


class Target:
    """Candidates who fill in, and where questions of each kind are: case, page, path of the question, its fields."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.places: dict[str, list[tuple[Case, str, str, list[str]]]] = {}

    def look_around(self, case: Case) -> None:
        """Walk through all pages of a case, and note which questions they ask."""
        seen: set[str] = set()
        todo = [case.form]
        while todo:
            page = todo.pop()
            if page in seen:
                continue
            seen.add(page)
            text = self.house.get_as(case, page).text
            reader = _Names()
            reader.feed(text)
            mine = (link.partition("?")[0].partition("#")[0] for link in reader.links)
            todo += [one for one in mine if one.startswith(f"{case.form}/") and re.search(PAGES, one)]
            for path in re.findall(r'name="gevraagd" value="([^"]+)"', text):
                question = questionnaire().question(AnswerPath.parse(path).question)
                names = sorted(name for name in reader.names if name.startswith(path) and "revision" not in name)
                self.places.setdefault(question.kind, []).append((case, page, path, names or [path]))


PAGES = r"/[a-z_]+(/[a-z_]+/[a-z0-9]+)?$"
"""A section, and one thing of a list on it."""


@pytest.fixture(scope="module")
def target(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with open_house(databases, tmp_path_factory.mktemp("hostile")) as house:
        found = Target(house)
        for one in MANY_KINDS:
            case = house.stage.answering()
            with house.stage.world() as world:
                fill_in_all(world, case.actor, candidate(one).answers)
            found.look_around(case)
        yield found


ASKING = sorted(set(KINDS) - {"group"})
"""A group has no field of its own."""


def test_there_is_a_question_of_every_kind(target: Target) -> None:
    assert set(target.places) >= set(ASKING)


@pytest.mark.parametrize("kind", ASKING)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 1000), texts=st.lists(hostile, min_size=3, max_size=3), script=st.booleans())
def test_hostile_text_does_no_harm_in_any_kind_of_question(
    target: Target, kind: str, place: int, texts: list[str], *, script: bool
) -> None:
    places = target.places[kind]
    case, page, path, names = places[place % len(places)]
    sent = [text.replace(HUGE, "x" * 100_000) for text in texts]
    typed = {name: sent[number % len(sent)] for number, name in enumerate(names)}
    section = page.removeprefix(case.form).split("/")[1]
    form: dict[str, str | list[str]] = {"gevraagd": path, **typed}
    if not script:
        answer = target.house.post(case, page, form)
    else:
        address = f"{case.form}/antwoord/{quote(path, safe='')}?op={section}"
        answer = target.house.post(case, address, form, htmx=True)
    assert answer.status_code in {200, 204, 303, 413, 422}, answer.text[:500]
    harmless(answer.text)
    again = target.house.get_as(case, page)
    assert again.status_code == 200
    harmless(again.text)


def harmless(page: str) -> None:
    """Nothing that was typed became part of the page itself."""
    assert "alert(1)</script>" not in page
    reader = _Names()
    reader.feed(page)
    assert reader.handlers == []
    turned = [char for char in TURNS if char in page and char not in "\u200e\u200f\u061c"]
    assert turned == [], [hex(ord(char)) for char in turned]
    assert not [hex(ord(char)) for char in page if ord(char) < 32 and char not in "\t\r\n"]


def test_documents_with_everything_that_was_typed_open_and_hold_no_turn(target: Target) -> None:
    texts = target.places["text"][:25]
    for number, (case, page, path, names) in enumerate(texts):
        typed = KNOWN[number % len(KNOWN)][:400] + TURNS + UNSEEN
        form: dict[str, str | list[str]] = {"gevraagd": path, **dict.fromkeys(names, typed)}
        assert target.house.post(case, page, form).status_code in {200, 303, 422}
    with target.house.stage.world() as world:
        made = own_copy.give(world.db, world.settings, texts[0][0].actor, texts[0][0].id)
    with zipfile.ZipFile(io.BytesIO(made.body)) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            if name.endswith(".json"):
                json.loads(content)
            if name.endswith(".docx"):
                docx.Document(io.BytesIO(content))
                with zipfile.ZipFile(io.BytesIO(content)) as parts:
                    xml = parts.read("word/document.xml").decode()
                harmless(xml)

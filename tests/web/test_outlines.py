"""A question that was rendered before and filled in is the question that would have been rendered now."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.web.cases.views import (
    ITEM,
    MARKS,
    REVISION,
    SAVE,
    VALUE,
    WRITTEN,
    FieldView,
    Kind,
    NormView,
    OptionView,
    TermView,
)
from app.web.remembering import Outlined
from app.web.templating import environment, library

KINDS: tuple[Kind, ...] = (
    "yes_no",
    "choice",
    "choices",
    "text",
    "long_text",
    "number",
    "percentage",
    "money_band",
    "date",
    "party",
)
OPTIONS = tuple(
    OptionView(id=f"o{number}", label=f"Keuze {number}", help="Uitleg." * (number % 2)) for number in range(9)
)
TYPED = st.one_of(
    st.sampled_from(["", "yes", "no", "o1", "12-3-2026", "<b>&\"'", VALUE, ITEM, SAVE, str(REVISION), "\n regel"]),
    st.text(max_size=20),
)


@st.composite
def fields(draw: st.DrawFn) -> FieldView:
    kind = draw(st.sampled_from(KINDS))
    item = draw(st.sampled_from(["", "co1", "zz9"]))
    long = draw(st.booleans())
    label = f"Vraag van soort {kind}{', met een lange lijst' if long else ''}"
    path = f"companies[{item}].{kind}" if item else f"top_{kind}"
    return FieldView(
        path=path,
        dom=f"companies-{item}-{kind}" if item else path,
        item=item,
        kind=kind,
        label=label,
        options=OPTIONS if long else OPTIONS[:3],
        specials=(OptionView(id="@does_not_know", label="Ik weet het niet"),),
        value=draw(TYPED),
        values=tuple(draw(st.lists(TYPED, max_size=2))),
        relation=draw(st.sampled_from(["", "o1"])),
        interest=draw(TYPED),
        state=draw(st.sampled_from(["", "@does_not_know"])),
        note=draw(TYPED),
        error=draw(st.sampled_from(["", "", "", "Dit is geen datum."])),
        correction=draw(st.sampled_from(["", "", "Wilt u dit nakijken?"])),
        why="Omdat de wet het vraagt.",
        norms=(NormView(label="art. 36b Gemeentewet", href="https://wetten.overheid.nl"),),
        terms=(TermView(term="belang", meaning="iets"),),
        save=draw(st.sampled_from(["", "/vragenlijst/z1/antwoord/x?op=y&z"])),
        revision=draw(st.integers(0, 30)),
        wording=("digest", "municipality", kind, label),
    )  # fmt: skip


def plainly(field: FieldView) -> str:
    template = environment.get_template("ui/questions.html")
    return str(vars(template.module)["asked"](q=field))


@given(fields())
def test_a_filled_outline_is_the_question_itself(field: FieldView) -> None:
    asked = library.macros()["asked"]
    assert isinstance(asked, Outlined)
    assert str(asked(q=field)) == plainly(field)
    assert str(asked(q=field)) == plainly(field), "also when it was rendered before"


@given(fields(), st.sampled_from(["note", "interest", "value"]))
def test_what_is_kept_holds_nothing_that_was_typed(field: FieldView, where: str) -> None:
    secret = "Iets heel persoonlijks"
    kind = field.kind if where != "value" or field.kind in WRITTEN else "text"
    told = replace(
        field,
        kind=kind,
        error="",
        correction="",
        value=secret if where == "value" else "yes",
        values=(secret,) if where == "value" else ("yes",),
        note=secret if where == "note" else "",
        interest=secret if where == "interest" else "",
    )
    assert secret not in repr(told.shape)
    assert secret not in str(plainly(told.outline)), "this is what is kept"


def test_no_text_of_ours_holds_a_mark() -> None:
    from app.usecases import library as questionnaires  # noqa: PLC0415 - only here

    assert not MARKS.search(questionnaires.newest().model_dump_json())


def test_a_question_of_one_moment_is_never_kept() -> None:
    asked = library.macros()["asked"]
    assert isinstance(asked, Outlined)
    field = FieldView(
        path="x", dom="x", kind="yes_no", label="?", error="Kies ja of nee.", wording=("d", "t", "x", "?")
    )
    before = asked.kept
    assert "Kies ja of nee." in str(asked(q=field))
    assert "?" in str(asked(q=replace(field, error="", wording=None)))
    assert asked.kept == before

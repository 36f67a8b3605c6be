"""One question of a questionnaire file: what it inherits, what it says, and every way in which it is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from string import Formatter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.conditions.parsing import parse
from app.conditions.yaml_source import Listed, Mapped, Source, did_you_mean
from app.questionnaires.kinds import (
    Choice,
    Choices,
    Date,
    Group,
    MoneyBand,
    Number,
    Party,
    Percentage,
    Question,
    Text,
    YesNo,
)

KINDS: dict[str, type[Question]] = {
    "yes_no": YesNo,
    "choice": Choice,
    "choices": Choices,
    "text": Text,
    "long_text": Text,
    "number": Number,
    "percentage": Percentage,
    "money_band": MoneyBand,
    "date": Date,
    "party": Party,
    "group": Group,
}
"""Every kind of question there is."""

INHERITED = ("basis", "scope", "source", "readers", "retention", "openness", "openness_ground", "oral")
"""What a question takes from its group, its section or the questionnaire when it does not say so itself."""

_REMEDIES = {
    "why": "say in plain Dutch what the answer is for",
    "basis": "name the law (`{source: GW, article: ...}`) or the practice (`{practice: C2.1}`) this rests on",
    "item_title": 'for example `item_title: "Onderneming: {name}"`',
    "item_noun": "one word for one item, for example `item_noun: onderneming`",
    "options": "list at least two options with `id` and `label`, or name a list under `option_lists`",
    "questions": "a group needs at least one question of its own",
}

_SOME_OPTIONS = ({"id": "one", "label": "one"}, {"id": "two", "label": "two"})
"""In the place of options that could not be read, so that the rest of a question can be looked at."""

M = TypeVar("M", bound=BaseModel)


def inherit(raw: Mapped, *levels: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a mapping says, filled up with what the levels above it say; the nearest level comes first."""
    found: dict[str, Any] = {}
    for level in reversed(levels):
        found |= {key: value for key, value in level.items() if key in INHERITED}
    return found | raw


def read_question(
    raw: object,
    source: Source,
    levels: Sequence[Mapping[str, Any]],
    lists: Mapping[str, Any],
    group: str | None = None,
    line: int = 0,
) -> Question | None:
    """Read one question (with the questions in it, when it is a group); `None` when no question can be made of it.

    Whatever is wrong with it is noted, also when one mistake is enough to give up. `line` is where it stands. `lists`
    holds the lists of options that more than one question uses; `None` for one that could not be read.
    """
    if not isinstance(raw, Mapped):
        source.problem(line, f"a question is a mapping, not {raw!r}", "write `- id: ...` with its parts below it")
        return None
    name = str(raw.get("id", "?"))
    model = KINDS.get(str(raw.get("kind")))
    if model is None:
        source.unknown(raw.lines.get("kind", raw.line), f"kind of {name!r}:", str(raw.get("kind")), KINDS)
        _read_as_meant(raw, source, levels, lists, group)
        return None
    if group is not None and model is Group:
        source.problem(raw.line, f"{name!r} is a group inside a group", "make it a group of its own")
        return None
    if name == ("context" if group is None else "id"):
        taken = "facts of the case" if group is None else "items"
        source.problem(
            raw.line, f"nothing can be called {name!r} here: that is how {taken} are named", "use another id"
        )
    content = inherit(raw, *levels)
    content["id"] = name if group is None else f"{group}.{name}"
    content.pop("relevant_when", None)
    if "relevant_when" in raw:
        # without a condition, when it could not be read: the rest of the question still has its say
        content["relevant_when"] = parse(raw["relevant_when"], source, raw.lines["relevant_when"])
    understood = _options(content, raw, source, lists)
    if model is Group:
        written = listed(raw, "questions", source)
        below = [raw, *levels]
        fields = [read_question(field, source, below, lists, name, at) for at, field in written]
        content["questions"] = tuple(field for field in fields if field is not None)
        _placeholders(raw, source, {str(field.get("id")) for _, field in written if isinstance(field, Mapped)})
        if "questions" not in raw:
            del content["questions"]
        elif not content["questions"] and raw["questions"] != []:
            return None  # whatever stands there had its say
    question = build(model, content, raw, source, content["id"], levels)
    return question if understood else None


def listed(raw: Mapped, key: str, source: Source) -> list[tuple[int, Any]]:
    """Give the elements of a list with their lines; nothing when there is none. Anything but a list is a problem."""
    below = raw.get(key)
    if isinstance(below, Listed):
        return list(zip(below.lines, below, strict=True))
    if key in raw:
        source.problem(raw.lines[key], f"{key!r} is a list, not {below!r}", f"write the {key} as `- …` lines below it")
    return []


def repeated_options(options: Iterable[object], name: str, source: Source, line: int) -> None:
    """Note the options that are in a list twice."""
    ids = [str(option.get("id")) for option in options if isinstance(option, Mapping)]
    for option_id in sorted({option_id for option_id in ids if ids.count(option_id) > 1}):
        source.problem(line, f"{name}: option {option_id!r} occurs twice", "rename")


def _read_as_meant(
    raw: Mapped, source: Source, levels: Sequence[Mapping[str, Any]], lists: Mapping[str, Any], group: str | None
) -> None:
    """Look for the other mistakes in a question of an unknown kind, when it is clear which kind was meant."""
    close = get_close_matches(str(raw.get("kind")), KINDS, n=1)
    if close:
        meant = Mapped({**raw, "kind": close[0]})
        meant.line, meant.lines = raw.line, raw.lines
        read_question(meant, source, levels, lists, group)


def _options(content: dict[str, Any], raw: Mapped, source: Source, lists: Mapping[str, Any]) -> bool:
    """Put the options of a list in place of its name. Tells whether they are known."""
    named = raw.get("options")
    if not isinstance(named, str):
        if isinstance(named, Listed):
            repeated_options(named, content["id"], source, raw.lines["options"])
        return True
    if named not in lists:
        source.unknown(raw.lines["options"], "list of options", named, lists)
    found = lists.get(named)
    # what the list itself does wrong is said there, once
    content["options"] = _SOME_OPTIONS if found is None else found
    return found is not None


def _placeholders(raw: Mapped, source: Source, fields: set[str]) -> None:
    title = raw.get("item_title")
    if not isinstance(title, str):
        return
    try:
        named = {name for _, name, _, _ in Formatter().parse(title) if name is not None}
    except ValueError:
        source.problem(raw.lines["item_title"], f"the braces in {title!r} do not match", "write {field}")
        return
    for name in sorted(named - fields):
        source.problem(raw.lines["item_title"], f"{title!r} names no field {name!r}", did_you_mean(name, fields))


def build(
    model: type[M],
    content: Mapping[str, Any],
    raw: object,
    source: Source,
    name: str,
    levels: Sequence[Mapping[str, Any]] = (),
) -> M | None:
    """Make a value of what was read; what does not fit is noted in `source` with its line, and gives `None`.

    What was inherited from one of the `levels` is noted there: one mistake, however many questions inherit it.
    """
    if not isinstance(raw, Mapped):
        source.problem(0, f"a part of {name} is a mapping, not {raw!r}", "write `- id: ...` with its parts below it")
        return None
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        within = {wrong["loc"][:1] for wrong in found if len(wrong["loc"]) > 1}
        for wrong in found:
            if wrong["type"] == "too_short" and wrong["loc"] in within:
                continue  # short because of what is wrong in it
            key = str(wrong["loc"][0]) if wrong["loc"] else ""
            origin = next((level for level in levels if key in INHERITED and key not in raw and key in level), raw)
            at, said = (raw, name) if origin is raw or not isinstance(origin, Mapped) else (origin, _called(origin))
            _note(wrong["type"], wrong["loc"], wrong["msg"], model, at, source, said)
        return None


def _called(level: Mapped) -> str:
    return str(level.get("id", "defaults"))


def _note(
    kind: str,
    where: tuple[int | str, ...],
    message: str,
    model: type[BaseModel],
    raw: Mapped,
    source: Source,
    name: str,
) -> None:
    line, last = _line(raw, where), str(where[-1]) if where else ""
    if kind == "missing":
        remedy = _REMEDIES.get(last, "write it here, or under `defaults` of the section or the questionnaire")
        source.problem(line, f"{name}: `{last}` is missing", remedy)
    elif kind == "extra_forbidden" and len(where) == 1:
        source.unknown(line, f"part of {name}:", last, [field for field in model.model_fields if field != "id"])
    else:
        path = ".".join(str(step) for step in where)
        said = message.removeprefix("Value error, ")
        source.problem(line, f"{name}: `{path}`: {said}", _REMEDIES.get(last, "") if kind == "too_short" else "")


def _line(raw: Mapped, where: tuple[int | str, ...]) -> int:
    """Follow a place into the mapping as far as it carries lines."""
    at: object = raw
    line = raw.line
    for step in where:
        if isinstance(at, Mapped) and str(step) in at:
            line, at = at.lines[str(step)], at[str(step)]
        elif isinstance(at, Listed) and isinstance(step, int) and step < len(at):
            line, at = at.lines[step], at[step]
        else:
            break
    return line

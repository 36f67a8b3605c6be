"""One question of a questionnaire file: what it inherits, what it says, and every way in which it is wrong."""

from collections.abc import Mapping, Sequence
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
) -> Question | None:
    """Read one question (with the questions in it, when it is a group); `None` when no question can be made of it."""
    if not isinstance(raw, Mapped):
        source.problem(0, f"a question is a mapping, not {raw!r}", "write `- id: ...` with its parts below it")
        return None
    name = str(raw.get("id", "?"))
    kind = raw.get("kind")
    model = KINDS.get(str(kind))
    if model is None:
        source.unknown(raw.lines.get("kind", raw.line), f"kind of {name!r}:", str(kind), KINDS)
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
    if "relevant_when" in raw:
        node = parse(raw["relevant_when"], source, raw.lines["relevant_when"])
        if node is None:
            return None
        content["relevant_when"] = node
    _options(content, raw, source, lists)
    if model is Group:
        below = [raw, *levels]
        fields = [read_question(field, source, below, lists, name) for field in raw.get("questions") or ()]
        if raw.get("questions") and None in fields:
            return None
        content["questions"] = tuple(fields)
        _placeholders(raw, source, {str(field.field) for field in fields if field is not None})
    return build(model, content, raw, source, content["id"])


def _options(content: dict[str, Any], raw: Mapped, source: Source, lists: Mapping[str, Any]) -> None:
    named = raw.get("options")
    if isinstance(named, str):
        if named in lists:
            content["options"] = lists[named]
        else:
            source.unknown(raw.lines["options"], "list of options", named, lists)
            del content["options"]
    options = content.get("options")
    ids = [str(option.get("id")) for option in options or () if isinstance(option, Mapping)]
    for option_id in sorted({option_id for option_id in ids if ids.count(option_id) > 1}):
        source.problem(
            raw.lines.get("options", raw.line), f"{content['id']}: option {option_id!r} occurs twice", "rename"
        )


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


def build(model: type[M], content: Mapping[str, Any], raw: Mapped, source: Source, name: str) -> M | None:
    """Make a value of what was read; what does not fit is noted in `source` with its line, and gives `None`."""
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            _note(wrong["type"], wrong["loc"], wrong["msg"], model, raw, source, name)
        return None


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

"""Settings, command line, journey and dates, from the code that reads, runs and counts them."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo
from typer.main import get_command

from app.cli import app as command_line
from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.reviews import deadlines
from app.reviews.lifecycle import ROLE_TITLES, STEP_TITLES, TRANSITIONS, Action, Role, Step
from app.risk_rules.loading import load_rulebook
from app.risk_rules.sources import citation
from app.settings import Settings
from docs.generators.markdown import cell, code, codes, table

_ROOT = Path(__file__).parents[2]
_SENTENCES = re.compile(r"(?<=\.) ")


def settings() -> str:
    """Every setting, with its default and its bounds."""
    rows = (
        (
            code(f"TOETSSTEEN_{name.upper()}"),
            code(_default(field)) or "empty",
            field.description,
            _bounds(field),
        )
        for name, field in Settings.model_fields.items()
    )
    return table(("variable", "default", "what it does", "allowed"), rows)


def _default(field: FieldInfo) -> str:
    default = field.default
    return str(default).lower() if isinstance(default, bool) else str(default)


def _bounds(field: FieldInfo) -> str:
    told = []
    for limit in field.metadata:
        match limit:
            case Ge(ge=least):
                told.append(f"at least {least}")
            case Gt(gt=least):
                told.append(f"more than {least}")
            case Le(le=most):
                told.append(f"at most {most}")
    return ", ".join(told)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command of the command line that does something: its words, and the command."""
    yield from _below("toetssteen", get_command(command_line))


def _below(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    for name, found in getattr(command, "commands", {}).items():
        yield from _below(f"{words} {name}", found) if hasattr(found, "commands") else [(f"{words} {name}", found)]


def command_reference() -> str:
    """Every command with its arguments and options."""
    parts = []
    for words, command in commands():
        usage = " ".join([words, *(_usage(parameter) for parameter in command.params)])
        parts.append(f"## `{words}`\n\n{_told(command.help)}\n\n```text\n{usage}\n```\n")
        rows = [(code(_name(one)), cell(one.help or ""), _given(one)) for one in command.params]
        if rows:
            parts.append(table(("argument or option", "what it is", "default"), rows))
    return "\n".join(parts)


def _told(text: str) -> str:
    """A docstring, with its paragraphs and without its line ends."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " / ".join([*parameter.opts, *parameter.secondary_opts])


def _usage(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        word = str(parameter.name).upper() + ("…" if parameter.nargs == -1 else "")
    else:
        word = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {str(parameter.name).upper()}"
    return word if parameter.required else f"[{word}]"


def _given(parameter: Any) -> str:
    if parameter.required:
        return "asked for" if getattr(parameter, "prompt", None) else "required"
    if parameter.is_flag if parameter.param_type_name == "option" else False:
        return "on" if parameter.default else "off"
    default = parameter.default
    if isinstance(default, Path) and default.is_relative_to(_ROOT):
        default = default.relative_to(_ROOT)
    return code(default) if default not in {None, ""} else ""


def diagram() -> str:
    """The journey as a Mermaid diagram: every act that moves a case from one step to another."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    drawn = [
        row for row in TRANSITIONS if row.frm is not row.to and row.action not in {Action.WITHDRAW, Action.DESTROY}
    ]
    lines += [f"    {row.frm} --> {row.to}: {row.action}" for row in drawn]
    lines += ["    withdrawn --> destroyed: destroy", "    destroyed --> [*]", "```"]
    return "\n".join(lines) + "\n"


def steps() -> str:
    """Every step and what a user calls it."""
    return table(("step", "a user reads"), ((code(step), STEP_TITLES[step]) for step in Step))


def roles() -> str:
    """Every role and what a user calls it in a municipality."""
    return table(("role", "in a gemeente"), ((code(role), ROLE_TITLES[role]) for role in Role))


def transitions() -> str:
    """The whole table of the journey."""
    rows = (
        (
            code(row.frm),
            code(row.action),
            code(row.to),
            codes(sorted(row.roles)),
            "yes" if row.needs_reason else "",
            row.audit,
        )
        for row in TRANSITIONS
    )
    return table(("in", "act", "leads to", "by", "reason needed", "in the log"), rows)


def dates() -> str:
    """What is counted from the appointment at each tier, shown for an appointment on 1 June 2027."""
    appointment = date(2027, 6, 1)
    found: dict[str, dict[Tier, deadlines.Deadline]] = {}
    for tier in Tier:
        for one in deadlines.count_back(appointment, deadlines.Offsets(), today=date(2027, 1, 1), tier=tier):
            found.setdefault(one.id, {})[tier] = one
    sources = load_rulebook(newest(), examples=False).sources
    rows = []
    for at in found.values():
        one = next(iter(at.values()))
        latest = "not before" if one.earliest else "at the latest" if one.on else ""
        rows.append(
            (
                one.title,
                code(one.owner),
                _days(one.on, appointment),
                ", ".join(part for part in (latest, one.moment) if part),
                " ".join(dict.fromkeys(part for row in at.values() for part in _SENTENCES.split(row.why))),
                "; ".join(dict.fromkeys(citation(row.basis, sources) for row in at.values() if row.basis)),
                "all" if len(at) == len(Tier) else codes(at),
            )
        )
    return table(("date", "owner", "when", "", "why", "article", "at"), rows)


def _days(on: date | None, appointment: date) -> str:
    if on is None:
        return "no day"
    days = (on - appointment).days
    return f"{abs(days)} days {'after' if days > 0 else 'before'}" if days else "the day itself"

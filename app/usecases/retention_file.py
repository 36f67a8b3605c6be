"""A policy on keeping as a small file, in YAML or JSON: read with every problem at once, and written so that it reads back.

    selection_list: Selectielijst gemeenten
    warn_days: 30
    choices: [destroy, receive]
    terms:
      appointed:
        case: {months: 12, start: end_of_office, category: "4.2"}
        council_version: {months: forever}
      not_appointed: …
      withdrawn: …

`docs/examples/keeping/bewaarbeleid.yaml` is a whole one.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.conditions.fields import Fields
from app.conditions.yaml_source import Mapped, Source, did_you_mean, load
from app.errors import Broken
from app.questionnaires.limits import clean
from app.reviews.retention import (
    CATEGORY_LENGTH,
    LIST_LENGTH,
    MONTHS_LIMIT,
    WARN_DAYS_LIMIT,
    Choice,
    End,
    Kept,
    Policy,
    Start,
    Term,
)

FOREVER = "forever"
"""What a file says in place of a number of months for what stays for good."""
LARGEST = 50_000
"""Bytes. A policy is less than one thousand."""


def read_policy(path: Path) -> Policy:
    """Read a file. Raises Broken with everything that is wrong in it at once."""
    source = Source(path.name)
    if path.stat().st_size > LARGEST:
        source.problem(0, "the file is too large for a policy", f"at most {LARGEST} bytes")
        raise Broken(source.problems)
    content, source = load(path)
    return policy_in(content, source)


def policy_in(content: Any, source: Source) -> Policy:
    """Read a policy from what a file holds. Raises Broken with everything that is wrong, also with the file itself."""
    if not isinstance(content, Mapped):
        if not source.problems:
            source.problem(0, "a policy is a mapping", "start with selection_list: …")
        raise Broken(source.problems)
    fields = Fields(content, source, "the policy")
    policy = Policy(
        selection_list=_line(fields, "selection_list", LIST_LENGTH, required=True),
        warn_days=_number(fields, "warn_days", WARN_DAYS_LIMIT),
        choices=_choices(fields),
        terms=tuple(_terms(fields)),
    )
    fields.finish()
    if source.problems:
        raise Broken(source.problems)
    return policy


def written(policy: Policy) -> dict[str, Any]:
    """Give a policy as `policy_in` reads it."""
    return {
        "selection_list": policy.selection_list,
        "warn_days": policy.warn_days,
        "choices": [one.value for one in Choice if one in policy.choices],
        "terms": {
            end.value: {one.kept.value: _written_term(one) for one in policy.terms if one.end is end} for end in End
        },
    }


def as_yaml(policy: Policy) -> str:
    """Write a policy as a file that `read_policy` reads."""
    told = written(policy)
    lines = [
        f"selection_list: {_quoted(told['selection_list'])}",
        f"warn_days: {told['warn_days']}",
        f"choices: [{', '.join(told['choices'])}]",
        "terms:",
    ]
    for end, terms in told["terms"].items():
        lines.append(f"  {end}:")
        for kept, term in terms.items():
            parts = [f"{name}: {_quoted(value) if name == 'category' else value}" for name, value in term.items()]
            lines.append(f"    {kept}: {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _written_term(term: Term) -> dict[str, Any]:
    told: dict[str, Any] = {"months": FOREVER if term.months is None else term.months}
    if term.start is not Start.OUTCOME:
        told["start"] = term.start.value
    return told | ({"category": term.category} if term.category else {})


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _choices(fields: Fields) -> frozenset[Choice]:
    if not fields.has("choices"):
        fields.absent("choices")
    return frozenset(Choice(one) for one in fields.some_of("choices", [one.value for one in Choice]))


def _terms(fields: Fields) -> list[Term]:
    """Read one term for every outcome and kind of record; each that is missing is a problem of its own."""
    if not fields.has("terms"):
        fields.raw("terms")
        fields.absent("terms")
        return []
    outcomes = Fields(fields.mapping_of("terms"), fields.source, "the terms")
    found = []
    for end in End:
        if not outcomes.has(end.value):
            outcomes.raw(end.value)
            outcomes.absent(end.value)
            continue
        kinds = Fields(outcomes.mapping_of(end.value), fields.source, f"the terms for {end.value!r}")
        found += [term for kept in Kept if (term := _term(kinds, end, kept)) is not None]
        kinds.finish()
    outcomes.finish()
    return found


def _term(kinds: Fields, end: End, kept: Kept) -> Term | None:
    if not kinds.has(kept.value):
        kinds.raw(kept.value)
        kinds.absent(kept.value)
        return None
    fields = Fields(kinds.mapping_of(kept.value), kinds.source, f"the term of {kept.value!r} for {end.value!r}")
    months = _months(fields)
    start = fields.one_of("start", Start, default=Start.OUTCOME)
    if start is Start.END_OF_OFFICE and end is not End.APPOINTED:
        fields.wrong("start", f"{Start.OUTCOME.value!r} here: only who is appointed has an office that ends")
    term = Term(end, kept, months, start, _line(fields, "category", CATEGORY_LENGTH, required=False))
    fields.finish()
    return term


def _months(fields: Fields) -> int | None:
    if fields.mapping.get("months") == FOREVER:
        fields.raw("months")
        return None
    wanted = f"a whole number of months from 0 to {MONTHS_LIMIT}, or {FOREVER!r}"
    value = fields.raw("months")
    if value is None:
        fields.absent("months")
    elif isinstance(value, bool) or not isinstance(value, int):
        fields.source.problem(
            fields.at("months"),
            f"'months' of {fields.what} is {wanted}, not {value!r}",
            did_you_mean(str(value), [FOREVER]),
        )
    elif not 0 <= value <= MONTHS_LIMIT:
        fields.wrong("months", wanted)
    else:
        return value
    return 0


def _number(fields: Fields, name: str, most: int) -> int:
    count = len(fields.source.problems)
    value = fields.whole(name)
    if len(fields.source.problems) == count and not 0 <= value <= most:
        fields.wrong(name, f"a whole number from 0 to {most}")
    return value


def _line(fields: Fields, name: str, most: int, *, required: bool) -> str:
    """Read one line of text. A number such as 4.2 counts as text: that is how a category is called."""
    value = fields.mapping.get(name)
    text = str(fields.raw(name)) if isinstance(value, Decimal) else fields.text(name, required=required)
    text = " ".join(clean(text).split())
    if len(text) > most:
        fields.source.problem(fields.at(name), f"{name!r} of {fields.what} is too long", f"at most {most} characters")
    return text

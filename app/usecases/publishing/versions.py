"""The register of published versions: what a rule or a question said in every release, so that old links keep working.

One line of JSON for each version, in a file of the library that only grows. A release writes one line at most for each
rule and question: what changes again before the release is out takes the place of its line.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Generic

from app import __version__
from app.errors import NotFound, Problem
from app.risk_rules.loading import LIBRARY
from app.usecases.publishing.questions import questions
from app.usecases.publishing.records import ChangeNoted, PublishedQuestion, PublishedRule, Record, changed_parts, named
from app.usecases.publishing.rules import rule_with_examples, rules

REGISTER: Final = LIBRARY / "published.jsonl"
"""Every version that was ever released, oldest first."""


@dataclass(frozen=True, slots=True)
class Released(Generic[Record]):
    """One version of one rule or question, with the release and the day that brought it."""

    record: Record
    release: str
    day: date


@dataclass(frozen=True, slots=True)
class Register:
    """Everything that was ever released, oldest first, by id."""

    rules: Mapping[str, tuple[Released[PublishedRule], ...]]
    questions: Mapping[str, tuple[Released[PublishedQuestion], ...]]

    @property
    def size(self) -> int:
        """How many versions it holds."""
        return sum(len(lines) for kind in (self.rules, self.questions) for lines in kind.values())


def read_register(path: Path = REGISTER) -> Register:
    """Read the register; without a file nothing was released yet. Raises ValueError for a line that is none of ours."""
    rules_found: dict[str, tuple[Released[PublishedRule], ...]] = {}
    questions_found: dict[str, tuple[Released[PublishedQuestion], ...]] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        plain = json.loads(line)
        release, day = plain["release"], date.fromisoformat(plain["day"])
        if plain["kind"] == "rule":
            rule = Released(PublishedRule.model_validate(plain["record"]), release, day)
            rules_found[rule.record.id] = (*rules_found.get(rule.record.id, ()), rule)
        else:
            question = Released(PublishedQuestion.model_validate(plain["record"]), release, day)
            questions_found[question.record.id] = (*questions_found.get(question.record.id, ()), question)
    return Register(rules_found, questions_found)


@cache
def register() -> Register:
    """Give the register of this release."""
    return read_register()


def publish(day: date, path: Path = REGISTER, release: str = __version__) -> tuple[str, ...]:
    """Write what the rules and questions say now in the register, and name what was new or changed in this release."""
    lines, new = _register_now(read_register(path), day, release)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return new


def unpublished(path: Path = REGISTER, release: str = __version__) -> tuple[str, ...]:
    """Name the rules and questions that say something else than the register; writes nothing."""
    return _register_now(read_register(path), date.min, release)[1]


def register_problems(path: Path = REGISTER) -> list[Problem]:
    """Give what is wrong with the register, as long as it holds anything: before the first release nothing can be.

    A rule or question that says something else than its last line would lose the words that people link to now; a line
    that does not say what its version stands for was changed by hand.
    """
    try:
        known = read_register(path)
    except (ValueError, KeyError, TypeError) as error:
        said = str(error).partition("\n")[0]
        return [Problem(REGISTER.name, 0, f"the register cannot be read: {said}", "take the file of the last release")]
    if not known.size:
        return []
    changed = (*_changed(known.rules), *_changed(known.questions))
    new = (
        Problem(REGISTER.name, 0, f"what {name} says now is not published", "run: toetssteen publish")
        for name in unpublished(path)
    )
    return [*changed, *new]


def _changed(found: Mapping[str, tuple[Released[Record], ...]]) -> Iterable[Problem]:
    for one in (one for lines in found.values() for one in lines):
        if named(one.record).version != one.record.version:
            yield Problem(
                REGISTER.name,
                0,
                f"version {one.record.version} of {one.record.id} does not say what was published",
                "put the line of the last release back: a published version never changes",
            )


def _register_now(before: Register, day: date, release: str) -> tuple[list[str], tuple[str, ...]]:
    lines: list[str] = []
    new: list[str] = []
    for name in dict.fromkeys((*before.rules, *rules())):
        kept, fresh = _following(before.rules.get(name, ()), rules().get(name), release, day)
        lines += [_line("rule", one) for one in kept]
        new += [name] if fresh else []
    for name in dict.fromkeys((*before.questions, *questions())):
        asked, fresh = _following(before.questions.get(name, ()), questions().get(name), release, day)
        lines += [_line("question", one) for one in asked]
        new += [name] if fresh else []
    return lines, tuple(new)


def _following(
    known: tuple[Released[Record], ...], now: Record | None, release: str, day: date
) -> tuple[tuple[Released[Record], ...], bool]:
    """Give the lines of one rule or question with what it says now as the last one, and whether that one is new."""
    lines = [one for one in known if one.release != release]
    if now is None or (lines and lines[-1].record.version == now.version):
        return tuple(lines), False
    same = [one for one in known if one.release == release and one.record.version == now.version]
    lines += same or [Released(now, release, day)]
    return tuple(lines), not same


def rule_at(rule_id: str, version: str) -> tuple[PublishedRule, bool]:
    """Give one version of a rule, and whether it is the one that counts now. Raises NotFound."""
    now = rules().get(rule_id)
    if now is not None and now.version == version:
        return rule_with_examples(rule_id), True
    return _older(register().rules.get(rule_id, ()), version), False


def question_at(question_id: str, version: str) -> tuple[PublishedQuestion, bool]:
    """Give one version of a question, and whether it is the one that counts now. Raises NotFound."""
    now = questions().get(question_id)
    if now is not None and now.version == version:
        return now, True
    return _older(register().questions.get(question_id, ()), version), False


def history_of_rule(rule_id: str) -> tuple[ChangeNoted, ...]:
    """Tell what happened to a rule in every release, newest first."""
    return told(register().rules.get(rule_id, ()))


def history_of_question(question_id: str) -> tuple[ChangeNoted, ...]:
    """Tell what happened to a question in every release, newest first."""
    return told(register().questions.get(question_id, ()))


def _older(known: tuple[Released[Record], ...], version: str) -> Record:
    for one in known:
        if one.record.version == version:
            return one.record
    raise NotFound(f"no version {version!r}")


def told(known: tuple[Released[Record], ...]) -> tuple[ChangeNoted, ...]:
    """Tell what changed from version to version, newest first."""
    noted: list[ChangeNoted] = []
    before: Record | None = None
    for one in known:
        changed = () if before is None else changed_parts(before, one.record)
        noted.append(ChangeNoted(version=one.record.version, release=one.release, day=one.day, changed=changed))
        before = one.record
    return tuple(reversed(noted))


def _line(kind: str, released: Released[PublishedRule] | Released[PublishedQuestion]) -> str:
    plain = {
        "kind": kind,
        "release": released.release,
        "day": released.day.isoformat(),
        "record": released.record.model_dump(mode="json", exclude={"examples", "read_by"}, exclude_defaults=True),
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

"""A case as somebody wrote it down: the context, the answers, and what reviewers judged. `assess` and the rehearsal read it.

YAML or JSON (JSON is YAML). `docs/reference/assess-input.schema.json` describes it, `docs/examples/` shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.conditions.fields import Fields
from app.conditions.yaml_source import Listed, Mapped, Source, did_you_mean
from app.errors import Broken
from app.questionnaires import limits
from app.questionnaires.answers import Answers
from app.questionnaires.answers_file import read_answers, write_answers
from app.questionnaires.context import OFFICE_OF_TIER, AskedScope, CaseContext, LegalFrame, Office, Tier, YesOrNo
from app.questionnaires.loading import library, newest
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.offered import not_offered
from app.risk_rules.rulebook import Judgement

_KEYS = ("title", "questionnaire", "context", "answers", "judgements", "expect")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case as somebody wrote it down, checked against its questionnaire."""

    title: str
    questionnaire: Questionnaire
    context: CaseContext
    answers: Answers
    judgements: tuple[Judgement, ...]


def case_in(content: Any, source: Source, title: str, today: date) -> CaseFile:
    """Read a case from what a file holds. `today` is the day it is looked at when the file names none.

    Raises Broken with everything that is wrong at once, what was wrong with the file itself included.
    """
    if not isinstance(content, Mapped):
        if not source.problems:
            source.problem(0, "a case is a mapping", "write `context:` and `answers:` with their parts below")
        raise Broken(source.problems)
    for key in content:
        if key not in _KEYS:
            source.unknown(content.lines[key], "part of a case:", key, _KEYS)
    questionnaire = _questionnaire(content, source)
    context = _context(content, source, questionnaire, today)
    judgements = tuple(_judgements(content, source))
    answers = Answers()
    try:
        answers = read_answers(questionnaire, content.get("answers") or {}, file=source.name)
    except Broken as broken:
        source.problems += broken.problems
    if context is not None:
        check_offered(questionnaire, answers, context.tier, source)
    if source.problems or context is None:
        raise Broken(source.problems)
    return CaseFile(limits.clean(str(content.get("title") or title)), questionnaire, context, answers, judgements)


def case_written(case: CaseFile) -> dict[str, Any]:
    """Write a case as `case_in` reads it. What is not known yet is left out."""
    context = {name: value for name, value in case.context.to_jsonable().items() if value is not None}
    return {
        "title": case.title,
        "questionnaire": f"{case.questionnaire.id}.v{case.questionnaire.version}",
        "context": context,
        "answers": write_answers(case.questionnaire, case.answers),
        "judgements": [
            {"rule": one.rule}
            | ({"item": one.item} if one.item else {})
            | {"outcome": "applies" if one.applies else "does_not_apply"}
            for one in case.judgements
        ],
    }


def check_offered(questionnaire: Questionnaire, answers: Answers, tier: Tier, source: Source) -> None:
    """Refuse what an authority of this tier does not ask or offer: nobody could have answered it there."""
    for one in not_offered(questionnaire, answers, tier):
        if one.option:
            message = f"{one.path}: {one.option!r} is no option for a {tier}"
            source.problem(0, message, f"choose from: {', '.join(one.offered)}")
        else:
            message = f"{one.path} is no question for a {tier}"
            source.problem(0, message, f"leave it out; it is asked at a {' or a '.join(one.offered)}")


def _questionnaire(content: Mapped, source: Source) -> Questionnaire:
    """Find the questionnaire the answers belong to: `id` or `id.v1`; the newest when the file does not say."""
    named = content.get("questionnaire")
    if named is None:
        return newest()
    for (name, version), questionnaire in library().items():
        if named == f"{name}.v{version}":
            return questionnaire
    known = [f"{name}.v{version}" for name, version in library()]
    source.problem(content.lines["questionnaire"], f"unknown questionnaire {named!r}", did_you_mean(str(named), known))
    return newest()


def _context(content: Mapped, source: Source, questionnaire: Questionnaire, today: date) -> CaseContext | None:
    raw = content.get("context")
    if not isinstance(raw, Mapped):
        at = content.lines.get("context", content.line)
        source.problem(at, "a case has a `context`", "write at least `context: {tier: municipality}`")
        return None
    fields = Fields(raw, source, "the context")
    tier = fields.one_of("tier", Tier)
    office = fields.one_of("office", Office) if fields.has("office") else OFFICE_OF_TIER[tier]
    if office is not OFFICE_OF_TIER[tier]:
        source.problem(fields.at("office"), f"{office} is no office of a {tier}", f"write {OFFICE_OF_TIER[tier]}")
    offered = [option.id for option in questionnaire.policy_fields if option.offered_at(tier)]
    context = CaseContext(
        tier=tier,
        office=office,
        as_of=_day(fields, "as_of") or today,
        full_time=_yes_no(fields, "full_time"),
        portfolio=_policy_fields(fields, "portfolio", offered),
        replacement_portfolio=_policy_fields(fields, "replacement_portfolio", offered),
        appointment_date=_day(fields, "appointment_date"),
        legal_frame=fields.one_of("legal_frame", LegalFrame) if fields.has("legal_frame") else LegalFrame.IN_FORCE,
        reappointment=_yes_no(fields, "reappointment"),
        scope=fields.one_of("scope", AskedScope) if fields.has("scope") else AskedScope.PRACTICE,
        verification=_yes_no(fields, "verification") or ("yes" if _checked(content, questionnaire) else "no"),
        volunteered=_sections(fields, "volunteered", list(questionnaire.beyond_the_law)),
    )
    fields.finish()
    return context


def _checked(content: Mapped, questionnaire: Questionnaire) -> bool:
    """Tell whether the file holds anything that reviewers record; a candidate's answers alone were not checked yet."""
    answers = content.get("answers")
    theirs = {
        question.id
        for section in questionnaire.sections
        if section.respondent is Respondent.REVIEWER
        for question in section.questions
    }
    return isinstance(answers, Mapped) and not theirs.isdisjoint(answers)


def _day(fields: Fields, name: str) -> date | None:
    """Read a whole day; in JSON it can only be written as text."""
    value = fields.raw(name)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        fields.wrong(name, "a day such as 2026-12-15")
        return None


def _yes_no(fields: Fields, name: str) -> YesOrNo | None:
    value = fields.raw(name)
    match value:
        case None | "yes" | "no":
            return value
        case bool():
            return "yes" if value else "no"
        case _:
            fields.wrong(name, "yes or no")
            return None


def _policy_fields(fields: Fields, name: str, offered: list[str]) -> tuple[str, ...] | None:
    value = fields.raw(name)
    if value is None:
        return None
    return _listed(fields, name, value, offered, "policy field")


def _sections(fields: Fields, name: str, offered: list[str]) -> tuple[str, ...]:
    """Read the sections about which the candidate chose to tell more; others hold nothing to volunteer."""
    value = fields.raw(name)
    return () if value is None else _listed(fields, name, value, offered, "section") or ()


def _listed(fields: Fields, name: str, value: Any, offered: list[str], noun: str) -> tuple[str, ...] | None:
    if not isinstance(value, Listed):
        fields.wrong(name, f"a list of {noun}s")
        return None
    for line, one in zip(value.lines, value, strict=True):
        if one not in offered:
            fields.source.unknown(line, f"{noun} in {name!r}:", str(one), offered)
    return tuple(one for one in offered if one in value)


def _judgements(content: Mapped, source: Source) -> Iterable[Judgement]:
    for fields in Fields(content, source, "the case").entries("judgements", "a judgement"):
        rule, item = fields.text("rule"), fields.text("item", required=False)
        outcome = fields.text("outcome")
        if outcome not in {"applies", "does_not_apply"}:
            fields.wrong("outcome", "applies or does_not_apply")
        motivation = limits.clean(fields.text("motivation", required=False))
        fields.finish()
        yield Judgement(rule, item or None, outcome == "applies", motivation)

"""`toetssteen schema`: JSON Schemas of what the product reads and gives, made from the questionnaire and the code."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from app.cli.assess_report import AssessReport
from app.cli.output import problems_told
from app.dossiers.copy_record import CandidateCopy
from app.questionnaires import limits
from app.questionnaires.context import AskedScope, LegalFrame, Office, Tier
from app.questionnaires.kinds import Choice, Choices, Group, MoneyBand, Number, Party, Single, Text
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.usecases.publishing.records import (
    PublishedQuestionFile,
    PublishedQuestions,
    PublishedRuleFile,
    PublishedRules,
)

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_PARTIAL_DATE = {
    "oneOf": [
        {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        {"type": "integer", "minimum": 1000, "maximum": 9999},
    ]
}
_YES_NO = {"enum": ["yes", "no", True, False]}
_STATE = {
    "description": "No value: the person does not know, or would rather talk about it.",
    "type": "object",
    "properties": {"state": {"enum": ["does_not_know", "oral"]}, "note": {"type": "string"}},
    "required": ["state"],
    "additionalProperties": False,
}


class Which(StrEnum):
    """The schemas there are."""

    INPUT = "assess-input"
    OUTPUT = "assess"
    RULES = "published-rules"
    RULE = "published-rule"
    QUESTIONS = "published-questions"
    QUESTION = "published-question"
    COPY = "candidate-copy"


_PUBLISHED: Mapping[Which, type[BaseModel]] = {
    Which.RULES: PublishedRules,
    Which.RULE: PublishedRuleFile,
    Which.QUESTIONS: PublishedQuestions,
    Which.QUESTION: PublishedQuestionFile,
    Which.COPY: CandidateCopy,
}


def schema(
    which: Annotated[
        Which,
        typer.Argument(
            help="What `assess` reads, what `assess --json` prints, what /regels and /vragen give, or the copy of `inzage`."
        ),
    ],
) -> None:
    """Print the JSON Schema of the input or the output of `assess`, of published rules and questions, or of the copy for a candidate."""
    with problems_told():
        found = _schema(which)
    typer.echo(written(found), nl=False)


def _schema(which: Which) -> dict[str, Any]:
    if which in _PUBLISHED:
        return {"$schema": _DRAFT} | _PUBLISHED[which].model_json_schema(mode="serialization")
    return input_schema(newest()) if which is Which.INPUT else output_schema()


def written(content: dict[str, Any]) -> str:
    """Write a schema the way it stands in docs/reference."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def output_schema() -> dict[str, Any]:
    """Describe what `assess --json` prints."""
    return {"$schema": _DRAFT} | AssessReport.model_json_schema(mode="serialization")


def input_schema(questionnaire: Questionnaire) -> dict[str, Any]:
    """Describe what `assess` reads, with every question of a questionnaire by id.

    What questions have in common stands once, under `$defs`.
    """
    shared: dict[str, Any] = {"state": _STATE}
    answers = {
        question.id: _group(question, shared) if isinstance(question, Group) else _single(question, shared)
        for section in questionnaire.sections
        for question in section.questions
    }
    judgement = {
        "type": "object",
        "properties": {
            "rule": {"type": "string"},
            "item": {"type": "string"},
            "outcome": {"enum": ["applies", "does_not_apply"]},
            "motivation": {"type": "string"},
        },
        "required": ["rule", "outcome"],
        "additionalProperties": False,
    }
    return {
        "$schema": _DRAFT,
        "title": "A case for `toetssteen assess`",
        "description": "YAML or JSON. What is left out of `answers` is unanswered: it can never count as no.",
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "questionnaire": {"const": f"{questionnaire.id}.v{questionnaire.version}"},
            "context": _context(questionnaire),
            "answers": {"type": "object", "properties": answers, "additionalProperties": False},
            "judgements": {
                "description": "What reviewers decided about open norms, per rule and item.",
                "type": "array",
                "items": judgement,
            },
            "expect": {"description": "What the author expects; `assess` does not read it."},
        },
        "required": ["context"],
        "additionalProperties": False,
        "$defs": shared,
    }


def _context(questionnaire: Questionnaire) -> dict[str, Any]:
    fields = {"type": "array", "items": {"enum": [option.id for option in questionnaire.policy_fields]}}
    properties = {
        "tier": {"enum": list(Tier)},
        "office": {"enum": list(Office), "description": "May be left out: every tier has one."},
        "full_time": _YES_NO,
        "portfolio": fields,
        "replacement_portfolio": fields,
        "appointment_date": _DAY,
        "legal_frame": {"enum": list(LegalFrame), "default": LegalFrame.IN_FORCE},
        "as_of": _DAY | {"description": "The day the case is looked at; today when left out."},
        "reappointment": _YES_NO,
        "scope": {"enum": list(AskedScope), "default": AskedScope.PRACTICE},
        "volunteered": {
            "description": "Sections about which the candidate chose to tell more than the narrow scope or the bill asks.",
            "type": "array",
            "items": {"enum": list(questionnaire.beyond_the_law)},
        },
        "verification": _YES_NO
        | {"description": "Whether reviewers checked; when left out: yes as soon as the answers hold facts of theirs."},
    }
    return {"type": "object", "properties": properties, "required": ["tier"], "additionalProperties": False}


def _single(question: Single, shared: dict[str, Any]) -> dict[str, Any]:
    value = _value(question)
    name = next((name for name, known in shared.items() if known.get("anyOf", [None])[0] == value), "")
    if not name:
        name = f"{question.kind}_{sum(known.startswith(question.kind) for known in shared) + 1}"
        noted = {
            "type": "object",
            "properties": {"state": {"const": "answered"}, "value": value, "note": {"type": "string"}},
            "required": ["state", "value"],
            "additionalProperties": False,
        }
        shared[name] = {"anyOf": [value, noted, {"$ref": "#/$defs/state"}]}
    return {"title": question.label, "description": question.why, "$ref": f"#/$defs/{name}"}


def _value(question: Single) -> dict[str, Any]:
    match question:
        case Choice() | MoneyBand():
            return {"enum": _ids(question)}
        case Choices():
            options = {"enum": _ids(question)}
            return {"anyOf": [options, {"type": "array", "items": options, "minItems": 1, "uniqueItems": True}]}
        case Text():
            return {"type": "string", "minLength": 1, "maxLength": limits.LENGTH[question.kind]}
        case Number():
            return {"type": "integer", "minimum": question.minimum, "maximum": question.maximum}
        case Party():
            return {
                "type": "object",
                "properties": {"relation": {"enum": _ids(question)}, "interest": {"type": "string"}},
                "required": ["relation"],
                "additionalProperties": False,
            }
        case _ if question.kind == "percentage":
            return {"type": "number", "minimum": 0, "maximum": 100}
        case _ if question.kind == "date":
            return _PARTIAL_DATE
        case _:
            return _YES_NO


def _ids(question: Choice | Choices | MoneyBand | Party) -> list[str]:
    return [option.id for option in question.options]


def _group(group: Group, shared: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {field.field: _single(field, shared) for field in group.questions}
    item_id = {"type": "string", "pattern": "^[a-z0-9]{1,12}$"}
    item = {"type": "object", "properties": {"id": item_id} | fields, "additionalProperties": False}
    items = {"type": "array", "items": item, "maxItems": group.max_items}
    unfinished = {
        "type": "object",
        "properties": {"items": items, "complete": {"type": "boolean"}},
        "required": ["items"],
        "additionalProperties": False,
    }
    described = "A complete list; an empty list or `no` for none; `complete: false` when it is not finished."
    return {
        "title": group.label,
        "description": f"{group.why} ({described})",
        "anyOf": [items, unfinished, _YES_NO, {"$ref": "#/$defs/state"}],
    }

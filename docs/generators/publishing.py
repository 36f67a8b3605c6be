"""The fields of a published rule and question, from the code that writes them."""

from pydantic import BaseModel

from app.usecases.publishing import records
from docs.generators.markdown import chapter, code, table

_FILES = (
    (records.PublishedRules, "/regels.json"),
    (records.PublishedRuleFile, "/regels/ID.json"),
    (records.PublishedCodes, "/regels/eigen.json"),
    (records.PublishedQuestions, "/vragen.json"),
    (records.PublishedQuestionFile, "/vragen/ID.json"),
)
_PARTS = (
    records.PublishedRule,
    records.PublishedCode,
    records.PublishedQuestion,
    records.PublishedNorm,
    records.PublishedOption,
    records.Line,
    records.Proposal,
    records.PublishedMeasure,
    records.Weight,
    records.PublishedExample,
    records.Told,
    records.ChangeNoted,
    records.PublishedSource,
)


def files() -> str:
    """What every address gives."""
    return "\n".join(chapter(f"`{address}`", f"{model.__doc__}\n", _fields(model)) for model, address in _FILES)


def parts() -> str:
    """What the parts of those files hold."""
    return "\n".join(chapter(f"`{model.__name__}`", f"{model.__doc__}\n", _fields(model)) for model in _PARTS)


def _fields(model: type[BaseModel]) -> str:
    rows = ((code(name), field.description or "") for name, field in model.model_fields.items())
    return table(("field", "what it says"), rows)

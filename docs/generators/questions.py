"""The kinds of question and the questions themselves, from the models and the library."""

from app.conditions.operators import OPERATORS, Kind
from app.questionnaires import limits
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, Tier
from app.questionnaires.kinds import RELATIONS, Asked, Basis, Group
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire, Respondent, Section
from app.questionnaires.reading import KINDS
from app.questionnaires.vocabulary import OFFICE_LABELS, TIER_LABELS
from app.questionnaires.wording import WORDS, fill
from docs.generators.markdown import chapter, code, codes, table, unfolded

EXAMPLES = {
    Kind.YES_NO: ("is_resident", "yes"),
    Kind.CHOICE: ("vog_status", "received"),
    Kind.CHOICES: ("court_exclusions", "[none]"),
    Kind.TEXT: ("companies.name", "Bureau Hoge Brug"),
    Kind.LONG_TEXT: ("own_points", "Geen."),
    Kind.NUMBER: ("side_positions.hours", "12"),
    Kind.PERCENTAGE: ("companies.share_pct", "62.5"),
    Kind.MONEY_BAND: ("gifts.value", "lt_1000"),
    Kind.DATE: ("vog_issued_on", "2026-11-02"),
    Kind.PARTY: ("relatives.party", "{relation: sibling, interest: Werkt bij een wegenbouwer}"),
    Kind.GROUP: ("companies", "[{name: Bureau Hoge Brug, share_pct: 62.5}]"),
}
"""A question of every kind, and an answer to it as it is written in a file. A test reads them all."""


def kinds() -> str:
    """Every kind: what it holds, how an answer is written in a file, and the operators that fit."""
    rows = (
        (
            code(kind),
            unfolded(model.__doc__),
            code(f"{EXAMPLES[Kind(kind)][0].rpartition('.')[2]}: {EXAMPLES[Kind(kind)][1]}"),
            codes(operator.name for operator in OPERATORS.values() if Kind(kind) in operator.kinds),
        )
        for kind, model in KINDS.items()
    )
    longest = f"At most {limits.NOTE_LENGTH} characters fit in a remark beside an answer.\n"
    return table(("kind", "holds", "in a file", "operators"), rows) + "\n" + longest


def fields() -> str:
    """What every question carries, with the explanation of the model."""
    rows = (
        (code(name), "" if field.is_required() else "yes", _FIELDS[name]) for name, field in Asked.model_fields.items()
    )
    return table(("field", "may be left out", "holds"), rows)


_FIELDS = {
    "id": "the full id, `companies.share_pct` inside a group; it stands in stored answers for ever",
    "label": "the question, as the candidate reads it",
    "help": "what counts and what does not",
    "why": "what the answer is for, as the candidate reads it",
    "basis": "on what it rests: an article of law, or a row of the catalogue of practice",
    "scope": "`W` the law or the bill asks it, `P` practice does: left out of a narrow case until the candidate tells more",
    "source": "where the answer may come from or be checked; a closed list",
    "readers": "who may read the answer besides the candidate",
    "retention": "which period decides how long it is kept",
    "openness": "`confidential`, `council` or `public`: which documents may show it",
    "openness_ground": "why it is as open as that",
    "relevant_when": "a condition; asked only when it holds",
    "tiers": "asked only at these tiers; left out: at all",
    "used_by": "what a reviewer does with it when no rule reads it",
    "oral": "whether it may be discussed instead of written down; yes when left out",
    "terms": "words of the glossary that are explained beside it",
}


def relations() -> str:
    """How somebody else may stand to the candidate."""
    return table(("relation", "in Dutch"), ((code(one.id), one.label) for one in RELATIONS))


def words() -> str:
    """The placeholders, and what each says at each tier."""
    rows = ((code(f"{{{name}}}"), *(WORDS[tier][name] for tier in Tier)) for name in WORDS[Tier.MUNICIPALITY])
    return table(("placeholder", *(TIER_LABELS[tier] for tier in Tier)), rows)


def offices() -> str:
    """The tiers and the office of each."""
    rows = ((code(tier), TIER_LABELS[tier], code(office), OFFICE_LABELS[office]) for tier, office in _OFFICES)
    return table(("tier", "in Dutch", "office", "in Dutch"), rows)


_OFFICES = tuple(OFFICE_OF_TIER.items())


def context_fields() -> frozenset[str]:
    """The names a case file may use under `context`."""
    return frozenset(CaseContext.__dataclass_fields__)


def questionnaire() -> str:
    """Every question of the newest questionnaire, section by section, in the words of a municipality."""
    asked = newest()
    told = f"`{asked.id}` version {asked.version} has {len(asked.questions)} questions in {len(asked.sections)} sections.\n"
    return "\n".join([told, _counted(asked), *(_section(section) for section in asked.sections)])


def _counted(asked: Questionnaire) -> str:
    """Count what somebody meets: on the pages, and about each thing that is listed."""
    mine = [section for section in asked.sections if section.respondent is Respondent.CANDIDATE]
    top = [question for section in mine for question in section.questions]
    lists = [question for question in top if isinstance(question, Group)]
    follow_ups = sum(question.relevant_when is not None for question in top)
    fields = sum(len(group.questions) for group in lists)
    rest = len(asked.questions) - len(top) - fields
    return (
        f"{len(top)} stand on the pages of the candidate: {len(top) - follow_ups} come by themselves and {follow_ups} only"
        f" after another answer. {len(lists)} of them ask for a list, and {fields} more ask about each thing in such a list"
        f" (at most {max(len(group.questions) for group in lists)} about one thing). {rest} are for reviewers.\n"
    )


def _section(section: Section) -> str:
    by_whom = "" if section.respondent is Respondent.CANDIDATE else f" (answered by the {section.respondent})"
    rows = []
    for top in section.questions:
        for question in (top, *(top.questions if isinstance(top, Group) else ())):
            only = f"only {', '.join(TIER_LABELS[tier] for tier in question.tiers)}" if question.tiers else ""
            depends = "depends" if question.relevant_when is not None else ""
            rows.append(
                (
                    code(question.id),
                    code(question.kind),
                    fill(question.label, Tier.MUNICIPALITY),
                    question.scope,
                    "; ".join(_basis(basis) for basis in question.basis),
                    question.openness,
                    ", ".join(part for part in (only, depends) if part),
                )
            )
    parts = [table(("id", "kind", "question", "scope", "basis", "openness", "asked"), rows)] if rows else []
    if section.talking_points:
        points = ", ".join(fill(point.title, Tier.MUNICIPALITY) for point in section.talking_points)
        parts.append(f"Only talked about, and recorded as discussed: {points}.\n")
    return chapter(f"{fill(section.title, Tier.MUNICIPALITY)}{by_whom}", *parts)


def _basis(basis: Basis) -> str:
    if basis.source is None:
        return f"practice {basis.practice}"
    parts = [basis.source, basis.article, f"lid {basis.lid}" if basis.lid else "", basis.onderdeel]
    return " ".join(str(part) for part in parts if part)

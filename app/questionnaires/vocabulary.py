"""What conditions may name: the questions of one questionnaire, and the facts of a case."""

from dataclasses import replace

from app.conditions.checking import FieldType, Vocabulary
from app.conditions.operators import Kind
from app.conditions.tree import reads
from app.questionnaires.context import AskedScope, LegalFrame, Office, Tier
from app.questionnaires.kinds import Choice, Choices, Group, MoneyBand, Option, Party, Question, Scope
from app.questionnaires.model import Questionnaire

TIER_LABELS = {
    Tier.MUNICIPALITY: "gemeente",
    Tier.PROVINCE: "provincie",
    Tier.WATER_BOARD: "waterschap",
    Tier.PUBLIC_BODY: "openbaar lichaam",
}
"""What an authority of each tier is called."""

OFFICE_LABELS = {
    Office.WETHOUDER: "wethouder",
    Office.GEDEPUTEERDE: "gedeputeerde",
    Office.DB_LID: "lid van het dagelijks bestuur",
    Office.EILANDGEDEPUTEERDE: "eilandgedeputeerde",
}
"""What each office is called."""

FRAME_LABELS = {LegalFrame.IN_FORCE: "het geldende recht", LegalFrame.BILL_36892: "het wetsvoorstel 36 892"}
"""What each legal frame is called."""

SCOPE_LABELS = {AskedScope.STATUTORY: "alleen wat de wet vraagt", AskedScope.PRACTICE: "ook de goede praktijk"}
"""What each scope of the questionnaire is called."""


def vocabulary_of(questionnaire: Questionnaire) -> Vocabulary:
    """Give everything a condition may name when it is about this questionnaire."""
    return Vocabulary(
        questions={question.id: _type_of(questionnaire, question) for question in questionnaire.questions.values()},
        context=_context_types(questionnaire.policy_fields),
        depends_on={question.id: _needs(questionnaire, question) for question in questionnaire.questions.values()},
    )


def vocabulary_with_holes(
    questionnaire: Questionnaire | None, unread: frozenset[str], *, whole: bool, policy_fields_read: bool
) -> Vocabulary:
    """Give what a condition may name while part of the questionnaire, or all of it, could not be read.

    `unread` holds the ids of questions that were written and not understood; with `whole` False there may be more.
    """
    known = Vocabulary({}, _context_types(())) if questionnaire is None else vocabulary_of(questionnaire)
    hidden = frozenset() if policy_fields_read else _OF_POLICY_FIELDS
    return replace(
        known,
        context={name: kind for name, kind in known.context.items() if f"context.{name}" not in hidden},
        unread=unread | hidden,
        whole=whole,
    )


_OF_POLICY_FIELDS = frozenset({"context.portfolio", "context.replacement_portfolio"})
"""The facts of a case that are chosen from the policy fields."""


def _type_of(questionnaire: Questionnaire, question: Question) -> FieldType:
    options = question.options if isinstance(question, Choice | Choices | MoneyBand | Party) else ()
    labels = {option.id: option.label for option in options}
    noun = question.item_noun if isinstance(question, Group) else ""
    tiers = question.tiers or (questionnaire.groups[question.group].tiers if question.group else ())
    return FieldType(
        Kind(question.kind), tuple(labels), question.group, question.label, labels, noun, tuple(map(str, tiers))
    )


def _needs(questionnaire: Questionnaire, question: Question) -> frozenset[str]:
    found = frozenset[str]() if question.relevant_when is None else reads(question.relevant_when)
    if question.tiers:
        found |= {"context.tier"}
    if question.scope is Scope.PRACTICE:
        found |= {"context.scope", "context.legal_frame"}
    if question.group is not None:
        found |= {question.group} | _needs(questionnaire, questionnaire.groups[question.group])
    return found


def _field(kind: Kind, label: str, labels: dict[str, str]) -> FieldType:
    return FieldType(kind, tuple(labels), None, label, labels)


def _context_types(policy_fields: tuple[Option, ...]) -> dict[str, FieldType]:
    fields = {option.id: option.label for option in policy_fields}
    return {
        "tier": _field(Kind.CHOICE, "soort organisatie", {str(key): label for key, label in TIER_LABELS.items()}),
        "office": _field(Kind.CHOICE, "ambt", {str(key): label for key, label in OFFICE_LABELS.items()}),
        "full_time": _field(Kind.YES_NO, "voltijd", {}),
        "portfolio": _field(Kind.CHOICES, "portefeuille", fields),
        "replacement_portfolio": _field(Kind.CHOICES, "portefeuille bij vervanging", fields),
        "appointment_date": _field(Kind.DATE, "datum van benoeming", {}),
        "legal_frame": _field(Kind.CHOICE, "wettelijk kader", {str(key): text for key, text in FRAME_LABELS.items()}),
        "as_of": _field(Kind.DATE, "peildatum", {}),
        "reappointment": _field(Kind.YES_NO, "herbenoeming", {}),
        "scope": _field(Kind.CHOICE, "reikwijdte", {str(key): label for key, label in SCOPE_LABELS.items()}),
        "verification": _field(Kind.YES_NO, "controle door de onderzoeker begonnen", {}),
    }

"""Words that need explaining, beside the questions that use them."""

from app.questionnaires.kinds import Question
from app.questionnaires.model import Questionnaire, Term


def terms_of(questionnaire: Questionnaire, question: Question) -> tuple[Term, ...]:
    """Give the explanations that belong to a question, in the order its author gave them."""
    return tuple(questionnaire.terms[term] for term in question.terms)


def in_alphabet(questionnaire: Questionnaire) -> tuple[Term, ...]:
    """Give the whole glossary in alphabetical order of the words themselves."""
    return tuple(sorted(questionnaire.glossary, key=lambda term: term.term.casefold()))

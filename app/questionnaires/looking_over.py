"""The whole of a questionnaire: conditions that fit, an order that exists, words that are explained.

Also of a questionnaire with mistakes, so that one run tells all. What follows from another mistake is not told: a
condition about a question that could not be read waits until it can be.
"""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from app.conditions.checking import Vocabulary, check
from app.conditions.parsing import parse
from app.conditions.tree import Position, reads
from app.conditions.yaml_source import Source, did_you_mean
from app.questionnaires.authoring import Author
from app.questionnaires.kinds import Group, Question
from app.questionnaires.model import Questionnaire
from app.questionnaires.order import CircularError
from app.questionnaires.placeholders import strange_words
from app.questionnaires.reachability import unreachable
from app.questionnaires.wording import PLACEHOLDERS


def look_over(questionnaire: Questionnaire, author: Author) -> frozenset[str]:
    """Note what is wrong with the whole, each at its place in the files.

    Gives the questions that others seem to wait for, where their conditions hold a mistake or could not be read.
    """
    vocabulary = author.vocabulary(questionnaire)
    for question in questionnaire.questions.values():
        source = author.source_of(question.id)
        if question.relevant_when is not None:
            check(question.relevant_when, vocabulary, source, question.group)
        if author.terms is not None:
            for term in question.terms:
                if term not in author.terms:
                    line = author.positions[question.id].line
                    source.unknown(line, f"term of {question.id}:", term, author.terms)
    _placeholders(questionnaire, author)
    _once((section.id for section in questionnaire.sections), author.sources[0])
    unread = author.positions.keys() - questionnaire.questions.keys()
    doubted = set()
    if author.problems:
        every = questionnaire.questions.values()
        doubted = {one.id for one in every if one.id in author.twice or _in_doubt(one, author, vocabulary)}
    _can_be_asked(questionnaire, author, doubted)
    return frozenset(_waited_for([*doubted, *unread], author))


def _in_doubt(question: Question, author: Author, vocabulary: Vocabulary) -> bool:
    """Tell whether nobody can say when a question is asked: its condition is wrong, or about what could not be read."""
    raw = author.written[question.id]
    if "relevant_when" not in raw:
        return False
    scratch = Source("")
    node = parse(raw["relevant_when"], scratch)
    if node is None or scratch.problems:
        return True
    check(node, vocabulary, scratch, question.group)
    return bool(scratch.problems) or any(vocabulary.in_doubt(path) for path in reads(node))


def _placeholders(questionnaire: Questionnaire, author: Author) -> None:
    for question_id, word in strange_words(questionnaire):
        place = author.positions[question_id] if question_id else Position(author.sources[0].name, 0)
        where = question_id or "a title, an introduction, a talking point or the glossary"
        remedy = did_you_mean(word, PLACEHOLDERS)
        author.source_at(place).problem(place.line, f"nobody fills in {{{word}}} in {where}", remedy)


def _once(ids: Iterable[str], source: Source) -> None:
    seen: set[str] = set()
    for section_id in ids:
        if section_id in seen:
            source.problem(0, f"there are two sections {section_id!r}", "rename one")
        seen.add(section_id)


def _can_be_asked(questionnaire: Questionnaire, author: Author, doubted: Collection[str]) -> None:
    """Note questions that wait for each other or for nothing that can come.

    A question in doubt may always be asked; so may one of a circle, after the circle had its say.
    """
    left = _always_asked(questionnaire, doubted) if doubted else questionnaire
    while True:
        try:
            _ = left.order
        except CircularError as error:
            place = author.positions[error.circle[0]]
            message = f"these questions wait for each other: {error}"
            author.source_at(place).problem(place.line, message, "take one of the `relevant_when` away")
            left = _always_asked(left, error.circle)
        else:
            break
    for question_id, reason in unreachable(left):
        place = author.positions[question_id]
        message = f"{question_id} can never be asked: {reason}"
        author.source_at(place).problem(place.line, message, "mend its `relevant_when`")


def _always_asked(questionnaire: Questionnaire, ids: Collection[str]) -> Questionnaire:
    """Give the same questionnaire without the conditions of these questions, and of the fields of these groups."""
    sections = tuple(
        section.model_copy(update={"questions": tuple(_freed(question, ids) for question in section.questions)})
        for section in questionnaire.sections
    )
    return Questionnaire.model_construct(
        id=questionnaire.id, version=questionnaire.version, title=questionnaire.title, sections=sections
    )


def _freed(question: Question, ids: Collection[str]) -> Question:
    freed = {"relevant_when": None} if question.id in ids else {}
    if isinstance(question, Group):
        whole = question.id in ids
        fields = (
            one.model_copy(update={"relevant_when": None}) if whole or one.id in ids else one
            for one in question.questions
        )
        return question.model_copy(update={**freed, "questions": tuple(fields)})
    return question.model_copy(update=freed)


def _waited_for(ids: Iterable[str], author: Author) -> Iterator[str]:
    """Give the questions these conditions seem to be about; of a word that does not exist, the one it looks like."""
    for question_id in ids:
        for word in _words(author.written[question_id].get("relevant_when")):
            yield from get_close_matches(word, author.positions, n=1)


def _words(raw: object) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict | list):
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from _words(part)

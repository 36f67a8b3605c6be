"""What rests on which law: for the yearly review, and so that no question cites a place nobody wrote down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.conditions.yaml_source import did_you_mean
from app.errors import NotAllowed, NotFound
from app.questionnaires.kinds import Basis, Question
from app.questionnaires.model import Questionnaire
from app.risk_rules.rulebook import Combination, Rule, RuleBook
from app.risk_rules.sources import LegalBasis, LegalSource, SourceKind, article_link, wrong_places


@dataclass(frozen=True, slots=True)
class Place:
    """One article, and everything that rests on it: rules, combinations and questions, by id and in order."""

    article: str
    about: str
    url: str
    rules: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """What must be read again for one source: ``newer`` is the date of the text that came out, None when none did."""

    source: LegalSource
    newer: date | None
    places: tuple[Place, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule that rests on it, once."""
        return tuple(dict.fromkeys(rule for place in self.places for rule in place.rules))

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question that rests on it, once."""
        return tuple(dict.fromkeys(question for place in self.places for question in place.questions))


def resting_on(book: RuleBook, asked: Questionnaire, newer: Mapping[str, date] | None = None) -> tuple[Touched, ...]:
    """Give for each source what rests on it, in the order of the register.

    With ``newer`` (a date per key) only those sources, and only when the date is later than that of the text the rules
    were checked against. Raises NotFound for a key that is not in the register, and NotAllowed for one that is no law.
    """
    for key in newer or ():
        if key not in book.sources:
            raise NotFound(f"no source {key!r}: {did_you_mean(key, book.sources)}")
        if book.sources[key].kind is not SourceKind.LAW:
            raise NotAllowed(f"{key} is no law, so it has no consolidated text")
    found = []
    for key, source in book.sources.items():
        date_of = None if newer is None else newer.get(key)
        old = source.consolidated
        if newer is not None and (date_of is None or old is None or date_of <= old):
            continue
        found.append(Touched(source, date_of, tuple(_places(source, book, asked))))
    return tuple(found)


def _places(source: LegalSource, book: RuleBook, asked: Questionnaire) -> Iterator[Place]:
    rules: dict[str, list[str]] = {}
    parts: tuple[Rule | Combination, ...] = (*book.rules, *book.combinations)
    for part in parts:
        _gather(rules, part.id, part.basis, source.key)
    questions: dict[str, list[str]] = {}
    for question in asked.questions.values():
        _gather(questions, question.id, bases_of(question), source.key)
    for article in dict.fromkeys([*source.articles, *rules, *questions]):
        about, url = source.articles.get(article, ""), article_link(source, article) if article else source.url
        yield Place(article, about, url, tuple(rules.get(article, ())), tuple(questions.get(article, ())))


def _gather(found: dict[str, list[str]], name: str, bases: Iterable[LegalBasis], key: str) -> None:
    for basis in bases:
        if basis.source == key and name not in found.setdefault(basis.article, []):
            found[basis.article].append(name)


def bases_of(question: Question) -> tuple[LegalBasis, ...]:
    """Give the places of law a question rests on, as rules write them; rows of the practice catalogue are left out."""
    return tuple(as_legal(basis) for basis in question.basis if basis.source is not None)


def as_legal(basis: Basis) -> LegalBasis:
    """Write the basis of a question the way rules write theirs, so that there is one way to cite and to link."""
    return LegalBasis(
        source=basis.source or "practice",
        article=basis.article or "",
        lid=() if basis.lid is None else (str(basis.lid),),
        onderdeel=basis.onderdeel or "",
        sub=basis.sub or "",
        ref=basis.practice or "",
        note=basis.note or "",
        tiers=tuple(str(tier) for tier in basis.tiers),
    )


def wrong_in_questions(asked: Questionnaire, sources: Mapping[str, LegalSource]) -> Iterator[tuple[Question, str, str]]:
    """Give every question that rests on a place which is not in the register: the question, what is wrong, the remedy."""
    for question in asked.questions.values():
        wrong = [found for basis in bases_of(question) for found in wrong_places(basis, sources)]
        for _, message, remedy in dict.fromkeys(wrong):
            yield question, f"the basis of {question.id}: {message}", remedy

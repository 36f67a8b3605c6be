"""From what the use cases know about a question to what a template shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from app.conditions.prose import listing
from app.questionnaires.answers import AnswerPath
from app.questionnaires.decoding import DOES_NOT_KNOW, ORAL
from app.questionnaires.glossary import terms_of
from app.questionnaires.kinds import (
    Basis,
    Choice,
    Choices,
    Date,
    Group,
    MoneyBand,
    Number,
    Option,
    Party,
    Question,
    Reader,
    Retention,
    Source,
)
from app.questionnaires.model import Questionnaire
from app.reviews.lifecycle import Role, role_title
from app.risk_rules.source_review import as_legal
from app.risk_rules.sources import LegalSource, citation, link
from app.usecases.answering import Conflict, Problem
from app.usecases.flags import FlagView
from app.usecases.questions import ItemView as ItemRead
from app.usecases.questions import QuestionView as QuestionRead
from app.usecases.settled import SettledBy
from app.web.cases.views import (
    FieldView,
    GroupView,
    InsightView,
    ItemView,
    NormView,
    OptionView,
    QuestionView,
    RowView,
    TermView,
    Wording,
)
from app.web.templating import dom_id

_SOURCES = {
    Source.CANDIDATE: "uw eigen opgave",
    Source.ORGANISATION_RECORDS: "de eigen administratie",
    Source.TRADE_REGISTER: "het handelsregister",
    Source.LAND_REGISTER: "het Kadaster",
    Source.PUBLIC_MEDIA: "openbare media",
    Source.OTHER_PUBLIC: "andere openbare bronnen",
}
_KEPT = {
    Retention.ANSWERS: "als antwoord: de kortste termijn",
    Retention.VERIFICATION: "als controle: net zo lang als de antwoorden",
    Retention.CONCLUSIONS: "bij de conclusie en de maatregelen",
    Retention.REGISTER: "in het openbare register, zolang u het ambt heeft",
}
_ROLES = {
    Reader.CLERK: Role.CLERK,
    Reader.PRINCIPAL: Role.PRINCIPAL,
    Reader.ANALYST: Role.ANALYST,
    Reader.AUDITOR: Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Around:
    """What the questions of one page have in common: where they live, and what went wrong with the last save."""

    base: str
    section: str
    questionnaire: Questionnaire
    sources: Mapping[str, LegalSource]
    tier: str
    flags: tuple[FlagView, ...] = ()
    problems: Mapping[str, Problem] = dataclass_field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = dataclass_field(default_factory=dict)
    autosave: bool = True
    clerk_reads: bool = True

    @property
    def page(self) -> str:
        """The address of the section."""
        return f"{self.base}/{self.section}"


def places(
    around: Around, order: tuple[str, ...], read: tuple[QuestionRead, ...], *, fresh: frozenset[str] | None = None
) -> tuple[QuestionView, ...]:
    """Give every place of a page in `order` (paths as text): filled when the question is asked, empty otherwise.

    With `fresh`, only the places named there are filled; the others hold what the answers show and nothing else.
    """
    asked = {question.path: question for question in read}
    lit = insights_of(around.flags, (path for path in order if path in asked))
    found = []
    for path in order:
        question, insights = asked.get(path), lit.get(path, ())
        if question is None:
            found.append(QuestionView(dom=dom_id(path)))
        elif fresh is not None and path not in fresh:
            found.append(QuestionView(dom=dom_id(path), insights=insights))
        elif isinstance(question.question, Group):
            found.append(QuestionView(dom=dom_id(path), group=_group_view(around, question), insights=insights))
        else:
            found.append(QuestionView(dom=dom_id(path), single=field_view(around, question), insights=insights))
    return tuple(found)


def insights_of(flags: Iterable[FlagView], asked: Iterable[str]) -> dict[str, tuple[InsightView, ...]]:
    """Give by place what is shown there: every flag once, at the first question of the page that it rests on."""
    order = tuple(asked)
    found: dict[str, tuple[InsightView, ...]] = {}
    for flag in flags:
        rests = {quote.path for quote in flag.quotes}
        rests |= {path.partition("[")[0] for path in rests}
        place = next((path for path in order if path in rests), None)
        if place is not None:
            found[place] = (*found.get(place, ()), insight(flag))
    return found


def field_view(around: Around, read: QuestionRead) -> FieldView:
    """Show one question that is not a group; for the gate of a group, its yes or no."""
    asked = read.question
    problem, conflict = around.problems.get(read.path), around.conflicts.get(read.path)
    typed = problem.raw if problem else (conflict.mine_typed if conflict else read.typed)
    state = next((one for one in typed if one in {DOES_NOT_KNOW, ORAL}), "")
    values = tuple(one for one in typed if one not in {DOES_NOT_KNOW, ORAL})
    first = values[0] if values else ""
    party = isinstance(asked, Party)
    return FieldView(
        path=read.path,
        dom=dom_id(read.path),
        value="yes" if isinstance(asked, Group) and first == "complete" else first,
        values=values,
        relation=first if party else "",
        interest=values[1] if party and len(values) > 1 else "",
        state=state,
        note=read.note,
        error=problem.message if problem else "",
        mine=conflict.mine if conflict else "",
        theirs=conflict.theirs if conflict else "",
        correction=read.asked_for,
        save=f"{around.base}/antwoord/{read.path}?op={around.section}" if read.writable and around.autosave else "",
        revision=conflict.revision if conflict else read.revision,
        item=AnswerPath.parse(read.path).item or "",
        **_worded(around, asked),
    )


MOST_WORDED = 4000
"""Questions of which the texts stay at hand: all of some questionnaires, for four kinds of authority."""

_known: dict[Wording, dict[str, Any]] = {}


def _worded(around: Around, asked: Question) -> dict[str, Any]:
    """Give what a question says to everybody: worked out once for each kind of authority."""
    tier = around.tier if around.clerk_reads else f"{around.tier}, closed to the clerk"
    key = (around.questionnaire.digest, tier, asked.id, asked.label)
    found = _known.get(key)
    if found is None:
        if len(_known) >= MOST_WORDED:
            _known.clear()
        found = _known[key] = _texts(around, asked) | {"wording": key}
    return found


def _texts(around: Around, asked: Question) -> dict[str, Any]:
    return {
        "kind": "yes_no" if isinstance(asked, Group) else asked.kind,
        "label": asked.label,
        "hint": asked.help,
        "unit": asked.unit if isinstance(asked, Number) else "",
        "precision": asked.precision if isinstance(asked, Date) else "day",
        "options": _options(asked, around.tier),
        "specials": _specials(asked),
        "remarks": asked.kind not in {"text", "long_text", "group"},
        "why": asked.why,
        "footing": asked.scope.value,
        "norms": norms(_of_tier(asked.basis, around), around.sources),
        "terms": tuple(TermView(term=t.term, meaning=t.meaning) for t in terms_of(around.questionnaire, asked)),
        "readers": _listed(_readers(asked, around)),
        "kept": _KEPT[asked.retention],
        "sources": _listed([_SOURCES[source] for source in asked.source]),
    }


def _readers(asked: Question, around: Around) -> list[str]:
    reading = (_ROLES[reader] for reader in asked.readers)
    return [role_title(role, around.tier) for role in reading if around.clerk_reads or role is not Role.CLERK]


def norms(grounds: Iterable[Basis], sources: Mapping[str, LegalSource]) -> tuple[NormView, ...]:
    """Write the grounds of a question: the articles with their addresses, and in one line the practice it comes from."""
    cited: list[NormView] = []
    practice: list[str] = []
    for basis in grounds:
        if basis.source is not None and basis.source in sources:
            cited.append(_cited(basis, sources))
        elif basis.practice is not None:
            practice.append(basis.practice)
    if practice:
        cited.append(NormView(label=f"Gebruikelijke vraag bij risicoanalyses ({_listed(practice)})"))
    return tuple(cited)


def _cited(basis: Basis, sources: Mapping[str, LegalSource]) -> NormView:
    cited = as_legal(basis)
    return NormView(label=citation(cited, sources), href=link(cited, sources))


def insight(flag: FlagView) -> InsightView:
    """Say what an answer brings to light, and what would settle it while it is not certain."""
    return InsightView(
        title=flag.title,
        text=flag.for_candidate,
        certain=flag.certain,
        severity=flag.severity,
        settles=() if flag.settled_by is None else tuple(_settles(flag.settled_by)),
    )


def _settles(found: SettledBy) -> Iterator[str]:
    """Say to the candidate what is still needed, and from whom."""
    later = (f"{one.question} (alleen als die vraag komt)" for one in found.later)
    questions = tuple(dict.fromkeys([one.question for one in found.now] + list(later)))
    if questions:
        yield f"Dit wordt duidelijk als u ook antwoord geeft op: {' · '.join(questions)}"
    if found.case_facts:
        yield f"De organisatie vult nog in: {listing([one.question for one in found.case_facts], 'en')}."
    if found.by_reviewer:
        yield "De beoordelaar zoekt hiervoor nog iets op."
    if found.judged:
        yield "Een beoordelaar weegt nog of de norm hier geldt."


def item_rows(item: ItemRead) -> tuple[RowView, ...]:
    """Show an item as pairs of question and answer, only what was answered."""
    return tuple(RowView(label=q.marked, value=q.shown) for q in item.questions if q.answer is not None)


def _group_view(around: Around, read: QuestionRead) -> GroupView:
    group = read.question
    assert isinstance(group, Group)  # noqa: S101 - told by the caller; for the type checker
    gate = field_view(around, read)
    here = f"{around.page}/{group.id}"
    items = tuple(
        ItemView(
            title=item.title,
            id=f"{group.id}-{item.item_id}",
            rows=item_rows(item),
            edit=f"{here}/{item.item_id}",
            remove=f"{here}/{item.item_id}/verwijderen",
            complete=item.complete,
        )
        for item in read.items
    )
    return GroupView(
        gate=gate,
        noun=group.item_noun,
        items=items,
        add=f"{here}/nieuw",
        open=gate.value == "yes" or bool(items),
        complete="yes" if read.typed == ("complete",) else "",
        complete_label="Heeft u nu alles genoemd?",
    )


def _options(asked: Question, tier: str) -> tuple[OptionView, ...]:
    if not isinstance(asked, Choice | Choices | MoneyBand | Party):
        return ()
    offered = (option for option in asked.options if not option.tiers or tier in {str(t) for t in option.tiers})
    return tuple(_option(option) for option in offered)


def _option(option: Option) -> OptionView:
    return OptionView(id=option.id, label=option.label, help=option.help)


def _specials(asked: Question) -> tuple[OptionView, ...]:
    ways = [OptionView(id=DOES_NOT_KNOW, label="Ik weet het niet")]
    if asked.oral:
        ways.append(OptionView(id=ORAL, label="Ik bespreek dit liever mondeling"))
    return tuple(ways)


def _of_tier(basis: tuple[Basis, ...], around: Around) -> list[Basis]:
    """The grounds that hold for this kind of authority: of the four organic laws only its own."""
    own = {"municipality": "GW", "province": "PW", "water_board": "WsW", "public_body": "WolBES"}
    others = set(own.values()) - {own.get(around.tier, "")}
    return [
        one
        for one in basis
        if one.source not in others and (not one.tiers or around.tier in {str(tier) for tier in one.tiers})
    ]


def _listed(words: list[str]) -> str:
    return " en ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)

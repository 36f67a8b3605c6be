"""The receipt a candidate gets after submitting: own answers, when, and the fingerprint of what was sent."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.dossiers.blocks import Block, Contents, Cover, Dossier, Facts, Heading, Line, Prose, Table
from app.dossiers.open_answers import shown
from app.dossiers.snapshot import Snapshot
from app.dossiers.wording import dutch_date
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group, Question
from app.questionnaires.model import Respondent, Section
from app.questionnaires.volunteering import FREE, OWN_ACCORD, marked, of_practice, volunteered


def compose_receipt(snapshot: Snapshot, asked: frozenset[str], titles: Mapping[str, str]) -> Dossier:
    """The candidate's own copy of what was submitted.

    ``asked`` holds the paths (as text) of the questions that were asked; ``titles`` gives the title of each group item by
    its path text, such as ``companies[co1]``.
    """
    return Dossier(
        kind="receipt",
        title=f"Ontvangstbewijs vragenlijst – {snapshot.candidate}",
        subject="Ontvangstbewijs",
        author=snapshot.organisation.name,
        footer=f"Ontvangstbewijs · {snapshot.candidate} · alleen voor uzelf",
        made_on=snapshot.made_at.date().isoformat(),
        blocks=tuple(_blocks(snapshot, asked, titles)),
    )


def _blocks(snapshot: Snapshot, asked: frozenset[str], titles: Mapping[str, str]) -> Iterator[Block]:
    yield Cover(
        kicker=snapshot.organisation.name,
        title="Ontvangstbewijs",
        subtitle=f"Vragenlijst van kandidaat-{snapshot.office_title} {snapshot.candidate}",
        facts=(
            ("Ingediend op", _moment(snapshot.made_at)),
            ("Kenmerk", snapshot.reference),
            *((digest.label, digest.value) for digest in snapshot.digests),
        ),
    )
    yield Prose(
        "Dit zijn de antwoorden zoals u ze heeft ingediend. Bewaar dit document goed: het bevat persoonlijke gegevens. "
        "Klopt er iets niet? Neem dan contact op met de griffie. Verandert er iets? Meld het, ook na de benoeming."
    )
    if any(AnswerPath.parse(path).question in of_practice(snapshot.questionnaire) for path in asked):
        yield Prose(
            f"Staat bij een vraag \u2018{FREE}\u2019 of \u2018{OWN_ACCORD}\u2019? Dan volgt die vraag niet uit de wet. "
            "U hoefde er geen antwoord op te geven. Bij de tweede vertelde u het zonder dat de organisatie ernaar vroeg."
        )
    yield Contents("Inhoud")
    sections = [s for s in snapshot.questionnaire.sections if s.respondent is Respondent.CANDIDATE]
    for number, section in enumerate((s for s in sections if _rows(snapshot, s, asked)), start=1):
        yield Heading(section.title, 1, str(number), f"s{number}")
        yield Facts(section.title, tuple(_rows(snapshot, section, asked)))
        for question in section.questions:
            if isinstance(question, Group):
                yield from _items(snapshot, question, asked, titles)


def _rows(snapshot: Snapshot, section: Section, asked: frozenset[str]) -> list[tuple[str, Line]]:
    told = volunteered(snapshot.questionnaire, snapshot.context)
    return [
        (marked(question, told), _answer(snapshot, question, AnswerPath(question.id)))
        for question in section.questions
        if question.id in asked
    ]


def _items(snapshot: Snapshot, group: Group, asked: frozenset[str], titles: Mapping[str, str]) -> Iterator[Block]:
    told = volunteered(snapshot.questionnaire, snapshot.context)
    for item in snapshot.answers.items(group.id):
        title = titles.get(f"{group.id}[{item}]", group.item_noun)
        rows = tuple(
            (marked(question, told), _answer(snapshot, question, AnswerPath(question.id, item)))
            for question in group.questions
            if str(AnswerPath(question.id, item)) in asked
        )
        if rows:
            yield Table(title, ("Vraag", "Uw antwoord"), rows, (5, 5))


def _answer(snapshot: Snapshot, question: Question, path: AnswerPath) -> str:
    answer = snapshot.answers.get(path)
    text = shown(question, answer)
    return f"{text}\nToelichting: {answer.note}" if answer is not None and answer.note else text


def _moment(at: datetime) -> str:
    return f"{dutch_date(at.date())} om {at:%H:%M}"

"""What `assess` says about a case, as text for a terminal: first what matters, in full; the rest in a line each."""

import textwrap
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from app.cli.assess_open import QuestionOpen
from app.cli.assess_report import AssessReport, RuleResult
from app.conditions.dates import PartialDate
from app.conditions.prose import date_text
from app.questionnaires.context import LegalFrame, Office, Tier
from app.questionnaires.vocabulary import FRAME_LABELS, OFFICE_LABELS, TIER_LABELS

WIDTH = 100
_INDENT = " " * 6


def as_text(report: AssessReport) -> str:
    """Write the whole report: who it is about, what is certain, what is possible, and which rules did not apply."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: AssessReport) -> Iterator[str]:
    yield report.title
    yield _case(report)
    certain, possible, none = report.of("certain"), report.of("possible"), report.of("none")
    yield ""
    yield f"{_signals(len(certain), 'staat vast', 'staan vast')}, {_signals(len(possible), 'is mogelijk', 'zijn mogelijk')}."
    yield f"{len(none)} keer is een regel bekeken die hier niet geldt."
    yield from _chapter("STAAT VAST", certain)
    for combined in report.combined:
        yield ""
        yield f"  SAMEN  {combined.id}  {combined.title} · zwaarte {combined.severity}: {combined.severity_title}"
        yield from _wrapped("", combined.text)
        yield from _wrapped("Uit", ", ".join(combined.flags))
    yield from _chapter("MOGELIJK", possible)
    if none:
        yield ""
        yield "GELDT NIET"
        for quoted, results in groupby(none, key=_reasons):
            yield from _not_fired(quoted, list(results))
    yield from _open_questions("DEZE VRAGEN DOEN ER NOG TOE", report.open_questions.still_matter)
    yield from _open_questions(
        "OOK NOG OPEN, MAAR VOOR DE REGELS MAAKT HET NIET MEER UIT", report.open_questions.no_longer_matter
    )
    if report.not_counted:
        yield ""
        yield from _wrapped(
            "TELT NIET MEE, want de vraag wordt in deze zaak niet gesteld", ", ".join(report.not_counted)
        )
    yield ""
    yield f"Bewijs: {report.receipt.engine}, vragenlijst {report.questionnaire} {report.receipt.questionnaire_digest[:12]},"
    yield (
        f"        regels {report.receipt.rulebook_digest[:12]}, antwoorden {report.receipt.answers_digest[:12]},"
        f" zaak {report.receipt.context_digest[:12]}"
    )


def _case(report: AssessReport) -> str:
    context = report.context
    parts = [
        OFFICE_LABELS[Office(str(context["office"]))],
        TIER_LABELS[Tier(str(context["tier"]))],
        f"peildatum {_day(report.receipt.as_of)}",
        FRAME_LABELS[LegalFrame(str(context["legal_frame"]))],
    ]
    return " · ".join(parts)


def _day(day: date) -> str:
    return date_text(PartialDate.of(day))


def _chapter(title: str, results: tuple[RuleResult, ...]) -> Iterator[str]:
    if not results:
        return
    yield ""
    yield title
    for result in results:
        yield ""
        yield from result_lines(result)


def result_lines(result: RuleResult) -> Iterator[str]:
    """Write everything about one result."""
    yield f"  [{result.severity}] {result.rule}  {result.title} · {result.severity_title}"
    if result.item_title:
        yield from _wrapped("Over", f"{result.item_title} ({result.item})")
    yield from _wrapped("", result.text)
    for quoted in result.because:
        yield from _wrapped("Omdat", f"{quoted.question} → {quoted.answer}")
    yield from _wrapped("Motivering", result.motivation)
    yield from _open(result)
    for adjustment in result.adjustments:
        weight = "weegt zwaarder" if adjustment.by > 0 else "weegt lichter"
        yield from _wrapped(weight.capitalize() if adjustment.certain else f"Mogelijk: {weight}", adjustment.because)
    for norm in result.norms:
        reading = " (onze uitleg)" if norm.interpretation else ""
        yield from _wrapped("Norm", f"{norm.text}{reading}" + (f": {norm.about}" if norm.about else ""))
    yield from _wrapped("Uitleg", result.interpretation)
    yield from _wrapped("Ontheffing door", result.exempting_authority)
    if result.awaiting_judgement:
        yield from _wrapped("Weeg mee", "; ".join(result.considerations))
    yield from _wrapped("Gevolg", result.consequence)
    yield from _wrapped("Advies", result.advice)
    yield from _wrapped("Maatregelen", "; ".join(measure.title for measure in result.measures))


def _open(result: RuleResult) -> Iterator[str]:
    """Write what would decide it: nothing less does."""
    if result.settled_by is None:
        return
    found = result.settled_by
    for waits in (*found.now, *found.case_facts):
        yield from _wrapped("Nog open", f"{waits.question} ({waits.path})")
    for waits in found.later:
        yield from _wrapped("Nog open, als deze vraag komt", f"{waits.question} ({waits.path})")
    if found.judgement:
        yield from _wrapped("Nog open", "het oordeel van een beoordelaar over deze norm")
    if not found.smallest:
        yield from _wrapped("", "Misschien is een deel hiervan al genoeg.")


def _open_questions(title: str, questions: tuple[QuestionOpen, ...]) -> Iterator[str]:
    if questions:
        yield ""
        yield title
        for waits in questions:
            yield from textwrap.wrap(
                f"{waits.question} ({waits.path})", WIDTH, initial_indent="  ", subsequent_indent="    "
            )


def _reasons(result: RuleResult) -> tuple[tuple[str, str], ...]:
    """Give the answers that decide, with their questions."""
    return tuple((quoted.question, quoted.answer) for quoted in result.decided_by)


def _not_fired(reasons: tuple[tuple[str, str], ...], results: list[RuleResult]) -> Iterator[str]:
    """Write rules that the same answers rule out, with those answers once."""
    for result in results:
        about = f" ({result.item_title})" if result.item_title else ""
        yield f"  {result.rule}  {result.title}{about}"
    for question, answer in reasons:
        yield from _wrapped("Omdat", f"{question} → {answer}")


def _signals(count: int, one: str, many: str) -> str:
    return f"1 signaal {one}" if count == 1 else f"{count} signalen {many}"


def _wrapped(label: str, text: str) -> Iterator[str]:
    """Write a labelled paragraph; nothing when there is no text."""
    if not text.strip():
        return
    first = f"{_INDENT}{label}: " if label else _INDENT
    yield from textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=_INDENT + "  ", break_long_words=False
    )

"""`toetssteen rules sources`: which law everything rests on, and what to read again when a newer text comes out."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from app.cli.output import REFUSED, problems_told
from app.questionnaires.loading import newest
from app.risk_rules.source_review import Touched, resting_on
from app.usecases.library import rulebook


def list_sources(
    newer: Annotated[
        list[str] | None,
        typer.Option(help="A law that got a newer consolidated text, with its date: GW=2027-01-01. May be repeated."),
    ] = None,
) -> None:
    """List the sources of law with the date of the text that was read and how many rules and questions rest on each.

    With `--newer` list every rule and question that must be read again, by article. A date that is not later than that
    of the text the rules were checked against touches nothing.
    """
    dates = dict(map(_dated, newer)) if newer else None
    with problems_told():
        found = resting_on(rulebook(newest()), newest(), dates)
    for line in _register(found) if dates is None else _to_read(found, dates):
        typer.echo(line)


def _dated(text: str) -> tuple[str, date]:
    key, _, day = text.partition("=")
    try:
        return key, date.fromisoformat(day)
    except ValueError:
        typer.echo(f"{text!r} is no source with a date; write for example GW=2027-01-01", err=True)
        raise typer.Exit(REFUSED) from None


def _register(found: tuple[Touched, ...]) -> Iterator[str]:
    for one in found:
        read = one.source.consolidated.isoformat() if one.source.consolidated else one.source.kind.value
        counts = f"{len(one.rules)} rules, {len(one.questions)} questions"
        yield f"{one.source.key:<12} {read:<11} {one.source.law} ({counts})"


def _to_read(found: tuple[Touched, ...], dates: dict[str, date]) -> Iterator[str]:
    for one in found:
        yield f"{one.source.law}: read against the text of {one.source.consolidated}, now there is {one.newer}"
        for place in one.places:
            if place.rules or place.questions:
                yield f"  art. {place.article}  {place.about}"
                yield from (
                    f"    {what}: {', '.join(ids)}"
                    for what, ids in (("rules", place.rules), ("questions", place.questions))
                    if ids
                )
    same = [key for key in dates if key not in {one.source.key for one in found}]
    yield from (f"{key}: nothing newer than the text the rules were checked against" for key in same)
    rules = {rule for one in found for rule in one.rules}
    questions = {question for one in found for question in one.questions}
    yield f"{len(rules)} rules and {len(questions)} questions to read again"

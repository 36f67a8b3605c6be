"""`toetssteen rules coverage`: how much of the law and of practice the rules carry out."""

from datetime import date
from typing import Annotated

import typer

from app.cli.output import REFUSED, problems_told
from app.errors import Problem
from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.reviews.deadlines import Offsets, count_back
from app.risk_rules.coverage import FILE, counts, coverage, gaps, load_statements
from app.risk_rules.loading import LIBRARY
from app.usecases.library import rulebook

_TITLES = {"statements": "statements of law", "catalogue": "patterns of practice", "themes": "themes"}


def show_coverage(
    *,
    missing: Annotated[
        bool, typer.Option("--missing", help="Also name what is not carried out, with the reason.")
    ] = False,
) -> None:
    """Say how much of the law and of practice is carried out by rules, questions, dates and texts.

    The exit code is 2 when a statement is neither carried out nor explained; then each stands on standard error.
    """
    with problems_told():
        book = rulebook(newest())
        statements = load_statements(LIBRARY / FILE)
        found = coverage(statements, book, newest())
        wrong = coverage_problems()
    for kind, (carried, explained, every) in counts(found).items():
        typer.echo(f"{carried} of {every} {_TITLES[kind]} carried out, {explained} not and explained")
    if missing:
        for one in found:
            if not one.carried:
                typer.echo(f"  {one.statement.id:<7} {one.statement.about}: {one.reason or 'no reason given'}")
    for problem in wrong:
        typer.echo(str(problem), err=True)
    if wrong:
        raise typer.Exit(REFUSED)


def coverage_problems() -> list[Problem]:
    """Give every statement that is neither carried out nor explained, and every name in the list that does not exist."""
    day = date(2000, 1, 1)  # any day: only the names of the dates matter
    deadlines = [one.id for tier in Tier for one in count_back(day, Offsets(), today=day, tier=tier)]
    return list(gaps(load_statements(LIBRARY / FILE), rulebook(newest()), newest(), deadlines))

"""`toetssteen assess`: hold one case in a file against the rules, without a database."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.cli.assess_report import report_on
from app.cli.assess_text import as_text
from app.cli.case_file import check_judgements, read_case
from app.cli.output import problems_told
from app.risk_rules.packs import load_pack, with_pack
from app.usecases.library import rulebook as rulebook_for

CaseFileArgument = Annotated[
    Path,
    typer.Argument(help="The case, in YAML or JSON; see docs/examples.", exists=True, dir_okay=False, readable=True),
]

PackOption = Annotated[
    Path | None, typer.Option("--pack", help="Local rules that belong in it.", exists=True, dir_okay=False)
]


def assess(
    file: CaseFileArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON of a fixed shape instead of text.")] = False,
    pack: PackOption = None,
) -> None:
    """Say for every rule whether it is certain, possible or none in this case, and why.

    The file holds the case (`context`) and the answers by the ids of their questions. Nothing is stored. The exit code
    is 0 whatever the rules say, and 2 when the file cannot be read; then every problem stands on standard error.
    """
    with problems_told():
        case = read_case(file, today())
        rulebook = rulebook_for(case.questionnaire)
        if pack is not None:
            rulebook = with_pack(rulebook, load_pack(pack, rulebook))
        check_judgements(case, rulebook, file.name)
        report = report_on(case, rulebook)
    typer.echo(report.model_dump_json(indent=2) if as_json else as_text(report), nl=as_json)


def today() -> date:
    """Give the day it is in the Netherlands: only used when a file does not say on which day it is looked at."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()

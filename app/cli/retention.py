"""`toetssteen retention`: what is near its day, the policy of an organisation, and warning who it concerns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.database import the_database
from app.cli.running import read_settings

if TYPE_CHECKING:
    from app.usecases.retention_overview import DueLine, OrganisationDue

_HELP = (
    "How long cases are kept: what is near its day, the policy of an organisation, and warning who it concerns. "
    "No command destroys anything: that takes two people, who do it on the site."
)
app = typer.Typer(help=_HELP, no_args_is_help=True)
policy = typer.Typer(
    help="The policy of an organisation: a term for each outcome and kind of record.", no_args_is_help=True
)
app.add_typer(policy, name="policy")

OrganisationOption = Annotated[str, typer.Option(help="The name of the organisation.")]
NOT_IT = 1
"""The exit code when a file is not the declaration that the audit log names."""
_HEADINGS = ("reference", "record", "day", "standing", "held", "outcome", "policy")


@app.callback()
def retention() -> None:
    """How long cases are kept, and who has to be warned. No command destroys anything."""


@app.command()
def due(
    organisation: Annotated[str, typer.Option(help="Only this organisation, by its name.")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is far from its day, waits for one, or stays for good.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List what is near or over its day, by organisation: reference, day and standing, without a name or any content.

    A case and the documents that the council received have days of their own. What is held is told too; its standing is
    what it would be otherwise. Looking leaves a line in the audit log. Nothing is destroyed: two people do that on the site.
    """
    from app.usecases import retention_overview

    with the_database(read_settings()) as db:
        found = retention_overview.by_command(db, organisation, everything=everything)
    if as_json:
        typer.echo(json.dumps({"organisations": [_entry(one) for one in found]}, ensure_ascii=False, indent=2))
        return
    for line in _table(found):
        typer.echo(line)


@app.command()
def warn() -> None:
    """Write a mail about everything whose day is near and that nobody was warned about. Twice does no harm.

    The server does this by itself, when it starts and every six hours; the command is for who would rather have a timer
    do it. The mails wait in the outbox: the server sends them, or `toetssteen outbox run`. Nothing is destroyed.
    """
    from app.usecases import keeping_daily

    with the_database(read_settings()) as db:
        done = keeping_daily.warn(db, read_settings())
    typer.echo(f"{_count(done.mails, 'mail')} written about {_count(done.cases, 'case')}")


@app.command()
def verify(
    file: Annotated[
        Path, typer.Argument(help="A declaration of destruction, as it was downloaded.", exists=True, dir_okay=False)
    ],
) -> None:
    """Hold a declaration of destruction against the audit log, and say whether this is the file that was made then.

    Exit code 0: it is, and the lines about that case are whole. 1: no line names this file, so it was changed, or made
    elsewhere; or the log does not hold. The fingerprint that is printed also stands on the last page of the declaration.
    """
    from app.usecases.declarations import declared

    with the_database(read_settings(), writes=False) as db:
        found = declared(db, file.read_bytes())
    if found is None:
        typer.echo(f"no line of the audit log names {file.name}: it was changed, or it was not made here", err=True)
        raise typer.Exit(NOT_IT)
    typer.echo(f"{found.organisation}, {found.reference}: {found.kept.value} destroyed")
    typer.echo(f"line {found.line} of the audit log, {found.logged_at.isoformat(timespec='seconds')}")
    typer.echo(f"fingerprint of the list in it: {found.manifest_sha256}")
    if not found.whole:
        typer.echo("the lines of the audit log about this case were changed", err=True)
        raise typer.Exit(NOT_IT)


@policy.command()
def show(
    organisation: OrganisationOption,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
) -> None:
    """Print the policy of an organisation, in the form that `toetssteen retention policy set` reads."""
    from app.usecases import retention_file, retention_policy

    with the_database(read_settings(), writes=False) as db:
        found = retention_policy.named(db, organisation)
    if as_json:
        typer.echo(json.dumps(retention_file.written(found), ensure_ascii=False, indent=2))
        return
    typer.echo(retention_file.as_yaml(found), nl=False)


@policy.command("set")
def set_policy(
    file: Annotated[Path, typer.Argument(help="The policy, as YAML or JSON.", exists=True, dir_okay=False)],
    organisation: OrganisationOption,
    reason: Annotated[
        str, typer.Option(help="Why, such as the decision that adopted the list; clerk, principal and auditor read it.")
    ],
) -> None:
    """Set the policy of an organisation, for outcomes from now on. What is wrong with the file is told all at once.

    Cases that have an outcome keep the policy of that day, until two people on the site let the new one count. On the
    site an administrator does this. It is a line in the audit log, and stands with the reason on the page *Bewaren*.
    """
    from app.usecases import retention_file, retention_policy

    with the_database(read_settings()) as db:
        changed = retention_policy.set_by_command(db, organisation, retention_file.read_policy(file), reason)
    if changed:
        typer.echo(f"outcomes at {organisation} from now on fall under the policy in {file.name}")
    else:
        typer.echo(f"this is the policy of {organisation} already; nothing was changed")


def _entry(found: "OrganisationDue") -> dict[str, object]:
    return {
        "organisation": found.organisation,
        "without_policy": found.without_policy,
        "records": [
            {
                "reference": one.reference,
                "record": one.kept.value,
                "outcome": one.end.value,
                "outcome_on": one.outcome_on.isoformat(),
                "day": one.on.isoformat() if one.on else None,
                "standing": one.standing.value,
                "held": one.held,
                "policy": one.selection_list,
            }
            for one in found.lines
        ],
    }


def _table(found: tuple["OrganisationDue", ...]) -> Iterator[str]:
    for number, one in enumerate(found):
        if number:
            yield ""
        yield one.organisation
        rows = [_HEADINGS, *map(_cells, one.lines)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        if one.lines:
            for row in rows:
                yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        else:
            yield "  nothing to tell"
        if one.without_policy:
            yield f"  {_count(one.without_policy, 'case')} with an outcome, and no policy that says how long"


def _cells(one: "DueLine") -> tuple[str, ...]:
    return (
        one.reference,
        one.kept.value,
        one.on.isoformat() if one.on else "-",
        one.standing.value,
        "yes" if one.held else "no",
        f"{one.end.value} {one.outcome_on.isoformat()}",
        one.selection_list,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

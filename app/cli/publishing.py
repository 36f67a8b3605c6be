"""`toetssteen publish`: write in the register what rules and questions say now, so that links to them keep working."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.assessing import today
from app.cli.output import REFUSED, problems_told
from app.usecases.publishing.versions import REGISTER, publish, unpublished


def publish_everything(
    register: Annotated[
        Path, typer.Option("--list", help="The register of published versions.", dir_okay=False)
    ] = REGISTER,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; the exit code is 2 when something is not in the register yet."),
    ] = False,
) -> None:
    """Write what every rule and question says now in the register of published versions, and name what is new.

    Done once for every release, just before it. What changes again before the release is out takes the place of its line.
    """
    with problems_told():
        new = unpublished(register) if check else publish(today(), register)
    for name in new:
        typer.echo(name)
    typer.echo(f"{len(new)} new or changed")
    if check and new:
        raise typer.Exit(REFUSED)

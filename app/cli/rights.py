"""`toetssteen rights-report`: who has which rights in an organisation, as a file for a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_database
from app.cli.running import read_settings


def rights_report(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    out: Annotated[
        Path | None, typer.Option(help="Write to this file. Left out: standard output.", dir_okay=False)
    ] = None,
) -> None:
    """List everybody with an account: role, special rights, since when, given by whom, second proof, last sign-in.

    As CSV with semicolons, for the yearly look at rights. That it was made is a line in the audit log.
    """
    from app.usecases import rights

    with the_database(read_settings()) as db:
        file = rights.by_command(db, organisation)
    if out is None:
        typer.echo(file.decode("utf-8-sig"), nl=False)
        return
    out.write_bytes(file)
    typer.echo(f"written to {out}")

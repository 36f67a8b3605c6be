"""`toetssteen clock`: say that the clock is right after it leapt."""

import typer

from app.cli.database import the_database
from app.cli.running import read_settings

app = typer.Typer(help="The clock of this machine, by which terms run.", no_args_is_help=True)


@app.callback()
def clock() -> None:
    """The clock of this machine, by which terms run."""


@app.command()
def confirm() -> None:
    """Say that the clock is right. After it leapt nobody is warned and nothing is destroyed until somebody does.

    Look first: is the day right that this prints? It is on record. Without a leap nothing changes.
    """
    from app.usecases import wall_clock

    settings = read_settings()
    with the_database(settings) as db:
        found = wall_clock.confirm(db)
    if found is None:
        typer.echo("the clock did not leap")
        return
    typer.echo(
        f"the clock leapt from {found.before:%Y-%m-%d %H:%M} to {found.now:%Y-%m-%d %H:%M} (UTC), and counts now"
    )

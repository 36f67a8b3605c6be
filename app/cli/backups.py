"""`toetssteen backup`, `restore` and `restore-check`: copy an installation, put it back, and rehearse that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import REFUSED, problems_told
from app.cli.running import read_settings

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store.backup import Place

_Rows = Annotated[Path, typer.Argument(help="The file with the rows.", dir_okay=False)]
_Keys = Annotated[
    Path, typer.Option("--keys", help="The file with the wrapped keys. Keep it apart; only the newest counts.")
]


def backup(file: _Rows, keys: _Keys) -> None:
    """Copy the database into a file, and its wrapped keys into another. The product can go on meanwhile.

    The master key of the installation is in neither: keep that apart too.
    """
    from app.store import backup as copying

    with problems_told():
        made = copying.back_up(_place(read_settings()), file, keys)
    typer.echo(f"{made.rows} rows of {len(made.tables)} tables and {made.files} other files in {file}; keys in {keys}")


def restore(file: _Rows, keys: _Keys) -> None:
    """Put a backup back into an empty database. What was destroyed since is taken away again."""
    from app.store import backup as copying

    with problems_told():
        put = copying.restore(_place(read_settings()), file, keys)
    typer.echo(f"{put.rows} rows of {len(put.tables)} tables and {put.files} other files were put back")


def restore_check(file: _Rows, keys: _Keys) -> None:
    """Rehearse it: put a backup back in a temporary place, open everything, verify the audit log, throw it away."""
    from app.store import backup as copying

    with problems_told():
        tried = copying.check(file, keys, read_settings().master_keys)
    for problem in tried.problems:
        typer.echo(problem, err=True)
    if tried.problems:
        typer.echo("this backup cannot be relied on", err=True)
        raise typer.Exit(REFUSED)
    typer.echo(f"{tried.copied.rows} rows put back, {tried.read} rows with content opened, the audit log holds")
    if tried.destroyed:
        typer.echo(f"{tried.destroyed} cases were destroyed and cannot be read, as it should be")


def _place(settings: "Settings") -> "Place":
    from app.store.backup import Place

    return Place(settings.database, settings.data_dir, settings.master_keys)

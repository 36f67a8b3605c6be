"""`toetssteen backup`, `restore` and `restore-check`: copy an installation, put it back, and rehearse that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import REFUSED, problems_told
from app.cli.running import read_settings

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store.backup import Place
    from app.store.restoring import Restored

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
    """Put a backup of this release or an older one back into an empty database. What was destroyed since is taken away.

    When it does not succeed, nothing is put back and the database stays empty.
    """
    from app.store import restoring

    with problems_told():
        put = restoring.restore(_place(read_settings()), file, keys)
    copied = put.copied
    typer.echo(f"{copied.rows} rows of {len(copied.tables)} tables and {copied.files} other files were put back")
    _say_what_did_not_stay(put)
    for master in put.missing:
        typer.echo(f"master key {master} is not set here: put it in place before you start the product", err=True)


def restore_check(file: _Rows, keys: _Keys) -> None:
    """Rehearse it: put a backup back in a temporary place, open everything, verify the audit log, throw it away."""
    from app.store import restoring

    with problems_told():
        tried = restoring.check(file, keys, read_settings().master_keys)
    for problem in tried.problems:
        typer.echo(problem, err=True)
    if tried.problems:
        typer.echo("this backup cannot be relied on", err=True)
        raise typer.Exit(REFUSED)
    rows = tried.restored.copied.rows
    typer.echo(f"{rows} rows put back, {tried.read} rows with content opened, the audit log holds")
    _say_what_did_not_stay(tried.restored)


def _say_what_did_not_stay(put: "Restored") -> None:
    if put.gone.cases:
        typer.echo(f"{put.gone.cases} cases were destroyed since, and are gone again, as it should be")
    if put.gone.documents:
        typer.echo(f"{put.gone.documents} documents of the council were destroyed since, and are gone again")
    if put.strangers:
        typer.echo(
            f"{put.strangers} proofs and documents are of organisations that came after this backup: they stay in the "
            "file of keys, so keep that one"
        )


def _place(settings: "Settings") -> "Place":
    from app.store.backup import Place

    return Place(settings.database, settings.data_dir, settings.master_keys)

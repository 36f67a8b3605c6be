"""`toetssteen keys`: the master keys that everything in the database hangs on."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_engine
from app.cli.output import REFUSED
from app.cli.running import read_settings

app = typer.Typer(help="The master keys that everything in the database hangs on.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The master keys that everything in the database hangs on."""


@app.command()
def create(
    file: Annotated[Path | None, typer.Argument(help="The file to make, which only you can read.")] = None,
) -> None:
    """Make a master key: print it, or write it to a new file that only its owner can read.

    Keep a copy apart from the database and its backups. Without this key nobody can read the database any more.
    """
    from app.crypto import masters

    if file is None:
        typer.echo(masters.new_line())
        return
    if not masters.create_file(file):
        typer.echo(f"{file} is there already; nothing was changed", err=True)
        raise typer.Exit(REFUSED)
    typer.echo(f"a new master key stands in {file}; keep a copy apart from the database and its backups")


@app.command()
def status() -> None:
    """Tell which master keys there are and how many keys of cases and organisations each of them wraps.

    Ends with exit code 2 when the database needs a master key that is not there.
    """
    from app.usecases import master_keys

    settings = read_settings()
    with the_engine(settings) as engine:
        found = master_keys.standing(engine)
    for one in found.wrappings:
        what = "used now" if one.current else "of before" if one.known else "MISSING"
        typer.echo(f"master key {one.master_id} ({what}): wraps {one.count}")
    typer.echo(f"destroyed: {found.destroyed}")
    if found.at_hand:
        typer.echo(
            f"{found.at_hand} of these were wrapped with a master key that is still here: a copy of the database from before "
            "opens with it. To end that: toetssteen keys rotate --new, and take the old one away everywhere"
        )
    if advice := master_keys.advice(settings):
        typer.echo(advice, err=True)
    if not all(one.known for one in found.wrappings):
        raise typer.Exit(REFUSED)


@app.command()
def rotate(
    *,
    new: Annotated[
        bool, typer.Option("--new", help="First put a new master key above the others in the file.")
    ] = False,
) -> None:
    """Wrap the keys of all cases and organisations with the first master key. The product can go on running.

    Afterwards `toetssteen keys status` should say that the keys of before wrap 0; then `toetssteen keys forget` takes
    them out of the file.
    """
    from app.usecases import master_keys

    settings = read_settings()
    with the_engine(settings) as engine:
        if new:
            typer.echo(f"new master key {master_keys.add(settings)}")
        typer.echo(f"{master_keys.rotate(engine)} keys wrapped anew")


@app.command()
def forget(
    master_id: Annotated[str, typer.Argument(help="The name of the master key, as `keys status` tells it.")],
) -> None:
    """Take a master key that wraps nothing any more out of the key file. The product can go on running.

    Backups and files of keys from before it was replaced open only with it: keep a copy of it as long as you keep those.
    """
    from app.usecases import master_keys

    settings = read_settings()
    with the_engine(settings) as engine:
        master_keys.take_away(engine, settings, master_id)
    typer.echo(
        f"master key {master_id} is out of the file; backups from before it was replaced open only with your copy of it"
    )

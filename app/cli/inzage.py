"""`toetssteen inzage`: a copy of everything that is kept about a candidate, for the candidate who asks for it."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_database
from app.cli.output import REFUSED
from app.cli.running import read_settings


def inzage(
    case: Annotated[str, typer.Argument(help="The id of the case, as it stands in the address of its page.")],
    to: Annotated[Path, typer.Option(help="The folder to write the archive in.", file_okay=False)],
    email: Annotated[str, typer.Option(help="Who you are: the address you sign in with.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for when left out.")],
    code: Annotated[
        str, typer.Option(prompt=True, help="The code of your app, or a recovery code. Asked for when left out.")
    ],
) -> None:
    """Write everything that is kept about a candidate to one archive: Word, JSON and every file.

    It holds what the candidate may read at this moment, and says what is not in it and why. A clerk or a principal signs
    in as themselves; the candidate sees in the list of readings that the copy was made.
    """
    from app.usecases import library, own_copy, second_step, signing_in

    settings = read_settings()
    library.keep_packs_in(settings.data_dir)
    with the_database(settings) as db:
        signed_in = second_step.at_once(db, settings, email, password, code, signing_in.Place("command"))
        db.commit()
        if isinstance(signed_in, signing_in.Refused):
            typer.echo(signed_in.message, err=True)
            raise typer.Exit(REFUSED)
        try:
            made = own_copy.give(db, settings, signed_in.actor, case)
        finally:
            signing_in.sign_out(db, signed_in.actor)
            db.commit()
    to.mkdir(parents=True, exist_ok=True)
    file = to / made.filename
    file.touch(mode=0o600, exist_ok=True)  # it holds everything about somebody
    file.write_bytes(made.body)
    typer.echo(f"written: {file}")

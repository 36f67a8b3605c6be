"""`toetssteen sign-on-test`: tries the settings of single sign-on without anybody signing in."""

import typer

from app.cli.database import the_database
from app.cli.output import REFUSED
from app.cli.running import read_settings


def sign_on_test() -> None:
    """Look at the settings of single sign-on, and ask the provider what can be asked without a person.

    Ends with exit code 2 when something has to be mended first. Who may come in, and in which role, only a real sign-in
    tells: the roles stand in the token of a person.
    """
    from app.usecases.trying_sign_on import look

    settings = read_settings()
    with the_database(settings, writes=False) as db:
        found = look(db, settings)
    for one in found:
        typer.echo(f"{'WRONG' if one.wrong else 'ok'}: {one.text}")
    if any(one.wrong for one in found):
        raise typer.Exit(REFUSED)

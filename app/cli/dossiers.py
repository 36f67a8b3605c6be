"""`toetssteen dossier`: make a document of a case, on behalf of somebody who may."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_database
from app.cli.output import REFUSED
from app.cli.running import read_settings

app = typer.Typer(help="Documents of a case.", no_args_is_help=True)


@app.callback()
def dossier() -> None:
    """Documents of a case."""


@app.command()
def render(
    case: Annotated[str, typer.Argument(help="The id of the case, as it stands in the address of its page.")],
    out: Annotated[Path, typer.Option(help="The file to write.", dir_okay=False)],
    email: Annotated[str, typer.Option(help="Who you are: the address you sign in with.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for when left out.")],
    code: Annotated[
        str, typer.Option(prompt=True, help="The code of your app, or a recovery code. Asked for when left out.")
    ],
    kind: Annotated[str, typer.Option(help="Which document.")] = "council_version",
) -> None:
    """Write a document of a case to a file, as the case stands now.

    You sign in as yourself, so that what you may see is the same as in the browser, and the audit log says who looked.
    The document is not stored with the case.
    """
    from app.dossiers.docx import render_docx
    from app.usecases import documents, house_styles, library, second_step, signing_in

    settings = read_settings()
    library.keep_packs_in(settings.data_dir)
    with the_database(settings) as db:
        signed_in = second_step.at_once(db, settings, email, password, code, signing_in.Place("command"))
        db.commit()
        if isinstance(signed_in, signing_in.Refused):
            typer.echo(signed_in.message, err=True)
            raise typer.Exit(REFUSED)
        try:
            composed = documents.preview(db, signed_in.actor, case, kind)
            style = house_styles.style_of(db, settings, signed_in.actor)
        finally:
            signing_in.sign_out(db, signed_in.actor)
            db.commit()
    out.write_bytes(render_docx(composed, style))
    typer.echo(f"written: {out}")

"""`toetssteen dossier`: make a document."""

import typer

app = typer.Typer(help="Documents of a case.", no_args_is_help=True)

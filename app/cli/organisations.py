"""`toetssteen organisation`: what an organisation chose for itself."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_database
from app.cli.output import REFUSED
from app.cli.running import read_settings
from app.questionnaires.context import Tier

app = typer.Typer(help="What an organisation chose for itself.", no_args_is_help=True)


@app.callback()
def organisation() -> None:
    """What an organisation chose for itself."""


@app.command()
def add(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    tier: Annotated[Tier, typer.Option(help="The kind of authority.")],
) -> None:
    """Make an organisation without anybody in it: where people come in through single sign-on, the first one is there."""
    from app.usecases.people import organisation_for_command

    settings = read_settings()
    with the_database(settings) as db:
        row = organisation_for_command(db, organisation, tier)
    typer.echo(f"there is {row.name} ({row.tier})")


@app.command()
def style(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    file: Annotated[
        Path | None, typer.Argument(help="A Word file with the named styles.", exists=True, dir_okay=False)
    ] = None,
    *,
    neutral: Annotated[
        bool, typer.Option("--neutral", help="Go back to the style that comes with the product.")
    ] = False,
) -> None:
    """Choose the Word style of the documents of an organisation. What is wrong with the file is told all at once.

    The file is copied into the data folder. Documents that were made before stay as they are.
    """
    from app.usecases import house_styles

    if (file is None) != neutral:
        typer.echo("give a Word file, or --neutral", err=True)
        raise typer.Exit(REFUSED)
    settings = read_settings()
    with the_database(settings) as db:
        if file is None:
            house_styles.choose_neutral(db, organisation)
        else:
            house_styles.choose(db, settings, organisation, file)
    typer.echo(f"documents of {organisation} now use {file.name if file else 'the neutral style'}")


@app.command()
def theme(
    name: Annotated[str, typer.Argument(help="The name of a theme: a file of design tokens, without its extension.")],
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
) -> None:
    """Choose the theme of an organisation on the screen: its colours and letters."""
    from app.usecases import house_styles
    from app.web.assets import themes

    if name not in themes():
        typer.echo(f"there is no theme {name!r}; there is: {', '.join(themes())}", err=True)
        raise typer.Exit(REFUSED)
    settings = read_settings()
    with the_database(settings) as db:
        house_styles.choose_theme(db, organisation, name)
    typer.echo(f"pages of {organisation} now have the theme {name}")


@app.command()
def code(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    file: Annotated[
        Path | None, typer.Argument(help="A pack of local rules, in YAML.", exists=True, dir_okay=False)
    ] = None,
    *,
    none: Annotated[bool, typer.Option("--none", help="Go without local rules again.")] = False,
) -> None:
    """Choose the local rules of an organisation: its own code of conduct, beside the rules of the product.

    Everything that is wrong with the pack is told at once, and its examples are run. The file is copied into the data
    folder. Open cases are weighed again; what was concluded and stored stays as it is.
    """
    from app.usecases import local_rules

    if (file is None) != none:
        typer.echo("give a pack, or --none", err=True)
        raise typer.Exit(REFUSED)
    settings = read_settings()
    with the_database(settings) as db:
        pack = None
        if file is None:
            local_rules.choose_none(db, organisation)
        else:
            pack = local_rules.choose(db, settings, organisation, file)
    told = f"{len(pack.rules)} local rules of {pack.code}" if pack else "no local rules"
    typer.echo(f"cases of {organisation} are now weighed with {told}")


@app.command()
def clerk(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    reason: Annotated[str, typer.Option(help="Why; clerk and principal read it on the site.")],
    *,
    closed: Annotated[
        bool, typer.Option("--closed/--open", help="Close the content of cases to the clerk, or open it again.")
    ],
) -> None:
    """Close the content of every case to the clerk, or open it again. On the site the principal does this.

    A clerk then sees names, steps, dates, and the council version that went to the council. It counts at once.
    """
    from app.usecases import closing_to_clerk

    settings = read_settings()
    with the_database(settings) as db:
        closing_to_clerk.set_by_command(db, organisation, closed=closed, reason=reason)
    typer.echo(f"the content of cases of {organisation} is {'closed to' if closed else 'open for'} the clerk")


@app.command()
def mails(
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    *,
    links: Annotated[
        bool, typer.Option("--links/--no-links", help="With links, or with an address and a reference to type.")
    ],
) -> None:
    """Choose whether mails to candidates carry links. It holds from the next mail on."""
    from app.usecases.organisations import set_mail_links_by_command

    settings = read_settings()
    with the_database(settings) as db:
        set_mail_links_by_command(db, organisation, links=links)
    typer.echo(f"mails to candidates of {organisation} go out {'with' if links else 'without'} links")

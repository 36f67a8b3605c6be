"""`toetssteen serve`, `migrate`, `check`, `person`, `demo` and `outbox`: run an installation."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.database import the_database, the_engine
from app.cli.output import REFUSED, problems_told
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role

if TYPE_CHECKING:
    from app.settings import Settings

person = typer.Typer(help="The people of an organisation.", no_args_is_help=True)
demo = typer.Typer(help="Invented organisations, people and cases to try things out with.", no_args_is_help=True)
outbox = typer.Typer(help="Mail that waits to be sent.", no_args_is_help=True)

KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than a proxy keeps one (60 in nginx), which would otherwise send
a save into a connection that is just being closed."""


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Start the web server."""
    import uvicorn

    from app.main import create_app

    with problems_told():
        product = create_app(read_settings())
    # no access log: the path of an invitation is a key, and a log is read by many
    uvicorn.run(
        product,
        host=host,
        port=port,
        access_log=False,
        log_config=None,  # `app.logs` speaks for the server too
        ws="none",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
    )


def migrate() -> None:
    """Bring the database to the shape this release works with; an SQLite file is copied first."""
    from app.store import migrating, revisions

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    before = revisions.current(settings.database)
    migrating.upgrade(settings.database)
    after = revisions.newest()
    typer.echo(f"database up to date ({after})" if before == after else f"database migrated from {before} to {after}")


def check() -> None:
    """Check settings, questionnaires, rulebooks and templates, and print every problem at once."""
    from app.cli.checking import everything_wrong

    problems, looked_at = everything_wrong()
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(looked_at)
    if problems:
        typer.echo(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}", err=True)
        raise typer.Exit(REFUSED)


@person.command("add")
def add_person(
    organisation: Annotated[str, typer.Option(help="The name of the organisation; made when it is new.")],
    name: Annotated[str, typer.Option(help="The name of the person.")],
    email: Annotated[str, typer.Option(help="The address they sign in with.")],
    role: Annotated[Role, typer.Option(help="What they do: clerk, principal, analyst, auditor or admin.")],
    tier: Annotated[Tier | None, typer.Option(help="The kind of authority, for a new organisation.")] = None,
    password: Annotated[
        str | None, typer.Option(help="A first password, for scripts. Left out: they get a link and choose one.")
    ] = None,
) -> None:
    """Give somebody an account, and print the link with which they begin. It works once; the same link is mailed.

    With a password there is no link: they set up the second proof when they first sign in.
    """
    from app.usecases.lines import PersonLine
    from app.usecases.people import add_person_by_command
    from app.usecases.starting_over import by_command

    settings = read_settings()
    with the_database(settings) as db:
        done = add_person_by_command(
            db, settings, organisation=organisation, tier=tier, name=name, email=email, role=role, password=password
        )
        if isinstance(done, PersonLine):
            link = by_command(db, settings, done.email, "") if password is None else ""
            db.commit()
            typer.echo(f"{done.name} can sign in as {done.email} ({done.role})")
            if link:
                typer.echo(f"they begin here, within {settings.account_link_hours} hours: {link}")
            return
        for problem in done:
            typer.echo(f"{problem.field}: {problem.message}", err=True)
        raise typer.Exit(REFUSED)


@person.command("invite")
def invite_person(
    email: Annotated[str, typer.Option(help="The address they sign in with.")],
    reason: Annotated[
        str,
        typer.Option(help="Why. Needed for who signed in before; they read it in their mail, and it is kept sealed."),
    ] = "",
) -> None:
    """Print a new link for somebody who cannot sign in. Password, app, passkeys and recovery codes they had are gone.

    For an organisation without a second person to agree: otherwise two people do this on the page of the account. It is
    on record, and the link is mailed too.
    """
    from app.usecases.starting_over import by_command

    settings = read_settings()
    with the_database(settings) as db:
        link = by_command(db, settings, email, reason)
    typer.echo(f"they begin here, within {settings.account_link_hours} hours: {link}")


@demo.command("code")
def demo_code(
    email: Annotated[str, typer.Argument(help="The address of an invented person.")],
) -> None:
    """Print the code that the app of an invented person shows now. Development only."""
    from app.usecases.demo import codes

    settings = read_settings()
    with the_database(settings, writes=False) as db:
        code = codes.code_now(db, settings, email)
    if not code:
        typer.echo(
            "no code: this is no invented person, or the last two codes were just used (wait half a minute)", err=True
        )
        raise typer.Exit(REFUSED)
    typer.echo(code)


@demo.command("load")
def load_demo() -> None:
    """Load invented organisations, people and cases, and print the accounts. Loading twice does no harm."""
    from app.usecases import demo as invented

    settings = read_settings()
    with the_database(settings) as db:
        loaded = invented.load(db, settings)
    for line in loaded.lines:
        typer.echo(line)


@outbox.command("run")
def run_outbox() -> None:
    """Send the mail that waits, once."""
    from app.usecases.mailbox import deliver_once

    settings = read_settings()
    with the_engine(settings) as engine:
        done = deliver_once(engine, settings)
    typer.echo(f"{done.sent} sent, {done.failed} failed")


def read_settings() -> "Settings":
    """Read the settings; what is wrong with them is told one by one."""
    from pydantic import ValidationError

    from app.cli.checking import settings_problems
    from app.settings import Settings
    from app.store import processing

    try:
        settings = Settings()
    except ValidationError:
        for problem in settings_problems():
            typer.echo(str(problem), err=True)
        raise typer.Exit(REFUSED) from None
    processing.write_to(settings.processing_log, settings.processing_activity, settings.processing_log_key)
    return settings

"""The command line: `toetssteen`. Every command calls one function of the product and says what came of it.

Commands that need no database and no web server do not load them: imports of the shell stand inside the commands.
"""

import os
from typing import Annotated

import typer

from app import __version__, logs
from app.cli import (
    assessing,
    audit,
    backups,
    clock,
    dossiers,
    inzage,
    keys,
    organisations,
    publishing,
    questionnaires,
    retention,
    rights,
    rules,
    running,
    scanner,
    schemas,
    signing_on,
)

FAILED = 1
"""The exit code of a command that stopped at an error nobody foresaw."""

app = typer.Typer(
    name="toetssteen",
    help="Risk analysis of interests and office for candidates: start the product, work with rules, try out cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables would show what somebody answered
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"toetssteen {__version__}")
        raise typer.Exit


@app.callback()
def toetssteen(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say which version this is.",
            is_eager=True,
            callback=lambda asked: _say_version(asked=asked),
        ),
    ] = False,
) -> None:
    """Risk analysis of interests and office for candidates: start the product, work with rules, try out cases."""


app.command("serve")(running.serve)
app.command("migrate")(running.migrate)
app.command("check")(running.check)
app.command("scan-test")(scanner.scan_test)
app.command("sign-on-test")(signing_on.sign_on_test)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("restore-check")(backups.restore_check)
app.command("rights-report")(rights.rights_report)
app.command("assess")(assessing.assess)
app.command("schema")(schemas.schema)
app.command("inzage")(inzage.inzage)
app.command("publish")(publishing.publish_everything)
app.add_typer(rules.app, name="rules")
app.add_typer(questionnaires.app, name="questionnaires")
app.add_typer(dossiers.app, name="dossier")
app.add_typer(organisations.app, name="organisation")
app.add_typer(retention.app, name="retention")
app.add_typer(keys.app, name="keys")
app.add_typer(running.person, name="person")
app.add_typer(running.demo, name="demo")
app.add_typer(running.outbox, name="outbox")
app.add_typer(audit.app, name="audit")
app.add_typer(clock.app, name="clock")

__all__ = ["app"]


OTHERS_NOTHING = 0o027
"""What the files of this process are not: writable for its group, or anything for others. A shipper of logs joins the group."""


def keep_to_oneself() -> None:
    """Let nobody else on this machine read what this process writes, and write no memory to disk when it crashes.

    In memory are keys and answers; in files, beside what is sealed, the names of colleagues and where cases stand.
    """
    os.umask(os.umask(OTHERS_NOTHING) | OTHERS_NOTHING)
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Run a command as a process of its own.

    Of an error that nobody foresaw its kind and its places are told: its message may hold what somebody answered.
    """
    logs.speak_for_everything()
    keep_to_oneself()
    try:
        app()
    except Exception as error:  # noqa: BLE001 - whatever it is, its message stays inside
        logs.error("command_failed", exc_info=error)
        typer.echo("The command stopped at an error that was not foreseen. The line above says where.", err=True)
        raise SystemExit(FAILED) from None

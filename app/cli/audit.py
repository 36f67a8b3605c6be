"""`toetssteen audit`: check the audit log, write down where it ends, find somebody in the processing log."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import the_database, the_engine
from app.cli.output import problems_told
from app.cli.running import read_settings

app = typer.Typer(help="The audit log: is it whole, and where does it end.", no_args_is_help=True)

NOT_WHOLE = 1
"""The exit code when the log was tampered with."""


@app.command()
def verify(
    heads: Annotated[
        Path | None, typer.Option(help="Heads that were exported before; the log must still go through each of them.")
    ] = None,
    case: Annotated[str, typer.Option(help="The id of a case: check the lines about it and nothing else.")] = "",
    *,
    record: Annotated[bool, typer.Option(help="Write in the log that it was checked, and what came of it.")] = True,
) -> None:
    """Check that no line of the audit log was changed, added, removed, moved or cut off, and that the database refuses it.

    Exit code 0: the log is whole and guarded. 1: it is not; what is wrong stands on standard error. 2: it could not be
    checked. Without exported heads somebody with every right in the database can hide a change by working out everything
    after it anew.
    """
    from app.store.engine import open_session
    from app.usecases import audit_log

    settings = read_settings()
    with problems_told():
        exported = audit_log.read_heads(heads) if heads else ()
    with the_engine(settings, keys=False) as engine:
        with open_session(engine, writes=False) as db:
            checked = audit_log.check(db, exported, case)
        if record:
            with open_session(engine) as db:
                audit_log.record(db, checked)
                db.commit()
    for fault in checked.faults:
        typer.echo(f"{fault.chain} {fault.number}: {fault.reason}", err=True)
    for trigger in checked.unguarded:
        typer.echo(f"{trigger}: this trigger is gone or switched off, so the database does not guard the log", err=True)
    if not checked.in_order:
        typer.echo(f"the audit log is {'not guarded' if checked.whole else 'not whole'}", err=True)
        raise typer.Exit(NOT_WHOLE)
    against = f", and goes through {len(exported)} exported heads" if exported else ""
    typer.echo(f"the audit log is whole: {checked.lines} lines{against}")


@app.command("heads")
def export(
    out: Annotated[
        Path | None, typer.Option(help="Add to this file. Left out: standard output.", dir_okay=False)
    ] = None,
    *,
    cases: Annotated[bool, typer.Option(help="Also where the lines about each case end.")] = False,
) -> None:
    """Write down where the audit log ends now, as lines of JSON, to keep on another machine."""
    from app.usecases import audit_log

    with the_database(read_settings(), writes=False, keys=False) as db:
        lines = audit_log.heads(db, cases=cases)
    if out is None:
        for line in lines:
            typer.echo(line)
        return
    with out.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


@app.command()
def subject(case: Annotated[str, typer.Argument(help="The id of the case.")]) -> None:
    """Tell under which name the processing log knows the candidate of a case."""
    from app.store.processing import pseudonym

    typer.echo(pseudonym(read_settings().processing_log_key.encode(), case))

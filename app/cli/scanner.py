"""`toetssteen scan-test`: tries the virus scanner with files that harm nobody."""

import typer

from app.cli.output import REFUSED
from app.cli.running import read_settings


def scan_test() -> None:
    """Ask the virus scanner about an ordinary file, about the EICAR test file, and about one of the largest size.

    Ends with exit code 2 when there is no scanner, or when it does not find what it has to find.
    """
    from app.usecases.scanning import EICAR, Scan, scan

    settings = read_settings()
    if not settings.clamd_address:
        typer.echo("no scanner: TOETSSTEEN_CLAMD_ADDRESS is empty, so files are not scanned", err=True)
        raise typer.Exit(REFUSED)
    tries = (
        ("an ordinary file", b"Toetssteen", Scan.CLEAN),
        ("the EICAR test file", EICAR, Scan.FOUND),
        (f"a file of {settings.attachment_bytes:,} bytes", bytes(settings.attachment_bytes), Scan.CLEAN),
    )
    wrong = 0
    for name, body, expected in tries:
        said = scan(settings.clamd_address, body, seconds=settings.clamd_seconds)
        wrong += said is not expected
        typer.echo(f"{name}: {said}" + ("" if said is expected else f", and that should be {expected}"))
    if wrong:
        raise typer.Exit(REFUSED)

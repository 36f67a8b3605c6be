"""How commands speak: results on standard output, problems on standard error with exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.errors import Broken, DeclarationNeeded, KeysMissing, NotAllowed, NotFound, Unreadable

REFUSED = 2
"""The exit code when what was asked cannot be done: every problem stands on standard error."""


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what can go wrong on purpose into readable lines and exit code 2."""
    try:
        yield
    except Broken as broken:
        for problem in broken.problems:
            typer.echo(str(problem), err=True)
        count = len(broken.problems)
        typer.echo(f"{count} problem{'' if count == 1 else 's'}", err=True)
        raise typer.Exit(REFUSED) from None
    except NotAllowed as refusal:
        typer.echo(refusal.reason, err=True)
        raise typer.Exit(REFUSED) from None
    except DeclarationNeeded as first:
        typer.echo(f"{first}: sign in on the site and open case {first.case_id}", err=True)
        raise typer.Exit(REFUSED) from None
    except (NotFound, KeysMissing, Unreadable) as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(REFUSED) from None

"""The Word style of an organisation: checked when it is chosen, kept beside the database, used by every document.

The file stands in the data folder under the SHA-256 of its bytes, so that an older document can always be traced to the
style it was made with. The organisation remembers only that digest; without one it uses the neutral style.
"""

import hashlib
from pathlib import Path

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.dossiers.house_style import neutral, problems_with
from app.errors import Broken, NotAllowed, NotFound, Problem
from app.settings import Settings
from app.store import audit, people
from app.store.rows import OrganisationRow

FOLDER = "house_styles"
LARGEST = 2_000_000
"""Bytes. A style with a logo is some tens of kilobytes; every document carries its style."""
_SETTING = "house_style"


def choose(db: Session, settings: Settings, organisation: str, file: Path) -> str:
    """Let an organisation use a Word file as its style, and give the digest of that file.

    Raises NotFound for an unknown organisation, and Broken with everything that is wrong with the file.
    """
    row = _organisation(db, organisation)
    body = file.read_bytes()
    problems = problems_with(body, file.name) if len(body) <= LARGEST else (_too_large(file.name, len(body)),)
    if problems:
        raise Broken(problems)
    digest = hashlib.sha256(body).hexdigest()
    kept = _place(settings, digest)
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.is_file():
        part = kept.with_suffix(".part")
        part.write_bytes(body)
        part.replace(kept)
    _remember(db, row, digest)
    return digest


def choose_neutral(db: Session, organisation: str) -> None:
    """Let an organisation go back to the neutral style. Raises NotFound for an unknown organisation."""
    _remember(db, _organisation(db, organisation), "")


def choose_theme(db: Session, organisation: str, theme: str) -> None:
    """Let an organisation use a theme on the screen. Raises NotFound for an unknown organisation.

    The caller knows which themes there are.
    """
    row = _organisation(db, organisation)
    row.theme = theme
    audit.append(db, system_actor(row.id), "settings_changed", "organisation", row.id, detail={"changed": ["theme"]})


def style_digest(db: Session, actor: Actor) -> str:
    """Give the SHA-256 of the style that documents of one's own organisation are made with."""
    chosen: str = people.organisation_of(db, actor).settings.get(_SETTING, "")
    return chosen or hashlib.sha256(neutral()).hexdigest()


def style_of(db: Session, settings: Settings, actor: Actor) -> bytes:
    """Give the style of one's own organisation. Raises NotAllowed when its file is gone: no document in another look."""
    chosen: str = people.organisation_of(db, actor).settings.get(_SETTING, "")
    if not chosen:
        return neutral()
    try:
        return _place(settings, chosen).read_bytes()
    except FileNotFoundError:
        raise NotAllowed(
            "Het bestand met de huisstijl van uw organisatie staat niet meer op de server. "
            "Vraag de beheerder om de huisstijl opnieuw in te stellen."
        ) from None


def _place(settings: Settings, digest: str) -> Path:
    return settings.data_dir / FOLDER / f"{digest}.docx"


def _organisation(db: Session, name: str) -> OrganisationRow:
    row = people.organisation_named(db, name)
    if row is None:
        raise NotFound(f"no organisation {name!r}")
    return row


def _remember(db: Session, row: OrganisationRow, digest: str) -> None:
    row.settings = {**row.settings, _SETTING: digest}
    detail = {"changed": [_SETTING], "sha256": digest}
    audit.append(db, system_actor(row.id), "settings_changed", "organisation", row.id, detail=detail)


def _too_large(name: str, size: int) -> Problem:
    return Problem(name, 0, f"{size} bytes is too large for a style", f"at most {LARGEST}; make the pictures smaller")

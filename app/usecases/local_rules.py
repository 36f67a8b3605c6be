"""The local rules of an organisation: a pack chosen by command, kept beside the database, weighed in its own cases.

The file stands in the data folder under the SHA-256 of its bytes, and the organisation remembers that digest. So a pack
that was weighed can always be found again, and the digest of the rulebook in a receipt covers it.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from app.accounts.actor import system_actor
from app.errors import Broken, NotAllowed, NotFound, Problem
from app.questionnaires.model import Questionnaire
from app.risk_rules.loading import load_rulebook
from app.risk_rules.packs import Pack, load_pack, try_pack, with_pack
from app.risk_rules.rulebook import RuleBook
from app.risk_rules.testing import run_examples
from app.settings import Settings
from app.store import audit, cases, people
from app.store.rows import OrganisationRow
from app.usecases import library
from app.usecases.lines import today
from app.usecases.publishing.local import chosen_by, publish_pack

LARGEST = 500_000
"""Bytes. A pack of twenty rules is some twenty kilobytes."""


def choose(db: Session, settings: Settings, organisation: str, file: Path) -> Pack:
    """Let an organisation use a file as its local rules. From then on its cases are weighed with them.

    Raises NotFound for an unknown organisation, NotAllowed when the pack is for another kind of authority, and Broken
    with everything that is wrong with the pack, its examples included.
    """
    row = _organisation(db, organisation)
    pack = checked(file)
    if row.tier not in pack.tiers:
        raise NotAllowed(f"{pack.code} is for {', '.join(pack.tiers)}, and {organisation} is a {row.tier}")
    kept = settings.data_dir / library.PACKS / f"{pack.digest}.yaml"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.is_file():
        part = kept.with_suffix(".part")
        part.write_bytes(file.read_bytes())
        part.replace(kept)
    library.keep_packs_in(settings.data_dir)
    publish_pack(kept.parent, pack.digest, today())
    _remember(db, row, pack.digest)
    return pack


def choose_none(db: Session, organisation: str) -> None:
    """Let an organisation go without local rules again. Raises NotFound for an unknown organisation."""
    _remember(db, _organisation(db, organisation), "")


def checked(file: Path, asked: Questionnaire | None = None) -> Pack:
    """Read a pack and run its examples. Raises Broken with everything that is wrong."""
    if file.stat().st_size > LARGEST:
        raise Broken([Problem(file.name, 0, "the file is too large for a pack", f"at most {LARGEST} bytes")])
    asked = asked or library.newest()
    book = load_rulebook(asked, examples=False)
    pack = load_pack(file, book)
    wrong = _wrong_examples(book, pack, asked)
    if wrong:
        raise Broken(wrong)
    return pack


def _wrong_examples(book: RuleBook, pack: Pack, asked: Questionnaire) -> list[Problem]:
    alone = replace(with_pack(book, pack), rules=pack.rules)
    results = run_examples(alone, asked)
    return [Problem(one.file, one.line, f"{one.rule} ({one.why}): {one.trouble}") for one in results if not one.ok]


def problems_in(folder: Path, asked: Questionnaire) -> tuple[int, list[Problem]]:
    """Give how many packs lie in a data folder, and what is wrong with them under this questionnaire and these rules.

    Their examples are run too: a pack that fits a new release can still say something else there.
    """
    book = library.rulebook(asked)
    problems: list[Problem] = []
    count = 0
    for file in sorted((folder / library.PACKS).glob("*.yaml")):
        count += 1
        if hashlib.sha256(file.read_bytes()).hexdigest() != file.stem:
            problems.append(Problem(file.name, 0, "the file was changed after it was chosen", "choose it again"))
        pack, wrong = try_pack(file, book)
        problems += wrong if wrong or pack is None else _wrong_examples(book, pack, asked)
    return count, problems


def _organisation(db: Session, name: str) -> OrganisationRow:
    row = people.organisation_named(db, name)
    if row is None:
        raise NotFound(f"no organisation {name!r}")
    return row


def _remember(db: Session, row: OrganisationRow, digest: str) -> None:
    if people.pack_of(db, row.id) == digest:
        return
    chosen = [[name, day.isoformat()] for name, day in chosen_by(row)]
    if digest:
        chosen.append([digest, today().isoformat()])
    row.settings = {**row.settings, people.LOCAL_RULES: digest, people.CHOSEN_BEFORE: chosen}
    detail = {"changed": [people.LOCAL_RULES], "sha256": digest}
    audit.append(db, system_actor(row.id), "settings_changed", "organisation", row.id, detail=detail)
    # what was worked out with the old rules is of no use any more, in this process and in every other
    cases.touch_all(db, row.id)

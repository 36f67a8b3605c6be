"""The questionnaires and rulebooks this installation works with, read once."""

from functools import cache
from pathlib import Path

from app.errors import Broken, NotAllowed, NotFound
from app.questionnaires import loading
from app.questionnaires.model import Questionnaire
from app.risk_rules.loading import load_rulebook
from app.risk_rules.packs import Pack, load_pack, with_pack
from app.risk_rules.rulebook import RuleBook
from app.usecases.lines import CaseLine


def newest() -> Questionnaire:
    """Give the newest questionnaire for candidates: what a new case is pinned to."""
    return loading.newest()


def questionnaire(questionnaire_id: str, version: int) -> Questionnaire:
    """Give one version of a questionnaire. Raises NotFound when this release does not carry it."""
    found = loading.library().get((questionnaire_id, version))
    if found is None:
        raise NotFound(f"this release has no questionnaire {questionnaire_id} version {version}")
    return found


def questionnaire_of(case: CaseLine) -> Questionnaire:
    """Give the version a case is pinned to, which need not be the newest."""
    return questionnaire(case.questionnaire, case.questionnaire_version)


@cache
def _rulebook(questionnaire_id: str, version: int) -> RuleBook:
    return load_rulebook(questionnaire(questionnaire_id, version), examples=False)


def rulebook(asked: Questionnaire, pack: str = "") -> RuleBook:
    """Give the rulebook, checked against this questionnaire. Raises Broken when the two do not fit.

    ``pack`` is the digest of the local rules that belong in it, "" for none. Raises NotAllowed when those are gone or do
    not fit any more: no case is weighed with rules silently left out.
    """
    return _with_local(asked.id, asked.version, pack) if pack else _rulebook(asked.id, asked.version)


PACKS = "packs"
"""The folder for local rules, in the data folder."""
_folders: list[Path] = []


def keep_packs_in(data_dir: Path) -> None:
    """Say where local rules are kept. Packs are found by their digest, so that several folders never get mixed up."""
    folder = data_dir / PACKS
    if folder not in _folders:
        _folders.append(folder)


def kept(name: str) -> Path | None:
    """Find a file in the folder for local rules; `None`: there is none of that name."""
    return next((found for folder in reversed(_folders) if (found := folder / name).is_file()), None)


def kept_all(pattern: str) -> tuple[Path, ...]:
    """Find the files in the folders for local rules whose names fit."""
    return tuple(found for folder in _folders for found in sorted(folder.glob(pattern)))


@cache
def _with_local(questionnaire_id: str, version: int, pack: str) -> RuleBook:
    book = _rulebook(questionnaire_id, version)
    return with_pack(book, _local(book, pack, examples=False))


def local_rules(asked: Questionnaire, pack: str) -> Pack:
    """Read the local rules of this digest with their examples. Raises NotAllowed as `rulebook` does."""
    return _local(rulebook(asked), pack, examples=True)


def _local(book: RuleBook, pack: str, *, examples: bool) -> Pack:
    file = kept(f"{pack}.yaml")
    if file is None:
        raise NotAllowed(
            "Het bestand met de regels uit de gedragscode van uw organisatie staat niet meer op de server. "
            "Vraag de beheerder om die regels opnieuw in te stellen."
        )
    try:
        return load_pack(file, book, examples=examples)
    except Broken:
        raise NotAllowed(
            "De regels uit de gedragscode van uw organisatie passen niet bij deze versie. "
            "Vraag de beheerder om ze na te lopen."
        ) from None

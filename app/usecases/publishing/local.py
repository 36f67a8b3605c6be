"""The local rules of organisations as published records: their codes of conduct, for anybody.

What a pack says is written beside it when it is chosen, once for every release. So a link to a rule of a code keeps its
words when the code is replaced or dropped, and when a release words a question otherwise.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlmodel import Session

from app import __version__
from app.errors import NotAllowed, NotFound
from app.questionnaires.context import Tier
from app.risk_rules.packs import with_pack
from app.store import people
from app.store.rows import OrganisationRow
from app.usecases import library
from app.usecases.publishing.records import ChangeNoted, PublishedPack, PublishedRule
from app.usecases.publishing.rules import examples_of, record_of
from app.usecases.publishing.versions import Released, told


@dataclass(frozen=True, slots=True)
class LocalCode:
    """The own rules of one organisation. `digest` names the pack its cases are weighed with; "": it has none now."""

    organisation_id: str
    organisation: str
    tier: Tier
    digest: str
    pack: PublishedPack
    """The rules of now with their examples; when there are none now, or they do not fit, those of the last time."""
    fits: bool
    """Whether cases can be weighed with it: not when the file is gone, or is for an earlier release."""

    @property
    def counts(self) -> bool:
        """Whether these are the rules that count today."""
        return bool(self.digest) and self.fits


@dataclass(frozen=True, slots=True)
class LocalRule:
    """One version of a rule of a code, with what happened to the rule."""

    owner: LocalCode
    record: PublishedRule
    current: bool
    history: tuple[ChangeNoted, ...]


def offered(db: Session, tier: Tier | None = None) -> tuple[LocalCode, ...]:
    """Give every organisation whose cases are weighed with rules of its own, by name; of one kind when `tier` is given."""
    rows = [row for row in people.organisations(db) if row.settings.get(people.LOCAL_RULES)]
    found = (_code(row) for row in rows if tier is None or row.tier == tier.value)
    return tuple(one for one in found if one is not None and one.counts)


def code_of(db: Session, organisation_id: str) -> LocalCode:
    """Give the own rules of one organisation, also when it dropped them. Raises NotFound when it never had any."""
    row = people.organisation_with(db, organisation_id)
    found = None if row is None else _code(row)
    if found is None:
        raise NotFound("no rules of their own")
    return found


def rule_of(db: Session, organisation_id: str, rule_id: str, version: str = "") -> LocalRule:
    """Give one version of a rule of a code; without a version the one of now, or the last one. Raises NotFound."""
    owner = code_of(db, organisation_id)
    row = people.organisation_with(db, organisation_id)
    known = _released(row, rule_id) if row is not None else ()
    now = next((one for one in owner.pack.rules if one.id == rule_id), None) if owner.counts else None
    if now is not None and version in {"", now.version}:
        return LocalRule(owner, now, current=True, history=told(known))
    fitting = [one.record for one in known if version in {"", one.record.version}]
    if not fitting:
        raise NotFound("no such version of a rule")
    return LocalRule(owner, fitting[-1], current=False, history=told(known))


def publish_pack(folder: Path, digest: str, day: date) -> None:
    """Write beside a pack what it says in this release, unless that stands there."""
    target = folder / _name(digest, __version__)
    if target.exists():
        return
    part = target.with_suffix(".part")
    part.write_text(_now(digest, day).model_dump_json(exclude={"rules": {"__all__": {"examples"}}}), encoding="utf-8")
    part.replace(target)


def _name(digest: str, release: str) -> str:
    return f"{digest}.{release}.json"


def _code(row: OrganisationRow) -> LocalCode | None:
    digest = str(row.settings.get(people.LOCAL_RULES, ""))
    chosen = chosen_by(row)
    if not chosen:
        return None
    last, day = chosen[-1]
    try:
        pack, fits = _now(last, day), True
    except NotAllowed:
        before = _written(last)
        if not before:
            return None
        pack, fits = before[-1], False
    return LocalCode(row.id, row.name, Tier(row.tier), digest, pack, fits)


def chosen_by(row: OrganisationRow) -> list[tuple[str, date]]:
    """Give the digest of every pack an organisation chose, oldest first, with the day."""
    noted: list[list[str]] = row.settings.get(people.CHOSEN_BEFORE, [])
    known = [(digest, date.fromisoformat(day)) for digest, day in noted]
    digest = str(row.settings.get(people.LOCAL_RULES, ""))
    return known or ([(digest, row.created_at.date())] if digest else [])


def _released(row: OrganisationRow, rule_id: str) -> tuple[Released[PublishedRule], ...]:
    """Give every version of a rule that an organisation ever chose, oldest first; the same words twice count once."""
    found: list[Released[PublishedRule]] = []
    for digest, day in chosen_by(row):
        for pack in _written(digest):
            for record in (one for one in pack.rules if one.id == rule_id):
                if not found or found[-1].record.version != record.version:
                    found.append(Released(record, pack.release, max(day, pack.day)))
    return tuple(found)


@cache
def _now(digest: str, day: date) -> PublishedPack:
    """Give what a pack says in this release. Raises NotAllowed when it is gone or does not fit; that is not kept."""
    asked = library.newest()
    pack = library.local_rules(asked, digest)
    book = with_pack(library.rulebook(asked), pack)
    rules = (
        record_of(rule, book).model_copy(update={"examples": examples_of(rule, asked, book)}) for rule in pack.rules
    )
    return PublishedPack(
        code=pack.code, adopted=pack.adopted, url=pack.url, release=__version__, day=day, rules=tuple(rules)
    )


def _written(digest: str) -> tuple[PublishedPack, ...]:
    """Give what was written beside a pack, oldest release first."""
    files = library.kept_all(f"{digest}.*.json")
    found = (PublishedPack.model_validate_json(file.read_text(encoding="utf-8")) for file in files)
    return tuple(sorted(found, key=lambda one: (one.day, one.release)))

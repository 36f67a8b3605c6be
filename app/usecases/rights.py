"""Who has which rights in an organisation: for the yearly look at them (BIO2 5.18.02), by administrator and auditor."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.errors import NotFound
from app.reviews.lifecycle import Role
from app.store import audit, people
from app.store import rights as stored
from app.store.rows import AuditRow, PersonRow
from app.usecases.lines import ZONE, person_line
from app.usecases.log_pages import harmless
from app.usecases.people import SPECIAL

HEADINGS = (
    "naam", "e-mailadres", "rol", "bijzondere rechten", "sinds", "gegeven door", "tweede bewijs", "laatst ingelogd", "stand",
)  # fmt: skip
"""The columns of the file, in the order of `RightsLine`."""
_PROOFS = {"passkey": "passkey", "app": "app", "single_sign_on": "inlogdienst"}
_BY_ITSELF = "opdracht op de server"
_SINGLE_SIGN_ON = "inlogdienst"


@dataclass(frozen=True, slots=True)
class RightsLine:
    """What one person may, and since when. In words, except the moments."""

    name: str
    email: str
    role: str
    special: bool
    since: datetime
    given_by: str
    proof: str
    last: datetime | None
    state: str


def report(db: Session, actor: Actor) -> tuple[RightsLine, ...]:
    """Give everybody with an account, special rights first. Raises NotFound for all but administrators and auditors."""
    _only_who_watches(actor)
    audit.read(db, actor, "rights_read", "list", "rights")
    return _lines(db, actor)


def export(db: Session, actor: Actor) -> bytes:
    """Give the same as a file for a spreadsheet, and note that it left. Raises what `report` raises."""
    _only_who_watches(actor)
    found = _lines(db, actor)
    audit.append(db, actor, "rights_exported", "list", "rights", detail={"lines": len(found)})
    return as_csv(found)


def by_command(db: Session, organisation: str) -> bytes:
    """Give the file for the organisation with this name. Raises NotFound."""
    row = people.organisation_named(db, organisation)
    if row is None:
        raise NotFound(f"there is no organisation called {organisation!r}")
    return export(db, system_actor(row.id))


def as_csv(found: Iterable[RightsLine]) -> bytes:
    """Write lines for a spreadsheet: semicolons, UTF-8 with a mark, and no cell that could run."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([harmless(_cell(value)) for value in astuple(line)] for line in found)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _lines(db: Session, actor: Actor) -> tuple[RightsLine, ...]:
    given, proofs = stored.given(db, actor.organisation_id), stored.proofs(db, actor.organisation_id)
    rows = people.people_of(db, actor)
    tier = people.organisation_of(db, actor).tier
    lines = (_line(row, tier, given.get(row.id), proofs.get(row.id, frozenset())) for row in rows)
    return tuple(sorted(lines, key=lambda one: (not one.special, one.role, one.name)))


def _line(row: PersonRow, tier: str, given: AuditRow | None, proofs: frozenset[str]) -> RightsLine:
    words = [word for kind, word in _PROOFS.items() if kind in proofs]
    return RightsLine(
        row.name,
        row.email,
        person_line(row, tier).role_title,
        row.role in SPECIAL,
        datetime.fromisoformat(given.at) if given else row.created_at,
        _giver(given),
        " en ".join(words) or "geen",
        row.signed_in_at,
        "aan" if row.active else "uit",
    )


def _giver(given: AuditRow | None) -> str:
    if given is None:
        return ""
    if given.actor_id != "system":
        return given.actor_name
    return _SINGLE_SIGN_ON if "single_sign_on" in given.detail else _BY_ITSELF


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(sep=" ", timespec="minutes")
    return "" if value is None else str(value)


def _only_who_watches(actor: Actor) -> None:
    if actor.is_candidate or actor.role not in {Role.ADMIN, Role.AUDITOR}:
        raise NotFound("only for administrators and auditors")

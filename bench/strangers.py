"""Whether somebody can measure who has an account: a sign-in at an unknown address, against one with a wrong password.

python -m bench.strangers

With the real cost of argon2, through the same use case as the page, in turns. The outcome is the ratio of the medians.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.accounts.passwords import hash_password
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import migrating, signins
from app.store.engine import Engine, open_engine, open_session
from app.usecases import people, signing_in
from app.usecases.signing_in import Place, Refused
from bench.world import PASSWORD

PAIRS = 200
KNOWN, UNKNOWN = "noor@voorbeeldstad.example", "niemand@voorbeeldstad.example"


def lines() -> Iterator[str]:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        migrating.upgrade(settings.database)
        engine = open_engine(settings.database, settings.master_keys)
        with open_session(engine) as db:
            people.add_person_by_command(
                db, settings, organisation="Gemeente Voorbeeldstad", tier=Tier.MUNICIPALITY, name="Noor van Dijk",
                email=KNOWN, role=Role.CLERK, password=PASSWORD,
            )  # fmt: skip
            person = signins.person_by_email(db, KNOWN)
            assert person is not None
            person.password_hash = hash_password(settings, PASSWORD)
            db.commit()
        _attempt(engine, settings, UNKNOWN, 0)
        pairs = [
            (_attempt(engine, settings, UNKNOWN, number), _attempt(engine, settings, KNOWN, number))
            for number in range(1, PAIRS + 1)
        ]
        engine.dispose()
    unknown, known = (statistics.median(column) for column in zip(*pairs, strict=True))
    yield (
        f"P13 a sign-in of somebody unknown takes {unknown * 1000:.1f} ms, a wrong password {known * 1000:.1f} ms: "
        f"{unknown / known:.3f} over {PAIRS} pairs, to reach 0.9 to 1.1"
    )


def _attempt(engine: Engine, settings: Settings, email: str, number: int) -> float:
    # Every pair from a place of its own: else the sixth would find the door closed, which is quicker.
    place = Place(f"198.18.{number // 250}.{number % 250}")
    began = time.perf_counter()
    with open_session(engine) as db:
        outcome = signing_in.begin(db, settings, email, "geraden", place)
        db.commit()
    taken = time.perf_counter() - began
    if outcome != Refused(signing_in.WRONG):
        raise AssertionError(outcome)
    return taken


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

"""P8: whether a save, a section page and the work list cost more when the database fills up.

python -m bench.growth [cases]
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator

from app.accounts.actor import Actor
from app.store.engine import Engine, open_engine, open_session
from app.usecases import answering, sections, signing_in, worklist
from app.usecases.answering import Typed
from bench.world import PASSWORD, installation

MANY = 10_000
FEW = 10
TURNS = 40


def measure(cases: int, organisations: int) -> dict[str, float]:
    """Milliseconds of each act in a database of `cases`."""
    with installation(cases, organisations=organisations) as (settings, sessions):
        engine = open_engine(settings.database)
        with open_session(engine) as db:
            case_id, cookie = sessions[0]
            candidate = signing_in.who(db, settings, cookie.split("=", 1)[1])
            clerk = signing_in.sign_in(db, settings, "griffier0@voorbeeldstad.example", PASSWORD)
            db.commit()
        assert candidate is not None
        assert isinstance(clerk, signing_in.SignedIn)
        found = {
            "save": _median(engine, lambda db, turn: answering.save(db, candidate, case_id, _typed(turn))),
            "section page": _median(engine, lambda db, _: sections.load_section(db, candidate, case_id, "office")),
            "work list": _median(engine, lambda db, _: _work(db, clerk.actor)),
        }
        engine.dispose()
    return found


def _typed(turn: int) -> Typed:
    return Typed("is_adult", ("yes" if turn % 2 else "no",))


def _work(db: object, actor: Actor) -> object:
    return worklist.waiting(db, actor)  # type: ignore[arg-type]


def _median(engine: Engine, act: Callable[..., object]) -> float:
    taken = []
    for turn in range(TURNS):
        with open_session(engine) as db:
            began = time.perf_counter()
            act(db, turn)
            db.commit()
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def lines() -> Iterator[str]:
    """Measure and tell. The work list is of one of ten organisations, with a tenth of the cases."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    small, large = measure(FEW, 10), measure(many, 10)
    for act, before in small.items():
        yield f"P8  {act}: {before:.1f} ms with {FEW} cases, {large[act]:.1f} ms with {many}: {large[act] / before:.2f}, to reach ≤ 1.5"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

"""P8: whether a save, a section page and the work list cost more when the database fills up.

python -m bench.growth [cases]
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.accounts.sessions import SignedIn
from app.store.engine import open_engine, open_session
from app.usecases import answering, sections, signing_in, worklist
from app.usecases.answering import Typed
from bench.world import PASSWORD, installation

MANY = 10_000
FEW = 250
"""So many that each of the ten organisations fills one page of its work list: both databases show the same amount."""
ORGANISATIONS = 10
TURNS = 40

Act = Callable[[int], None]


@contextmanager
def acts(cases: int) -> Iterator[dict[str, Act]]:
    """Give the acts to time, in a database of `cases`."""
    with installation(cases, organisations=ORGANISATIONS) as (settings, opened):
        engine = open_engine(settings.database)
        with open_session(engine) as db:
            case_id, cookie = opened[0]
            candidate = signing_in.who(db, settings, cookie.split("=", 1)[1])
            clerk = signing_in.sign_in(db, settings, "griffier0@voorbeeldstad.example", PASSWORD)
            db.commit()
        assert candidate is not None
        assert isinstance(clerk, SignedIn)

        def save(turn: int) -> None:
            with open_session(engine) as db:
                answering.save(db, candidate, case_id, _typed(turn))
                db.commit()

        def page(_turn: int) -> None:
            with open_session(engine) as db:
                sections.load_section(db, candidate, case_id, "office")
                db.commit()

        def work(_turn: int) -> None:
            with open_session(engine) as db:
                worklist.waiting(db, clerk.actor)
                worklist.totals(db, clerk.actor)
                db.commit()

        yield {"save": save, "section page": page, "work list of 25": work}
        engine.dispose()


def _typed(turn: int) -> Typed:
    return Typed("is_adult", ("yes" if turn % 2 else "no",))


def _seconds(act: Act, turn: int) -> float:
    began = time.perf_counter()
    act(turn)
    return time.perf_counter() - began


def lines() -> Iterator[str]:
    """Measure in turn and tell. The work list is of one of ten organisations, with a tenth of the cases."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with acts(FEW) as small, acts(many) as large:
        for name in small:
            pairs = [(_seconds(small[name], turn), _seconds(large[name], turn)) for turn in range(TURNS)]
            before, after = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
            ratios = sorted(late / early for early, late in pairs)
            yield (
                f"P8  {name}: {before:.1f} ms with {FEW} cases, {after:.1f} ms with {many}: {after / before:.2f} "
                f"({ratios[0]:.2f}–{ratios[-1]:.2f}), to reach ≤ 1.5, goal ≤ 1.2"
            )


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())

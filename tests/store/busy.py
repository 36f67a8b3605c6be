"""A process of its own that makes cases, answers in them and reads back, until its input ends. Run by `test_two_processes.py`."""

import sys
import threading
from pathlib import Path

from sqlmodel import select

from app.accounts.actor import system_actor
from app.crypto import masters
from app.store import audit
from app.store.engine import open_engine, open_session
from app.store.ids import new_id
from app.store.rows import AnswerRow, CaseRow


def main(url: str, keys: str, first: str) -> None:
    """Work on the cases of the organisation of `first`; write a line for every case that was committed."""
    stop = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=wait, daemon=True).start()
    engine = open_engine(url, masters.from_file(Path(keys)))
    while not stop.is_set():
        with open_session(engine) as db:
            model = db.get_one(CaseRow, first)
            made = CaseRow(**{**model.model_dump(), "id": new_id(), "candidate_name": "Anna Veld"})
            db.add(made)
            db.flush()
            actor = system_actor(made.organisation_id)
            for revision in range(1, 4):
                answer = AnswerRow(
                    organisation_id=made.organisation_id, case_id=made.id, path="p", revision=revision,
                    content={"value": revision}, by_id="c", by_name="Anna Veld",
                )  # fmt: skip
                db.add(answer)
                audit.append(db, actor, "answer_saved", "answer", "p", case_id=made.id)
            # Everybody writes about the same case too: there the chains could fork.
            audit.append(db, actor, "case_opened", "case", first, case_id=first)
            db.commit()
            assert len(db.exec(select(AnswerRow).where(AnswerRow.case_id == made.id)).all()) == 3
        sys.stdout.write(f"{made.id}\n")
        sys.stdout.flush()
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])

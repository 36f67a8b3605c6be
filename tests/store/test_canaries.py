"""Nothing that people write in a case can be read from what a thief of the database gets, on either engine."""

from datetime import timedelta

from app.crypto import masters
from app.questionnaires.kinds import Source
from app.store.engine import open_engine, open_session
from app.usecases import (
    attachments,
    cases,
    closing_to_clerk,
    documents,
    hearing,
    notes,
    recording,
    rectifying,
    reviewer_files,
    reviewing,
)
from app.usecases.answering import Typed
from app.usecases.attachments import FileSource, NewFile
from app.usecases.lines import today
from tests.readable import readable
from tests.usecases import files
from tests.usecases.conftest import CHEAP
from tests.usecases.world import CLUB, make_world


def word(name: str) -> str:
    """Something nobody would write by chance."""
    return f"Kanarie-{name}-Qz7"


def test_what_was_written_cannot_be_read_without_a_key(own_database_url: str):
    answers = CLUB | {"side_positions": [CLUB["side_positions"][0] | {"organisation": word("vereniging")}]}
    engine = open_engine(own_database_url, masters.from_text(masters.new_line()))
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        case, candidate = world.answering(name=word("naam"))
        world.fill_in(candidate, answers)
        name, about = f"{word('bestand')}.pdf", word("onderwerp")
        taken = attachments.add(db, CHEAP, candidate, case.id, filename=name, subject=about, body=files.PDF)
        assert isinstance(taken, attachments.AttachmentLine)
        case, candidate = world.in_review(answers)
        flags = [one.flag for one in reviewing.case_review(db, world.analyst, case.id).flags]
        for flag in flags:
            reviewing.record_finding(
                db, world.analyst, case.id, flag.rule, flag.item, word("bevinding"), word("advies")
            )
        recording.record_source(
            db, world.analyst, case.id, Source.PUBLIC_MEDIA, word("bron"), today(), word("gevonden")
        )
        notes.write(db, world.analyst, case.id, word("notitie"), shared=True)
        found = reviewer_files.add(
            db, CHEAP, world.analyst, case.id, NewFile(f"{word('vondst')}.pdf", word("gevondenstuk"), files.PDF),
            FileSource(Source.PUBLIC_MEDIA, word("herkomst"), today()),
        )  # fmt: skip
        assert isinstance(found, attachments.AttachmentLine)
        closing_to_clerk.set_closed(db, world.principal, closed=True, reason=word("sluiting"))
        hearing.send_concept(db, world.analyst, case.id, today() + timedelta(days=7))
        hearing.reply(db, candidate, case.id, flags[0].rule, flags[0].item, word("reactie"))
        documents.receipt(db, CHEAP, candidate, case.id)
        rectifying.ask(db, CHEAP, candidate, case.id, Typed("is_resident", ("no",)), "", word("vergissing"))
        cases.withdraw(db, candidate, case.id, word("reden"))
        written = [
            word(name)
            for name in (
                "naam", "vereniging", "onderwerp", "bestand", "bevinding", "advies", "bron", "gevonden", "reactie", "vergissing", "reden",
                "notitie", "sluiting",
            )
        ]  # fmt: skip
        db.commit()
    engine.dispose()
    assert readable(own_database_url, [*written, "anna@voorbeeld.example"]) == set()
    # The same search does find what stands there in the clear.
    assert readable(own_database_url, ["gerda.griffioen@voorbeeld.example"])

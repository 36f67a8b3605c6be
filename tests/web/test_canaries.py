"""What people type in a whole case cannot be read from anything a thief gets, and the audit log tells nothing of it.

Everything goes in as it does in the product: over HTTP, as the person whose form it is. A field that is new in the product
fails here until it is typed in too, or is listed with the reason why nothing of anybody stands in it.
"""

import io
import re
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.questionnaires.kinds import Source
from app.reviews.decisions import ConclusionKind, Judgement, Outcome
from app.store import backup
from app.store.engine import open_engine, open_session
from app.store.rows import AuditRow
from app.store.rows.row import Row
from app.usecases import library, own_copy
from tests.databases import Databases
from tests.e2e.stage import Case
from tests.readable import readable
from tests.usecases.test_documents import words as document_words
from tests.web.conftest import House, open_house
from tests.web.typist import Place, Typist, fields_of_the_product, read_fields
from tests.web.whole_journey import beside_the_case, destroy, whole_case

pytestmark = pytest.mark.massive

__all__ = ["read_fields"]

CHOSEN = "one of the answers that the page offers; anything else is refused or means nothing"
ADDRESS = "an address of this site, to go back to"
SECRET = "a password, a code or a proof: kept as a hash, or not at all"
NOT_KEPT = "looked up or shown again, and not kept"
OTHERWISE: dict[str, set[Place]] = {
    CHOSEN: {
        ("cases/attachments.py", "antwoord"),
        ("cases/forms.py", ":alles"),
        ("cases/forms.py", ":relation"),
        ("cases/forms.py", ":revision"),
        ("cases/forms.py", ":state"),
        ("cases/forms.py", "gevraagd"),
        ("cases/items.py", "daarna"),
        ("cases/routes.py", "daarna"),
        ("cases/routes.py", "toevoegen"),
        ("cases/routes.py", "vertellen"),
        ("cases/sending.py", "item"),
        ("cases/sending.py", "naar_waarheid"),
        ("cases/sending.py", "rule"),
        ("cases/sending.py", "stap"),
        ("cases/sending.py", "wijzigingen"),
        ("keeping/own.py", "choice"),
        ("keeping/routes.py", "choices"),
        ("keeping/routes.py", "decision"),
        ("keeping/routes.py", "warn_days"),
        ("people/routes.py", "role"),
        ("rehearsal/taking_over.py", "versie"),
        ("rehearsal/taking_over.py", "vervangen"),
        ("review/answers.py", "question"),
        ("review/closing.py", "until"),
        ("review/files.py", "antwoord"),
        ("review/flags.py", "act"),
        ("review/flags.py", "before_appointment"),
        ("review/flags.py", "kind"),
        ("review/flags.py", "measure"),
        ("review/notes.py", "hier"),
        ("review/notes.py", "item"),
        ("review/notes.py", "readers"),
        ("review/notes.py", "rule"),
        ("review/research.py", "point"),
        ("review/research.py", "toevoegen"),
        ("rights/answering.py", "besluit"),
        ("rights/asking.py", "vraag"),
        ("rounds/candidate_links.py", "links"),
        ("rounds/candidate_links.py", "nieuw"),
        ("rounds/candidates.py", "appointment"),
        ("rounds/candidates.py", "full_time"),
        ("rounds/candidates.py", "portfolio"),
        ("rounds/candidates.py", "reappointment"),
        ("rounds/candidates.py", "replacement"),
        ("rounds/candidates.py", "reviewers"),
        ("rounds/casework.py", "on"),
        ("rounds/casework.py", "outcome"),
        ("rounds/clerk.py", "closed"),
        ("rounds/inviting.py", "code_by"),
        ("rounds/inviting.py", "person"),
        ("rounds/routes.py", "appointment"),
        ("rounds/substitutes.py", "person"),
        ("rounds/versions.py", "versie"),
    },
    ADDRESS: {
        ("account/candidates.py", "terug"),
        ("account/proving.py", "terug"),
        ("account/routes.py", "terug"),
        ("account/single_sign_on.py", "terug"),
        ("review/independence.py", "terug"),
    },
    SECRET: {
        ("account/candidates.py", "antwoord"),
        ("account/candidates.py", "code"),
        ("account/joining.py", "wachtwoord"),
        ("account/own.py", "antwoord"),
        ("account/own.py", "code"),
        ("account/own.py", "naam"),
        ("account/proving.py", "antwoord"),
        ("account/proving.py", "code"),
    },
    NOT_KEPT: {
        ("log/routes.py", "dossier"),
        ("log/routes.py", "resultaat"),
        ("log/routes.py", "wat"),
        ("log/routes.py", "wie"),
        *(("rehearsal/routes.py", name) for name in (
            "herbenoeming", "hier", "naar", "portefeuille", "proef", "voltijd", "voor", "vooruit"
        )),
    },
}  # fmt: skip
"""The fields in which nothing of anybody stands, each with the reason."""

PLAIN = {
    "collega": "names of colleagues stand in the clear",
    "selectielijst": "the selection list of the organisation is a setting",
    "categorie": "and so are its categories",
    "loket": "whom people can call stands below every page, also for who is not signed in",
    "telefoon van het loket": "the same",
    "adres: loket": "the same",
}
"""The words that may be read in the database, each with the reason."""

GONE = {
    "eerste naam": "another name was put in its place",
    "toelichting relatie": "who has no relation has nothing to explain",
}
"""The words that nobody kept, each with the reason."""

NOT_IN_THE_COPY = {
    **GONE,
    "notitie": "the working notes of reviewers are left out, and the copy says why",
    "gewijzigde notitie": "the same",
    "collega": "about a colleague",
    "opnieuw": "the same",
    "categorie": "the category of the selection list is no data about anybody",
}
"""The words that are not in the copy that the candidate takes, each with the reason."""

_COUNCIL = "it stands in the council version, which stays as long as its own term"
STAY = {
    "ronde": "the title of a round belongs to the organisation",
    "opnieuw": "why a colleague begins anew is about the colleague",
    **dict.fromkeys(
        ("naam", "vereniging", "raadstekst", "reactie voor de raad", "door wie", "bewijs", "slotsom", "restrisico"),
        _COUNCIL,
    ),
}
"""The words that the product may still read after the case was destroyed, each with the reason."""


def test_nothing_that_was_typed_can_be_read_without_a_key(
    databases: Databases,
    tmp_path: Path,
    read_fields: set[Place],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Also a large file is written to no disk before it is sealed.
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse_to_write)
    with open_house(databases, tmp_path / "house") as house:
        typist = Typist(house)
        case = whole_case(typist)
        of_the_case = set(typist.words)
        beside_the_case(typist)
        listed = {place for places in OTHERWISE.values() for place in places}
        assert fields_of_the_product() - read_fields - listed == set(), "type something there too, or say why not"
        assert read_fields & listed == set(), "this is typed in: it needs no reason"
        words = typist.words
        require_secret(house, words, tmp_path)
        # So it was really there, and the product can read all of it.
        assert missing_from(house, words) == set(GONE)
        require_silent_log(house, words)
        assert of_the_case - copied(house, case, words) == set(NOT_IN_THE_COPY)
        destroy(typist, case)
        require_secret(house, words, tmp_path)
        assert of_the_case - missing_from(house, words) == set(PLAIN) | set(STAY)
        assert missing_from(house, words) <= of_the_case
        require_silent_log(house, words)
    told = capfd.readouterr()
    assert [name for name, one in words.items() if one in told.out + told.err] == []


def copied(house: House, case: Case, words: dict[str, str]) -> set[str]:
    """Give the names of the words in the copy that the candidate takes: in its record and its document, or in a file of it."""
    answer = house.get_as(case, f"{case.form}/inzage/bestand")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    record, document = held.pop(own_copy.RECORD).decode(), document_words(held.pop(own_copy.DOCUMENT))
    files = "".join(document_words(body) for name, body in held.items() if name.endswith(".docx"))
    return {name for name, one in words.items() if (one in record and one in document) or one in files}


def refuse_to_write(_file: object) -> None:
    raise AssertionError("a form was about to be written to disk")


def require_secret(house: House, words: dict[str, str], folder: Path) -> None:
    """No word can be read from the database, its logs and dumps, from a backup or from what lies in the data folder."""
    settings = house.stage.settings
    secret = {one for name, one in words.items() if name not in PLAIN}
    assert readable(settings.database, secret) == set()
    assert readable(settings.database, [words[name] for name in PLAIN]) == {words[name] for name in PLAIN}
    rows, keys = folder / "rows.backup", folder / "keys.backup"
    for one in (rows, keys):
        one.unlink(missing_ok=True)
    backup.back_up(backup.Place(settings.database, settings.data_dir, settings.master_keys), rows, keys)
    with tarfile.open(rows) as archive:
        copied = [found.read() for entry in archive if (found := archive.extractfile(entry)) is not None]
    copied += [keys.read_bytes(), *(one.read_bytes() for one in settings.data_dir.rglob("*") if one.is_file())]
    assert [one for one in secret if any(one.encode() in text for text in copied)] == []


def missing_from(house: House, words: dict[str, str]) -> set[str]:
    """Give the names of the words that are nowhere in the database, also not for who has the keys."""
    engine = open_engine(house.stage.settings.database, house.stage.settings.master_keys)
    said: list[bytes] = []
    with open_session(engine) as db:
        for table in Row.__subclasses__():
            for row in db.exec(select(table)):
                for value in row.model_dump().values():
                    said.append(value if isinstance(value, bytes) else repr(value).encode())
                    if isinstance(value, bytes) and value[:2] == b"PK":
                        with zipfile.ZipFile(io.BytesIO(value)) as held:
                            said += [held.read(part) for part in held.namelist()]
    engine.dispose()
    return {name for name, one in words.items() if not any(one.encode() in text for text in said)}


def require_silent_log(house: House, words: dict[str, str]) -> None:
    """No line of the log holds a word that was typed, or names a question, a rule, a choice or a decision."""
    asked = library.newest()
    book = library.rulebook(asked)
    telling = {
        *asked.questions, *(one.id for one in book.rules), *book.measures, *map(str, Judgement), *map(str, ConclusionKind),
        *map(str, Outcome), *map(str, Source), *(point.id for part in asked.sections for point in part.talking_points),
    } - {"candidate"}  # fmt: skip
    engine = open_engine(house.stage.settings.database)
    with Session(engine) as db:
        lines = db.exec(select(AuditRow)).all()
    engine.dispose()
    actions = {line.action for line in lines}
    assert actions >= {
        "answer_saved", "answers_saved", "item_added", "finding_recorded", "decision_recorded", "replied", "measure_agreed",
        "discussed", "source_recorded", "correction_requested", "rectification_asked", "concluded", "section_read",
    }  # fmt: skip
    told = []
    for line in lines:
        if line.case_id and line.actor_role == "candidate":
            assert "testclient" not in line.origin
        said = f"{line.object_id} {line.detail} {line.result} {line.origin}"
        told += [(line.action, one) for one in words.values() if one in said + line.actor_name + line.action]
        # Which part of the questionnaire a colleague opened is the same for every candidate.
        if line.object_kind != "section":
            told += [(line.action, one) for one in set(re.findall(r"[A-Za-z][\w.-]*", said)) & telling]
    assert told == []

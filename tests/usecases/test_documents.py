"""Documents come from one record, are stored once, and never overwritten."""

import hashlib
import io

import docx
import pytest
import time_machine

from app.dossiers.docx import render_docx
from app.errors import NotFound
from app.store import cases
from app.store import documents as kept
from app.usecases import answering, documents, recording, reviewing, submitting
from app.usecases.cases import status_page
from tests.usecases.world import CLEAN, World


def words(body: bytes) -> str:
    document = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_council_version_says_what_was_concluded_and_is_kept_with_its_fingerprint(world: World):
    case, _ = world.concluded()
    made = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    line, body = documents.fetch(world.db, world.analyst, made.id)
    assert hashlib.sha256(body).hexdigest() == line.sha256 == made.sha256
    text = words(body)
    assert "Anna Veld" in text
    assert world.principal.name in text
    assert "aandachtspunten" in text


def test_every_document_has_a_number_of_its_own_and_the_older_ones_stay(world: World):
    case, _ = world.in_review()
    first = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    second = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    assert (first.number, second.number) == (1, 2)
    assert [line.id for line in documents.documents(world.db, world.clerk, case.id)] == [second.id, first.id]


def test_a_document_says_that_the_case_changed_after_it(world: World):
    case, _ = world.in_review()
    made = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    flag = reviewing.case_review(world.db, world.analyst, case.id).flags[0].flag
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "Gezien.")
    assert documents.fetch(world.db, world.analyst, made.id)[0].stale


def test_the_same_state_gives_the_same_bytes(world: World):
    case, _ = world.concluded()
    with time_machine.travel(1_800_000_000, tick=False):
        composed = [documents.preview(world.db, world.principal, case.id, "council_version") for _ in range(2)]
    assert composed[0] == composed[1]
    assert render_docx(composed[0]) == render_docx(composed[1])


def test_the_receipt_shows_the_answers_as_they_were_handed_in_and_is_made_once(world: World):
    case, candidate = world.answering()
    with pytest.raises(NotFound):
        documents.receipt(world.db, world.settings, candidate, case.id)
    items = world.fill_in(candidate, {**CLEAN, "companies": [{"id": "co1", "name": "De Linde BV"}]})
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    first = documents.receipt(world.db, world.settings, candidate, case.id)
    reviewing.start_review(world.db, world.analyst, case.id)
    path = f"companies[{items['co1']}].name"
    recording.request_correction(world.db, world.analyst, case.id, (path,), "Klopt de naam?")
    answering.save(world.db, candidate, case.id, answering.Typed(path, ("De Eik BV",)))
    assert documents.receipt(world.db, world.settings, candidate, case.id).id == first.id
    text = words(documents.fetch(world.db, candidate, first.id)[1])
    assert "De Linde BV" in text
    assert "De Eik BV" not in text
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    second = documents.receipt(world.db, world.settings, candidate, case.id)
    assert second.number == 2
    assert "De Eik BV" in words(documents.fetch(world.db, candidate, second.id)[1])
    assert status_page(world.db, candidate, case.id).submissions[0].number == 2


def test_a_kind_that_does_not_exist_or_is_not_for_you_is_not_found(world: World):
    case, candidate = world.in_review()
    for kind in ("receipt", "everything", ""):
        with pytest.raises(NotFound):
            documents.make_document(world.db, world.settings, world.principal, case.id, kind)
    receipt = documents.receipt(world.db, world.settings, candidate, case.id)
    with pytest.raises(NotFound):
        documents.fetch(world.db, world.principal, receipt.id)
    with pytest.raises(NotFound):
        documents.fetch(world.db, world.principal, "no such document")


def test_numbers_count_per_kind(world: World):
    case, candidate = world.in_review()
    documents.receipt(world.db, world.settings, candidate, case.id)
    access = cases.access(world.db, world.principal, case.id)
    assert kept.next_number(world.db, access, "council_version") == 1
    assert kept.next_number(world.db, access, "receipt") == 2

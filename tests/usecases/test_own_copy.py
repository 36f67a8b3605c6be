"""The copy of everything for the candidate: complete in both forms, of this case alone, and as far as the step allows."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from jsonschema import Draft202012Validator

from app.accounts.actor import Actor
from app.errors import DeclarationNeeded, NotFound
from app.questionnaires.kinds import Source
from app.reviews.decisions import ConclusionKind, Outcome
from app.store import audit, cases
from app.store import retention as kept
from app.usecases import (
    answering,
    attachments,
    concluding,
    documents,
    hearing,
    invitations,
    links,
    notes,
    own_copy,
    recording,
    rectifying,
    rectifying_answers,
    retention,
    retention_policy,
    reviewer_files,
    reviewing,
    sections,
    submitting,
)
from app.usecases.answering import Typed
from app.usecases.attachments import FileSource, NewFile
from app.usecases.cases import status_page, withdraw
from app.usecases.lines import today
from app.usecases.retention import Ask
from tests.usecases import files
from tests.usecases.test_documents import words
from tests.usecases.test_retention import policy
from tests.usecases.world import CLUB, World

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "candidate-copy.schema.json"
MISLEADING = "\u202e\u2066\u200b\x07"
"""Signs that turn the direction of a line, or cannot be seen."""


def word(name: str) -> str:
    """Something nobody would write by chance."""
    return f"Kanarie-{name}-Qz7"


def opened(made: own_copy.Archive) -> tuple[str, dict[str, Any], dict[str, bytes]]:
    """Give the words of the document, the record, and every file."""
    with zipfile.ZipFile(io.BytesIO(made.body)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    record: dict[str, Any] = json.loads(held[own_copy.RECORD])
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(record)
    return words(held[own_copy.DOCUMENT]), record, held


def taken(world: World, actor: Actor, case_id: str) -> tuple[str, str, dict[str, bytes]]:
    text, record, held = opened(own_copy.give(world.db, world.settings, actor, case_id))
    return text, json.dumps(record, ensure_ascii=False), held


def answers_with_canaries() -> dict[str, Any]:
    club = CLUB["side_positions"][0] | {"organisation": word("vereniging"), "role": word("rol")}
    return CLUB | {"side_positions": [club]}


def test_everything_that_was_written_is_in_both_forms_when_its_time_has_come(world: World):
    db, told = world.db, answers_with_canaries()
    case, candidate = world.answering(name=word("naam"))
    path = f"side_positions[{world.fill_in(candidate, told)['sp1']}].organisation"
    answering.save(db, candidate, case.id, Typed(path, (word("verbeterd"),), note=word("toelichting")))
    name = f"{word('bestand')}.pdf"
    added = attachments.add(
        db, world.settings, candidate, case.id, filename=name, subject=word("onderwerp"), body=files.PDF
    )
    assert isinstance(added, attachments.AttachmentLine)
    submitting.submit(db, world.settings, candidate, case.id, truthful=True, will_report=True)
    documents.receipt(db, world.settings, candidate, case.id)
    reviewing.start_review(db, world.analyst, case.id)
    notes.write(db, world.analyst, case.id, word("notitie"), shared=True)
    flags = [one.flag for one in reviewing.case_review(db, world.analyst, case.id).flags]
    for flag in flags:
        reviewing.record_finding(db, world.analyst, case.id, flag.rule, flag.item, word("bevinding"), word("advies"))
    recording.record_source(db, world.analyst, case.id, Source.PUBLIC_MEDIA, word("bron"), today(), word("gevonden"))
    add_evidence(world, case.id)
    recording.request_correction(db, world.analyst, case.id, ("is_resident",), word("aanvulling"))

    asked = rectifying.ask(
        db, world.settings, candidate, case.id, Typed("companies", ()), word("moetzijn"), word("vergissing")
    )
    assert isinstance(asked, rectifying.RequestLine)
    rectifying_answers.answer(db, world.clerk, case.id, asked.id, agreed=False, reason=word("nee"))

    by_now = (
        "moetzijn",
        "vergissing",
        "nee",
        "naam",
        "vereniging",
        "rol",
        "verbeterd",
        "toelichting",
        "bestand",
        "onderwerp",
        "aanvulling",
    )
    with_concept = ("bevinding", "advies", "bron", "gevonden", "reactie", "antwoord")
    at_the_end = ("besluit", "slotsom", "restrisico")
    for text in taken(world, candidate, case.id)[:2]:
        assert [one for one in by_now if word(one) not in text] == []
        assert [one for one in (*with_concept, *at_the_end) if word(one) in text] == []

    submitting.submit(db, world.settings, candidate, case.id, truthful=True, will_report=True)
    hearing.send_concept(db, world.analyst, case.id, today() + timedelta(days=7))
    hearing.reply(db, candidate, case.id, flags[0].rule, flags[0].item, word("reactie"))
    hearing.respond(db, candidate, case.id, word("antwoord"))
    for flag in flags[1:]:
        hearing.not_asked(db, world.analyst, case.id, flag.rule, flag.item, "Spreekt voor zich.")
    hearing.close(db, world.analyst, case.id)
    for flag in flags:
        reviewing.decide(db, world.principal, case.id, flag.rule, flag.item, Outcome.ATTENTION_POINT, word("besluit"))
    for text in taken(world, candidate, case.id)[:2]:
        assert [one for one in (*by_now, *with_concept) if word(one) not in text] == []
        assert [one for one in at_the_end if word(one) in text] == []

    concluding.conclude(
        db, world.principal, case.id, ConclusionKind.ATTENTION_POINTS, word("slotsom"), word("restrisico")
    )
    documents.make_document(db, world.settings, world.principal, case.id, "council_version")
    assert not any("raadsversie" in name for name in taken(world, candidate, case.id)[2])
    concluding.present(db, world.principal, case.id)
    in_document, in_record, held = taken(world, candidate, case.id)
    for text in (in_document, in_record):
        assert [one for one in (*by_now, *with_concept, *at_the_end) if word(one) not in text] == []
        assert word("notitie") not in text
        assert "Olga Onderwater" in text
        assert "geen relatie met u te hebben" in in_document
    kept = json.loads(in_record)
    assert {one["name"] for one in kept["reviewers"]} == {"Gerda Griffioen", "Bram Burgers", "Olga Onderwater"}
    line, theirs = both_sides(kept, held, in_document)
    assert theirs["about"] == attachments.places(world.db, candidate, case.id)["is_resident"]
    assert {one["title"] for one in kept["documents"]} == {"Ontvangstbewijs", "Raadsversie"}
    assert all(hashlib.sha256(held[one["file"]]).hexdigest() == one["sha256"] for one in kept["documents"])
    assert set(held) == {
        own_copy.DOCUMENT,
        own_copy.RECORD,
        line["file"],
        theirs["file"],
        *(one["file"] for one in kept["documents"]),
    }


def add_evidence(world: World, case_id: str) -> None:
    """Let a reviewer add a file, with where it comes from, at an answer."""
    found = reviewer_files.add(
        world.db, world.settings, world.analyst, case_id,
        NewFile(f"{word('vondst')}.pdf", word("stuk"), files.PDF, "is_resident"),
        FileSource(Source.PUBLIC_MEDIA, word("herkomst"), today()),
    )  # fmt: skip
    assert isinstance(found, attachments.AttachmentLine)


def both_sides(kept: dict[str, Any], held: dict[str, bytes], in_document: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the line of the candidate's file and that of the reviewer's, both held against the archive."""
    own, theirs = kept["attachments"]
    assert (own["by_reviewer"], theirs["by_reviewer"]) == (False, True)
    for one in (own, theirs):
        assert held[one["file"]] == files.PDF
        assert one["sha256"] == hashlib.sha256(files.PDF).hexdigest()
        assert one["sha256"] in in_document
    assert (theirs["by"], theirs["source"]) == ("Olga Onderwater", "Openbare media")
    assert (theirs["origin"], theirs["obtained_on"]) == (word("herkomst"), today().isoformat())
    assert "Bijlagen die beoordelaars toevoegden" in in_document
    return own, theirs


def test_nothing_of_another_case_and_no_way_in_is_in_it(world: World):
    other, somebody = world.answering(name=word("ander"))
    world.fill_in(somebody, answers_with_canaries())
    case, _ = world.answering()
    invited = world.invited(case)
    candidate = world.enter(invited)
    for text in taken(world, candidate, case.id)[:2]:
        assert not [one for one in ("ander", "vereniging", "rol") if word(one) in text]
        assert other.id not in text
        assert invited.link.rpartition("/")[2] not in text
        assert invited.code not in text
        assert "Notities van beoordelaars" in text
    with pytest.raises(NotFound):
        own_copy.give(world.db, world.settings, candidate, other.id)


def test_every_answer_that_was_ever_given_is_in_it_in_order(world: World):
    case, candidate = world.answering()
    sent = world.fill_in(candidate, CLUB)
    path = f"side_positions[{sent['sp1']}].organisation"
    for name in ("Eerste naam", "Tweede naam"):
        answering.save(world.db, candidate, case.id, Typed(path, (name,)))
    answering.save(world.db, candidate, case.id, Typed(path, ("Te laat",), revision=1))
    answering.remove_item(world.db, candidate, case.id, "side_positions", sent["sp1"])
    text, record, _ = opened(own_copy.give(world.db, world.settings, candidate, case.id))
    question = next(one for part in record["sections"] for one in part["questions"] if one["path"] == path)
    given = ["Sportvereniging De Vlieghei", "Eerste naam", "Tweede naam"]
    assert [one["answer"] for one in question["revisions"] if not one["overtaken"]] == given
    assert [one["answer"] for one in question["revisions"] if one["overtaken"]] == ["Te laat"]
    assert (question["removed"], question["asked"]) == (True, False)
    assert all(name in text for name in (*given, "Te laat", "het onderdeel is verwijderd"))


def test_every_answer_on_the_pages_is_in_both_forms(world: World):
    case, candidate = world.in_review()
    text, record, _ = opened(own_copy.give(world.db, world.settings, candidate, case.id))
    in_record = {one["path"]: one for part in record["sections"] for one in part["questions"]}
    shown = [
        question
        for part in sections.task_list(world.db, candidate, case.id).sections
        for top in sections.load_section(world.db, candidate, case.id, part.id).questions
        for question in (top, *(inner for item in top.items for inner in item.questions))
    ]
    assert len(shown) > 30
    for question in shown:
        kept = in_record[question.path]
        assert (kept["answer"], kept["question"]) == (question.shown, question.question.label)
        assert kept["why"] in text
        assert question.question.label in text


def test_signs_that_mislead_and_formulas_do_no_harm(world: World):
    formula = '=HYPERLINK("http://kwaad.example";"klik")'
    case, candidate = world.heard()
    hearing.back_to_review(world.db, world.analyst, case.id, f"{MISLEADING}{formula}{MISLEADING}")
    text, record, _ = opened(own_copy.give(world.db, world.settings, candidate, case.id))
    assert record["steps"][-1]["reason"] == formula
    assert formula in text
    assert not [sign for sign in MISLEADING if sign in text or sign in json.dumps(record, ensure_ascii=False)]
    # A link in a document goes to a norm, never to what somebody typed.
    with zipfile.ZipFile(io.BytesIO(own_copy.give(world.db, world.settings, candidate, case.id).body)) as archive:
        document = docx.Document(io.BytesIO(archive.read(own_copy.DOCUMENT)))
    assert not [one for one in document.part.rels.values() if one.is_external and "kwaad" in one.target_ref]


def test_who_made_a_copy_is_on_record_and_the_candidate_sees_a_colleague_did(world: World):
    case, candidate = world.in_review()
    own_copy.give(world.db, world.settings, candidate, case.id)
    assert not [one for one in status_page(world.db, candidate, case.id).opened_by if "kopie" in one.what]
    own_copy.give(world.db, world.settings, world.clerk, case.id)
    (line,) = [one for one in status_page(world.db, candidate, case.id).opened_by if "kopie" in one.what]
    assert line.name == world.clerk.name
    lines = audit.of_case(world.db, world.clerk.organisation_id, case.id, ("copy_taken", "copy_given"))
    assert [(one.action, one.actor_role) for one in lines] == [("copy_given", "clerk"), ("copy_taken", "candidate")]


def test_a_colleague_gets_what_the_candidate_may_read_and_no_more(world: World):
    case, candidate = world.in_review()
    flag = reviewing.case_review(world.db, world.analyst, case.id).flags[0].flag
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, word("bevinding"))
    for text in taken(world, world.principal, case.id)[:2]:
        assert word("bevinding") not in text
        assert "De Vlieghei" in text
    for stranger in (world.analyst, world.idle_analyst, world.auditor, world.admin, world.elsewhere):
        with pytest.raises(NotFound):
            own_copy.give(world.db, world.settings, stranger, case.id)
    new = world.undeclared()
    with pytest.raises(DeclarationNeeded):
        own_copy.give(world.db, world.settings, world.clerk, new.id)
    assert cases.access(world.db, candidate, case.id).case.id == case.id


def test_why_a_link_was_taken_back_and_what_was_asked_about_keeping_is_in_it(world: World):
    retention_policy.set_policy(world.db, world.admin, policy())
    case, _ = world.answering()
    links.revoke(world.db, world.settings, world.clerk, case.id, word("link"), again=True)
    invitations.begin_again(world.db, world.settings, world.clerk, case.id, word("telefoon"))
    candidate = world.enter(world.invited(case))
    withdraw(world.db, candidate, case.id)
    retention.ask(world.db, world.clerk, case.id, Ask.HOLD, word("vasthouden"))
    asked = retention.ask(world.db, world.clerk, case.id, Ask.RELEASE, word("loslaten"))
    retention.decided(world.db, world.principal, case.id, asked, accepted=False)
    for text in taken(world, candidate, case.id)[:2]:
        assert [one for one in ("link", "telefoon", "vasthouden", "loslaten") if word(one) not in text] == []
        assert "nee, besloten door Bram Burgers" in text


def test_after_withdrawing_the_copy_is_still_there(world: World):
    case, candidate = world.in_review()
    withdraw(world.db, candidate, case.id, word("reden"))
    for text in taken(world, candidate, case.id)[:2]:
        assert word("reden") in text


def test_a_council_version_that_was_made_after_the_one_that_was_sent_is_not_in_the_copy(world: World):
    case, candidate = world.concluded()

    def made() -> str:
        return documents.make_document(world.db, world.settings, world.principal, case.id, "council_version").sha256

    sent = made()
    concluding.present(world.db, world.principal, case.id)
    later = made()
    record, _ = own_copy.gather(world.db, cases.access(world.db, candidate, case.id))
    found = {one.sha256 for one in record.documents}
    assert sent in found
    assert later not in found


IN_THE_COPY = {
    "answer",
    "attachment",
    "candidate_way",
    "conclusion",
    "correction_request",
    "decision",
    "document",
    "finding",
    "hearing",
    "independence_declaration",
    "invitation",
    "item",
    "lost_answer",
    "measure",
    "outbox",
    "rectification",
    "reply",
    "retention_request",
    "sign_in",
    "source_consulted",
    "step_change",
    "submission",
    "talking_point_discussed",
}
WITH_A_GROUND = {
    "assessment_frozen": "worked out from the answers by rules that anybody can read; what matters of it stands under the points",
    "candidate_device": "a mark and a day; the sessions in it tell the same",
    "candidate_step": "lives some minutes, while somebody logs in",
    "case_member": "who reviews stands there with what they declared",
    "reviewer_note": "left out, and the copy says why",
}
"""The tables about a case that are not in the copy, each with the reason."""


def test_every_table_about_a_candidate_is_in_the_copy_or_has_a_ground_not_to_be():
    assert not IN_THE_COPY & set(WITH_A_GROUND)
    assert {table.name for table in kept.tables_of_a_case()} == IN_THE_COPY | set(WITH_A_GROUND)

"""The local rules of an organisation: chosen by command, weighed in its own cases only, and never left out in silence."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from app.errors import Broken, NotAllowed, NotFound
from app.questionnaires.loading import newest
from app.settings import Settings
from app.store import audit, cases, people
from app.store.engine import open_session
from app.store.rows import AuditRow
from app.usecases import library, local_rules, reviewing
from app.usecases.answering import Typed
from app.usecases.assessing import CaseReading, read_case
from app.usecases.autosaving import compiled
from app.web.review.mapping import flag_card, written_before
from tests.usecases.test_autosaving import Desk, desk_on
from tests.usecases.world import CLEAN, World

PACK = Path(__file__).parents[2] / "docs" / "examples" / "packs" / "gedragscode-voorbeeldstad.yaml"
HERE = "Gemeente Voorbeeldstad"
GIFT = {**CLEAN, "gifts": [{"id": "g1", "giver": "association", "returned": "no"}]}


@pytest.fixture
def world(world: World, tmp_path: Path) -> World:
    """The world with a data folder of its own."""
    return replace(world, settings=world.settings.model_copy(update={"data_dir": tmp_path}))


def reading(world: World, case_id: str) -> CaseReading:
    return read_case(world.db, cases.access(world.db, world.clerk, case_id).case)


def flags(found: CaseReading) -> set[str]:
    return {one.rule.id for one in found.assessment.flags}


def test_cases_of_the_organisation_are_weighed_with_its_own_rules_from_then_on(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, GIFT)
    before = reading(world, case.id)
    assert "PACK-01" not in flags(before)
    pack = local_rules.choose(world.db, world.settings, HERE, PACK)
    after = reading(world, case.id)
    assert flags(after) - flags(before) >= {"PACK-01"}
    assert flags(before) <= flags(after)
    assert after.rulebook.code == pack.code
    assert after.assessment.receipt.rulebook_digest != before.assessment.receipt.rulebook_digest
    local_rules.choose_none(world.db, HERE)
    assert flags(reading(world, case.id)) == flags(before)


def test_another_organisation_does_not_get_them(world: World) -> None:
    local_rules.choose(world.db, world.settings, HERE, PACK)
    assert people.pack_of(world.db, world.clerk.organisation_id)
    assert people.pack_of(world.db, world.elsewhere.organisation_id) == ""
    assert not [rule.id for rule in library.rulebook(newest()).rules if rule.id.startswith("PACK")]


def test_the_change_is_in_the_audit_log_once(world: World) -> None:
    pack = local_rules.choose(world.db, world.settings, HERE, PACK)
    local_rules.choose(world.db, world.settings, HERE, PACK)
    found = world.db.exec(select(AuditRow).where(AuditRow.action == "settings_changed")).all()
    assert [json.loads(row.detail)["sha256"] for row in found] == [pack.digest]
    assert audit.verify(world.db) == ()


def test_a_pack_for_another_kind_of_authority_is_refused(world: World) -> None:
    with pytest.raises(NotAllowed, match="Provincie Middenland is a province"):
        local_rules.choose(world.db, world.settings, "Provincie Middenland", PACK)
    with pytest.raises(NotFound):
        local_rules.choose(world.db, world.settings, "Gemeente Nergens", PACK)


def test_a_pack_with_a_mistake_or_a_wrong_example_is_not_chosen(world: World) -> None:
    file = world.settings.data_dir / "fout.yaml"
    text = PACK.read_text(encoding="utf-8")
    for old, new in (
        ("id: PACK-01", "id: GW-01"),
        ("share_pct: 4.99}]}, expect: none", "share_pct: 5}]}, expect: none"),
        ("pack:", "#" * local_rules.LARGEST + "\npack:"),
    ):
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(Broken):
            local_rules.choose(world.db, world.settings, HERE, file)
    assert people.pack_of(world.db, world.clerk.organisation_id) == ""


def test_no_case_is_weighed_when_the_rules_are_gone_or_do_not_fit(world: World) -> None:
    case, _ = world.answering()
    file = world.settings.data_dir / "eigen.yaml"
    text = PACK.read_text(encoding="utf-8").replace("gift_limit: 50", "gift_limit: 75")
    file.write_text(text, encoding="utf-8")
    pack = local_rules.choose(world.db, world.settings, HERE, file)
    kept = world.settings.data_dir / library.PACKS / f"{pack.digest}.yaml"
    kept.rename(kept.with_suffix(".weg"))
    with pytest.raises(NotAllowed, match="staat niet meer op de server"):
        reading(world, case.id)
    kept.write_text(text.replace("gifts.returned", "gifts.weg"), encoding="utf-8")
    with pytest.raises(NotAllowed, match="passen niet bij deze versie"):
        reading(world, case.id)
    count, problems = local_rules.problems_in(world.settings.data_dir, newest())
    assert count == 1
    said = [str(problem) for problem in problems]
    assert any("was changed after it was chosen" in one for one in said)
    assert any("unknown question 'gifts.weg'" in one for one in said)
    kept.write_text(text.replace("share_pct: 4.99}]}, expect: none", "share_pct: 5}]}, expect: none"), encoding="utf-8")
    _, problems = local_rules.problems_in(world.settings.data_dir, newest())
    assert any("PACK-03 (net eronder)" in str(problem) for problem in problems)


def test_what_was_written_about_a_rule_of_a_dropped_code_stays_to_be_read(world: World) -> None:
    local_rules.choose(world.db, world.settings, HERE, PACK)
    case, _ = world.in_review(GIFT)
    before = reviewing.case_review(world.db, world.analyst, case.id)
    flag = next(one.flag for one in before.flags if one.flag.rule == "PACK-01")
    reviewing.record_finding(world.db, world.analyst, case.id, flag.rule, flag.item, "Het cadeau is gemeld.")
    assert reviewing.case_review(world.db, world.analyst, case.id).left == ()
    local_rules.choose_none(world.db, HERE)
    review = reviewing.case_review(world.db, world.analyst, case.id)
    (left,) = review.left
    assert (left.rule, left.item, left.rule_is_gone) == (flag.rule, flag.item, True)
    (shown,) = written_before(review)
    assert "Deze regel telt niet meer mee." in shown.reason
    assert [one.text for one in shown.remarks] == ["Het cadeau is gemeld."]


def test_a_reviewer_sees_that_it_is_the_own_code_and_which(world: World) -> None:
    local_rules.choose(world.db, world.settings, HERE, PACK)
    case, _ = world.in_review(GIFT)
    shown = reviewing.case_review(world.db, world.analyst, case.id).flags
    cards = {card.rule: card for card in (flag_card(flag, "/") for flag in shown)}
    assert cards["PACK-01"].frame == "Eigen gedragscode"
    (norm,) = cards["PACK-01"].norms
    assert norm.label == "Gedragscode integriteit wethouders Voorbeeldstad (art. 6)"
    assert not [card.rule for card in cards.values() if card.frame == "Eigen gedragscode" and "PACK" not in card.rule]


def test_what_was_said_about_a_local_flag_stays_when_the_rules_go(world: World) -> None:
    local_rules.choose(world.db, world.settings, HERE, PACK)
    case, _ = world.in_review(GIFT)
    (key,) = (
        flag.flag
        for flag in reviewing.case_review(world.db, world.analyst, case.id).flags
        if flag.flag.rule == "PACK-01"
    )
    reviewing.record_finding(world.db, world.analyst, case.id, key.rule, key.item, "Volgens artikel 6 van de code.")
    local_rules.choose_none(world.db, HERE)
    left = reviewing.case_review(world.db, world.analyst, case.id)
    assert "PACK-01" not in {flag.flag.rule for flag in left.flags}
    local_rules.choose(world.db, world.settings, HERE, PACK)
    again = reviewing.case_review(world.db, world.analyst, case.id)
    (back,) = (flag for flag in again.flags if flag.flag.rule == "PACK-01")
    assert [finding.motivation for finding in back.findings] == ["Volgens artikel 6 van de code."]


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    made = desk_on(settings)
    yield made
    made.saver.close()
    made.engine.dispose()


def test_the_fast_road_weighs_them_too_and_notices_that_they_were_chosen(desk: Desk, settings: Settings) -> None:
    before = desk.save(Typed("information_matters", ("confidential_knowledge",)))
    assert before is not None
    with open_session(desk.engine) as db:
        local_rules.choose(db, settings, HERE, PACK)
        db.commit()
    private = Typed("information_matters", ("private_channels",))
    # what was in memory is of no use any more: the ordinary road takes this one, and after it the fast one is back
    assert desk.save(private) is None
    desk.save_slowly(private, desk.fast)
    both = Typed("information_matters", ("confidential_knowledge", "private_channels"))
    saved = desk.save(both)
    assert saved is not None
    assert "PACK-05" in {flag.rule for flag in saved.section.flags}
    assert "PACK-05" not in compiled(newest()).readers["information_matters"]

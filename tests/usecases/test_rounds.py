"""Rounds, cases, the work list and the demo: what a clerk does before and around a case."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlmodel import Session

from app.errors import NotAllowed, NotFound
from app.questionnaires.context import LegalFrame, Tier
from app.reviews.lifecycle import Role, Step
from app.reviews.retention import End, Standing
from app.settings import Environment, Settings
from app.store import audit, outbox
from app.usecases import (
    answering,
    cases,
    demo,
    entering,
    keeping_daily,
    library,
    mailbox,
    organisations,
    people,
    reminding,
    retention_overview,
    retention_policy,
    rounds,
    sections,
    worklist,
)
from app.usecases.answering import Typed
from app.usecases.lines import CaseLine, today
from app.usecases.organisations import Contact
from app.usecases.signing_in import Refused
from tests.signing_in import PASSWORD
from tests.usecases.world import World, token_of


def test_a_round_needs_a_name(world: World):
    refused = rounds.open_round(world.db, world.clerk, "  ", None)
    assert isinstance(refused, tuple)
    assert [problem.field for problem in refused] == ["title"]


def test_a_case_takes_the_date_of_its_round_and_the_office_of_its_authority(world: World):
    planned = world.round(date(2027, 3, 1))
    case = rounds.add_case(world.db, world.clerk, planned.id, rounds.NewCase(name="Anna Veld", email="a@b.example"))
    assert isinstance(case, CaseLine)
    assert (case.appointment_date, case.office_title, case.step) == (date(2027, 3, 1), "wethouder", Step.DRAFT)
    there = rounds.open_round(world.db, world.elsewhere, "Nieuw college", None)
    assert isinstance(there, rounds.RoundLine)
    theirs = rounds.add_case(world.db, world.elsewhere, there.id, rounds.NewCase(name="Piet", email="p@b.example"))
    assert isinstance(theirs, CaseLine)
    assert (theirs.office_title, theirs.context.tier) == ("gedeputeerde", Tier.PROVINCE)


def test_every_problem_with_a_new_case_is_told_at_once(world: World):
    refused = rounds.add_case(world.db, world.clerk, world.round().id, rounds.NewCase(name="", email="geen adres"))
    assert isinstance(refused, tuple)
    assert [problem.field for problem in refused] == ["name", "email"]


def test_dates_are_counted_back_from_the_appointment(world: World):
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        planned = world.round(date(2027, 3, 1))
        dates = {row.id: row.on for row in rounds.round_view(world.db, world.clerk, planned.id).deadlines}
    assert dates["vog_earliest"] == date(2026, 12, 1)
    assert dates["answers"] == date(2027, 2, 1)


def test_offsets_of_the_organisation_count(world: World):
    organisations.set_agreements(world.db, world.admin, offsets={"answers": 10}, contact=Contact("Het loket"))
    planned = world.round(date(2027, 3, 1))
    dates = {row.id: row.on for row in rounds.round_view(world.db, world.clerk, planned.id).deadlines}
    assert dates["answers"] == date(2027, 2, 19)
    assert str(organisations.agreements(world.db, world.clerk).contact) == "Het loket"
    with pytest.raises(NotFound):
        organisations.set_agreements(world.db, world.analyst, offsets={}, contact=Contact())


def test_another_portfolio_weighs_the_same_answers_anew(world: World):
    case, candidate = world.answering(portfolio=("culture",))
    world.fill_in(candidate, {"companies": [{"name": "De Linde BV", "policy_field": "land", "share_pct": 60}]})

    def heaviest() -> int:
        shown = sections.load_section(world.db, candidate, case.id, "companies").flags
        return max((flag.severity for flag in shown if flag.rule == "COM-01"), default=0)

    before = heaviest()
    rounds.set_context(world.db, world.clerk, case.id, portfolio=("land",), legal_frame=LegalFrame.IN_FORCE)
    assert heaviest() > before


def test_dates_cannot_change_any_more_once_handed_in(world: World):
    case, _ = world.in_review()
    with pytest.raises(NotAllowed):
        rounds.set_dates(world.db, world.clerk, case.id, today())


def test_a_name_can_be_corrected_until_the_candidate_has_begun(world: World):
    case = world.case()
    renamed = rounds.rename(world.db, world.clerk, case.id, name="Anna van der Veld", email="anna@nieuw.example")
    assert isinstance(renamed, CaseLine)
    assert renamed.candidate_name == "Anna van der Veld"
    refused = rounds.rename(world.db, world.clerk, case.id, name="", email="x")
    assert isinstance(refused, tuple)
    world.enter(world.invited(case))
    with pytest.raises(NotAllowed):
        rounds.rename(world.db, world.clerk, case.id, name="Iemand anders", email="x@y.example")


def test_with_another_address_the_link_that_was_mailed_stops_working(world: World):
    case = world.case()
    wrong = world.invited(case)
    rounds.rename(world.db, world.clerk, case.id, name="Anna Veld-de Boer", email="ANNA@voorbeeld.example")
    door = entering.begin(world.db, world.settings, token_of(wrong), wrong.code)
    assert isinstance(door, entering.AtDoor), "the same address, the same link"
    rounds.rename(world.db, world.clerk, case.id, name="Anna Veld", email="anna.veld@voorbeeld.example")
    assert entering.waiting(world.db, door.token) is None
    assert isinstance(entering.begin(world.db, world.settings, token_of(wrong), wrong.code), Refused)
    right = world.invited(case)
    assert isinstance(entering.begin(world.db, world.settings, token_of(right), right.code), entering.AtDoor)


def test_a_case_stays_with_the_questionnaire_it_began_with(world: World):
    case, candidate = world.answering()
    assert library.questionnaire("kandidaat-bestuurder", 1).version == 1
    with pytest.raises(NotFound):
        library.questionnaire("kandidaat-bestuurder", 999)
    assert sections.task_list(world.db, candidate, case.id).case.version >= 1


def test_withdrawing_ends_the_questionnaire_and_destroys_nothing(world: World):
    case, candidate = world.answering()
    answering.save(world.db, candidate, case.id, Typed("is_resident", ("yes",)))
    cases.withdraw(world.db, candidate, case.id, "Ik zie ervan af.")
    with pytest.raises(NotAllowed):
        answering.save(world.db, candidate, case.id, Typed("is_resident", ("no",)))
    view = sections.load_section(world.db, candidate, case.id, "office")
    assert next(one for one in view.questions if one.path == "is_resident").shown == "ja"
    assert cases.status_page(world.db, candidate, case.id).timeline[-1].reason == "Ik zie ervan af."


def test_the_work_list_puts_first_what_waits_for_this_person(world: World):
    waiting, _ = world.in_review()
    answering_case, _ = world.answering(name="Ander Mens")
    lines = worklist.waiting(world.db, world.principal)
    assert [(line.case.id, line.mine) for line in lines] == [(waiting.id, True), (answering_case.id, False)]
    assert lines[0].due is not None
    assert not lines[0].late


def test_what_is_late_says_so(world: World):
    world.case(appointment_date=today() + timedelta(days=1))
    assert [line.late for line in worklist.waiting(world.db, world.clerk)] == [True]


def test_the_case_page_says_what_can_be_done_now(world: World):
    case = world.case()
    page = cases.case_page(world.db, world.clerk, case.id)
    assert [action.value for action in page.actions] == ["edit_case", "invite", "withdraw"]
    assert page.invitation is None
    assert {member.name for member in page.members} == {world.clerk.name, world.analyst.name}
    world.invited(case)
    after = cases.case_page(world.db, world.clerk, case.id)
    assert after.invitation is not None
    assert not after.invitation.expired
    assert [line.title for line in after.timeline] == ["Uitgenodigd"]


def test_a_reminder_goes_to_whoever_the_case_waits_for_and_once_a_day(world: World, cheap: Settings):
    case, candidate = world.answering()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=False) as clock:
        assert reminding.remind(world.db, cheap, world.clerk, case.id).names == (candidate.name,)
        with pytest.raises(NotAllowed, match="vandaag"):
            reminding.remind(world.db, cheap, world.clerk, case.id)
        clock.shift(timedelta(hours=21))
        assert reminding.remind(world.db, cheap, world.clerk, case.id).names == (candidate.name,)
    mails = [row for row in outbox.newest(world.db) if row.name == "reminder"]
    assert [row.to_address for row in mails] == [case.candidate_email] * 2
    assert candidate.name not in mails[0].content["subject"]
    with pytest.raises(NotAllowed):
        reminding.remind(world.db, cheap, world.analyst, case.id)


def test_a_reminder_to_colleagues_reaches_only_those_who_can_act(world: World, cheap: Settings):
    case, _ = world.in_review()
    assert set(reminding.remind(world.db, cheap, world.principal, case.id).names) == {
        world.clerk.name,
        world.analyst.name,
    }
    cases.withdraw(world.db, world.clerk, case.id)
    with pytest.raises(NotAllowed, match="niemand"):
        reminding.remind(world.db, cheap, world.principal, case.id)


def test_colleagues_are_only_those_of_the_own_organisation(world: World):
    _, candidate = world.answering()
    names = {line.name for line in people.colleagues(world.db, world.clerk)}
    assert world.analyst.name in names
    assert world.elsewhere.name not in names
    analysts = people.colleagues(world.db, world.clerk, Role.ANALYST)
    assert {line.role for line in analysts} == {Role.ANALYST}
    with pytest.raises(NotFound):
        people.colleagues(world.db, candidate)


def test_a_command_adds_the_first_person_and_makes_the_organisation(session: Session, cheap: Settings):
    new: dict[str, Any] = {"name": "Bea", "email": "bea@voorbeeld.example", "role": Role.ADMIN, "password": PASSWORD}
    with pytest.raises(NotFound):
        people.add_person_by_command(session, cheap, organisation="Nieuwstad", tier=None, **new)
    done = people.add_person_by_command(session, cheap, organisation="Nieuwstad", tier=Tier.MUNICIPALITY, **new)
    assert not isinstance(done, tuple)
    assert done.role_title == "beheerder"


def test_the_demo_is_loaded_once_and_shows_four_stages(session: Session, cheap: Settings):
    first, second = demo.load(session, cheap), demo.load(session, cheap)
    assert (first.created, second.created) == (True, False)
    assert len(first.invitations) == 4
    assert first.accounts == second.accounts
    signed_in = demo._acting(session, cheap, "griffier@voorbeeldstad.example")
    steps = sorted(line.case.step.value for line in worklist.waiting(session, signed_in))
    assert steps == ["answering", "in_review", "invited"]
    (ended,) = retention_overview.list_of(session, signed_in)
    assert (ended.end, [one.standing for one in ended.clocks]) == (End.WITHDRAWN, [Standing.RUNNING])
    withdrawn = next(one for one in first.invitations if one.name == "Ilse Vermeer")
    door = entering.begin(session, cheap, withdrawn.link.rpartition("/")[2], withdrawn.code)
    assert isinstance(door, entering.AtDoor)  # to choose what happens with the answers
    assert audit.verify(session) == ()


def test_the_policies_of_the_demo_say_that_they_are_invented(session: Session, cheap: Settings):
    demo.load(session, cheap)
    for name in (demo.MUNICIPALITY, demo.PROVINCE):
        assert "verzonnen" in retention_policy.named(session, name).selection_list
    assert keeping_daily.warn(session, cheap).mails == 0  # a new mailbox holds the mails of the stories alone


def test_the_demo_never_mails_a_code(session: Session, cheap: Settings):
    loaded = demo.load(session, cheap)
    mails = [one.text for one in mailbox.letters(session, cheap)]
    for one in loaded.invitations:
        assert any(one.link in text for text in mails)
        assert not any(one.code in text for text in mails)


def test_the_demo_stays_out_of_production(session: Session):
    real = Settings(
        environment=Environment.PRODUCTION,
        base_url="https://toetssteen.voorbeeldstad.test",
        smtp_host="mail.voorbeeldstad.test",
        mail_from="toetssteen@voorbeeldstad.test",
        security_contact="veilig@voorbeeldstad.test",
        master_key_file=Path("/run/secrets/master.key"),
    )
    with pytest.raises(NotAllowed):
        demo.load(session, real)
    with pytest.raises(NotFound):
        mailbox.letters(session, real)


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"base_url": "http://toetssteen.voorbeeldstad.test"}, "BASE_URL"),
        ({"smtp_host": ""}, "SMTP_HOST"),
        ({"security_contact": ""}, "SECURITY_CONTACT"),
        ({"mail_from": "toetssteen@voorbeeldstad.example"}, "MAIL_FROM"),
        ({"argon2_memory_kib": 1024}, "ARGON2"),
        ({"argon2_time_cost": 1}, "ARGON2"),
        ({"master_key_file": None}, "MASTER_KEY"),
        ({"master_key": "x", "master_key_command": "y"}, "set one"),
    ],
)
def test_production_refuses_what_is_only_safe_at_home(unsafe: dict[str, str | int | None], named: str):
    safe = {
        "environment": "production",
        "base_url": "https://toetssteen.voorbeeldstad.test",
        "smtp_host": "mail.voorbeeldstad.test",
        "mail_from": "toetssteen@voorbeeldstad.test",
        "security_contact": "veilig@voorbeeldstad.test",
        "master_key_file": "/run/secrets/master.key",
    }
    assert Settings.model_validate(safe).unsafe() == ()
    with pytest.raises(ValueError, match=named):
        Settings.model_validate({**safe, **unsafe})


def test_the_local_mailbox_shows_what_was_sent(world: World, cheap: Settings):
    invited = world.invited(world.case())
    newest = mailbox.letters(world.db, cheap)[0]
    assert newest.name == "invitation_link"
    assert invited.link in newest.text
    assert newest.id == outbox.newest(world.db)[0].id

"""Things of another case or another organisation, named in an address or a field by somebody who may open both cases.

Whoever reviews two cases must not mix them up either: what belongs to one is not there in the other. Every request is
answered as one that names nothing, and changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from sqlmodel import select

from app.accounts.actor import system_actor
from app.questionnaires.kinds import Source
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.store.rows import CaseMemberRow, CaseRow, DeclarationRow, PersonRow, RectificationRow, metadata
from app.usecases import (
    attachments,
    cases,
    independence,
    notes,
    people,
    recording,
    rectifying,
    retention,
    retention_policy,
    reviewer_files,
    reviewing,
    rounds,
    starting_over,
)
from app.usecases.answering import Typed
from app.usecases.lines import PersonLine, today
from app.usecases.records import NewMeasure
from tests.databases import Databases
from tests.e2e.stage import Case, _with_candidate
from tests.signing_in import PASSWORD, let_in
from tests.usecases import files
from tests.usecases.test_retention import policy
from tests.usecases.world import World
from tests.web.conftest import House, open_house
from tests.web.test_access_matrix import UNKNOWN, fingerprint

CHANGES_WITH_READING = {"audit_entry", "audit_head", "sign_in"}


@dataclass(frozen=True)
class Two:
    """The house with two cases under review, and one of everything that belongs to the second."""

    house: House
    mine: Case
    theirs: Case
    ids: dict[str, str]

    def ask(self, who: str, route: str, form: dict[str, str], *, known: bool) -> httpx2.Response:
        """Ask for something in the first case, and name something of the second; or something nobody has."""
        named = self.ids if known else dict.fromkeys(self.ids, UNKNOWN) | {"item": "i0000000"}
        method, _, path = route.partition(" ")
        address = path.format(case=self.mine.id, round=self.house.stage.round.rpartition("/")[2], **named)
        sent = {name: value.format(**named) for name, value in form.items()}
        found = self.mine if who == "candidate" else who
        if method == "GET":
            return self.house.get_as(found, address) if isinstance(found, Case) else self.house.get(found, address)
        return self.house.post(found, address, sent)

    def everything(self) -> dict[str, list[str]]:
        """Every row there is, but those that tell of looking."""
        with self.house.stage.world() as world:
            connection = world.db.connection()
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                for table in metadata.sorted_tables
                if table.name not in CHANGES_WITH_READING
            }


@pytest.fixture(scope="module")
def two(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with open_house(databases, tmp_path_factory.mktemp("two")) as house:
        with house.stage.world() as world:
            theirs = _with_candidate(world, world.in_review()[0])
            ids = one_of_everything(world, theirs) | somebody_elsewhere(world)
            world.db.commit()
        yield Two(house, house.stage.cases["review"], theirs, ids)


def one_of_everything(world: World, case: Case) -> dict[str, str]:
    """Give the second case one of everything that has an identity."""
    flag = reviewing.case_review(world.db, world.analyst, case.id).flags[0].flag
    aside = people.add_person(
        world.db, world.settings, world.admin, name="Wim Weg", email="wim@voorbeeld.example", role=Role.ANALYST,
        password=PASSWORD,
    )  # fmt: skip
    assert isinstance(aside, PersonLine)
    actor = let_in(world.db, world.settings, "wim@voorbeeld.example").actor
    rounds.assign(world.db, world.clerk, case.id, aside.id)
    independence.declare(world.db, actor, case.id, Relation.FAMILY, "Mijn zwager.")
    declared = world.db.exec(select(DeclarationRow.id).where(DeclarationRow.person_id == aside.id)).one()
    independence.propose_lift(world.db, world.clerk, case.id, declared, "Toch geen familie.")
    found = reviewer_files.add(
        world.db, world.settings, world.analyst, case.id, attachments.NewFile("u.pdf", "Uittreksel", files.PDF),
        attachments.FileSource(Source.TRADE_REGISTER, "Uittreksel", today()),
    )  # fmt: skip
    assert isinstance(found, attachments.AttachmentLine)
    measure = recording.agree_measure(
        world.db, world.analyst, case.id, NewMeasure(kind=flag.measures[0].id, flags=(flag.key,), owner="Wie", terms="Wat")
    )  # fmt: skip
    rectifying.ask(
        world.db, world.settings, case.actor, case.id, Typed("is_resident", ("no",)), "", "Het was anders."
    )  # fmt: skip
    rectified = world.db.exec(select(RectificationRow.id).where(RectificationRow.case_id == case.id)).one()
    world.db.flush()
    return {
        "note": notes.write(world.db, world.analyst, case.id, "Vraag ernaar.", shared=True),
        "file": found.id,
        "declaration": declared,
        "measure": measure,
        "rectification": rectified,
        "item": case.item,
        "case_of_theirs": case.id,
        "session": case.actor.session_id,
        "request": ended_and_asked(world),
    }


def ended_and_asked(world: World) -> str:
    """A request about keeping some other case that ended."""
    retention_policy.set_policy(world.db, world.admin, policy())
    case, candidate = world.answering()
    cases.withdraw(world.db, candidate, case.id)
    return retention.ask(
        world.db, world.clerk, case.id, retention.Ask.EXTEND, "Er loopt bezwaar.", today().replace(year=2099)
    )


def somebody_elsewhere(world: World) -> dict[str, str]:
    """People of another organisation, and a request of theirs."""
    there = system_actor(world.elsewhere.organisation_id)
    found = {}
    for number, role in enumerate((Role.ADMIN, Role.ADMIN, Role.ANALYST)):
        email = f"elders{number}@voorbeeld.example"
        added = people.add_person(
            world.db, world.settings, there, name="Iemand", email=email, role=role, password=PASSWORD
        )  # fmt: skip
        assert isinstance(added, PersonLine)
        found[f"{role.value}_elsewhere"] = added.id
        actor = let_in(world.db, world.settings, email).actor
    row = world.db.get_one(PersonRow, found["admin_elsewhere"])
    actor = let_in(world.db, world.settings, row.email).actor
    assert starting_over.ask(world.db, world.settings, actor, world.elsewhere.id, "Telefoon kwijt.") is None
    found["start_over"] = starting_over.waiting(world.db, actor)[0].id
    return found


TRIED = [
    ("analyst", "GET /zaken/{case}/beoordeling/notities/{note}", {}),
    ("analyst", "POST /zaken/{case}/beoordeling/notities/{note}", {"note": "Van mij."}),
    ("analyst", "GET /zaken/{case}/beoordeling/notities/{note}/verwijderen", {}),
    ("analyst", "POST /zaken/{case}/beoordeling/notities/{note}/verwijderen", {}),
    ("analyst", "POST /zaken/{case}/beoordeling/notities", {"note": "Over iets elders", "rule": "SPR-01", "item": "{item}"}),
    ("analyst", "GET /zaken/{case}/beoordeling/bijlagen/{file}/verwijderen", {}),
    ("analyst", "POST /zaken/{case}/beoordeling/bijlagen/{file}/verwijderen", {}),
    ("principal", "POST /zaken/{case}/onafhankelijkheid/{declaration}/opheffen", {"reason": "Toch niet."}),
    ("principal", "POST /zaken/{case}/onafhankelijkheid/{declaration}/bevestigen", {}),
    ("principal", "POST /zaken/{case}/beoordeling/correcties/{rectification}", {"besluit": "ja", "reden": "Goed."}),
    ("principal", "POST /zaken/{case}/bewaren/{request}", {"decision": "yes"}),
    ("analyst", "GET /zaken/{case}/beoordeling/signaal/SPR-01/{item}", {}),
    ("analyst", "POST /zaken/{case}/beoordeling/signaal/SPR-01/{item}/bevinding", {"motivation": "Gezien."}),
    ("principal", "POST /zaken/{case}/beoordeling/signaal/SPR-01/{item}/besluit",
     {"outcome": "attention_point", "decision_motivation": "Zo."}),
    ("analyst", "POST /zaken/{case}/beoordeling/signaal/SPR-01/{item}/niet-gevraagd", {"reason": "Zo."}),
    ("analyst", "POST /zaken/{case}/beoordeling/signaal/SPR-01/{item}/maatregel",
     {"kind": "screen", "owner": "Wie", "terms": "Wat"}),
    ("analyst", "POST /zaken/{case}/beoordeling/aanvulling",
     {"question": "side_positions.role[{item}]", "reason": "Welke rol?"}),
    ("analyst", "POST /zaken/{case}/beoordeling/onderzoek/side_positions/{item}/verwijderen", {}),
    ("candidate", "GET /vragenlijst/{case}/side_positions/side_positions/{item}", {}),
    ("candidate", "POST /vragenlijst/{case}/correctie/vraag",
     {"vraag": "side_positions.role[{item}]", "side_positions.role[{item}]": "x", "waarom": "Zo."}),
    ("candidate", "GET /vragenlijst/{case_of_theirs}", {}),
    ("candidate", "GET /bijlagen/{file}", {}),
    ("candidate", "POST /ingelogd/{session}/einde", {}),
    ("clerk", "POST /ingelogd/{session}/einde", {}),
    ("clerk", "POST /zaken/{case}/deelnemers", {"person": "{analyst_elsewhere}"}),
    ("clerk", "POST /rondes/{round}/kandidaat",
     {"name": "Nieuw Mens", "email": "nieuw@voorbeeld.example", "reviewers": "{analyst_elsewhere}"}),
    ("clerk", "POST /vervangers/{declaration}", {"person": "{analyst_elsewhere}"}),
    ("admin", "GET /mensen/{analyst_elsewhere}", {}),
    ("admin", "POST /mensen/{analyst_elsewhere}/rol", {"role": "principal"}),
    ("admin", "POST /mensen/{analyst_elsewhere}/uit", {}),
    ("admin", "POST /mensen/{analyst_elsewhere}/aan", {}),
    ("admin", "POST /mensen/{analyst_elsewhere}/uitnodigen", {}),
    ("admin", "POST /mensen/{analyst_elsewhere}/opnieuw", {"reason": "Kwijt."}),
    ("admin", "POST /opnieuw-beginnen/{start_over}/akkoord", {}),
    ("principal", "POST /opnieuw-beginnen/{start_over}/akkoord", {}),
    ("admin", "POST /opnieuw-beginnen/{start_over}/terugnemen", {}),
]  # fmt: skip


@pytest.mark.parametrize(("who", "route", "form"), TRIED, ids=[f"{who} {route}" for who, route, _ in TRIED])
def test_what_belongs_elsewhere_is_not_there_and_stays_as_it_is(
    two: Two, who: str, route: str, form: dict[str, str]
) -> None:
    before = two.everything()
    answer, nothing = (two.ask(who, route, form, known=known) for known in (True, False))
    assert answer.status_code in {403, 404}
    # A place in the questionnaire without an item, and a colleague who truly stepped aside, are there.
    if "[{item}]" not in str(form) and "vervangers" not in route:
        assert fingerprint(answer) == fingerprint(nothing)
    after = two.everything()
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_measure_of_another_case_is_not_carried_out_here(two: Two) -> None:
    with two.house.stage.world() as world:
        flag = reviewing.case_review(world.db, world.analyst, two.mine.id).flags[0].flag
    address = f"/zaken/{two.mine.id}/beoordeling/signaal/{flag.rule}/{flag.item or '-'}/maatregel/bijwerken"
    before = two.everything()["measure"]
    for act in ({"act": "drop"}, {"act": "done", "done_on": "1-11-2026"}):
        answer = two.house.post("analyst", address, {"measure": two.ids["measure"], **act})
        assert answer.status_code == 404
    assert two.everything()["measure"] == before


def test_a_file_is_not_put_with_an_answer_of_another_case(two: Two) -> None:
    form = {
        "soort": "trade_register", "herkomst": "Uittreksel", "datum": "1-11-2026", "onderwerp": "Uittreksel",
        "antwoord": f"side_positions[{two.ids['item']}]",
    }  # fmt: skip
    answer = two.house.client.post(
        f"/zaken/{two.mine.id}/beoordeling/bijlagen",
        data=form,
        files={"bestand": ("u.pdf", files.PDF)},
        headers=two.house._as("analyst"),
    )
    assert answer.status_code == 422
    assert "Dit antwoord is er niet meer" in answer.text


def test_a_candidate_replies_to_no_flag_of_another_case(two: Two) -> None:
    heard = two.house.stage.cases["hearing"]
    before = two.everything()["reply"]
    form = {"rule": "SPR-01", "item": two.ids["item"], "reactie": "Dat klopt niet."}
    assert two.house.post(heard, f"{heard.form}/concept/reactie", form).status_code == 404
    assert two.everything()["reply"] == before


def test_nobody_of_elsewhere_takes_part(two: Two) -> None:
    with two.house.stage.world() as world:
        members = world.db.exec(select(CaseMemberRow.person_id, CaseRow.organisation_id).join(CaseRow)).all()
        homes = {row.id: row.organisation_id for row in world.db.exec(select(PersonRow)).all()}
        assert members
        assert all(homes[person] == organisation for person, organisation in members)

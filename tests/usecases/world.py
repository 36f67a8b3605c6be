"""An invented world for tests of use cases: two organisations, their people, and cases brought to any step."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.questionnaires.answers import AnswerPath
from app.questionnaires.answers_file import read_answers
from app.questionnaires.showing import as_typed
from app.reviews.decisions import ConclusionKind, Outcome
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import people as stored_people
from app.usecases import (
    answering,
    concluding,
    hearing,
    independence,
    invitations,
    library,
    people,
    reviewing,
    rounds,
    submitting,
)
from app.usecases.answering import Typed
from app.usecases.lines import CaseLine, PersonLine, today
from tests.signing_in import PASSWORD, candidate_in, let_in

CLEAN: dict[str, Any] = {
    "office_facts_correct": "yes",
    "is_resident": "yes",
    "is_adult": "yes",
    "listed_offices": [],
    "side_positions": [],
    "companies": [],
}
"""A few answers of somebody with nothing to tell."""

CLUB: dict[str, Any] = {
    **CLEAN,
    "side_positions": [
        {
            "id": "sp1",
            "organisation": "Sportvereniging De Vlieghei",
            "role": "voorzitter",
            "kind": "board",
            "paid": "no",
            "policy_field": "sport",
            "authority_ties": ["subsidy"],
            "ex_officio": "no",
            "decision_pending": "no",
            "accountable": "yes",
            "plan": "undecided",
        }
    ],
}
"""The chair of a subsidised club who is to deal with sport: exactly one heavy flag rests on it (SPR-01)."""


@dataclass
class World:
    """Everybody, and how to get a case somewhere. All acts go through the use cases."""

    db: Session
    settings: Settings
    clerk: Actor
    principal: Actor
    analyst: Actor
    idle_analyst: Actor
    auditor: Actor
    admin: Actor
    elsewhere: Actor

    def round(self, appointment: date | None = None) -> rounds.RoundLine:
        opened = rounds.open_round(self.db, self.clerk, "Collegevorming", appointment or today() + timedelta(days=70))
        assert isinstance(opened, rounds.RoundLine)
        return opened

    def case(self, *, name: str = "Anna Veld", portfolio: tuple[str, ...] = ("sport",), **known: Any) -> CaseLine:
        """A case that clerk, principal and analyst may open: they declared that they have no relation."""
        case = self.undeclared(name=name, portfolio=portfolio, **known)
        self.declare(case.id, self.clerk, self.principal, self.analyst)
        return case

    def declare(self, case_id: str, *people: Actor) -> None:
        """Let people declare that they have no relation to the candidate of a case."""
        for one in people:
            independence.declare(self.db, one, case_id, Relation.NONE)

    def undeclared(self, *, name: str = "Anna Veld", portfolio: tuple[str, ...] = ("sport",), **known: Any) -> CaseLine:
        """A case about which nobody declared anything yet."""
        new = rounds.NewCase(
            name=name,
            email="anna@voorbeeld.example",
            portfolio=portfolio,
            reviewers=(self.analyst.id,),
            **known,
        )
        added = rounds.add_case(self.db, self.clerk, self.round().id, new)
        assert isinstance(added, CaseLine)
        return added

    def invited(self, case: CaseLine) -> invitations.Invited:
        return invitations.invite(self.db, self.settings, self.clerk, case.id)

    def enter(self, invited: invitations.Invited) -> Actor:
        entered = candidate_in(self.db, self.settings, invited.link, invited.code)
        return entered.actor

    def answering(self, **known: Any) -> tuple[CaseLine, Actor]:
        """A case whose candidate is inside."""
        case = self.case(**known)
        return case, self.enter(self.invited(case))

    def fill_in(self, candidate: Actor, told: dict[str, Any]) -> dict[str, str]:
        """Answer in the file format of answers; gives the item ids that the server made."""
        assert candidate.case_id is not None
        given = read_answers(library.newest(), told)
        items = {}
        for group in library.newest().groups:
            for item in given.items(group):
                items[item] = answering.add_item(self.db, candidate, candidate.case_id, group).item_id
        page = [
            Typed(str(AnswerPath(path.question, items[path.item] if path.item else None)), as_typed(answer))
            for path, answer in given
        ]
        while answering.save_many(self.db, candidate, candidate.case_id, page).saved:
            pass
        return items

    def in_review(self, told: dict[str, Any] | None = None) -> tuple[CaseLine, Actor]:
        """A case that was handed in, and whose review has begun."""
        case, candidate = self.answering()
        self.fill_in(candidate, told or CLUB)
        done = submitting.submit(self.db, self.settings, candidate, case.id, truthful=True, will_report=True)
        assert isinstance(done, submitting.Submitted)
        return reviewing.start_review(self.db, self.analyst, case.id), candidate

    def heard(self, told: dict[str, Any] | None = None) -> tuple[CaseLine, Actor]:
        """A case in the step of weighing: every flag has a finding, and a reply or the reason there is none."""
        case, candidate = self.in_review(told)
        for one in reviewing.case_review(self.db, self.analyst, case.id).flags:
            reviewing.record_finding(self.db, self.analyst, case.id, one.flag.rule, one.flag.item, "Gezien.")
            hearing.not_asked(self.db, self.analyst, case.id, one.flag.rule, one.flag.item, "Spreekt voor zich.")
        hearing.send_concept(self.db, self.analyst, case.id, today() + timedelta(days=7))
        return hearing.close(self.db, self.analyst, case.id), candidate

    def decided(self, told: dict[str, Any] | None = None) -> tuple[CaseLine, Actor]:
        """The same, with a decision about every flag."""
        case, candidate = self.heard(told)
        for one in reviewing.case_review(self.db, self.principal, case.id).flags:
            reviewing.decide(
                self.db, self.principal, case.id, one.flag.rule, one.flag.item, Outcome.ATTENTION_POINT, "Weegt licht."
            )
        return case, candidate

    def concluded(self, told: dict[str, Any] | None = None) -> tuple[CaseLine, Actor]:
        case, candidate = self.decided(told)
        done = concluding.conclude(
            self.db, self.principal, case.id, ConclusionKind.ATTENTION_POINTS, "Er is over gesproken.", "Klein."
        )
        assert not isinstance(done, tuple), done
        return case, candidate


def token_of(invited: invitations.Invited) -> str:
    return invited.link.rpartition("/")[2]


def make_world(db: Session, settings: Settings) -> World:
    """Two organisations with their people, signed in."""
    here = stored_people.add_organisation(
        db, "Gemeente Voorbeeldstad", "municipality", theme="default", settings={"contact": {"name": "de griffie"}}
    )
    there = stored_people.add_organisation(db, "Provincie Middenland", "province", theme="default", settings={})

    def person(organisation_id: str, role: Role, name: str) -> Actor:
        email = f"{name.lower().replace(' ', '.')}@voorbeeld.example"
        by = system_actor(organisation_id)
        added = people.add_person(db, settings, by, name=name, email=email, role=role, password=PASSWORD)
        assert isinstance(added, PersonLine), added
        return let_in(db, settings, email).actor

    return World(
        db=db,
        settings=settings,
        clerk=person(here.id, Role.CLERK, "Gerda Griffioen"),
        principal=person(here.id, Role.PRINCIPAL, "Bram Burgers"),
        analyst=person(here.id, Role.ANALYST, "Olga Onderwater"),
        idle_analyst=person(here.id, Role.ANALYST, "Ilse Inkwart"),
        auditor=person(here.id, Role.AUDITOR, "Aad Archief"),
        admin=person(here.id, Role.ADMIN, "Bea Beheer"),
        elsewhere=person(there.id, Role.CLERK, "Stijn Statenman"),
    )

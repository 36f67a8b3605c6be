"""A running product with a case in every step, made through the use cases, and keys to get in without typing."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlmodel import select

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.tokens import fingerprint
from app.settings import Settings
from app.store import audit
from app.store.engine import open_engine, open_session
from app.store.rows import CaseRow, InvitationRow
from app.store.types import utc_now
from app.usecases import concluding, entering, hearing, reviewing, rounds, sections
from app.usecases.lines import CaseLine, today
from app.usecases.signing_in import Place
from tests.databases import Databases
from tests.signing_in import candidate_in, let_in
from tests.usecases.world import CLUB, World, make_world, token_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@dataclass(frozen=True)
class Case:
    """A case on the stage: how its candidate gets in, and the first item of its side positions, if it has one."""

    id: str
    link: str
    code: str
    session: str
    actor: Actor
    item: str = ""

    @property
    def form(self) -> str:
        """The address of the questionnaire."""
        return f"/vragenlijst/{self.id}"

    @property
    def file(self) -> str:
        """The address of the case for staff."""
        return f"/zaken/{self.id}"


@dataclass
class Stage:
    """Where the product runs, its cases by name, and a session for everybody."""

    settings: Settings
    world_of: World
    cases: dict[str, Case] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    doors: dict[str, str] = field(default_factory=dict)
    round: str = ""

    @property
    def url(self) -> str:
        """The address of the site, without a slash at the end."""
        return self.settings.base_url

    def let_in(self, context: "BrowserContext", who: str) -> None:
        """Sign somebody in: a member of staff by field of the world, or the candidate of a case."""
        token = self.sessions.get(who) or self.cases[who].session
        context.add_cookies([{"name": "toetssteen", "value": token, "url": self.url}])

    @contextmanager
    def world(self) -> Iterator[World]:
        """The world, on the database of the running product; what happens in it is committed at the end."""
        engine = open_engine(self.settings.database, self.settings.master_keys)
        with open_session(engine) as db:
            yield replace(self.world_of, db=db)
            db.commit()
        engine.dispose()

    def answering(self, told: dict[str, Any] | None = None) -> Case:
        """Make one more case whose candidate is filling in, for a test that changes something."""
        with self.world() as world:
            return _answering(world, told)


@dataclass(frozen=True)
class StageModel:
    """A stage that nobody plays on. Building one takes seconds, copying it a moment."""

    databases: Databases
    stage: Stage
    built: float

    @property
    def fresh(self) -> bool:
        """Whether sessions and pauses on it are about as young as on one that was just built."""
        return time.perf_counter() - self.built < _YOUNG

    def put(self, settings: Settings) -> Settings:
        """Put a copy in the data folder of `settings`, on a database of its own; gives the settings for it."""
        shutil.copytree(self.stage.settings.data_dir, settings.data_dir, dirs_exist_ok=True)
        return settings.model_copy(update={"database_url": self.databases.copy(self.stage.settings.database_url)})

    def stage_for(self, settings: Settings) -> Stage:
        """Give what stands on a copy that was put with `settings`, wherever it is served."""
        # The same people read the same again, in another installation.
        audit._recently.clear()
        model, here = self.stage, settings.base_url
        there = model.settings.base_url
        cases = {name: replace(case, link=case.link.replace(there, here)) for name, case in model.cases.items()}
        doors = {name: link.replace(there, here) for name, link in model.doors.items()}
        return Stage(
            settings, replace(model.world_of, settings=settings), cases, dict(model.sessions), doors, model.round
        )


_YOUNG = 240
"""For so many seconds a model is copied. A session ends after half an hour, a pause after wrong codes sooner."""
_models: WeakKeyDictionary[Databases, StageModel] = WeakKeyDictionary()


def stage_model(databases: Databases, folder: Path) -> StageModel:
    """Give a stage to copy, built in `folder` when there is none that is young enough."""
    model = _models.get(databases)
    if model is None or not model.fresh:
        if model is not None:
            databases.drop(model.stage.settings.database_url)
        settings = plain_settings(folder, databases.make())
        model = _models[databases] = StageModel(databases, build_stage(settings), time.perf_counter())
    return model


def plain_settings(folder: Path, url: str = "") -> Settings:
    """Settings that take nothing from the environment of this machine; passwords are hashed cheaply."""
    return Settings.model_construct().model_copy(
        update={
            "data_dir": folder, "database_url": url, "base_url": "http://testserver", "argon2_time_cost": 1,
            "argon2_memory_kib": 8,
        }
    )  # fmt: skip


def build_stage(settings: Settings) -> Stage:
    """Fill the database of `settings`."""
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        stage = Stage(settings, make_world(db, settings))
        _fill(stage, stage.world_of)
        db.commit()
    engine.dispose()
    return stage


def _fill(stage: Stage, world: World) -> None:
    staff = {one.name: getattr(world, one.name) for one in fields(world)}
    for name, actor in staff.items():
        if isinstance(actor, Actor):
            email = f"{actor.name.lower().replace(' ', '.')}@voorbeeld.example"
            stage.sessions[name] = let_in(world.db, world.settings, email).token
    for name in ("open", "locked", "expired"):
        stage.doors[name] = _door(world, name)
    stage.cases["empty"] = _answering(world, None)
    stage.cases["filled"] = _answering(world, CLUB)
    stage.round = f"/rondes/{rounds.list_rounds(world.db, world.clerk)[0].id}"
    stage.cases["draft"] = _with_candidate(world, world.case(name="Nog Niemand"))
    stage.cases["review"] = _with_candidate(world, world.in_review()[0])
    case, _ = world.in_review()
    for one in reviewing.case_review(world.db, world.analyst, case.id).flags:
        reviewing.record_finding(world.db, world.analyst, case.id, one.flag.rule, one.flag.item, "Gezien.", "Overleg.")
    hearing.send_concept(world.db, world.analyst, case.id, today() + timedelta(days=7))
    stage.cases["hearing"] = _with_candidate(world, case)
    stage.cases["weighing"] = _with_candidate(world, world.heard()[0])
    stage.cases["decided"] = _with_candidate(world, world.decided()[0])
    stage.cases["concluded"] = _with_candidate(world, world.concluded()[0])
    case, _ = world.concluded()
    concluding.present(world.db, world.principal, case.id)
    stage.cases["presented"] = _with_candidate(world, case)


def _answering(world: World, told: dict[str, Any] | None) -> Case:
    case = world.case()
    invited = world.invited(case)
    entered = candidate_in(world.db, world.settings, invited.link, invited.code)
    items = world.fill_in(entered.actor, told) if told else {}
    return Case(case.id, invited.link, invited.code, entered.token, entered.actor, next(iter(items.values()), ""))


def _with_candidate(world: World, case: CaseLine) -> Case:
    """A case in any step, with a session for its candidate."""
    row = world.db.get(CaseRow, case.id)
    assert row is not None
    entered = sessions.start_for_candidate(world.db, world.settings, row, "")
    view = sections.load_section(world.db, entered.actor, case.id, "side_positions")
    items = next(one.items for one in view.questions if one.path == "side_positions")
    return Case(case.id, "", "", entered.token, entered.actor, items[0].item_id if items else "")


def _door(world: World, state: str) -> str:
    """An invitation that is open, locked by wrong codes, or over."""
    invited = world.invited(world.case(name=f"Deur {state.title()}"))
    token = token_of(invited)
    if state == "locked":
        for _ in range(world.settings.attempts_before_lock):
            entering.begin(world.db, world.settings, token, "FOUT-FOUT", Place("127.0.0.1"))
    if state == "expired":
        found = world.db.exec(select(InvitationRow).where(InvitationRow.token_sha256 == fingerprint(token))).one()
        found.expires_at = utc_now() - timedelta(days=1)
    return invited.link

"""Signing in through the organisation in a real browser, with a provider of its own: there, back, out, and what is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import people
from tests.e2e.conftest import PASSWORD as LOCAL_PASSWORD
from tests.e2e.conftest import serving
from tests.e2e.journey import press, sign_in
from tests.e2e.test_accessibility import findings, too_wide
from tests.oidc.providers import BACK, PASSWORD, Provider, running
from tests.signing_in import give_app

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

ORGANISATION, BUTTON = "Gemeente Voorbeeldstad", "Log in via Gemeente Voorbeeldstad"
LOCAL = "griffier@voorbeeldstad.example"


@dataclass(frozen=True)
class Town:
    """A product that runs, and the provider that its people sign in at."""

    url: str
    provider: Provider


@pytest.fixture(params=[False, True], ids=["only there", "there and here"])
def town(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Town]:
    """Once where the organisation is the only way in, once beside accounts of this installation."""
    with running("independent", "http://nog-niet-bekend.invalid") as provider:
        (tmp_path / "secret").write_text(provider.secret, encoding="utf-8")
        chosen = settings.model_copy(
            update={
                "local_accounts": request.param,
                "oidc_issuer": provider.issuer,
                "oidc_name": ORGANISATION,
                "oidc_client_id": "toetssteen",
                "oidc_client_secret_file": tmp_path / "secret",
                "oidc_organisation": ORGANISATION,
                "oidc_roles": {"griffie": Role.CLERK, "onderzoek": Role.ANALYST, "beheer": Role.ADMIN},
            }
        )
        with serving(chosen, prepare) as served:
            provider.tell(
                client={"redirect_uris": [[served.base_url + BACK, {}]]},
                people=[person("noor", "Noor van Dijk", "griffie"), person("sam", "Sam Zonder"), person("kim", "Kim Werk", "griffie")],
            )  # fmt: skip
            yield Town(served.base_url, provider)


def person(sub: str, name: str, *roles: str) -> dict[str, object]:
    return {"sub": sub, "name": name, "email": f"{sub}@voorbeeldstad.example", "roles": list(roles)}


def prepare(chosen: Settings) -> None:
    engine = open_engine(chosen.database, chosen.master_keys)
    with open_session(engine) as db:
        people.organisation_for_command(db, ORGANISATION, Tier.MUNICIPALITY)
        if chosen.local_accounts:
            people.add_person_by_command(
                db, chosen, organisation=ORGANISATION, tier=None, name="Gerda Griffie", email=LOCAL, role=Role.CLERK,
                password=LOCAL_PASSWORD,
            )  # fmt: skip
            give_app(db, LOCAL)
        db.commit()
    engine.dispose()


def sign_in_there(page: "Page", name: str) -> None:
    page.get_by_role("heading", name="Inloggen bij Gemeente Voorbeeldstad").wait_for()
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Log in"))


def fits(page: "Page", width: int, *, script: bool) -> None:
    """Hold the page against axe, and look whether it fits; both need script of their own."""
    if script:
        assert findings(page) == []
        assert too_wide(page, width) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [1280, 360])
def test_there_and_back_and_out(town: Town, visit: Callable[..., "BrowserContext"], script: bool, width: int) -> None:
    page = visit(width=width, script=script).new_page()
    page.goto(f"{town.url}/werklijst")
    page.get_by_role("link", name=BUTTON).wait_for()
    fits(page, width, script=script)
    press(page, page.get_by_role("link", name=BUTTON))
    sign_in_there(page, "noor")
    page.wait_for_url(f"{town.url}/werklijst*")
    assert "Noor van Dijk" in page.locator("header").inner_text()
    page.goto(f"{town.url}/account")
    page.get_by_text("Uw wachtwoord en uw tweede bewijs regelt u daar").wait_for()
    fits(page, width, script=script)

    page.goto(f"{town.url}/werklijst")
    press(page, page.get_by_role("button", name="Uitloggen"))
    page.get_by_role("heading", name="U bent uitgelogd bij Toetssteen").wait_for()
    fits(page, width, script=script)
    page.goto(f"{town.url}/werklijst")
    assert "/inloggen" in page.url

    # The organisation knows this browser still, until one signs out there as well.
    press(page, page.get_by_role("link", name=BUTTON))
    page.wait_for_url(f"{town.url}/werklijst*")
    press(page, page.get_by_role("button", name="Uitloggen"))
    press(page, page.get_by_role("link", name="Log ook uit bij uw organisatie"))
    press(page, page.get_by_role("button", name="Uitloggen"))
    page.get_by_role("heading", name="U bent uitgelogd").wait_for()
    page.goto(f"{town.url}/inloggen")
    press(page, page.get_by_role("link", name=BUTTON))
    page.get_by_label("Gebruikersnaam").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_without_a_role_one_reads_what_to_do(town: Town, visit: Callable[..., "BrowserContext"], script: bool) -> None:
    page = visit(width=360, script=script).new_page()
    page.goto(f"{town.url}/inloggen")
    press(page, page.get_by_role("link", name=BUTTON))
    sign_in_there(page, "sam")
    page.get_by_text("Vraag uw beheerder om een rol").wait_for()
    fits(page, 360, script=script)
    # Somebody else of the organisation at the same machine: out there first, or it goes on naming the one before.
    press(page, page.get_by_role("link", name="Log daar dan eerst uit"))
    press(page, page.get_by_role("button", name="Uitloggen"))
    page.goto(f"{town.url}/inloggen")
    press(page, page.get_by_role("link", name=BUTTON))
    sign_in_there(page, "noor")
    page.wait_for_url(f"{town.url}/**")
    assert "Noor van Dijk" in page.locator("header").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("town", [True], ids=["there and here"], indirect=True)
def test_an_account_is_joined_by_signing_in_both_ways(
    town: Town, visit: Callable[..., "BrowserContext"], script: bool
) -> None:
    page = visit(width=360, script=script).new_page()
    sign_in(page, town.url, LOCAL)
    page.goto(f"{town.url}/account")
    fits(page, 360, script=script)
    press(page, page.get_by_role("button", name="Koppel mijn account"))
    page.get_by_role("heading", name="Koppel uw account").wait_for()
    fits(page, 360, script=script)
    press(page, page.get_by_role("link", name="Ga naar Gemeente Voorbeeldstad"))
    sign_in_there(page, "kim")
    page.get_by_text("Uw account is gekoppeld").wait_for()
    assert "Gerda Griffie" in page.locator("header").inner_text(), "the account that was there, with its name"
    page.goto(f"{town.url}/werklijst")
    press(page, page.get_by_role("button", name="Uitloggen"))
    page.goto(f"{town.url}/inloggen")
    page.get_by_label("E-mailadres").fill(LOCAL)
    page.get_by_label("Wachtwoord").fill(LOCAL_PASSWORD)
    press(page, page.get_by_role("button", name="Log in", exact=True))
    page.get_by_text("klopt niet").first.wait_for()

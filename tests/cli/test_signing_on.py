"""`toetssteen sign-on-test` and what goes with it: whoever sets single sign-on up hears what is wrong before anybody else."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto.masters import new_line
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import identities, people
from app.store.engine import open_engine, open_session
from app.store.rows import PersonRow
from app.store.types import utc_now
from tests.cli.conftest import Run
from tests.oidc.providers import Provider, running

ORGANISATION = "Gemeente Voorbeeldstad"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running("independent", "http://testserver") as found:
        yield found


@pytest.fixture
def install(own_database_url: str, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation whose settings are good, in the environment of the commands."""
    secret, key = tmp_path / "secret", tmp_path / "key"
    secret.write_text(provider.secret, encoding="utf-8")
    key.write_text(new_line(), encoding="utf-8")
    key.chmod(stat.S_IRUSR | stat.S_IWUSR)
    said = {
        "DATA_DIR": tmp_path,
        "DATABASE_URL": own_database_url,
        "MASTER_KEY_FILE": key,
        "BASE_URL": "http://testserver",
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": "toetssteen",
        "OIDC_CLIENT_SECRET_FILE": secret,
        "OIDC_ORGANISATION": ORGANISATION,
        "OIDC_ROLES": json.dumps({"griffie": "clerk", "beheer": "admin"}),
    }
    for name, value in said.items():
        monkeypatch.setenv(f"TOETSSTEEN_{name}", str(value))
    return Settings()


def add(settings: Settings, organisation: str, *, role: Role = Role.CLERK, joined: bool = False) -> str:
    """Somebody with an account; gives the address."""
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        place = people.organisation_named(db, organisation) or people.add_organisation(
            db, organisation, "municipality", theme="default", settings={}
        )
        row = PersonRow(organisation_id=place.id, name="Iemand", email="", role=role, password_hash="")
        row.email = f"{row.id}@voorbeeld.example"
        people.add_person(db, row)
        if joined:
            identities.link(db, row.id, settings.oidc_issuer, row.id, utc_now())
        db.commit()
        email = row.email
    engine.dispose()
    return email


def test_settings_that_are_good_are_told_with_what_is_left_to_do_at_the_provider(run: Run, install: Settings) -> None:
    assert run("organisation", "add", "--organisation", ORGANISATION, "--tier", "municipality").exit_code == 0
    told = run("sign-on-test")
    assert told.exit_code == 0, told.output
    for line in (
        f"ok: the provider answers and calls itself {install.oidc_issuer}",
        "ok: it publishes 2 keys that can be used",
        "ok: people can sign out there too",
        "ok: it did not refuse our client id and secret",
        "ok: register there, to come back to: http://testserver/inloggen/organisatie/terug",
        "ok: 'griffie' in the claim 'roles' gives the role clerk",
        f"ok: people who sign on belong to {ORGANISATION}",
        "ok: no administrator has signed on yet: do so before local accounts are switched off",
    ):
        assert line in told.output.splitlines(), told.output


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"oidc_issuer": "http://127.0.0.1:9"}, "WRONG: no answer"),
        ({"oidc_issuer": "{issuer}/realms/anders"}, "WRONG: the server answered 404"),
        ({"oidc_organisation": "Gemeente Nergens"}, "WRONG: there is no organisation called 'Gemeente Nergens'"),
        ({"oidc_client_id": "anders"}, "WRONG: the provider does not take TOETSSTEEN_OIDC_CLIENT_ID"),
        ({"oidc_client_secret_file": "/nergens/geheim"}, "WRONG: the file of TOETSSTEEN_OIDC_CLIENT_SECRET_FILE"),
        ({"oidc_issuer": ""}, "WRONG: there is no single sign-on"),
    ],
)
def test_what_is_wrong_is_told_and_ends_in_two(run: Run, install: Settings, change: dict[str, str], told: str) -> None:
    add(install, ORGANISATION)
    said = run("sign-on-test", **{name: value.format(issuer=install.oidc_issuer) for name, value in change.items()})
    assert said.exit_code == 2, said.output
    assert told in said.output
    assert "een-geheim-van-letters" not in said.output


@pytest.mark.parametrize(
    ("describes", "told"),
    [
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "it signs in none of the ways"),
        ({"code_challenge_methods_supported": ["plain"]}, "does not know PKCE with S256"),
        ({"issuer": "https://elders.example"}, "calls itself something else"),
    ],
)
def test_a_provider_that_cannot_do_what_is_needed_is_told(
    run: Run, install: Settings, provider: Provider, describes: dict[str, object], told: str
) -> None:
    from app.accounts.provider import _discovered  # noqa: PLC0415 - what it said before must be forgotten

    add(install, ORGANISATION)
    before = {
        "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
        "issuer": provider.issuer,
    }  # fmt: skip
    provider.tell(describes=before | describes)
    _discovered.cache_clear()
    said = run("sign-on-test")
    provider.tell(describes=before)
    _discovered.cache_clear()
    assert said.exit_code == 2, said.output
    assert told in said.output


def test_before_local_accounts_are_switched_off_it_tells_who_would_be_shut_out(run: Run, install: Settings) -> None:
    add(install, ORGANISATION, role=Role.ADMIN, joined=True)
    add(install, ORGANISATION)
    add(install, "Provincie Middenland")
    said = run("sign-on-test")
    assert "no administrator has signed on yet" not in said.output
    assert "no other way in" not in said.output
    said = run("sign-on-test", local_accounts="false")
    assert said.exit_code == 0, said.output
    assert f"local accounts are off, and 1 accounts of {ORGANISATION} have no other way in" in said.output
    assert "local accounts are off, and 1 accounts of Provincie Middenland have no other way in" in said.output


def test_where_local_accounts_are_off_commands_make_none(run: Run, install: Settings) -> None:
    email = add(install, ORGANISATION)
    words = ("--organisation", ORGANISATION, "--name", "Nieuw", "--email", "nieuw@voorbeeld.example", "--role", "clerk")
    made = run("person", "add", *words, local_accounts="false")
    assert made.exit_code == 2
    assert "local accounts are switched off" in made.output
    invited = run("person", "invite", "--email", email, "--reason", "Zomaar", local_accounts="false")
    assert invited.exit_code == 2
    assert "TOETSSTEEN_LOCAL_ACCOUNTS" in invited.output
    assert run("person", "invite", "--email", email, local_accounts="true").exit_code == 0


def test_an_installation_that_nobody_could_get_into_is_told_by_check(run: Run, install: Settings) -> None:
    said = run("check", local_accounts="false", oidc_issuer="")
    assert said.exit_code == 2
    assert "nobody could sign in" in said.output

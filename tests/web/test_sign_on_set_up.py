"""When the provider is away or something is set up wrongly: nobody gets in, people read whom to ask, the log says what."""

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.oidc.office import Office, office
from tests.oidc.providers import BACK

__all__ = ["office"]  # a fixture, once with each provider


def test_a_provider_that_does_not_answer_or_calls_itself_something_else_is_told_as_such(office: Office) -> None:
    for address in ("http://127.0.0.1:9", f"{office.issuer}/", office.issuer.replace("127.0.0.1", "localhost")):
        with office.with_settings(oidc_issuer=address):
            answer = office.client.get("/inloggen/organisatie")
            assert answer.status_code == (303 if address.endswith("/") else 503)
    with office.with_settings(oidc_issuer="http://127.0.0.1:9"):
        assert office.client.get("/afgemeld").headers["location"] == "/inloggen"


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"oidc_issuer": "http://127.0.0.1:9"}, "no answer"),
        ({"oidc_organisation": "Gemeente Nergens"}, "TOETSSTEEN_OIDC_ORGANISATION"),
        ({"oidc_client_id": "onbekend"}, "TOETSSTEEN_OIDC_CLIENT_ID"),
        ({"oidc_client_secret_file": Path("/nergens/geheim")}, "TOETSSTEEN_OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_what_is_wrong_with_the_settings_halfway_lets_nobody_in_and_stands_in_the_log(
    office: Office, change: dict[str, object], advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office.tell(office.person("halverwege"))
    back = office.at_provider(office.leave())
    with office.with_settings(**change):
        answer = office.client.get(back)
    assert answer.status_code == 403
    assert ("niet te bereiken" if advice == "no answer" else "niet goed ingesteld") in answer.text
    assert "toetssteen" not in office.client.cookies
    line = next(line for line in capsys.readouterr().err.splitlines() if "sign_on_stopped" in line)
    assert advice in line
    assert office.provider.secret not in line


def test_without_its_organisation_nobody_is_sent_to_the_provider(office: Office) -> None:
    office.client.cookies.clear()
    with office.with_settings(oidc_organisation="Gemeente Nergens"):
        answer = office.client.get("/inloggen/organisatie")
    assert answer.status_code == 503
    assert "niet goed ingesteld" in answer.text


@pytest.mark.parametrize(
    ("error", "reason"), [("access_denied", "access_denied"), ("<script>", "no code"), ("", "no code")]
)
def test_why_the_provider_sent_somebody_back_is_on_record_in_words_of_the_standard(
    office: Office, error: str, reason: str
) -> None:
    state = parse_qs(urlsplit(office.leave()).query)["state"][0]
    assert office.client.get(f"{BACK}?{urlencode({'state': state, 'error': error})}").status_code == 403
    assert office.refusal() == reason

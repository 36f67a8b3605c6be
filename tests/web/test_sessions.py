"""Sessions as people meet them: a new token at every sign-in, a list to end them from, a warning that changes nothing."""

import re
from datetime import timedelta

import httpx2
import pytest
from sqlmodel import select

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.passwords import hash_password
from app.accounts.tokens import fingerprint
from app.reviews.lifecycle import Role
from app.store.rows import PersonRow, SignInRow
from app.store.types import utc_now
from tests.e2e.stage import Case
from tests.signing_in import PASSWORD, mailed_code
from tests.web.conftest import House

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604"


def begin(house: House, who: str = "clerk", device: str = FIREFOX, origin: str = "192.0.2.7") -> str:
    """Let somebody sign in on one more device; gives the token."""
    with house.stage.world() as world:
        person = world.db.get(PersonRow, getattr(house.stage.world_of, who).id)
        assert person is not None
        signed_in = sessions.start_for_person(world.db, world.settings, person, origin)
        sessions.settle(world.db, signed_in.actor.session_id, device, "")
    return signed_in.token


def as_token(house: House, method: str, path: str, token: str, **headers: str) -> httpx2.Response:
    return house.client.request(method, path, headers={"cookie": f"toetssteen={token}", **headers})


def id_of(house: House, token: str) -> str:
    with house.stage.world() as world:
        return world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(token))).one().id


def change(house: House, token: str, **values: timedelta) -> None:
    """Move the times of a session by so much."""
    with house.stage.world() as world:
        row = world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(token))).one()
        for name, step in values.items():
            setattr(row, name, getattr(row, name) + step)


def seen_at(house: House, token: str) -> timedelta:
    with house.stage.world() as world:
        row = world.db.exec(select(SignInRow).where(SignInRow.token_sha256 == fingerprint(token))).one()
        return utc_now() - row.seen_at


def enter(house: House, case: Case, cookie: str = "") -> httpx2.Response:
    """Come in by link, code and mail, in a browser that holds `cookie` and nothing else, and leave nothing in it."""
    house.client.cookies.clear()
    door = house.client.post(case.link.removeprefix(house.stage.settings.base_url), data={"code": case.code})
    if "Stuur mij een code" in door.text:
        house.client.post("/toegang/mail/stuur", data={})
    with house.stage.world() as world:
        code = mailed_code(world.db)
    step = f"toetssteen_stap={house.client.cookies['toetssteen_stap']}"
    house.client.cookies.clear()
    held = f"{step}; toetssteen={cookie}" if cookie else step
    answer = house.client.post("/toegang/mail", data={"code": code}, headers={"user-agent": FIREFOX, "cookie": held})
    house.client.cookies.clear()
    return answer


def cookie_of(answer: httpx2.Response) -> str:
    found = re.search(r"toetssteen=([\w-]+); HttpOnly", answer.headers.get("set-cookie", ""))
    assert found, answer.headers
    return found[1]


def test_signing_in_gives_a_new_token_and_ends_the_session_this_browser_had(house: House) -> None:
    case = house.stage.answering()
    first = cookie_of(enter(house, case))
    second = cookie_of(enter(house, case, cookie=first))
    assert second != first
    assert as_token(house, "GET", case.form, first).status_code == 303
    page = as_token(house, "GET", case.form, second)
    assert page.status_code == 200
    assert "Firefox op Linux" in as_token(house, "GET", "/ingelogd", second).text


def test_a_token_that_somebody_planted_is_never_taken_over(house: House) -> None:
    planted = "x" * 43
    assert cookie_of(enter(house, house.stage.answering(), cookie=planted)) != planted


@pytest.mark.parametrize("who", ["clerk", "candidate"])
def test_a_person_sees_where_they_are_signed_in_and_nobody_else(house: House, who: str) -> None:
    if who == "candidate":
        case = house.stage.answering()
        mine, other = cookie_of(enter(house, case)), cookie_of(enter(house, case))
    else:
        mine, other = begin(house), begin(house, device=IPHONE, origin="198.51.100.9")
    stranger = begin(house, "analyst", origin="203.0.113.66")
    page = as_token(house, "GET", "/ingelogd", mine)
    assert page.status_code == 200
    assert f"/ingelogd/{id_of(house, other)}/einde" in page.text
    assert f"/ingelogd/{id_of(house, mine)}/einde" not in page.text
    assert id_of(house, stranger) not in page.text
    assert "203.0.113.66" not in page.text
    if who == "clerk":
        assert "Safari op een iPhone" in page.text
        assert "198.51.100.9" in page.text


def test_one_other_session_can_be_ended_and_this_one_goes_on(house: House) -> None:
    mine, other, third = begin(house), begin(house), begin(house)
    answer = as_token(house, "POST", f"/ingelogd/{id_of(house, other)}/einde", mine)
    assert answer.headers["location"] == "/ingelogd?gedaan=uitgelogd"
    assert as_token(house, "GET", "/werklijst", other).status_code == 303
    assert as_token(house, "GET", "/werklijst", mine).status_code == 200
    assert as_token(house, "GET", "/werklijst", third).status_code == 200


def test_all_other_sessions_can_be_ended_at_once(house: House) -> None:
    mine, others = begin(house, "principal"), [begin(house, "principal") for _ in range(2)]
    as_token(house, "POST", "/ingelogd/andere", mine)
    assert [as_token(house, "GET", "/werklijst", one).status_code for one in others] == [303, 303]
    page = as_token(house, "GET", "/ingelogd", mine)
    assert "U bent nergens anders ingelogd" in page.text


@pytest.mark.parametrize("target", ["colleague", "over", "unknown"])
def test_a_session_of_somebody_else_cannot_be_ended_and_does_not_seem_to_exist(house: House, target: str) -> None:
    mine, theirs, over = begin(house), begin(house, "analyst"), begin(house)
    change(house, over, seen_at=timedelta(hours=-1))
    wanted = {"colleague": id_of(house, theirs), "over": id_of(house, over), "unknown": "bestaat-niet"}[target]
    assert as_token(house, "POST", f"/ingelogd/{wanted}/einde", mine).status_code == 404
    assert as_token(house, "GET", "/werklijst", theirs).status_code == 200


def test_whoever_gets_another_role_has_to_sign_in_again(house: House) -> None:
    token = begin(house, "auditor")
    assert as_token(house, "GET", "/ingelogd", token).status_code == 200
    try:
        set_role(house, house.stage.world_of.auditor, Role.ANALYST)
        assert as_token(house, "GET", "/ingelogd", token).status_code == 303
    finally:
        set_role(house, house.stage.world_of.auditor, Role.AUDITOR)


def set_role(house: House, actor: Actor, role: Role) -> None:
    with house.stage.world() as world:
        person = world.db.get(PersonRow, actor.id)
        assert person is not None
        person.role = role


def test_nothing_is_said_while_there_is_time_and_looking_does_not_make_a_session_longer(house: House) -> None:
    token = begin(house)
    change(house, token, seen_at=timedelta(minutes=-20))
    looked = as_token(house, "GET", "/sessie", token)
    assert (looked.status_code, looked.text) == (204, "")
    assert int(looked.headers["x-again-in"]) <= 301
    assert seen_at(house, token) >= timedelta(minutes=20)


@pytest.mark.parametrize(
    ("gone", "told"), [(25, "Binnen 5 minuten"), (28, "Binnen 2 minuten"), (29, "Binnen 1 minuut")]
)
def test_shortly_before_the_end_the_person_is_warned_and_can_stay(house: House, gone: int, told: str) -> None:
    token = begin(house)
    change(house, token, seen_at=timedelta(minutes=-gone, seconds=-30))
    looked = as_token(house, "GET", "/sessie", token)
    assert looked.status_code == 200
    assert told in looked.text
    assert "Blijf ingelogd" in looked.text
    assert seen_at(house, token) > timedelta(minutes=gone)
    stayed = as_token(house, "POST", "/sessie", token, **{"hx-request": "true"})
    assert stayed.status_code == 204
    assert seen_at(house, token) < timedelta(minutes=1)


def test_staying_works_without_script_too(house: House) -> None:
    token = begin(house)
    change(house, token, seen_at=timedelta(minutes=-29))
    assert as_token(house, "POST", "/sessie", token).headers["location"] == "/ingelogd?gedaan=langer"
    assert "U blijft ingelogd" in as_token(house, "GET", "/ingelogd?gedaan=langer", token).text


def test_the_end_of_the_day_cannot_be_put_off_and_is_told_as_such(house: House) -> None:
    token = begin(house)
    change(house, token, ends_at=timedelta(hours=-12, minutes=2))
    looked = as_token(house, "GET", "/sessie", token)
    assert "Uw tijd is bijna om" in looked.text
    assert "Blijf ingelogd" not in looked.text
    as_token(house, "POST", "/sessie", token)
    change(house, token, ends_at=timedelta(minutes=-3))
    assert as_token(house, "GET", "/werklijst", token).status_code == 303


def test_after_the_end_a_page_that_is_still_open_hears_so_and_stops_asking(house: House) -> None:
    token = begin(house)
    change(house, token, seen_at=timedelta(minutes=-31))
    for looked in (as_token(house, "GET", "/sessie", token), house.client.get("/sessie")):
        assert looked.status_code == 401
        assert "U bent uitgelogd" in looked.text
        assert "x-again-in" not in looked.headers
    assert as_token(house, "POST", "/sessie", token, **{"hx-request": "true"}).status_code == 401


def test_every_page_says_in_words_how_long_doing_nothing_is_fine(house: House) -> None:
    page = house.get("clerk", "/werklijst").text
    assert "Doet u 30 minuten niets? Dan loggen we u uit." in page
    assert '<form method="post" action="/afmelden"' in page or 'action="/afmelden" method="post"' in page
    assert "Doet u 30 minuten niets?" not in house.get("", "/inloggen").text


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("een verkeerde zin", "een heel andere zin", "huidig"), ("", "kort", "wachtwoord")],
)
def test_what_is_wrong_with_a_new_password_is_said_at_its_field(
    house: House, current: str, new: str, field: str
) -> None:
    answer = as_token(house, "GET", "/account", begin(house, "principal"))
    assert answer.status_code == 200
    with house.stage.world() as world:
        row = world.db.get_one(PersonRow, world.principal.id)
        row.password_hash = row.password_hash or hash_password(world.settings, PASSWORD)
    token = begin(house, "principal")
    answer = house.client.post(
        "/account/wachtwoord", data={"huidig": current, "wachtwoord": new}, headers={"cookie": f"toetssteen={token}"}
    )
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    [wrong] = re.findall(r'<input[^>]*id="(\w+)"[^>]*aria-invalid="true"', answer.text)
    assert wrong == field
    assert current not in answer.text or not current

"""What somebody proves themselves with: passwords nobody guesses, one-time codes, recovery codes; and how guessing slows."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import lockout, passkeys, passwords, recovery, second_factor
from app.accounts.passwords import password_problem
from app.accounts.tokens import CODE_LETTERS
from app.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    "password", ["password12345", "Wachtwoord2026!", "!!!welkom!!!12", "dragondragon", "gemeente-2026", "123456789123"]
)
def test_a_password_that_many_people_use_is_refused(password: str):
    problem = password_problem(password)
    assert problem is not None
    assert "veel mensen" in problem


@pytest.mark.parametrize("password", ["noorvandijk1!", "griffier.noor2", "NoorVanDijk99"])
def test_a_password_made_of_ones_own_name_is_refused(password: str):
    about = ("Noor van Dijk", "griffier.noor@voorbeeldstad.example")
    assert password_problem(password, about) is not None
    assert password_problem("een korte zin over Noor", about) is None


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(moment: int, code: str):
    """The last six digits of the test vectors in RFC 6238, appendix B."""
    step = second_factor.step_at(datetime.fromtimestamp(moment, UTC))
    assert second_factor.code_of(RFC_SECRET, step) == code


@pytest.mark.parametrize(("late", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_fits_half_a_minute_around_its_own(late: int, *, fits: bool):
    code = second_factor.code_of(RFC_SECRET, second_factor.step_at(NOON))
    found = second_factor.fitting_step(RFC_SECRET, code, NOON + timedelta(seconds=late))
    assert (found is not None) is fits


def test_a_code_works_once():
    step = second_factor.step_at(NOON)
    code = second_factor.code_of(RFC_SECRET, step)
    assert second_factor.fitting_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", NOON, used=(step - 1,)) == step
    assert second_factor.fitting_step(RFC_SECRET, code, NOON, used=(step,)) is None


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(-1, 1)), max_size=150))
def test_no_code_works_twice_wherever_the_clock_jumps(attempts: list[tuple[int, int]]):
    """Each attempt is made at some half minute, in any order, with the code of that one or of one beside it."""
    used: tuple[int, ...] = ()
    worked = set()
    with patch.object(second_factor, "REMEMBERED", 4):
        for present, beside in attempts:
            step = present + beside
            if step > second_factor.last_used(used, present):
                assert step not in worked
                worked.add(step)
                used = second_factor.with_step(used, step)


@given(st.lists(st.integers(1000, 2000), unique=True, max_size=second_factor.REMEMBERED - 1), st.integers(1, 900))
def test_codes_that_were_used_while_the_clock_was_ahead_stop_none_of_now(ahead: list[int], present: int):
    used: tuple[int, ...] = ()
    for step in (present, *sorted(ahead)):
        used = second_factor.with_step(used, step)
    assert second_factor.last_used(used, present) == present
    assert present + 2 > second_factor.last_used(used, present + 2)


@given(st.text(max_size=40))
def test_anything_can_be_typed_as_a_code(typed: str):
    found = second_factor.fitting_step(RFC_SECRET, typed, NOON)
    digits = "".join(sign for sign in typed if sign.isdigit())
    near = {second_factor.code_of(RFC_SECRET, second_factor.step_at(NOON) + off) for off in (-1, 0, 1)}
    assert (found is not None) is (len(typed) <= 20 and digits in near) or len(typed) > 20


def test_the_picture_can_stand_in_a_page_without_styles_or_scripts():
    secret = second_factor.new_secret()
    address = second_factor.address_of(secret, "noor@voorbeeldstad.example", "Toetssteen")
    assert second_factor.typed_secret(secret).replace(" ", "") in address
    picture = second_factor.picture_of(address)
    assert picture.startswith("<svg ")
    assert "style" not in picture
    assert "script" not in picture


@pytest.mark.parametrize("password", ["1qaz2wsx3edc", "Q1W2E3R4T5Y6", "polniypizdec0211", "sojdlg123aljg"])
def test_a_long_password_that_leaked_elsewhere_is_refused(password: str):
    problem = password_problem(password)
    assert problem is not None
    assert "veel mensen" in problem


@given(st.text(min_size=12, max_size=40))
def test_what_never_leaked_is_not_taken_for_it(password: str):
    """Any text can be looked up; one made up on the spot is never found."""
    assert not passwords._leaked(password)


def test_enough_long_passwords_are_known():
    # OWASP ASVS 5.0, 6.2.4: the 3,000 used most that are long enough to be chosen.
    marks = (Path(passwords.__file__).with_name("leaked_passwords.bin")).read_bytes()
    each = [marks[at : at + 6] for at in range(0, len(marks), 6)]
    assert len(each) >= 40_000
    assert each == sorted(set(each))


def test_words_that_anybody_would_try_here_make_no_password():
    assert password_problem("toetssteengriffie!") is not None
    assert password_problem("Voorbeeldstad-1234", ("Gemeente Voorbeeldstad",)) is not None
    assert password_problem("toetssteen en een korte zin") is None


def test_a_recovery_code_cannot_be_found_by_trying():
    # OWASP ASVS 5.0, 6.5.2: below 112 bits a plain hash is not enough.
    assert recovery.LENGTH * math.log2(len(CODE_LETTERS)) >= 112
    assert recovery.looks_like_one("BCDF-GHJK-MNPQ-RTVW")  # as they were handed out before


def test_recovery_codes_are_ten_different_ones_and_are_stored_per_person():
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    assert all(recovery.looks_like_one(code.lower().replace("-", " ")) for code in codes)
    assert not recovery.looks_like_one("123456")
    assert recovery.mark_of("a", codes[0]) == recovery.mark_of("a", codes[0].lower().replace("-", ""))
    assert recovery.mark_of("a", codes[0]) != recovery.mark_of("b", codes[0])
    assert codes[0] not in recovery.mark_of("a", codes[0])


def test_a_place_is_a_device_or_a_network():
    assert lockout.place_of("192.0.2.1") != lockout.place_of("192.0.2.2")
    assert lockout.place_of("2001:db8::1") == lockout.place_of("2001:db8::ffff:1")
    assert lockout.place_of("2001:db8::1") != lockout.place_of("2001:db8:0:1::1")
    assert lockout.place_of("::ffff:192.0.2.1") == lockout.place_of("192.0.2.1")
    assert lockout.place_of("command") == "origin command"
    assert lockout.place_of("192.0.2.1", "mark") == lockout.place_of("192.0.2.2", "mark")


def test_marks_tell_accounts_and_places_apart_and_hold_no_address():
    one = lockout.subject_mark("password", " A@b.example", "origin 1")
    assert one == lockout.subject_mark("password", "a@b.example ", "origin 1")
    assert one != lockout.subject_mark("password", "a@b.example", "origin 2")
    assert one != lockout.subject_mark("factor", "a@b.example", "origin 1")
    assert lockout.account_mark("password", "A@b.example") == lockout.account_mark("password", "a@b.example")


@given(st.integers(3, 20), st.integers(0, 30), st.integers(0, 10_000))
def test_strangers_slow_guessing_down_and_never_close_the_door(most: int, here: int, elsewhere: int):
    everywhere = here + elsewhere
    known = lockout.attempts_left(most, here=here, everywhere=everywhere, known_device=True)
    unknown = lockout.attempts_left(most, here=here, everywhere=everywhere, known_device=False)
    assert known == max(0, most - here)
    assert 0 <= unknown <= known
    assert lockout.attempts_left(most, here=0, everywhere=elsewhere, known_device=False) >= 1


def test_much_guessing_elsewhere_leaves_every_new_place_one_attempt():
    assert lockout.attempts_left(5, here=0, everywhere=9, known_device=False) == 5
    assert lockout.attempts_left(5, here=0, everywhere=10, known_device=False) == 4
    assert lockout.attempts_left(5, here=0, everywhere=1000, known_device=False) == 1
    assert lockout.attempts_left(5, here=1, everywhere=1000, known_device=False) == 0


def test_passkeys_need_an_address_with_a_name():
    assert passkeys.possible(Settings(base_url="http://localhost:8000"))
    assert not passkeys.possible(Settings(base_url="http://127.0.0.1:8000"))


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id": 3}', '{"id": "AA", "rawId": "AA", "response": {}}', "é"]
)
def test_what_is_no_answer_of_a_device_is_refused(answer: str):
    settings = Settings(base_url="http://localhost:8000")
    assert passkeys.registered(settings, b"challenge", answer) is None
    assert passkeys.proven(settings, b"challenge", answer, public_key=b"", sign_count=0) is None


def test_which_key_was_used_is_read_before_anything_is_proven():
    assert passkeys.credential_of('{"id": "AAEC"}') == bytes([0, 1, 2])
    assert passkeys.credential_of("nothing") is None

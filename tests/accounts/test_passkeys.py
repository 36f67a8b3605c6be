"""Passkeys against devices that lie: nobody verified, another site, an old question, a copied key."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.accounts import passkeys
from app.accounts.sessions import SignedIn
from app.settings import Settings
from app.store import proofs
from app.store.rows import LoginAttemptRow, PasskeyRow
from app.usecases import entering, entering_by_passkey, second_step, setting_up, signing_in
from app.usecases.signing_in import Halfway, Refused
from tests.accounts.authenticator import PRESENT, SITE, VERIFIED, Device, in_text, out_of_text
from tests.signing_in import PASSWORD, person
from tests.usecases.world import World, make_world, token_of

CLERK, ANALYST = "gerda.griffioen@voorbeeld.example", "olga.onderwater@voorbeeld.example"
# At an address with a name: browsers give no passkeys to digits.
OURS = Settings(base_url=SITE, argon2_time_cost=1, argon2_memory_kib=8)
CHALLENGE = b"a question that was just made up"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, OURS)


def given_to(world: World, device: Device, email: str = CLERK) -> PasskeyRow:
    """Let somebody set a device up after their password."""
    halfway = signing_in.begin(world.db, world.settings, email, PASSWORD)
    assert isinstance(halfway, Halfway)
    options = setting_up.ask_for_passkey(world.db, world.settings, halfway.token)
    assert options is not None
    entered = setting_up.confirm_passkey(world.db, world.settings, halfway.token, device.make(options))
    assert isinstance(entered, setting_up.Entered)
    return proofs.passkeys_of(world.db, person(world.db, email).id)[-1]


def enter(world: World, device: Device) -> SignedIn | Refused:
    token, options = second_step.ask_for_passkey(world.db, world.settings)
    return second_step.with_passkey(world.db, world.settings, token, device.sign(options))


LIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nobody looked who holds it": ({"flags": PRESENT}, {}),
    "nobody was there": ({"flags": VERIFIED}, {}),
    "made for another site": ({"site": "elders.example"}, {}),
    "asked by another site": ({"origin": "https://localhost.elders.example"}, {}),
    "asked at another port": ({"origin": "http://localhost:9000"}, {}),
    "asked over another road": ({"origin": "https://localhost:8000"}, {}),
    "an old question": ({}, {"challenge": "b3Vk"}),
    "another kind of question": ({}, {"type": "payment.get"}),
}
"""What is different about the device, and what the browser says instead of the truth."""


def told_to(device: Device, lie: str) -> dict[str, Any]:
    """Let a device lie; gives what its browser says."""
    changed, said = LIES[lie]
    vars(device).update(changed)
    return said


@pytest.mark.parametrize("lie", LIES)
def test_a_new_key_that_is_not_what_was_asked_for_is_refused(lie: str):
    device = Device()
    asked = passkeys.registration(OURS, CHALLENGE, person_id="p", email="a@b.example", name="A", known=())
    assert passkeys.registered(OURS, CHALLENGE, device.make(asked)) is not None
    lies = told_to(device, lie)
    assert passkeys.registered(OURS, CHALLENGE, device.make(asked, **lies)) is None


@pytest.mark.parametrize("lie", LIES)
def test_nobody_comes_in_with_an_answer_that_is_not_what_was_asked_for(world: World, lie: str):
    device = Device()
    given_to(world, device)
    assert isinstance(enter(world, device), SignedIn)
    lies = told_to(device, lie)
    token, options = second_step.ask_for_passkey(world.db, world.settings)
    refused = second_step.with_passkey(world.db, world.settings, token, device.sign(options, **lies))
    assert isinstance(refused, Refused)


def test_what_is_asked_of_a_device_is_that_it_looks_who_holds_it():
    asked = json.loads(passkeys.request(OURS, CHALLENGE))
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"
    made = json.loads(passkeys.registration(OURS, CHALLENGE, person_id="p", email="a@b.example", name="A", known=()))
    assert made["authenticatorSelection"]["userVerification"] == "required"


def test_a_copied_key_is_found_when_its_count_does_not_grow(world: World):
    device = Device(count=5)
    key = given_to(world, device)
    stolen = copy.copy(device)
    assert isinstance(enter(world, device), SignedIn)
    world.db.refresh(key)
    assert key.sign_count == 6
    assert isinstance(enter(world, stolen), Refused)
    assert isinstance(enter(world, device), SignedIn), "the owner goes on"


def test_a_key_that_travels_between_devices_never_counts_and_works(world: World):
    device = Device(count=-1)
    given_to(world, Device(key=device.key, identity=device.identity))
    for _ in range(2):
        device.count = -1
        assert isinstance(enter(world, device), SignedIn)


def test_the_same_answer_works_once(world: World):
    device = Device()
    given_to(world, device)
    token, options = second_step.ask_for_passkey(world.db, world.settings)
    answer = device.sign(options)
    assert isinstance(second_step.with_passkey(world.db, world.settings, token, answer), SignedIn)
    assert isinstance(second_step.with_passkey(world.db, world.settings, token, answer), Refused)
    fresh, _ = second_step.ask_for_passkey(world.db, world.settings)
    assert isinstance(second_step.with_passkey(world.db, world.settings, fresh, answer), Refused)


def test_a_signature_of_one_key_is_none_of_another(world: World):
    mine, theirs = Device(), Device()
    given_to(world, mine)
    given_to(world, theirs, ANALYST)
    liar = Device(key=mine.key, identity=theirs.identity)
    assert isinstance(enter(world, liar), Refused)
    failed = world.db.exec(select(LoginAttemptRow).where(LoginAttemptRow.what == "passkey")).all()
    assert [one.person_id for one in failed] == [person(world.db, ANALYST).id]


def test_nobody_takes_the_key_of_somebody_else_for_their_own(world: World):
    device = Device()
    given_to(world, device)
    halfway = signing_in.begin(world.db, world.settings, ANALYST, PASSWORD)
    assert isinstance(halfway, Halfway)
    options = setting_up.ask_for_passkey(world.db, world.settings, halfway.token)
    assert options is not None
    entered = setting_up.confirm_passkey(world.db, world.settings, halfway.token, device.make(options))
    assert isinstance(entered, Refused)


def test_an_account_that_is_off_is_not_opened_by_its_key(world: World):
    device = Device()
    given_to(world, device)
    person(world.db, CLERK).active = False
    assert isinstance(enter(world, device), Refused)


@pytest.mark.parametrize("lie", LIES)
def test_a_candidate_comes_in_with_the_own_key_and_never_with_a_lie(world: World, lie: str):
    invited = world.invited(world.case())
    door = entering.begin(world.db, world.settings, token_of(invited), invited.code)
    assert isinstance(door, entering.AtDoor)
    device = Device()
    options = entering_by_passkey.ask_new(world.db, world.settings, door.token)
    assert options is not None
    assert isinstance(entering_by_passkey.keep(world.db, world.settings, door.token, device.make(options)), SignedIn)
    stolen = copy.copy(device)
    assert isinstance(candidate_enters(world, token_of(invited), device), SignedIn)
    assert isinstance(candidate_enters(world, token_of(invited), stolen), Refused), "its count did not grow"
    device.count += 5
    lies = told_to(device, lie)
    assert isinstance(candidate_enters(world, token_of(invited), device, **lies), Refused)


def candidate_enters(world: World, token: str, device: Device, **lies: Any) -> SignedIn | Refused:
    asked = entering_by_passkey.ask(world.db, world.settings, token)
    assert asked is not None
    return entering_by_passkey.use(world.db, world.settings, asked[0], device.sign(asked[1], **lies))


# ── whatever a browser could send ──

GOOD = Device()
ASKED = passkeys.request(OURS, CHALLENGE)
MADE = json.loads(GOOD.make(ASKED))
SIGNED = json.loads(GOOD.sign(ASKED))
PUBLIC = GOOD.public


@pytest.mark.parametrize("deep", ["[" * 19_000, '{"id":' * 3000, '{"id": "AA", "response": ' + "[" * 18_000])
def test_brackets_without_end_are_no_answer(deep: str):
    assert passkeys.credential_of(deep) is None
    assert passkeys.registered(OURS, CHALLENGE, deep) is None
    assert passkeys.proven(OURS, CHALLENGE, deep, public_key=PUBLIC, sign_count=0) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_answer_upsets_the_look_at_it(data: st.DataObject):
    """A right answer with something else in one place: refused, or the same when the place does not matter."""
    sent = copy.deepcopy(data.draw(st.sampled_from((MADE, SIGNED))))
    response = sent["response"]
    place, within = data.draw(
        st.sampled_from([(name, sent) for name in sent] + [(name, response) for name in response])
    )
    old = within[place]
    if isinstance(old, str) and data.draw(st.booleans()):
        raw = bytearray(out_of_text(old) if place != "type" else old.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        within[place] = in_text(bytes(raw))
    else:
        within[place] = data.draw(anything)
    text = json.dumps(sent)
    made = passkeys.registered(OURS, CHALLENGE, text)
    assert made is None or made.public_key
    proven = passkeys.proven(OURS, CHALLENGE, text, public_key=PUBLIC, sign_count=0)
    assert proven in {None, 1}
    passkeys.credential_of(text)

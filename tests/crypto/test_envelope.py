"""What is sealed opens with the same key in the same place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.envelope import LARGEST, OVERHEAD, SMALLEST, ContentKey, MasterKey, about, evened, new_key
from app.errors import Unreadable

PARTS = st.lists(st.one_of(st.text(max_size=12), st.integers(0, 9), st.none()), max_size=5)


@given(st.binary(max_size=300), PARTS)
def test_what_is_sealed_opens_again_and_is_longer_by_a_fixed_amount(text: bytes, parts: list[str | int | None]):
    key = ContentKey(new_key())
    sealed = key.seal(text, about(*parts))
    assert key.open(sealed, about(*parts)) == text
    assert len(sealed) == len(text) + OVERHEAD


@given(PARTS, PARTS)
def test_two_places_are_only_the_same_when_all_their_parts_are(
    one: list[str | int | None], other: list[str | int | None]
):
    assert (about(*one) == about(*other)) == (one == other)


def test_the_same_text_never_looks_the_same_twice():
    key = ContentKey(new_key())
    assert key.seal(b"ja", b"") != key.seal(b"ja", b"")


@given(st.data())
def test_one_changed_bit_is_noticed(data: st.DataObject):
    key = ContentKey(new_key())
    sealed = bytearray(key.seal(b"een antwoord", b"hier"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unreadable):
        key.open(bytes(sealed), b"hier")


@pytest.mark.parametrize("wrong", [b"", b"\x01", b"\x01" + bytes(12), b'{"value":"ja"}'])
def test_what_was_never_sealed_does_not_open(wrong: bytes):
    with pytest.raises(Unreadable):
        ContentKey(new_key()).open(wrong, b"")


def test_another_place_or_another_key_does_not_open():
    key = ContentKey(new_key())
    sealed = key.seal(b"ja", about("answer", "c1", "p", 1))
    for place in (about("answer", "c2", "p", 1), about("answer", "c1", "q", 1), about("answer", "c1", "p", 2)):
        with pytest.raises(Unreadable):
            key.open(sealed, place)
    with pytest.raises(Unreadable):
        ContentKey(new_key()).open(sealed, about("answer", "c1", "p", 1))


def test_a_wrapped_key_belongs_to_one_owner():
    master, raw = MasterKey(new_key()), new_key()
    wrapped = master.wrap(raw, "mine")
    assert raw not in wrapped
    assert master.unwrap(wrapped, "mine") == raw
    with pytest.raises(Unreadable):
        master.unwrap(wrapped, "yours")


def test_a_key_of_another_length_is_no_key():
    with pytest.raises(Unreadable):
        ContentKey(b"short")


def test_no_key_shows_itself():
    raw = new_key()
    for key in (ContentKey(raw), MasterKey(raw)):
        assert raw.hex() not in repr(key)
        assert str(raw) not in repr(key)


@given(st.binary(max_size=3 * LARGEST))
def test_a_text_that_is_made_even_keeps_its_words_and_has_one_of_few_lengths(text: bytes):
    even = evened(text)
    assert (even[: len(text)], even[len(text) :].strip(b" ")) == (text, b"")
    few = {SMALLEST << step for step in range((LARGEST // SMALLEST).bit_length())}
    assert len(even) in few or len(even) % LARGEST == 0
    # Never more than twice as long, apart from the smallest: texts cost what they weigh.
    assert len(even) < max(2 * len(text), SMALLEST + 1)

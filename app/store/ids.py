"""Identities: unguessable, and sortable by the moment they were made."""

import secrets
import time
from threading import Lock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
# 55 bits of microseconds last for another thousand years; 75 random bits make a guess hopeless.
_TIME_CHARACTERS = 11
_RANDOM_CHARACTERS = 15


class _Clock:
    """Microseconds that always go up, also when the clock of the machine is put back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def next(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last

    def pass_by(self, moment: int) -> None:
        with self._lock:
            self._last = max(self._last, moment)


_clock = _Clock()


def new_id() -> str:
    """Make an identity of 26 lower-case characters. A later one always sorts after an earlier.

    Within one process that is so by itself; after what other processes made, because a process calls `go_on_after`.
    """
    return _spell(_clock.next(), _TIME_CHARACTERS) + _spell(secrets.randbits(75), _RANDOM_CHARACTERS)


def go_on_after(identity: str) -> None:
    """Let every identity of this process from now on sort after this one, however far ahead the clock was then."""
    moment = 0
    for sign in identity[:_TIME_CHARACTERS]:
        moment = moment * len(_ALPHABET) + _ALPHABET.index(sign)
    _clock.pass_by(moment)


def new_item_id() -> str:
    """Make the identity of one item in a group of answers: short, because it stands in every path of that item."""
    return "i" + _spell(secrets.randbits(35), 7)


def _spell(number: int, length: int) -> str:
    pairs = []
    for _ in range((length + 1) // 2):
        number, two = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[two])
    return "".join(reversed(pairs))[-length:]

"""How many wrong attempts are let through, so that guessing is slow and nobody can keep somebody else out.

Failures are counted for an account *at one place*: a device that the person signed in with before, or else the network
a request comes from. Whoever guesses closes the door for their own place only, and for a while. When many places guess
at one account at once, each gets fewer attempts, and never less than one: the person, somewhere new, still has one. On
a device they used before nothing changes.
"""

import hashlib
from ipaddress import IPv6Address, ip_address

FAILURES_FOR_ONE_LESS = 10
"""So many failures elsewhere take away one attempt of every unknown place."""
# Whoever has one IPv6 address has all of its /64 (RFC 6177).
_IPV6_NETWORK = 64


def place_of(origin: str, device: str = "") -> str:
    """Name where an attempt comes from: a known device by its mark, otherwise the network."""
    if device:
        return f"device {device}"
    try:
        address = ip_address(origin)
    except ValueError:
        return f"origin {origin}"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return f"origin {address.ipv4_mapped}"
        return f"network {int(address) >> (128 - _IPV6_NETWORK)}"
    return f"origin {address}"


def account_mark(what: str, account: str) -> str:
    """Give the mark under which all failures at an account are counted. Unknown accounts have one too."""
    return hashlib.sha256(f"{what} {account.strip().lower()}".encode()).hexdigest()


def subject_mark(what: str, account: str, place: str) -> str:
    """Give the mark under which the failures at an account from one place are counted."""
    return hashlib.sha256(f"{what} {account.strip().lower()} {place}".encode()).hexdigest()


def attempts_left(most: int, *, here: int, everywhere: int, known_device: bool) -> int:
    """Tell how many attempts a place has left, of `most`. `here` and `everywhere` count failures within the pause."""
    allowed = most if known_device else max(1, most - (everywhere - here) // FAILURES_FOR_ONE_LESS)
    return max(0, allowed - here)

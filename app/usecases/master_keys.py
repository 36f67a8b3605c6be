"""What whoever runs an installation does with its master keys."""

from dataclasses import dataclass

from app.crypto import masters
from app.errors import KeysMissing, NotAllowed
from app.settings import Settings
from app.store import rewrapping
from app.store.engine import Engine
from app.store.rewrapping import Wrapping


@dataclass(frozen=True, slots=True)
class Standing:
    """Every master key that is at hand or needed, and how many data keys were destroyed.

    Of those, `at_hand` were wrapped with a master key that is still here.
    """

    wrappings: tuple[Wrapping, ...]
    destroyed: int
    at_hand: int


def standing(engine: Engine) -> Standing:
    """Tell which master keys there are and which the database needs. Raises KeysMissing when there is none at all."""
    with engine.connect() as connection:
        return Standing(
            rewrapping.wrappings(connection),
            rewrapping.destroyed(connection),
            rewrapping.destroyed_but_at_hand(connection),
        )


def advice(settings: Settings) -> str:
    """Say what is better done about the key file of an installation; empty when nothing is."""
    file = settings.master_key_file
    if file is None or not masters.others_read(file):
        return ""
    return f"others than its owner can read the key file {file}; run: chmod 600 {file}"


def require(engine: Engine) -> None:
    """Raise KeysMissing unless every master key that the database needs is there."""
    rewrapping.require_masters(engine)


def add(settings: Settings) -> str:
    """Put a new master key above the others in the key file; gives its name. Raises KeysMissing without a key file."""
    file = settings.key_file
    if file is None:
        raise KeysMissing(
            "the master keys do not come from a file: put a new one above the others there yourself, and run this "
            "command without --new"
        )
    return masters.add_to_file(file).id


def take_away(engine: Engine, settings: Settings, master_id: str) -> None:
    """Take a master key that wraps nothing any more out of the key file, while the product runs.

    Raises KeysMissing without a key file or when the key is not in it; NotAllowed when it is the one that is used now or
    something in the database still needs it.
    """
    file = settings.key_file
    if file is None:
        raise KeysMissing("the master keys do not come from a file: take the old one away there yourself")
    found = {one.master_id: one for one in standing(engine).wrappings}.get(master_id)
    if found is not None and found.current:
        raise NotAllowed(f"master key {master_id} is the one that is used now; first: toetssteen keys rotate --new")
    if found is not None and found.count:
        raise NotAllowed(f"master key {master_id} still wraps {found.count} keys; first: toetssteen keys rotate")
    masters.take_from_file(file, master_id)


def rotate(engine: Engine) -> int:
    """Wrap every data key with the first master key, while the product runs; gives how many were changed."""
    return rewrapping.rewrap(engine)

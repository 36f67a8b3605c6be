"""The garbage collector, kept from walking past everybody's case again and again.

Python looks for objects that only hold each other by walking through all of them. With seventeen hundred cases in
memory that takes half a second, in which nobody is served; what is kept of a case holds no such circles. So whatever
survives a collection, save one of only the very newest, is set apart (`gc.freeze`): the next one looks only at what is
new. Things set apart still go at once when nothing holds them any more. Only circles among them stay, until `thoroughly`
looks at everything.

Setting apart only after a full collection let so much gather in between that everybody waited a tenth of a second, every
few seconds.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

EVERY_SECONDS: Final = 3600.0
"""How often everything is looked at. It takes less than a second."""


@contextmanager
def calm() -> Iterator[None]:
    """Set apart what survives, for as long as this lasts; afterwards the collector is what it was."""
    gc.callbacks.append(_set_apart)
    try:
        yield
    finally:
        gc.callbacks.remove(_set_apart)
        gc.unfreeze()


def thoroughly() -> None:
    """Look at everything, also at what was set apart."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _set_apart(phase: str, info: Mapping[str, Any]) -> None:
    if phase == "stop" and info["generation"] > 0:
        gc.freeze()

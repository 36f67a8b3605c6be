"""The one template environment: strict, escaped, with the component library and the Dutch filters.

Templates never import anything. A block that is rendered alone does not run the imports at the top of its template,
so macros that were imported would be missing exactly in fragments. Therefore the library is one global: `ui`.
"""

import re
from datetime import date, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro

from app.web.assets import asset
from app.web.places import templates_directory
from app.web.remembering import OUTLINED, REMEMBERED, Outlined, Remembered

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
# Clock times on a page are those of the Netherlands in Europe; the Caribbean bodies see them named so.
ZONE = ZoneInfo("Europe/Amsterdam")


def dutch_date(when: date) -> str:
    """Write a date as people do: `12 maart 2026`. A moment in time becomes the date in the Netherlands."""
    if isinstance(when, datetime):
        when = _local(when).date()
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def dutch_time(when: datetime) -> str:
    """Write a clock time in the Netherlands: `14:03`."""
    return f"{_local(when):%H:%M}"


def dutch_moment(when: datetime) -> str:
    """Write date and clock time: `12 maart 2026, 14:03`."""
    return f"{dutch_date(when)}, {dutch_time(when)}"


def plural(count: int, one: str, many: str) -> str:
    """Write a number with its noun: `1 vraag`, `3 vragen`, `geen vragen`."""
    if count == 0:
        return f"geen {many}"
    return f"{count} {one if count == 1 else many}"


def euros(amount: int) -> str:
    """Write whole euros with Dutch thousands: `€ 25.000`."""
    return f"€ {amount:,}".replace(",", ".")


def money_band(low: int | None, high: int | None) -> str:
    """Write a band of amounts in whole euros; either side may be open: `€ 1.000 tot € 5.000`, `€ 5.000 of meer`."""
    if low is None or low == 0:
        return "onbekend bedrag" if high is None else f"minder dan {euros(high)}"
    return f"{euros(low)} of meer" if high is None else f"{euros(low)} tot {euros(high)}"


def dom_id(name: str) -> str:
    """Turn the name of a field into an id that also works in an address: `companies[co1].share_pct` to `companies-co1-share_pct`."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")


def _local(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown: store moments in UTC")
    return when.astimezone(ZONE)


class ComponentLibrary:
    """All macros of `templates/ui/*.html`, each an attribute. Made empty, because macros call each other through it."""

    def __getattr__(self, name: str) -> Macro:
        """Refuse a name that is not there, so that a typing error cannot render as nothing."""
        raise AttributeError(f"the component library has no {name!r}")

    def fill(self, made: Environment) -> None:
        """Take in every macro of the environment's `ui/` templates. Two of the same name are an error."""
        for template in sorted(made.list_templates(filter_func=lambda name: name.startswith("ui/"))):
            for name, macro in vars(made.get_template(template).module).items():
                if not isinstance(macro, Macro):
                    continue
                if name in vars(self):
                    raise ValueError(f"{template}: there is another macro called {name!r}")
                setattr(self, name, _remembering(name, macro))

    def macros(self) -> dict[str, Macro]:
        """Give all macros by name."""
        return dict(vars(self))


def _remembering(name: str, macro: Macro) -> Macro:
    if name == OUTLINED:
        return Outlined(macro)
    return Remembered(macro, REMEMBERED[name]) if name in REMEMBERED else macro


def make_environment(directory: Path) -> Environment:
    """Make an environment over a folder of templates."""
    made = Environment(
        loader=FileSystemLoader(directory),
        autoescape=True,
        undefined=StrictUndefined,  # also in production: a missing value is a fault, not an empty spot in a file
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {
        "dom_id": dom_id,
        "datum": dutch_date,
        "tijd": dutch_time,
        "moment": dutch_moment,
        "aantal": plural,
        "euros": euros,
        "money_band": money_band,
    }
    made.globals["asset"] = asset
    components = ComponentLibrary()
    made.globals["ui"] = components  # before any macro is loaded: a template keeps the globals it was loaded with
    components.fill(made)
    return made


environment = make_environment(templates_directory())
library = cast("ComponentLibrary", environment.globals["ui"])

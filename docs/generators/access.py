"""Who opens which address, from the table that the access matrix is tested against."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.generators.markdown import chapter, code, table

TABLE = Path(__file__).parents[1] / "security" / "access.yaml"


def read() -> Any:
    """Give the table as it stands in its file."""
    return YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))


def opens(group: Any, who: str, address: str) -> bool:
    """Tell whether an address of a group is there for somebody.

    A clerk of another organisation is a clerk as well, as far as the address names nothing of this organisation.
    """
    if who == "elsewhere":
        return ("clerk" in group["opens"]) and ("{" not in address or "anonymous" in group["opens"])
    return who in group["opens"]


def people() -> str:
    """Everybody that the matrix knows."""
    return table(("who", "that is"), ((code(who), told) for who, told in read()["people"].items()))


def overview() -> str:
    """One line for each group, one column for each kind of person."""
    found = read()
    columns = [who for who in found["people"] if who != "elsewhere"]
    return table(
        ("addresses", *columns),
        ((one["title"], *("yes" if who in one["opens"] else "" for who in columns)) for one in found["groups"]),
    )


def groups() -> str:
    """Every group with its reason and its addresses."""
    return "\n".join(
        chapter(
            one["title"], f"{' '.join(one['why'].split())}\n", table(("address",), ((code(a),) for a in one["routes"]))
        )
        for one in read()["groups"]
    )

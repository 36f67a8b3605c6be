"""What is protected and how, from one file; OWASP ASVS and BIO2 requirement by requirement, from others. Held by tests."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from app.accounts import lockout, passwords, recovery
from app.main import AT_ONCE
from app.settings import Settings
from app.store.rows import metadata
from app.store.types import SealedType
from app.usecases import (
    attachment_kinds,
    attachment_parts,
    attachments,
    entering,
    guessing,
    joining,
    links,
    own_account,
    signing_in,
)
from app.web.rehearsal import routes as rehearsal
from docs.generators.markdown import chapter, code, codes, table

FOLDER: Final = Path(__file__).parents[1] / "security"
STATUSES: Final = {
    "product": "the product does it",
    "partly": "the product does part of it, or does it otherwise; the remark says what is missing",
    "deployer": "whoever runs it has to",
    "not met": "nobody does",
    "not applicable": "there is nothing here that it is about",
}
EXPLAINED: Final = frozenset(STATUSES) - {"product"}
"""What needs a remark."""


@cache
def read(name: str) -> Any:
    """Give a file of this folder."""
    return YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def ids() -> dict[str, int]:
    """Every requirement of levels 1 and 2, with its level, as the standard numbers them."""
    return {one: level for level, listed in read("asvs/ids.yaml")["levels"].items() for one in listed.split()}


@cache
def chapters() -> tuple[Any, ...]:
    """The chapters with what we say about each requirement."""
    return tuple(read(f"asvs/{file.name}") for file in sorted((FOLDER / "asvs").glob("v*.yaml")))


def requirements() -> list[Any]:
    """Everything we say, in one list."""
    return [one for chapter_ in chapters() for one in chapter_["requirements"]]


def measures() -> list[Any]:
    """What we say about BIO2."""
    return list(read("bio2.yaml")["measures"])


def _where(one: Any) -> str:
    return codes(one.get("where", ()))


def _tests(one: Any) -> str:
    return codes(one.get("tests", ()))


def counts() -> str:
    """How many requirements of each level have which status."""
    found = Counter((ids()[one["id"]], one["status"]) for one in requirements())
    rows = [
        (status, told, found[1, status], found[2, status], found[1, status] + found[2, status])
        for status, told in STATUSES.items()
    ]
    sums = [sum(found[level, status] for status in STATUSES for level in those) for those in ((1,), (2,), (1, 2))]
    return table(("status", "that is", "level 1", "level 2", "together"), (*rows, ("together", "", *sums)))


def not_whole() -> str:
    """Only what is not met or partly met."""
    return table(
        ("requirement", "asks", "status", "what is missing, or why"),
        (
            (one["id"], one["asks"], one["status"], one["note"])
            for one in requirements()
            if one["status"] in {"partly", "not met"}
        ),
    )


def for_deployers() -> str:
    """Only what whoever runs it has to do."""
    return table(
        ("requirement", "asks", "what you do"),
        ((one["id"], one["asks"], one["note"]) for one in requirements() if one["status"] == "deployer"),
    )


def asvs() -> str:
    """Every requirement, chapter by chapter."""
    return "\n".join(
        chapter(
            f"{one['chapter']} {one['title']}",
            table(
                ("requirement", "level", "asks", "status", "where", "tests", "remark"),
                (
                    (
                        each["id"], ids()[each["id"]], each["asks"], each["status"], _where(each), _tests(each),
                        each.get("note", ""),
                    )
                    for each in one["requirements"]
                ),
            ),
        )
        for one in chapters()
    )  # fmt: skip


def bio2() -> str:
    """Every measure of BIO2 that asks something of a product like this one."""
    return table(
        ("measure", "asks", "status", "where", "tests", "remark"),
        (
            (", ".join(one["ids"]), one["asks"], one["status"], _where(one), _tests(one), one.get("note", ""))
            for one in measures()
        ),
    )


def sealed_tables() -> list[str]:
    """Every table with sealed content."""
    return sorted(
        one.name for one in metadata.sorted_tables if any(isinstance(column.type, SealedType) for column in one.columns)
    )


def tables_of(level: Any) -> list[str]:
    """The tables of a level of protection."""
    return sealed_tables() if level.get("sealed") else list(level["tables"])


def levels() -> str:
    """What is protected how."""
    return table(
        ("level", "what it holds", "how it is kept", "who reads it", "in a log", "until when", "tables"),
        (
            (
                one["title"], one["what"], one["kept"], one["read"], one["logged"], one["gone"], codes(tables_of(one)),
            )
            for one in read("inventory.yaml")["levels"]
        ),
    )  # fmt: skip


def cryptography() -> str:
    """Every use of cryptography."""
    return table(
        ("what for", "how", "key", "where"),
        ((one["what"], one["how"], one["key"], _where(one)) for one in read("inventory.yaml")["cryptography"]),
    )


def talks() -> str:
    """Every other machine that the product talks to."""
    return table(
        ("with", "setting", "how", "when it does not answer", "where"),
        (
            (one["with"], code(f"TOETSSTEEN_{one['setting'].upper()}"), one["how"], one["fails"], _where(one))
            for one in read("inventory.yaml")["talks"]
        ),
    )


def logs() -> str:
    """Every log."""
    return table(
        ("log", "what stands in it", "in what form", "who reads it", "how long"),
        (
            (one["name"], one["what"], one["form"], one["read"], one["kept"])
            for one in read("inventory.yaml")["logs"]
        ),
    )  # fmt: skip


def costs() -> str:
    """What costs much, and what bounds it, with the numbers of the code."""
    known = {name: field.default for name, field in Settings.model_fields.items()} | {
        "codes": entering.MOST_CODES,
        "rehearsal": rehearsal.LARGEST_FILE,
        "attachments": attachments.MOST,
        "at_once": AT_ONCE,
    }
    return table(
        ("what costs much", "what bounds it"),
        ((one["what"], one["bound"].format_map(known)) for one in read("inventory.yaml")["costs"]),
    )


def files() -> str:
    """Every place that takes a file, with its limits."""
    kinds = (attachment_kinds.PDF, attachment_kinds.JPEG, attachment_kinds.PNG, attachment_kinds.DOCX)
    most = Settings.model_fields["attachment_bytes"].default
    return table(
        ("where", "kinds", "at most", "made safe by"),
        (
            (
                "files with a case",
                ", ".join(one.ending for one in kinds),
                (
                    f"{most:,} bytes (a setting), {attachments.MOST} files from either side; unpacked {attachment_parts.MOST_UNPACKED:,} bytes, "
                    f"{attachment_parts.MOST_PARTS:,} parts, {attachment_parts.MOST_RATIO} times larger; pictures of "
                    f"{attachment_kinds.MOST_POINTS:,} points"
                ),
                (
                    "kept only when the whole file is one of these and nothing else, without macros, scripts or embedded "
                    "files; held against the scanner when there is one; sealed; handed out as a download under a clean name"
                ),
            ),
            (
                "a rehearsal",
                ".json",
                f"{rehearsal.LARGEST_FILE:,} bytes",
                "read as data with a closed vocabulary; what does not fit is named and left out; never stored",
            ),
        ),
    )


def terms() -> str:
    """Every term and number about getting in, from the code."""
    default = {name: field.default for name, field in Settings.model_fields.items()}

    def setting(name: str) -> str:
        return f"{default[name]} (`TOETSSTEEN_{name.upper()}`)"

    rows = (
        ("a session in which nothing happens ends after", f"{setting('session_idle_minutes')} minutes"),
        ("a session ends, whatever happens, after", f"{setting('session_hours')} hours"),
        ("changing one's own proofs asks for a sign-in of at most", f"{own_account.FRESH.seconds // 60} minutes ago"),
        ("between two proofs one may take", f"{signing_in.STEP_MINUTES} minutes"),
        ("wrong proofs from one place at one account", setting("attempts_before_lock")),
        ("the pause after those", f"{setting('lock_minutes')} minutes"),
        ("failures elsewhere that take one attempt away from an unknown place", lockout.FAILURES_FOR_ONE_LESS),
        (
            "guesses in a day at the code of one app, from strange places together",
            guessing.MOST_IN_A_DAY,
        ),
        ("forms from one network in a minute where nobody is signed in", setting("open_forms_per_minute")),
        ("a password has at least", f"{passwords.MINIMUM_LENGTH} characters"),
        ("a password has at most", f"{passwords.MAXIMUM_LENGTH} characters"),
        ("recovery codes", f"{recovery.HOW_MANY} of {recovery.LENGTH} letters and digits, each works once"),
        ("a mailed code works", f"{entering.CODE_MINUTES} minutes, once; {entering.CODE_DIGITS} digits"),
        ("mailed codes in an hour", entering.MOST_CODES),
        ("the link of a colleague works", f"{setting('account_link_hours')} hours, once"),
        ("the link for a new password works", f"{joining.PASSWORD_LINK.seconds // 3600} hour, once"),
        (
            "mails with a link for a new password, or with the link of a candidate, in an hour",
            f"{joining.MOST_ASKED}, {links.MOST_LINKS}",
        ),
        ("the invitation of a candidate works", f"{setting('invitation_days')} days"),
    )
    return table(("what", "how long, how many"), rows)


def own_words() -> str:
    """The words that a password may not be made of."""
    return f"{', '.join(passwords.OWN_WORDS)}\n"

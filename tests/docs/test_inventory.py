"""The inventory is whole: a table, a use of cryptography, a conversation or a log that is new is missing there until it is added."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from app.store.rows import metadata
from app.usecases import attachment_kinds, attachment_parts, attachments, entering
from docs.generators import security
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "security" / "inventory.md").read_text(encoding="utf-8")
INVENTORY = security.read("inventory.yaml")
MODULES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")}
CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from) (?:hashlib|hmac|secrets|cryptography|pwdlib|webauthn|joserfc|authlib)\b", re.MULTILINE
)
OUTWARD = re.compile(
    r"^\s*(?:import|from) (?:socket|ssl|smtplib|ftplib|subprocess|http\.client|urllib\.request|httpx)\b", re.MULTILINE
)


def _using(pattern: re.Pattern[str]) -> set[str]:
    return {path for path, source in MODULES.items() if pattern.search(source)}


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_table_has_a_level_of_protection():
    """A table with sealed content has one by itself; any other goes under a level in docs/security/inventory.yaml."""
    listed = [one for level in INVENTORY["levels"] for one in security.tables_of(level)]
    assert sorted(listed) == sorted(metadata.tables)
    assert all(level[word] for level in INVENTORY["levels"] for word in ("what", "kept", "read", "logged", "gone"))


def test_every_module_that_uses_cryptography_stands_in_the_inventory():
    """Add a new one under `cryptography` in docs/security/inventory.yaml: what for, how, and with which key."""
    listed = {path for one in INVENTORY["cryptography"] for path in one["where"]}
    assert not _using(CRYPTOGRAPHY) - listed
    assert not [path for path in listed if path not in MODULES]


def test_every_place_the_product_talks_to_stands_in_the_inventory():
    listed = {path for one in INVENTORY["talks"] for path in one["where"]}
    assert not _using(OUTWARD) - listed
    assert not [path for path in listed if path not in MODULES]
    for one in INVENTORY["talks"]:
        assert one["setting"] in Settings.model_fields
        assert f"`TOETSSTEEN_{one['setting'].upper()}`" in _section("With whom the product talks")


def test_every_log_stands_in_the_inventory():
    section = _section("Logs")
    for setting in ("audit_heads", "processing_log"):
        assert setting in Settings.model_fields
        assert f"`TOETSSTEEN_{setting.upper()}`" in section
    kept = {name for name in metadata.tables if re.search(r"audit|attempt|log", name)} - {"audit_head"}
    named = {"audit_entry": "the audit log", "login_attempt": "login_attempt"}
    assert not [name for name in kept if named.get(name, name) not in section]


def test_the_inventory_names_every_kind_of_file_and_its_limits():
    section = _section("Files that are taken")
    kinds = [one for one in vars(attachment_kinds).values() if isinstance(one, attachment_kinds.FileKind)]
    assert kinds
    assert not [one.ending for one in kinds if one.ending not in section]
    for number in (Settings.model_fields["attachment_bytes"].default, attachments.MOST, attachment_parts.MOST_UNPACKED):
        assert f"{number:,}" in section


def test_what_costs_much_is_listed_with_its_bound():
    section = _section("What costs much")
    for number in (entering.MOST_CODES, attachments.MOST, Settings.model_fields["open_forms_per_minute"].default):
        assert re.search(rf"\b{number}\b", section)
    assert "{" not in section


@pytest.mark.parametrize("name", ["session_idle_minutes", "session_hours", "attempts_before_lock", "lock_minutes"])
def test_the_page_about_signing_in_names_the_terms_of_the_settings(name: str):
    page = (ROOT / "docs" / "security" / "signing-in.md").read_text(encoding="utf-8")
    assert f"| {Settings.model_fields[name].default} (`TOETSSTEEN_{name.upper()}`)" in page


def test_the_security_page_says_how_soon_components_are_renewed():
    page = Path(ROOT / "SECURITY.md").read_text(encoding="utf-8")
    section = page.partition("\n## How soon components are renewed\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\| (?:critical|high|medium|low) ", section, re.MULTILINE)) == 4
    assert "uv audit" in section

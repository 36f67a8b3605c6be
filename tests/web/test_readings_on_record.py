"""Whoever reads something about a person leaves a line in the audit log: every address, for everybody it opens for."""

import pytest
from sqlmodel import Session, col, select

from app.settings import Settings
from app.store import audit
from app.store.engine import open_engine
from app.store.rows import AuditRow
from app.web.routes import routers
from tests.web.conftest import House
from tests.web.test_access import SECRETS, address

pytestmark = pytest.mark.massive

PAGES = sorted(
    {
        str(getattr(route, "path", ""))
        for router in routers(Settings.model_construct())
        for route in router.routes
        if "GET" in getattr(route, "methods", ()) and "{token}" not in str(getattr(route, "path", ""))
    }
)
OF_CASES = [path for path in PAGES if "{case_id}" in path or "{document_id}" in path]
WHO = ("clerk", "analyst", "principal", "auditor", "admin", "review")


@pytest.fixture(autouse=True)
def _every_reading_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "READ_AGAIN_SECONDS", 0)


def lines(house: House) -> list[AuditRow]:
    engine = open_engine(house.stage.settings.database)
    with Session(engine) as db:
        found = list(db.exec(select(AuditRow).order_by(col(AuditRow.number))).all())
    engine.dispose()
    return found


def blanks(house: House, path: str) -> str | None:
    """Fill in the blanks of a page, or give None for one that shows something else than cases."""
    try:
        return address(house, path)
    except KeyError:
        return None


@pytest.mark.parametrize("who", WHO)
def test_no_page_tells_about_somebody_without_a_line(house: House, who: str) -> None:
    silent, told = [], 0
    # everybody sees the own name on every page
    secrets = SECRETS[:1] if who == "review" else SECRETS
    for path in PAGES:
        target = blanks(house, path)
        if target is None or path == "/ontwikkel/postvak":  # what developers read instead of their mail
            continue
        before = len(lines(house))
        answer = house.get(who, target)
        new = lines(house)[before:]
        if answer.status_code != 200:
            continue
        about = [line.case_id for line in new]
        if path in OF_CASES:
            told += 1
            if house.stage.cases["presented" if "{document_id}" in path else "review"].id not in about:
                silent.append(path)
        elif any(secret in answer.text for secret in secrets) and not new:
            silent.append(path)
    assert silent == []
    assert told or who in {"auditor", "admin"}


def test_reading_the_same_again_shortly_after_is_the_same_reading(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "READ_AGAIN_SECONDS", 300)
    target = f"/zaken/{house.stage.cases['review'].id}"
    house.get("clerk", target)
    before = len(lines(house))
    assert house.get("clerk", target).status_code == 200
    assert len(lines(house)) == before

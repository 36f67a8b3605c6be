"""`toetssteen scan-test`: tells whether the scanner finds what it has to find, against one that speaks as clamd does."""

import pytest

from tests.cli.conftest import Run
from tests.usecases.clamd import clamd


def test_a_scanner_that_works_is_told_from_one_that_does_not(run: Run, monkeypatch: pytest.MonkeyPatch):
    with clamd() as scanner:
        monkeypatch.setenv("TOETSSTEEN_CLAMD_ADDRESS", scanner.address)
        monkeypatch.setenv("TOETSSTEEN_ATTACHMENT_BYTES", "1000000")
        well = run("scan-test")
        assert (well.exit_code, well.stdout.splitlines()) == (
            0,
            ["an ordinary file: clean", "the EICAR test file: found", "a file of 1,000,000 bytes: clean"],
        )
        scanner.limit = 999_999
        small = run("scan-test")
        assert small.exit_code == 2
        assert "a file of 1,000,000 bytes: silent, and that should be clean" in small.stdout
        scanner.way = "hanging up"
        assert run("scan-test").exit_code == 2


def test_without_a_scanner_it_says_that_nothing_is_scanned(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TOETSSTEEN_CLAMD_ADDRESS", raising=False)
    told = run("scan-test")
    assert told.exit_code == 2
    assert "not scanned" in told.output

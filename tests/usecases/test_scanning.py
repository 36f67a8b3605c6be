"""The scanner gets the file as clamd wants it, and whatever it does not say clearly, and in time, counts as not clean."""

import json
import time
from pathlib import Path

import pytest

from app.usecases.scanning import EICAR, Scan, scan
from tests.usecases.clamd import Way, clamd

BODY = bytes(range(256)) * 1000


def test_a_file_arrives_whole_and_only_what_is_in_it_decides():
    with clamd() as scanner:
        assert scan(scanner.address, BODY) is Scan.CLEAN
        assert scan(scanner.address, BODY + EICAR) is Scan.FOUND
        assert scan(scanner.address, b"") is Scan.CLEAN
    assert scanner.bodies == [BODY, BODY + EICAR, b""]


def test_a_scanner_can_listen_on_a_socket_in_the_file_system(tmp_path: Path):
    with clamd(tmp_path / "clamd.sock") as scanner:
        assert scan(scanner.address, EICAR) is Scan.FOUND


@pytest.mark.parametrize("way", ["babbling", "hanging up"])
def test_only_a_clear_yes_counts(way: Way, capsys: pytest.CaptureFixture[str]):
    with clamd() as scanner:
        scanner.way = way
        assert scan(scanner.address, BODY) is Scan.SILENT
        scanner.way = "well"
        assert scan(scanner.address, BODY) is Scan.CLEAN
    assert "scanner_" in capsys.readouterr().err


def test_a_file_over_the_limit_of_the_scanner_is_not_taken_and_the_log_says_why(capsys: pytest.CaptureFixture[str]):
    with clamd() as scanner:
        scanner.limit = 100_000
        assert scan(scanner.address, BODY) is Scan.SILENT
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
    assert line["event"] in {"scanner_refused", "scanner_silent"}
    # Where the connection was cut before the answer was read, only that is known.
    assert line["kind"] in {"limit", "answer", "ConnectionResetError"}


@pytest.mark.parametrize("way", ["mute", "dripping"])
def test_a_scanner_that_takes_too_long_holds_nobody(way: Way, capsys: pytest.CaptureFixture[str]):
    with clamd() as scanner:
        scanner.way = way
        began = time.monotonic()
        assert scan(scanner.address, BODY, seconds=0.3) is Scan.SILENT
        # Dripping, it would go on for ever: every byte comes well within the time for one.
        assert time.monotonic() - began < 5
    assert "TimeoutError" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["127.0.0.1:9", "unix:/bestaat-niet", "geen adres", "127.0.0.1:x"])
def test_a_scanner_that_is_not_there_is_silent(address: str, capsys: pytest.CaptureFixture[str]):
    assert scan(address, BODY) is Scan.SILENT
    assert "scanner_silent" in capsys.readouterr().err

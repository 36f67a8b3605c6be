"""Where master keys come from, what is refused, and that reading them again goes on working."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.crypto import masters
from app.crypto.masters import MasterKeys, parse
from app.errors import KeysMissing
from app.settings import Environment, Settings


def test_the_first_line_wraps_and_the_others_are_known():
    new, old = masters.new_line(), masters.new_line()
    keys = parse(f"# of this year\n{new}\n\n{old}\n")
    assert [key.id for key in keys] == [parse(new)[0].id, parse(old)[0].id]
    assert keys[0].id != keys[1].id


@pytest.mark.parametrize("text", ["", "# nothing\n", "not base64!", "c2hvcnQ=", "é"])
def test_what_is_no_key_is_refused_and_not_repeated(text: str):
    with pytest.raises(KeysMissing) as refused:
        parse(text)
    assert not text.strip("# \n") or text not in str(refused.value)


def test_in_a_variable_spaces_part_keys():
    lines = [masters.new_line(), masters.new_line()]
    assert len(masters.from_text(" ".join(lines)).all()) == 2


def test_an_own_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "new" / "master.key"
    first = masters.from_own_file(file).current().id
    assert "Copy it to a safe place" in capsys.readouterr().err
    assert masters.from_own_file(file).current().id == first
    assert capsys.readouterr().err == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["master.key"]
    assert not masters.create_file(file)


@pytest.mark.parametrize(("mode", "own", "given"), [(0o600, True, True), (0o644, False, True), (0o620, False, False)])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int, own: bool, given: bool):
    file = tmp_path / "master.key"
    masters.create_file(file)
    file.chmod(mode)
    for keys, accepted in ((masters.from_own_file(file), own), (masters.from_file(file), given)):
        if accepted:
            assert len(keys.all()) == 1
        else:
            with pytest.raises(KeysMissing, match="chmod 600"):
                keys.current()


def test_a_file_that_was_chosen_is_never_made(tmp_path: Path):
    with pytest.raises(KeysMissing, match="cannot be read"):
        masters.from_file(tmp_path / "missing.key").current()
    assert list(tmp_path.iterdir()) == []


def test_a_command_gives_the_keys_without_a_shell(tmp_path: Path):
    line = masters.new_line()
    script = tmp_path / "ask the vault.py"
    script.write_text(f"print({line!r})")
    keys = masters.from_command(f"{sys.executable} '{script}'")
    assert keys.current().id == parse(line)[0].id


@pytest.mark.parametrize("command", ["false", "/no/such/command", "echo 'half a quote", "echo no-key"])
def test_a_command_that_fails_says_so(command: str):
    with pytest.raises(KeysMissing):
        masters.from_command(command).current()


def test_a_key_that_was_added_later_is_found_by_reading_again(tmp_path: Path):
    file = tmp_path / "master.key"
    masters.create_file(file)
    keys = masters.from_file(file)
    old = keys.current()
    new = masters.add_to_file(file)
    assert keys.current() is old
    assert keys.find(new.id).id == new.id
    assert [key.id for key in keys.all()] == [new.id, old.id]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(KeysMissing, match="0000"):
        keys.find("0000")


@pytest.mark.parametrize("half", ["", "c2hvcnQ="])
def test_a_file_that_somebody_is_writing_is_read_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: str):
    file = tmp_path / "master.key"
    masters.create_file(file)
    keys = masters.from_file(file)
    old = keys.current()
    new = masters.new_line()
    whole = f"{new}\n{file.read_text()}"
    file.write_text(half)  # as an editor does that empties a file first
    monkeypatch.setattr(time, "sleep", lambda _: file.write_text(whole))
    assert keys.find(parse(new)[0].id).id == parse(new)[0].id
    assert keys.find(old.id).id == old.id


def test_a_file_that_stays_empty_is_told_and_the_keys_of_before_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    file = tmp_path / "master.key"
    masters.create_file(file)
    keys = masters.from_file(file)
    old = keys.current()
    file.write_text("")
    with pytest.raises(KeysMissing, match="keys create"):
        keys.find("0000")
    assert waited == list(masters.FILE_WAITS)
    assert keys.current() is old
    with pytest.raises(KeysMissing):
        masters.from_file(file).current()
    assert waited == list(masters.FILE_WAITS)  # at the start nobody waits


def test_a_command_that_fails_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("each try may take half a minute"))
    line = masters.new_line()
    said = iter([line])
    monkeypatch.setattr(masters, "_printed", lambda _: next(said, ""))
    keys = masters.from_command("a vault")
    old = keys.current()
    with pytest.raises(KeysMissing, match="keys create"):
        keys.again()
    assert keys.current() is old


def test_an_own_file_that_is_away_for_a_moment_is_not_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "master.key"
    keys = masters.from_own_file(file)
    old = keys.current()
    aside = file.rename(tmp_path / "aside")
    monkeypatch.setattr(time, "sleep", lambda _: aside.exists() and aside.rename(file))
    assert [key.id for key in keys.again()] == [old.id]


def test_a_key_is_taken_out_of_a_file_and_the_rest_stays(tmp_path: Path):
    file = tmp_path / "master.key"
    masters.create_file(file)
    old = masters.from_file(file).current()
    new = masters.add_to_file(file)
    (line, before) = file.read_text().splitlines()
    file.write_text(f"# of this year\n{line}\n\n# of last year\n{before}\n")
    masters.take_from_file(file, old.id)
    assert file.read_text() == f"# of this year\n{line}\n\n# of last year\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for refused in (old.id, new.id):  # not there any more, and the only one
        with pytest.raises(KeysMissing):
            masters.take_from_file(file, refused)
    assert [key.id for key in masters.from_file(file).all()] == [new.id]


def test_a_new_key_is_on_disk_under_its_name_before_anything_is_wrapped_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "master.key"
    masters.create_file(file)
    file.with_name("master.key.part").write_text("of somebody who was interrupted")
    seen, sync = [], os.fsync

    def watched(opened: int) -> None:
        kind = os.fstat(opened).st_mode
        seen.append(("names", len(file.read_text().splitlines())) if stat.S_ISDIR(kind) else ("text", 0))
        sync(opened)

    monkeypatch.setattr(os, "fsync", watched)
    masters.add_to_file(file)
    assert seen == [("text", 0), ("names", 2)]
    assert [one.name for one in tmp_path.iterdir()] == ["master.key"]


def test_a_new_key_file_belongs_to_whom_the_old_one_belonged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "master.key"
    masters.create_file(file)
    given: list[tuple[str, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append((path.name, user, group)))
    masters.add_to_file(file)
    assert given == [("master.key.part", file.stat().st_uid, file.stat().st_gid)]


def test_an_error_about_settings_does_not_show_the_key():
    line = masters.new_line()
    with pytest.raises(ValidationError) as refused:
        Settings(environment=Environment.PRODUCTION, master_key=line, smtp_password=line)
    assert line[:6] not in str(refused.value)
    assert line not in repr(refused.value)


def test_keys_are_read_when_first_needed_and_then_kept():
    read = []

    def text() -> str:
        read.append(1)
        return masters.new_line()

    keys = MasterKeys(text)
    assert read == []
    assert keys.current() is keys.current()
    assert read == [1]


def test_settings_choose_the_source_and_never_show_the_key(tmp_path: Path):
    line = masters.new_line()
    file = tmp_path / "given.key"
    masters.create_file(file)
    expected = parse(line)[0].id
    given = Settings(data_dir=tmp_path, master_key=line)
    assert given.master_keys.current().id == expected
    assert line not in repr(given)
    assert Settings(data_dir=tmp_path, master_key_command=f"echo {line}").master_keys.current().id == expected
    from_file = Settings(data_dir=tmp_path, master_key_file=file).master_keys.current().id
    assert from_file == parse(file.read_text())[0].id
    assert not (tmp_path / "master.key").exists()
    assert Settings(data_dir=tmp_path).master_keys.current().id not in {expected, from_file}
    assert (tmp_path / "master.key").exists()

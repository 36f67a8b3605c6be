"""What is refused, before anything is kept, and what the newest keys make of older rows."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Step
from app.store import archives, restoring, retention
from app.store.engine import open_engine
from app.store.rows import AttachmentRow, CaseRow, RetentionRow
from app.usecases import cases, destroying, documents
from tests.store.kept import PACK, Kept, session_in, tables_in
from tests.store.parts import Body, Change, changed, rows
from tests.store.test_backup import everything
from tests.usecases.files import PDF


def require_refused(kept: Kept, url: str, folder: Path, file: Path, keys: Path, why: str) -> None:
    """It is refused, and nothing is left of it."""
    with pytest.raises(NotAllowed, match=why):
        restoring.restore(kept.place(url, folder / "new"), file, keys)
    assert tables_in(url) == []
    assert not (folder / "new" / "packs").exists()


def in_rows(table: str, change: Any) -> Change:
    return lambda parts, _: rows(parts, table, change)


def in_list(name: str, value: Any) -> Change:
    return lambda _, listed: listed.__setitem__(name, value)


def part(name: str, body: bytes) -> Change:
    return lambda parts, _: parts.__setitem__(name, body)


def twice(parts: Body, _: Any) -> None:
    parts["tables/person.jsonl"] *= 2


def without(name: str) -> Change:
    def change(parts: Body, _: Any) -> None:
        del parts[name]

    return change


OUT_OF_PLACE = {
    "a table that is not known": (part("tables/grade.jsonl", b'{"id":"a"}\n'), "holds grade"),
    "a table of the keys too many": (part("tables/alembic_version.jsonl", b""), "holds alembic_version"),
    "a table that is missing": (without("tables/answer.jsonl"), "does not hold answer"),
    "a column that is not known": (in_rows("answer", lambda row: row | {"score": 1}), "answer has other columns"),
    "a column of a later release": (in_list("revision", "0016"), "has other columns|does not hold|holds"),
    "a row that refers to nothing": (in_rows("round", lambda _: None), "refuses a row of case_file"),
    "a row that is there twice": (twice, "refuses a row of person"),
    "a shape of a newer release": (in_list("revision", "0099"), "0099, which this release does not know"),
    "a shape without seals": (in_list("revision", "0003"), "did not seal content yet"),
    "another format": (in_list("format", 2), "made by a release that this one cannot read"),
    "keys in place of rows": (in_list("holds", "keys"), "the two were swapped"),
    "a file for elsewhere": (part("files/packs/../../x", b"x"), "a place where none belongs"),
    "a file beside the folders": (part("files/master.key", b"x"), "a place where none belongs"),
}


@pytest.mark.parametrize("case", OUT_OF_PLACE)
def test_what_has_no_place_is_refused_and_nothing_is_put_back(kept: Kept, bare: str, tmp_path: Path, case: str):
    change, why = OUT_OF_PLACE[case]
    file = changed(kept.now.rows, tmp_path / "changed", change)
    require_refused(kept, bare, tmp_path, file, kept.now.keys, why)


DAMAGED = {
    "rows": (in_rows("answer", lambda row: row | {"path": "other"}), "the rows of answer were changed"),
    "log": (lambda parts, _: parts.update({"tables/audit_entry.jsonl": b""}), "the rows of audit_entry were changed"),
    "files": (part("files/packs/onze-code.yaml", b"rules: [x]"), "the file packs/onze-code.yaml was changed"),
    "table": (without("tables/answer.jsonl"), "the rows of answer were changed"),
    "more": (part("tables/more.jsonl", b""), "something that its list does not name"),
    "more files": (part("files/packs/more.yaml", b""), "something that its list does not name"),
    "list": (lambda _, listed: listed.clear(), "damaged"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damage_is_noticed_before_anything_is_put_back(kept: Kept, bare: str, tmp_path: Path, what: str):
    change, why = DAMAGED[what]
    file = changed(kept.now.rows, tmp_path / "changed", change, honest=False)
    require_refused(kept, bare, tmp_path, file, kept.now.keys, why)


@pytest.mark.parametrize("which", ["rows", "keys"])
@pytest.mark.parametrize("damage", ["half", "flipped", "other", "text", "no rows", "missing"])
def test_a_file_that_is_not_whole_is_refused(kept: Kept, bare: str, tmp_path: Path, which: str, damage: str):
    whole = {"rows": kept.now.rows, "keys": kept.now.keys}
    body = bytearray(whole[which].read_bytes())
    body[len(body) // 2] ^= 0xFF
    bad = tmp_path / "bad"
    if damage != "missing":
        bad.write_bytes({
            "half": bytes(body[: len(body) // 2]), "flipped": bytes(body), "other": gzip.compress(b"other"), "text": b"{",
            "no rows": b'{"format":1,"tables":{"data_key":["[]"]}}',
        }[damage])  # fmt: skip
    files = whole | {which: bad}
    require_refused(kept, bare, tmp_path, files["rows"], files["keys"], "damaged|changed or cut off")


def test_wherever_a_file_is_scratched_it_is_refused(kept: Kept, tmp_path: Path):
    whole, scratch = kept.now.rows.read_bytes(), 500
    for place in range(20, len(whole) - scratch, len(whole) // 100):
        bad = tmp_path / "bad"
        bad.write_bytes(whole[:place] + b"\xff" * scratch + whole[place + scratch :])
        with pytest.raises(NotAllowed):
            archives.read_rows(bad)


def test_rows_and_keys_that_were_swapped_are_told(kept: Kept, bare: str, tmp_path: Path):
    require_refused(kept, bare, tmp_path, kept.now.keys, kept.now.rows, "swapped")


def test_nothing_is_put_over_a_database_that_is_in_use(kept: Kept, own_database_url: str, tmp_path: Path):
    before = tables_in(own_database_url)
    with pytest.raises(NotAllowed, match="not empty"):
        restoring.restore(kept.place(own_database_url, tmp_path), kept.now.rows, kept.now.keys)
    assert tables_in(own_database_url) == before


def test_nothing_is_put_beside_tables_of_somebody_else(kept: Kept, bare: str, tmp_path: Path):
    engine = open_engine(bare)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (one INTEGER)")
    engine.dispose()
    with pytest.raises(NotAllowed, match="not empty"):
        restoring.restore(kept.place(bare, tmp_path), kept.now.rows, kept.now.keys)
    assert tables_in(bare) == ["theirs"]


def test_a_file_in_the_data_folder_is_never_overwritten(kept: Kept, bare: str, tmp_path: Path):
    there = tmp_path / "packs" / "onze-code.yaml"
    there.parent.mkdir()
    there.write_bytes(b"rules: [newer]\n")
    with pytest.raises(NotAllowed, match="is there already, and it is another file"):
        restoring.restore(kept.place(bare, tmp_path), kept.now.rows, kept.now.keys)
    assert tables_in(bare) == []
    there.write_bytes(PACK)
    assert restoring.restore(kept.place(bare, tmp_path), kept.now.rows, kept.now.keys).copied == kept.copied


def lost(kept: Kept, owner: str) -> Change:
    return in_rows("data_key", lambda row: None if row["owner_id"] == owner else row)


def torn(owner: str) -> Change:
    """Somebody takes a key out, and lets it look as if the case was destroyed."""
    return in_rows("data_key", lambda row: row | {"wrapped": None} if row["owner_id"] == owner else row)


@pytest.mark.parametrize(
    "what", ["case", "organisation", "torn", "proof", "answer", "account", "case again", "older", "shape"]
)
def test_keys_that_do_not_belong_to_the_rows_are_refused(kept: Kept, bare: str, tmp_path: Path, what: str):
    change, why = {
        "case": (lost(kept, kept.stays), "1 cases or organisations have no key in it.*use the newest"),
        "organisation": (lost(kept, kept.world.clerk.organisation_id), "have no key in it.*use the newest"),
        "torn": (torn(kept.stays), "holds no proof that these were destroyed: it was changed"),
        "proof": (in_rows("destruction", lambda _: None), "destroyed without a proof in it.*use the newest"),
        "answer": (part("tables/answer.jsonl", b""), "holds answer, which do not belong in it"),
        "account": (in_rows("person", lambda row: row | {"active": True}), "holds an account, which does not belong"),
        "case again": (in_rows("case_file", lambda row: row | {"step": "draft"}), "a case that was not destroyed"),
        "older": (in_list("revision", "0012"), "of an older release than the rows: use the newest one"),
        "shape": (in_list("revision", "0099"), "0099, which this release does not know"),
    }[what]
    keys = changed(kept.now.keys, tmp_path / "changed", change)
    require_refused(kept, bare, tmp_path, kept.now.rows, keys, why)


def test_what_was_destroyed_since_is_gone_and_what_had_to_stay_is_there(kept: Kept, bare: str, tmp_path: Path):
    place = kept.place(bare, tmp_path)
    done = restoring.restore(place, kept.now.rows, kept.later.keys)
    assert (done.gone.cases, done.gone.documents, done.missing) == (1, 1, ())
    world = kept.world
    with session_in(place) as db:
        # A case that was destroyed after the rows were copied: its rows went, its proof and what outlives it came along.
        with pytest.raises(NotFound):
            cases.case_page(db, world.clerk, kept.destroyed)
        assert db.get_one(CaseRow, kept.destroyed).step is Step.DESTROYED
        outliving = {one.stub_id: one for one in retention.outliving(db, world.clerk)}
        assert outliving[kept.destroyed].body == b"PK aan de raad"
        # Documents of the council that were destroyed since, of a case that lives and of one that was gone already.
        assert documents.documents(db, world.clerk, kept.open) == ()
        assert db.get_one(RetentionRow, kept.open).council_destroyed_at is not None
        assert db.exec(select(AttachmentRow).where(AttachmentRow.case_id == kept.open)).one().body == PDF
        assert kept.gone not in outliving
        proofs = {(one.case_id, one.kept) for one in destroying.destructions(db, world.auditor)}
        assert proofs == {
            (kept.destroyed, "case"),
            (kept.after, "case"),
            (kept.gone, "case"),
            (kept.gone, "council_version"),
            (kept.open, "council_version"),
        }
        # A case of which nothing was there yet: what is left of it came along.
        assert db.get_one(CaseRow, kept.after).step is Step.DESTROYED
        assert outliving[kept.after].body == b"PK aan de raad"
        assert done.strangers == 0
        assert documents.documents(db, world.clerk, kept.stays) != ()
    there = {name: len(lines) for name, lines in everything(bare).items()}
    assert done.expected() == {name: there[name] for name in done.expected()}
    assert restoring.check(kept.now.rows, kept.later.keys, kept.masters).problems == ()


def test_what_was_made_again_after_a_destruction_stays(kept: Kept, bare: str, tmp_path: Path):
    """The audit log of the rows knows of the destruction, so whatever is in them came after it."""
    place = kept.place(bare, tmp_path)
    done = restoring.restore(place, kept.later.rows, kept.later.keys)
    assert (done.gone.cases, done.gone.documents, done.strangers) == (0, 0, 0)
    assert done.gone.rows == {}
    with session_in(place) as db:
        assert [one.number for one in documents.documents(db, kept.world.clerk, kept.open)] == [2]

"""A store that fails says why and what to do, and is replaced where it is damaged."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from context_mode.errors import StoreError
from context_mode.store import Store
from context_mode.use import Use


@pytest.fixture
def filled(tmp_path):
    """The folder of a store that holds an output, closed."""
    store = Store(str(tmp_path / "data"))
    store.put(b"before\n" * 5_000, Use(command="make"))
    store.close()
    return tmp_path / "data"


def test_nothing_is_opened_before_it_is_needed(tmp_path):
    Store(str(tmp_path / "data")).close()
    assert not (tmp_path / "data").exists()


def test_outputs_are_for_their_owners_eyes_only(filled):
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (filled, filled / "store.db")]
    assert modes == [0o700, 0o600]


@pytest.mark.parametrize("folder", ["/dev/null/data", "/sys/data"])  # nobody, root included, can write there
def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(folder):
    with pytest.raises(StoreError, match=rf"{folder}/store\.db cannot be opened .*CONTEXT_MODE_DATA_DIR"):
        Store(folder).put(b"x", Use())


@pytest.mark.parametrize("damage", ["overwritten", "no database"])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(filled, damage):
    file = filled / "store.db"
    broken = b"\xff" * file.stat().st_size if damage == "overwritten" else b"not a database at all, but long enough to look at" * 50
    file.write_bytes(broken)
    store = Store(str(filled))
    handle = store.put(b"after", Use()).handle
    assert store.get(handle).raw == b"after"
    assert (filled / "store.db.damaged-1").read_bytes() == broken
    assert "set aside" in store.database.notes[0]


def test_pages_damaged_in_the_middle_lose_no_new_output(filled):
    file = filled / "store.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    store = Store(str(filled))
    assert store.get(store.put(b"after", Use()).handle).raw == b"after"


def test_two_that_find_the_damage_at_once_set_it_aside_once(filled):
    (filled / "store.db").write_bytes(b"\xff" * 10_000)
    stores = [Store(str(filled)) for _ in range(4)]
    start = threading.Barrier(len(stores))
    handles = {}

    def put(n):
        start.wait()
        handles[n] = stores[n].put(f"{n}".encode(), Use()).handle

    threads = [threading.Thread(target=put, args=(n,)) for n in range(len(stores))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in filled.glob("*damaged*")) == ["store.db.damaged-1"]
    assert [Store(str(filled)).get(handles[n]).raw for n in range(len(stores))] == [f"{n}".encode() for n in range(len(stores))]


def test_an_output_that_was_changed_on_disk_is_never_shown(filled):
    with sqlite3.connect(filled / "store.db") as db:
        handle = db.execute("SELECT handle FROM outputs").fetchone()[0]
        db.execute("UPDATE uses SET command = 'another'")
    db.close()
    with pytest.raises(StoreError, match=f"the stored output {handle} is damaged: run its command again"):
        Store(str(filled)).get(handle)


def test_a_store_of_a_newer_version_is_left_alone(filled):
    with sqlite3.connect(filled / "store.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = (filled / "store.db").read_bytes()
    with pytest.raises(StoreError, match="newer version"):
        Store(str(filled)).put(b"x", Use())
    assert (filled / "store.db").read_bytes() == before


def test_a_full_disk_is_told_and_the_store_lives_on(filled):
    store = Store(str(filled))
    store.database.read(lambda db: db.execute("PRAGMA max_page_count = 20"))  # sqlite then fails as on a full disk
    with pytest.raises(StoreError, match="disk is full: free some space"):
        store.put(os.urandom(500_000), Use())
    assert store.get(store.put(b"small", Use()).handle).raw == b"small"


def test_the_thread_that_reads_while_others_write_sees_whole_outputs(store):
    handle = store.put(b"first\n" * 1_000, Use()).handle
    writers = [threading.Thread(target=lambda n=n: store.put(f"{n}\n".encode() * 1_000, Use())) for n in range(4)]
    for writer in writers:
        writer.start()
    assert all(store.get(handle).raw == b"first\n" * 1_000 for _ in range(20))
    for writer in writers:
        writer.join()


def test_the_file_is_where_it_is_said_to_be(store):
    store.put(b"x", Use())
    assert Path(store.database.path).read_bytes().startswith(b"SQLite format 3")

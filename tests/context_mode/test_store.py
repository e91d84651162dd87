"""What is put is got back, byte for byte, until it is too old or too much."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from context_mode.errors import HandleError, StoreError
from context_mode.stats import stats
from context_mode.store import Store
from context_mode.use import Use

DAY = 86_400


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory):
    made = Store(str(tmp_path_factory.mktemp("data")))
    yield made
    made.close()


@given(raw=st.binary(max_size=3_000), command=st.text(max_size=50))
@settings(deadline=None)
def test_what_is_put_is_got_back_byte_for_byte(shared_store, raw, command):
    stored = shared_store.put(raw, Use(command=command))
    assert shared_store.get(stored.handle).raw == raw


def test_an_entry_says_where_it_came_from_and_what_was_asked(store):
    use = Use("pytest -x", "", "/work", 1, "killed by signal 9 (SIGKILL)", "why does it fail", ("a|b", "c\nd"), "s1")
    entry = store.get(store.put(b"E  boom\n", use).handle)
    assert entry.use == use


def test_a_handle_is_the_beginning_of_a_sha256_of_command_and_bytes(store):
    assert store.put(b"out\n", Use(command="make")).handle == sha256(b"make\0out\n").hexdigest()[:8]


def test_the_same_command_and_bytes_are_the_same_handle_used_twice(store):
    first, second = store.put(b"out\n", Use(command="make")), store.put(b"out\n", Use(command="make", exit_code=2))
    assert first.handle == second.handle
    assert (stats(store).outputs, stats(store).uses) == (1, 2)
    assert store.get(first.handle).use.exit_code == 2


def test_the_same_bytes_of_another_command_are_another_output(store):
    assert store.put(b"out\n", Use(command="make")).handle != store.put(b"out\n", Use(command="make all")).handle


def test_handles_that_would_collide_grow(tmp_path):
    store = Store(str(tmp_path), handle_length=1)
    handles = [store.put(str(n).encode(), Use()).handle for n in range(60)]
    assert len(set(handles)) == 60
    assert max(map(len, handles)) > 1
    assert [store.get(handle).raw for handle in handles] == [str(n).encode() for n in range(60)]


def test_the_beginning_of_a_handle_names_the_output(store):
    handle = store.put(b"out\n", Use(command="make")).handle
    assert store.get(handle[:5]).handle == handle
    assert store.get(f" {handle.upper()} ").handle == handle


def test_the_beginning_of_several_handles_is_refused_with_their_names(tmp_path):
    store = Store(str(tmp_path), handle_length=4)
    handles = {store.put(str(n).encode(), Use()).handle for n in range(600)}
    long = next(h for h in handles if len(h) > 4)
    store.put(b"something else", Use())
    assert store.get(long[:4]).handle == long[:4]
    store = Store(str(tmp_path / "other"))
    first = store.put(b"0", Use()).handle
    assert store.get(first[:4]).handle == first


def test_an_unknown_handle_is_refused_with_the_latest_ones(store):
    handle = store.put(b"out\n", Use(command="make all")).handle
    with pytest.raises(HandleError, match=rf"no output has the handle 00000000\. The latest are {handle} \(make all\)"):
        store.get("00000000")


@pytest.mark.parametrize("handle", ["", "xyz", "a1b2; DROP TABLE outputs", "abcd*", "%"])
def test_what_is_no_handle_is_refused(store, handle):
    with pytest.raises(HandleError, match="is not a handle"):
        store.get(handle)


def test_three_digits_are_too_few_to_name_an_output(store):
    handle = store.put(b"out\n", Use()).handle
    with pytest.raises(HandleError, match="no output has the handle"):
        store.get(handle[:3])


def test_names_that_are_not_text_are_stored_with_question_marks(store):
    entry = store.get(store.put(b"x", Use(command="cat f\udcff", path="\udcfe", intent="why \ud800")).handle)
    assert (entry.use.command, entry.use.path, entry.use.intent) == ("cat f?", "?", "why ?")


def test_what_was_not_used_for_too_long_is_let_go(tmp_path, clock):
    store = Store(str(tmp_path), max_days=30, clock=clock)
    old, kept = store.put(b"old", Use()).handle, store.put(b"kept", Use()).handle
    clock.now += 20 * DAY
    store.put(b"kept", Use())
    clock.now += 20 * DAY
    store.put(b"new", Use())
    assert store.get(kept).raw == b"kept"
    with pytest.raises(HandleError, match=rf"{old} is no longer stored \(unused for longer than CONTEXT_MODE_STORE_MAX_DAYS\)"):
        store.get(old)
    assert stats(store).evicted_by_age == 1


def test_above_the_cap_what_was_used_longest_ago_is_let_go(tmp_path, clock):
    store = Store(str(tmp_path), max_mb=1, clock=clock)
    handles = []
    for n in range(8):
        clock.now += 1
        handles.append(store.put(os.urandom(200_000), Use(command=f"run {n}")).handle)
    with pytest.raises(HandleError, match=r"no longer stored .*CONTEXT_MODE_STORE_MAX_MB"):
        store.get(handles[0])
    assert store.get(handles[-1]).use.command == "run 7"
    held = stats(store)
    assert held.bytes_packed <= 1 << 20
    assert held.evicted_by_size == 8 - held.outputs
    assert held.bytes_on_disk < 4 << 20


def test_what_was_let_go_comes_back_under_the_same_handle_when_it_is_put_again(tmp_path, clock):
    store = Store(str(tmp_path), max_days=1, clock=clock)
    handle = store.put(b"old", Use(command="make")).handle
    clock.now += 2 * DAY
    store.put(b"new", Use())
    assert store.put(b"old", Use(command="make")).handle == handle
    assert store.get(handle).raw == b"old"


def test_an_output_larger_than_the_whole_store_is_refused_and_evicts_nothing(tmp_path):
    store = Store(str(tmp_path), max_mb=1)
    small = store.put(b"small", Use()).handle
    with pytest.raises(StoreError, match="larger than the whole store"):
        store.put(os.urandom(2 << 20), Use())
    assert store.get(small).raw == b"small"


def test_savings_are_net_of_what_was_fetched_back(store):
    stored = store.put(b"word " * 1_000, Use(command="make"))
    store.viewed(stored, "plain", 1_000, 100)
    assert stats(store).tokens_saved == 900
    store.expanded(stored.handle, 2_500)  # half of its bytes: half of its tokens
    assert stats(store).tokens_expanded == 500
    assert stats(store).tokens_saved == 400


def test_an_output_shown_whole_saves_nothing(store):
    store.put(b"x" * 400, Use())
    held = stats(store)
    assert (held.tokens_seen, held.tokens_saved) == (100, 0)


PUT_MANY = """
import sys
from context_mode.store import Store
from context_mode.use import Use
store = Store(sys.argv[1])
for n in range(20):
    print(store.put(f"output {n} of {sys.argv[2]}".encode(), Use(command="run")).handle)
"""


def test_several_processes_begin_a_store_and_write_to_it_at_once(tmp_path):
    folder = str(tmp_path / "data")
    writers = [subprocess.Popen([sys.executable, "-c", PUT_MANY, folder, str(k)], stdout=subprocess.PIPE, text=True) for k in range(4)]
    handles = [writer.communicate()[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4
    store = Store(folder)
    for k, written in enumerate(handles):
        assert [store.get(handle).raw for handle in written] == [f"output {n} of {k}".encode() for n in range(20)]


PUT_FOREVER = """
import itertools, sys
from context_mode.store import Store
from context_mode.use import Use
store = Store(sys.argv[1])
for n in itertools.count():
    print(store.put(f"output {n}".encode() * 500, Use()).handle, flush=True)
"""


def test_a_writer_that_is_killed_loses_nothing_that_it_has_put(tmp_path):
    with subprocess.Popen([sys.executable, "-c", PUT_FOREVER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        handles = [writer.stdout.readline().strip() for _ in range(30)]
        writer.kill()
    store = Store(str(tmp_path))
    assert [store.get(handle).raw for handle in handles] == [f"output {n}".encode() * 500 for n in range(30)]
    assert store.put(b"after", Use()).handle

import os
import random

import pytest

from context_mode.errors import UserError
from context_mode.search import LINES, search, search_text
from context_mode.store import Store
from context_mode.use import Use

LARGE = "".join(f"request {n} served\n" for n in range(20_000)) + "disk quota exceeded on /var\n"


def test_search_finds_the_line_with_its_number_and_where_it_came_from(store):
    handle = store.put(b"one\n\x1b[31mFailed password\x1b[0m for bob\nthree\n", Use(command="journalctl", exit_code=1)).handle
    store.put(b"nothing here\n", Use(command="ls"))
    (hit,) = search(store, "failed bob")
    assert (hit.handle, hit.command, hit.exit_code, hit.lines_total) == (handle, "journalctl", 1, 3)
    assert hit.lines == ((2, "Failed password for bob"),)


def test_the_beginning_of_a_word_is_enough(store):
    handle = store.put(b"cannot serialize the value\n", Use()).handle
    assert [hit.handle for hit in search(store, "serial")] == [handle]


@pytest.mark.parametrize("query", ["LoginError", "loginerror", "error", "auth_token", "token", "C++", 'a "quoted" token', "auth* OR"])
def test_identifiers_are_found_whole_and_by_their_parts_and_nothing_in_a_query_is_syntax(store, query):
    handle = store.put(b"raise LoginError(auth_token) or a C++ quoted token\n", Use()).handle
    assert [hit.handle for hit in search(store, query)] == [handle]


def test_the_newest_comes_first_and_outputs_with_every_word_before_others(store):
    first = store.put(b"alpha beta\n", Use(command="1")).handle
    second = store.put(b"beta alpha\n", Use(command="2")).handle
    store.put(b"alpha\n", Use(command="3"))
    assert [hit.handle for hit in search(store, "alpha beta")] == [second, first]


def test_where_no_output_has_every_word_those_with_some_are_shown(store):
    handle = store.put(b"alpha\n", Use()).handle
    assert [hit.handle for hit in search(store, "alpha omega")] == [handle]


def test_the_words_of_the_command_find_its_output(store):
    handle = store.put(b"ok\n", Use(command="cargo clippy --workspace")).handle
    (hit,) = search(store, "clippy")
    assert (hit.handle, hit.lines) == (handle, ())


def test_a_large_output_is_found_at_both_ends(store):
    handle = store.put(LARGE.encode(), Use(command="log")).handle
    (hit,) = search(store, "quota exceeded")
    assert (hit.handle, hit.lines) == (handle, ((20_001, "disk quota exceeded on /var"),))


def test_many_matching_lines_are_counted_and_the_first_shown(store):
    store.put(LARGE.encode(), Use(command="log"))
    (hit,) = search(store, "served")
    assert hit.matches == 20_000
    assert [number for number, _ in hit.lines] == list(range(1, LINES + 1))


def test_a_long_line_is_shown_by_the_piece_that_matches(store):
    store.put(b"x" * 5_000 + b" needle " + b"y" * 5_000, Use())
    (hit,) = search(store, "needle")
    assert "needle" in hit.lines[0][1]
    assert len(hit.lines[0][1]) <= 2_000


def test_what_was_let_go_is_not_found(tmp_path):
    store = Store(str(tmp_path), max_mb=1)
    store.put(b"needle\n" + os.urandom(700_000), Use(command="1"))
    assert len(search(store, "needle")) == 1
    store.put(os.urandom(700_000), Use(command="2"))
    assert search(store, "needle") == []


def test_what_was_used_twice_is_found_once(store):
    store.put(b"needle\n", Use())
    store.put(b"needle\n", Use())
    assert len(search(store, "needle")) == 1


def test_a_query_without_words_is_refused(store):
    with pytest.raises(UserError, match="nothing to search for"):
        search(store, " ?!")


def test_binary_outputs_do_not_stand_in_the_way(store):
    store.put(random.Random(1).randbytes(50_000) + b"\nneedle\n", Use())
    assert len(search(store, "needle")) == 1


def test_the_text_names_the_output_and_numbers_its_lines(store):
    handle = store.put(b"one\nneedle\n", Use(command="make", exit_code=2)).handle
    head, line = search_text("needle", search(store, "needle")).split("\n")
    assert head.startswith(f"[{handle} · make · 20")
    assert head.endswith(" · exit 2 · 2 lines]")
    assert line == "2:needle"


def test_nothing_found_is_said(store):
    assert search_text("needle", search(store, "needle")) == "[nothing stored holds needle]"

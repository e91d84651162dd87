"""How bad a row says things are, and which rows are the same again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compressors.severity import ERROR, FATAL, NONE, NOTE, WARNING, row_starts, severity
from compressors.templates import templates


def classes(*rows):
    return severity("\n".join(rows), row_starts(rows)).tolist()


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ("Error: boom", ERROR),
        ("10 errors", ERROR),
        ("0 failures, 2 errors", ERROR),
        ("level=error msg=boom", ERROR),
        ("java.io.IOException: closed", ERROR),
        ("cat: x: Permission denied", ERROR),
        ("sh: 1: cmake9: not found", ERROR),
        ("Traceback (most recent call last):", ERROR),
        ("pods CrashLoopBackOff", ERROR),
        ("thread 'main' panicked at src/main.rs:1", FATAL),
        ("Segmentation fault (core dumped)", FATAL),
        ("kernel: Out of memory: Killed process 3", FATAL),
        ("warning: unused variable", WARNING),
        ("DeprecationWarning: old", WARNING),
        ("note: run with --nocapture", NOTE),
        ("12:00 INFO started", NOTE),
    ],
)
def test_a_row_has_the_class_of_its_worst_word(row, level):
    assert classes("fine", row, "fine") == [NONE, level, NONE]


@pytest.mark.parametrize(
    "row", ["0 errors", "no errors found", "failed=0", '{"error": null}', "finished with 0 failed tests", "failover", "errand"]
)
def test_what_is_said_to_be_absent_is_no_error(row):
    assert classes(row) == [NONE]


@pytest.mark.parametrize(
    "row", ["error_handler(x)", "on_error()", "see errors.py", "/usr/include/error.h", "except ValueError:", "├── http-errors@2.0.1"]
)
def test_a_name_that_speaks_of_errors_is_less_than_one(row):
    assert classes(row)[0] < WARNING


@given(st.lists(st.sampled_from(["error: x", "ok", "", "İ fatal", "naïve failure", "0 errors", "warn"]), min_size=1))
def test_a_rows_class_does_not_depend_on_its_neighbours(rows):
    assert classes(*rows) == [classes(row)[0] for row in rows]


def test_rows_that_differ_in_numbers_and_hashes_alone_share_a_template():
    ids = templates("got 17 from 10.0.0.1\ngot 4 from 10.12.0.9\nlost 4 from 10.0.0.1\nkey 3fa9c1 at 0x7f3a\nkey 77d0b2 at 0x11cc").tolist()
    assert ids == [0, 0, 1, 2, 2]


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=30), min_size=1))
def test_every_row_has_one_template_and_equal_rows_the_same(rows):
    ids = templates("\n".join(rows)).tolist()
    assert len(ids) == len(rows)
    assert all(ids[i] == ids[rows.index(row)] for i, row in enumerate(rows))

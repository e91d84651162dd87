"""What a test run's failures say stands above what passed, whoever ran the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compressors.testlog import COMPRESSOR
from compressors.types import Label, Output

GOLDEN = Path(__file__).parents[1] / "golden" / "test"


@cache
def run(name):
    """A golden run: its output, and its chunks."""
    code, command = next(
        line.split("\t")[1:] for line in (GOLDEN / "commands.tsv").read_text().splitlines() if line.startswith(f"{name}.txt\t")
    )
    output = Output((GOLDEN / f"{name}.txt").read_bytes(), command, exit_code=int(code))
    return output, COMPRESSOR.cut(output)


def cut(text, command="pytest"):
    output = Output(text.encode(), command, exit_code=1)
    return output, COMPRESSOR.cut(output)


def chunk_of(result, text):
    """The first chunk that holds a row with this text."""
    output, chunks = result
    return next(chunk for chunk in chunks if any(text in row for row in output.rows[chunk.start : chunk.end]))


def parent_rows(result, text):
    output, chunks = result
    parent = chunk_of(result, text).parent
    return [] if parent is None else output.rows[chunks[parent].start : chunks[parent].end]


@pytest.mark.parametrize(
    ("name", "said", "test"),
    [
        ("pytest_long", "AssertionError: 0 != 1", "NthOrLastTests.test_basic"),
        ("pytest_short_verbose", "AssertionError: 0 != 1", "NthOrLastTests.test_basic"),
        ("pytest_collection_error", "ImportError: cannot import", "ERROR collecting tests/test_recipes.py"),
        ("pytest_setup_error", "FileNotFoundError", "ERROR at setup of test_reads_the_spool"),
        ("unittest", "AssertionError: 0 != 1", "FAIL: test_basic"),
        ("jest", "Expected: 604800000", "should convert from w to ms"),
        ("vitest", "expected 86400000 to be 604800000", "should convert from w to ms"),
        ("mocha", "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal", "1) ms(string)"),
        ("node_tap", "expected: 604800000", "not ok 3 - should convert from w to ms"),
        ("tape", "expected: 604800000", "not ok 2 converts from w to ms"),
        ("go", 'errors_test.go:50: Wrap(EOF, "read error")', "--- FAIL: TestWrap"),
        ("cargo", "panicked at src/lib.rs:26:9", "---- tests::upper stdout ----"),
        ("gtest_ctest", "Expected equality of these values", "words_test.cpp:7: Failure"),
        ("catch2", "0 == 1", "catch.cpp:8: FAILED:"),
        ("junit", "java.lang.IndexOutOfBoundsException", "1) popGivesTheLast(StackTest)"),
        ("rspec", "expected: 14", "1) Roman reads what it writes"),
        ("phpunit", "TypeError: Price::__construct()", "1) PriceTest::testIsNoText"),
        ("prove", "expected: 'two-words'", "Failed test 'letters become small'"),
    ],
)
def test_an_assertion_stands_under_the_test_that_failed(name, said, test):
    assert chunk_of(run(name), said).label is Label.ASSERTION
    assert chunk_of(run(name), said).weight >= 0.9
    assert any(test in row for row in parent_rows(run(name), said))


def test_the_assertion_its_line_and_the_totals_are_the_heaviest_of_a_run():
    result = run("pytest_long")
    heaviest = max(chunk.weight for chunk in result[1])
    assert chunk_of(result, "AssertionError: 0 != 1").weight == heaviest
    assert chunk_of(result, "3 failed, 105 passed").weight == heaviest
    assert chunk_of(result, "tests/test_more.py:184: AssertionError").weight >= 0.95
    assert chunk_of(result, ">       self.assertEqual(mi.nth_or_last").weight >= 0.9


def test_the_first_failure_counts_more_than_the_second():
    result = run("pytest_long")
    first, second = (chunk_of(result, text) for text in ("NthOrLastTests.test_basic ", "TestCollapse.test_collapse_flatten "))
    assert first.label is second.label is Label.FAILURE
    assert first.weight > second.weight


def test_a_long_run_of_passes_is_cut_so_that_parts_of_it_can_be_picked():
    _, chunks = run("pytest_pass")
    passes = [chunk for chunk in chunks if chunk.label is Label.PASS]
    assert sum(chunk.end - chunk.start for chunk in passes) >= 129
    assert len(passes) < 15
    assert all(chunk.end - chunk.start <= 50 and chunk.weight <= 0.15 for chunk in passes)


@pytest.mark.parametrize(
    "row",
    [
        "1 failed, 3 passed in 0.12s",
        "===== 1 failed, 129 passed, 1 skipped, 2 subtests failed, 113 subtests passed in 3.29s =====",
        "===== 3 errors in 61.20s (0:01:01) =====",
        "Tests:       25 failed, 109 passed, 134 total",
        "test result: FAILED. 2 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        "Tests run: 73,  Failures: 10",
        "96% tests passed, 2 tests failed out of 46",
        "Files=13, Tests=58,  7 wallclock secs",
    ],
)
def test_the_totals_weigh_as_much_as_an_assertion(row):
    chunk = chunk_of(cut(f"one\ntwo\n{row}\nthree\nfour\n"), row)
    assert chunk.label is Label.SUMMARY
    assert chunk.weight == 1.0


def test_a_passing_run_has_neither_failures_nor_errors():
    assert not {chunk.label for chunk in run("pytest_pass")[1]} & {Label.FAILURE, Label.ERROR, Label.ASSERTION}


def test_a_users_frame_outweighs_the_runners_own():
    own, library = (chunk_of(run("junit"), text) for text in ("at StackTest.sums(", "at org.junit.Assert.fail("))
    assert own.label is library.label is Label.TRACE
    assert own.weight >= 0.8
    assert library.weight <= 0.2


def test_a_compile_error_inside_a_test_run_is_an_error():
    for name, text in (
        ("cargo_compile_error", "error[E0308]: mismatched types"),
        ("go_build_failed", "./errors.go:146:2: unused declared"),
    ):
        assert chunk_of(run(name), text).label is Label.ERROR
        assert chunk_of(run(name), text).weight >= 0.95


def test_what_a_test_printed_weighs_less_than_what_it_asserts():
    printed = chunk_of(run("pytest_setup_error"), "Captured stdout setup")
    assert printed.label is Label.CAPTURED
    assert printed.weight < chunk_of(run("pytest_setup_error"), "FileNotFoundError: [Errno 2]").weight


FORMATS_NOBODY_KNOWS = ["!! spec 14 (login) failed: 401", "worker 3 crashed with exit code 9", "Fatal: fixture database is gone"]


@pytest.mark.parametrize("row", FORMATS_NOBODY_KNOWS)
def test_a_failure_in_a_form_that_nobody_knows_is_an_error(row):
    chunk = chunk_of(cut(f"starting\nall is well\n{row}\nstopping\nbye\n", "make check"), row)
    assert chunk.label is Label.ERROR
    assert chunk.weight >= 0.8


@settings(deadline=None)
@given(
    before=st.lists(st.sampled_from(["test_a.py::test_x PASSED", "ok 1 - fine", "hello", "", "    at f (node:fs:1:2)"]), max_size=120),
    after=st.lists(st.sampled_from(["test_a.py::test_y PASSED", "ok 2 - fine", "bye", ""]), max_size=120),
    row=st.sampled_from(["E   AssertionError: assert 1 == 2", "panic: boom", "FAILED tests/test_a.py::test_b - assert 0"]),
)
def test_the_only_failure_outweighs_everything_around_it(before, after, row):
    result = cut("\n".join([*before, row, *after]))
    failing = chunk_of(result, row)
    assert failing.weight >= 0.9
    assert all(chunk.weight <= failing.weight for chunk in result[1])


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "cd app && python -m pytest -x 2>&1 | tail -100",
        "CI=1 npx vitest run",
        "uv run pytest",
        "npm test",
        "cargo +nightly test --all",
        "go test ./...",
        "make -j4 check",
        "timeout 60 ctest -V",
        "node --test",
        "bundle exec rspec",
    ],
)
def test_a_test_command_is_known_by_its_words(command):
    assert COMPRESSOR.detect(Output(b"something went\nsomewhere\n", command))


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.txt") if path.stem != "cargo_compile_error"))
def test_a_test_run_is_known_by_its_rows_where_the_command_says_nothing(name):
    assert COMPRESSOR.detect(Output(run(name)[0].raw, "make it-so"))


@pytest.mark.parametrize(
    ("raw", "command", "path"),
    [
        (b"usage: pytest [options]\n", "pytest --help", ""),
        (b"def test_x():\n    assert f() == 1, 'FAILED'\n", "cat tests/test_x.py", ""),
        (b"tests/a.py:3:    raise AssertionError\n", "grep -rn AssertionError tests", ""),
        (b"2026-01-01 10:00:00 ERROR request failed\n" * 9, "journalctl -u app", ""),
        (b"1 passed in 0.1s\n", "", "notes/testing.md"),
        (b'{"tests": 3, "failed": 1}\n', "pytest --json-report", ""),
    ],
)
def test_what_merely_speaks_of_tests_is_no_test_run(raw, command, path):
    assert not COMPRESSOR.detect(Output(raw, command, path))

"""Real outputs of really run tools: each is known for what it is, and what matters in it outweighs the rest. The README in each folder
says what ran.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import compressors
import context_mode
from compressors.types import Label, Output

GOLDEN = Path(__file__).parents[1] / "golden"


@cache
def commands():
    """Per golden file of a run its exit code and command."""
    rows = [(path.parent.name, *line.split("\t")) for path in GOLDEN.glob("*/commands.tsv") for line in path.read_text().splitlines()]
    return {f"{folder}/{name}": (int(code), command) for folder, name, code, command in rows}


def golden(name, path=""):
    code, command = commands().get(name, (None, ""))
    return Output((GOLDEN / name).read_bytes(), command, path, code)


def chunks_with(output, text):
    """The chunks that hold a row with `text`, as the output's own compressor cuts it."""
    cut = compressors.cut(output, compressors.classify(output))
    return [chunk for chunk in cut.chunks if any(text in row for row in output.rows[chunk.start : chunk.end])]


@pytest.mark.parametrize("name", sorted(name for name in commands() if not name.endswith("asan.txt")))
def test_a_run_is_known_by_its_kind(name):
    assert compressors.classify(golden(name)).name == name.split("/")[0]


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("diff", "diff/git-show.txt", ""),
        ("diff", "diff/git-log-patch.txt", ""),
        ("diff", "diff/git-blame.txt", ""),
        ("diff", "diff/diff-context.txt", ""),
        ("diff", "diff/diff-recursive.txt", ""),
        ("diff", "diff/git-merge-conflict.txt", ""),
        ("listing", "listing/ls-recursive.txt", ""),
        ("listing", "listing/find.txt", ""),
        ("listing", "listing/tree.txt", ""),
        ("listing", "listing/du.txt", ""),
        ("listing", "listing/tar.txt", ""),
        ("listing", "listing/dpkg-l.txt", ""),
        ("log", "log/nginx-access.txt", ""),
        ("log", "log/nginx-error.txt", ""),
        ("log", "log/python-logging.txt", ""),
        ("log", "log/redis.txt", ""),
        ("log", "log/json-lines.txt", ""),
        ("markup", "markup/man-sqlite3.txt", ""),
        ("markup", "markup/rg-help.txt", ""),
        ("markup", "markup/pydoc-textwrap.txt", ""),
        ("markup", "markup/semver-readme.md.txt", "README.md"),
        ("markup", "markup/pluggy-readme.rst.txt", "README.rst"),
        ("markup", "markup/sqlite-html.txt", "table.html"),
        ("markup", "markup/junit.xml.txt", "junit.xml"),
        ("plain", "plain/zen.txt", ""),
        ("plain", "plain/object-file.bin", ""),
        ("plain", "plain/gcc-v.txt", ""),
        ("records", "records/jq-pretty.txt", ""),
        ("records", "records/json-one-line.txt", ""),
        ("records", "records/jq-compact.txt", ""),
        ("records", "records/unicode.csv.txt", "unicode.csv"),
        ("records", "records/ps-columns.txt", ""),
        ("records", "records/df.txt", ""),
        ("records", "records/sqlite-box.txt", ""),
        ("search", "search/grep-rn.txt", ""),
        ("search", "search/git-grep.txt", ""),
        ("search", "search/rg-flat.txt", ""),
        ("search", "search/rg-heading.txt", ""),
    ],
)
def test_an_output_is_known_by_what_it_looks_like(kind, name, path):
    assert compressors.classify(golden(name, path)).name == kind


FIRST_FAILURES = [
    ("test/pytest_long.txt", ["AssertionError: 0 != 1", "3 failed, 105 passed"]),
    ("test/pytest_short_verbose.txt", ["AssertionError: 0 != 1", "3 failed, 60 passed"]),
    ("test/pytest_collection_error.txt", ["ImportError: cannot import name 'consumer_of'", "1 error in"]),
    ("test/pytest_setup_error.txt", ["FileNotFoundError: [Errno 2]", "1 passed, 1 error"]),
    ("test/unittest.txt", ["has no attribute 'CollapseTests'", "Ran 9 tests"]),
    ("test/jest.txt", ["Expected: 604800000", "1 failed, 1 total"]),
    ("test/vitest.txt", ["expected 86400000 to be 604800000"]),
    ("test/vitest_missing_module.txt", ["Cannot find module '../parse.js'"]),
    ("test/mocha.txt", ["Expected values to be strictly e"]),
    ("test/node_spec.txt", ["Expected values to be strictly equ"]),
    ("test/node_tap.txt", ["# fail 3"]),
    ("test/tape.txt", ["converts from w to ms"]),
    ("test/go.txt", ["--- FAIL: TestWrap", "FAIL\tgithub.com/pkg/errors"]),
    ("test/go_build_failed.txt", ["./errors.go:146:2: unused declared but not used"]),
    ("test/cargo.txt", ["panicked at src/lib.rs:26:9:", "2 passed; 2 failed"]),
    ("test/cargo_compile_error.txt", ["error[E0308]: mismatched types", "could not compile"]),
    ("test/gtest_ctest.txt", [" 2 FAILED TESTS"]),
    ("test/catch2.txt", ["catch.cpp:8: FAILED:", "2 failed"]),
    ("test/junit.txt", ["IndexOutOfBoundsException", "There were 2 failures:"]),
    ("test/rspec.txt", ["KeyError:", "3 examples, 2 failures"]),
    ("test/phpunit.txt", ["TypeError: Price::__construct()"]),
    ("test/prove.txt", ["Failed 1/3 subtests"]),
    ("diagnostics/tsc.txt", ["ts/src/clock.ts(9,9): error TS2322"]),
    ("diagnostics/tsc_pretty.txt", ["ts/src/clock.ts:9:9 - error TS2322"]),
    ("diagnostics/eslint.txt", ["'describe' is not defined", "36 problems"]),
    ("diagnostics/webpack.txt", ["ERROR in ./web/index.js 1:0-33"]),
    ("diagnostics/vite.txt", ["Build failed in"]),
    ("diagnostics/npm.txt", ["No matching version found for left-pad@99.9.9."]),
    ("diagnostics/pip.txt", ["No matching distribution found"]),
    ("diagnostics/cargo_build.txt", ["error[E0308]: mismatched types"]),
    ("diagnostics/make_gcc.txt", ["broken.c:10:12: error:"]),
    ("diagnostics/make_ld.txt", ["undefined reference to `tally'"]),
    ("diagnostics/gxx.txt", ["t.cpp:6:25: error: no matching function"]),
    ("diagnostics/cmake.txt", ["CMake Error at CMakeLists.txt:3"]),
    ("diagnostics/javac.txt", ["b/Stack.java:7: error: incompatible types"]),
    ("diagnostics/mypy.txt", ["shop.py:10: error: Incompatible default"]),
    ("diagnostics/ruff.txt", ["--> shop.py:1:1", "Found 7 errors."]),
    ("diagnostics/flake8.txt", ["shop.py:1:1: F401"]),
    ("diagnostics/pylint.txt", ["shop.py:14:41: E1101"]),
    ("diagnostics/shellcheck.txt", ["SC2068 (error)"]),
    ("trace/python.txt", ["ValueError: too few items in iterable"]),
    ("trace/python_chained.txt", ["RuntimeError: the settings cannot be read", "json.decoder.JSONDecodeError"]),
    ("trace/java.txt", ["Caused by: java.lang.IndexOutOfBoundsException", "IllegalStateException: nothing to pop"]),
    ("trace/node.txt", ["TypeError: Cannot read properties of undefined"]),
    ("trace/go.txt", ["panic: runtime error: index out of range [-1]"]),
    ("trace/rust.txt", ["panicked at src/bin/boom.rs:2:27"]),
    ("trace/ruby.txt", ['key not found: "Q" (KeyError)']),
    ("trace/gdb.txt", ["Program received signal SIGSEGV", "crash.c:6"]),
    ("trace/asan.txt", ["ERROR: AddressSanitizer: heap-buffer-overflow"]),
    ("trace/valgrind.txt", ["Invalid write of size 1"]),
]


@pytest.mark.parametrize(("name", "texts"), FIRST_FAILURES, ids=[name for name, _ in FIRST_FAILURES])
def test_a_failures_evidence_weighs_most(name, texts):
    output = golden(name)
    for text in texts:
        assert max(chunk.weight for chunk in chunks_with(output, text)) >= 0.8, text


@pytest.mark.parametrize(("name", "texts"), FIRST_FAILURES, ids=[name for name, _ in FIRST_FAILURES])
def test_a_failed_run_shows_its_first_failure_though_nobody_asked(name, texts):
    output = golden(name)
    view = context_mode.compress(output.raw, command=output.command, exit_code=output.exit_code)
    for text in texts:
        assert text in view.text


@pytest.mark.parametrize("name", ["test/pytest_pass.txt", "test/pytest_short_verbose.txt", "test/go_verbose.txt", "test/cargo.txt"])
def test_passing_tests_weigh_less_than_the_outcome(name):
    output = golden(name)
    cut = compressors.cut(output, compressors.classify(output))
    passes = [chunk.weight for chunk in cut.chunks if chunk.label is Label.PASS]
    assert passes
    assert max(passes) < max(chunk.weight for chunk in cut.chunks)


def test_a_passing_run_shows_its_count():
    output = golden("test/pytest_pass.txt")
    view = context_mode.compress(output.raw, command=output.command, exit_code=0)
    assert "129 passed, 1 skipped" in view.text


def test_a_users_frames_outweigh_a_librarys():
    output = golden("trace/rust.txt")
    own, library = (chunks_with(output, text)[0].weight for text in ("boom.rs:2", "/rustc/"))
    assert own > library


@pytest.mark.parametrize(
    ("name", "inner", "outer"),
    [
        ("diff/git-show.txt", "@@", "diff --git"),
        ("diagnostics/eslint.txt", "'describe' is not defined", "jest/ms.test.js"),
        ("search/rg-heading.txt", "def isatty", "click/_winconsole.py"),
        ("records/unicode.csv.txt", "0301", "code,name,category"),
    ],
)
def test_what_gives_a_row_its_meaning_is_its_parent(name, inner, outer):
    output = golden(name, "unicode.csv" if name.endswith(".csv.txt") else "")
    cut = compressors.cut(output, compressors.classify(output))
    chunk = chunks_with(output, inner)[0]
    parents = []
    while chunk.parent is not None:
        chunk = cut.chunks[chunk.parent]
        parents.extend(output.rows[chunk.start : chunk.end])
    assert any(outer in row for row in parents)


def test_repeats_of_a_log_template_weigh_less_than_the_first():
    output = golden("log/python-logging.txt")
    cut = compressors.cut(output, compressors.classify(output))
    firsts = [chunk.weight for chunk in cut.chunks if chunk.label is Label.ENTRY]
    repeats = [chunk.weight for chunk in cut.chunks if chunk.label is Label.REPEAT]
    assert sum(repeats) / len(repeats) < sum(firsts) / len(firsts)

"""One block a diagnostic, errors first, repeats of one kind further down, the outcome always there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compressors.diagnostics import COMPRESSOR
from compressors.types import Label, Output

GOLDEN = Path(__file__).parents[1] / "golden" / "diagnostics"


@cache
def run(name):
    """A golden run: its output, and its chunks."""
    code, command = next(
        line.split("\t")[1:] for line in (GOLDEN / "commands.tsv").read_text().splitlines() if line.startswith(f"{name}.txt\t")
    )
    output = Output((GOLDEN / f"{name}.txt").read_bytes(), command, exit_code=int(code))
    return output, COMPRESSOR.cut(output)


def cut(text, command="make"):
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
    ("name", "error"),
    [
        ("tsc", "ts/src/clock.ts(9,9): error TS2322"),
        ("tsc_pretty", "ts/src/clock.ts:9:9 - error TS2322"),
        ("eslint", "3:1  error  'describe' is not defined"),
        ("webpack", "ERROR in ./web/index.js"),
        ("vite", "error during build"),
        ("npm", "npm error notarget No matching version"),
        ("go_vet", "unused declared but not used"),
        ("cargo_build", "error[E0308]: mismatched types"),
        ("make_gcc", "broken.c:10:12: error"),
        ("make_ld", "undefined reference to `tally'"),
        ("gxx", "t.cpp:6:25: error"),
        ("cmake", "CMake Error at CMakeLists.txt:3"),
        ("javac", "b/Stack.java:7: error"),
        ("shellcheck", "SC2068 (error)"),
        ("mypy", "shop.py:10: error"),
        ("ruff", "E401 [*] Multiple imports on one line"),
        ("ruff_concise", "shop.py:32:15: F821"),
        ("flake8", "shop.py:32:15: F821"),
        ("pylint", "shop.py:14:41: E1101"),
        ("pip", "No matching distribution found"),
    ],
)
def test_an_error_weighs_most(name, error):
    assert chunk_of(run(name), error).label is Label.ERROR
    assert chunk_of(run(name), error).weight >= 0.9


@pytest.mark.parametrize(
    ("name", "row", "about"),
    [
        ("make_gcc", "return totl + verbos;", "broken.c:10:12: error"),
        ("gxx", 'push_back("one");', "t.cpp:6:25: error"),
        ("cargo_build", "--> src/lib.rs:8:19", "error[E0308]: mismatched types"),
        ("ruff", "--> shop.py:1:1", "E401 [*] Multiple imports"),
        ("javac", "String s = item;", "b/Stack.java:7: error"),
        ("mypy", "shop.py:17: note: Right operand", "shop.py:17: error: Unsupported operand"),
        ("cmake", "By not providing", "CMake Error at CMakeLists.txt:3"),
        ("webpack", "Module not found", "ERROR in ./web/index.js"),
        ("eslint", "3:1  error  'describe'", "jest/ms.test.js"),
        ("pylint", "shop.py:14:41: E1101", "************* Module shop"),
        ("make_ld", "missing.c:2: undefined reference", "in function `twice'"),
    ],
)
def test_what_explains_a_diagnostic_or_says_where_it_is_belongs_together(name, row, about):
    assert any(about in line for line in parent_rows(run(name), row))


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("mypy", "Found 7 errors in 1 file"),
        ("mypy_clean", "Success: no issues found"),
        ("ruff", "Found 7 errors."),
        ("eslint", "36 problems (36 errors, 0 warnings)"),
        ("cargo_build", "error: could not compile"),
        ("make_gcc", "make: Target 'words' not remade because of errors."),
        ("make_ld", "make: *** [Makefile:8: linked] Error 1"),
        ("cmake", "Configuring incomplete, errors occurred!"),
        ("webpack", "compiled with 1 error and 1 warning"),
        ("javac", "2 errors"),
        ("pylint", "Your code has been rated at"),
    ],
)
def test_the_outcome_stands_beside_the_errors(name, outcome):
    assert chunk_of(run(name), outcome).label is Label.SUMMARY
    assert chunk_of(run(name), outcome).weight >= 0.9


def test_a_warning_weighs_less_than_an_error():
    warning, error = (chunk_of(run("make_gcc"), text) for text in ("warning: comparison of integer", "broken.c:10:12: error"))
    assert warning.label is Label.WARNING
    assert warning.weight <= 0.65 < error.weight


def test_the_source_of_a_warning_weighs_no_more_than_the_warning():
    result = run("make_gcc")
    assert chunk_of(result, "if (n < -1)").weight <= chunk_of(result, "warning: comparison of integer").weight


def test_the_fourth_of_a_kind_steps_back():
    rows = [f"a.py:{n}:1: E501 line too long ({n} > 79 characters)" for n in range(80, 90)]
    result = cut("\n".join([*rows, "Found 10 errors.", "[*] 3 fixable"]), "ruff check --output-format concise")
    weights = [chunk_of(result, row).weight for row in rows]
    assert min(weights[:3]) > 0.7
    assert max(weights[3:]) <= 0.65


def test_errors_of_one_form_about_different_names_are_no_repeats():
    rows = [f"a.c:{n}:9: error: 'name{n}' undeclared (first use in this function)" for n in range(6)]
    result = cut("\n".join(rows))
    assert min(chunk_of(result, row).weight for row in rows) >= 0.9


def test_a_rare_kind_among_many_stays_up():
    noise = [f"a.py:{n}:1: E501 line too long ({n} > 79 characters)" for n in range(80, 120)]
    result = cut("\n".join([*noise[:20], "a.py:7:2: F821 undefined name 'totl'", *noise[20:]]), "flake8")
    rare = chunk_of(result, "F821").weight
    assert sum(chunk.weight >= rare for chunk in result[1]) <= 3


def test_steps_commands_and_progress_are_noise():
    result = cut("[ 12%] Building C object a.o\ngcc -O2 -c a.c -o a.o\nmake[1]: Entering directory '/x'\nx.c:3:1: error: expected ';'\n")
    for text in ("Building C object", "gcc -O2", "Entering directory"):
        assert chunk_of(result, text).label is Label.NOISE
        assert chunk_of(result, text).weight <= 0.1


@settings(deadline=None)
@given(
    before=st.lists(st.sampled_from(["checking for x... yes", "-- Looking for y - found", "[ 10%] Building", "hello", ""]), max_size=150),
    after=st.lists(st.sampled_from(["make[1]: Leaving directory '/x'", "bye", ""]), max_size=150),
    row=st.sampled_from(["src/a.c:3:5: error: expected ';'", "configure: error: no acceptable C compiler", "the linker was killed"]),
)
def test_the_only_error_is_never_below_eight_tenths(before, after, row):
    assert chunk_of(cut("\n".join([*before, row, *after])), row).weight >= 0.8


@pytest.mark.parametrize(
    "command",
    [
        "gcc -c a.c",
        "cd x && make -j4 2>&1 | tail -20",
        "cargo +nightly clippy --all-targets",
        "npx tsc --noEmit",
        "python -m mypy app",
        "uv run ruff check .",
        "npm ci",
        "pip install -r requirements.txt",
        "./configure --prefix=/usr && make",
        "go vet ./...",
    ],
)
def test_a_build_or_lint_command_is_known_by_its_words(command):
    assert COMPRESSOR.detect(Output(b"some words\nas they come\na.c:1:2: error: no\n" if "make" in command else b"some words\n", command))


@pytest.mark.parametrize(
    "name",
    [
        "tsc",
        "eslint",
        "webpack",
        "npm",
        "cargo_build",
        "make_gcc",
        "make_ld",
        "gxx",
        "cmake",
        "javac",
        "shellcheck",
        "mypy",
        "ruff",
        "flake8",
    ],
)
def test_diagnostics_are_known_by_their_rows_where_the_command_says_nothing(name):
    assert COMPRESSOR.detect(Output(run(name)[0].raw, "./do-it"))


@pytest.mark.parametrize(
    ("raw", "command", "path"),
    [
        (b"int f(void) { return error; }\n// warning: do not call\n", "cat f.c", ""),
        (b"src/a.c:3: error: handled below\n", "grep -rn error: src", ""),
        (b"2026-01-01 10:00:00 ERROR a.py:3: error: request failed\n" * 50, "", ""),
        (b'[{"file": "a.py", "line": 3, "severity": "error"}]\n', "mypy --output json .", ""),
        (b"usage: mypy [-h]\n", "mypy --help", ""),
        (b"a.py:3: error: x\n", "", "notes.md"),
        (b"an ordinary sentence about an error in a file\n" * 5, "", ""),
    ],
)
def test_what_merely_speaks_of_errors_is_no_diagnostic(raw, command, path):
    assert not COMPRESSOR.detect(Output(raw, command, path))

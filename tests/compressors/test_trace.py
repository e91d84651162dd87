"""What was raised comes first, then the frames of one's own code; a library's frames come last."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compressors.trace import COMPRESSOR
from compressors.types import Label, Output

GOLDEN = Path(__file__).parents[1] / "golden" / "trace"


@cache
def run(name):
    """A golden run: its output, and its chunks."""
    code, command = next(
        line.split("\t")[1:] for line in (GOLDEN / "commands.tsv").read_text().splitlines() if line.startswith(f"{name}.txt\t")
    )
    output = Output((GOLDEN / f"{name}.txt").read_bytes(), command, exit_code=int(code))
    return output, COMPRESSOR.cut(output)


def cut(text, command=""):
    output = Output(text.encode(), command, exit_code=1)
    return output, COMPRESSOR.cut(output)


def chunk_of(result, text):
    """The first chunk that holds a row with this text."""
    output, chunks = result
    return next(chunk for chunk in chunks if any(text in row for row in output.rows[chunk.start : chunk.end]))


RAISED = [
    ("python", "ValueError: too few items in iterable"),
    ("python_chained", "RuntimeError: the settings cannot be read"),
    ("python_chained", "json.decoder.JSONDecodeError"),
    ("node", "TypeError: Cannot read properties of undefined"),
    ("java", "IllegalStateException: nothing to pop"),
    ("java", "Caused by: java.lang.IndexOutOfBoundsException"),
    ("go", "panic: runtime error: index out of range [-1]"),
    ("rust", "panicked at src/bin/boom.rs:2:27"),
    ("rust", "a width is a number: ParseIntError"),
    ("ruby", 'key not found: "Q" (KeyError)'),
    ("gdb", "Program received signal SIGSEGV"),
]


@pytest.mark.parametrize(("name", "raised"), RAISED)
def test_what_was_raised_weighs_most(name, raised):
    assert chunk_of(run(name), raised).label is Label.ASSERTION
    assert chunk_of(run(name), raised).weight >= 0.95


@pytest.mark.parametrize(
    ("name", "error", "place"),
    [
        ("asan", "AddressSanitizer: heap-buffer-overflow", "in first_word /tmp/demo/c/parse.c:24"),
        ("valgrind", "Invalid write of size 1", "first_word (parse.c:24)"),
    ],
)
def test_a_memory_error_weighs_most_and_its_frames_follow(name, error, place):
    assert chunk_of(run(name), error).label is Label.ERROR
    assert chunk_of(run(name), error).weight == 1.0
    assert chunk_of(run(name), place).weight >= 0.75


@pytest.mark.parametrize(
    ("name", "nearest", "library"),
    [
        ("python_chained", 'report.py", line 9, in load', "json/decoder.py"),
        ("node", "at timeout (", "at listOnTimeout (node:internal"),
        ("java", "at Stack.pop(Stack.java:9)", "at java.base/java.util.ArrayList.remove"),
        ("rust", "at ./src/bin/boom.rs:2:27", "at /rustc/"),
        ("asan", "in first_word /tmp/demo/c/parse.c:24", "in __libc_start_call_main"),
        ("valgrind", "first_word (parse.c:24)", "malloc (in /usr/"),
    ],
)
def test_the_nearest_frame_of_ones_own_code_outweighs_a_librarys(name, nearest, library):
    own, foreign = (chunk_of(run(name), text) for text in (nearest, library))
    assert own.label is foreign.label is Label.TRACE
    assert own.weight >= 0.8
    assert foreign.weight <= 0.3


def test_the_line_that_raised_comes_with_its_frame():
    assert chunk_of(run("python_chained"), "return json.loads(text)").weight >= 0.9
    assert chunk_of(run("node"), "return ms(settings.timeout.value);").weight >= 0.8


def test_frames_stand_under_what_was_raised_or_under_their_traceback():
    for name, frame, head in (
        ("go", "main.(*queue).pop", "panic:"),
        ("python", "line 15, in widest", "Traceback"),
        ("java", "Stack.pop", "Exception in"),
    ):
        output, chunks = run(name)
        parent = chunks[chunk_of(run(name), frame).parent]
        assert output.rows[parent.start].startswith(head)


def test_the_legend_of_shadow_bytes_is_noise():
    assert chunk_of(run("asan"), "Heap left redzone").label is Label.NOISE


@settings(deadline=None)
@given(
    before=st.lists(st.sampled_from(["ready", "", "    at f (node:fs:1:2)", "[1/3] step"]), max_size=100),
    frames=st.integers(1, 60),
    raised=st.sampled_from(["ValueError: no such thing", "java.io.IOException: closed", "panic: boom", "Caused by: a.b.C: d"]),
)
def test_however_deep_a_trace_what_was_raised_stays_on_top(before, frames, raised):
    result = cut("\n".join([*before, raised, *(f"\tat app.Main.step{n}(Main.java:{n})" for n in range(frames))]))
    assert chunk_of(result, raised).weight == max(chunk.weight for chunk in result[1])


@pytest.mark.parametrize("name", ["python", "python_chained", "node", "go", "rust", "java", "ruby", "valgrind"])
def test_a_trace_is_known_by_its_frames_whatever_ran(name):
    assert COMPRESSOR.detect(Output(run(name)[0].raw, "./serve"))


@pytest.mark.parametrize(
    ("raw", "command", "path"),
    [
        (b"try:\n    f()\nexcept ValueError:\n    raise RuntimeError('x')\n" * 5, "cat x.py", ""),
        (
            b"2026-01-01 10:00:00 INFO ready\n" * 40 + b'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: x\n',
            "",
            "",
        ),
        (b"Breakpoint 1 at 0x1: file a.c, line 3.\n", "gdb --help", ""),
        (b"a\nb\nc\n", "", ""),
    ],
)
def test_what_holds_no_trace_or_is_a_log_is_left_to_others(raw, command, path):
    assert not COMPRESSOR.detect(Output(raw, command, path))

"""The laws that hold for every compressor, on invented outputs, on real ones, and on damaged real ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compressors
import context_mode
from compressors.text import LONG
from compressors.tokens import count_tokens
from compressors.types import Output

GOLDEN = Path(__file__).parents[1] / "golden"
REAL = sorted(path for path in GOLDEN.rglob("*") if path.is_file() and path.name != "README.md")
SMALLEST_BUDGET = 40  # tokens: room for a status line

PIECES = st.sampled_from(
    [
        b"plain words here",
        b"src/app.py:12: error: Name 'x' is not defined",
        b"FAILED tests/test_a.py::test_b - assert 1 == 2",
        b"2026-01-02 03:04:05,678 ERROR worker 17 died",
        b"\x1b[31mred\x1b[0m",
        b"\x1b[3",
        b"\x1b]0;title\x07done",
        b"10%\r20%\r100%",
        b"abc\b\b\bxyz",
        b"\x00\x01\xff\xfe",
        "naïve “quotes” 漢字".encode(),
        b"{",
        b'  "key": [1, 2, {"a": null}],',
        b"}",
        b"def f(x):",
        b"    return x",
        b"@@ -1,2 +1,2 @@",
        b"diff --git a/x b/x",
        b"-old",
        b"+new",
        b"",
        b"",
        b"drwxr-xr-x 2 root root 4096 Jan  1 00:00 bin",
        b"# Heading",
        b"z" * (2 * LONG + 17),
    ]
)
OUTPUTS = st.lists(PIECES | st.binary(max_size=60), max_size=80).map(b"\n".join)
COMMANDS = st.sampled_from(
    ["", "pytest -q", "make", "git diff", "cat x.py", "ls -la", "kubectl get pods", "cat data.json", "rg foo", "journalctl -u x"]
)
QUESTIONS = st.sampled_from(
    [("", ()), ("why did it fail", ()), ("which value has key", ("error|fail", "key")), ("", (".", "(unclosed", "a{1000}{1000}"))]
)


@cache
def real(path: Path) -> bytes:
    return path.read_bytes()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real output with a part cut out, doubled or overwritten."""
    data = real(draw(st.sampled_from(REAL)))[:60_000]
    first, last = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    middle = draw(st.sampled_from([b"", data[first:last] * 2, b"\x00\xff\x1b[", b"\n", b"{" * 300]))
    return data[:first] + middle + data[last:]


relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("name", compressors.COMPRESSORS)
@relaxed
@given(
    raw=OUTPUTS | damaged(),
    command=COMMANDS,
    path=st.sampled_from(["", "x.py", "a.json", "b.md", "c.log"]),
    exit_code=st.sampled_from([None, 0, 1]),
)
def test_every_compressor_cuts_anything_into_chunks_that_partition_the_rows(name, raw, command, path, exit_code):
    output = Output(raw, command, path, exit_code)
    cut = compressors.cut(output, compressors.compressor(name))  # raises where they do not
    assert cut.chunks[0].start == 0
    assert cut.chunks[-1].end == len(output.rows)
    assert all(0 <= chunk.weight <= 1 for chunk in cut.chunks)


@relaxed
@given(
    raw=OUTPUTS | damaged(),
    command=COMMANDS,
    question=QUESTIONS,
    exit_code=st.sampled_from([None, 0, 1, 137]),
    budget=st.sampled_from([None, 40, 150, 800]),
)
def test_a_view_shows_lines_of_the_output_and_marks_every_gap(raw, command, question, exit_code, budget):
    intent, expect = question
    view = context_mode.compress(raw, intent=intent, expect=expect, command=command, exit_code=exit_code, budget=budget)
    assert_shows_and_hides_everything_once(view, Output(raw))


@relaxed
@given(raw=OUTPUTS | damaged(), question=QUESTIONS, exit_code=st.sampled_from([None, 0, 1]), budget=st.integers(SMALLEST_BUDGET, 900))
def test_a_view_fits_its_budget_and_is_never_larger_than_the_output_and_its_status(raw, question, exit_code, budget):
    intent, expect = question
    view = context_mode.compress(raw, intent=intent, expect=expect, exit_code=exit_code, budget=budget)
    assert view.tokens_shown == count_tokens(view.text) <= budget
    status = count_tokens(view.text.split("\n")[0] + "\n")
    assert view.tokens_shown <= view.tokens_total + status + 1  # texts joined may take a token more than each by itself


@relaxed
@given(raw=OUTPUTS | damaged(), exit_code=st.integers(1, 255), budget=st.sampled_from([None, 40, 300, 100_000]))
def test_a_failure_stands_in_the_first_line(raw, exit_code, budget):
    view = context_mode.compress(raw, exit_code=exit_code, budget=budget)
    assert view.text.startswith(f"[exit {exit_code}")


@relaxed
@given(raw=OUTPUTS | damaged(), question=QUESTIONS, budget=st.sampled_from([None, 100, 800]))
def test_the_same_output_and_question_give_the_same_text(raw, question, budget):
    intent, expect = question
    once, again = (context_mode.compress(raw, intent=intent, expect=expect, budget=budget) for _ in range(2))
    assert once == again


@relaxed
@given(raw=OUTPUTS)
def test_cleaning_keeps_the_number_of_lines(raw):
    assert len(Output(raw).lines) == raw.count(b"\n") + 1


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_real_output_keeps_the_laws(path):
    raw = real(path)
    for budget in (None, 120, 800):
        view = context_mode.compress(raw, intent="why does it fail", exit_code=1, budget=budget)
        assert_shows_and_hides_everything_once(view, Output(raw))
        assert view.tokens_shown <= (budget or 2_000)


def assert_shows_and_hides_everything_once(view, output):
    """Reads the view as an agent would: each line is the next line of the output, or a marker that says exactly what is left out."""
    lines = view.text.split("\n")
    if view.text.startswith("[") and (lines[0].startswith("[exit ") or " shown" in lines[0] or lines[0] == "[no output]"):
        lines = lines[1:]
    if not output.raw:
        assert not lines
        return
    if "[… " not in view.text:
        assert "\n".join(lines) == "\n".join(output.lines)
        return
    at = (1, 1)  # the line and character that comes next
    for text in lines:
        if text.startswith("[… ") and text.endswith("]") and (after := _skip(text[3:-1], at, output)):
            at = after
        else:
            at = _show(text, at, output)
    assert at == (len(output.lines) + 1, 1) or (at == (len(output.lines), 1) and output.lines[-1] == "")


def _show(text, at, output):
    line, character = at
    rest = output.lines[line - 1][character - 1 :]
    assert rest.startswith(text), (text[:80], rest[:80])
    if rest == text:
        return line + 1, 1
    assert text
    assert len(text) % LONG == 0
    return line, character + len(text)


def _skip(addresses, at, output):
    """Where the output goes on after a marker, None where it is not the marker of what comes next."""
    for address in addresses.split(", "):
        line, _, characters = address.partition(":")
        if characters:
            first, last = map(int, characters.split("-"))
            if (int(line), first) != at:
                return None
            at = (int(line) + 1, 1) if last == len(output.lines[int(line) - 1]) else (int(line), last + 1)
        else:
            first, _, last = line.partition("-")
            if not first.isdigit() or (int(first), 1) != at:
                return None
            at = (int(last or first) + 1, 1)
    return at

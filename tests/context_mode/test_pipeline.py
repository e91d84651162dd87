"""compress(): the path without sandbox and store."""

from __future__ import annotations

import pytest

from context_mode import View, compress

LOG = "\n".join(f"2026-01-01 10:{n // 60:02d}:{n % 60:02d} INFO request {n} served in {n % 13} ms" for n in range(1_500))
BROKEN_LOGIN = LOG.replace("request 700 served in 11 ms", "login rejected for bob: token expired at 09:59")


def test_a_small_output_is_whole():
    assert compress("one\ntwo\n") == View("one\ntwo\n", [(1, 3)], "plain", 3, 4, 4)


def test_silence_is_called_silence():
    assert compress(b"", exit_code=0).text == "[exit 0, no output]"
    assert compress(b"", exit_code=3).text == "[exit 3, no output]"


def test_a_failure_is_said_even_where_everything_is_shown():
    assert compress("done\n", exit_code=2).text == "[exit 2]\ndone\n"


def test_what_the_agent_expects_to_see_is_shown_with_its_line_number():
    view = compress(BROKEN_LOGIN, intent="why can't the client get in", expect="denied|expired|401", budget=200)
    assert "login rejected for bob: token expired at 09:59" in view.text
    assert any(first <= 701 <= last for first, last in view.spans)
    assert view.tokens_shown <= 200


def test_patterns_come_as_a_sequence_too():
    one, other = (compress(BROKEN_LOGIN, expect=expect, budget=200) for expect in ("denied|expired", ["denied", "expired"]))
    assert one == other


def test_with_no_budget_a_view_takes_a_small_part_of_a_large_output():
    view = compress(BROKEN_LOGIN, intent="why can't the client get in", expect=["expired"])
    assert "token expired" in view.text
    assert view.tokens_shown <= 2_000 < view.tokens_total


def test_what_fits_the_budget_is_whole():
    assert compress(LOG, budget=1_000_000).text == LOG


@pytest.mark.parametrize("text", ["lone \ud800 surrogate", "bell\x07", "\x1b[31mred"])
def test_any_string_is_an_output(text):
    assert compress(text).lines_total == 1


def test_a_million_lines_come_through():
    view = compress(b"0123456789\n" * 500_000 + b"error: disk full\n" + b"0123456789\n" * 500_000, exit_code=1)
    assert view.lines_total == 1_000_002
    assert "error: disk full" in view.text


def test_one_line_of_five_megabytes_is_addressed_by_its_characters():
    view = compress(b'{"a": "' + b"x" * 5_000_000 + b'"}', budget=2_000)
    assert view.tokens_shown <= 2_000
    assert "[… 1:" in view.text

import re

import pytest

from context_mode.excerpt import excerpt

LINES = [f"line {n} {'error' if n % 10 == 0 else 'ok'}" for n in range(1, 101)]
RAW = "\n".join([*LINES, ""]).encode()


def test_a_range_is_shown_as_it_was():
    assert excerpt("h", RAW, "2-3").text == "line 2 ok\nline 3 ok\n"
    assert excerpt("h", b"a\x1b[1mb\xff\n").text == "a\x1b[1mb\ufffd\n"


def test_grep_shows_matching_lines_after_their_numbers():
    assert excerpt("h", RAW, grep="ERROR").text.split("\n")[:2] == ["10:line 10 error", "20:line 20 error"]


def test_grep_looks_only_into_the_lines_asked_for():
    assert excerpt("h", RAW, "15-35", "error").text == "20:line 20 error\n30:line 30 error"


def test_no_match_is_said():
    assert excerpt("h", RAW, grep="nowhere").text == "[no line matches nowhere]"


@pytest.mark.parametrize("pattern", ["a(b", "*", "[", "a)(b", "(?P<x"])
def test_a_pattern_that_does_not_parse_is_taken_literally(pattern):
    assert excerpt("h", f"one\nsome {pattern} here\n".encode(), grep=pattern).text == f"2:some {pattern} here"


def test_each_line_matches_once_and_matches_never_span_lines():
    assert excerpt("h", b"aa aa\nb\nc\n", grep="a").text == "1:aa aa"
    assert excerpt("h", b"a\nb\n", grep="a\\sb").text == "[no line matches a\\sb]"
    assert excerpt("h", b"a\n\nb", grep="^").text == "1:a\n2:\n3:b"


def test_a_match_in_a_long_line_is_addressed_by_its_piece():
    raw = b"short\n" + b"x" * 3_000 + b"needle" + b"y" * 3_000 + b"\n"
    address, line = excerpt("h", raw, grep="needle").text.rsplit(":", 1)
    assert address == "2:2001-4000"
    assert "needle" in line
    assert excerpt("h", raw, address).text == line


def test_colours_do_not_keep_a_line_from_matching():
    assert excerpt("h", b"\x1b[31mer\x1b[0mror\n", grep="^error$").text == "1:error"


def test_what_is_beyond_the_limit_is_named_and_can_be_asked_for():
    raw, lines = RAW, ""
    whole = []
    while True:
        text = excerpt("abcd1234", raw, lines, limit=300).text
        more = re.search(r"\n\[… ([\d,:-]+): expand abcd1234 \1\]$", text)
        whole.append(text[: more.start()] if more else text)
        if not more:
            break
        lines = more[1]
    assert "\n".join(whole) == RAW.decode()


def test_a_line_beyond_the_limit_is_shown_in_part():
    text = excerpt("h", b"x" * 1_000 + b"\nnext\n", limit=100).text
    assert text == "x" * 100 + "\n[… 1:101-1000,2-3: expand h 1:101-1000,2-3]"


def test_matches_beyond_the_limit_are_counted():
    text = excerpt("h", RAW, grep="line", limit=100).text
    shown = text.split("\n")
    assert shown[-1] == f"[… {100 - len(shown) + 1} more from line {len(shown)} on]"


def test_without_a_limit_nothing_is_missing():
    assert excerpt("h", RAW * 1_000, limit=None).text == (RAW * 1_000).decode()


def test_the_bytes_are_whole_whatever_the_limit():
    assert excerpt("h", RAW, limit=10).raw == RAW

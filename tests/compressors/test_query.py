from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compressors.evidence import gather
from compressors.query import MAX_PATTERNS, alternatives, make_query, split_words
from compressors.types import Output


def rows_hit(text, intent="", expect=()):
    evidence = gather(make_query(intent, expect), Output(text.encode()))
    return {term.source: term.rows.tolist() for term in (*evidence.intent, *evidence.expect)}


def test_identifiers_come_apart_into_words():
    assert split_words("parseHTTPRequest2 in src/get_user.py") == ["parse", "http", "request", "2", "in", "src", "get", "user", "py"]


@pytest.mark.parametrize(
    ("expect", "patterns"),
    [
        ("a|b", ["a", "b"]),
        ("a(b|c)|d", ["a(b|c)", "d"]),
        ("[x|y]|z", ["[x|y]", "z"]),
        (r"a\|b|c", [r"a\|b", "c"]),
        ("[]|x]|y", ["[]|x]", "y"]),
        (["a|b", "c"], ["a", "b", "c"]),
        ("a||b|", ["a", "b"]),
        ("", []),
        ("a|a", ["a"]),
    ],
)
def test_expect_is_split_at_its_top_level_alternatives(expect, patterns):
    assert alternatives(expect) == patterns


def test_a_pattern_that_does_not_parse_is_taken_literally():
    assert rows_hit("x\ncall f(a\nf", expect=["f(a"]) == {"f(a": [1]}


def test_patterns_are_case_insensitive_and_stay_within_a_line():
    text = "start\nFailed Password\nfailed\npassword"
    assert rows_hit(text, expect=[r"failed\s+password"]) == {r"failed\s+password": [1]}


def test_anchors_mean_the_ends_of_lines():
    assert rows_hit("ab\nba\nab", expect=["^a"]) == {"^a": [0, 2]}


def test_a_pattern_or_word_that_hits_everywhere_says_nothing():
    assert rows_hit("same\nsame\nsame", intent="same thing", expect=["."]) == {}


@pytest.mark.parametrize("text", ["get_user_name", "getUserName", "GetUserName", "a/user/b", "USER_ID", "users"])
def test_a_word_of_the_intent_is_found_inside_identifiers(text):
    assert rows_hit(f"nothing\n{text}\nnothing", intent="which user") == {"user": [1]}


@pytest.mark.parametrize("text", ["superuser", "4043", "idle"])
def test_a_word_is_not_found_in_the_middle_of_another(text):
    assert rows_hit(f"nothing\n{text}\nnothing", intent="user 404 id") == {}


def test_names_in_the_intent_are_looked_for_letter_for_letter():
    hits = rows_hit("src/a.py:3\nsrc/b.py:3\nother", intent="what happens in src/b.py")
    assert hits["src/b.py"] == [1]


@given(st.text(max_size=200))
def test_any_expect_makes_at_most_so_many_patterns_and_runs(expect):
    query = make_query("", expect)
    assert len(query.expect) <= MAX_PATTERNS
    gather(query, Output(b"some\noutput (here)\n"))


def test_a_pattern_that_kills_backtracking_engines_runs_in_linear_time():
    assert rows_hit("a" * 1_900 + "\nb", expect=[r"(a+)+$|(x+x+)+y"])["(a+)+$"] == [0]

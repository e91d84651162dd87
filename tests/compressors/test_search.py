"""Search results."""

from __future__ import annotations

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


def test_each_match_is_a_chunk():
    cut = Cut("search", golden("search/grep-rn.txt", 'grep -rn "raise " click'))
    assert all(chunk.end - chunk.start == 1 for chunk in cut.chunks[:-1])
    assert {chunk.label for chunk in cut.chunks} == {Label.MATCH}


def test_a_match_stands_under_the_file_it_was_found_in():
    cut = Cut("search", golden("search/rg-heading.txt", 'rg --heading -n -C1 "isatty" click'))
    row = next(row for row in cut.rows if row[:1].isdigit() and "isatty" in row)
    assert next(cut.above(row)).startswith("click/")
    assert all(" " not in heading for heading in cut.labelled(Label.FILE))


def test_rows_after_a_match_stay_with_it():
    cut = Cut("search", golden("search/grep-after.txt", 'grep -rn -A3 "class .*Exception" click'))
    chunk = cut.text(cut.of("class ClickException"))
    assert chunk.count("\n") >= 3
    assert "class UsageError" not in chunk


def test_context_between_two_matches_is_parted():
    cut = Cut("search", "a.py:1:hit\na.py-2-x\na.py-3-y\na.py:4:hit again", command="grep -n -C2 hit a.py")
    assert [cut.text(chunk) for chunk in cut.chunks] == ["a.py:1:hit\na.py-2-x", "a.py-3-y\na.py:4:hit again"]


def test_a_definition_weighs_more_than_a_use_and_a_test_less():
    cut = Cut("search", "src/a.py:1:def run(x):\nsrc/b.py:2:    run(3)\ntests/t.py:3:    run(4)")
    assert cut.of("def run").weight > cut.of("run(3)").weight > cut.of("run(4)").weight


def test_thousands_of_matches_are_grouped_by_file():
    cut = Cut("search", "\n".join(f"src/m{n // 50}.py:{n}:hit" for n in range(5000)))
    assert all(chunk.end - chunk.start <= 12 for chunk in cut.chunks)
    assert len(cut.chunks) < 1000
    assert all(len({row.split(":")[0] for row in cut.rows[chunk.start : chunk.end]}) == 1 for chunk in cut.chunks)


@pytest.mark.parametrize("name", ["grep-rn.txt", "grep-after.txt", "rg-heading.txt", "rg-flat.txt", "git-grep.txt"])
def test_search_results_are_known_without_their_command(name):
    assert detects("search", golden(f"search/{name}"))


@pytest.mark.parametrize("raw", ["", "2026-01-01 12:00:01 started\n" * 9, "12:30:00 tick\n" * 9, "just some words\n"])
def test_other_text_is_no_search_result(raw):
    assert not detects("search", Output(raw.encode()))


def test_a_log_that_was_searched_is_still_a_log():
    assert not detects("search", Output(b"2026-01-01 12:00:01 ERROR boom\n" * 9, "grep ERROR app.log"))

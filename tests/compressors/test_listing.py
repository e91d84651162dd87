"""Listings."""

from __future__ import annotations

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


def test_a_file_stands_under_its_directory():
    cut = Cut("listing", golden("listing/ls-recursive.txt", "ls -lR x8.1.8"))
    assert next(cut.above("termui.py")).startswith("x8.1.8/click:\ntotal ")
    assert cut.of("x8.1.8/click:").label is Label.FILE


def test_a_trees_directories_are_above_their_files():
    cut = Cut("listing", golden("listing/tree.txt", "tree -h x8.1.8"))
    above = list(cut.above("termui.py"))
    assert above[0].endswith("click")
    assert above[-1].endswith("x8.1.8")


def test_entries_are_grouped_by_directory_ten_at_most():
    cut = Cut("listing", golden("listing/find.txt", "find . -type f"))
    for chunk in cut.chunks:
        rows = [row for row in cut.rows[chunk.start : chunk.end] if row]
        assert len(rows) <= 10
        assert len({row.rpartition("/")[0] for row in rows}) <= 1


def test_a_directory_that_may_not_be_read_stands_out():
    cut = Cut("listing", golden("listing/find-denied.txt", "find /root"))
    assert cut.of("Permission denied").label is Label.ERROR


def test_a_file_named_after_an_error_is_no_error():
    cut = Cut("listing", "./src/errors.py\n./src/error.log\n./src/failed.txt\n./src/ok.py\n", command="find .")
    assert cut.labelled(Label.ERROR) == []


def test_packages_stand_under_their_columns():
    cut = Cut("listing", golden("listing/dpkg-l.txt", "dpkg -l"))
    assert "Name" in next(cut.above("ii  apt "))
    assert cut.of("ii  apt ").label is Label.ENTRY


def test_an_unmet_dependency_stands_out():
    cut = Cut(
        "listing",
        'web@1.0.0 /srv\n├── a@1.0.0\n├── UNMET DEPENDENCY missing b@^2\n├── c@1.0.0\n└── d@2.0.0 invalid: "^1"\n',
        command="npm ls",
    )
    assert cut.of("UNMET").label is not Label.ENTRY
    assert cut.of("invalid").label is Label.ERROR


@pytest.mark.parametrize("name", ["ls-recursive", "tree", "find", "du", "tar", "dpkg-l"])
def test_a_listing_is_known_without_its_command(name):
    assert detects("listing", golden(f"listing/{name}.txt"))


@pytest.mark.parametrize("raw", ["", "words and more words\n", "a: 1\nb: 2\n"])
def test_other_text_is_no_listing(raw):
    assert not detects("listing", Output(raw.encode()))

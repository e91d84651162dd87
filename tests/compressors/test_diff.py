"""Diffs and what git says."""

from __future__ import annotations

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


def test_a_changed_line_stands_under_its_hunk_file_and_commit():
    cut = Cut("diff", golden("diff/git-log-patch.txt"))
    hunk, file, commit = cut.above("-def get_current_context(silent: bool = ...)")
    assert hunk.startswith("@@ -3,19 +3,18 @@")
    assert "+++ b/click/globals.py" in file
    assert "Release 8.1.8: deprecations and fixes" in commit


def test_a_lock_file_weighs_little():
    cut = Cut("diff", golden("diff/git-log-patch.txt"))
    assert cut.of("-lib==8.1.7").weight < 0.2 < cut.of("-def get_current_context(silent: bool = ...)").weight


def test_renames_without_changes_are_folded():
    cut = Cut("diff", golden("diff/git-log-patch.txt"))
    renamed = cut.of("rename from click/_globals.py")
    assert renamed.label is Label.FILE
    assert renamed.weight < 0.5


def test_a_change_keeps_three_lines_of_context():
    body = [f" line {n}" for n in range(20)] + ["-old", "+new"] + [f" line {n}" for n in range(20, 40)]
    cut = Cut("diff", "\n".join(["--- a/x", "+++ b/x", "@@ -1,41 +1,41 @@", *body]))
    assert cut.text(cut.of("-old")).split("\n") == [" line 17", " line 18", " line 19", "-old", "+new", " line 20", " line 21", " line 22"]
    assert cut.of(" line 3").weight < 0.3


def test_a_removed_comment_that_looks_like_a_header_is_none():
    cut = Cut("diff", "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- old remark\n+-- new remark\n select 1\n")
    assert cut.of("--- old remark").label is Label.CHANGE
    assert len(cut.labelled(Label.FILE)) == 1


def test_a_conflict_and_the_unmerged_file_come_first():
    cut = Cut("diff", golden("diff/git-merge-conflict.txt"))
    assert cut.of("CONFLICT (content)").weight >= 0.9
    assert cut.of("both modified:   click/__init__.py").weight >= 0.9
    assert cut.of("Untracked files:").label is Label.HEADING
    assert cut.of("modified:   click/_compat.py").weight < 0.9
    assert next(cut.above("notes.txt")).startswith("Untracked files:")


def test_blame_is_cut_where_the_commit_changes():
    cut = Cut("diff", golden("diff/git-blame.txt"))
    for chunk in cut.chunks:
        assert len({row.split()[0] for row in cut.rows[chunk.start : chunk.end] if row}) <= 1 or chunk.end - chunk.start <= 12


@pytest.mark.parametrize(
    ("name", "changed"),
    [("diff-normal.txt", "< "), ("diff-context.txt", "! "), ("diff-recursive.txt", "+from"), ("git-show.txt", "+")],
)
def test_every_format_has_its_changes_marked(name, changed):
    cut = Cut("diff", golden(f"diff/{name}"))
    row = next(row for row in cut.rows if row.startswith(changed) and not row.startswith("+++"))
    assert cut.of(row).label is Label.CHANGE


def test_side_by_side_rows_that_differ_are_changes():
    cut = Cut("diff", golden("diff/diff-side-by-side.txt", "diff -y -W 130 a.py b.py"))
    assert cut.of("te.Literal[False]").label is Label.CHANGE
    assert cut.of("alternative to the :func:").label is Label.SOURCE


@pytest.mark.parametrize(
    "name", ["diff-context.txt", "diff-normal.txt", "diff-recursive.txt", "git-blame.txt", "git-log-patch.txt", "git-merge-conflict.txt"]
)
def test_a_diff_is_known_without_its_command(name):
    assert detects("diff", golden(f"diff/{name}"))


@pytest.mark.parametrize("raw", ["", "all good\n", "- Expected\n+ Received\n\n- 1\n+ 2\n", "- a list\n- of items\n"])
def test_other_text_is_no_diff(raw):
    assert not detects("diff", Output(raw.encode()))


def test_a_truncated_hunk_ends_where_the_next_file_begins():
    cut = Cut(
        "diff", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,99 +1,99 @@\n-a\n+b\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d"
    )
    assert "b/y" in cut.text(cut.of("diff --git a/y"))
    assert next(iter(list(cut.above("+d"))[1:])).startswith("diff --git a/y")

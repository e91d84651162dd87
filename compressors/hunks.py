"""The body of a hunk: where it ends, and its changed rows with the context around them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from compressors.blocks import blocks
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COUNTS: Final = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_STOPS: Final = ("diff ", "@@ -", "@@@ ", "commit ", "Index: ", "Only in ", "***************")
_SIGNS: Final = ("+", "-", "<", ">", "!")
_SECOND_SIGNS: Final = ("+", "-")  # of a diff of a merge; an empty slice is in no tuple
_CONTEXT: Final = 3  # rows of context that a change keeps on either side
_LONGEST: Final = 14  # rows of one chunk
_GUTTER: Final = re.compile(r"(?<=\s)[|<>](?=\s|$)")


def end_of(rows: Sequence[str], header: int) -> int:
    """The row after the hunk whose `@@` row is `header`: as many rows as it counts, or up to the next header where it does not count."""
    counts = _COUNTS.match(rows[header])
    if counts is None:
        return _next_header(rows, header + 1)
    old, new = (1 if count is None else int(count) for count in counts.groups())
    row = header + 1
    while row < len(rows) and (old > 0 or new > 0):
        sign = rows[row][:1]
        if sign in "-+ ":  # an empty row is a blank context row whose space was lost
            old -= sign != "+"
            new -= sign != "-"
        elif sign != "\\":
            return _next_header(rows, row)  # a word diff, whose rows carry no signs
        elif rows[row].startswith(_STOPS):
            return row
        row += 1
    while row < len(rows) and rows[row].startswith("\\ "):
        row += 1
    return row


def _next_header(rows: Sequence[str], row: int) -> int:
    while row < len(rows) and not rows[row].startswith(_STOPS):
        row += 1
    return row


def signs(rows: Sequence[str], start: int, end: int) -> list[bool]:
    """Which rows of a body are changed: unified, combined, context, plain and word diffs alike."""
    return [row.startswith(_SIGNS) or row[1:2] in _SECOND_SIGNS or "{+" in row or "[-" in row for row in rows[start:end]]


def gutters(rows: Sequence[str]) -> list[bool]:
    """Which rows `diff -y` marks as changed, by the mark in the middle column."""
    columns = [{match.start() for match in _GUTTER.finditer(row.expandtabs())} for row in rows]
    votes = Counter(column for found in columns for column in found)
    if not votes:
        return [False] * len(rows)
    middle = votes.most_common(1)[0][0]
    return [middle in found for found in columns]


def changes(changed: Sequence[bool], start: int, *, weight: float, parent: int | None) -> Iterator[Chunk]:
    """The rows from `start` as chunks: each run of changes with its context, unchanged rows between two runs apart."""
    end = start + len(changed)
    first = start
    at = 0
    while at < len(changed):
        if not changed[at]:
            at += 1
            continue
        run_end = next((k for k in range(at, len(changed)) if not changed[k]), len(changed))
        following = next((k for k in range(run_end, len(changed)) if changed[k]), len(changed))
        if start + at - _CONTEXT > first:
            yield from _unchanged(first, start + at - _CONTEXT, parent)
            first = start + at - _CONTEXT
        last = start + (min(run_end + _CONTEXT, following) if following - run_end > 2 * _CONTEXT else (run_end + following + 1) // 2)
        if following == len(changed):
            last = min(start + run_end + _CONTEXT, end)
        for piece_start, piece_end in blocks(first, last, _LONGEST):
            yield Chunk(piece_start, piece_end, weight, parent, Label.CHANGE)
        first, at = last, following
    yield from _unchanged(first, end, parent)


def _unchanged(start: int, end: int, parent: int | None) -> Iterator[Chunk]:
    for first, last in blocks(start, end, _LONGEST):
        yield Chunk(first, last, 0.2, parent, Label.SOURCE)

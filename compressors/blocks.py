"""Cutting where a format has no say: paragraphs, blocks of bounded size, and rows whose words are severe in chunks of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compressors.severity import ERROR, FATAL, WARNING, row_starts, severity
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.types import Output

_SEVERE: Final = {WARNING: (Label.WARNING, 0.5), ERROR: (Label.ERROR, 0.8), FATAL: (Label.ERROR, 0.9)}


def levels(output: Output) -> list[int]:
    """The severity class of every row."""
    found: list[int] = severity(output.text, row_starts(output.rows)).tolist()
    return found


def severe(level: int, weight: float, label: Label) -> tuple[Label, float]:
    """`label` and `weight`, or what a warning's or an error's are where the words of the rows weigh more."""
    severe_label, severe_weight = _SEVERE.get(level, (label, weight))
    return (severe_label, severe_weight) if severe_weight > weight else (label, weight)


def blocks(start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """`start` to `end` in pieces of at most `size` rows."""
    for first in range(start, end, size):
        yield first, min(first + size, end)


def paragraphs(rows: Sequence[str], severities: Sequence[int], start: int, end: int, size: int = 8) -> Iterator[tuple[int, int, int]]:
    """First row, end and severity class of each piece: cut at blank rows (which end their paragraph), where severity changes from or to a
    warning or worse, and at `size` rows.
    """
    first, level, blank = start, 0, False
    for row in range(start, end):
        text = rows[row]
        if not text or text.isspace():
            blank = True
            continue
        here = severities[row] if severities[row] >= WARNING else 0
        if row > first and (blank or here != level or row - first >= size):
            yield first, row, level
            first, level = row, here
        elif row == first:
            level = here
        blank = False
    if first < end:
        yield first, end, level  # a run of blank rows, however long, ends its paragraph


def prose(
    rows: Sequence[str],
    severities: Sequence[int],
    start: int,
    end: int,
    *,
    parent: int | None = None,
    label: Label = Label.TEXT,
    weight: float = 0.4,
    size: int = 8,
) -> Iterator[Chunk]:
    """The pieces of `paragraphs` as chunks."""
    for first, last, level in paragraphs(rows, severities, start, end, size):
        its_label, its_weight = severe(level, weight, label)
        yield Chunk(first, last, its_weight, parent, its_label)

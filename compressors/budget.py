"""Which rows to show: the best by score, as many as a budget of tokens allows, gaps and what gives a row its meaning counted in."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from compressors.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from compressors.types import Cut, Output

GAP = 7  # tokens of a marker: "[… 12-340]\n"
ENOUGH = 0.97  # of the budget: from here on rows that do not fit end the search
MOST_TRIES = 60  # rows in a row that did not fit
HEADER = 20  # tokens that a row may spend on what encloses it
HEAD_ROWS = 3  # of a chunk stand for it: a decorator and a signature, a failing test's name
FILL = 2  # rows: a gap as small as this is filled where that costs hardly more than its marker


def fit(
    output: Output, scores: NDArray[np.float32], budget: int, *, least: float = -np.inf, cut: Cut | None = None, first: Iterable[int] = ()
) -> list[int]:
    """Rows to show, sorted: those in `first`, then by score, best first, down to a score of `least`, for at most `budget` tokens. With a
    `cut` a row
    brings along what gives it its meaning: the signature of its definition, its test's header, its hunk's, its table's.
    """
    packing = _Packing(output, budget)
    headers = _Headers(cut) if cut else None
    for row in first:
        packing.take(row)
    order = np.argsort(-scores, kind="stable")
    refused = 0
    for row in map(int, order):
        if scores[row] < least or (refused > MOST_TRIES and packing.spent > ENOUGH * budget):
            break
        if not output.rows[row].strip():
            continue  # a blank line says nothing by itself
        if packing.take(row):
            refused = 0
            if headers:
                packing.take_all(headers.of(row), HEADER)
        else:
            refused += 1
            if refused > 10 * MOST_TRIES:
                break
    packing.fill()
    return packing.rows()


def without_worst(kept: Sequence[int], output: Output, scores: NDArray[np.float32], tokens: int) -> list[int]:
    """`kept` without its lowest rows, at least one of them, and as many as cost `tokens`."""
    worst_first = sorted(kept, key=lambda row: (scores[row], -row))
    dropped: set[int] = set()
    saved = 0
    for row in worst_first:
        if dropped and saved >= tokens:
            break
        dropped.add(row)
        saved += count_tokens(output.rows[row] + "\n")
    return [row for row in kept if row not in dropped]


class _Headers:
    """Per row the heads of the chunks that enclose it, nearest first."""

    def __init__(self, cut: Cut) -> None:
        self._chunks = cut.chunks
        self._starts = [chunk.start for chunk in cut.chunks]

    def of(self, row: int) -> list[int]:
        rows: list[int] = []
        parent = self._chunks[bisect_right(self._starts, row) - 1].parent
        while parent is not None:
            chunk = self._chunks[parent]
            rows.extend(range(chunk.start, min(chunk.end, chunk.start + HEAD_ROWS)))
            parent = chunk.parent
        return rows


class _Packing:
    """Rows taken so far and what they cost, the markers of the gaps between them included."""

    def __init__(self, output: Output, budget: int) -> None:
        self._output = output
        self._budget = budget
        self._size = len(output.rows)
        self._taken: set[int] = set()
        self._cost: dict[int, int] = {}
        self.spent = GAP

    def take(self, row: int) -> bool:
        """Whether `row` is in, because it was or because it fits."""
        if row in self._taken:
            return True
        cost = self.cost(row) + self._gaps(row)
        if self.spent + cost > self._budget:
            return False
        self._taken.add(row)
        self.spent += cost
        return True

    def take_all(self, rows: Sequence[int], most: int) -> None:
        """`rows`, in order, as long as they fit and cost no more than `most` tokens together."""
        for row in rows:
            if row not in self._taken:
                most -= self.cost(row)
                if most < 0 or not self.take(row):
                    return

    def fill(self) -> None:
        """Closes gaps of one or two rows, the cheapest kind of context: they cost little more than their marker."""
        kept = self.rows()
        for before, after in itertools.pairwise(kept):
            hidden = range(before + 1, after)
            if 0 < len(hidden) <= FILL and sum(map(self.cost, hidden)) <= GAP + 2 + (self._budget - self.spent) // 8:
                for row in hidden:
                    self.take(row)
        if kept and kept[-1] == self._size - 2 and not self._output.rows[-1]:
            self._taken.add(self._size - 1)  # the end of the last line

    def cost(self, row: int) -> int:
        if row not in self._cost:
            self._cost[row] = count_tokens(self._output.rows[row] + "\n")
        return self._cost[row]

    def rows(self) -> list[int]:
        return sorted(self._taken)

    def _gaps(self, row: int) -> int:
        """Tokens of markers that taking `row` adds: one where it stands alone, none at the edge of a run, one less where it joins two."""
        neighbours = (row == 0 or row - 1 in self._taken) + (row == self._size - 1 or row + 1 in self._taken)
        return GAP * (1 - neighbours)

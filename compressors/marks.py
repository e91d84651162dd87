"""What each row of an output is, and the passes over that which need to see more than one row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compressors import severity
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 50  # rows of a chunk: scorers pick among chunks, so none may be too long to be picked


@dataclass
class Marks:
    """One label, weight and owner (the row that heads it, or -1) a row."""

    label: list[Label] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)  # the rows that open blocks, in order, and the rules that know them
    unknown: list[int] = field(default_factory=list)  # rows that no rule knows

    def add(self, label: Label, weight: float, owner: int) -> None:
        self.label.append(label)
        self.weight.append(weight)
        self.owner.append(owner)


_VARYING: Final = re.compile(r"""\d+|'[^']*'|"[^"]*"|`[^`']*['`]|‘[^’]*’""")


def template(row: str) -> str:
    """The row without its numbers and quoted names: equal for two rows that say the same about different things."""
    return _VARYING.sub("*", row[:300])


def raise_suspects(rows: Sequence[str], marks: Marks) -> None:
    """A failure is not hidden because no rule knows its form: rows that sound like one weigh 0.8, in blocks 0.65, from the fourth of a kind
    on less.
    """
    if not marks.unknown:
        return
    suspects = [rows[n] for n in marks.unknown]
    levels = severity.severity("\n".join(suspects), severity.row_starts(suspects))
    seen: Counter[str] = Counter()
    for n, row, level in zip(marks.unknown, suspects, levels.tolist(), strict=True):
        if level < severity.WARNING:
            continue
        key = template(row)
        seen[key] += 1
        bad = level >= severity.ERROR
        weight = (0.65 if marks.owner[n] >= 0 else 0.8) if bad else 0.4
        marks.weight[n] = max(marks.weight[n], weight if seen[key] <= 3 else weight * 0.6)
        marks.label[n] = Label.ERROR if bad else Label.WARNING


def scale_blocks(marks: Marks, shares: Mapping[int, float]) -> None:
    """Multiplies the weights of each head in `shares`, and of the rows that it owns, by its share."""
    for n, owner in enumerate(marks.owner):
        share = shares.get(n) or shares.get(owner)
        if share is not None:
            marks.weight[n] *= share


def raise_nearest_frames(marks: Marks) -> None:
    """The frame of the user's code next to what was raised is where to look: it weighs 0.9 of that, with the row that it goes on in."""
    for n, label in enumerate(marks.label):
        if label is Label.ASSERTION and (n == 0 or marks.label[n - 1] is not Label.ASSERTION):
            _raise_first_frame(marks, n, range(n - 1, max(-1, n - 40), -1))
            _raise_first_frame(marks, n, range(n + 1, min(len(marks.label), n + 40)))


def _raise_first_frame(marks: Marks, raised: int, way: range) -> None:
    block = raised if raised in marks.heads else marks.owner[raised]
    for n in way:
        if marks.owner[n] != block or n in marks.heads:
            return
        if marks.label[n] is Label.TRACE and marks.weight[n] > 0.6 * marks.weight[raised]:
            for row in (n, n + 1):
                if row < len(marks.label) and marks.owner[row] == block and marks.label[row] in (Label.TRACE, Label.SOURCE):
                    marks.weight[row] = max(marks.weight[row], 0.9 * marks.weight[raised]) if marks.weight[row] > 0.3 else marks.weight[row]
            return


def raise_heads(marks: Marks) -> None:
    """A header that does not say how bad it is, is as bad as what it heads, and so is the source that it quotes."""
    for n, owner in enumerate(marks.owner):
        if marks.label[n] is Label.ERROR and owner in marks.heads and marks.weight[owner] < 0.9 * marks.weight[n]:
            marks.label[owner] = Label.ERROR
            for row in range(owner, n):
                marks.weight[row] = max(marks.weight[row], 0.9 * marks.weight[n])


_PASSED_OVER: Final = frozenset((Label.TRACE, Label.SOURCE, Label.NOISE))


def raise_ending(rows: Sequence[str], marks: Marks) -> None:
    """The last words are the outcome: of the last two rows that hold any, the one weighs at least 0.75, the other, unless it says that
    a test passed, 0.55.
    """
    last = range(len(rows) - 1, max(-1, len(rows) - 20), -1)
    said = [n for n in last if marks.label[n] not in _PASSED_OVER and any(map(str.isalnum, rows[n]))]
    for n, least in zip(said, (0.75, 0.55), strict=False):
        if n == said[0] or marks.label[n] is not Label.PASS:
            marks.weight[n] = max(marks.weight[n], least)


def chunks(marks: Marks) -> list[Chunk]:
    """The rows as chunks: equal neighbours joined, at most LONGEST rows each, every row that heads others alone."""
    heads = {owner for owner in marks.owner if owner >= 0}.union(marks.heads)
    alike = list(zip(marks.weight, marks.label, marks.owner, strict=True))
    ends = [n for n in range(1, len(alike)) if alike[n] != alike[n - 1] or n in heads or n - 1 in heads]
    cut: list[Chunk] = []
    chunk_of: dict[int, int | None] = {-1: None}  # the row that heads rows, and its chunk
    begin = 0
    for end in [*ends, len(alike)]:
        weight, label, owner = alike[begin]
        if begin in heads:
            chunk_of[begin] = len(cut)
        shown = min(1.0, round(weight, 4))
        cut.extend(Chunk(start, min(end, start + LONGEST), shown, chunk_of[owner], label) for start in range(begin, end, LONGEST))
        begin = end
    return cut

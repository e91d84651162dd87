"""Chunks in the making. Rows are claimed from top to bottom and a chunk lasts until the next one begins, so what comes out is a partition
whatever the tree looked like.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from compressors.types import Chunk, Label

LONG = 15  # rows; what is longer is split where statements begin
SHORT = 5  # rows; from here on a blank line ends a block

PUBLIC, PRIVATE, NESTED, CALL, TYPE = 0.8, 0.65, 0.5, 0.7, 0.9
STATEMENT, MEMBER, IMPORT, COMMENT, BODY, LICENCE = 0.4, 0.3, 0.3, 0.3, 0.2, 0.05


@dataclass(frozen=True, slots=True)
class Scope:
    """Where rows stand: under the signature `parent`, `inside` a function, and what plain code there is and weighs.
    `alone`: each statement is a chunk of its own. `broken`: the grammar made no sense of the surroundings.
    """

    parent: int | None = None
    inside: bool = False
    label: Label = Label.STATEMENT
    weight: float = STATEMENT
    alone: bool = True
    broken: bool = False


class Chunks:
    """`row` is the first row that nobody has claimed, counting the open block."""

    def __init__(self, blank: list[bool]) -> None:
        self.row = 0
        self._blank = blank
        self._starts: list[int] = []
        self._claims: list[int] = []  # where each chunk's own rows end; it lasts longer where nobody claims the next ones
        self._rest: list[tuple[float, int | None, Label]] = []
        self._block: tuple[int, Scope, Label, float] | None = None

    def add(self, start: int, end: int, weight: float, parent: int | None, label: Label) -> int | None:
        """A chunk that claims rows up to `end`; its index, or None where others have claimed them all. Rows between the last claim and
        `start` (blank lines, closing braces) belong to the chunk above.
        """
        self.close()
        end = min(end, len(self._blank))
        if end <= self.row:
            return None
        self._starts.append(max(start, self.row) if self._starts else 0)
        self._claims.append(end)
        self._rest.append((weight, parent, label))
        self.row = end
        return len(self._starts) - 1

    def plain(self, start: int, end: int, scope: Scope, label: Label | None = None, weight: float | None = None) -> None:
        """Ordinary code: joins the open block, or begins one where that is long enough or of another kind."""
        label = label or scope.label
        start, end = max(start, self.row), min(end, len(self._blank))
        if end <= start:
            return
        if self._block and not self._joins(self._block, start, end, scope, label):
            self.close()
        if self._block is None:
            self._block = (start, scope, label, scope.weight if weight is None else weight)
        self.row = end

    def _joins(self, block: tuple[int, Scope, Label, float], start: int, end: int, scope: Scope, label: Label) -> bool:
        first, block_scope, block_label, _ = block
        if block_label != label or block_scope.parent != scope.parent:
            return False
        if scope.alone and label is not Label.IMPORT:
            return False
        rows = start - first
        return end - first <= LONG and not (rows >= SHORT and self._blank[start - 1])

    def close(self) -> None:
        """Ends the open block."""
        if self._block is None:
            return
        (start, scope, label, weight), self._block = self._block, None
        self._starts.append(start if self._starts else 0)
        self._claims.append(self.row)
        self._rest.append((weight, scope.parent, label))

    def _cut(self, start: int, end: int) -> int:
        if end - start < LONG + SHORT:  # a rest of a few rows would say nothing
            return end
        for row in range(start + LONG, start + SHORT, -1):
            if self._blank[row - 1]:
                return row
        return start + LONG

    def finish(self) -> list[Chunk]:
        """All chunks. Rows that nobody claimed belong to the chunk above, and what is long is cut: at blank lines, or anywhere."""
        self.close()
        if not self._starts:
            return [Chunk(0, len(self._blank), BODY)]
        moved: list[int] = []  # where each chunk went
        done: list[Chunk] = []
        ends = [*self._starts[1:], len(self._blank)]
        for start, claim, end, (weight, parent, label) in zip(self._starts, self._claims, ends, self._rest, strict=True):
            moved.append(len(done))
            first = self._head_end(claim, end) if label is Label.SIGNATURE else self._cut(start, end)
            done.append(Chunk(start, first, weight, None if parent is None else moved[parent], label))
            rest = replace(done[-1], weight=BODY, parent=moved[-1], label=Label.BODY) if label is Label.SIGNATURE else done[-1]
            while first < end:
                following = self._cut(first, end)
                done.append(replace(rest, start=first, end=following))
                first = following
        return done

    def _head_end(self, claim: int, end: int) -> int:
        """A signature takes a few rows below it along, a closing brace; not the arguments of a call that its function is given to."""
        return end if end - claim <= SHORT else claim

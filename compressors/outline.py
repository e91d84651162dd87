"""Trees written by indentation (pretty JSON, YAML, XML, box drawings): small subtrees whole, the openings of large ones as parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TREE: Final = " \t│├└─┬|`+-\u00a0"  # what tree, npm ls and cargo tree draw with
_CLOSERS: Final = "}])>"
_LEAVES: Final = 8  # rows of siblings without children in one chunk


def indents(rows: Sequence[str], *, drawn: bool = False) -> list[int]:
    """Per row how deep it stands; a blank or closing row as deep as the row before, with which it stays."""
    margin = _TREE if drawn else " \t"
    depths: list[int] = []
    previous = 0
    for row in rows:
        stripped = row.lstrip(margin)
        if stripped and (drawn or stripped[0] not in _CLOSERS) and not stripped.startswith("</"):
            previous = len(row) - len(stripped)
        depths.append(previous)
    return depths


def ends(depths: Sequence[int]) -> list[int]:
    """Per row the row after its subtree: the next that is no deeper."""
    found = [len(depths)] * len(depths)
    waiting: list[int] = []
    for row, depth in enumerate(depths):
        while waiting and depths[waiting[-1]] >= depth:
            found[waiting.pop()] = row
        waiting.append(row)
    return found


def cut(
    start: int,
    depths: Sequence[int],
    worth: Callable[[int, int], tuple[Label, float]],
    *,
    whole: int = 12,
    opening: Label = Label.HEADING,
    first_chunk: int = 0,
    parent: int | None = None,
) -> Iterator[Chunk]:
    """The rows from `start` on, whose depths are `depths`. `worth` says what rows first to last (half open) are; `whole` is the most rows
    of a subtree in one chunk; `first_chunk` is how many chunks stand before these.
    """
    after = ends(depths)
    open_chunks: list[tuple[int, int]] = []  # end of the subtree, index of its opening chunk
    index = first_chunk
    row, count = 0, len(depths)
    while row < count:
        while open_chunks and open_chunks[-1][0] <= row:
            open_chunks.pop()
        above = open_chunks[-1][1] if open_chunks else parent
        end = after[row]
        if end - row > whole:
            yield Chunk(start + row, start + row + 1, 0.5, above, opening)
            open_chunks.append((end, index))
            end = row + 1
        else:
            limit = open_chunks[-1][0] if open_chunks else count
            end = _with_siblings(after, depths, row, limit)
            label, weight = worth(start + row, start + end)
            yield Chunk(start + row, start + end, weight, above, label)
        index += 1
        row = end


def _with_siblings(after: Sequence[int], depths: Sequence[int], row: int, limit: int) -> int:
    """The end of the chunk that begins at `row`: a subtree alone, or leaves that are siblings, up to `_LEAVES` of them."""
    end = after[row]
    if end - row > 1:
        return end
    while end < limit and end - row < _LEAVES and depths[end] <= depths[row] and after[end] - end == 1:
        end += 1
    return end

"""Why the lines of a stored output were shown or hidden: the view made again, and its ranking explained line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compressors.explain import Explanation, explain
from compressors.query import make_query
from compressors.rank import rank
from compressors.types import Output
from context_mode.errors import UserError
from context_mode.pipeline import cut_output, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from context_mode.entries import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One line, 1-based; of a line in pieces its best piece is explained."""

    line: int
    shown: bool
    why: Explanation


@dataclass(frozen=True, slots=True)
class Explained:
    handle: str
    kind: str
    lines_total: int
    intent: str
    expect: tuple[str, ...]
    lines: list[Line]


def explain_stored(entry: Entry, lines: Sequence[int], intent: str, expect: tuple[str, ...], budget: int | None, best: int) -> Explained:
    """`lines`: 1-based; none: the `best` ones. With neither intent nor expect given, what was asked when the output was last viewed counts.

    Raises UserError for a line that the output does not have.
    """
    use = entry.use
    if not (intent or expect):
        intent, expect = use.intent, use.expect
    output = Output(entry.raw, use.command, use.path, use.exit_code)
    query, cut = make_query(intent, expect), cut_output(output)
    scores = rank(query, output, cut).scores
    rows = [_row_of(output, scores, line) for line in lines] or [int(row) for row in np.argsort(-scores, kind="stable")[:best]]
    seen = view(entry.raw, intent=intent, expect=expect, command=use.command, path=use.path, exit_code=use.exit_code, budget=budget)
    shown = {line for first, last in seen.spans for line in range(first, last + 1)}
    found = [Line(output.line_of(why.row) + 1, output.line_of(why.row) + 1 in shown, why) for why in explain(query, output, cut, rows)]
    return Explained(entry.handle, cut.kind, len(output.lines), intent, expect, found)


def _row_of(output: Output, scores: np.ndarray, line: int) -> int:
    if not 1 <= line <= len(output.lines):
        raise UserError(f"there is no line {line}: the output has {len(output.lines)}")
    if output.pieces is None:
        return line - 1
    rows = [row for row, (of, _) in enumerate(output.pieces) if of == line - 1]
    return max(rows, key=lambda row: float(scores[row]))

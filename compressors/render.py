"""Selection to text: the one place where anything is written that is not a line of the output.

Two kinds of text are added, both in square brackets on lines of their own: the status line, first, and a marker for each gap:

    [exit 1 · 1234 lines, 57 shown · expand a1b2c3d4 LINES]
    [… 12-340]

A line that is cut into pieces is addressed by its characters too: `[… 7:2001-4000, 8-20]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.types import Output, Selection


@dataclass(frozen=True, slots=True)
class Status:
    """What the first line says. `cause`: why a command ended, where the exit code alone does not say it. `handle`: where the rest is."""

    cause: str = ""
    handle: str = ""
    note: str = ""


def render(selection: Selection, status: Status, *, brief: bool = False) -> str:
    """The text to show. Whole and successful outputs come without a status line, silence is called silence.

    `brief`: where a budget has no room for more, the outcome and the range of what is hidden on one line.
    """
    output, kept = selection.output, selection.kept
    if brief:
        return _brief(output, status)
    whole = len(kept) == len(output.rows)
    first = status_line(output, status, shown=None if whole else _shown_count(output, kept))
    if not output.raw:
        return first
    body = "\n".join(output.lines) if whole else _body(output, kept)
    return f"{first}\n{body}" if first else body


def _brief(output: Output, status: Status) -> str:
    outcome = [f"exit {output.exit_code}"] if output.exit_code is not None else []
    return f"[{' · '.join([*outcome, *filter(None, (status.cause, status.handle))])} … 1-{len(output.lines)}]"


def status_line(output: Output, status: Status, shown: int | None) -> str:
    """`shown`: how many lines are shown, None for all of them."""
    silent = not output.raw
    parts = []
    if output.exit_code is not None and (output.exit_code or shown is not None or silent):
        parts.append(f"exit {output.exit_code}")
    if status.cause:
        parts.append(status.cause)
    if silent:
        return f"[{', '.join([*parts, 'no output'])}]"
    if shown is not None:
        parts.append(f"{line_count(output)} lines, {shown} shown")
    if status.note:
        parts.append(status.note)
    if shown is not None and status.handle:
        parts.append(f"expand {status.handle} LINES")
    return f"[{' · '.join(parts)}]" if parts else ""


def line_count(output: Output) -> int:
    """Lines as people count them: a final newline begins no new one."""
    return len(output.lines) - (output.lines[-1] == "")


def _shown_count(output: Output, kept: Sequence[int]) -> int:
    lines = _lines_of(output, kept)
    return len(lines) - (bool(lines) and lines[-1] > line_count(output))


def spans(output: Output, kept: Sequence[int]) -> list[tuple[int, int]]:
    """The lines shown, whole or in part, as 1-based inclusive ranges."""
    ranges: list[tuple[int, int]] = []
    for line in _lines_of(output, kept):
        if ranges and line <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return ranges


def address(output: Output, first: int, last: int) -> str:
    """Rows `first` to `last` as `expand` takes them: line ranges, and `line:first-last` characters where only part of a line is meant."""
    if output.pieces is None:
        return _range(first + 1, last + 1)
    parts: list[str] = []
    row = first
    while row <= last:
        line = output.line_of(row)
        end = row
        while end < last and output.line_of(end + 1) == line:
            end += 1
        if _begins_line(output, row) and _ends_line(output, end):
            end = _last_whole_row(output, end, last)
            parts.append(_range(line + 1, output.line_of(end) + 1))
        else:
            begin = output.pieces[row][1]
            parts.append(f"{line + 1}:{begin + 1}-{output.pieces[end][1] + len(output.rows[end])}")
        row = end + 1
    return ", ".join(parts)


def _last_whole_row(output: Output, end: int, last: int) -> int:
    """The last row up to `last` that ends a line, from `end`, which does."""
    if _ends_line(output, last):
        return last
    line = output.line_of(last)
    while output.line_of(last) == line:
        last -= 1
    return max(last, end)


def _begins_line(output: Output, row: int) -> bool:
    return output.pieces is None or output.pieces[row][1] == 0


def _ends_line(output: Output, row: int) -> bool:
    return output.pieces is None or row + 1 == len(output.rows) or output.pieces[row + 1][1] == 0


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _lines_of(output: Output, kept: Sequence[int]) -> list[int]:
    """1-based lines that have a row among `kept`, each once."""
    if output.pieces is None:
        return [row + 1 for row in kept]
    return list(dict.fromkeys(output.line_of(row) + 1 for row in kept))


def _body(output: Output, kept: Sequence[int]) -> str:
    return "".join(_parts(output, kept)).removesuffix("\n")


def _parts(output: Output, kept: Sequence[int]) -> Iterator[str]:
    following = 0
    for row, next_kept in zip(kept, [*kept[1:], -1], strict=False):
        if row > following:
            yield _gap(output, following, row - 1)
        yield output.rows[row]
        following = row + 1
        if following != next_kept or _ends_line(output, row):
            yield "\n"
    if following < len(output.rows):
        yield _gap(output, following, len(output.rows) - 1)


def _gap(output: Output, first: int, last: int) -> str:
    return f"[… {address(output, first, last)}]\n"

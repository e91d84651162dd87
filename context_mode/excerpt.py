"""What `expand` shows of a stored output: ranges of it, or its lines that match a pattern. Nothing here is ranked or left out unsaid."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from compressors.types import Output
from context_mode.ranges import cut, line_numbers, parse_ranges

LIMIT = 40_000  # characters: clients cut what is much longer, and do not say what is missing


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`raw`: the exact bytes of the ranges. `text`: what to show of them; for a pattern its lines, each after its number."""

    handle: str
    text: str
    raw: bytes


def excerpt(handle: str, raw: bytes, lines: str = "", grep: str = "", limit: int | None = LIMIT) -> Excerpt:
    """`lines` as in `ranges.parse_ranges`; `grep` is a case-insensitive RE2 pattern, taken literally where it does not parse.

    `limit`: at most about so many characters of text; a last line says what is missing. None: no limit. Raises RangeError.
    """
    ranges = parse_ranges(lines)
    chosen = cut(raw, ranges)
    if grep:
        return Excerpt(handle, _matches(Output(raw), set(line_numbers(raw, ranges)), grep, limit), chosen)
    text = chosen.decode("utf-8", "replace")
    if limit is None or len(text) <= limit:
        return Excerpt(handle, text, chosen)
    if len(ranges) == 1 and ranges[0].line is None:
        return Excerpt(handle, _first_lines(handle, Output(raw), ranges[0].first, ranges[0].last, limit), chosen)
    return Excerpt(handle, f"{text[:limit]}\n[… {len(text) - limit:,} characters more: ask for fewer lines at once]", chosen)


def _first_lines(handle: str, output: Output, first: int, last: int | None, limit: int) -> str:
    """As many whole lines from `first` on as fit, or the first piece of a line that alone does not, and the range that is left."""
    lines = output.raw.decode("utf-8", "replace").split("\n")
    end = min(last or len(lines), len(lines))
    fitting = bisect_right(list(accumulate(len(line) + 1 for line in lines[first - 1 : end])), limit)
    if fitting:
        rest = f"{first + fitting}-{end}"
        return "\n".join([*lines[first - 1 : first - 1 + fitting], f"[… {rest}: expand {handle} {rest}]"])
    line = output.lines[first - 1]
    rest = f"{first}:{limit + 1}-{len(line)}" + (f",{first + 1}-{end}" if end > first else "")
    return f"{line[:limit]}\n[… {rest}: expand {handle} {rest}]"


def _matches(output: Output, lines: set[int], grep: str, limit: int | None) -> str:
    """Matching rows after their address, as `grep -n` shows them."""
    rows = [row for row in _matching_rows(output, grep) if output.line_of(row) in lines]
    if not rows:
        return f"[no line matches {grep}]"
    shown = [f"{_address(output, row)}:{output.rows[row]}" for row in rows]
    fitting = len(shown) if limit is None else max(1, bisect_right(list(accumulate(len(line) + 1 for line in shown)), limit))
    rest = [f"[… {len(rows) - fitting} more from line {output.line_of(rows[fitting]) + 1} on]"] if fitting < len(rows) else []
    return "\n".join([*shown[:fitting], *rest])


def _matching_rows(output: Output, grep: str) -> list[int]:
    """Each row that matches, once: a match reaches from where it begins to the end of its row."""
    text = output.text.encode()
    starts = list(accumulate((len(row.encode()) + 1 for row in output.rows), initial=0))
    rows = (bisect_right(starts, found.start()) - 1 for found in _compile(grep).finditer(text))
    return list(dict.fromkeys(rows))  # an empty line can match twice: where the line before ends, and where it begins


def _compile(pattern: str) -> Any:  # noqa: ANN401 - google-re2 ships no types
    import re2

    options = re2.Options()
    options.never_nl = True  # a row at a time
    options.log_errors = False
    try:
        re2.compile(pattern, options)  # by itself first: "a)(b" must not become valid by our group around it
        return re2.compile(f"(?im)(?:{pattern})[^\n]*".encode(), options)
    except re2.error:
        return re2.compile(f"(?i){re2.escape(pattern)}[^\n]*".encode(), options)


def _address(output: Output, row: int) -> str:
    line = output.line_of(row)
    if output.pieces is None or len(output.lines[line]) == len(output.rows[row]):
        return str(line + 1)
    first = output.pieces[row][1]
    return f"{line + 1}:{first + 1}-{first + len(output.rows[row])}"

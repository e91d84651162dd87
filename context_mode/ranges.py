"""Ranges of an output as `expand` takes them: `12-340`, `12-`, `7:2001-4000` (characters of a long line), or several, separated by commas.

Ranges give raw bytes. A line range takes its lines' newlines with it, so ranges that follow each other join to the output, byte for
byte. The characters of a piece are counted in the cleaned line, as the gap markers count them; its bytes are those that these
characters came from, and what cleaning took out goes with the character that follows it.
"""

from __future__ import annotations

import codecs
import re
from contextvars import ContextVar
from dataclasses import dataclass

from compressors.text import clean
from context_mode.errors import RangeError

_RANGE = re.compile(r"(?:([0-9]{1,12}):)?([0-9]{1,12})(-)?([0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Range:
    """Lines `first` to `last`, or, where `line` is given, its characters `first` to `last`; 1-based, inclusive. `last` None: to the end."""

    first: int
    last: int | None
    line: int | None = None


def parse_ranges(text: str) -> list[Range]:
    """An empty text is everything. Raises RangeError."""
    if not text.strip():
        return [Range(1, None)]
    return [_parse(part) for part in re.split(r"\s*,\s*|\s+", text.strip("[]… \t\n")) if part]


def cut(raw: bytes, ranges: list[Range]) -> bytes:
    """The bytes of `ranges`, one after the other. Raises RangeError for a range that begins after the end."""
    starts = _line_starts(raw)
    return b"".join(_bytes(raw, starts, range_) for range_ in ranges)


def line_numbers(raw: bytes, ranges: list[Range]) -> range | list[int]:
    """The 0-based lines that `ranges` touch."""
    count = raw.count(b"\n") + 1
    if ranges == [Range(1, None)]:
        return range(count)
    touched: set[int] = set()
    for range_ in ranges:
        touched.update([range_.line - 1] if range_.line else range(range_.first - 1, min(range_.last or count, count)))
    return sorted(n for n in touched if n < count)


def _parse(part: str) -> Range:
    found = _RANGE.fullmatch(part)
    if not found:
        raise RangeError(f"{part!r} is not a range: give lines such as 12-340, or characters of a long line such as 7:2001-4000")
    line, first, dash, last = found.groups()
    range_ = Range(int(first), int(last) if last else None if dash else int(first), int(line) if line else None)
    if range_.first < 1 or range_.line == 0 or (range_.last is not None and range_.last < range_.first):
        raise RangeError(f"{part!r} is not a range: counting begins at 1, and the second number is not below the first")
    return range_


def _line_starts(raw: bytes) -> list[int]:
    return [0, *(newline.end() for newline in re.finditer(rb"\n", raw))]


def _bytes(raw: bytes, starts: list[int], range_: Range) -> bytes:
    ends = [*starts[1:], len(raw)]
    first = range_.line or range_.first
    if first > len(starts):
        raise RangeError(f"line {first} is beyond the end: the output has {len(starts)} lines")
    if range_.line is None:
        return raw[starts[first - 1] : ends[min(range_.last or len(ends), len(ends)) - 1]]
    return _piece(raw[starts[first - 1] : ends[first - 1]], range_)


def _piece(line: bytes, range_: Range) -> bytes:
    """Characters of one line; its last piece takes the newline with it."""
    body = line.removesuffix(b"\n")
    text = clean(body)
    if range_.first > len(text):
        raise RangeError(f"character {range_.first} is beyond the end: line {range_.line} has {len(text)} characters")
    last = len(text) if range_.last is None else min(range_.last, len(text))
    start, end = (_offset(body, text, place) for place in (range_.first - 1, last))
    return line[start:] if last == len(text) else line[start:end]


def _offset(body: bytes, text: str, place: int) -> int:
    """The byte of `body` at which the characters of `text`, its cleaned form, before `place` end."""
    if text.isascii() and len(text) == len(body):
        return place
    if place == 0:
        return 0
    return _ends(body, text[:place])[-1]


def _ends(body: bytes, beginning: str) -> list[int]:
    """For each character of `beginning` where in `body` it ends. Cleaning only takes characters out, so they are found in order."""
    decoded, replaced = _decode(body)
    offset, ends = 0, list[int]()
    for character in decoded:
        offset += replaced.get(offset) or len(character.encode())
        if character == beginning[len(ends)]:
            ends.append(offset)
            if len(ends) == len(beginning):
                break
    return ends


def _decode(body: bytes) -> tuple[str, dict[int, int]]:
    """`body` as text, and where invalid bytes were replaced by one character: their first byte, and how many they are."""
    replaced: dict[int, int] = {}
    _replaced.set(replaced)
    return body.decode("utf-8", _MARK), replaced


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _replaced.get()[error.start] = error.end - error.start
    return "\ufffd", error.end


_MARK = "context_mode.mark"  # like "replace", but it takes notes
_replaced: ContextVar[dict[int, int]] = ContextVar("_replaced")
codecs.register_error(_MARK, _mark)

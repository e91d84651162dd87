"""Where a document's headings stand: Markdown, reStructuredText, HTML, manual pages, help texts, pages dumped as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from compressors import shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_HASHES: Final = re.compile(r"(#{1,6})\s+\S")
_TAG: Final = re.compile(r"\s*<(?:h([1-6])|(title)|(?:dt|section|caption))\b", re.IGNORECASE)
_UNDERLINE: Final = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_CAPITALS: Final = re.compile(r"(?:\d+[. ]+)?[A-Z][A-Z0-9 ,/&:()'_-]{2,70}$")
_LABELLED: Final = re.compile(r"\S.{0,70}:$")
_MAN_TITLE: Final = re.compile(r"\S+\([^)]*\)\s.*\S+\([^)]*\)\s*$")


class Heading(NamedTuple):
    start: int
    end: int  # the row after its last: an underline belongs to it
    level: int  # 1 is the highest


def find(rows: Sequence[str]) -> list[Heading]:
    """In the order they stand. Rows inside code fences are none. Where nothing marks any, short lines between blank rows are headings."""
    marked = list(_find(rows, _heading))
    return marked if len(marked) > 2 else list(_find(rows, _title))


def is_tag(row: str) -> bool:
    return "<h" in row.lower() and bool(_TAG.match(row))


def _find(rows: Sequence[str], heading: Callable[..., tuple[int, int]]) -> Iterator[Heading]:
    indented = _mostly_indented(rows)
    underlines: dict[str, int] = {}
    fenced = False
    row = 0
    while row < len(rows):
        text = rows[row]
        if FENCE.match(text):
            fenced = not fenced
        end, level = (0, 0) if fenced or not text else heading(rows, row, underlines, indented=indented)
        if level:
            yield Heading(row, end, level)
        row = max(end, row + 1)


def _mostly_indented(rows: Sequence[str]) -> bool:
    """Whether text stands indented below headings that do not: manual pages, help, dumps."""
    picked = shape.sample(rows)
    return shape.share(picked, lambda row: row[:2] in ("  ", "\t", " \t")) > 0.6


def _heading(rows: Sequence[str], row: int, underlines: dict[str, int], *, indented: bool) -> tuple[int, int]:
    """The end and the level of a heading that begins at `row`; (0, 0) where none does."""
    text = rows[row]
    if found := _HASHES.match(text):
        return row + 1, len(found[1])
    if "<" in text and (found := _TAG.match(text)):
        return row + 1, int(found[1] or (1 if found[2] else 4))
    below = rows[row + 1] if row + 1 < len(rows) else ""
    if below and not text[0].isspace() and (found := _UNDERLINE.match(below)) and _fits(text, below):
        return row + 2, underlines.setdefault(found[1], len(underlines) + 1)
    above_blank = row == 0 or not rows[row - 1].strip()
    if text[0].isspace():
        return (row + 1, 2) if indented and above_blank and _is_subsection(text, below) else (0, 0)
    if _CAPITALS.match(text) and above_blank:
        return row + 1, 1
    over = below[:1].isspace() or (above_blank and not below)
    if indented and over and len(text) < 80 and text[0] not in "-<" and not _MAN_TITLE.match(text):
        return row + 1, 1
    if _LABELLED.match(text) and below[:1] == " " and above_blank:
        return row + 1, 3
    return 0, 0


def _fits(title: str, underline: str) -> bool:
    return not _UNDERLINE.match(title) and len(title) < 120 and len(underline.rstrip()) >= 0.6 * len(title.rstrip())


def _title(rows: Sequence[str], row: int, _underlines: dict[str, int], *, indented: bool) -> tuple[int, int]:
    """A short line between blank rows, as pages dumped as text have them; the same margin as the text's makes it no less a title."""
    text = rows[row]
    alone = (row == 0 or not rows[row - 1].strip()) and row + 1 < len(rows) and not rows[row + 1].strip()
    short = 2 < len(text) < 60 and text[-1] not in ".,;:)" and (text[0].isalnum() or (indented and text.lstrip()[:1].isalnum()))
    return (row + 1, 2) if alone and short else (0, 0)


def _is_subsection(text: str, below: str) -> bool:
    """`   Options and Arguments` of a manual page: indented by three where its text is by seven."""
    return text[:3] == "   " and not text[3].isspace() and below[:7].isspace() and len(text) < 70

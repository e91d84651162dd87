"""Documents: headings as parents of their paragraphs and code blocks; XML and accessibility trees by their nesting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compressors import headings, outline, shape
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.types import Output

_SUFFIXES: Final = ("md", "markdown", "mdx", "rst", "html", "htm", "xhtml", "xml", "svg", "xsd", "adoc", "txt", "tex", "pod", *"12345678")
_PROGRAMS: Final = (
    "man",
    "info",
    "w3m",
    "lynx",
    "links",
    "pandoc",
    "pydoc",
    "pydoc3",
    "perldoc",
    "go doc",
    "help",
    "xmllint",
    "tldr",
    "whatis",
)
_HELP: Final = re.compile(r"\s--help\b|\bhelp \w|-m pydoc\b")
_TREE: Final = re.compile(r"\s*<[\w!?/]|\s*- [a-z]+ ?(?:\"|\[|:|$)|\s*- /\w+: |\s*- text: ")
_ACCESSIBLE: Final = re.compile(r"\s*- [a-z]+(?: \"[^\"]*\")?(?: \[[\w=]+\])*:?$|\s*- text: |\s*- /url: ")
_DOCUMENT: Final = re.compile(r"\s*<(?:\?xml|!DOCTYPE|html|svg|feed|rss|project)\b", re.IGNORECASE)
_USAGE: Final = re.compile(r"(?:usage:|USAGE:?$|NAME$|SYNOPSIS$)", re.IGNORECASE)
_ITEM: Final = re.compile(
    r"\s{0,12}(?:[-*+•] |\d+[.)] |-{1,2}[\w\[])|\s*<(?:p|li|tr|dt|dd|div|ul|ol|pre|table|section|/section)\b", re.IGNORECASE
)
_SIGN: Final = re.compile(r"#{2,4} \w|```|\.\. [\w-]+::|[^|]*\[[^\]]+\]\((?:https?:|#|\./)")
_NAMED: Final = re.compile(
    r"(?:^|_)(?:README|CHANGELOG|CHANGES|NEWS|HISTORY|CONTRIBUTING|COPYING|LICEN[CS]E|HOWTO|AUTHORS|TODO)", re.IGNORECASE
)
_LONGEST: Final = 9
_LONGEST_CODE: Final = 16


@dataclass(frozen=True)
class Markup:
    name: str = "markup"

    def detect(self, output: Output) -> bool:
        picked = shape.sample(output.rows)
        if not picked:
            return False
        if shape.extension(output) in _SUFFIXES or any(_NAMED.search(name) for name in shape.files(output)):
            return True
        if output.exit_code:  # a usage message that follows an error is no document
            return False
        if shape.ran(output, *_PROGRAMS) or _HELP.search(output.command):
            return True
        if _DOCUMENT.match(picked[0]) or shape.share(picked, _ACCESSIBLE.match) > 0.6 or any(_USAGE.match(row) for row in picked[:12]):
            return True
        return sum(1 for row in picked if _SIGN.match(row)) >= 3

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        picked = shape.sample(rows)
        if shape.share(picked, _TREE.match) > 0.5 and not any(map(headings.is_tag, picked)):
            return _tree(rows)
        return list(_sections(rows, headings.find(rows)))


def _tree(rows: Sequence[str]) -> list[Chunk]:
    return list(outline.cut(0, outline.indents(rows), lambda _first, _last: (Label.PARAGRAPH, 0.4)))


def _sections(rows: Sequence[str], found: Sequence[headings.Heading]) -> Iterator[Chunk]:
    """Each heading, and what stands below it in pieces."""
    above: list[tuple[int, int]] = []  # level and chunk of the headings that are open
    count = 0
    boundaries = [*(heading.start for heading in found), len(rows)]
    for first, last in _pieces(rows, 0, boundaries[0]):
        yield Chunk(first, last, 0.5, None, Label.PARAGRAPH)
        count += 1
    for heading, end in zip(found, boundaries[1:], strict=True):
        while above and above[-1][0] >= heading.level:
            above.pop()
        head = _with_blanks(rows, heading.end, end)
        yield Chunk(heading.start, head, 0.6 if heading.level == 1 else 0.5, above[-1][1] if above else None, Label.HEADING)
        above.append((heading.level, count))
        count += 1
        for first, last in _pieces(rows, head, end):
            yield Chunk(first, last, 0.4, above[-1][1], Label.PARAGRAPH)
            count += 1


def _with_blanks(rows: Sequence[str], row: int, end: int) -> int:
    while row < end and not rows[row].strip():
        row += 1
    return row


def _pieces(rows: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Paragraphs, list items together up to a few rows, code blocks whole where they are short."""
    first, fenced, blank = start, False, False
    for row in range(start, end):
        text = rows[row]
        if not text or not text.strip(" |\t"):  # pydoc draws a bar down the margin
            blank = not fenced
            continue
        fence = bool(headings.FENCE.match(text))
        size = row - first
        if size and (
            size >= (_LONGEST_CODE if fenced else _LONGEST) or (blank and not fenced) or (size > 3 and not fenced and _ITEM.match(text))
        ):
            yield first, row
            first = row
        blank = False
        fenced = fenced != fence
    if first < end:
        yield first, end


COMPRESSOR: Final = Markup()

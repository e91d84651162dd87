"""What grep, ripgrep and their like found: one chunk a match with its context, under its file where files are headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compressors import shape
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compressors.types import Output

_PROGRAMS: Final = ("grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "git grep", "ctags", "ugrep")
_LOCATED: Final = re.compile(r"(?:[A-Za-z]:)?(?=[^:]*[A-Za-z])[^\s:]+:\d+:")
_CONTEXT: Final = re.compile(r"(?=[^:]*[A-Za-z])[^\s:]+-\d+-|--$")
_NUMBERED: Final = re.compile(r"\d+[:-]|--$")
_FILE: Final = re.compile(r"[\w.@+-]*(?:/[\w.@+-]+|\.\w+)+$")
_ROW: Final = re.compile(
    r"(?P<match>(?:(?P<path>(?:[A-Za-z]:)?[^\s:][^:]{0,300}?):)?\d+:)"
    r"|(?P<context>(?:.{1,300}?-)?\d+-)"
    r"|(?P<gap>--$)"
    r"|(?P<heading>[\w./@+-][^:]*$)"
)
_TIME: Final = re.compile(r"\W?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:)")
_DEFINES: Final = re.compile(
    r"\s*(?:export |public |private |protected |static |async |pub |default |abstract |final )*"
    r"(?:def|class|func|fn|function|struct|interface|enum|type|trait|impl|module|#define|const|macro_rules!)\b"
)
_ASIDE: Final = re.compile(
    r"(?:^|/)(?:tests?|vendor|node_modules|dist|build|third_party|\.venv|site-packages|examples?|fixtures)/|\.min\.|_test\.|\.map$"
)
_AFTER_ONLY: Final = re.compile(r" (?:-\w*A ?\d|--after-context)")
_BEFORE_ONLY: Final = re.compile(r" (?:-\w*B ?\d|--before-context)")

_MANY: Final = 3000  # rows; above, the matches of a file stand in chunks of a dozen
_LONGEST: Final = 12


@dataclass(frozen=True)
class Search:
    name: str = "search"

    def detect(self, output: Output) -> bool:
        picked = shape.sample(output.rows)
        if not picked or shape.share(picked, _TIME.match) > 0.5:
            return False
        located = shape.share(picked, _LOCATED.match)
        if shape.ran_first(output, *_PROGRAMS):
            return True
        if shape.ran(output, *_PROGRAMS):
            return located >= 0.3
        with_context = located + shape.share(picked, _CONTEXT.match)
        return (
            located >= 0.7
            or (located > 0.1 and with_context > 0.8)
            or (shape.share(picked, _NUMBERED.match) > 0.6 and any(map(_FILE.match, picked)))
        )

    def cut(self, output: Output) -> list[Chunk]:
        return _Walk(output.rows, _share_before(output.command)).cut()


def _share_before(command: str) -> float:
    """Which part of the rows between two matches is the context of the second."""
    if _AFTER_ONLY.search(command):
        return 0.0
    return 1.0 if _BEFORE_ONLY.search(command) else 0.5


class _Walk:
    """One pass over the rows. A chunk is open from `first`; `matched` says that it holds a match already."""

    def __init__(self, rows: Sequence[str], before: float) -> None:
        self.rows = rows
        self.before = before
        self.most = _LONGEST if len(rows) > _MANY else 1  # matches a chunk
        self.chunks: list[Chunk] = []
        self.heading: int | None = None
        self.path = ""
        self.first = 0
        self.matches = 0
        self.last = 0  # the last row that matched
        self.weight = 0.0

    def cut(self) -> list[Chunk]:
        bare = True  # no row says where it is from: every row is a match
        for row, text in enumerate(self.rows):
            found = _ROW.match(text)
            kind = found.lastgroup if found else None
            if kind in ("match", "path") and found:
                bare = False
                self.match(row, found)
            elif kind == "gap":
                self.close(row + 1)
            elif kind == "heading" and self.heads(row):
                bare = False
                self.head(row)
            elif kind != "context" and text and bare:
                self.match(row, None)
        self.close(len(self.rows))
        return self.chunks

    def heads(self, row: int) -> bool:
        """Whether the row is a file's name above its matches."""
        following = self.rows[row + 1] if row + 1 < len(self.rows) else ""
        return following[:1].isdigit() and (row == 0 or not self.rows[row - 1])

    def head(self, row: int) -> None:
        self.close(row)
        self.chunks.append(Chunk(row, row + 1, 0.6, None, Label.FILE))
        self.heading = len(self.chunks) - 1
        self.path = self.rows[row]
        self.first = row + 1

    def match(self, row: int, found: re.Match[str] | None) -> None:
        path = (found["path"] if found else None) or (self.path if self.heading is not None else "")
        if self.matches >= self.most or (self.matches and path != self.path) or row - self.first >= 2 * _LONGEST:
            self.close(self.boundary(row, path))
        self.path = path
        self.matches += 1
        self.last = row
        self.weight = max(self.weight, self.worth(row, found.end("match") if found else 0))

    def boundary(self, row: int, path: str) -> int:
        """Where the context between two matches is parted."""
        if path != self.path and not self.before:
            return row
        return row - round(self.before * (row - self.last - 1))

    def worth(self, row: int, text: int) -> float:
        if _ASIDE.search(self.path):
            return 0.35
        return 0.65 if _DEFINES.match(self.rows[row], text) else 0.5

    def close(self, end: int) -> None:
        if end > self.first:
            self.chunks.append(Chunk(self.first, end, self.weight or 0.4, self.heading, Label.MATCH))
        self.first, self.matches, self.weight = end, 0, 0.0


COMPRESSOR: Final = Search()

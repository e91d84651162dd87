"""Listings: directories as parents of their entries, trees by depth, package lists under their columns; complaints on top."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compressors import blocks, outline, shape
from compressors.severity import ERROR, WARNING
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compressors.types import Output

_PROGRAMS: Final = (
    "ls",
    "ll",
    "dir",
    "find",
    "fd",
    "tree",
    "du",
    "stat",
    "dpkg",
    "dpkg-query",
    "md5sum",
    "sha256sum",
    "file",
    "rpm",
    "exa",
    "eza",
)
_SUBCOMMANDS: Final = (
    "pip list",
    "pip freeze",
    "npm ls",
    "npm list",
    "npm pack",
    "cargo tree",
    "git ls-files",
    "git ls-tree",
    "apt list",
    "brew list",
)
_ARCHIVES: Final = re.compile(r"\btar\s+(?:-?\w*t|--list)|\bunzip\s+-\w*[lvZ]|\bzipinfo\b|\bjar\s+-?tf|\bar\s+t\b")
_MODE: Final = re.compile(r"(?:\s*\d+\s+\d+\s+)?[bcdlps-][rwxsStT-]{9}[+@.]?\s")
_DRAWN: Final = re.compile(r"[│|` \u00a0]*(?:[├└]──|\|--|`--|[├└]─┬|\+-- )")
_DIRECTORY: Final = re.compile(r"(\S.*):$")
_PACKAGE: Final = re.compile(r"ii  \S|\S+==\d|\S+/\S+,now ")
_PATH: Final = re.compile(r"(?:[\d.,]+[KMGT]?\s+)?(?:\./|/|[\w.@+-]+/)[^\s:]*$")
_NAMES: Final = re.compile(r"(?:Package|Name|Desired|Archive| *Length|Mode)\b|\|{1,3}[ /]|\+\+\+-|[- ]{9,}$")
_TOTAL: Final = re.compile(r"total \S+$|\d+ director(?:y|ies),|\s*[\d.]+\S*\s+total$|[ -]*\d[\d ]* files?$")
_LONGEST: Final = 10


@dataclass(frozen=True)
class Listing:
    name: str = "listing"

    def detect(self, output: Output) -> bool:
        picked = shape.sample(output.rows)
        if not picked:
            return False
        if shape.ran_first(output, *_PROGRAMS, *_SUBCOMMANDS) or _ARCHIVES.search(output.command):
            return True
        seen = max(shape.share(picked, pattern.match) for pattern in (_MODE, _DRAWN, _PACKAGE, _PATH))
        return seen > (0.3 if shape.ran(output, *_PROGRAMS, *_SUBCOMMANDS) else 0.6)

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        severities = blocks.levels(output)
        if shape.share(shape.sample(rows), _DRAWN.match) > 0.3:
            return _tree(rows, severities)
        return _Walk(rows, severities).cut()


def _tree(rows: Sequence[str], severities: Sequence[int]) -> list[Chunk]:
    def worth(first: int, last: int) -> tuple[Label, float]:
        return blocks.severe(max(severities[first:last]), 0.4, Label.ENTRY)

    return list(outline.cut(0, outline.indents(rows, drawn=True), worth, whole=_LONGEST, opening=Label.FILE))


class _Walk:
    """One pass; `header` is the directory or the columns that the entries stand under, `group` what entries of one chunk have in common."""

    def __init__(self, rows: Sequence[str], severities: Sequence[int]) -> None:
        self.rows = rows
        self.severities = severities
        self.chunks: list[Chunk] = []
        self.header: int | None = None
        self.first = 0
        self.group: tuple[str, int] = ("", 0)

    def cut(self) -> list[Chunk]:
        row = 0
        while row < len(self.rows):
            if end := self.header_end(row):
                self.close(row)
                label = Label.COLUMNS if _NAMES.match(self.rows[row]) else Label.FILE
                self.chunks.append(Chunk(row, end, 0.8 if label is Label.COLUMNS else 0.6, None, label))
                self.header = len(self.chunks) - 1
                self.first = row = end
                continue
            group = self.group_of(row)
            if row > self.first and self.rows[row] and (group != self.group or row - self.first >= _LONGEST):
                self.close(row)
            if row == self.first or self.rows[row]:
                self.group = group
            row += 1
        self.close(len(self.rows))
        return self.chunks

    def header_end(self, row: int) -> int:
        """The row after a header that begins at `row`, 0 where none does: a directory's name and total, a table's columns."""
        text = self.rows[row]
        after_blank = row == 0 or not self.rows[row - 1]
        if after_blank and _DIRECTORY.match(text) and self.severities[row] < ERROR:
            return row + 2 if row + 1 < len(self.rows) and self.rows[row + 1].startswith("total ") else row + 1
        end = row
        while after_blank and end < len(self.rows) and end - row < 6 and _NAMES.match(self.rows[end]):
            end += 1
        return end if end > row else 0

    def group_of(self, row: int) -> tuple[str, int]:
        """The directory of a path that stands alone or last on the row, and how severe the row is; totals are by themselves."""
        text = self.rows[row]
        if _TOTAL.match(text):
            return "total", 0
        level = self.severities[row] if self.severities[row] >= WARNING and not _is_entry(text) else 0
        path = text.rsplit(None, 1)[-1] if text.strip() else ""
        return path.rstrip("/").rpartition("/")[0], level

    def close(self, end: int) -> None:
        if end <= self.first:
            return
        directory, level = self.group
        label, weight = blocks.severe(level, 0.6 if directory == "total" else 0.4, Label.SUMMARY if directory == "total" else Label.ENTRY)
        self.chunks.append(Chunk(self.first, end, weight, self.header, label))
        self.first = end


def _is_entry(row: str) -> bool:
    """A file may be called error.log, and a package libnotfound: no complaint."""
    return bool(_MODE.match(row) or _PATH.match(row) or _PACKAGE.match(row))


COMPRESSOR: Final = Listing()

"""Tables: what stands above the records, and the records; as psql, mysql, sqlite3, CSV files and columnar command lines write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compressors.odd import odd
from compressors.severity import ERROR
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE: Final = re.compile(r"[\s+|:=\-─━┌┬┐├┼┤└┴┘╭╮╰╯╞╪╡│┃|]+$")  # a line of dashes; blank rows are told apart first
ONE_RECORD: Final = re.compile(r"-\[ RECORD \d+ \]|\*{5,} \d+\. row \*{5,}")
COLUMNS: Final = re.compile(
    r"[A-Z%#][A-Za-z0-9_%#()/.-]*(?: [A-Za-z0-9_%#()/.-]+)*(?:(?:\s{2,}|\t)[A-Z%#][\w%#()/.-]*(?: [\w%#()/.-]+)*){2,}\s*$"
)
_DRAWN: Final = ("-+-", "─", "+--", "--  --", "-- --", "|--", "---|", "━")
_MANUAL: Final = re.compile(r"\(\d\w*\)\s*$")  # GIT-STASH(1)    Git Manual    GIT-STASH(1)
_HEADS: Final = frozenset(
    ("Filesystem", "USER", "PID", "UID", "NAME", "NAMESPACE", "CONTAINER", "REPOSITORY", "State", "Netid", "Proto", "COMMAND")
)
_FOOTER: Final = re.compile(r"\(\d+ rows?\)|\d+ rows? in set|Time: |Query OK|Empty set")
_SPACES: Final = re.compile(r"\s{2,}|\t")
_LONGEST: Final = 8  # like records in one chunk


def is_rule(row: str) -> bool:
    """Whether a row is drawn between a table's names and its records, or around it."""
    return bool(RULE.match(row)) and any(mark in row for mark in _DRAWN)


def is_columns(row: str) -> bool:
    """Whether a row names the columns below it."""
    if _MANUAL.search(row):
        return False
    return bool(COLUMNS.match(row)) or (row.partition(" ")[0] in _HEADS and len(row.split()) > 2)


def separator(rows: Sequence[str]) -> str:
    """What stands between the cells of most of these rows: a tab, a bar, a comma, a semicolon; "" for columns of spaces."""
    usable = [row for row in rows if row and not is_rule(row)]
    for mark in ("\t", "│", "|", ",", ";"):
        counts = [row.count(mark) for row in usable]
        if counts and min(sorted(counts)[len(counts) // 5 :]) > 0:
            return mark
    return ""


def cut(rows: Sequence[str], severities: Sequence[int], start: int, end: int, first_chunk: int) -> Iterator[Chunk]:
    """One table's rows, its columns' names first. `first_chunk` is how many chunks stand before."""
    body = _body(rows, start, end)
    parent = None
    if body > start:
        parent = first_chunk
        yield Chunk(start, body, 0.9, None, Label.COLUMNS)
    mark = separator(rows[body : min(body + 200, end)])
    different = odd(_cells(rows, body, end, mark))
    first = body
    for row in range(body, end + 1):
        alone = row < end and (row in different or severities[row] >= ERROR or row == body or bool(_FOOTER.match(rows[row])))
        if first < row and (alone or row == end or row - first >= _LONGEST):
            yield Chunk(first, row, 0.2, parent, Label.RECORD)
            first = row
        if alone:
            yield _special(rows, severities, row, first=row == body, parent=parent)
            first = row + 1


def _body(rows: Sequence[str], start: int, end: int) -> int:
    """The first row of records: below the rule under the names, or below the names."""
    if end - start < 2:
        return start
    for row in range(start, min(start + 4, end)):
        if row > start and is_rule(rows[row]) and not is_rule(rows[row - 1]):
            return row + 1
    return start + 1


def _special(rows: Sequence[str], severities: Sequence[int], row: int, *, first: bool, parent: int | None) -> Chunk:
    if _FOOTER.match(rows[row]):
        return Chunk(row, row + 1, 0.5, parent, Label.SUMMARY)
    if severities[row] >= ERROR:
        return Chunk(row, row + 1, 0.8, parent, Label.ERROR)
    return Chunk(row, row + 1, 0.7 if first else 0.6, parent, Label.RECORD)


def _cells(rows: Sequence[str], start: int, end: int, mark: str) -> Iterator[tuple[int, object, str]]:
    for row in range(start, end):
        text = rows[row]
        cells = text.split(mark) if mark else _SPACES.split(text)
        width = len(cells)  # rows of another width have other columns
        if width > 1:
            for column, cell in enumerate(cells):
                yield row, (width, column), cell.strip()

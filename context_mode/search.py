"""Search over everything stored: which outputs hold the words of a query, and their lines that do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compressors.text import LONG, clean
from context_mode.errors import UserError
from context_mode.words import match_expression, matching_lines, query_words

if TYPE_CHECKING:
    from sqlite3 import Connection

    from context_mode.store import Store

OUTPUTS, LINES = 8, 5  # shown of each


@dataclass(frozen=True, slots=True)
class Hit:
    """An output that holds the query's words. `lines`: (1-based line, its cleaned text, a piece of 2,000 characters where it is longer),
    the first `LINES` of `matches` equally good ones; none where only the command holds the words. `created`: of its latest use, in
    seconds since 1970.
    """

    handle: str
    command: str  # or the path that was read
    created: float
    exit_code: int | None
    lines_total: int
    matches: int
    lines: tuple[tuple[int, str], ...]


def search(store: Store, query: str, limit: int = OUTPUTS) -> list[Hit]:
    """The newest outputs that hold every word of `query`, whole or as the beginning of one; where there are none, those that hold the
    rarest of them. Raises UserError for a query without words, StoreError.
    """
    words = query_words(query)
    if not words:
        raise UserError(f"nothing to search for in {query!r}: give one or more words")
    store.index_rest()
    rows = store.database.read(lambda db: _found(db, words, limit))
    return [_hit(store, row, words) for row in rows]


def _found(db: Connection, words: list[str], limit: int) -> list[Any]:
    select = "SELECT handle, evicted FROM words JOIN outputs ON outputs.id = words.rowid WHERE words MATCH ? AND evicted IS NULL"
    every = db.execute(f"{select} ORDER BY used DESC LIMIT ?", (match_expression(words, "AND"), limit)).fetchall()
    return every or db.execute(f"{select} ORDER BY rank, used DESC LIMIT ?", (match_expression(words, "OR"), limit)).fetchall()


def _hit(store: Store, row: Any, words: list[str]) -> Hit:  # noqa: ANN401 - a row
    entry = store.get(row[0])
    lines = clean(entry.raw).split("\n")
    numbers, matches = matching_lines(lines, words, LINES)
    shown = tuple((n + 1, _piece(lines[n], words)) for n in numbers)
    use = entry.use
    total = len(lines) - (lines[-1] == "")
    return Hit(entry.handle, use.command or use.path, entry.created, use.exit_code, total, matches, shown)


def _piece(line: str, words: list[str]) -> str:
    """A long line's first piece that holds one of `words`."""
    if len(line) <= LONG:
        return line
    first = min((place for word in words if (place := line.lower().find(word)) >= 0), default=0)
    start = first // LONG * LONG
    return line[start : start + LONG]


def search_text(query: str, hits: list[Hit]) -> str:
    """The hits as an agent reads them: a line for each output, its matching lines below, after their numbers."""
    return "\n".join(line for hit in hits for line in _lines(hit)) or f"[nothing stored holds {query}]"


def _lines(hit: Hit) -> list[str]:
    exit_code = "" if hit.exit_code is None else f" · exit {hit.exit_code}"
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(hit.created))
    more = f" · {len(hit.lines)} of {hit.matches} matching lines" if hit.matches > len(hit.lines) else ""
    head = f"[{hit.handle} · {hit.command or 'filter'} · {when}{exit_code} · {hit.lines_total} lines{more}]"
    return [head, *(f"{number}:{line}" for number, line in hit.lines)]

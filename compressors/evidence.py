"""Where an output answers to a query: the rows that each word, name and pattern hits, and how much that says.

Everything is found over the whole text at once: `bytes.find` for words (over a copy with camelCase opened up), RE2 for patterns, then one
`searchsorted` from offsets to rows. A term's weight is its rarity in this output (BM25's idf): what hits everywhere says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.query import Query
    from compressors.types import Output

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

WIDTHS = (0, 1, 3, 8, 20, 60)  # rows on either side over which a hit still speaks
_MOST = 20_000  # hits of one term that are looked at; a term with more is too common to say anything
_MOST_PATTERN_BYTES = 120_000_000  # patterns x bytes: keeps hundreds of patterns over a huge output in time


@dataclass(frozen=True, slots=True)
class Term:
    """One word, name or pattern: the rows it hits, sorted, each once, and its idf."""

    source: str
    rows: Rows
    idf: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """`intent`: terms from the intent's words and names; `expect`: terms from the patterns. Only terms that hit anything."""

    size: int
    intent: tuple[Term, ...]
    expect: tuple[Term, ...]


def gather(query: Query, output: Output) -> Evidence:
    data = output.text.encode("utf-8", "replace")
    n = len(output.rows)
    words = tuple(_terms(_word_hits(query, data), n))
    patterns = tuple(_terms(_pattern_hits(query, data), n))
    return Evidence(n, words, patterns)


def spread(terms: Sequence[Term], n: int, width: int) -> Floats:
    """Per row the evidence of `terms` within `width` rows: the sum of idf x (1 + 0.3 ln(1 + hits)) over the terms that hit there."""
    score = np.zeros(n, np.float32)
    for term in terms:
        if width == 0:
            score[term.rows] += term.idf * 1.21
        else:
            hits = window_counts(term.rows, n, width)
            score += np.where(hits > 0, term.idf * (1 + 0.3 * np.log1p(hits)), 0).astype(np.float32)
    return score


def window_counts(rows: Rows, n: int, width: int) -> NDArray[np.int32]:
    """Per row how many of `rows` lie within `width` rows of it."""
    steps = np.zeros(n + 1, np.int32)
    np.add.at(steps, np.maximum(rows - width, 0), 1)
    np.add.at(steps, np.minimum(rows + width + 1, n), -1)
    counts: NDArray[np.int32] = np.cumsum(steps[:n], dtype=np.int32)
    return counts


def distinct(terms: Sequence[Term], n: int, width: int) -> Floats:
    """Per row how many different terms hit within `width` rows."""
    count = np.zeros(n, np.float32)
    for term in terms:
        count += window_counts(term.rows, n, width) > 0
    return count


def rarest(terms: Sequence[Term], n: int) -> Floats:
    """Per row the largest idf of a term that hits it."""
    best = np.zeros(n, np.float32)
    for term in terms:
        best[term.rows] = np.maximum(best[term.rows], term.idf)
    return best


def _terms(hits: Iterator[tuple[str, Rows]], n: int) -> Iterator[Term]:
    for source, rows in hits:
        df = len(rows)
        if 0 < df < n:
            yield Term(source, rows, float(np.log1p((n - df + 0.5) / (df + 0.5))))


def _word_hits(query: Query, data: bytes) -> Iterator[tuple[str, Rows]]:
    if not (query.words or query.literals):
        return
    opened = _open_humps(data)
    ends = _row_ends(opened)
    codes = np.frombuffer(opened, np.uint8)
    for word in query.words:
        yield word, _word_rows(word, opened, codes, ends)
    lower, plain_ends = data.lower(), _row_ends(data)
    for literal in query.literals:
        at = np.fromiter(islice(_find(literal.encode(), lower), _MOST), np.int64)
        yield literal, _once(np.searchsorted(plain_ends, at))


def _word_rows(word: str, opened: bytes, codes: NDArray[np.uint8], ends: Rows) -> Rows:
    """Rows where `word` begins a word. Short words and numbers must end there too: "id" is not "idle", 404 is not 4043."""
    needle = word.encode()
    at = np.fromiter(islice(_find(needle, opened), _MOST), np.int64)
    if not len(at):
        return at
    is_number = word.isdigit()
    before = codes[np.maximum(at - 1, 0)]
    begins = (at == 0) | ~(_digit(before) if is_number else _letter(before))
    after_at = np.minimum(at + len(needle), len(codes) - 1)
    after = codes[after_at]
    goes_on = (_digit(after) if is_number else _letter(after)) & (at + len(needle) < len(codes))
    good = begins & ~goes_on if is_number or len(needle) <= 3 else begins
    return _once(np.searchsorted(ends, at[good]))


def _pattern_hits(query: Query, data: bytes) -> Iterator[tuple[str, Rows]]:
    if not query.expect:
        return
    ends = _row_ends(data)
    affordable = max(4, _MOST_PATTERN_BYTES // max(1, len(data)))
    for source, pattern in list(zip(query.sources, query.expect, strict=True))[:affordable]:
        at = np.fromiter((match.start() for match in islice(pattern.finditer(data), _MOST)), np.int64)
        yield source, _once(np.searchsorted(ends, at)) if len(at) < _MOST else at[:0]


def _find(needle: bytes, data: bytes) -> Iterator[int]:
    at = data.find(needle)
    while at >= 0:
        yield at
        at = data.find(needle, at + 1)


def _once(rows: Rows) -> Rows:
    """Sorted `rows`, each once. As `np.unique`, which imports numpy.ma for it: 10 ms of a cold start."""
    return rows[np.append(True, rows[1:] != rows[:-1])] if len(rows) else rows


def _row_ends(data: bytes) -> Rows:
    """Offsets of the newlines: `searchsorted` of an offset in them is its row."""
    return np.flatnonzero(np.frombuffer(data, np.uint8) == 10)


def _open_humps(data: bytes) -> bytes:
    """Lower case, with `_` where camelCase joins two words. Rows stay what they are."""
    codes = np.frombuffer(data, np.uint8)
    if len(codes) < 2:
        return data.lower()
    upper = (codes >= 65) & (codes <= 90)
    lower = (codes >= 97) & (codes <= 122)
    joins = lower[:-1] & upper[1:]
    acronym = np.zeros_like(joins)
    acronym[:-1] = upper[:-2] & upper[1:-1] & lower[2:]  # HTTPServer: before the last capital
    return np.insert(codes, np.flatnonzero(joins | acronym) + 1, 95).tobytes().lower()


def _letter(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (codes >= 97) & (codes <= 122)


def _digit(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (codes >= 48) & (codes <= 57)


def best_share(values: Floats) -> Floats:
    """`values` as shares of their maximum; zeros where nothing is positive."""
    best: Any = values.max(initial=0.0)
    return values / best if best > 0 else np.zeros_like(values)

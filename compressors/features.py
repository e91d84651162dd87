"""What a scorer sees of each row: evidence of the query, structure, severity, and what the question asks for.

`features()` gives a matrix of float32, a row for each row asked about and a column for each name in `NAMES`, always in that order. All
columns are
computed over the whole text at once with numpy; no column knows a row number by itself, only its place as a share.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from compressors.bm25 import bm25
from compressors.evidence import WIDTHS, Evidence, Floats, Rows, Term, best_share, distinct, gather, rarest, spread
from compressors.severity import severity
from compressors.templates import templates
from compressors.types import Chunk, Cut, Label, Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from compressors.query import Query

KINDS = ("code", "test", "diagnostics", "trace", "search", "diff", "log", "records", "listing", "markup", "plain")

# What a question asks for. Each is a feature of the query, the same for every row: trees combine it with what a row looks like.
_ASKS = {
    "why": r"\bwhy\b|\bcause|\breason|\broot\b",
    "which": r"\bwhich\b|\bwhat (?:are|is) the names?\b|\bnames? of\b",
    "how_many": r"\bhow (?:many|much|often|long|big|large)\b|\bnumber of\b|\bcount\b|\btotal\b|\bsize\b|\bpercent",
    "where": r"\bwhere\b|\bwhich (?:file|line|place|function|module)|\blocat|\bpath\b",
    "when": r"\bwhen\b|\btime\b|\bdate\b|\bfirst\b|\blast\b|\bbefore\b|\bafter\b",
    "how": r"\bhow (?:does|do|is|are|to|can)\b|\bcomput|\bhandle|\bimplement",
    "value": r"\bwhat (?:value|is the value)\b|\bvalue\b|\bsetting|\bdefault|\bconfigur|\blimit|\boption|\bflag\b|\bparameter|\bargument",
    "version": r"\bversion|\brelease|\bupgrade|\bupdate",
    "fails":
    r"\bfail|\berror|\bbroke|\bcrash|\bwrong|\bexception|\bproblem|\bissue|\bwarning|\bunable\b|\bcan'?t\b|\bcannot\b|\brefus|\bdenied|\breject",
    "change": r"\bchang|\badd(?:ed|s)?\b|\bremov|\bdiff|\bcommit|\bmodif|\brename|\bdelete",
    "whether": r"^(?:is|are|does|do|did|was|were|has|have|can|should|will)\b|\bwhether\b|\bany\b",
    "calls": r"\bcall|\buse[sd]?\b|\bimport|\brefer|\bdepend|\binvok",
    "run": r"\brun\b|\bsuite\b|\btests?\b|\bbuild\b|\bcompile|\blint|\bcheck\b",
}
_ASK_PATTERNS = {name: re.compile(pattern) for name, pattern in _ASKS.items()}
_LABELS = tuple(Label)
_GROUPS = ("intent", "expect")


def features(query: Query, output: Output, cut: Cut, evidence: Evidence | None = None) -> NDArray[np.float32]:
    """One row for each row of `output`: float32 of shape (rows, len(NAMES))."""
    columns = [column for _, column in _columns(query, output, cut, evidence or gather(query, output))]
    return np.stack(columns, axis=1)


def _columns(query: Query, output: Output, cut: Cut, evidence: Evidence) -> Iterator[tuple[str, Floats]]:
    n = len(output.rows)
    chunk_of = chunk_index(cut.chunks, n)
    yield from _evidence_columns(evidence, cut.chunks, chunk_of)
    for group in _GROUPS:
        value = bm25(getattr(evidence, group), output)
        yield f"{group}_bm25", value
        yield f"{group}_bm25_share", best_share(value)
    yield from _structure_columns(output, cut.chunks, chunk_of)
    yield from _severity_columns(output)
    yield from _surface_columns(output)
    for name, fact in _query_facts(query, output, evidence, cut.kind):
        yield name, np.full(n, fact, np.float32)


def _evidence_columns(evidence: Evidence, chunks: Sequence[Chunk], chunk_of: Rows) -> Iterator[tuple[str, Floats]]:
    n = evidence.size
    both: dict[int, Floats] = {}
    for group in _GROUPS:
        terms: Sequence[Term] = getattr(evidence, group)
        mass = sum(term.idf for term in terms) or 1.0
        for width in WIDTHS:
            value = spread(terms, n, width)
            both[width] = both[width] + value if width in both else value
            yield f"{group}_{width}", value
            yield f"{group}_{width}_share", best_share(value)
            if width in (0, 3):
                yield f"{group}_{width}_mass", value / np.float32(mass)
        for width in (0, 3, 8):
            yield f"{group}_distinct_{width}", distinct(terms, n, width)
        peak = rarest(terms, n)
        yield f"{group}_rarest", peak
        yield f"{group}_rarest_3", _window_max(peak, 3)
        block = _by_chunk(spread(terms, n, 0), chunks)
        yield f"{group}_block", block[chunk_of]
        yield f"{group}_block_share", best_share(block)[chunk_of]
        yield from _ancestor_columns(group, terms, chunks, chunk_of)
        hits = np.flatnonzero(distinct(terms, n, 0))
        before, after = _distances(hits, n)
        yield f"{group}_since_hit", before
        yield f"{group}_until_hit", after
        yield f"{group}_ordinal", _ordinal(terms, n)
    for width, value in both.items():
        yield f"both_{width}_share", best_share(value)
    yield "both_rank_3", _rank_share(both[3])
    yield "both_rank_0", _rank_share(both[0])


def _ancestor_columns(group: str, terms: Sequence[Term], chunks: Sequence[Chunk], chunk_of: Rows) -> Iterator[tuple[str, Floats]]:
    """Evidence of what encloses a row: its chunk's parent and the parent of that."""
    own = _by_chunk(spread(terms, len(chunk_of), 0), chunks, best=True)
    parent = np.array([-1 if c.parent is None else c.parent for c in chunks], np.int64)
    grand = np.where(parent >= 0, parent[parent], -1)
    for name, index in (("parent", parent), ("grandparent", grand)):
        yield f"{group}_{name}", np.where(index >= 0, own[index], 0).astype(np.float32)[chunk_of]


def _structure_columns(output: Output, chunks: Sequence[Chunk], chunk_of: Rows) -> Iterator[tuple[str, Floats]]:
    n = len(output.rows)
    row = np.arange(n)
    starts = np.array([c.start for c in chunks], np.int64)
    ends = np.array([c.end for c in chunks], np.int64)
    weight = np.array([c.weight for c in chunks], np.float32)
    label = np.array([_LABELS.index(c.label) for c in chunks], np.int64)
    parent = np.array([-1 if c.parent is None else c.parent for c in chunks], np.int64)
    yield "weight", weight[chunk_of]
    yield "weight_share", best_share(weight)[chunk_of]
    yield "weight_rank", _rank_share(weight[chunk_of])
    yield "parent_weight", np.where(parent >= 0, weight[parent], -1).astype(np.float32)[chunk_of]
    parent_label = np.where(parent >= 0, label[parent], -1)
    for k, name in enumerate(_LABELS):
        yield f"is_{name}", (label == k).astype(np.float32)[chunk_of]
    for name in (Label.FAILURE, Label.ERROR, Label.SIGNATURE, Label.HUNK, Label.FILE, Label.HEADING, Label.COLUMNS):
        yield f"in_{name}", (parent_label == _LABELS.index(name)).astype(np.float32)[chunk_of]
    yield "label_count", np.bincount(label, minlength=len(_LABELS))[label].astype(np.float32)[chunk_of]
    yield "label_nth", _nth_of_its_label(label)[chunk_of]
    yield "chunk_rows", (ends - starts).astype(np.float32)[chunk_of]
    yield "from_chunk_start", (row - starts[chunk_of]).astype(np.float32)
    yield "to_chunk_end", (ends[chunk_of] - 1 - row).astype(np.float32)
    yield "place", (row / max(1, n - 1)).astype(np.float32)
    yield "from_start", np.log1p(row).astype(np.float32)
    yield "to_end", np.log1p(n - 1 - row).astype(np.float32)
    ids = templates(output.text)
    counts = np.bincount(ids)
    first = np.append(1, ids[1:] > np.maximum.accumulate(ids)[:-1]).astype(np.float32)  # ids count up as templates appear
    yield "template_count", np.log1p(counts[ids]).astype(np.float32)
    yield "template_first", first
    heads = _head_ids(output.rows)
    yield "head_count", np.log1p(np.bincount(heads)[heads]).astype(np.float32)


def _severity_columns(output: Output) -> Iterator[tuple[str, Floats]]:
    n = len(output.rows)
    lengths = np.fromiter(map(len, output.rows), np.int64, n)
    starts = np.concatenate(([0], np.cumsum(lengths[:-1] + 1))).astype(np.int64)
    level = severity(output.text, starts).astype(np.float32)
    yield "severity", level
    yield "severity_1", _window_max(level, 1)
    yield "severity_3", _window_max(level, 3)
    yield "severity_8", _window_max(level, 8)
    bad = np.flatnonzero(level >= 3)
    before, after = _distances(bad, n)
    yield "since_error", before
    yield "until_error", after
    yield "errors", np.full(n, np.log1p(len(bad)), np.float32)
    yield "error_nth", np.log1p(np.cumsum(level >= 3)).astype(np.float32)
    warnings = np.count_nonzero(level == 2)
    yield "warnings", np.full(n, np.log1p(warnings), np.float32)


def _surface_columns(output: Output) -> Iterator[tuple[str, Floats]]:
    """What a row looks like: its length, indentation and kinds of characters."""
    rows = output.rows
    n = len(rows)
    data = np.frombuffer((output.text + "\n").encode("utf-8", "replace"), np.uint8)
    ends = np.flatnonzero(data == 10)
    starts = np.concatenate(([0], ends[:-1] + 1))
    length = (ends - starts).astype(np.float32)
    yield "length", np.log1p(length)
    indent = np.fromiter((len(r) - len(r.lstrip(" \t")) for r in rows), np.float32, n)
    yield "indent", indent
    yield "indent_step", np.diff(indent, prepend=indent[:1])
    yield "indent_next", np.diff(indent, append=indent[-1:])
    yield "blank", (length == indent).astype(np.float32)
    width = np.maximum(length, 1)
    for name, mask in (
        ("digits", (data >= 48) & (data <= 57)),
        ("capitals", (data >= 65) & (data <= 90)),
        ("letters", ((data | 32) >= 97) & ((data | 32) <= 122)),
    ):
        yield name, (np.add.reduceat(mask, starts, dtype=np.int32) / width).astype(np.float32)
    for name, code in (("colons", 58), ("equals", 61), ("slashes", 47), ("quotes", 34), ("parens", 40), ("dots", 46)):
        yield name, np.minimum(np.add.reduceat(data == code, starts, dtype=np.int32), 9).astype(np.float32)
    first = data[np.minimum(starts + indent.astype(np.int64), ends)]
    for name, characters in (("starts_marker", b">E!*+-#"), ("starts_bracket", b"[{(<}])")):
        yield name, np.isin(first, np.frombuffer(characters, np.uint8)).astype(np.float32)
    last = data[np.maximum(ends - 1, 0)]
    yield "opens", np.isin(last, np.frombuffer(b":{([,", np.uint8)).astype(np.float32)


def _query_facts(query: Query, output: Output, evidence: Evidence, kind: str) -> Iterator[tuple[str, float]]:
    intent = query.intent.lower()
    for name, pattern in _ASK_PATTERNS.items():
        yield f"asks_{name}", float(bool(pattern.search(intent)))
    for name in KINDS:
        yield f"kind_{name}", float(kind == name)
    yield "failed", float(bool(output.exit_code))
    yield "rows", float(np.log1p(len(output.rows)))
    yield "intent_words", float(len(query.words))
    yield "intent_terms", float(len(evidence.intent))
    yield "expect_given", float(len(query.expect))
    yield "expect_terms", float(len(evidence.expect))
    yield "expect_best", max((t.idf for t in evidence.expect), default=0.0)
    yield "intent_best", max((t.idf for t in evidence.intent), default=0.0)


def chunk_index(chunks: Sequence[Chunk], n: int) -> Rows:
    """Per row the index of its chunk."""
    sizes = np.fromiter((c.end - c.start for c in chunks), np.int64, len(chunks))
    index: Rows = np.repeat(np.arange(len(chunks)), sizes)
    assert len(index) == n, "chunks partition the rows"  # noqa: S101 - a compressor that breaks this must not pass unseen
    return index


def _by_chunk(values: Floats, chunks: Sequence[Chunk], *, best: bool = False) -> Floats:
    starts = np.fromiter((c.start for c in chunks), np.int64, len(chunks))
    combined: Floats = (np.maximum if best else np.add).reduceat(values, starts).astype(np.float32)
    return combined


def _window_max(values: Floats, width: int) -> Floats:
    padded = np.pad(values, width, constant_values=0)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1).max(axis=1), np.float32)


def _distances(hits: Rows, n: int) -> tuple[Floats, Floats]:
    """Per row ln(1 + rows) since the last hit at or before it, and until the next; a far constant where there is none."""
    row = np.arange(n)
    far = 2.0 * n + 1000
    if not len(hits):
        none = np.full(n, np.log1p(far), np.float32)
        return none, none
    at = np.searchsorted(hits, row, side="right")
    before = np.where(at > 0, row - hits[np.maximum(at - 1, 0)], far)
    following = np.searchsorted(hits, row, side="left")
    after = np.where(following < len(hits), hits[np.minimum(following, len(hits) - 1)] - row, far)
    return np.log1p(before).astype(np.float32), np.log1p(after).astype(np.float32)


def _ordinal(terms: Sequence[Term], n: int) -> Floats:
    """Per row the smallest ordinal among its terms' hits: 1 for the first row that a term hits, 0 where none does; as ln(1 + ordinal)."""
    least = np.full(n, np.inf, np.float32)
    for term in terms:
        least[term.rows] = np.minimum(least[term.rows], np.arange(1, len(term.rows) + 1, dtype=np.float32))
    return np.where(np.isfinite(least), np.log1p(least), 0).astype(np.float32)


def _nth_of_its_label(label: Rows) -> Floats:
    nth = np.zeros(len(label), np.float32)
    for value in range(len(_LABELS)):
        where = np.flatnonzero(label == value)
        nth[where] = np.log1p(np.arange(len(where)))
    return nth


def _rank_share(values: Floats) -> Floats:
    """Per row the share of rows that score higher: 0 for the best."""
    ordered = np.sort(values)
    higher = len(values) - np.searchsorted(ordered, values, side="right")
    return (higher / max(1, len(values))).astype(np.float32)


def _head_ids(rows: Sequence[str]) -> NDArray[np.int32]:
    """One id a row: equal for rows that begin with the same two words."""
    seen: dict[str, int] = {}
    return np.fromiter((seen.setdefault(" ".join(r[:120].split(None, 2)[:2]), len(seen)) for r in rows), np.int32, len(rows))


def _names() -> tuple[str, ...]:
    from compressors.query import Query

    sample = Output(b"")
    return tuple(name for name, _ in _columns(Query(), sample, Cut("plain", [Chunk(0, 1)]), Evidence(1, (), ())))


NAMES: tuple[str, ...] = _names()

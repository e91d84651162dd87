"""BM25 over windows of rows, through `rank-bm25`. Documents hold only the query's own words, with the lengths of the real windows:
scores are those of the full documents, at the price of the hits alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from compressors.evidence import Floats, Term
    from compressors.types import Output

WINDOW = 8  # rows, a new window every half
_WORD_BYTES = 5.0  # an average word with its separator: lengths only matter as a ratio to their mean


def bm25(terms: Sequence[Term], output: Output) -> Floats:
    """Per row the best BM25 score of a window that holds it."""
    n = len(output.rows)
    if not terms:
        return np.zeros(n, np.float32)
    from rank_bm25 import BM25Okapi

    half = WINDOW // 2
    blocks = -(-n // half)
    documents: list[list[str]] = [[] for _ in range(blocks)]
    for term in terms:
        for block in (term.rows // half).tolist():
            documents[block].append(term.source)
            if block:
                documents[block - 1].append(term.source)
    model = BM25Okapi(documents)
    model.doc_len = _lengths(output, half)
    model.avgdl = float(model.doc_len.mean()) or 1.0
    scores = np.asarray(model.get_scores([term.source for term in terms]), np.float32)
    best = np.maximum(scores, np.concatenate((scores[:1], scores[:-1])))
    return np.repeat(best, half)[:n]


def _lengths(output: Output, half: int) -> NDArray[np.float64]:
    """Words of each window, from its characters."""
    per_row = np.fromiter(map(len, output.rows), np.float64, len(output.rows)) / _WORD_BYTES
    per_block = np.add.reduceat(per_row, np.arange(0, len(per_row), half))
    lengths: NDArray[np.float64] = per_block + np.append(per_block[1:], 0.0)
    return lengths

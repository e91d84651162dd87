"""How much each row matters. `lexical` needs no model: evidence of the query, weighed by what the row is; it also stands in for a missing
model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compressors.bm25 import bm25
from compressors.evidence import Evidence, Floats, gather, spread
from compressors.features import chunk_index
from compressors.query import Query
from compressors.severity import row_starts, severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compressors.types import Cut, Output, Scorer

# Weights of the lexical score, chosen on the training outputs by must at 800 tokens.
_EXPECT = {0: 1.0, 3: 1.0, 8: 0.5}
_INTENT = {0: 0.5, 3: 1.0}
_BM25 = 0.5
_STRUCTURE = 6.0
_SEVERITY = 0.2
_LEAST = 0.5  # of the best lexical score: below it a view without a budget stops


@dataclass(frozen=True, slots=True)
class Ranking:
    """`scores`: one a row. `least`: below it a view without a budget stops. `first`: rows that are shown before any other. `abstained`: the
    output does not seem to hold what was asked for, and the scores are those of an outline.
    """

    scores: Floats
    least: float
    first: Sequence[int] = ()
    abstained: bool = False


def rank(query: Query, output: Output, cut: Cut, scorer: Scorer | None = None) -> Ranking:
    """Scores by `scorer`, else by the shipped model, else by words and structure alone."""
    if scorer is not None:
        scores = scorer(query, output, cut)
        return Ranking(scores, float(scores.max()) * _LEAST)
    from compressors import relevance

    model = relevance.scorer()
    if model is None:
        return rank(query, output, cut, lexical)
    evidence = gather(query, output)
    scores = model.score(query, output, cut, evidence)
    if model.finds_nothing(query, evidence, scores):
        scores = model.score(Query(), output, cut, Evidence(evidence.size, (), ()))
        return Ranking(scores, float(scores.max()) - model.drop, abstained=True)
    return Ranking(scores, float(scores.max()) - model.drop)


def lexical(query: Query, output: Output, cut: Cut) -> Floats:
    """One score a row from words, patterns, structure and severity. Evidence counts for more where the structure says that a row
    matters.
    """
    weight = np.array([chunk.weight for chunk in cut.chunks], np.float32)[chunk_index(cut.chunks, len(output.rows))]
    level = severity(output.text, row_starts(output.rows)).astype(np.float32)
    scores: Floats = matched(gather(query, output), output) * (1 + weight) + _STRUCTURE * weight + _SEVERITY * level
    return scores


def matched(evidence: Evidence, output: Output) -> Floats:
    """Evidence of the query alone: rows near rare words and patterns score high, rows far from any score zero."""
    n = evidence.size
    score = np.zeros(n, np.float32)
    for terms, weights in ((evidence.expect, _EXPECT), (evidence.intent, _INTENT)):
        for width, weight in weights.items():
            score += weight * spread(terms, n, width)
    return score + _BM25 * (bm25(evidence.intent, output) + bm25(evidence.expect, output))

"""How much each row matters. `lexical` needs no model: evidence of the query, weighed by what the row is; it also stands in for a missing model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compressors.bm25 import bm25
from compressors.evidence import Evidence, Floats, gather, spread
from compressors.features import chunk_index
from compressors.query import Query
from compressors.severity import row_starts, severity
from compressors.types import Cut, Output, Scorer

# Weights of the lexical score, chosen on the training outputs by must at 800 tokens.
_EXPECT = {0: 1.0, 3: 1.0}
_INTENT = {0: 0.5, 3: 1.0}
_BM25 = 0.5
_STRUCTURE = 2.0
_SEVERITY = 0.5
_LEAST = 0.5  # of the best score: below it a view without a budget stops


@dataclass(frozen=True, slots=True)
class Ranking:
    """`scores`: one a row. `least`: below it a view without a budget stops. `first`: rows that are shown before any other. `abstained`: the
    output does not seem to hold what was asked for."""

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
    scores = model(query, output, cut)
    return Ranking(scores, -4.0)


def lexical(query: Query, output: Output, cut: Cut) -> Floats:
    """One score a row from words, patterns, structure and severity."""
    evidence = gather(query, output)
    return matched(evidence, output) + prior(output, cut)


def matched(evidence: Evidence, output: Output) -> Floats:
    """Evidence of the query alone: rows near rare words and patterns score high, rows far from any score zero."""
    n = evidence.size
    score = np.zeros(n, np.float32)
    for terms, weights in ((evidence.expect, _EXPECT), (evidence.intent, _INTENT)):
        for width, weight in weights.items():
            score += weight * spread(terms, n, width)
    return score + _BM25 * bm25(evidence.intent, output)


def prior(output: Output, cut: Cut) -> Floats:
    """What matters when nobody said what to look for: the compressor's weights, and bad news."""
    weight = np.array([chunk.weight for chunk in cut.chunks], np.float32)[chunk_index(cut.chunks, len(output.rows))]
    level = severity(output.text, row_starts(output.rows)).astype(np.float32)
    return _STRUCTURE * weight + _SEVERITY * level

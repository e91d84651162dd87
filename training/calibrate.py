"""What the ranker's scores mean, found on questions that it did not learn from: where a view without a budget stops, and when the answer
is absent.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compressors.answerable import facts
from compressors.budget import fit
from compressors.evidence import gather
from compressors.query import make_query
from context_mode.pipeline import DEFAULT_BUDGET
from training.data import FOLDS
from training.ranker import Sample, train

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

FALSE_ALARMS = 0.03  # share of answerable questions that may be called unanswerable
WANTED_MUST = 0.94  # of views without a budget
DROPS = np.arange(2.0, 8.1, 0.25)
STATUS = 28  # tokens of a status line


@dataclass(frozen=True, slots=True)
class Scored:
    sample: Sample
    scores: NDArray[np.float32]


def out_of_fold(samples: Sequence[Sample], rounds: int, threads: int = 2) -> list[Scored]:
    """Each sample scored by trees that saw no output of its project."""
    return [scored for fold in range(FOLDS) for scored in _scored(samples, fold, rounds, threads)]


def _scored(samples: Sequence[Sample], fold: int, rounds: int, threads: int) -> Iterator[Scored]:
    held_out = [sample for sample in samples if sample.labelled.fold == fold]
    if not held_out:
        return
    booster = train([sample for sample in samples if sample.labelled.fold != fold], rounds, num_threads=threads)
    for sample in held_out:
        yield Scored(sample, np.asarray(booster.predict(sample.matrix, raw_score=True), np.float32))


def must_at(scored: Sequence[Scored], budget: int, drop: float = np.inf) -> float:
    """Share of the answerable questions whose every decisive string is among the rows chosen."""
    hits = [_is_shown(one, budget, drop) for one in scored if one.sample.question.gold]
    return float(np.mean(hits)) if hits else float("nan")


def _is_shown(one: Scored, budget: int, drop: float) -> bool:
    output = one.sample.output
    kept = fit(output, one.scores, budget - STATUS, least=float(one.scores.max()) - drop)
    text = "\n".join(output.rows[row] for row in kept)
    return all(must in text for must in one.sample.question.must)


def find_drop(scored: Sequence[Scored]) -> float:
    """The smallest drop below the best score at which views without a budget still show enough."""
    asked = [one for one in scored if one.sample.mode == "both"]
    at = bisect_left(DROPS, WANTED_MUST, key=lambda drop: must_at(asked, DEFAULT_BUDGET, drop))  # a larger drop never shows less
    return float(DROPS[min(at, len(DROPS) - 1)])


def absence_weights(scored: Sequence[Scored]) -> list[float]:
    """Weights for `answerable.is_absent`: a logistic regression, its constant set for the wanted share of false alarms."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    asked = [one for one in scored if one.sample.mode == "both"]
    absent = np.array([not one.sample.question.gold for one in asked])
    matrix = np.array([_facts(one) for one in asked])
    if absent.all() or not absent.any():
        return [0.0] * matrix.shape[1] + [-1.0]
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(class_weight="balanced").fit(scaler.transform(matrix), absent)
    weights = model.coef_[0] / scaler.scale_
    threshold = np.quantile(matrix[~absent] @ weights, 1 - FALSE_ALARMS)
    return [*map(float, weights), -float(threshold)]


def _facts(one: Scored) -> NDArray[np.float64]:
    query = make_query(one.sample.question.intent, one.sample.question.expect)
    return facts(query, gather(query, one.sample.output), one.scores)

"""Trains the ranker: gradient-boosted trees that say of each row how likely it belongs to the answer.

Each question is learnt from twice, with its patterns and without them, so that one model serves both; questions on failed commands also
with
nothing at all, all those of one output together weighing little more than one.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

import compressors
from compressors.features import NAMES, features
from compressors.query import make_query
from compressors.types import Cut, Output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import lightgbm
    from numpy.typing import NDArray

    from training.data import Labelled, Question

ROUNDS = 250
SEED = 1
PARAMETERS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.08,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "num_threads": 2,
    "seed": SEED,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
POSITIVE_WEIGHT = 8.0  # of all of an answer's lines together, as a multiple of one other line's, times the root of their number
MOST_OTHERS = 800  # rows of one sample that are no gold; a longer output is sampled, so that it does not outvote the short ones
FAILING = frozenset({"test", "build", "lint", "trace", "package"})  # families whose failed commands are also learnt from with nothing asked


@dataclass(frozen=True, slots=True)
class Sample:
    """One question asked in one mode ("both", "intent" or "none"), with a row of features for each row of the output."""

    labelled: Labelled
    question: Question
    mode: str
    cut: Cut
    matrix: NDArray[np.float32]

    @property
    def output(self) -> Output:
        return as_output(self.labelled)


def as_output(labelled: Labelled) -> Output:
    return Output(labelled.output.encode(), labelled.command, labelled.path, labelled.exit_code)


def samples(data: Sequence[Labelled], processes: int = 2) -> list[Sample]:
    with ProcessPoolExecutor(processes) as pool:
        return [sample for found in pool.map(_samples, data, chunksize=8) for sample in found]


def _samples(labelled: Labelled) -> list[Sample]:
    output = as_output(labelled)
    cut = compressors.cut(output, compressors.classify(output))
    return [
        Sample(labelled, question, mode, cut, features(make_query(intent, expect), output, cut))
        for question in labelled.questions
        for mode, intent, expect in _modes(labelled, question)
    ]


def _modes(labelled: Labelled, question: Question) -> Iterator[tuple[str, str, Sequence[str]]]:
    if question.expect:
        yield "both", question.intent, question.expect
    yield "intent", question.intent, ()
    if labelled.exit_code and question.gold and (labelled.family in FAILING or question.overlap == "generic"):
        yield "none", "", ()


def train(data: Sequence[Sample], rounds: int = ROUNDS, **parameters: Any) -> lightgbm.Booster:  # noqa: ANN401 - LightGBM's own parameters
    import lightgbm

    chance = np.random.default_rng(SEED)
    unasked = Counter(sample.labelled.id for sample in data if sample.mode == "none")
    parts = [_examples(sample, unasked[sample.labelled.id], chance) for sample in data]
    matrix, labels, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    dataset = lightgbm.Dataset(matrix, labels, weight=weights, feature_name=list(NAMES))
    return lightgbm.train(PARAMETERS | parameters, dataset, rounds)


def _examples(
    sample: Sample, unasked: int, chance: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Features, labels (1 for gold) and weights (0 for alternates, which are neither right nor wrong) of the rows to learn from."""
    n = len(sample.matrix)
    labels, weights = np.zeros(n, np.float32), np.ones(n, np.float32)
    gold = sorted(row for row in sample.question.gold if row < n)
    labels[gold] = 1
    weights[sorted(row for row in sample.question.alternates if row < n)] = 0
    if gold:
        weights[gold] = POSITIVE_WEIGHT / np.sqrt(len(gold))
    rows = np.arange(n)
    if n > MOST_OTHERS:
        others = np.flatnonzero(labels == 0)
        picked = chance.choice(others, min(MOST_OTHERS, len(others)), replace=False)
        weights[picked] *= min(2.0, (len(others) / MOST_OTHERS) ** 0.5)
        rows = np.sort(np.concatenate([gold, picked]).astype(np.int64))
    if sample.mode == "none":
        weights /= unasked**0.5
    return sample.matrix[rows], labels[rows], weights[rows]


def to_onnx(booster: lightgbm.Booster) -> bytes:
    """The trees as one ONNX graph: "features" float32 (rows, columns) in, log-odds float32 (rows, 1) out."""
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    raw = _as_regression(booster)
    model = convert_lightgbm(raw, initial_types=[("features", FloatTensorType([None, len(NAMES)]))], target_opset=15)
    assert len(model.graph.output) == 1
    return bytes(model.SerializeToString())


def _as_regression(booster: lightgbm.Booster) -> lightgbm.Booster:
    """The same trees without the sigmoid: their sum is the log-odds."""
    import lightgbm

    text = (
        booster.model_to_string()
        .replace("objective=binary sigmoid:1", "objective=regression")
        .replace("[objective: binary]", "[objective: regression]")
    )
    return lightgbm.Booster(model_str=text)


def with_patterns(data: Iterable[Labelled], patterns: dict[tuple[str, str], Sequence[str]]) -> list[Labelled]:
    """`data` with the `expect` patterns that `patterns` has by output and intent put in place of what is there."""
    return [
        replace(one, questions=tuple(replace(q, expect=tuple(patterns.get((one.id, q.intent), q.expect))) for q in one.questions))
        for one in data
    ]

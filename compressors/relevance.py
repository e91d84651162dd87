"""The relevance model as a scorer: gradient-boosted trees over `features.py`, run by ONNX Runtime on the CPU.

Nothing here is imported until an output needs ranking. The weights are checked against the SHA-256 in `model/manifest.json`, which also
says which
features they were trained on; where a file is missing or damaged, `scorer()` is None, `status()` says why, and ranking falls back to
`rank.lexical`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from compressors.answerable import is_absent
from compressors.features import NAMES, features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from compressors.evidence import Evidence, Floats
    from compressors.query import Query
    from compressors.types import Cut, Output

MODEL = Path(__file__).parent / "model"
BLOCK = 20_000  # rows scored at a time: bounds the memory

_log = logging.getLogger(__name__)


class ModelError(RuntimeError):
    """The model's files are missing, damaged or of another version: reinstall the package."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Scores are log-odds that a row belongs to the answer. `drop`: how far below the best score a view without a budget still goes.
    `absent`: weights of `answerable.is_absent`. Both come from calibration on questions that the trees did not learn from.
    """

    session: Any
    drop: float
    absent: list[float]

    def __call__(self, query: Query, output: Output, cut: Cut) -> Floats:
        return self.score(query, output, cut)

    def score(self, query: Query, output: Output, cut: Cut, evidence: Evidence | None = None) -> Floats:
        return self.score_matrix(features(query, output, cut, evidence))

    def score_matrix(self, matrix: NDArray[np.float32]) -> Floats:
        """One score for each row of features, in the order of `features.NAMES`."""
        blocks = [self._run(matrix[at : at + BLOCK]) for at in range(0, len(matrix), BLOCK)]
        return np.concatenate(blocks)

    def finds_nothing(self, query: Query, evidence: Evidence, scores: Floats) -> bool:
        return is_absent(query, evidence, scores, self.absent)

    def _run(self, block: NDArray[np.float32]) -> Floats:
        return np.asarray(self.session.run(None, {"features": block})[0], np.float32).reshape(-1)


def scorer(folder: Path = MODEL) -> Relevance | None:
    """The model, loaded once; None where its files do not allow it, which is logged once."""
    return _load_or_explain(folder)[0]


def status(folder: Path = MODEL) -> str:
    """Why the model is not in use and what to do; empty where it is in use."""
    return _load_or_explain(folder)[1]


@lru_cache(maxsize=4)
def _load_or_explain(folder: Path) -> tuple[Relevance | None, str]:
    try:
        return _load(folder), ""
    except ModelError as error:
        _log.warning("relevance model not in use, ranking by words alone: %s", error)
        return None, str(error)


def _load(folder: Path) -> Relevance:
    manifest = _manifest(folder)
    if tuple(manifest["features"]) != NAMES:
        raise ModelError("the model was trained on other features than this version computes: reinstall context-mode")
    weights = _checked(folder / "ranker.onnx", manifest["sha256"]["ranker.onnx"])
    return Relevance(_session(weights), manifest["drop"], manifest["absent"])


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / 'manifest.json'} cannot be read ({error}): reinstall context-mode") from error
    return manifest


def _checked(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error}): reinstall context-mode") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"{path} is damaged (its SHA-256 is not the one in the manifest): reinstall context-mode")
    return data


def _session(weights: bytes) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = _threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a busy neighbour makes spinning ten times slower
    return ort.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _threads() -> int:
    given = os.environ.get("CONTEXT_MODE_THREADS", "")
    return int(given) if given.isdigit() and int(given) > 0 else min(2, os.cpu_count() or 1)

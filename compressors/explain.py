"""Why a row is shown or not: what of the query hits it, what it is, and how much each kind of evidence moves its score.

Influence is measured, not guessed: the features of one kind are set to their medians over the output, the model is asked again, and the
difference in log-odds is what that kind of evidence is worth for the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compressors import relevance
from compressors.evidence import Term, gather
from compressors.features import NAMES, chunk_index, features
from compressors.rank import rank

if TYPE_CHECKING:
    from compressors.evidence import Floats
    from compressors.query import Query
    from compressors.types import Cut, Output

# Which features speak of what, by how their names begin; the first that fits.
GROUPS = {
    "the patterns": ("expect_",),
    "the intent's words": ("intent_",),
    "words and patterns together": ("both_",),
    "failure words": ("severity", "since_error", "until_error", "error", "warnings"),
    "structure": ("weight", "parent_weight", "is_", "in_", "label_", "chunk_rows", "from_chunk", "to_chunk", "template", "head_count"),
    "its place": ("place", "from_start", "to_end"),
}
NEAR = 3  # rows on either side whose hits count as the row's own


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row. `rank` counts from 1; `hits` and `near`: sources of terms with their idf, rarest first; `influence`: log-odds by kind of
    evidence, strongest first, empty where no model is in use.
    """

    row: int
    text: str
    score: float
    rank: int
    rows: int
    label: str
    weight: float
    inside: str
    hits: tuple[tuple[str, float], ...]
    near: tuple[tuple[str, float], ...]
    influence: tuple[tuple[str, float], ...]


def explain(query: Query, output: Output, cut: Cut, rows: list[int]) -> list[Explanation]:
    """An explanation for each of `rows`, 0-based."""
    evidence = gather(query, output)
    scores = rank(query, output, cut).scores
    order = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
    influence = _influence(query, output, cut, rows)
    chunk_of = chunk_index(cut.chunks, len(output.rows))
    found = []
    for row, moved in zip(rows, influence, strict=True):
        chunk = cut.chunks[int(chunk_of[row])]
        parent = "" if chunk.parent is None else output.rows[cut.chunks[chunk.parent].start].strip()
        terms = (*evidence.expect, *evidence.intent)
        found.append(
            Explanation(
                row,
                output.rows[row],
                round(float(scores[row]), 2),
                int(order[row]) + 1,
                len(output.rows),
                str(chunk.label),
                chunk.weight,
                parent,
                _sources(terms, row, 0),
                _sources(terms, row, NEAR),
                moved,
            )
        )
    return found


def _sources(terms: tuple[Term, ...], row: int, width: int) -> tuple[tuple[str, float], ...]:
    hit = [term for term in terms if np.any(np.abs(term.rows - row) <= width)]
    return tuple((term.source, round(term.idf, 1)) for term in sorted(hit, key=lambda term: -term.idf))


def _influence(query: Query, output: Output, cut: Cut, rows: list[int]) -> list[tuple[tuple[str, float], ...]]:
    model = relevance.scorer()
    if model is None:
        return [() for _ in rows]
    matrix = features(query, output, cut)
    typical = np.median(matrix, axis=0)
    asked = matrix[rows]
    base = model.score_matrix(asked)
    moved: dict[str, Floats] = {}
    for name, prefixes in GROUPS.items():
        columns = [k for k, feature in enumerate(NAMES) if feature.startswith(prefixes)]
        without = asked.copy()
        without[:, columns] = typical[columns]
        moved[name] = base - model.score_matrix(without)
    return [_strongest({name: float(values[k]) for name, values in moved.items()}) for k in range(len(rows))]


def _strongest(by_group: dict[str, float]) -> tuple[tuple[str, float], ...]:
    ordered = sorted(by_group.items(), key=lambda item: -abs(item[1]))
    return tuple((name, round(value, 2)) for name, value in ordered if abs(value) >= 0.05)

"""Labelled cases and what a view of one is worth. The format is one JSON object a line; benchmarks/README.md says what the fields and
figures mean.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compressors.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# Families in which a failed command's first failures are what matters when nobody said what to look for.
FAILING = frozenset({"test", "build", "lint", "trace", "package"})


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    family: str
    command: str
    path: str
    exit_code: int | None
    intent: str
    expect: tuple[str, ...]
    overlap: str
    output: str
    gold: frozenset[int]  # 1-based lines
    alternates: frozenset[int]
    must: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a method shows of a case: the text, and its lines of the output, 1-based."""

    text: str
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Score:
    """One case's figures; None where the case has no gold. `kept` is tokens shown / tokens in all."""

    must: float | None
    recall: float | None
    precision: float | None
    f1: float | None
    kept: float
    tokens: int
    total: int


def load_cases(files: Iterable[Path]) -> list[Case]:
    return [_case(json.loads(line)) for file in sorted(files) for line in file.read_text(encoding="utf-8").splitlines()]


def _case(record: dict) -> Case:  # type: ignore[type-arg]
    return Case(
        record["id"],
        record["family"],
        record["command"] or "",
        record["path"] or "",
        record["exit_code"],
        record["intent"],
        tuple(record.get("expect") or ()),
        record["overlap"],
        record["output"],
        _lines(record["gold"]),
        _lines(record.get("alternates") or ()),
        tuple(record["must"]),
    )


def _lines(ranges: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(line for first, last in ranges for line in range(first, last + 1))


def score(case: Case, shown: Shown, total: int) -> Score:
    tokens = count_tokens(shown.text)
    if not case.gold:
        return Score(None, None, None, None, tokens / max(1, total), tokens, total)
    recall = len(case.gold & shown.lines) / len(case.gold)
    precision = len(shown.lines & (case.gold | case.alternates)) / len(shown.lines) if shown.lines else None
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    must = float(all(text in shown.text for text in case.must)) if case.must else None
    return Score(must, recall, precision, f1, tokens / max(1, total), tokens, total)


def mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else float("nan")

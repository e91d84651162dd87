"""Labelled questions on real outputs, split by project: the outputs of one project never stand on both sides."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent asks of an output and the rows that answer: 0-based line numbers, `alternates` say the same elsewhere."""

    intent: str
    expect: tuple[str, ...]
    gold: frozenset[int]
    alternates: frozenset[int]
    must: tuple[str, ...]
    overlap: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One output with its questions. `fold`: which part of the split its project is in."""

    id: str
    family: str
    command: str
    path: str
    exit_code: int | None
    project: str
    output: str
    questions: tuple[Question, ...]

    @property
    def fold(self) -> int:
        return int(hashlib.sha256(self.project.lower().encode()).hexdigest(), 16) % FOLDS


def load(paths: Iterable[Path]) -> list[Labelled]:
    """All labelled outputs of the given `.jsonl` or `.jsonl.gz` files."""
    return [labelled for path in sorted(paths) for labelled in _read(path)]


def _read(path: Path) -> Iterator[Labelled]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    for line in text.splitlines():
        record = json.loads(line)
        if record.get("questions"):
            yield _labelled(record)


def _labelled(record: dict[str, Any]) -> Labelled:
    questions = tuple(
        Question(
            q["intent"],
            tuple(q.get("expect") or ()),
            _rows(q["gold"]),
            _rows(q.get("alternates") or ()),
            tuple(q["must"]),
            q["overlap"],
        )
        for q in record["questions"]
    )
    return Labelled(
        record["id"],
        record["family"],
        record["command"] or "",
        record["path"] or "",
        record["exit_code"],
        record["project"],
        record["output"],
        questions,
    )


def _rows(ranges: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(row for first, last in ranges for row in range(first - 1, last))

"""Builds the relevance model end to end: labelled questions → features → trees → calibration → ONNX with its manifest.

    python -m training [FILE.jsonl ...] [--out compressors/model] [--rounds 250] [--processes 2]

Without files it learns from `training/questions/`, which ships with the project. Takes minutes on two cores; seeds are fixed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from compressors.answerable import FACTS
from compressors.features import NAMES
from training.calibrate import absence_weights, find_drop, must_at, out_of_fold
from training.data import Labelled, load
from training.ranker import ROUNDS, samples, to_onnx, train

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTIONS = Path(__file__).parent / "questions"
MODEL = Path(__file__).parents[1] / "compressors" / "model"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the relevance model and write it with its manifest.")
    parser.add_argument(
        "files", nargs="*", type=Path, help="labelled questions, .jsonl or .jsonl.gz; default: those that ship with the project"
    )
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args(argv)
    began = time.monotonic()
    data = load(given.files or QUESTIONS.glob("*.jsonl.gz"))
    print(datasheet(data), flush=True)
    figures = build(data, given.out, given.rounds, given.processes)
    print(json.dumps(figures, indent=1))
    print(f"done in {time.monotonic() - began:.0f} s: {given.out}")
    return 0


def build(data: Sequence[Labelled], out: Path, rounds: int = ROUNDS, processes: int = 2) -> dict[str, float]:
    """Trains on `data` and writes `ranker.onnx` and `manifest.json` to `out`; the figures are those of questions held out by project."""
    asked = samples(data, processes)
    scored = out_of_fold(asked, rounds, processes)
    figures = {
        f"must@{budget} {mode}": round(must_at([one for one in scored if one.sample.mode == mode], budget), 4)
        for mode in ("both", "intent", "none")
        for budget in (800, 300)
    }
    weights = to_onnx(train(asked, rounds, num_threads=processes))
    manifest = {
        "sha256": {"ranker.onnx": hashlib.sha256(weights).hexdigest()},
        "drop": find_drop(scored),
        "absent": absence_weights(scored),
        "absent_facts": FACTS,
        "held_out": figures,
        "outputs": len(data),
        "questions": sum(len(one.questions) for one in data),
        "features": NAMES,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "ranker.onnx").write_bytes(weights)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return figures


def datasheet(data: Sequence[Labelled]) -> str:
    """What is learnt from: counts of outputs, questions and lines, by family and by kind of question."""
    questions = [question for one in data for question in one.questions]
    lines = [
        f"{len(data)} outputs of {len({one.project for one in data})} projects, {sum(one.output.count(chr(10)) + 1 for one in data)} lines"
    ]
    asked, unanswered = sum(bool(q.expect) for q in questions), sum(not q.gold for q in questions)
    lines.append(f"{len(questions)} questions, {asked} with patterns, {unanswered} without an answer")
    lines.append("by family: " + ", ".join(f"{name} {count}" for name, count in Counter(one.family for one in data).most_common()))
    lines.append("by kind: " + ", ".join(f"{name} {count}" for name, count in Counter(q.overlap for q in questions).most_common()))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

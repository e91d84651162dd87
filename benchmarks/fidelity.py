"""Is the answer still there? Must, recall, precision and F1 of each method on labelled cases, at the same budget in the same run.

    python -m benchmarks.fidelity [FILE.jsonl ...] [--budget 800 300] [--families] [--misses] [--json]

With no files it measures on `../shared/cases/*.jsonl` where that folder is there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cases import FAILING, Case, Score, load_cases, mean, score
from benchmarks.methods import METHODS, without_expect, without_question
from compressors.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CASES = Path(__file__).parents[2] / "shared" / "cases"

# What the agent says: each is a way to ask all cases, or those for which it makes sense.
MODES: dict[str, Callable[[Case], Case | None]] = {
    "intent + expect": lambda case: case,
    "intent alone": without_expect,
    "nothing (failed commands)": lambda case: without_question(case) if case.exit_code and case.gold and case.family in FAILING else None,
}


def measure(cases: Sequence[Case], budgets: Sequence[int]) -> list[dict[str, object]]:
    """One row for each mode, budget and method: macro means, the seconds it took, and the cases it missed."""
    rows = []
    totals = {case.id: count_tokens(case.output) for case in cases}
    for mode, ask in MODES.items():
        asked = [case for case in map(ask, cases) if case is not None]
        for budget in budgets:
            for name, method in METHODS.items():
                began = time.perf_counter()
                scores = {case.id: score(case, method(case, budget), totals[case.id]) for case in asked}
                rows.append(_row(mode, budget, name, asked, scores, time.perf_counter() - began))
    return rows


def _row(mode: str, budget: int, method: str, asked: Sequence[Case], scores: dict[str, Score], seconds: float) -> dict[str, object]:
    families = sorted({case.family for case in asked})
    return {
        "mode": mode,
        "budget": budget,
        "method": method,
        "cases": len(asked),
        **{figure: round(mean(getattr(s, figure) for s in scores.values()), 4) for figure in ("must", "recall", "precision", "f1", "kept")},
        "ms": round(1000 * seconds / max(1, len(asked)), 1),
        "families": {f: round(mean(scores[case.id].must for case in asked if case.family == f), 3) for f in families},
        "misses": [case.id for case in asked if scores[case.id].must == 0.0],
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity", description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else ""
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--budget", nargs="+", type=int, default=[800, 300])
    parser.add_argument("--families", action="store_true", help="must of each family, for the last method")
    parser.add_argument("--misses", action="store_true", help="the cases that the last method missed")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    files = given.files or sorted(CASES.glob("*.jsonl"))
    if not files:
        print("no cases: give files of labelled cases", file=sys.stderr)
        return 2
    rows = measure(load_cases(files), given.budget)
    if given.json:
        print(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        _print(row, given)
    return 0


def _print(row: dict[str, object], given: argparse.Namespace) -> None:
    names = list(METHODS)
    if row["method"] == names[0]:
        print(f"\n{row['mode']}, {row['budget']} tokens, {row['cases']} cases")
        print(f"{'':<20}{'must':>7}{'recall':>8}{'prec':>7}{'F1':>7}{'kept':>7}{'ms':>7}")
    print(
        f"{row['method']:<20}{row['must']:>7.3f}{row['recall']:>8.3f}{row['precision']:>7.3f}{row['f1']:>7.3f}{row['kept']:>7.3f}{row['ms']:>7.0f}"
    )
    if row["method"] == names[-1] and given.families:
        print("  must by family:", row["families"])
    if row["method"] == names[-1] and given.misses:
        print("  missed:", *row["misses"])  # type: ignore[misc]


if __name__ == "__main__":
    sys.exit(main())

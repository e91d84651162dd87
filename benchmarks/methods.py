"""Ways to cut an output to a budget: what agents and clients do today, the classics, and ours with and without its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.cases import Case, Shown
from compressors.bm25 import bm25
from compressors.budget import fit
from compressors.evidence import gather
from compressors.query import make_query
from compressors.rank import lexical, matched
from compressors.tokens import count_tokens
from compressors.types import Output, Scorer
from context_mode.pipeline import Request, make_view

Method = Callable[[Case, int], Shown]


def head_and_tail(case: Case, budget: int) -> Shown:
    """Three lines from the beginning for every two from the end."""
    rows = _rows(case)
    taken: set[int] = set()
    spent, head, tail = 0, 0, len(rows) - 1
    while head <= tail:
        row = head if len(taken) % 5 < 3 else tail
        spent += count_tokens(rows[row] + "\n")
        if spent > budget:
            break
        taken.add(row)
        head, tail = (head + 1, tail) if row == head else (head, tail - 1)
    return _shown(rows, taken)


def grep(case: Case, budget: int, context: int = 2) -> Shown:
    """What an agent does by hand: `grep -iE -C2` with its patterns, cut at the budget."""
    rows = _rows(case)
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in case.expect]
    hits = [k for k, row in enumerate(rows) if any(pattern.search(row) for pattern in patterns)]
    near = sorted({k for hit in hits for k in range(max(0, hit - context), min(len(rows), hit + context + 1))})
    taken, spent = set(), 0
    for k in near:
        spent += count_tokens(rows[k] + "\n")
        if spent > budget:
            break
        taken.add(k)
    return _shown(rows, taken)


def bm25_only(case: Case, budget: int) -> Shown:
    """Windows of eight lines by BM25 of the intent."""
    output = _output(case)
    scores = bm25(gather(make_query(case.intent), output).intent, output)
    return _shown(output.rows, fit(output, scores, budget))


def words_and_patterns(case: Case, budget: int) -> Shown:
    """Our lexical evidence alone: no structure, no severity, no model."""
    return _ours(case, budget, lambda query, output, _: matched(gather(query, output), output))


def without_model(case: Case, budget: int) -> Shown:
    """Lexical evidence with structure and severity: what stands in for a missing model."""
    return _ours(case, budget, lexical)


def ours(case: Case, budget: int) -> Shown:
    """`context_mode.compress` as it is."""
    return _ours(case, budget, None)


METHODS: dict[str, Method] = {
    "head+tail": head_and_tail,
    "grep -C2 by hand": grep,
    "BM25": bm25_only,
    "words + patterns": words_and_patterns,
    "+ structure": without_model,
    "+ ranker (ours)": ours,
}


def without_expect(case: Case) -> Case:
    return replace(case, expect=())


def without_question(case: Case) -> Case:
    return replace(case, intent="", expect=())


def _ours(case: Case, budget: int, scorer: Scorer | None) -> Shown:
    request = Request(_output(case), make_query(case.intent, case.expect), budget, scorer=scorer)
    view = make_view(request)
    return Shown(view.text, frozenset(line for first, last in view.spans for line in range(first, last + 1)))


def _output(case: Case) -> Output:
    return Output(case.output.encode(), case.command, case.path, case.exit_code)


def _rows(case: Case) -> list[str]:
    return _output(case).lines


def _shown(rows: Sequence[str], taken: set[int] | Sequence[int]) -> Shown:
    return Shown("\n".join(rows[row] for row in sorted(taken)), frozenset(row + 1 for row in taken))

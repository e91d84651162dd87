"""The path from an output to its view, without sandbox and store: classify → cut → rank → fit → render."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import compressors
from compressors.budget import fit, without_worst
from compressors.query import Query, make_query
from compressors.rank import Ranking, rank
from compressors.render import Status, render, spans
from compressors.tokens import count_tokens, estimate_tokens
from compressors.types import Cut, Output, Scorer, Selection
from context_mode.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_BUDGET = 2_000  # tokens: the most that a view takes where no budget is given
SMALL_TOKENS, SMALL_LINES = 500, 40  # up to here an output is shown whole, whatever the question
STATUS_GROWTH = 4  # tokens: "9 lines, 0 shown" may become "123456 lines, 789 shown"
NOTHING_MATCHED = "nothing matched the question, an outline"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What a view is made of and for. `cause`: why the command ended, where its exit code does not say it."""

    output: Output
    query: Query
    budget: int | None = None
    handle: str = ""
    cause: str = ""
    note: str = ""
    scorer: Scorer | None = None  # None: the shipped model


def compress(
    output: str | bytes,
    *,
    intent: str = "",
    expect: str | Sequence[str] = (),
    command: str = "",
    path: str = "",
    exit_code: int | None = None,
    budget: int | None = None,
) -> View:
    """The lines of `output` that matter for `intent` and `expect`, verbatim, gaps marked.

    `expect` is a sequence of case-insensitive regular expressions (RE2), or one string that is split at its top-level `|`: what the agent
    would grep for. `budget`
    is a ceiling in o200k tokens for the view's text; without one the view is as small as the evidence allows, at most 2,000 tokens.
    """
    raw = output.encode("utf-8", "surrogatepass") if isinstance(output, str) else output
    return view(raw, intent=intent, expect=expect, command=command, path=path, exit_code=exit_code, budget=budget)


def view(
    raw: bytes,
    *,
    intent: str = "",
    expect: str | Sequence[str] = (),
    command: str = "",
    path: str | None = "",
    exit_code: int | None = None,
    budget: int | None = None,
    handle: str = "",
    cause: str = "",
    note: str = "",
) -> View:
    """`compress` for an output that is stored under `handle`. `cause` and `note` stand in the first line."""
    request = Request(Output(raw, command, path or "", exit_code), make_query(intent, expect), budget, handle, cause, note)
    return make_view(request)


def make_view(request: Request) -> View:
    output = request.output
    total = estimate_tokens("\n".join(output.lines))
    everything = range(len(output.rows))
    cut = cut_output(output)
    if _is_small(request, total):
        return _view(request, cut, total, everything)
    ranking = rank(request.query, output, cut, request.scorer)
    request = replace(request, note=_join(request.note, NOTHING_MATCHED)) if ranking.abstained else request
    kept = _choose(request, cut, ranking)
    chosen = _view(request, cut, total, kept, abstained=ranking.abstained)
    if chosen.tokens_shown >= total:  # a cut that saves nothing hides for nothing
        whole = _view(request, cut, total, everything)
        return whole if whole.tokens_shown <= _budget(request) else chosen
    return chosen


def cut_output(output: Output) -> Cut:
    """Law 7: an output is never lost to a compressor's fault; `plain` takes what another fails on."""
    try:
        return compressors.cut(output, compressors.classify(output))
    except Exception:  # noqa: BLE001 - a parser may raise anything on hostile input, and the output must come through
        _log.exception("a compressor failed; plain takes over")
        return compressors.cut(output, compressors.compressor("plain"))


def _is_small(request: Request, total: int) -> bool:
    """Whether everything can be shown."""
    if request.budget is None:
        return total <= SMALL_TOKENS and len(request.output.lines) <= SMALL_LINES
    if total > request.budget:
        return False
    return count_tokens(_text(request, range(len(request.output.rows)))) <= request.budget


def _choose(request: Request, cut: Cut, ranking: Ranking) -> Sequence[int]:
    """The rows to show: as many as fit, counted in the rendered text, the least relevant given up first."""
    budget, output = _budget(request), request.output
    room = budget - count_tokens(_text(request, ())) - STATUS_GROWTH
    least = ranking.least if request.budget is None else -math.inf
    kept = fit(output, ranking.scores, room, least=least, cut=cut, first=ranking.first)
    while kept and (over := count_tokens(_text(request, kept)) - budget) > 0:
        kept = without_worst(kept, output, ranking.scores, over)
    return kept


def _view(request: Request, cut: Cut, total: int, kept: Sequence[int], *, abstained: bool = False) -> View:
    text, output = _text(request, kept), request.output
    tokens = count_tokens(text)
    if not kept and tokens > _budget(request):
        text = render(Selection(output, kept), _status(request), brief=True)
        tokens = count_tokens(text)
    return View(text, spans(output, kept), cut.kind, len(output.lines), total, tokens, request.handle, abstained)


def _text(request: Request, kept: Sequence[int]) -> str:
    return render(Selection(request.output, kept), _status(request))


def _status(request: Request) -> Status:
    return Status(request.cause, request.handle, request.note)


def _budget(request: Request) -> int:
    return DEFAULT_BUDGET if request.budget is None else request.budget


def _join(*notes: str) -> str:
    return " · ".join(filter(None, notes))

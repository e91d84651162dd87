"""Stack traces: what was raised first, the frames of the user's own code next, those of libraries last; debuggers and sanitizers too."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from compressors import frames
from compressors.marks import Marks, chunks, raise_ending, raise_nearest_frames, raise_suspects, scale_blocks, template
from compressors.rowrules import Place, Rule, RuleSet, mark
from compressors.shape import sample, share
from compressors.toolruns import DEBUGGERS, is_data, only_reads, runs
from compressors.types import Chunk, Compressor, Label, Output

_OPENING: Final = frozenset(
    ("py_traceback", "thread_exception", "cs_unhandled", "go_panic", "go_race", "rust_panic", "ruby_raised", "gdb_signal", "gdb_stop")
)


def _opening(rule: Rule) -> Rule:
    return replace(rule, place=Place.HEAD) if rule.name in _OPENING else rule


_RULES: Final = RuleSet([*frames.SANITIZERS, *map(_opening, frames.FRAMES)])
_LOG_ROW: Final = re.compile(
    r"\W?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:|(?:DEBUG|INFO|WARN(?:ING)?|ERROR|TRACE)\b)"
)
_TAIL: Final = 60  # rows


class _Trace:
    name = "trace"

    def detect(self, output: Output) -> bool:
        if only_reads(output) or is_data(output):
            return False
        rows = sample(output.rows, 200)
        if runs(output, DEBUGGERS) and any(map(_is_frame, rows)):
            return True
        if share(rows, _LOG_ROW.match) > 0.3:  # a log that holds traces
            return False
        return share(rows, _is_frame) >= 0.25 or sum(map(_is_frame, output.rows[-_TAIL:])) >= 3

    def cut(self, output: Output) -> list[Chunk]:
        marks = mark(output.rows, _RULES)
        raise_suspects(output.rows, marks)
        raise_nearest_frames(marks)
        scale_blocks(marks, _shares(output, marks))
        raise_ending(output.rows, marks)
        return chunks(marks)


def _is_frame(row: str) -> bool:
    rule = _RULES.rule(row)
    return rule is not None and (rule.label is Label.TRACE or rule.name in ("exception", "cause", "asan_error", "vg_error"))


def _shares(output: Output, marks: Marks) -> dict[int, float]:
    """The first trace counts whole, further ones a little less, and a trace that opens as one before did, half as much again."""
    seen: set[str] = set()
    shares = {}
    for n, head in enumerate(marks.heads):
        key = template(output.rows[head]) + template(output.rows[head + 1] if head + 1 < len(output.rows) else "")
        shares[head] = max(0.8, 1 - 0.02 * n) * (0.85 if key in seen else 1.0)
        seen.add(key)
    return shares


COMPRESSOR: Final[Compressor] = _Trace()

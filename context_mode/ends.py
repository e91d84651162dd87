"""Views that need no ranking: given lines, and both ends of an output where nothing better can be made."""

from __future__ import annotations

import os
import tempfile
from itertools import groupby
from typing import TYPE_CHECKING

from compressors.render import Status, render, spans
from compressors.tokens import VocabularyError, count_tokens, estimate_tokens
from compressors.types import Output, Selection
from context_mode.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from context_mode.use import Use

HEAD, TAIL = 20, 40  # rows; what went wrong stands more often at the end


def both_ends(raw: bytes, use: Use, handle: str, note: str) -> View:
    output = Output(raw, use.command, use.path, use.exit_code)
    rows = range(len(output.rows))
    kept = list(rows) if len(rows) <= HEAD + TAIL else [*rows[:HEAD], *rows[-TAIL:]]
    text = render(Selection(output, kept), Status(use.cause, handle, note))
    total = _counted(estimate_tokens, "\n".join(output.lines))
    return View(text, spans(output, kept), "ends", len(output.lines), total, _counted(count_tokens, text), handle)


def view_of_lines(raw: bytes, text: str, numbers: Sequence[int], handle: str) -> View:
    """A view of the 0-based lines `numbers`, whose text is `text`."""
    output = Output(raw)
    shown = text.removesuffix("\n")
    tokens = _counted(count_tokens, shown)
    total = _counted(estimate_tokens, "\n".join(output.lines))
    return View(shown, _runs(numbers), "lines", len(output.lines), max(total, tokens), tokens, handle)


def spill(raw: bytes) -> str:
    """Where `raw` was written, for this user only, when the store could not take it; "" where that fails too."""
    try:
        file, path = tempfile.mkstemp(prefix="context-mode-", suffix=".txt")
        with os.fdopen(file, "wb") as opened:
            opened.write(raw)
    except OSError:
        return ""
    return path


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """0-based numbers as 1-based inclusive ranges."""
    groups = (list(group) for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    return [(group[0][1] + 1, group[-1][1] + 1) for group in groups]


def _counted(count: Callable[[str], int], text: str) -> int:
    """Tokens; a quarter of the characters where the tokenizer is what is broken."""
    try:
        return count(text)
    except (VocabularyError, OSError):
        return len(text) // 4

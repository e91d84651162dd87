"""What the agent gets to see of an output."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """`text` is what to show: verbatim lines, gaps marked. `spans`: the output's lines in it, whole or in part, as 1-based inclusive
    ranges.
    `kind`: which compressor cut it. Tokens are o200k_base; `tokens_total` is extrapolated for outputs over 300,000 characters.
    `handle`: where the whole output is stored ("" where it is not). `abstained`: nothing matched the question, the text is an outline.
    """

    text: str
    spans: list[tuple[int, int]]
    kind: str
    lines_total: int
    tokens_total: int
    tokens_shown: int
    handle: str = ""
    abstained: bool = False

"""A tool's output in, the rows that matter out. Pure: no clock, no randomness, no network, no files but this package's own data.

    classify → cut → rank → fit → render

`COMPRESSORS` is the registry: the first whose `detect` says yes cuts the output; `plain` takes everything.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from compressors.types import Compressor, Cut, Output

# In order of precedence: what is surest of its kind comes first.
COMPRESSORS = ("diff", "test", "diagnostics", "trace", "code", "search", "log", "records", "listing", "markup", "plain")
_MODULES = {"test": "testlog"}


@lru_cache(maxsize=len(COMPRESSORS))
def compressor(name: str) -> Compressor:
    """The compressor called `name`; imported when first asked for."""
    module = import_module(f"compressors.{_MODULES.get(name, name)}")
    found: Compressor = module.COMPRESSOR
    return found


def classify(output: Output) -> Compressor:
    """The compressor that knows this kind of output."""
    return next(c for c in map(compressor, COMPRESSORS) if c.detect(output))


def cut(output: Output, by: Compressor) -> Cut:
    """The chunks that `by` makes of `output`. Raises ValueError where they do not partition its rows: a compressor's fault."""
    chunks = by.cut(output)
    following = 0
    for k, chunk in enumerate(chunks):
        if chunk.start != following or chunk.end <= chunk.start or (chunk.parent is not None and not 0 <= chunk.parent < k):
            raise ValueError(f"{by.name}: chunk {k} {chunk} does not follow row {following}")
        following = chunk.end
    if following != len(output.rows):
        raise ValueError(f"{by.name}: chunks end at row {following} of {len(output.rows)}")
    return Cut(by.name, chunks)

"""What tests of compressors share: real outputs, and chunks looked up by a row's text."""

from __future__ import annotations

from pathlib import Path

import compressors
from compressors.types import Output

GOLDEN = Path(__file__).parents[1] / "golden"


def golden(name, command="", path="", exit_code=None):
    return Output((GOLDEN / name).read_bytes(), command, path, exit_code)


class Cut:
    """The chunks of an output, with the laws checked."""

    def __init__(self, kind, output, **given):
        self.output = output if isinstance(output, Output) else Output(output.encode(), **given)
        self.rows = self.output.rows
        self.chunks = compressors.cut(self.output, compressors.compressor(kind)).chunks

    def of(self, text):
        """The chunk that holds the first row with `text` in it."""
        row = next(n for n, line in enumerate(self.rows) if text in line)
        return next(chunk for chunk in self.chunks if chunk.start <= row < chunk.end)

    def text(self, chunk):
        return "\n".join(self.rows[chunk.start : chunk.end])

    def above(self, text):
        """The texts of the chunks above the one with `text`, the nearest first."""
        chunk = self.of(text)
        while chunk.parent is not None:
            chunk = self.chunks[chunk.parent]
            yield self.text(chunk)

    def labelled(self, label):
        return [self.text(chunk) for chunk in self.chunks if chunk.label is label]


def detects(kind, output):
    return compressors.compressor(kind).detect(output)

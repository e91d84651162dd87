"""Any text: paragraphs, with what sounds severe in chunks of its own. What every other compressor falls back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compressors import blocks

if TYPE_CHECKING:
    from compressors.types import Chunk, Output

_EDGE: Final = 0.6  # how a command begins and how it ends says most about it


@dataclass(frozen=True)
class Plain:
    name: str = "plain"

    def detect(self, output: Output) -> bool:  # noqa: ARG002  # every output is at least text
        return True

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        chunks = list(blocks.prose(rows, blocks.levels(output), 0, len(rows)))
        for edge in (0, -1):
            chunks[edge] = replace(chunks[edge], weight=max(chunks[edge].weight, _EDGE))
        return chunks


COMPRESSOR: Final = Plain()

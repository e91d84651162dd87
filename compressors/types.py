"""The words this package speaks. A compressor cuts an output into chunks, a scorer scores its rows, a budget selects, one module
renders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from compressors import text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from compressors.query import Query


class Label(StrEnum):
    """What a chunk is. Scorers learn from it; nothing is ever shown or hidden by label alone."""

    FAILURE = "failure"  # a failing test, its header; what it says stands in children
    ASSERTION = "assertion"  # the lines that say what went wrong inside a failure
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"  # explains the diagnostic that is its parent
    SUMMARY = "summary"  # counts, totals, the outcome line
    TRACE = "trace"  # stack frames
    SOURCE = "source"  # source quoted by a diagnostic or a failure
    CAPTURED = "captured"  # what a failing test printed
    PASS = "pass"  # a passing test, a successful step  # noqa: S105
    NOISE = "noise"  # progress, separators, downloads, banners
    IMPORT = "import"
    COMMENT = "comment"  # a comment or docstring, with what it documents as sibling
    SIGNATURE = "signature"  # a definition's head; its body stands in children
    BODY = "body"
    STATEMENT = "statement"  # code outside any definition
    FILE = "file"  # the header of a file: diffs, search results, reports
    HUNK = "hunk"  # a hunk's header
    CHANGE = "change"  # lines of a hunk, a commit's files
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    MATCH = "match"  # a search result
    ENTRY = "entry"  # a log entry, a listing's line, a commit
    REPEAT = "repeat"  # an entry whose template has been seen before
    COLUMNS = "columns"  # a table's head, a JSON record's schema
    RECORD = "record"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows `start` to `end` (0-based, half open). `weight` in [0, 1] is how much the rows matter when nobody said what to look for: 0
    noise,
    0.5 ordinary, 1 the evidence of a failure. `parent` is the index, in the list of chunks, of the chunk that gives this one its meaning
    (a body's signature, a hunk line's hunk header, an assertion's test); it always stands earlier in the list.
    """

    start: int
    end: int
    weight: float = 0.5
    parent: int | None = None
    label: Label = Label.TEXT


@dataclass(frozen=True)
class Output:
    """One tool's output. A *row* is a line of it, or a piece of at most 2,000 characters of a longer line; all cutting and scoring is by
    row.
    """

    raw: bytes
    command: str = ""
    path: str = ""
    exit_code: int | None = None

    @cached_property
    def lines(self) -> list[str]:
        """Line n of the raw output split on newline, cleaned: colours and overwritten progress gone."""
        return text.clean(self.raw).split("\n")

    @cached_property
    def _layout(self) -> tuple[list[str], list[tuple[int, int]] | None]:
        return text.rows(self.lines)

    @property
    def rows(self) -> list[str]:
        """The cleaned lines, long ones in pieces. Same objects as `lines` where no line is long."""
        return self._layout[0]

    @cached_property
    def text(self) -> str:
        """The rows joined by newlines: row n is line n of this text."""
        return "\n".join(self.rows)

    @property
    def pieces(self) -> list[tuple[int, int]] | None:
        """Per row its line (0-based) and its first character there; None where every row is a line."""
        return self._layout[1]

    def line_of(self, row: int) -> int:
        """The 0-based line that row `row` is (a piece of)."""
        return row if self.pieces is None else self.pieces[row][0]


class Compressor(Protocol):
    """Knows one kind of output. `cut` gives chunks that partition the rows, in order, none empty."""

    @property
    def name(self) -> str: ...

    def detect(self, output: Output) -> bool: ...

    def cut(self, output: Output) -> list[Chunk]: ...


@dataclass(frozen=True, slots=True)
class Cut:
    """What a compressor made of an output: its name and its chunks, which partition the rows."""

    kind: str
    chunks: Sequence[Chunk]


# One score a row, any scale, higher is more relevant. BM25 and the model have this same type.
Scorer = Callable[["Query", Output, Cut], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class Selection:
    """`kept`: the rows to show, sorted."""

    output: Output
    kept: Sequence[int]

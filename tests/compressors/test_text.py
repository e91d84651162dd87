from __future__ import annotations

import pytest

from compressors.text import LONG
from compressors.types import Output


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b"", [""]),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b", ""]),
        (b"\x1b[1;31merror\x1b[0m: bad", ["error: bad"]),
        (b"\x1b]8;;http://x\x07link\x1b]8;;\x07", ["link"]),
        (b"never closed \x1b[31", ["never closed "]),
        (b"never closed \x1b]0;title\nnext", ["never closed ", "next"]),
        (b"10%\r50%\r100%\ndone", ["100%", "done"]),
        (b"50%\r", ["50%"]),
        (b"spinner |\b/\b-\b done", ["spinner  done"]),
        (b"nul\x00 and bell\x07", ["nul and bell"]),
        (b"bad \xff\xfe bytes", ["bad �� bytes"]),
        ("naïve 漢字".encode(), ["naïve 漢字"]),
        (b"tab\tstays", ["tab\tstays"]),
    ],
)
def test_cleaning_leaves_what_a_terminal_would_show(raw, lines):
    assert Output(raw).lines == lines


def test_a_long_line_becomes_rows_that_together_are_the_line():
    output = Output(b"short\n" + b"x" * (2 * LONG + 5) + b"\nend")
    assert [len(row) for row in output.rows] == [5, LONG, LONG, 5, 3]
    assert [output.line_of(row) for row in range(5)] == [0, 1, 1, 1, 2]


def test_one_line_of_five_megabytes_is_cut_and_addressed():
    output = Output(b"y" * 5_000_000)
    assert "".join(output.rows) == output.lines[0]
    assert len(output.rows) == 2_500

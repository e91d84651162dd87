from __future__ import annotations

import subprocess
import sys
import zlib

import pytest

from compressors import tokens


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("hello world", 2), ("def f(x):\n    return x\n", 8), ("[… 12-340]\n", 6), ("<|endoftext|>", 7), ("漢字", 2)],
)
def test_counts_are_those_of_o200k_base(text, count):
    assert tokens.count_tokens(text) == count


def test_the_shipped_vocabulary_is_the_public_one():
    data = zlib.decompress(tokens.VOCABULARY.read_bytes())
    assert tokens.vocabulary_is_intact()
    assert len(data) == tokens.SIZE + sum(data[: tokens.SIZE])


def test_the_count_of_a_huge_text_is_extrapolated_closely():
    text = "".join(f"2026-01-01 12:00:{n % 60:02d} worker {n} finished job {n * 7919} in {n % 97} ms\n" for n in range(20_000))
    assert tokens.estimate_tokens(text) == pytest.approx(tokens.count_tokens(text), rel=0.02)


def test_counting_needs_no_network_module():
    program = "import sys; from compressors.tokens import count_tokens; count_tokens('x'); print({'requests'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"

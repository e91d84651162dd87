"""Text of no known kind."""

from __future__ import annotations

import pytest

from compressors.types import Label
from tests.compressors.cuts import Cut, golden


def test_steps_that_fail_stand_alone_and_weigh_most():
    cut = Cut("plain", golden("plain/release-script.txt"))
    for said in ("cannot stat 'build/app'", "nosuchtool: command not found", "ModuleNotFoundError", "Failed to connect"):
        assert cut.of(said).label is Label.ERROR
        assert cut.of(said).weight >= 0.8
    assert cut.of("packed file15.bin").weight < 0.5


def test_paragraphs_are_not_cut_and_long_ones_are():
    cut = Cut("plain", "one\ntwo\n\nthree\n" + "row\n" * 20)
    assert [cut.text(chunk) for chunk in cut.chunks[:2]] == ["one\ntwo\n", "three" + "\nrow" * 7]
    assert all(chunk.end - chunk.start <= 9 for chunk in cut.chunks)


def test_how_it_begins_and_ends_weighs_more_than_its_middle():
    cut = Cut("plain", "\n".join(f"row {n}" for n in range(100)))
    assert cut.chunks[0].weight == cut.chunks[-1].weight > cut.chunks[4].weight


@pytest.mark.parametrize("raw", [b"", b"\n\n\n", bytes(range(256)) * 40, b"x" * 100_001, b"\n" * 5000])
def test_anything_is_cut(raw):
    from compressors.types import Output

    assert Cut("plain", Output(raw)).chunks


def test_a_binary_file_is_cut():
    assert Cut("plain", golden("plain/object-file.bin")).chunks

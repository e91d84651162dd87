"""Which lines are the same line again, but for their numbers and hashes: what folds a log's repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_BLOCK: Final = 1 << 22  # bytes masked at a time: bounds the memory, and stays near the cache

_DIGIT, _HEX_LETTER, _LETTER = 1, 2, 4


def _class(byte: int) -> int:
    """Which bit stands for a byte of a word; 0 between words. Bytes of characters outside ASCII are letters."""
    if byte in b"0123456789":
        return _DIGIT
    if byte in b"abcdefABCDEF":
        return _HEX_LETTER
    return _LETTER if byte >= 0x80 or chr(byte).isalnum() else 0


_CLASSES: Final = bytes(_class(byte) for byte in range(256))


def templates(text: str) -> NDArray[np.int32]:
    """One id a row, counted from 0 in order of first appearance. Equal ids: the same line up to digits, hex runs and hex numbers."""
    seen: dict[bytes, int] = {}
    ids = [seen.setdefault(line, len(seen)) for line in masked(text)]
    return np.array(ids, np.int32)


def masked(text: str) -> Iterator[bytes]:
    """The rows of `text` as UTF-8 without what varies: digits are dropped, and words of hex digits that hold a number are dropped whole."""
    data = text.encode("utf-8", "surrogatepass").replace(b"0x", b"0 ")  # 0x7f3a: the x would make it an ordinary word
    start = 0
    while len(data) - start > _BLOCK and (end := data.rfind(b"\n", start, start + _BLOCK)) >= 0:
        yield from _mask(data[start:end]).split(b"\n")
        start = end + 1
    yield from _mask(data[start:]).split(b"\n")


def _mask(block: bytes) -> bytes:
    return _hashes_as_digits(block).translate(None, b"0123456789")


def _hashes_as_digits(block: bytes) -> bytes:
    """The block with each word of hex digits that holds a number overwritten by zeros."""
    if not block:
        return block
    classes = np.frombuffer(block.translate(_CLASSES), np.uint8)
    in_word = classes != 0
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    starts = np.concatenate((np.zeros(1, edges.dtype), edges))
    hashes = np.flatnonzero(np.bitwise_or.reduceat(classes, starts) == _DIGIT | _HEX_LETTER)
    if not len(hashes):
        return block
    lengths = np.diff(starts, append=len(block))[hashes]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    content = np.frombuffer(block, np.uint8).copy()
    content[np.repeat(starts[hashes], lengths) + within] = ord("0")
    return content.tobytes()

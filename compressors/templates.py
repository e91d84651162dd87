"""Which lines are the same line again, but for their numbers and hashes: what folds a log's repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_BLOCK: Final = 1 << 22  # bytes masked at a time: bounds the memory, and stays near the cache

_SEPARATOR, _DIGIT, _HEX_LETTER, _LETTER = range(4)


def _byte_classes() -> NDArray[np.uint8]:
    classes = np.zeros(256, np.uint8)
    for byte in range(256):
        if chr(byte).isalnum() or byte >= 0x80:
            classes[byte] = _LETTER
    classes[list(b"abcdefABCDEF")] = _HEX_LETTER
    classes[list(b"0123456789")] = _DIGIT
    return classes


_CLASSES: Final = _byte_classes()


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
    if not block:
        return block
    content = np.frombuffer(block, np.uint8)
    classes = _CLASSES[content]
    word = classes != _SEPARATOR
    edges = np.flatnonzero(word[1:] != word[:-1]) + 1
    starts = np.concatenate(([0], edges))
    widest = np.maximum.reduceat(classes, starts)
    digits = classes == _DIGIT
    numbered = np.logical_or.reduceat(digits, starts)
    variable = np.repeat(numbered & (widest == _HEX_LETTER), np.diff(starts, append=len(content)))
    return bytes(content[~(digits | variable)])

"""What a stored output is found by: its distinct words, and how lines are matched to a query's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEXED = 1 << 20  # characters from either end of an output that its words are taken from

# not compiled here: most outputs of a cold start are stored without them, and `re` keeps what it has compiled
_WORD = r"[^\W_]{1,60}"
_HUMP = r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"


def distinct_words(text: str, *labels: str) -> str:
    """The words of `text` and `labels`, lower case, each once, in any order; camelCase both whole and apart."""
    ends = text if len(text) <= 2 * INDEXED else f"{text[:INDEXED]}\n{text[-INDEXED:]}"
    whole = set(re.findall(_WORD, "\n".join((ends, *labels))))
    words = set(map(str.lower, whole))
    words.update(part.lower() for word in whole - words for part in re.split(_HUMP, word))
    return " ".join(words)


def query_words(query: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in re.findall(_WORD, query)))


def match_expression(words: Iterable[str], joined: str) -> str:
    """An FTS5 query: each word as the beginning of an indexed one, quoted, so that nothing in it is syntax. `joined`: AND or OR."""
    return f" {joined} ".join(f'"{word}"*' for word in words)


def matching_lines(lines: list[str], words: list[str], limit: int) -> tuple[list[int], int]:
    """The 0-based lines that hold the most of `words`, at most `limit`, in their order; and how many lines hold that many."""
    held = [sum(word in line for word in words) for line in map(str.lower, lines)]
    most = max(held, default=0)
    best = [n for n, count in enumerate(held) if count == most] if most else []
    return best[:limit], len(best)

"""How bad a line says things are, by its words: the one place where this vocabulary stands."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import re2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NONE, NOTE, WARNING, ERROR, FATAL = range(5)

# Regular expressions of words in lower case, the longer before the shorter where one begins another.
_VOCABULARY: Final[tuple[tuple[int, str], ...]] = (
    (FATAL, r"fatal(?:error)?|panic(?:ked|king|s)?|critical|emerg(?:ency)?|segmentation fault|segfault|core dumped"),
    (FATAL, r"out of memory|oom-?kill(?:ed|er)?"),
    (ERROR, r"err(?:or(?:s|ed)?|no|s)?|fail(?:ed|ures?|s|ing)?|exceptions?|traceback|assertion(?:error|failed)?|mismatch(?:es|ed)?"),
    (ERROR, r"crash(?:loopbackoff|ed|es|ing)?|imagepullbackoff|evicted|unhealthy|killed|abort(?:ed|ing)?|unhandled|uncaught"),
    (ERROR, r"denied|refused|timed out|not found|no such|no module named|does not exist|not permitted|expired|unresolved"),
    (ERROR, r"cannot|can[?']t|could(?: not|n[?']t)|undefined|unable to|unreachable|unrecogni[sz]ed|unexpected|unknown"),
    (ERROR, r"invalid|unauthorized|forbidden|rejected|corrupt(?:ed|ion)?"),
    (WARNING, r"warn(?:ings?|s)?|deprecat(?:ionwarning|ion|ed)?|timeouts?|retry(?:ing)?|missing|unsupported|obsolete"),
    (WARNING, r"vulnerabilit(?:y|ies)|conflicts?"),
    (NOTE, r"\b(?:note|hint|help):|\binfo\b|\bnotice\b"),
)
_WORDS: Final = re2.compile("|".join(words for _, words in _VOCABULARY).encode())
_LEVELS: Final = tuple((level, re.compile(words)) for level, words in _VOCABULARY)

_BEFORE, _AFTER = 24, 12  # characters of its row around a word that decide about it

_NOTHING_BEFORE: Final = re.compile(r"(?:^|[^\w.,:])(?:0|no|zero|without|without any|not|never|ignored?|ignoring)[ \t]+(?:[a-z]+ )?$")
_NOTHING_AFTER: Final = re.compile(r"""["']?\s{0,4}[:=]\s{0,4}(?:0(?![\d.])|null|none|false|nil|no\b|""|''|\[\]|\{\}|<nil>|-1?(?:\s|$))""")
_NAME_BEFORE: Final = re.compile(r"(?:\w|--|/|\w\.|[$@%])$")
_NAME_AFTER: Final = re.compile(r"_|-[a-z]|\.[a-z_]|/[a-z]|\w|\(")
_MENTIONED: Final = re.compile(r"\b(?:except|raise|catch|throws?|class|import|new|def|function|extends|instanceof|return) *\(?[\w.]*$")


def row_starts(rows: Sequence[str]) -> NDArray[np.int64]:
    """Per row its offset in the rows joined by newlines."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths[:-1] + 1)))


def severity(text: str, starts: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int8]:
    """One class a row, NONE to FATAL: the worst that its words say. `starts[i]` is the offset of row i in `text`."""
    data = text.encode("ascii", "replace").lower()  # one byte a character, so that offsets stay what they are
    offsets: list[int] = []
    classes: list[int] = []
    known: dict[tuple[str, int], int] = {}
    for match in _WORDS.finditer(data):
        begin, end = match.span()
        level = _level(data[begin:end])
        if level != NOTE:
            first = max(begin - _BEFORE, 0)
            where = text[first : end + _AFTER], begin - first
            if where not in known:
                known[where] = _judge(*where, end - first, level)
            level = known[where]
        if level:
            offsets.append(begin)
            classes.append(level)
    result = np.zeros(len(starts), np.int8)
    rows = np.searchsorted(np.asarray(starts), np.array(offsets, np.int64), side="right") - 1
    np.maximum.at(result, rows, np.array(classes, np.int8))
    return result


@lru_cache(maxsize=1024)
def _level(word: bytes) -> int:
    text = word.decode()
    return next(level for level, words in _LEVELS if words.fullmatch(text) or level == NOTE)


def _judge(context: str, begin: int, end: int, level: int) -> int:
    """What the word means where it stands: nothing in "0 errors" or "error=null", a mere note inside a name or a path."""
    before = context[:begin].rpartition("\n")[2]
    after = context[end:].partition("\n")[0]
    if after[:1].isalpha():
        return NONE  # "failover", "errand"
    lowered = before.lower()
    if _NOTHING_BEFORE.search(lowered) or _NOTHING_AFTER.match(after.lower()):
        return NONE
    if _is_exception_name(before, context[begin:end], after):
        return NOTE if _MENTIONED.search(lowered) else level
    if _NAME_BEFORE.search(lowered) or _NAME_AFTER.match(after.lower()):
        return NOTE
    return level


def _is_exception_name(before: str, word: str, after: str) -> bool:
    """`ValueError`, `java.io.IOException`: a name that only failures print."""
    return before[-1:].isalpha() and word[0].isupper() and word[1:].islower() and (not after or after[0] in ": \t,;)]'\"")

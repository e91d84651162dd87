"""How bad a line says things are, by its words: the one place where this vocabulary stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import re2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NONE, NOTE, WARNING, ERROR, FATAL = range(5)

# Regular expressions of words in lower case, the longer before the shorter where one begins another.
_FREQUENT: Final = (  # each with what it begins with: logs say these on every row, where bytes.find beats any engine
    (ERROR, b"err", r"err(?:or(?:s|ed)?|no|s)?"),
    (ERROR, b"fail", r"fail(?:ed|ures?|s|ing)?"),
    (WARNING, b"warn", r"warn(?:ings?|s)?"),
)
_RARE: Final = (
    (FATAL, r"fatal(?:error)?|panic(?:ked|king|s)?|critical|emerg(?:ency)?|segmentation fault|segfault|core dumped"),
    (FATAL, r"out of memory|oom-?kill(?:ed|er)?"),
    (ERROR, r"exceptions?|traceback|assertion(?:error|failed)?|mismatch(?:es|ed)?|invalid|unauthorized|forbidden|rejected"),
    (ERROR, r"crash(?:loopbackoff|ed|es|ing)?|imagepullbackoff|evicted|unhealthy|killed|abort(?:ed|ing| trap)|unhandled|uncaught"),
    (ERROR, r"denied|refused|timed out|not found|no such|no module named|does not exist|not permitted|expired|unresolved"),
    (ERROR, r"cannot|can[?']t|could(?: not|n[?']t)|undefined|unable to|unreachable|unrecogni[sz]ed|unexpected|unknown|corrupt(?:ed|ion)?"),
    (WARNING, r"deprecat(?:ionwarning|ion|ed)?|timeouts?|retry(?:ing)?|missing|unsupported|obsolete"),
    (WARNING, r"vulnerabilit(?:y|ies)|conflicts?"),
)
_LEVELS: Final = tuple((level, re.compile(words)) for level, words in (*((level, words) for level, _, words in _FREQUENT), *_RARE))
_RARE_WORDS: Final = re2.compile("|".join(words for _, words in _RARE).encode())
_NOTES: Final = (b"info", b"notice", b"note:", b"hint:", b"help:")

_BEFORE, _AFTER = 24, 32  # characters of its row before, and from the beginning of, a word that decide about it
_DIGITS: Final = bytes.maketrans(b"23456789", b"11111111")  # 0 errors are not 7, but 7 are like 3: fewer surroundings to judge

_NOTHING_BEFORE: Final = re.compile(r"(?:^|[^\w.,:])(?:0|no|zero|without|without any|not|never|ignored?|ignoring)[ \t]+(?:[a-z]+ )?$")
_NOTHING_AFTER: Final = re.compile(r"""["']?\s{0,4}[:=]\s{0,4}(?:0(?![\d.])|null|none|false|nil|no\b|""|''|\[\]|\{\}|<nil>|-1?(?:\s|$))""")
_NAME_BEFORE: Final = re.compile(r"(?:\w|--|/|\w\.|[$@%])$")
_NAME_AFTER: Final = re.compile(r"_|-[a-z]|\.[a-z_]|/[a-z]|\w|\(|@\w")
_COMPOUND_BEFORE: Final = re.compile(r"[a-z0-9]-$")  # http-errors, non-fatal; not "parse-error:"
_MENTIONED: Final = re.compile(r"\b(?:except|raise|catch|throws?|class|import|new|def|function|extends|instanceof|return) *\(?[\w.]*$")


def row_starts(rows: Sequence[str]) -> NDArray[np.int64]:
    """Per row its offset in the rows joined by newlines."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths[:-1] + 1)))


def severity(text: str, starts: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int8]:
    """One class a row, NONE to FATAL: the worst that its words say. `starts[i]` is the offset of row i in `text`."""
    data = text.encode("ascii", "replace").translate(_DIGITS)  # one byte a character, so that offsets stay what they are
    lowered = data.lower()
    result = np.zeros(len(starts), np.int8)
    begins = np.asarray(starts, np.int64)

    def mark(offsets: Sequence[int], classes: Sequence[int] | int) -> None:
        rows = np.searchsorted(begins, np.array(offsets, np.int64), side="right") - 1
        np.maximum.at(result, rows, np.array(classes, np.int8))

    for word in _NOTES:
        mark([at for at in _offsets(lowered, word) if _stands_alone(lowered, at, len(word))], NOTE)
    known: dict[tuple[bytes, int], int] = {}
    for offsets in (*(_offsets(lowered, beginning) for _, beginning, _ in _FREQUENT), _rare_offsets(lowered)):
        mark(offsets, [_class_at(data, at, known) for at in offsets])
    return result


def _offsets(data: bytes, word: bytes) -> list[int]:
    found = []
    at = data.find(word)
    while at >= 0:
        found.append(at)
        at = data.find(word, at + len(word))
    return found


def _rare_offsets(lowered: bytes) -> list[int]:
    return [match.start() for match in _RARE_WORDS.finditer(lowered)]


def _stands_alone(lowered: bytes, at: int, length: int) -> bool:
    return not lowered[at - 1 : at].isalpha() and not lowered[at + length : at + length + 1].isalpha()


def _class_at(data: bytes, at: int, known: dict[tuple[bytes, int], int]) -> int:
    first = at - _BEFORE if at > _BEFORE else 0
    where = data[first : at + _AFTER], at - first
    level = known.get(where)
    if level is None:
        level = known[where] = _judge(where[0].decode(), at - first)
    return level


def _judge(context: str, begin: int) -> int:
    """What the word at `begin` means where it stands: nothing in "0 errors" or "error=null", a mere note inside a name or a path."""
    lowered = context.lower()
    level, end = next((level, match.end()) for level, words in _LEVELS if (match := words.match(lowered, begin)))
    before = context[:begin].rpartition("\n")[2]
    after = context[end:].partition("\n")[0]
    if after[:1].isalpha():
        return NONE  # "failover", "errand"
    if _NOTHING_BEFORE.search(before.lower()) or _NOTHING_AFTER.match(after.lower()):
        return NONE
    if _is_exception_name(before, context[begin:end], after):
        return NOTE if _MENTIONED.search(before.lower()) else level
    if _NAME_BEFORE.search(before.lower()) or _NAME_AFTER.match(after.lower()):
        return NOTE
    return NOTE if _COMPOUND_BEFORE.search(before) and not after.startswith(":") else level


def _is_exception_name(before: str, word: str, after: str) -> bool:
    """`ValueError`, `java.io.IOException`: a name that only failures print."""
    return before[-1:].isalpha() and word[0].isupper() and word[1:].islower() and (not after or after[0] in ": \t,;)]'\"")

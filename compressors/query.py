"""What the agent wants to know: the words of its intent, and the patterns it expects the answer to match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_PATTERNS = 48  # more than an agent writes; what comes after is not read
MAX_PATTERN = 400  # characters of one pattern

# Words that carry no evidence. Question words are among them: what they ask for is a feature of its own (features.py).
_STOP = frozenset(
    """
    a an and any are as at be been but by can could did do does for from had has have how i if in into is it its me my no not of on or
    our out so than that the their them then there these they this those to up was we were what when where which while who why will
    with would you your get find show tell see look check need want know like should about all each every some also just now please
    give output line lines
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What a person quotes or writes like code stands in the output letter for letter: paths, dotted and snake names, flags, quoted strings.
_LITERAL = re.compile(
    r"""[`"']([^`"'\n]{3,60})[`"']|((?:--?)?[\w$]+(?:[./:_\\-]+[\w$]+)+|[a-z]+[A-Z]\w+|[A-Z]{2,}[A-Z0-9_]+|[A-Z][a-z]+[A-Z]\w+|\w+\(\))"""
)
_SUFFIX = re.compile(r"(?:ations?|ings?|ies|ied|ers?|ed|es|s|e|y|ly|ions?|ments?)$")


@dataclass(frozen=True, slots=True)
class Query:
    """`words`: stems of the intent's words, lower case, in order, none twice. `literals`: what it names letter for letter, lower case.
    `expect`: RE2 patterns over bytes, case-insensitive; each matches from its hit to the end of the row, so at most once a row.
    """

    intent: str = ""
    words: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    expect: tuple[Any, ...] = ()
    sources: tuple[str, ...] = ()  # the patterns as given, one for each of `expect`

    @property
    def empty(self) -> bool:
        return not (self.words or self.literals or self.expect)


def make_query(intent: str = "", expect: str | Sequence[str] = ()) -> Query:
    """`expect`: case-insensitive regular expressions, or one string split at its top-level `|`. One that does not parse is taken
    literally.
    """
    words = tuple(dict.fromkeys(stem(w) for w in split_words(intent) if w not in _STOP and (len(w) > 1 or w.isdigit())))
    literals = tuple(dict.fromkeys((quoted or name).lower() for quoted, name in _LITERAL.findall(intent)))
    sources = tuple(alternatives(expect))
    return Query(intent, words, literals, tuple(map(_compile, sources)), sources)


def split_words(text: str) -> list[str]:
    """Words in lower case; camelCase, snake_case and paths come apart."""
    return [part.lower() for word in _WORD.findall(text) for part in _HUMP.split(word)]


def stem(word: str) -> str:
    """`word` without its ending, as long as four letters are left: what is looked for at the beginning of words."""
    if len(word) <= 4 or not word.isascii():
        return word
    cut = _SUFFIX.sub("", word)
    return cut if len(cut) >= 4 else word[:4] if len(word) == 5 else word


def alternatives(expect: str | Sequence[str]) -> list[str]:
    """The single patterns of `expect`, each once, in order, at most `MAX_PATTERNS`."""
    given: Iterable[str] = [expect] if isinstance(expect, str) else expect
    parts = (part[:MAX_PATTERN] for pattern in given for part in _split_top(pattern))
    return list(dict.fromkeys(part for part in parts if part))[:MAX_PATTERNS]


def _split_top(pattern: str) -> list[str]:
    """`pattern` split at each `|` that stands outside brackets and is not escaped."""
    parts, depth, start, k, in_class = [], 0, 0, 0, False
    while k < len(pattern):
        c = pattern[k]
        if c == "\\":
            k += 1
        elif in_class:
            in_class = c != "]" or pattern[k - 1] == "["
        elif c == "[":
            in_class = True
        elif c in "()":
            depth += 1 if c == "(" else -1
        elif c == "|" and depth <= 0:
            parts.append(pattern[start:k])
            start = k + 1
        k += 1
    return [*parts, pattern[start:]]


@lru_cache(maxsize=512)
def _compile(pattern: str) -> Any:  # noqa: ANN401 - google-re2 ships no types
    import re2

    options = re2.Options()
    options.never_nl = True  # a row at a time: no class or \s reaches over a newline
    options.log_errors = False
    options.max_mem = 16 << 20
    try:
        re2.compile(pattern, options)  # by itself first: "a)(b" must not become valid by our group around it
        return re2.compile(f"(?im)(?:{pattern})[^\n]*".encode(), options)
    except re2.error:
        return re2.compile(f"(?i){re2.escape(pattern)}[^\n]*".encode(), options)

"""How many tokens a text costs: the only token counter of the project (o200k_base, through tiktoken).

The vocabulary ships in the package, so nothing is fetched at run time. `data/o200k_base.bin` is tiktoken's public `o200k_base.tiktoken`
(MIT, SHA-256
446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d) rearranged to load three times as fast: one byte with the length of each
of the 199,998 tokens in the order of their ranks, then the tokens themselves, zlib-compressed.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

VOCABULARY = Path(__file__).parent / "data" / "o200k_base.bin"
SIZE = 199_998
SHA256 = "440741350e7cfa1c0f4869ce742d1b043550adbda5187adcac9e787edac6fba9"

EXACT = 300_000  # characters; beyond, the count of a whole output is extrapolated from evenly spaced blocks
BLOCK = 6_000

# How o200k_base splits text before merging (tiktoken_ext.openai_public, MIT).
_SPLIT = "|".join(  # noqa: FLY002 - one alternative a line, as tiktoken has them
    [
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""",
        r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
        r"""\s*[\r\n]+""",
        r"""\s+(?!\S)""",
        r"""\s+""",
    ]
)


class VocabularyError(RuntimeError):
    """The shipped vocabulary is damaged: reinstall the package."""


def count_tokens(text: str) -> int:
    """o200k_base tokens of `text`; special tokens count as ordinary text."""
    return len(_encoding().encode_ordinary(text))


def estimate_tokens(text: str) -> int:
    """`count_tokens`, exact up to 300,000 characters; beyond, from 48 evenly spaced blocks (within about 2% on real outputs)."""
    if len(text) <= EXACT:
        return count_tokens(text)
    blocks = EXACT // BLOCK
    step = (len(text) - BLOCK) / (blocks - 1)
    sample = sum(count_tokens(text[int(k * step) : int(k * step) + BLOCK]) for k in range(blocks))
    return round(sample * len(text) / (blocks * BLOCK))


def vocabulary_is_intact() -> bool:
    """Whether the shipped vocabulary has the right hash."""
    try:
        _ranks()
    except (OSError, VocabularyError):
        return False
    return True


@lru_cache(maxsize=1)
def _encoding() -> Encoding:
    import tiktoken

    return tiktoken.Encoding("o200k_base", pat_str=_SPLIT, mergeable_ranks=_ranks(), special_tokens={})


def _ranks() -> dict[bytes, int]:
    try:
        data = zlib.decompress(VOCABULARY.read_bytes())
    except zlib.error as error:
        raise VocabularyError(f"{VOCABULARY} is damaged ({error}): reinstall context-mode") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise VocabularyError(f"{VOCABULARY} does not have the expected SHA-256: reinstall context-mode")
    ends = list(accumulate(data[:SIZE], initial=SIZE))
    return dict(zip(map(data.__getitem__, map(slice, ends[:-1], ends[1:])), range(SIZE), strict=True))

"""Which records differ from the others: rare values of fields that hardly vary, and numbers far off."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MOST_FIELDS: Final = 60_000  # looked at; a longer output has enough records to say what is usual, and its tail goes by words alone
_FEWEST: Final = 8  # values of a field, for some of them to be rare
_RARE: Final = 0.03  # of a field's values; also the most that may be far off, for what happens often is not odd
_FAR: Final = 12.0  # median absolute deviations


def odd(fields: Iterable[tuple[int, object, str]]) -> set[int]:
    """Rows that hold a rare value, of fields given as (row, name, value)."""
    by_name: defaultdict[object, list[tuple[int, str]]] = defaultdict(list)
    for count, (row, name, value) in enumerate(fields):
        if count >= _MOST_FIELDS:
            break
        by_name[name].append((row, value))
    return {row for cells in by_name.values() if len(cells) >= _FEWEST for row in (*_rare(cells), *_far(cells))}


def _rare(cells: Sequence[tuple[int, str]]) -> Iterator[int]:
    counts = Counter(value for _, value in cells)
    most = max(1, int(_RARE * len(cells)))
    if counts.most_common(1)[0][1] < 0.5 * len(cells) or len(counts) > max(4, 0.1 * len(cells)):
        return
    yield from (row for row, value in cells if counts[value] <= most)


def _far(cells: Sequence[tuple[int, str]]) -> Iterator[int]:
    numbers = [_number(value) for _, value in cells]
    known = np.array([number for number in numbers if number is not None])
    if len(known) < max(_FEWEST, 0.8 * len(cells)):
        return
    middle = float(np.median(known))
    spread = float(np.median(np.abs(known - middle)))
    far = [row for (row, _), number in zip(cells, numbers, strict=True) if number is not None and abs(number - middle) > _FAR * spread]
    if spread and len(far) <= max(1, _RARE * len(cells)):
        yield from far


def _number(value: str) -> float | None:
    if not value or value[0] not in "0123456789.-+":
        return None
    try:
        number = float(value.rstrip("%,"))
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None  # also nan, inf

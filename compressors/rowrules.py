"""Cutting by rules: what a row looks like says what it is, where it stands, and what the rows below it are.

Tools that report failures write blocks: a header ("--- FAIL: TestX", "a.c:3:5: error: ..."), then rows that explain it. A table of rules
knows the rows; `mark` walks over them once, one match a row, and keeps which block is open.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import re2

from compressors.marks import Marks
from compressors.types import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MEMORY: Final = 32 << 20  # bytes, for the automaton that grows as it meets new rows

Kind = tuple[Label, float]  # what rows are, and their weight


class Place(Enum):
    OUT = "out"  # stands for itself and closes the open block: totals, passing tests, separators
    FILE = "file"  # names what the blocks below are about
    HEAD = "head"  # opens a block
    IN = "in"  # belongs to the open block


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """`pattern` is RE2, matched at the start of a row; `name` is unique in its table."""

    name: str
    pattern: str
    label: Label
    weight: float
    place: Place = Place.IN
    then: Kind | None = None  # the unknown rows right below, up to a blank one
    inside: Kind | None = None  # all other unknown rows, from here to the end of the block
    scale: float = 1.0  # how much the rows of this head's block count
    fade: float = 0.0  # how much less each further row of this rule weighs, down to two thirds


class RuleSet:
    """Rules in order of precedence. RE2 tries all of them in one pass over a row, however many they are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = list(rules)
        options = re2.Options()
        options.max_mem = _MEMORY
        patterns = re2.Set.MatchSet(options)
        for rule in self._rules:
            patterns.Add(rule.pattern)
        patterns.Compile()
        self._matching = patterns.Match

    def rule(self, row: str) -> Rule | None:
        """The first rule that knows the row."""
        found = self._matching(row)
        return self._rules[min(found)] if found else None


_UNKNOWN: Final[Kind] = (Label.TEXT, 0.3)
_UNKNOWN_INSIDE: Final[Kind] = (Label.TEXT, 0.45)


class _Walk:
    """The state between two rows."""

    def __init__(self) -> None:
        self.marks = Marks()
        self._file = self._block = -1
        self._scale = 1.0
        self._then: Kind | None = None
        self._inside: Kind | None = None
        self._counts: Counter[str] = Counter()
        self._last: Rule | Kind | None = None
        self._run = 0

    def blank(self) -> None:
        """Ends what the row before it was, and belongs to it."""
        self._then = None
        marks = self.marks
        before = len(marks.label) - 1
        if before < 0 or before in (self._block, self._file):
            marks.add(Label.NOISE, 0.05, self._block)
        else:
            marks.add(marks.label[before], marks.weight[before], marks.owner[before])

    def unruled(self, n: int) -> None:
        kind = self._then or self._inside or (_UNKNOWN if self._block < 0 else _UNKNOWN_INSIDE)
        if kind[1] < 0.6:
            self.marks.unknown.append(n)
        self.marks.add(kind[0], kind[1] * self._scale * self._fading(kind) * self._deep(n), self._block)

    def ruled(self, n: int, rule: Rule) -> None:
        weight = rule.weight
        if rule.fade:
            weight = max(weight * 2 / 3, weight - rule.fade * self._counts[rule.name])
            self._counts[rule.name] += 1
        fading = self._fading(rule)
        self._then = rule.then
        if rule.place is Place.IN:
            self._inside = rule.inside or self._inside
            self.marks.add(rule.label, weight * self._scale * (fading * self._deep(n) if weight < 1 else 1), self._block)
        else:
            self._enter(n, rule, weight)

    def _enter(self, n: int, rule: Rule, weight: float) -> None:
        self._inside = rule.inside
        if rule.place is Place.HEAD:
            self._scale, self._block = rule.scale, n
            self.marks.add(rule.label, weight, self._file)
            self.marks.heads[n] = rule.name
            return
        self._scale, self._block = 1.0, -1
        self._file = n if rule.place is Place.FILE else -1
        self.marks.add(rule.label, weight, -1)

    def _deep(self, n: int) -> float:
        """The top of a long block says most, but for the evidence itself (weight 1), which may stand at its end."""
        return 1.0 if self._block < 0 or n - self._block <= 25 else 0.92 if n - self._block <= 60 else 0.8

    def _fading(self, what: Rule | Kind) -> float:
        """The top of a long run says most."""
        self._run = self._run + 1 if what is self._last else 0
        self._last = what
        return 1.0 if self._run < 12 else 0.8 if self._run < 30 else 0.55


def mark(rows: Sequence[str], rules: RuleSet) -> Marks:
    walk = _Walk()
    rule_of = rules.rule
    for n, row in enumerate(rows):
        if not row or row.isspace():
            walk.blank()
        elif (rule := rule_of(row)) is None:
            walk.unruled(n)
        else:
            walk.ruled(n, rule)
    return walk.marks

"""Logs: entries by their timestamps or levels, repeats of a template folded, what went wrong on top. Access logs by their status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compressors import blocks, shape
from compressors.severity import ERROR, FATAL, NOTE, WARNING
from compressors.templates import templates
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.types import Output

_PROGRAMS: Final = ("journalctl", "dmesg", "docker logs", "kubectl logs", "docker-compose logs", "podman logs", "logcat", "adb logcat")
_DATE: Final = (
    r"\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{4}|\d\d[-/ ](?:[A-Z][a-z]{2}|\d\d)[-/ ]\d{2,4}|[A-Z][a-z]{2} [ \d]\d|\d\d-\d\d"
)
_CLOCK: Final = r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_STAMP: Final = (
    rf"(?:(?:[A-Z][a-z]{{2}} )?(?:{_DATE})[T :_-]{{0,2}}{_CLOCK}(?: \d{{4}})?|{_CLOCK}|\d{{6}} ?{_CLOCK}"
    r"|\d{10}(?:\.\d+)?(?= )|[ \d]{2,6}\.\d{3,6}(?=\]| ))"
)
_LEVEL: Final = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|FATAL|CRITICAL|SEVERE|PANIC|FINE)"
_NPM: Final = r"(?:silly|verb(?:ose)?|info|http|timing|notice|WARN|warn|ERR!|error)"
# What an entry begins with: a stamp (after a container's or a service's name, brackets, a process id), a level, klog's and glog's letter.
_HEAD: Final = re.compile(
    rf"(?P<stamp>(?:[\w.-]{{1,40}} +\| +)?[\[(<]{{0,2}}(?:\d+:[A-Z] +|\[?\d+\]? +)?[\[(]?{_STAMP})"
    rf"|[\[<]?{_LEVEL}[\]>]?(?:[: \t]|$)|[IWEF]\d{{4}} {_CLOCK}|[VDIWEF]/[\w.]+ ?[(:]|time=\S|npm {_NPM} "
    r"|\{\"(?:level|time|ts|timestamp|@timestamp|msg|severity)\""
    r"|(?P<client>[\d.a-f:]+ \S+ \S+ \[[^\]]+\] \")"
)
_OWN_LEVEL: Final = re.compile(
    r"\b(?:(?P<low>trace|debug|silly|verb(?:ose)?|http|timing|info|notice|fine|note(?=\]))|(?P<warn>warn(?:ing)?)|(?P<high>error|err|severe)"
    r"|(?P<fatal>fatal|critical|panic|emerg|alert|crit))\b",
    re.IGNORECASE,
)
_ACCESS: Final = re.compile(r"\" (?P<status>[1-5]\d\d) (?:\d+|-)|[A-Z_]+/(?P<squid>\d{3}) \d+ |HTTP/[\d.]+\"? (?P<after>[1-5]\d\d)\b")
_LETTER: Final = re.compile(r"([VDIWEF])(?:\d{4} \d|/\w)|.{0,60}? ([VDIWEF]) [\w.$-]+ *:")  # klog's and Android's levels
_JSON_LEVEL: Final = re.compile(r"\"(?:level|severity|lvl|levelname)\": ?\"?(\w+)")
_JSON_MESSAGE: Final = re.compile(r"\"(?:msg|message|event|error)\": ?\"((?:[^\"\\]|\\.)*)\"")
_LEVELS: Final = {"V": 1, "D": 1, "I": 1, "W": 2, "E": 3, "F": 4, "10": 1, "20": 1, "30": 1, "40": 2, "50": 3, "60": 4}  # numbers: pino
_ANDROID: Final = re.compile(r"\d\d-\d\d \d\d:")
_SHOWN_NEAR_END: Final = 3  # entries
_FOLDED: Final = 50  # rows of repeats in one chunk
_VARIABLE: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\S*/\S+|\S+@\S+|(?<==)\S+")


@dataclass(frozen=True)
class Log:
    name: str = "log"

    def detect(self, output: Output) -> bool:
        picked = shape.sample(output.rows)
        if not picked:
            return False
        headed = shape.share(picked, _HEAD.match)
        named = shape.ran(output, *_PROGRAMS) or shape.extension(output) == "log"
        return headed > (0.1 if named else 0.4)

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        heads = [_head_end(row) for row in rows]
        entries = [row for row, end in enumerate(heads) if end >= 0]
        severities = blocks.levels(output)
        if not entries:
            return list(blocks.prose(rows, severities, 0, len(rows)))
        cutter = _Cutter(rows, heads, severities)
        cutter.before(entries[0])
        for start, end in zip(entries, [*entries[1:], len(rows)], strict=True):
            cutter.entry(start, end, near_end=start >= entries[-_SHOWN_NEAR_END:][0])
        cutter.fold(len(rows))
        return cutter.chunks


def _head_end(row: str) -> int:
    """Where the stamp that an entry begins with ends, 0 for one that begins with its level; -1 where the row begins none."""
    match = _HEAD.match(row)
    return -1 if match is None else max(match.end("stamp"), match.end("client"), 0)


class _Cutter:
    """Entries in, chunks out. Repeats wait in `folding` until something new comes."""

    def __init__(self, rows: Sequence[str], heads: Sequence[int], severities: Sequence[int]) -> None:
        self.rows = rows
        self.heads = heads
        self.severities = severities
        self.access = shape.share(shape.sample(rows), _ACCESS.search) > 0.5
        self.templates: list[int] = templates("\n".join(row[max(0, end) :] for row, end in zip(rows, heads, strict=True))).tolist()
        self.own_levels: dict[int, int] = {}
        self.kinds: dict[int, str] = {}
        self.seen: dict[tuple[object, ...], int] = {}
        self.chunks: list[Chunk] = []
        self.folding: tuple[int, int] | None = None

    def before(self, first: int) -> None:
        """Rows above the first entry: a banner, the tail of an entry that was cut off."""
        self.chunks.extend(blocks.prose(self.rows, self.severities, 0, first))

    def entry(self, start: int, end: int, *, near_end: bool) -> None:
        status, level = self.status_and_level(start)
        key = (self.kind(start), level, status)
        times = self.seen[key] = self.seen.get(key, 0) + 1
        if times > 1 and not near_end and end - start <= 2:
            self.repeat(start, end, level)
            return
        self.fold(start)
        weight = _weight(level, status)
        if times > 1:
            weight *= 0.6
        self.whole(start, end, max(weight, 0.6) if near_end else weight, level)

    def status_and_level(self, row: int) -> tuple[int, int]:
        if self.access and (found := _ACCESS.search(self.rows[row])):
            status = int(found[found.lastgroup or 0]) // 100
            return status, {5: ERROR, 4: WARNING}.get(status, 0)
        own, said = self.own_level(row), self.severities[row]
        return 0, max(own, min(said, WARNING)) if own <= NOTE and own else own or said

    def own_level(self, row: int) -> int:
        """The level that the entry gives itself, 0 where it gives none. Words, so one template has one; in JSON, numbers too."""
        if self.rows[row][:1] == "{":
            return _own_level(self.rows[row], 0)
        template = self.templates[row]
        level = self.own_levels.get(template)
        if level is None:
            level = self.own_levels[template] = _own_level(self.rows[row], self.heads[row])
        return level

    def kind(self, row: int) -> str:
        """The entry's shape: its template's text without quoted, assigned and path-like words."""
        template = self.templates[row]
        kind = self.kinds.get(template)
        if kind is None:
            text = self.rows[row][self.heads[row] :]
            if message := _JSON_MESSAGE.search(text):
                text = message[1]
            text = text.partition('"')[0] if self.access else _VARIABLE.sub("", text)
            kind = self.kinds[template] = "".join(c for c in text[:160] if not c.isdigit())
        return kind

    def repeat(self, start: int, end: int, level: int) -> None:
        if self.folding and (end - self.folding[0] > _FOLDED or self.folding[1] != level):
            self.fold(start)
        if self.folding is None:
            self.folding = start, level

    def fold(self, end: int) -> None:
        if self.folding:
            start, level = self.folding
            weight = {WARNING: 0.15, ERROR: 0.3, FATAL: 0.4}.get(level, 0.1)
            self.chunks.append(Chunk(start, end, weight, None, Label.REPEAT))
            self.folding = None

    def whole(self, start: int, end: int, weight: float, level: int) -> None:
        """One entry: its row, and what hangs below it (a stack trace, a statement) in pieces of its own where it is long."""
        head = end if end - start <= 3 else start + 1
        self.chunks.append(Chunk(start, head, weight, None, _label(level)))
        parent = len(self.chunks) - 1
        self.chunks.extend(self.below(head, end, parent, weight))

    def below(self, start: int, end: int, parent: int, weight: float) -> Iterator[Chunk]:
        return blocks.prose(self.rows, self.severities, start, end, parent=parent, label=Label.TRACE, weight=0.7 * weight, size=10)


def _own_level(row: str, head: int) -> int:
    if row[:1] == "{" and (found := _JSON_LEVEL.search(row)):
        word = found[1]
    elif (row[:1] in "VDIWEF" or _ANDROID.match(row)) and (found := _LETTER.match(row)):
        word = found[1] or found[2]
    else:
        word = ""
    if word in _LEVELS:
        return _LEVELS[word]
    found = _OWN_LEVEL.search(word) if word else _OWN_LEVEL.search(row, max(head - 12, 0), head + 70)
    return {"low": NOTE, "warn": WARNING, "high": ERROR, "fatal": FATAL}[found.lastgroup or "low"] if found else 0


def _weight(level: int, status: int) -> float:
    if status:
        return {5: 0.9, 4: 0.6}.get(status, 0.4)
    return {FATAL: 0.95, ERROR: 0.95, WARNING: 0.6}.get(level, 0.5)


def _label(level: int) -> Label:
    return {FATAL: Label.ERROR, ERROR: Label.ERROR, WARNING: Label.WARNING}.get(level, Label.ENTRY)


COMPRESSOR: Final = Log()

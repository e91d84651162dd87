"""Bytes to clean lines: the only home of what counts as colour, progress and a long line."""

from __future__ import annotations

import re

LONG = 2000  # characters; a longer line is cut into pieces of this length

# CSI (colours, cursor), OSC (titles, links; ended by BEL or ST), other two-character escapes. An unclosed one ends with its line.
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]?|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
_BACKSPACE = re.compile(r"[^\n\x08]\x08")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


def clean(raw: bytes) -> str:
    """`raw` as text: invalid UTF-8 replaced, escapes removed, overwritten progress gone. Never adds or removes a newline."""
    text = raw.decode("utf-8", "replace")
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    if "\b" in text:
        text = _backspaces(text)
    if "\r" in text:
        text = "\n".join(_overwritten(line) for line in text.split("\n"))
    return _CONTROL.sub("", text)


def _backspaces(text: str) -> str:
    previous = None
    while previous != text:
        previous, text = text, _BACKSPACE.sub("", text)
    return text


def _overwritten(line: str) -> str:
    """What a terminal would show of a line with carriage returns, but that the last non-empty state wins whole."""
    if "\r" not in line:
        return line
    return next((state for state in reversed(line.split("\r")) if state), "")


def rows(lines: list[str]) -> tuple[list[str], list[tuple[int, int]] | None]:
    """The lines with long ones cut into pieces, and per row its line and first character (None where no line is long)."""
    if max(map(len, lines)) <= LONG:
        return lines, None
    cut: list[str] = []
    where: list[tuple[int, int]] = []
    for n, line in enumerate(lines):
        for start in range(0, max(len(line), 1), LONG):
            cut.append(line[start : start + LONG])
            where.append((n, start))
    return cut, where

"""A line on the terminal that says that a long command still runs, gone when it ends."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

from compressors.text import clean

if TYPE_CHECKING:
    from typing import Self, TextIO

ERASE = "\r\x1b[K"


class Progress:
    """Called with each piece of output. A thread of its own draws, so that a silent command is seen to run too."""

    def __init__(self, terminal: TextIO, *, after_s: float = 1.0, every_s: float = 0.5) -> None:
        self._terminal = terminal
        self._after_s, self._every_s = after_s, every_s
        self._began = time.monotonic()
        self._lines = 0
        self._tail = b""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def __call__(self, chunk: bytes) -> None:
        self._lines += chunk.count(b"\n")
        self._tail = (self._tail + chunk)[-500:]

    def _draw(self) -> None:
        if self._ended.wait(self._after_s):
            return
        while not self._ended.wait(self._every_s):
            self._terminal.write(ERASE + self._line()[: shutil.get_terminal_size().columns - 1])
            self._terminal.flush()
        self._terminal.write(ERASE)
        self._terminal.flush()

    def _line(self) -> str:
        latest = next(filter(str.strip, reversed(clean(self._tail).split("\n"))), "")
        return f"[{time.monotonic() - self._began:.0f} s, {self._lines:,} lines] {latest}"

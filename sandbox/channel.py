"""One end of a driver: requests go in, a command's output and then a report come out."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sandbox.types import SandboxDiedError

if TYPE_CHECKING:
    from collections.abc import Callable

_READ = 1 << 16
_HEADER = 8  # of a frame in the engine's stream: its kind, three zeros, its length in four bytes, big end first
_AT_ONCE_S = 1e-6  # a timeout of zero would mean something else to a socket


class ChannelClosedError(Exception):
    """The driver, its container or its engine is gone."""


class NotBegunError(SandboxDiedError):
    """The same, before the command began: it may be run again."""


class Closable(Protocol):
    def close(self) -> None: ...


class Connection(Closable, Protocol):
    """What is asked of a socket, TLS and SSH ones too."""

    def settimeout(self, seconds: float | None, /) -> None: ...
    def recv(self, count: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...
    def shutdown(self, how: int, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Report:
    """How a command ended, as its driver says it."""

    exit_code: int
    signal: int | None
    out_of_memory: bool
    held: bool  # a process still has the output open

    @classmethod
    def parse(cls, words: list[str]) -> Report:
        code, signal, out_of_memory, held = map(int, words)
        return cls(code, signal or None, bool(out_of_memory), bool(held))


class Channel:
    def __init__(self, connection: Connection, *around: Closable) -> None:
        """`around`: what the connection was taken out of: kept, as it would close the connection when collected, and closed with it."""
        self._connection = connection
        self._around = around
        self._frames = bytearray()  # bytes of the stream, from the start of a frame
        self._text = bytearray()  # what the driver and its command wrote, not yet handed on
        self.pid = self.lifeline = 0  # inside, once it has greeted

    def greet(self) -> None:
        """Wait until the driver is there."""
        self.pid, self.lifeline = (int(word) for word in self.read("hello", _ignore))

    def send(self, data: bytes) -> None:
        try:
            self._connection.settimeout(None)
            self._connection.sendall(data)
        except OSError as error:
            raise ChannelClosedError(str(error)) from error

    def read(self, token: str, on_data: Callable[[bytes], None], deadline: float | None = None) -> list[str]:
        """Output to `on_data` until the line that starts with NUL and the token; its other words.

        Raises TimeoutError at `deadline` (of the monotonic clock), after which reading may go on, and ChannelClosedError.
        """
        mark = b"\0" + token.encode() + b" "
        while True:
            at = self._text.find(mark)
            if at >= 0 and (end := self._text.find(b"\n", at)) >= 0:
                if at:
                    on_data(bytes(self._text[:at]))
                words = self._text[at + len(mark) : end].decode().split()
                del self._text[: end + 1]
                return words
            ready = at if at >= 0 else len(self._text) - _begun(self._text, mark)
            if ready:
                on_data(bytes(self._text[:ready]))
                del self._text[:ready]
            self._receive(deadline)

    def is_open(self) -> bool:
        """Whether the other end is still there, as far as one can see without waiting. Output that nobody asked for is dropped."""
        self._text.clear()
        try:
            self._connection.settimeout(0)
            while data := self._connection.recv(_READ):
                self._unpack(data)
                self._text.clear()
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        """Whoever reads in another thread reads the end."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        for each in (*self._around, self._connection):
            with contextlib.suppress(OSError):
                each.close()

    def _receive(self, deadline: float | None) -> None:
        remaining = None if deadline is None else max(deadline - time.monotonic(), _AT_ONCE_S)
        try:
            self._connection.settimeout(remaining)
            data = self._connection.recv(_READ)
        except TimeoutError:
            raise
        except OSError as error:
            raise ChannelClosedError(str(error)) from error
        if not data:
            raise ChannelClosedError("end of stream")
        self._unpack(data)

    def _unpack(self, data: bytes) -> None:
        self._frames += data
        start = 0
        while len(self._frames) - start >= _HEADER:
            end = start + _HEADER + int.from_bytes(self._frames[start + 4 : start + _HEADER], "big")
            if end > len(self._frames):
                break
            self._text += memoryview(self._frames)[start + _HEADER : end]
            start = end
        del self._frames[:start]


def _begun(text: bytearray, mark: bytes) -> int:
    """How many bytes at the end of `text` may be the beginning of the mark."""
    at = text.find(b"\0", max(0, len(text) - len(mark)))
    while at >= 0:
        if mark.startswith(text[at:]):
            return len(text) - at
        at = text.find(b"\0", at + 1)
    return 0


def _ignore(_data: bytes) -> None:
    pass

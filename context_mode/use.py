"""Where an output came from."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

SEPARATOR = "\x1f"  # between the patterns of one use, in the store


class Use(NamedTuple):
    """Where an output came from and what was asked of it. `cause`: why a command ended, where its exit code does not say it."""

    command: str = ""
    path: str = ""
    cwd: str = ""
    exit_code: int | None = None
    cause: str = ""
    intent: str = ""
    expect: tuple[str, ...] = ()
    session: str = ""

    def storable(self) -> Use:
        """With `?` for what is not text: file names and arguments may hold any bytes, and sqlite takes none but UTF-8."""
        texts = (_text(text) for text in (self.command, self.path, self.cwd, self.cause, self.intent, self.session))
        command, path, cwd, cause, intent, session = texts
        return Use(command, path, cwd, self.exit_code, cause, intent, tuple(map(_text, self.expect)), session)

    def key(self, raw: bytes) -> bytes:
        """What the handle of `raw` from this use begins: the same bytes from the same command, or file, are the same output."""
        digest = sha256((self.command or self.path).encode() + b"\0")
        digest.update(raw)
        return digest.digest()


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()

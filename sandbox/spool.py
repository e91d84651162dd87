"""Output on its way: in memory while small, in an unlinked file beyond that, never more than a cap."""

from __future__ import annotations

import os

IN_MEMORY = 1 << 20


class Spool:
    """Keeps the first `cap` bytes written. A disk that is full counts as the cap reached: the command goes on, the rest is dropped."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._size = 0
        self._chunks: list[bytes] = []
        self._file = -1
        self.truncated = False

    def write(self, data: bytes) -> None:
        kept = data[: self._cap - self._size]
        if len(kept) < len(data):
            self.truncated = True
        if not kept:
            return
        if self._file < 0 and self._size + len(kept) > IN_MEMORY and not self._spill():
            return
        if self._file < 0:
            self._chunks.append(bytes(kept))
            self._size += len(kept)
        else:
            self._append(kept)

    def take(self) -> bytes:
        """All that was kept; the spool is empty and closed afterwards."""
        if self._file < 0:
            data = b"".join(self._chunks)
        else:
            with os.fdopen(self._file, "rb") as file:
                file.seek(0)
                data = file.read(self._size)
        self._file, self._chunks, self._size = -1, [], 0
        return data

    def _spill(self) -> bool:
        """Whether there is a file now. Without a folder to write to, what is in memory already is all that is kept: that is bounded."""
        try:
            self._file = _unlinked_file()
        except OSError:
            self._cap = self._size
            self.truncated = True
            return False
        chunks, self._chunks, self._size = self._chunks, [], 0
        for chunk in chunks:
            self._append(chunk)
        return True

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                count = os.write(self._file, view)
                self._size += count
                view = view[count:]
        except OSError:
            self._cap = self._size
            self.truncated = True


def _unlinked_file() -> int:
    """An open file without a name: gone when closed, whatever happens to us. Not `tempfile`: its import costs 10 ms of a cold start."""
    folder = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 (created exclusively, readable by the owner only)
    path = f"{folder}/context-mode-{os.getpid()}-{os.urandom(8).hex()}"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    os.unlink(path)  # noqa: PTH108 (pathlib would double what a cold start imports)
    return file

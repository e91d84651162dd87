"""The store's file: opened when first needed, safe for several processes at once, and replaced when it is damaged.

A damaged file is renamed, never deleted, and a new one begun: the output at hand matters more than those before it.
"""
# pathlib alone adds some 5 ms to every start:
# ruff: noqa: PTH103, PTH104, PTH110, PTH112, PTH116, PTH118, PTH123

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from context_mode.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

VERSION = 1
MOVED = "the store's file was set aside by another process"
RETRIES = 5  # of a transaction on a damaged file, or on one that another process was setting aside meanwhile
BUSY_S = 5.0  # how long one process waits for another's write

SCHEMA = """
CREATE TABLE outputs (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE, key BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, packed INTEGER NOT NULL,
    lines INTEGER NOT NULL, used REAL NOT NULL, evicted REAL, reason TEXT);
CREATE INDEX live ON outputs (used, packed) WHERE evicted IS NULL;
CREATE TABLE contents (id INTEGER PRIMARY KEY, raw BLOB NOT NULL, words BLOB);
CREATE INDEX not_indexed ON contents (id) WHERE words IS NULL;
CREATE TABLE uses (
    id INTEGER PRIMARY KEY, output INTEGER NOT NULL, created REAL NOT NULL, command TEXT, path TEXT, cwd TEXT, exit_code INTEGER,
    cause TEXT, intent TEXT, expect TEXT, session TEXT, kind TEXT, tokens_total INTEGER, tokens_shown INTEGER);
CREATE INDEX uses_of ON uses (output, created);
CREATE TABLE expands (id INTEGER PRIMARY KEY, output INTEGER NOT NULL, created REAL NOT NULL, bytes INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize="unicode61 remove_diacritics 0");
"""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# How sqlite calls it when the file was renamed under it. Where the disk really is bad, the retries are in vain and soon over.
_MOVED = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space, or set CONTEXT_MODE_DATA_DIR to another disk",
    sqlite3.SQLITE_BUSY: f"another process has been writing for {BUSY_S:.0f} s: try again",
    sqlite3.SQLITE_READONLY: "it cannot be written: make it writable, or set CONTEXT_MODE_DATA_DIR to a folder that is",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: make its folder writable, or set CONTEXT_MODE_DATA_DIR to a folder that is",
    sqlite3.SQLITE_IOERR: "it cannot be read or written: check the disk, or set CONTEXT_MODE_DATA_DIR to another one",
}


class Database:
    """One connection, shared by the threads of this process. `notes`: what the user should be told, such as a damaged file set aside."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.path = os.path.join(folder, "store.db")
        self.notes: list[str] = []
        self._connection: sqlite3.Connection | None = None
        self._inode = 0  # of the file that the connection writes to: what went to a file set aside meanwhile is written again
        self._lock = threading.RLock()

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns; all of it is written, or nothing. Raises StoreError."""
        return self._run(work, "BEGIN IMMEDIATE")

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._run(work, "BEGIN")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        with self._lock, self._told():
            for _ in range(RETRIES):
                try:
                    return self._attempt(work, begin)
                except sqlite3.DatabaseError as error:
                    self.close()  # which also gives back what an unfinished transaction holds of a full disk
                    if not (_is_damage(error) or _code(error) in _MOVED or MOVED in str(error)):
                        raise
                    if _is_damage(error):
                        self._set_aside(error)
                    else:
                        self._wait_for_the_mover()
            return self._attempt(work, begin)

    def _attempt(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        if self._connection is None:
            self._connection = self._open()
        connection = self._connection
        connection.execute(begin)
        try:
            result = work(connection)
        except BaseException:
            if connection.in_transaction:  # sqlite has rolled back by itself where the disk is full
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        if self._inode != _inode(self.path):
            raise sqlite3.OperationalError(MOVED)
        return result

    def _open(self) -> sqlite3.Connection:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        with self._alone():  # never while another process is setting the file aside
            return self._open_alone()

    def _open_alone(self) -> sqlite3.Connection:
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # outputs may hold secrets: for this user's eyes only
        self._inode = _inode(self.path)
        connection = self._connect()
        try:
            self._check_version(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_version(self, connection: sqlite3.Connection) -> None:
        version = _version(connection)
        if version == 0:
            self._create(connection)
        elif version > VERSION:
            raise StoreError(f"{self.path} was written by a newer version of context-mode: install that, or set CONTEXT_MODE_DATA_DIR")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may take the last outputs, never the file
        return connection

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        """Renames the damaged file, unless another process has done so already."""
        with self._alone():
            if not self._is_damaged():
                return
            aside = next(name for n in range(1, 10_000) if not os.path.exists(name := f"{self.path}.damaged-{n}"))
            for suffix in ("-wal", "-shm", ""):
                if os.path.exists(self.path + suffix):
                    os.rename(self.path + suffix, aside + suffix)
        self.notes.append(f"the store was damaged ({error}): set aside as {aside}, a new one begun")

    def _is_damaged(self) -> bool:
        try:
            with closing(self._connect()) as connection:
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
        except sqlite3.DatabaseError as error:
            return _is_damage(error)

    def _wait_for_the_mover(self) -> None:
        """Until a process that is setting the file aside, or beginning a new one, is done."""
        if os.path.isdir(self.folder) and os.access(self.folder, os.W_OK):
            with self._alone():
                return

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time. The kernel lets go of the lock if we die."""
        with open(os.path.join(self.folder, "store.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the disk and of sqlite as one that says what to do."""
        try:
            yield
        except OSError as error:
            advice = "make its folder writable, or set CONTEXT_MODE_DATA_DIR to a folder that is"
            raise StoreError(f"the store {self.path} cannot be opened ({error.strerror}): {advice}") from error
        except sqlite3.Error as error:
            advice = _ADVICE.get(_code(error), "run `ctx doctor`")
            raise StoreError(f"the store {self.path} failed ({error}): {advice}") from error


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return 0


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _code(error: sqlite3.Error) -> int:
    """The primary result code; 0 where the error is not sqlite's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_damage(error: sqlite3.Error) -> bool:
    return _code(error) in _DAMAGED or "malformed" in str(error)

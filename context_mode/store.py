"""Every raw output by its handle: kept whole, compressed, checked when read, searchable, and let go of when too old or too much.

A handle is the beginning of a SHA-256 over what was run or read and the bytes that came of it: the same again is the same handle,
and one more use of it.
"""

from __future__ import annotations

import time
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from context_mode.database import Database
from context_mode.errors import StoreError
from context_mode.use import SEPARATOR
from context_mode.words import distinct_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from context_mode.entries import Entry
    from context_mode.use import Use

DAY_S = 86_400
HANDLE = 8  # hex digits; more where two outputs would share them
INDEXED_AT_ONCE = 128 << 10  # bytes: up to some 20 ms; larger outputs are indexed by the next search


class Stored(NamedTuple):
    """`use` names this use of the output, for `viewed`."""

    handle: str
    use: int


class Store:
    """Nothing is opened before it is needed. `clock` gives seconds since 1970. Methods raise StoreError where the file cannot be used."""

    def __init__(
        self, folder: str, *, max_mb: int = 500, max_days: int = 30, clock: Callable[[], float] = time.time, handle_length: int = HANDLE
    ) -> None:
        self.database = Database(folder)
        self._max_bytes = max_mb << 20
        self._max_days = max_days
        self._clock = clock
        self._handle_length = handle_length

    def put(self, raw: bytes, use: Use) -> Stored:
        use = use.storable()
        key = use.key(raw)
        if self.database.read(lambda db: _find_live(db, key)) is not None:
            return self.database.write(lambda db: self._used_again(db, key, raw, use))
        content = _pack(raw, use)
        if len(content.packed) > self._max_bytes:
            raise StoreError(f"an output of {len(raw):,} bytes is larger than the whole store: raise CONTEXT_MODE_STORE_MAX_MB")
        return self.database.write(lambda db: self._put(db, key, content, use))

    def viewed(self, stored: Stored, kind: str, tokens_total: int, tokens_shown: int) -> None:
        """Notes what a use showed. Without it, the output counts as shown whole."""
        values = (kind, tokens_total, tokens_shown, stored.use)
        self.database.write(lambda db: db.execute("UPDATE uses SET kind = ?, tokens_total = ?, tokens_shown = ? WHERE id = ?", values))

    def expanded(self, handle: str, size: int) -> None:
        """Notes that `size` bytes of an output were fetched back: they count against what its views saved."""
        values = (self._clock(), size, handle)
        self.database.write(
            lambda db: db.execute("INSERT INTO expands (output, created, bytes) SELECT id, ?, ? FROM outputs WHERE handle = ?", values)
        )

    def get(self, handle: str) -> Entry:
        """The output that `handle`, or a beginning of it, names. Raises HandleError where there is none, or several."""
        from context_mode.entries import find, load_entry

        return self.database.read(lambda db: load_entry(db, find(db, handle)))

    def index_rest(self) -> None:
        """Makes searchable what was too large to be indexed while a command's user waited."""
        for (id_,) in self.database.read(lambda db: db.execute("SELECT id FROM contents WHERE words IS NULL").fetchall()):
            self.database.write(partial(_index_late, id_=id_))

    def close(self) -> None:
        self.database.close()

    def _used_again(self, db: Connection, key: bytes, raw: bytes, use: Use) -> Stored:
        if _find_live(db, key) is None:  # another process has evicted it since we looked
            return self._put(db, key, _pack(raw, use), use)
        return self._note_use(db, key, use)

    def _put(self, db: Connection, key: bytes, content: _Content, use: Use) -> Stored:
        now = self._clock()
        known = db.execute("SELECT id, evicted FROM outputs WHERE key = ?", (key,)).fetchone()
        if known is None:
            row = (self._free_handle(db, key), key, content.size, len(content.packed), content.lines, now)
            db.execute("INSERT INTO outputs (handle, key, size, packed, lines, used) VALUES (?, ?, ?, ?, ?, ?)", row)
            known = (db.execute("SELECT last_insert_rowid()").fetchone()[0], now)
        if known[1] is not None:  # new, or once evicted: both lack their content
            db.execute("UPDATE outputs SET evicted = NULL, reason = NULL, packed = ? WHERE id = ?", (len(content.packed), known[0]))
            db.execute("INSERT INTO contents (id, raw) VALUES (?, ?)", (known[0], content.packed))
            if content.words is not None:
                _index(db, known[0], content.words)
        stored = self._note_use(db, key, use)
        self._evict(db, keep=known[0])
        return stored

    def _note_use(self, db: Connection, key: bytes, use: Use) -> Stored:
        now = self._clock()
        output, handle = db.execute("SELECT id, handle FROM outputs WHERE key = ?", (key,)).fetchone()
        db.execute("UPDATE outputs SET used = ? WHERE id = ?", (now, output))
        expect = SEPARATOR.join(use.expect)
        row = (output, now, use.command, use.path, use.cwd, use.exit_code, use.cause, use.intent, expect, use.session)
        columns = "output, created, command, path, cwd, exit_code, cause, intent, expect, session"
        cursor = db.execute(f"INSERT INTO uses ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - our own column names
        return Stored(handle, cursor.lastrowid or 0)

    def _free_handle(self, db: Connection, key: bytes) -> str:
        digits = key.hex()
        lengths = range(self._handle_length, len(digits) + 1)
        taken = "SELECT 1 FROM outputs WHERE handle = ?"
        return next(digits[:n] for n in lengths if db.execute(taken, (digits[:n],)).fetchone() is None)

    def _evict(self, db: Connection, keep: int) -> None:
        """Lets go of what has not been used for too long and, above the cap, of what was used longest ago, until a tenth of it is free."""
        oldest = self._clock() - self._max_days * DAY_S
        live = "SELECT id, packed FROM outputs WHERE evicted IS NULL AND id != ?"
        gone = [(id_, "age") for id_, _ in db.execute(f"{live} AND used < ?", (keep, oldest)).fetchall()]
        for id_, reason in gone:
            _let_go(db, id_, reason, self._clock())
        over = db.execute("SELECT coalesce(sum(packed), 0) FROM outputs WHERE evicted IS NULL").fetchone()[0] - self._max_bytes
        if over > 0:
            over += self._max_bytes // 10
            for id_, packed in db.execute(f"{live} ORDER BY used", (keep,)).fetchall():
                if over <= 0:
                    break
                _let_go(db, id_, "size", self._clock())
                over -= packed
            db.execute("PRAGMA incremental_vacuum")

class _Content(NamedTuple):
    packed: bytes
    words: str | None  # None: left to the next search
    size: int
    lines: int


def _pack(raw: bytes, use: Use) -> _Content:
    words = _words(raw, use) if len(raw) <= INDEXED_AT_ONCE else None
    # level 1: half the time of the default for a sixth more bytes
    return _Content(zlib.compress(raw, 1), words, len(raw), raw.count(b"\n") + (raw[-1:] not in (b"", b"\n")))


def _words(raw: bytes, use: Use) -> str:
    from compressors.text import clean

    return distinct_words(clean(raw), use.command, use.path)


def _index(db: Connection, id_: int, words: str) -> None:
    """The words are kept, compressed, since without them an entry of a full text index cannot be removed."""
    packed = zlib.compress(words.encode(), 1)
    db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (id_, words))
    db.execute("UPDATE contents SET words = ? WHERE id = ?", (packed, id_))
    db.execute("UPDATE outputs SET packed = packed + ? WHERE id = ?", (len(packed), id_))


def _find_live(db: Connection, key: bytes) -> Any:  # noqa: ANN401 - a row or None
    return db.execute("SELECT id FROM outputs WHERE key = ? AND evicted IS NULL", (key,)).fetchone()


def _index_late(db: Connection, id_: int) -> None:
    from context_mode.entries import load_entry

    if db.execute("SELECT 1 FROM contents WHERE id = ? AND words IS NULL", (id_,)).fetchone():  # another process may have been first
        try:
            entry = load_entry(db, id_)
        except StoreError:  # damaged: `expand` says so to whoever asks for it; the others are to be found all the same
            _index(db, id_, "")
        else:
            _index(db, id_, _words(entry.raw, entry.use))


def _let_go(db: Connection, id_: int, reason: str, now: float) -> None:
    words = db.execute("SELECT words FROM contents WHERE id = ?", (id_,)).fetchone()[0]
    if words is not None:
        db.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (id_, zlib.decompress(words).decode()))
    db.execute("DELETE FROM contents WHERE id = ?", (id_,))
    db.execute("UPDATE outputs SET evicted = ?, reason = ? WHERE id = ?", (now, reason, id_))

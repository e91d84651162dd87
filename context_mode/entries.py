"""Stored outputs, as they are read back: found by handle, and checked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from context_mode.errors import HandleError, StoreError
from context_mode.use import SEPARATOR, Use

if TYPE_CHECKING:
    from sqlite3 import Connection

SHORTEST_PREFIX = 4  # hex digits that a handle may be shortened to

_WHY = {
    "age": "unused for longer than CONTEXT_MODE_STORE_MAX_DAYS",
    "size": "the store had reached CONTEXT_MODE_STORE_MAX_MB",
}


@dataclass(frozen=True)
class Entry:
    """A stored output with its latest use. `created` is in seconds since 1970, `size` in bytes."""

    handle: str
    raw: bytes
    use: Use
    created: float
    kind: str


def find(db: Connection, handle: str) -> int:
    """The id of the output that `handle` names."""
    wanted = handle.strip().lower()
    if not wanted or set(wanted) - set("0123456789abcdef"):
        raise HandleError(f"{handle!r} is not a handle: it looks like a1b2c3d4 and stands in the first line of a view. {_latest(db)}")
    exact = db.execute("SELECT id, handle, evicted, reason FROM outputs WHERE handle = ?", (wanted,)).fetchall()
    begins = "SELECT id, handle, evicted, reason FROM outputs WHERE handle GLOB ? LIMIT 6"
    found = exact or (db.execute(begins, (f"{wanted}*",)).fetchall() if len(wanted) >= SHORTEST_PREFIX else [])
    if not found:
        raise HandleError(f"no output has the handle {wanted}. {_latest(db)}")
    if len(found) > 1:
        raise HandleError(f"{wanted} is the beginning of several handles: {', '.join(row[1] for row in found)}")
    id_, full, evicted, reason = found[0]
    if evicted is not None:
        raise HandleError(f"the output {full} is no longer stored ({_WHY[reason]}): run its command again")
    return int(id_)


def load_entry(db: Connection, id_: int) -> Entry:
    handle, key, packed = db.execute("SELECT handle, key, raw FROM outputs JOIN contents USING (id) WHERE id = ?", (id_,)).fetchone()
    columns = "command, path, cwd, exit_code, cause, intent, expect, session, created, kind"
    row = db.execute(f"SELECT {columns} FROM uses WHERE output = ? ORDER BY id DESC", (id_,)).fetchone()  # noqa: S608 - our own column names
    command, path, cwd, exit_code, cause, intent, expect, session, created, kind = row
    use = Use(command, path, cwd, exit_code, cause, intent, tuple(filter(None, expect.split(SEPARATOR))), session)
    damaged = StoreError(f"the stored output {handle} is damaged: run its command again")
    try:
        raw = zlib.decompress(packed)
    except zlib.error as error:
        raise damaged from error
    if use.key(raw) != key:
        raise damaged
    return Entry(handle, raw, use, created, kind or "")


def _latest(db: Connection) -> str:
    rows = db.execute(
        "SELECT handle, command, path FROM outputs JOIN uses ON output = outputs.id WHERE evicted IS NULL"
        " GROUP BY outputs.id ORDER BY max(uses.id) DESC LIMIT 3"
    ).fetchall()
    if not rows:
        return "Nothing is stored yet."
    return "The latest are " + ", ".join(f"{handle} ({(command or path or 'filter')[:60]})" for handle, command, path in rows) + "."

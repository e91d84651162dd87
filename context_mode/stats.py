"""What the store holds, and what the views have saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from context_mode.store import Store

BYTES_PER_TOKEN = 4  # of outputs that were shown whole without being counted; they save nothing, whatever they cost


@dataclass(frozen=True, slots=True)
class Stats:
    """Bytes and o200k tokens. `tokens_saved` is what the views left out, less what was fetched back by `expand`; it can be negative."""

    outputs: int
    uses: int
    bytes_raw: int
    bytes_packed: int
    bytes_on_disk: int
    evicted_by_size: int
    evicted_by_age: int
    tokens_seen: int
    tokens_shown: int
    tokens_expanded: int

    @property
    def tokens_saved(self) -> int:
        return self.tokens_seen - self.tokens_shown - self.tokens_expanded


_OUTPUTS = """
    SELECT count(*) FILTER (WHERE evicted IS NULL), total(size) FILTER (WHERE evicted IS NULL),
           total(packed) FILTER (WHERE evicted IS NULL), count(*) FILTER (WHERE reason = 'size'), count(*) FILTER (WHERE reason = 'age')
    FROM outputs"""
_USES = """
    SELECT count(*), total(coalesce(tokens_total, size / ?)), total(coalesce(tokens_shown, size / ?))
    FROM uses JOIN outputs ON outputs.id = output"""
# an expanded part costs its share of its output's tokens
_EXPANDED = """
    SELECT total(bytes * coalesce((SELECT max(tokens_total) FROM uses WHERE uses.output = expands.output) * 1.0 / max(size, 1), 1.0 / ?))
    FROM expands JOIN outputs ON outputs.id = expands.output"""


def stats(store: Store) -> Stats:
    """Raises StoreError."""
    return store.database.read(lambda db: _stats(db, store.database.path))


def _stats(db: Connection, path: str) -> Stats:
    outputs, raw, packed, by_size, by_age = db.execute(_OUTPUTS).fetchone()
    uses, seen, shown = db.execute(_USES, (BYTES_PER_TOKEN, BYTES_PER_TOKEN)).fetchone()
    expanded = db.execute(_EXPANDED, (BYTES_PER_TOKEN,)).fetchone()[0]
    on_disk = sum(file.stat().st_size for suffix in ("", "-wal") if (file := Path(path + suffix)).exists())
    return Stats(outputs, uses, int(raw), int(packed), on_disk, by_size, by_age, int(seen), int(shown), round(expanded))

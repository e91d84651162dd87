"""`ctx expand`, `ctx search` and `ctx stats`: what the store holds."""

from __future__ import annotations

import os
from dataclasses import asdict

from context_mode.cli_parts import add_json, parser, write, write_json, write_text, write_warnings
from context_mode.session import open_session, open_store
from context_mode.settings import load_settings
from context_mode.stats import Stats, stats


def main(name: str, words: list[str]) -> int:
    return {"expand": _expand, "search": _search, "stats": _stats}[name](name, words)


def _expand(name: str, words: list[str]) -> int:
    example = "ctx expand a1b2c3d4 12-340    or: ctx expand a1b2c3d4 --grep 'error|warn'"
    takes = parser(name, "Shows lines of an earlier output as they were.", example)
    takes.add_argument("handle", metavar="HANDLE", help="from the first line of a view; its beginning will do")
    takes.add_argument("lines", nargs="*", metavar="LINES", help="12-340, or 7:2001-4000 for characters of a long line (default: all)")
    takes.add_argument("--grep", default="", metavar="RE", help="only lines that match, after their numbers; case does not matter")
    takes.add_argument("--raw", action="store_true", help="the exact bytes")
    add_json(takes)
    args = takes.parse_args(words)
    if args.raw and (args.grep or args.json):
        takes.error("--raw goes with neither --grep nor --json")
    session = open_session(os.environ)
    found = session.expand(args.handle, ",".join(args.lines), args.grep, limit=None)
    if args.raw:
        write(found.raw)
    elif args.json:
        write_json({"handle": found.handle, "text": found.text})
    else:
        write_text(found.text)
    write_warnings(session)
    return 0


def _search(name: str, words: list[str]) -> int:
    what = "Finds the outputs that hold all the words, or the beginnings of words, newest first."
    takes = parser(name, what, "ctx search LoginError timeout")
    takes.add_argument("query", nargs="+", metavar="QUERY")
    add_json(takes)
    args = takes.parse_args(words)
    session = open_session(os.environ)
    found = session.search(" ".join(args.query))
    if args.json:
        write_json({"hits": [asdict(hit) for hit in found.hits]})
    else:
        write_text(found.text)
    write_warnings(session)
    return 0 if found.hits else 1


def _stats(name: str, words: list[str]) -> int:
    takes = parser(name, "What is stored, and how many tokens the views saved, less what was fetched back.", "ctx stats --json")
    add_json(takes)
    args = takes.parse_args(words)
    settings = load_settings(os.environ)
    store = open_store(settings)
    held = stats(store)
    if args.json:
        write_json({**asdict(held), "tokens_saved": held.tokens_saved, "store": store.database.path})
    else:
        write_text(_table(held, settings.store_max_mb, settings.store_max_days, store.database.path))
    return 0


def _table(held: Stats, max_mb: int, max_days: int, path: str) -> str:
    share = f" ({held.tokens_saved / held.tokens_seen:.0%})" if held.tokens_seen else ""
    rows = {
        "store": path,
        "outputs": f"{held.outputs:,} of {held.uses:,} runs and reads",
        "size": f"{held.bytes_raw / 1e6:,.1f} MB of output in {held.bytes_on_disk / 1e6:,.1f} MB on disk",
        "limits": f"{max_mb:,} MB compressed, {max_days} days since last used",
        "evicted": f"{held.evicted_by_size:,} for size, {held.evicted_by_age:,} for age",
        "tokens seen": f"{held.tokens_seen:,}",
        "tokens shown": f"{held.tokens_shown:,}, and {held.tokens_expanded:,} fetched back later",
        "tokens saved": f"{held.tokens_saved:,}{share}",
    }
    return "\n".join(f"{name:<13} {value}" for name, value in rows.items())

"""`ctx explain`: why lines of an earlier output were shown or hidden."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from context_mode.cli_parts import add_json, add_question, parser, write_json, write_text
from context_mode.errors import UserError
from context_mode.session import open_store
from context_mode.settings import load_settings

if TYPE_CHECKING:
    from context_mode.explain import Explained

BEST = 8  # lines explained where none is named


def main(name: str, words: list[str]) -> int:
    example = "ctx explain a1b2c3d4 341    or, for the best lines: ctx explain a1b2c3d4"
    takes = parser(name, "Why lines of an earlier output were shown or hidden, for what was asked then or for another question.", example)
    takes.add_argument("handle", metavar="HANDLE", help="from the first line of a view; its beginning will do")
    takes.add_argument("lines", nargs="*", type=int, metavar="LINE", help=f"line numbers (default: the {BEST} best lines)")
    add_question(takes)
    add_json(takes)
    args = takes.parse_args(words)
    if any(line < 1 for line in args.lines):
        raise UserError("lines count from 1")
    from context_mode.explain import explain_stored

    store = open_store(load_settings(os.environ))
    found = explain_stored(store.get(args.handle), args.lines, args.intent, tuple(args.expect), args.budget, BEST)
    if args.json:
        write_json(asdict(found))
    else:
        write_text(_text(found))
    return 0


def _text(found: Explained) -> str:
    asked = f"intent {found.intent!r}, expect {' | '.join(found.expect) or 'nothing'}" if found.intent or found.expect else "nothing asked"
    lines = [f"{found.handle}: {found.kind}, {found.lines_total} lines; {asked}"]
    for line in found.lines:
        what = "shown" if line.shown else "hidden"
        row = line.why
        lines.append(f"\n{line.line}: {row.text.strip()[:120]}")
        lines.append(f"  {what}; score {row.score:+.2f}, rank {row.rank} of {row.rows}; {row.label}, weight {row.weight:.2f}")
        if row.inside:
            lines.append(f"  inside: {row.inside[:100]}")
        for title, hits in (("hit by", row.hits), ("near", tuple(hit for hit in row.near if hit not in row.hits))):
            if hits:
                lines.append(f"  {title}: " + ", ".join(f"{source} (idf {idf:.1f})" for source, idf in hits))
        if row.influence:
            lines.append("  moved by: " + ", ".join(f"{name} {value:+.2f}" for name, value in row.influence))
    return "\n".join(lines)

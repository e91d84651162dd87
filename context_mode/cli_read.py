"""`ctx filter` and `ctx read`: outputs and files that exist already."""

from __future__ import annotations

import os
import sys

from context_mode.cli_parts import add_json, add_question, parser, question, write_view
from context_mode.errors import PathError, UserError
from context_mode.session import open_session


def main(name: str, words: list[str]) -> int:
    return {"filter": _filter, "read": _read}[name](name, words)


def _filter(name: str, words: list[str]) -> int:
    takes = parser(
        name,
        "Shows the lines that matter of an output that something else has made.",
        "make 2>&1 | ctx filter --command make --intent 'which file does not compile' --expect 'error:'",
    )
    add_question(takes)
    takes.add_argument("--command", default="", metavar="LINE", help="the command that the output came from")
    takes.add_argument("--exit-code", type=int, metavar="N", help="how that command ended; failures are shown first")
    takes.add_argument("--path", default="", help="the file that the output is the content of")
    takes.add_argument("--file", metavar="PATH", help="read this in place of stdin")
    add_json(takes)
    args = takes.parse_args(words)
    raw = _input(args.file)
    session, asked = open_session(os.environ), question(args)
    view = session.filter(
        raw, intent=asked.intent, expect=asked.expect, budget=asked.budget, command=args.command, path=args.path, exit_code=args.exit_code
    )
    write_view(view, session, as_json=args.json)
    return 0


def _read(name: str, words: list[str]) -> int:
    takes = parser(name, "Shows what matters of a file in the workspace.", "ctx read src/app.py --intent 'how are sessions closed'")
    takes.add_argument("path", metavar="PATH")
    add_question(takes)
    takes.add_argument("--lines", default="", metavar="A-B", help="exactly these lines")
    add_json(takes)
    args = takes.parse_args(words)
    session, asked = open_session(os.environ), question(args)
    view = session.read(args.path, intent=asked.intent, expect=asked.expect, lines=args.lines, budget=asked.budget)
    write_view(view, session, as_json=args.json)
    return 0


def _input(path: str | None) -> bytes:
    if path is None:
        if sys.stdin.isatty():
            raise UserError("nothing comes on stdin: pipe an output in, or give --file PATH")
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - one call, and pathlib is not needed to start
            return file.read()
    except OSError as error:
        raise PathError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error

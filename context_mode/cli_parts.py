"""What the commands of `ctx` share: arguments, and how results are printed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from context_mode.session import Question

if TYPE_CHECKING:
    from context_mode.session import Session
    from context_mode.view import View


def parser(name: str, what: str, example: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"ctx {name}",
        description=what,
        epilog=f"example: {example}",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_question(to: argparse.ArgumentParser) -> None:
    to.add_argument("--intent", default="", metavar="TEXT", help="what you want to know")
    to.add_argument(
        "--expect", default=[], action="append", metavar="'A|B'", help="what you would grep -iE for to find the answer; may be given again"
    )
    to.add_argument("--budget", type=positive, metavar="TOKENS", help="the most that is shown (default: as little as the evidence allows)")


def add_json(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="print one JSON object")


def question(args: argparse.Namespace) -> Question:
    return Question(args.intent, tuple(args.expect), args.budget)


def positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
    return number


def write(data: bytes) -> None:
    """To stdout, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_text(text: str) -> None:
    """With a final newline. As UTF-8 whatever the locale: outputs hold any character."""
    write((text if text.endswith("\n") else f"{text}\n").encode("utf-8", "replace"))


def write_json(value: dict[str, Any]) -> None:
    import json

    write_text(json.dumps(value, ensure_ascii=False))


def write_view(view: View, session: Session, *, as_json: bool, **more: Any) -> None:  # noqa: ANN401 - any JSON value
    """The view on stdout; what the session warns of on stderr."""
    if as_json:
        from dataclasses import asdict

        write_json({**asdict(view), **more, "warnings": session.warnings})
    else:
        write_text(view.text)
        write_warnings(session)


def write_warnings(session: Session) -> None:
    for warning in session.warnings:
        print(f"ctx: {warning}", file=sys.stderr)

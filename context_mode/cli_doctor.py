"""`ctx doctor`: what works here, and what to do about what does not."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from context_mode.checks import run_checks
from context_mode.cli_parts import add_json, parser, write_json, write_text
from context_mode.settings import load_settings

if TYPE_CHECKING:
    from context_mode.checks import Check

GREEN, RED, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def main(name: str, words: list[str]) -> int:
    what = "Checks that everything works, and says how to repair what does not. Exits with 1 where something does not."
    takes = parser(name, what, "ctx doctor")
    add_json(takes)
    args = takes.parse_args(words)
    checks = run_checks(load_settings(os.environ))
    well = all(check.ok for check in checks)
    if args.json:
        write_json({"ok": well, "checks": [asdict(check) for check in checks]})
    else:
        coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        write_text("\n".join(_line(check, coloured=coloured) for check in checks))
    return 0 if well else 1


def _line(check: Check, *, coloured: bool) -> str:
    verdict = "ok     " if check.ok else "problem"
    if coloured:
        verdict = f"{GREEN if check.ok else RED}{verdict}{PLAIN}"
    fix = f"\n{'':9}fix: {check.fix}" if check.fix else ""
    return f"{verdict}  {check.name}: {check.finding}{fix}"

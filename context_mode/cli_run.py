"""`ctx run`: a wrapper around one command."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from context_mode.cli_parts import add_json, add_question, parser, question, seconds, write, write_view, write_warnings
from context_mode.commands import make_command
from context_mode.session import open_session
from context_mode.settings import load_settings

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from context_mode.session import Session
    from context_mode.settings import Settings
    from sandbox.types import Command, OnOutput, Result

WHAT = """Runs a command and shows the lines of its output that matter; exits with its exit code (128 + n for signal n).
Output of up to 40 lines and 500 tokens is shown as it is. Where our own stdout is a file, the command writes to it undisturbed."""


def main(name: str, words: list[str]) -> int:
    args = _parse(name, words)
    settings = load_settings(os.environ)
    stdin = _stdin() if args.sandbox else None
    command = make_command(args.shell or args.command, stdin=stdin, timeout_s=args.timeout or settings.timeout_s)
    if _stdout_is_a_file() and not args.json:
        return _run_untouched(command, sandbox=args.sandbox)
    session = open_session(os.environ)
    with _progress() as on_output:
        result = _in_sandbox(session, command, on_output) if args.sandbox else _on_host(settings, command, on_output)
    if result is None:
        return 130
    if not args.json and session.show_whole(result, command, question(args)):
        write(result.output)
    else:
        write_view(session.show(result, command, question(args)), session, as_json=args.json, exit_code=result.exit_code)
    return result.exit_code


def _parse(name: str, words: list[str]) -> argparse.Namespace:
    takes = parser(name, WHAT, "ctx run --intent 'why does the login test fail' --expect 'assert|401|denied' -- pytest -x")
    takes.usage = "ctx run [options] -- COMMAND…\n       ctx run [options] --shell 'LINE'"
    add_question(takes)
    takes.add_argument("--sandbox", action="store_true", help="in a locked-down container; what is piped in is read to its end first")
    takes.add_argument("--shell", metavar="'LINE'", default="", help="a line for the shell, in place of a command")
    takes.add_argument("--timeout", type=seconds, metavar="S", help="end the command and all that it started after so many seconds")
    add_json(takes)
    takes.add_argument("command", nargs="*", metavar="COMMAND", help="the command and its arguments, after --")
    ours, theirs = _split(words)
    args = takes.parse_args(ours)
    args.command += theirs
    if bool(args.shell) == bool(args.command):
        takes.error("give either a command after --, or --shell 'LINE'")
    return args


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Our options, and the command: what follows the first `--`, or begins with the first word that is neither an option nor its value."""
    takes_value = {"--intent", "--expect", "--budget", "--shell", "--timeout"}
    k = 0
    while k < len(words):
        if words[k] == "--":
            return words[:k], words[k + 1 :]
        if not words[k].startswith("-"):
            return words[:k], words[k:]
        k += 2 if words[k] in takes_value else 1
    return words, []


def _on_host(settings: Settings, command: Command, on_output: OnOutput | None) -> Result:
    from sandbox.host import HostLimits, run_on_host

    limits = HostLimits(output_bytes=settings.output_cap_mb << 20)
    here = os.getcwd()  # noqa: PTH109 - pathlib is not needed to start
    return run_on_host(command, on_output, workspace=here, stdin="inherit", forward_signals=True, limits=limits)


def _in_sandbox(session: Session, command: Command, on_output: OnOutput | None) -> Result | None:
    """None where we were interrupted: what the command had written until then is stored."""
    import asyncio
    import signal

    async def run() -> Result | None:
        task = asyncio.ensure_future(session.run_in_sandbox(command, on_output))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            rest = f"; what the command had written: ctx expand {session.last_handle}" if session.last_handle else ""
            print(f"ctx run: interrupted{rest}", file=sys.stderr)
            return None
        finally:
            await session.close()
            write_warnings(session)

    return asyncio.run(run())


def _run_untouched(command: Command, *, sandbox: bool) -> int:
    """Stdout is a file: every byte of the command's goes there, and nothing else."""
    if sandbox:
        result = _in_sandbox(open_session(os.environ), command, write)
        return 130 if result is None else result.exit_code
    from context_mode.passthrough import run_untouched

    return run_untouched(command)


def _stdin() -> bytes | None:
    """What was piped or redirected into us. A terminal, and what else may never end, is left alone."""
    mode = os.fstat(0).st_mode
    return sys.stdin.buffer.read() if stat.S_ISREG(mode) or stat.S_ISFIFO(mode) else None


def _stdout_is_a_file() -> bool:
    return stat.S_ISREG(os.fstat(1).st_mode)


def _progress() -> AbstractContextManager[OnOutput | None]:
    if not sys.stderr.isatty():
        return nullcontext()
    from context_mode.progress import Progress

    return Progress(sys.stderr)

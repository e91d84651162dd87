"""Commands as they are asked for, written down, and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from context_mode.errors import UserError
from sandbox.types import Command, Result

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_command(command: str | Sequence[str], *, cwd: str = "", stdin: bytes | None = None, timeout_s: float | None = None) -> Command:
    """A shell line, or an argv. Raises UserError where there is nothing to run."""
    shell = command if isinstance(command, str) else ""
    argv = () if isinstance(command, str) else tuple(command)
    if not (shell.strip() or argv):
        raise UserError("there is no command to run")
    if "\0" in shell or any("\0" in word for word in argv):
        raise UserError("a command cannot hold a NUL byte")
    return Command(argv, shell, cwd, stdin=stdin, timeout_s=timeout_s)


def command_text(command: Command) -> str:
    """As one would type it."""
    if command.shell:
        return command.shell
    from shlex import join

    return join(command.argv)


def cause_of(result: Result, timeout_s: float | None) -> str:
    """Why the command ended, where its exit code alone does not say it."""
    if result.oom_killed:
        return "out of memory"
    if result.timed_out:
        return f"timed out after {timeout_s:g} s" if timeout_s else "timed out"
    if result.signal is None:
        return ""
    from signal import Signals

    name = f" ({Signals(result.signal).name})" if result.signal in set(Signals) else ""
    return f"killed by signal {result.signal}{name}"

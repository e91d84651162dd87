"""Run a command with our own stdin, stdout and stderr, as if we were not there, but for a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from sandbox.tree import MARKER, kill_tree

if TYPE_CHECKING:
    from types import FrameType

    from sandbox.types import Command

GRACE_S = 2.0  # between TERM and KILL
TIMED_OUT = 124  # as coreutils' timeout says it


def run_untouched(command: Command) -> int:
    """The command's exit code. Without a time limit the command takes our place, and this does not return."""
    argv = list(command.argv) or ["/bin/bash" if os.access("/bin/bash", os.X_OK) else "/bin/sh", "-c", command.shell]
    try:
        if command.timeout_s is None:
            os.execvp(argv[0], argv)  # noqa: S606 - that no shell stands between is the point
        return _run_limited(argv, command.timeout_s)
    except FileNotFoundError:
        print(f"ctx run: {argv[0]}: command not found", file=sys.stderr)
        return 127
    except OSError as error:
        print(f"ctx run: {argv[0]}: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        return 126


def _run_limited(argv: list[str], timeout_s: float) -> int:
    marker = os.urandom(8).hex()
    process = subprocess.Popen(argv, env={**os.environ, MARKER: marker}, start_new_session=True)

    def forward(number: int, _frame: FrameType | None) -> None:
        if process.returncode is None:
            os.killpg(process.pid, number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    try:
        code = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        print(f"ctx run: timed out after {timeout_s:g} s", file=sys.stderr)
        kill_tree(process.pid, marker, GRACE_S)
        code = process.wait() or TIMED_OUT
    return 128 - code if code < 0 else code

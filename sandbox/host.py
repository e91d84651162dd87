"""Run a command on this machine, unprotected: its own session, a time limit that reaches the whole tree, an output cap.

Light on purpose: `run_on_host` stands in the command-line wrapper's path, where every import is paid for on every command. `HostSandbox`
is the same behind the protocol.

Covered: time, output size, memory and CPU time of each process if asked for. Not covered: files, network, number of processes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.spool import Spool
from sandbox.tree import MARKER, kill_tree
from sandbox.types import Command, OnOutput, Result
from sandbox.workspace import resolve_cwd

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_LINGER_S = 0.25  # how long output may still come from children after the command itself ended
_TIMED_OUT = 124  # as coreutils' timeout says it, for a command that answered its TERM with a 0
_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Stdin = Literal["command", "inherit"]


@dataclass(frozen=True, slots=True)
class HostLimits:
    output_bytes: int = 64 << 20
    memory_bytes: int | None = None  # of address space, each process
    cpu_s: int | None = None  # of processor time, each process
    grace_s: float = 2.0  # between TERM and KILL


def run_on_host(
    command: Command,
    on_output: OnOutput | None = None,
    *,
    workspace: str,
    stdin: Stdin = "command",
    forward_signals: bool = False,
    limits: HostLimits = HostLimits(),
) -> Result:
    """The command's result; a command that is not there is 127, one that may not be executed 126, with a line of output that says so.

    `on_output` gets every byte as it comes, what is beyond the cap too. `stdin="inherit"`: the command reads our own stdin.
    `forward_signals` (main thread only): SIGINT, SIGTERM and SIGHUP go to the command instead of ending us.
    Raises OutsideWorkspaceError.
    """
    run = _HostRun(command, workspace, stdin, limits)
    if not forward_signals:
        return run(on_output)
    before = [(number, signal.signal(number, run.forward)) for number in _FORWARDED]
    try:
        return run(on_output)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


class HostSandbox:
    """The `Sandbox` protocol on this machine. `on_output` is called on the event loop. Cancelling `run` ends the command's tree."""

    def __init__(self, workspace: str, *, limits: HostLimits = HostLimits()) -> None:
        self._workspace = os.fspath(workspace)
        self._limits = limits
        self._running: set[_HostRun] = set()

    async def run(self, command: Command, on_output: OnOutput | None = None) -> Result:
        from sandbox.threads import in_thread

        run = _HostRun(command, self._workspace, "command", self._limits)
        self._running.add(run)
        try:
            return await in_thread(run, on_output, run.cancel)
        finally:
            self._running.discard(run)

    async def close(self) -> None:
        """Ends what still runs."""
        import asyncio

        for run in list(self._running):
            await asyncio.to_thread(run.cancel)


class _HostRun:
    """One command from start to end. `cancel` may come from another thread at any time."""

    def __init__(self, command: Command, workspace: str, stdin: Stdin, limits: HostLimits) -> None:
        self._command = command
        self._cwd = resolve_cwd(workspace, command.cwd)
        self._stdin = stdin
        self._spool = Spool(limits.output_bytes)
        self._limits = limits
        self._marker = os.urandom(8).hex()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._early_signal = 0

    def __call__(self, on_output: OnOutput | None) -> Result:
        started = time.monotonic()
        reading, writing = os.pipe()
        try:
            process = self._start(writing)
        except OSError as error:
            os.close(writing)
            os.close(reading)
            return self._not_started(error, on_output)
        os.close(writing)
        if self._early_signal:
            self.forward(self._early_signal, None)
        timed_out = self._read(reading, process, on_output)
        code = process.wait()
        return Result(
            output=self._spool.take(),
            exit_code=_exit_code(code, timed_out=timed_out),
            signal=-code if code < 0 else None,
            timed_out=timed_out,
            truncated=self._spool.truncated,
            duration_s=time.monotonic() - started,
        )

    def cancel(self) -> None:
        """End the tree, or keep a command that has not started from starting."""
        with self._lock:
            self._cancelled = True
        self._kill()

    def forward(self, number: int, _frame: FrameType | None) -> None:
        """A signal handler: our signal is the command's, also one that comes while it is being started."""
        if self._process is None:
            self._early_signal = number
        elif self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _kill(self) -> None:
        if self._process is not None:
            kill_tree(self._process.pid, self._marker, self._limits.grace_s)

    def _start(self, writing: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._cancelled:
                raise InterruptedError("cancelled before it started")
            try:
                self._process = process = self._spawn(_argv(self._command, self._limits), writing)
            except OSError as error:
                if error.errno != errno.ENOEXEC:
                    raise
                self._process = process = self._spawn(["/bin/sh", *self._command.argv], writing)  # a script without #!, as shells run it
        if process.stdin is not None:
            threading.Thread(target=_feed, args=(process.stdin.fileno(), self._command.stdin, process.stdin.close), daemon=True).start()
        return process

    def _spawn(self, argv: list[str], writing: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            argv,
            cwd=self._cwd,
            env={**os.environ, **self._command.env, MARKER: self._marker},
            stdin=None if self._stdin == "inherit" else subprocess.DEVNULL if not self._command.stdin else subprocess.PIPE,
            stdout=writing,
            stderr=writing,
            start_new_session=True,  # a process group of its own, so that a signal reaches all of it and nothing of ours
        )

    def _read(self, reading: int, process: subprocess.Popen[bytes], on_output: OnOutput | None) -> bool:
        """Output until the command has ended and nobody holds the pipe, or holds it still a moment later. Whether the time was up."""
        ended = _end_of(process)
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        poll.register(ended, select.POLLIN)
        timeout_s = self._command.timeout_s
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        timed_out = process_ended = False
        killer = threading.Thread(target=self._kill, daemon=True)
        try:
            while True:
                ready = dict(poll.poll(None if deadline is None else max(0.0, (deadline - time.monotonic()) * 1000)))
                if reading in ready and not self._deliver(reading, on_output):
                    poll.unregister(reading)
                    os.close(reading)
                    reading = -1
                    if process_ended:
                        return timed_out
                if ended in ready:
                    if reading < 0:
                        return timed_out
                    poll.unregister(ended)
                    process_ended = True
                    deadline = time.monotonic() + _LINGER_S
                elif deadline is not None and time.monotonic() >= deadline:
                    if process_ended:
                        _drain_on(reading)
                        reading = -1
                        return timed_out
                    timed_out, deadline = True, None
                    killer.start()
        finally:
            if timed_out:
                killer.join()  # not all that the command started need hold its output
            os.close(ended)
            if reading >= 0:
                os.close(reading)

    def _deliver(self, reading: int, on_output: OnOutput | None) -> bool:
        data = os.read(reading, 1 << 16)
        if data:
            self._spool.write(data)
            if on_output is not None:
                on_output(data)
        return bool(data)

    def _not_started(self, error: OSError, on_output: OnOutput | None) -> Result:
        name = self._command.argv[0] if self._command.argv else "bash"
        code, message = _why_not_started(error, name)
        output = f"context-mode: {name}: {message}\n".encode(errors="surrogateescape")
        if on_output is not None:
            on_output(output)
        return Result(output=output, exit_code=code)


def _why_not_started(error: OSError, name: str) -> tuple[int, str]:
    if isinstance(error, FileNotFoundError):
        return 127, "no such file" if "/" in name else "command not found"
    return 126, (error.strerror or str(error)).lower()


def _exit_code(code: int, *, timed_out: bool) -> int:
    if code < 0:
        return 128 - code
    return code or (_TIMED_OUT if timed_out else 0)


def _argv(command: Command, limits: HostLimits) -> list[str]:
    """A shell sets the limits, and not `preexec_fn`, which may deadlock in a program with threads."""
    argv = list(command.argv) or [_shell(), "-c", command.shell]
    memory = [] if limits.memory_bytes is None else [f"ulimit -v {limits.memory_bytes // 1024}"]
    cpu = [] if limits.cpu_s is None else [f"ulimit -t {limits.cpu_s}"]
    return ["/bin/sh", "-c", " && ".join([*memory, *cpu, 'exec "$0" "$@"']), *argv] if memory or cpu else argv


def _shell() -> str:
    return next((path for path in ("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash") if os.access(path, os.X_OK)), "/bin/sh")


def _end_of(process: subprocess.Popen[bytes]) -> int:
    """A descriptor that can be read when the process has ended. Linux has one to give; elsewhere a thread waits, for a millisecond more."""
    if hasattr(os, "pidfd_open"):
        try:
            return os.pidfd_open(process.pid)
        except OSError:  # a container whose rules are older than the call
            pass
    ended, ending = os.pipe()

    def announce() -> None:
        process.wait()
        os.close(ending)

    threading.Thread(target=announce, daemon=True).start()
    return ended


def _feed(descriptor: int, data: bytes | None, close: Callable[[], None]) -> None:
    view = memoryview(data or b"")
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:  # the command ended, or closed its stdin, without reading all of it: its right
        pass
    finally:
        close()


def _drain_on(reading: int) -> None:
    """A background process still holds the output. It may write on, to nobody, for as long as we live: no SIGPIPE, no full pipe."""

    def drain() -> None:
        while os.read(reading, 1 << 16):
            pass
        os.close(reading)

    threading.Thread(target=drain, daemon=True).start()

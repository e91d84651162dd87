"""Commands in one warm, locked-down container per session.

Covered: no network; nothing of this machine but tools, read-only, and the workspace; no capabilities, no new privileges; memory,
processors, processes and output limited; a time limit that ends the whole tree inside; nothing left behind when we die.
Not covered: the workspace itself (commands may change and delete in it, hooks and build scripts that you run later too), holes in the
kernel (a `runtime` such as gVisor's runsc narrows that), side channels of the processor.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.channel import Channel, ChannelClosedError, NotBegunError, Report
from sandbox.shell import request
from sandbox.spool import Spool
from sandbox.threads import in_thread
from sandbox.types import Command, OnOutput, Result, SandboxDiedError, SandboxError
from sandbox.workspace import resolve_cwd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.container import Container

_AFTER_KILL_S = 15.0  # for a driver to report that its killed command has ended; then the container goes
_CANCEL_GRACE_S = 1.0
_TIMED_OUT = 124  # as coreutils' timeout says it, for a command that answered its TERM with a 0


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int = 4 << 30  # of all commands together, what they write to /tmp and HOME included
    cpus: float = 0.0  # 0: all there are
    pids: int = 2048
    tmp_bytes: int = 1 << 30
    output_bytes: int = 64 << 20
    grace_s: float = 2.0  # between TERM and KILL


class DockerSandbox:
    """The `Sandbox` protocol in Docker. The container starts with the first command, or with `start()`; several may run at once.

    `image` "": this machine's own tools where the engine is on this machine, else the image of image/Dockerfile. `on_output` is called on
    the event loop. Cancelling `run` ends the command's tree.
    """

    def __init__(
        self,
        workspace: str,
        *,
        image: str = "",
        limits: Limits = Limits(),
        env: Mapping[str, str] | None = None,
        runtime: str | None = None,
    ) -> None:
        self._workspace = os.path.realpath(workspace)
        self._image = image
        self._limits = limits
        self._env = dict(env or {})
        self._runtime = runtime
        self._lock = threading.Lock()
        self._container: Container | None = None

    async def start(self) -> None:
        """Raises SandboxUnavailableError, as `run` does."""
        await in_thread(lambda _: self._living_container(), None, _nothing)

    async def run(self, command: Command, on_output: OnOutput | None = None) -> Result:
        run = _Run(command, resolve_cwd(self._workspace, command.cwd), self._limits)
        return await in_thread(lambda deliver: self._execute(run, deliver), on_output, run.cancel)

    async def close(self) -> None:
        """Commands that still run end with the container."""
        await in_thread(lambda _: self._close(), None, _nothing)

    def _execute(self, run: _Run, on_output: OnOutput | None) -> Result:
        try:
            return run.execute(self._living_container(), on_output)
        except NotBegunError:  # the container died since the last command, which need not be this one's trouble
            return run.execute(self._living_container(), on_output)

    def _living_container(self) -> Container:
        from sandbox.container import start_container  # docker-py takes a third of a second to import

        with self._lock:
            if self._container is None or not self._container.is_alive:
                self._discard()
                self._container = start_container(self._workspace, self._image, self._limits, self._env, self._runtime)
            return self._container

    def _close(self) -> None:
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            container.close()


class _Run:
    """One command from start to end. `cancel` comes from another thread."""

    def __init__(self, command: Command, cwd: str, limits: Limits) -> None:
        self._token = os.urandom(16).hex()
        self._marker = os.urandom(8).hex()
        self._request = request(command, cwd, self._token, self._marker)
        self._timeout_s = command.timeout_s
        self._limits = limits
        self._spool = Spool(limits.output_bytes)
        self._lock = threading.Lock()
        self._where: tuple[Container, Channel] | None = None
        self._cancelled = False
        self._begun = False
        self._timed_out = False
        self._ended = threading.Event()
        self._killer: threading.Thread | None = None

    def execute(self, container: Container, on_output: OnOutput | None) -> Result:
        """Raises NotBegunError, after which it may be tried again, and SandboxDiedError."""
        channel = self._acquire(container)
        started = time.monotonic()
        try:
            channel.send(self._request)
            report = self._listen(container, channel, on_output)
        except ChannelClosedError as error:
            why = container.discard(channel)
            if not self._timed_out:
                raise SandboxDiedError(why, self._spool.take()) if self._begun else NotBegunError(why) from error
            report = Report(exit_code=137, signal=9, out_of_memory=False, held=False)
        except BaseException:
            container.discard(channel)
            raise
        else:
            container.release(channel, held=report.held)
        finally:
            self._ended.set()
            if self._killer is not None:
                self._killer.join()  # not all that the command started need hold its output
        return Result(
            output=self._spool.take(),
            exit_code=report.exit_code or (_TIMED_OUT if self._timed_out else 0),
            signal=report.signal,
            timed_out=self._timed_out,
            oom_killed=report.out_of_memory and report.exit_code != 0,
            truncated=self._spool.truncated,
            duration_s=time.monotonic() - started,
        )

    def cancel(self) -> None:
        """End the tree, or keep a command that has not started from starting."""
        with self._lock:
            self._cancelled = True
            where = self._where
        if where is None:
            return
        container, channel = where
        container.kill(self._marker, channel, _CANCEL_GRACE_S)
        if not self._ended.wait(_AFTER_KILL_S):
            container.destroy()

    def _acquire(self, container: Container) -> Channel:
        channel = container.acquire()
        with self._lock:
            if not self._cancelled:
                self._where = container, channel
                self._ended.clear()
                return channel
        container.release(channel, held=False)
        raise SandboxError("cancelled before it started")

    def _listen(self, container: Container, channel: Channel, on_output: OnOutput | None) -> Report:
        def deliver(data: bytes) -> None:
            self._spool.write(data)
            if on_output is not None:
                on_output(data)

        deadline = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        while True:
            try:
                words = channel.read(self._token, deliver, deadline)
            except TimeoutError:
                deadline = self._end(container, channel)
                continue
            if words == ["stdin"]:
                raise SandboxError("the command's stdin does not fit into the sandbox's temporary folder")
            if words != ["begun"]:
                return Report.parse(words)
            self._begun = True

    def _end(self, container: Container, channel: Channel) -> float:
        """The time is up: end the tree. A second time: end the container. Until when to wait for that."""
        if self._timed_out:
            container.destroy()
            return time.monotonic()
        self._timed_out = True
        grace_s = self._limits.grace_s
        self._killer = threading.Thread(target=container.kill, args=(self._marker, channel, grace_s), daemon=True)
        self._killer.start()
        return time.monotonic() + grace_s + _AFTER_KILL_S


def _nothing() -> None:
    """Starting and closing are not interrupted halfway: whoever was cancelled waits for them."""

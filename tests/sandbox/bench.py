"""A real sandbox with a synchronous handle, and eyes on this machine's processes (Docker shares our kernel: its own are seen too)."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sandbox import BACKENDS, Command, HostLimits, Limits, Result, Sandbox

GRACE_S = 0.2
STUCK_S = 60.0  # so that a test that would wait for ever fails
CAP = 2 << 20
LIMITS = {"docker": Limits(grace_s=GRACE_S, output_bytes=CAP), "host": HostLimits(grace_s=GRACE_S, output_bytes=CAP)}
TEST_IMAGE = os.environ.get("TEST_SANDBOX_IMAGE", "")  # conformance asked of an image, not of the host's own tools
EVERY_BACKEND = [pytest.param("docker", marks=pytest.mark.docker), "host"]


@dataclass
class Bench:
    """A sandbox with a synchronous handle."""

    sandbox: Sandbox
    workspace: Path

    def run(self, *argv: str, on_output: Callable[[bytes], None] | None = None, **more: Any) -> Result:
        return asyncio.run(self.sandbox.run(Command(argv=argv, **{"timeout_s": STUCK_S, **more}), on_output))

    def sh(self, line: str, on_output: Callable[[bytes], None] | None = None, **more: Any) -> Result:
        return asyncio.run(self.sandbox.run(Command(shell=line, **{"timeout_s": STUCK_S, **more}), on_output))


@contextlib.contextmanager
def bench(backend, workspace, **options):
    options.setdefault("limits", LIMITS[backend])
    if backend == "docker":
        options.setdefault("image", TEST_IMAGE)
    sandbox = BACKENDS[backend](str(workspace), **options)
    try:
        yield Bench(sandbox, workspace)
    finally:
        asyncio.run(sandbox.close())


def limited(backend, **limits):
    return replace(LIMITS[backend], **limits)


def running(argument):
    """The processes of this machine that have this word on their command line. Zombies have none."""
    word = argument.encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if word in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found

"""What a sandbox promises.

A non-zero exit is a result; a sandbox that could not run the command is an exception:

    SandboxError
    ├── SandboxUnavailableError   no engine, no image, no permission: says how to get one
    ├── SandboxDiedError          the container or the engine vanished while the command ran
    └── OutsideWorkspaceError     cwd is not a folder inside the workspace
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

OnOutput = Callable[[bytes], None]


class SandboxError(Exception):
    """The sandbox, not the command, failed."""


class SandboxUnavailableError(SandboxError):
    pass


class SandboxDiedError(SandboxError):
    """`output` is what the command had written until then: nothing that was seen is lost."""

    def __init__(self, message: str, output: bytes = b"") -> None:
        super().__init__(message)
        self.output = output


class OutsideWorkspaceError(SandboxError):
    pass


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `argv`, or a `shell` line for `bash -c` (sh where there is no bash). Exactly one of the two is given."""

    argv: tuple[str, ...] = ()
    shell: str = ""
    cwd: str = ""  # "": the workspace
    env: Mapping[str, str] = field(default_factory=dict)  # on top of the sandbox's own
    stdin: bytes | None = None  # None: empty, at once at its end
    timeout_s: float | None = None

    def __post_init__(self) -> None:
        if bool(self.argv) == bool(self.shell):
            raise ValueError("a command has either argv or a shell line")


@dataclass(frozen=True, slots=True)
class Result:
    """`output` is stdout and stderr in the order written, at most the sandbox's cap; `exit_code` is 128 + signal for a killed command."""

    output: bytes
    exit_code: int
    signal: int | None = None
    timed_out: bool = False
    oom_killed: bool = False
    truncated: bool = False  # there was more than the cap; the rest is gone
    duration_s: float = 0.0


class Sandbox(Protocol):
    async def run(self, command: Command, on_output: OnOutput | None = None) -> Result: ...

    async def close(self) -> None: ...

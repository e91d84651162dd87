"""Run a command somewhere safe, hand back bytes. Importing this is cheap; a backend is imported when it is first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sandbox.types import Command, OnOutput, OutsideWorkspaceError, Result, Sandbox, SandboxDiedError, SandboxError, SandboxUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.docker import DockerSandbox, Limits
    from sandbox.host import HostLimits, HostSandbox, run_on_host
    from sandbox.scripted import ScriptedSandbox

__all__ = [
    "BACKENDS",
    "Command",
    "DockerSandbox",
    "HostLimits",
    "HostSandbox",
    "Limits",
    "OnOutput",
    "OutsideWorkspaceError",
    "Result",
    "Sandbox",
    "SandboxDiedError",
    "SandboxError",
    "SandboxUnavailableError",
    "ScriptedSandbox",
    "run_on_host",
]

_LAZY = {
    "DockerSandbox": "sandbox.docker",
    "Limits": "sandbox.docker",
    "HostLimits": "sandbox.host",
    "HostSandbox": "sandbox.host",
    "run_on_host": "sandbox.host",
    "ScriptedSandbox": "sandbox.scripted",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a module's attribute may be anything)
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name]), name)


def _docker(workspace: str, **options: Any) -> Sandbox:  # noqa: ANN401 (the backend's own keywords)
    from sandbox.docker import DockerSandbox

    return DockerSandbox(workspace, **options)


def _host(workspace: str, **options: Any) -> Sandbox:  # noqa: ANN401 (the same)
    from sandbox.host import HostSandbox

    return HostSandbox(workspace, **options)


# What the `backend` setting names. The scripted sandbox is not among them: nobody's command should be answered from a script by a setting.
BACKENDS: dict[str, Callable[..., Sandbox]] = {"docker": _docker, "host": _host}

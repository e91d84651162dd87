"""The sandbox that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import BACKENDS

if TYPE_CHECKING:
    from context_mode.settings import Settings
    from sandbox.types import Sandbox


def make_sandbox(settings: Settings) -> Sandbox:
    """Not started yet. Raises SandboxUnavailableError where what the backend needs is not installed."""
    output_bytes = settings.output_cap_mb << 20
    if settings.backend == "host":
        from sandbox.host import HostLimits

        return BACKENDS["host"](settings.workspace_folder, limits=HostLimits(output_bytes=output_bytes))
    from sandbox.docker import Limits

    limits = Limits(memory_bytes=settings.memory_mb << 20, cpus=settings.cpus, pids=settings.pids, output_bytes=output_bytes)
    return BACKENDS["docker"](settings.workspace_folder, image=settings.image, limits=limits)

"""What the sandbox adds to a command: medians and 95th percentiles over a plain subprocess on this machine, side by side in one run.

    python -m benchmarks.sandbox [--rounds N]

The cases are interleaved, so that whatever else this machine does meanwhile falls on all of them alike. Ratios are to the host subprocess.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

import docker

from sandbox import Command, DockerSandbox, HostSandbox, SandboxUnavailableError, owner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TRUE = Command(argv=("true",))
CEILING_MS = 15.0  # of the median overhead in Docker


async def seconds(call: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await call()
    return time.perf_counter() - start


async def plain() -> None:
    subprocess.run(["true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)  # noqa: ASYNC221 (it is what we compare with)


def exec_run() -> Callable[[], Awaitable[object]]:
    """A command as docker-py runs it out of the box, in the container that the sandbox has open."""
    client = docker.from_env()
    (container,) = client.containers.list(filters={"label": [f"{name}={value}" for name, value in owner.labels().items()]})

    async def call() -> object:
        return container.exec_run(["true"])

    return call


def line(name: str, times: list[float], base: float) -> str:
    p50, p95 = statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000
    return f"{name:34} {p50:8.1f} {p95:8.1f} {p50 - base:+9.1f} {p50 / base:8.1f}x"


async def measure(rounds: int) -> float:
    """Prints the table. The median overhead of a command in Docker, in ms."""
    with tempfile.TemporaryDirectory() as workspace:
        starts, firsts, stops = [], [], []
        for _ in range(5):
            sandbox = DockerSandbox(workspace)
            starts.append(await seconds(sandbox.start))
            firsts.append(await seconds(lambda sandbox=sandbox: sandbox.run(TRUE)))  # type: ignore[misc]  # the default is the binding
            stops.append(await seconds(sandbox.close))
        sandbox, host = DockerSandbox(workspace), HostSandbox(workspace)
        await sandbox.start()
        cases: dict[str, Callable[[], Awaitable[object]]] = {
            "host: subprocess.run": plain,
            "host: HostSandbox": lambda: host.run(TRUE),
            "docker: DockerSandbox": lambda: sandbox.run(TRUE),
            "docker: container.exec_run": exec_run(),
        }
        times: dict[str, list[float]] = {name: [] for name in cases}
        for turn in range(rounds):
            for name, call in cases.items():
                if name != "docker: container.exec_run" or turn < rounds // 4:  # it is slow
                    times[name].append(await seconds(call))
        await sandbox.close()
    base = statistics.median(times["host: subprocess.run"]) * 1000
    print(f"{'a command (true)':34} {'p50 ms':>8} {'p95 ms':>8} {'overhead':>9} {'ratio':>9}")
    for name, measured in times.items():
        print(line(name, measured, base))
    print(f"\nsession: start {statistics.median(starts) * 1000:.0f} ms, first command {statistics.median(firsts) * 1000:.1f} ms,", end=" ")
    print(f"close {statistics.median(stops) * 1000:.0f} ms (medians of 5)")
    return statistics.median(times["docker: DockerSandbox"]) * 1000 - base


def main() -> int:
    """0 where the overhead is below its ceiling."""
    parser = argparse.ArgumentParser(description="What the sandbox adds to a command.")
    parser.add_argument("--rounds", type=int, default=200)
    try:
        overhead = asyncio.run(measure(parser.parse_args().rounds))
    except SandboxUnavailableError as error:
        print(f"benchmarks.sandbox: skipped: {error}")
        return 0
    print(f"median overhead in Docker: {overhead:.1f} ms (ceiling {CEILING_MS:.0f} ms)")
    return int(overhead > CEILING_MS)


if __name__ == "__main__":
    raise SystemExit(main())

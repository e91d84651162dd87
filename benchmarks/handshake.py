"""How long a client waits for the MCP server: from starting the process until `initialize` and the first `tools/list` are answered.

`python -m benchmarks.handshake [RUNS]`. "ordinary" is the same server with the SDK imported the ordinary way.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVERS = {
    "this server": [sys.executable, str(ROOT / "mcp_server.py")],
    "ordinary": [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import mcp.server, mcp_server; mcp_server.main()"],
}
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "benchmark", "version": "1"}}


def measure(command: list[str]) -> tuple[float, float]:
    """Milliseconds to the answer to `initialize`, and to that to `tools/list` after it."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        _say(server, method="initialize", params=HELLO, id=1)
        ready = (time.perf_counter() - began) * 1000
        _say(server, method="notifications/initialized")
        _say(server, method="tools/list", id=2)
        listed = (time.perf_counter() - began) * 1000
        server.communicate()  # closes its stdin, which ends it
    return ready, listed


def _say(server: subprocess.Popen[bytes], **message: object) -> None:
    """Sends a message and, where it is a request, waits for its answer."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    server.stdin.flush()
    if "id" in message:
        assert "result" in json.loads(server.stdout.readline())


def main(runs: int = 20) -> None:
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in SERVERS}
    for _ in range(runs):  # by turns, so that a busy moment of the machine is shared
        for name, command in SERVERS.items():
            measured[name].append(measure(command))
    print(f"{'ms, of ' + str(runs) + ' runs':<18}{'initialize p50':>16}{'fastest':>10}{'tools/list p50':>16}{'fastest':>10}")
    for name, pairs in measured.items():
        ready, listed = zip(*pairs, strict=True)
        print(f"{name:<18}{statistics.median(ready):>16.0f}{min(ready):>10.0f}{statistics.median(listed):>16.0f}{min(listed):>10.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""End a command's whole process tree on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

MARKER = (
    "CONTEXT_MODE_COMMAND"  # an environment variable that children inherit: it finds those that left the process group and their parents
)
_GIVE_UP_S = 5.0
_POLL_S = 0.02


def kill_tree(root: int, marker: str, grace_s: float) -> None:
    """TERM to everything that `root` started, KILL to what is left after the grace.

    The process group `root` leads is reached everywhere. Its descendants in other groups and sessions are found through /proc, so on Linux
    only; a process that cleared its environment and was adopted by init escapes.
    """
    _signal(root, marker, signal.SIGTERM)
    _wait_until_gone(root, marker, grace_s)
    give_up = time.monotonic() + _GIVE_UP_S
    while _signal(root, marker, signal.SIGKILL) and time.monotonic() < give_up:
        time.sleep(_POLL_S)


def _wait_until_gone(root: int, marker: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _alive(root, marker) and time.monotonic() < deadline:
        time.sleep(_POLL_S)


def _alive(root: int, marker: str) -> bool:
    if sys.platform == "linux":
        return bool(_members(root, marker))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(root, 0)
        return True
    return False


def _signal(root: int, marker: str, number: int) -> bool:
    """Whether there was somebody to signal."""
    members = _members(root, marker)
    reached = bool(members)
    for pid in members:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
    if sys.platform != "linux":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(root, number)
            reached = True
    return reached


def _members(root: int, marker: str) -> set[int]:
    """Living processes in `root`'s group, below it, or carrying the marker. Zombies are not alive. Empty where there is no /proc."""
    wanted = f"{MARKER}={marker}".encode()
    parents: dict[int, int] = {}
    found: set[int] = set()
    for pid in _pids():
        stat = _read(f"/proc/{pid}/stat")
        state, parent, group = [*stat.rpartition(b") ")[2].split(None, 3), b"Z", b"0", b"0"][:3]
        if state in (b"Z", b"X"):
            continue
        parents[pid] = int(parent)
        if pid == root or int(group) == root or wanted in _read(f"/proc/{pid}/environ").split(b"\0"):
            found.add(pid)
    grew = True
    while grew:
        below = {pid for pid, parent in parents.items() if parent in found} - found
        found |= below
        grew = bool(below)
    return found


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 (light to import)
    except OSError:
        return []


def _read(path: str) -> bytes:
    """Empty for a process that ended meanwhile, or is somebody else's."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (light to import)
            return file.read()
    except OSError:
        return b""

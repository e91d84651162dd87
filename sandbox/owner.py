"""Whose container this is, so that a later session may tell a living owner's from a dead one's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "context-mode.owner."


def labels() -> dict[str, str]:
    """What no other process will ever have together with us."""
    return _labels(os.getpid())


def is_dead(found: Mapping[str, str]) -> bool:
    """Whether the owner that these labels name is certainly dead. One of another machine, or of another container, is not ours to judge."""
    mine = labels()
    if found.get(f"{_PREFIX}host") != mine[f"{_PREFIX}host"]:
        return False
    if found.get(f"{_PREFIX}boot") != mine[f"{_PREFIX}boot"]:
        return True
    pid = found.get(f"{_PREFIX}pid", "")
    return not pid.isdigit() or _labels(int(pid)) != {name: value for name, value in found.items() if name.startswith(_PREFIX)}


def label_name() -> str:
    """The label that every container of ours carries."""
    return f"{_PREFIX}pid"


def _labels(pid: int) -> dict[str, str]:
    return {
        f"{_PREFIX}pid": str(pid),
        f"{_PREFIX}started": _started(pid),
        f"{_PREFIX}boot": _read("/proc/sys/kernel/random/boot_id"),
        f"{_PREFIX}host": f"{os.uname().nodename} {_namespace()}",
    }


def _started(pid: int) -> str:
    """The 22nd word of the process's status: clock ticks from boot to its start. Without /proc, whether it is there at all."""
    if Path("/proc/self/stat").exists():
        words = _read(f"/proc/{pid}/stat").rpartition(") ")[2].split()
        return words[19] if len(words) > 19 and words[0] not in "ZX" else ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "running"


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""

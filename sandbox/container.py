"""One container: how it is locked down, its channels, how a command in it is ended."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docker.types import LogConfig, Mount, Ulimit

from sandbox import toolchain
from sandbox.channel import Channel, ChannelClosedError, NotBegunError
from sandbox.engine import EMPTY_IMAGE, Engine
from sandbox.shell import SCRATCH
from sandbox.types import SandboxError, SandboxUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.docker import Limits

IMAGE = "context-mode/sandbox:1"  # where this machine's own tools cannot be mounted; image/Dockerfile makes it
_PROBE_S = (1.0, 30.0)  # how often a channel that a background process holds is looked at: at first, at last
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/run")  # noqa: S108 (the container's own)
_GIT_TRUSTS_THE_WORKSPACE = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}


class Container:
    """Channels are lent to one command at a time; one whose output a background process holds is drained until it is free again."""

    def __init__(self, engine: Engine, name: str, channel: Channel) -> None:
        self._engine = engine
        self._name = name
        self._main = channel
        self._lock = threading.Lock()
        self._idle = [channel]
        self._busy: set[Channel] = set()
        self._held: set[Channel] = set()
        self._closed = False

    @property
    def is_alive(self) -> bool:
        """Process 1 holds the main channel: it is open as long as the container lives."""
        with self._lock:
            return not self._closed and (self._main not in self._idle or self._main.is_open())

    def acquire(self) -> Channel:
        """Raises NotBegunError where the container is gone, SandboxUnavailableError where it has no room."""
        with self._lock:
            while self._idle:
                channel = self._idle.pop()
                if channel.is_open():
                    self._busy.add(channel)
                    return channel
        try:
            channel = self._engine.open_channel(self._name)
        except (ChannelClosedError, SandboxUnavailableError) as error:
            if self._engine.is_running(self._name):
                raise SandboxUnavailableError(f"the container has no room for another command: {error}") from error
            self._closed = True
            raise NotBegunError("the container is gone") from error
        with self._lock:
            self._busy.add(channel)
        return channel

    def release(self, channel: Channel, *, held: bool) -> None:
        """The command on it has ended."""
        with self._lock:
            self._busy.discard(channel)
            (self._held.add if held else self._idle.append)(channel)
        if held:
            threading.Thread(target=self._drain, args=(channel,), daemon=True).start()

    def discard(self, channel: Channel) -> str:
        """Give up a channel that closed. Why it did, for people."""
        channel.close()
        with self._lock:
            self._busy.discard(channel)
            self._closed = self._closed or channel is self._main
        try:
            if self._engine.is_running(self._name) and channel is not self._main:
                return "the sandbox's shell was killed while the command ran"
        except SandboxError as error:
            self._closed = True
            return str(error)
        self._closed = True
        return "the container vanished while the command ran (stopped from outside, or out of memory); the next command gets a new one"

    def kill(self, command: str, channel: Channel, grace_s: float) -> None:
        """End one command's tree; where that cannot be done from inside, end the container."""
        with self._lock:
            drivers = [each.pid for each in (*self._idle, *self._busy, *self._held)]
            others = [each.pid for each in self._busy if each is not channel]
        lifeline = self._main.lifeline
        try:
            gone = self._engine.kill(self._name, command, grace_s, drivers=[*drivers, lifeline], others=[*others, lifeline])
        except SandboxError:
            gone = False
        if not gone:
            self.destroy()

    def destroy(self) -> None:
        with self._lock:
            self._closed = True
            channels = [*self._idle, *self._busy, *self._held]
        self._engine.remove(self._name)
        for channel in channels:
            channel.close()

    def close(self) -> None:
        self.destroy()
        self._engine.close()

    def _drain(self, channel: Channel) -> None:
        """Read for as long as somebody holds the output, so that he never waits for a full pipe; then the channel is as good as new."""
        pause, longest = _PROBE_S
        try:
            while True:
                try:
                    channel.read("never", _drop, time.monotonic() + pause)
                except TimeoutError:
                    pause = min(pause * 2, longest)
                token = os.urandom(16).hex()
                channel.send(f"probe {token}\n".encode())
                if channel.read(token, _drop) == ["0"]:
                    break
        except ChannelClosedError:
            return
        with self._lock:
            self._held.discard(channel)
            self._idle.append(channel)


def start_container(workspace: str, image: str, limits: Limits, env: Mapping[str, str], runtime: str | None) -> Container:
    """Raises SandboxUnavailableError: no engine, no image, no permission, a workspace that must not be mounted."""
    home = os.environ.get("HOME", "").rstrip("/") or "/home/sandbox"
    _refuse_what_is_private(workspace, home)
    engine = Engine()
    try:
        engine.sweep()
        tools: list[toolchain.Mount] = []
        variables: dict[str, str] = {}
        if not image and engine.is_this_machine:
            engine.ensure_empty_image()
            image = EMPTY_IMAGE
            tools = toolchain.mounts(workspace, os.environ)
            variables = toolchain.environment(workspace, os.environ, tools)
        user = "0:0" if engine.is_rootless else f"{os.getuid()}:{os.getgid()}"  # a rootless engine's root is its caller
        seen = [mount.path for mount in tools]
        host = {
            "mounts": [*(Mount(path, path, "bind", read_only=True) for path in seen), Mount(workspace, workspace, "bind")],
            "tmpfs": _temporary(home, seen, limits.tmp_bytes, user),
            "runtime": runtime,
            **_hardened(limits, selinux=engine.labels_files),
        }
        env = {"HOME": home, **_GIT_TRUSTS_THE_WORKSPACE, **variables, **env}
        return Container(engine, *engine.start(image or IMAGE, host=host, user=user, env=env, cwd=workspace))
    except BaseException:
        engine.close()
        raise


def _hardened(limits: Limits, *, selinux: bool) -> dict[str, Any]:
    return {
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges", *(["label=disable"] if selinux else [])],
        "ipc_mode": "private",
        "shm_size": limits.tmp_bytes,
        "mem_limit": limits.memory_bytes,
        "memswap_limit": limits.memory_bytes,
        "nano_cpus": int(limits.cpus * 1e9),
        "pids_limit": limits.pids,
        "ulimits": [Ulimit(name="core", soft=0, hard=0)],
        "log_config": LogConfig(type="none"),
        "auto_remove": True,
    }


def _temporary(home: str, seen: Sequence[str], size: int, user: str) -> dict[str, str]:
    """Folders in memory. Those between HOME and a toolchain too: the engine would make them root's, for nobody to write.

    All are the caller's own: where the workspace lies below one, the engine gives that one the mode 0755, whatever is asked.
    """
    uid, _, gid = user.partition(":")
    own = f"rw,exec,nosuid,nodev,size={size},uid={uid},gid={gid}"
    between = {str(parent) for path in seen for parent in Path(path).parents if parent.is_relative_to(home)}
    private = dict.fromkeys(sorted({home, SCRATCH} | between), f"{own},mode=0700")
    return {**dict.fromkeys(_SHARED_FOLDERS, f"{own},mode=1777"), **private}


def _refuse_what_is_private(workspace: str, home: str) -> None:
    if f"{os.path.realpath(home)}/".startswith(f"{workspace.rstrip('/')}/"):
        raise SandboxUnavailableError(
            f"the workspace {workspace} holds your home folder, keys included: start in a project's folder instead"
        )


def _drop(_data: bytes) -> None:
    pass

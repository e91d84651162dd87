"""The Docker engine: containers of ours are made, entered, swept and removed here.

Every refusal becomes a SandboxUnavailableError that says what to do. All calls block; importing this costs what docker-py costs.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import docker
import docker.errors
import requests

from sandbox import owner
from sandbox.channel import Channel, ChannelClosedError
from sandbox.shell import EXTRA_DRIVER, KILLER, MAIN_DRIVER
from sandbox.types import SandboxUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EMPTY_IMAGE = "context-mode/empty:1"  # holds nothing: all that a container of it sees is mounted
_ANSWER_S = 60  # for one call to the engine; starting a container on a machine under load takes seconds
_EMPTY_TAR = bytes(10_240)
_FAILURES = (docker.errors.DockerException, requests.exceptions.RequestException, OSError)


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Raises SandboxUnavailableError for whatever the engine or the way to it raised."""
    try:
        yield
    except docker.errors.ImageNotFound as error:
        raise SandboxUnavailableError(f"{doing}: {error.explanation}. Build or pull that image first.") from error
    except docker.errors.APIError as error:
        raise SandboxUnavailableError(f"{doing}: the Docker engine refused: {error.explanation or error}") from error
    except _FAILURES as error:
        raise SandboxUnavailableError(
            f"{doing}: no Docker engine answers at {_address()} ({_cause(error)}). Start one (scripts/ensure-docker does on Debian "
            "and Ubuntu; `systemctl start docker`; Docker Desktop), or point DOCKER_HOST at one.",
        ) from error


class Engine:
    """A connection to the engine that DOCKER_HOST or the current Docker context names."""

    def __init__(self) -> None:
        with explained("connecting to Docker"):
            self._api = docker.from_env(timeout=_ANSWER_S).api  # asks for the engine's version, so a dead one is found here
        try:
            with explained("asking Docker what it is"):
                self._info: Mapping[str, Any] = self._api.info()
        except SandboxUnavailableError:
            self._api.close()
            raise

    @property
    def is_this_machine(self) -> bool:
        """Whether the engine shares our kernel, so that it may mount our own folders: neither remote nor in a virtual machine."""
        by_socket = self._api.base_url.startswith("http+docker://")
        return by_socket and self._info.get("OSType") == "linux" and self._info.get("KernelVersion") == os.uname().release

    @property
    def is_rootless(self) -> bool:
        return any("rootless" in option for option in self._info.get("SecurityOptions") or ())

    @property
    def labels_files(self) -> bool:
        """Whether SELinux would keep a container from our files."""
        return any("selinux" in option for option in self._info.get("SecurityOptions") or ())

    def sweep(self) -> None:
        """Remove what owners that died left behind."""
        with explained("looking for leftovers"):
            for container in self._api.containers(all=True, filters={"label": owner.label_name()}):
                if owner.is_dead(container.get("Labels") or {}):
                    self.remove(container["Id"])

    def ensure_empty_image(self) -> None:
        with explained("making the empty image"):
            if not self._api.images(EMPTY_IMAGE):
                repository, _, tag = EMPTY_IMAGE.partition(":")
                self._api.import_image_from_data(_EMPTY_TAR, repository=repository, tag=tag)

    def start(self, image: str, *, host: Mapping[str, Any], user: str, env: Mapping[str, str], cwd: str) -> tuple[str, Channel]:
        """A new container's id, and the channel that is its life: when that closes, the container is gone."""
        with explained(f"starting a container of {image}"):
            container: str = self._api.create_container(
                image,
                ["bash", "-c", MAIN_DRIVER],
                stdin_open=True,  # and closed for good when we let go of it
                user=user,
                environment=dict(env),
                working_dir=cwd,
                labels=owner.labels(),
                host_config=self._api.create_host_config(**host),
                network_disabled=True,
            )["Id"]
            channel = None
            try:
                channel = _channel(self._api.attach_socket(container, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}))
                self._api.start(container)
                channel.greet()
            except BaseException as error:
                self.remove(container)
                if channel is not None:
                    channel.close()
                if isinstance(error, ChannelClosedError):
                    why = f"a container of {image} ended as it started: it needs bash 5 and coreutils"
                    raise SandboxUnavailableError(why) from error
                raise
            return container, channel

    def open_channel(self, container: str) -> Channel:
        """Another driver in the same container. Raises ChannelClosedError where it ended at once."""
        with explained("opening another shell in the container"):
            call = self._api.exec_create(container, ["bash", "-c", EXTRA_DRIVER], stdin=True)["Id"]
            channel = _channel(self._api.exec_start(call, socket=True))
        try:
            channel.greet()
        except ChannelClosedError:
            channel.close()
            raise
        return channel

    def kill(self, container: str, command: str, grace_s: float, *, drivers: Sequence[int], others: Sequence[int]) -> bool:
        """End one command's tree. Whether nothing of it is left."""
        arguments = [command, str(int(grace_s * 1000)), " ".join(map(str, drivers)), " ".join(map(str, others))]
        with explained("ending a command"):
            call = self._api.exec_create(container, ["bash", "-c", KILLER, "killer", *arguments])["Id"]
            return bool(self._api.exec_start(call) == b"gone\n")  # its exit code may come later than its end

    def is_running(self, container: str) -> bool:
        with explained("looking after the container"):
            try:
                return bool(self._api.inspect_container(container)["State"]["Running"])
            except docker.errors.NotFound:
                return False

    def remove(self, container: str) -> None:
        """Kill and remove it; one that is gone, or going, is as good."""
        with contextlib.suppress(*_FAILURES):
            self._api.remove_container(container, force=True, v=True)

    def close(self) -> None:
        self._api.close()


def _channel(stream: Any) -> Channel:  # noqa: ANN401 (docker-py gives a SocketIO, a TLS or an SSH socket)
    response = getattr(stream, "_response", None)  # docker-py hangs it there, lest it be collected
    return Channel(getattr(stream, "_sock", stream), *([] if response is None else [response]), stream)


def _address() -> str:
    return os.environ.get("DOCKER_HOST") or "the default address"


def _cause(error: BaseException) -> str:
    """The innermost reason, in few words: `Connection refused`, not five nested exceptions."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return getattr(error, "strerror", None) or str(error).strip() or type(error).__name__

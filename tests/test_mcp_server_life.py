"""How the MCP server lives and ends: progress, cancellation, the end of stdin, signals, and what is left of its commands and container."""

import os
import signal

import anyio
import pytest

from tests.mcp_clients import LONG_S, Watched, call, client, ended, serving, start_a_command, with_a_command_running

NOISY = "seq 1 900; exit 3"

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


async def test_a_client_hears_of_a_running_command(workspace):
    """The command ends only once the client has heard of it."""
    heard = []

    async def on_progress(progress, total, message):
        heard.append((progress, message))
        (workspace / "go").touch()

    command = f"echo begun; until [ -e {workspace}/go ]; do read -t 0.05 < <(:) ; done; echo done"
    async with client(workspace) as connected:
        result = await connected.call_tool("run", {"command": command}, progress_callback=on_progress)
    assert result.content[0].text == "begun\ndone\n"
    assert heard[0][0] > 0
    assert "6 bytes" in heard[0][1]


async def test_a_cancelled_call_ends_its_command(workspace):
    watched = Watched(workspace)
    async with client(workspace) as connected, anyio.create_task_group() as group:
        group.start_soon(connected.call_tool, "run", {"command": watched.command})
        pidfd = os.pidfd_open(await watched.started())
        group.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            assert await ended(pidfd)
    async with client(workspace) as connected:
        assert await call(connected, "run", command="echo still here") == "still here\n"


async def test_the_end_of_stdin_ends_the_server_and_its_commands(workspace):
    watched = Watched(workspace)
    with serving(workspace) as server:
        pidfd = os.pidfd_open(await with_a_command_running(server, watched))
        server.stdin.close()
        assert await ended(pidfd)
        assert server.wait(LONG_S) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_ends_the_server_and_its_commands(workspace, number):
    watched = Watched(workspace)
    with serving(workspace) as server:
        pidfd = os.pidfd_open(await with_a_command_running(server, watched))
        server.send_signal(number)
        assert await ended(pidfd)
        assert server.wait(LONG_S) == 128 + number


# ---- In Docker


def containers(workspace):
    import docker

    engine = docker.from_env()
    try:
        return [c.id for c in engine.containers.list() if any(mount["Source"] == str(workspace) for mount in c.attrs["Mounts"])]
    finally:
        engine.close()


@pytest.mark.docker
async def test_in_docker_a_command_sees_the_workspace_and_no_network(workspace):
    (workspace / "hello.txt").write_text("hello\n")
    async with client(workspace, CONTEXT_MODE_BACKEND="docker") as connected:
        text = await call(connected, "run", command="cat hello.txt; echo made > made.txt; echo > /dev/tcp/192.0.2.1/80")
        assert "hello" in text
        assert "Network is unreachable" in text
        assert (workspace / "made.txt").stat().st_uid == os.getuid()
        assert "exit 3" in (await call(connected, "run", command=NOISY, expect="900")).splitlines()[0]


@pytest.mark.docker
@pytest.mark.parametrize("end", ["stdin", "signal"])
async def test_no_container_outlives_its_server(workspace, end):
    watched = Watched(workspace)
    with serving(workspace, CONTEXT_MODE_BACKEND="docker") as server:
        start_a_command(server, watched)
        await watched.started()  # it runs; its number means nothing out here
        assert len(containers(workspace)) == 1
        if end == "stdin":
            server.stdin.close()
        else:
            server.terminate()
        server.wait(LONG_S)
    assert containers(workspace) == []


@pytest.mark.docker
async def test_in_docker_a_cancelled_call_ends_its_command_and_the_session_goes_on(workspace):
    watched = Watched(workspace)
    async with client(workspace, CONTEXT_MODE_BACKEND="docker") as connected:
        async with anyio.create_task_group() as group:
            group.start_soon(connected.call_tool, "run", {"command": watched.command})
            await watched.started()
            group.cancel_scope.cancel()
        gone = "until ! cat /proc/[0-9]*/cmdline 2>&1 | grep -aq 'nobody-[w]rites'; do read -t 0.05 < <(:); done; echo gone"
        for _ in range(3):  # on a busy machine the killing may take the shell, or the container, along: the next call gets another
            result = await connected.call_tool("run", {"command": gone, "timeout_s": LONG_S})
            if not result.is_error:
                break
        assert result.content[0].text == "gone\n"

"""The MCP face as a client sees it: a real server process, the SDK's own client, both eras of the protocol."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

ROOT = Path(__file__).parent.parent
SERVER = [sys.executable, str(ROOT / "mcp_server.py")]
LONG_S = 30  # a wait that ends by an event; this is how long until we call it lost
NOISY = "for n in $(seq 1 900); do echo \"step $n: ok, nothing to see\"; done; echo 'src/app.py:41: TypeError: bad operand'; exit 3"

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def environment(workspace, **settings):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTEXT_MODE")}
    data = {"CONTEXT_MODE_DATA_DIR": str(workspace.parent / "data"), "CONTEXT_MODE_BACKEND": "host"}
    return inherited | data | settings


@asynccontextmanager
async def client(workspace, mode="auto", **settings):
    parameters = StdioServerParameters(command=SERVER[0], args=SERVER[1:], cwd=workspace, env=environment(workspace, **settings))
    async with Client(parameters, mode=mode, read_timeout_seconds=2 * LONG_S) as connected:
        yield connected


async def call(connected, tool, **arguments):
    """The text of a call that went well."""
    result = await connected.call_tool(tool, arguments)
    assert not result.is_error, result.content[0].text
    return result.content[0].text


async def refusal(connected, tool, **arguments):
    """The text of a call that did not."""
    result = await connected.call_tool(tool, arguments)
    assert result.is_error, result.content[0].text
    return result.content[0].text


def handle_in(text):
    return text.partition("expand ")[2].split()[0].rstrip("]")


class Watched:
    """A command that says who it is, then stays until somebody ends it."""

    def __init__(self, folder):
        self.fifo = folder / "who"
        os.mkfifo(self.fifo)
        os.mkfifo(folder / "nobody-writes-here")
        self.command = f"echo $$ > {self.fifo}; exec cat {folder}/nobody-writes-here"

    async def started(self):
        """A descriptor that becomes readable when the command has ended."""
        pid = await anyio.to_thread.run_sync(self.fifo.read_text)
        return os.pidfd_open(int(pid))


async def ended(pidfd):
    readable, _, _ = await anyio.to_thread.run_sync(select.select, [pidfd], [], [], LONG_S)
    return bool(readable)


# ---- What a session of an agent pays for


@pytest.mark.parametrize(("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
async def test_both_eras_of_the_protocol_find_four_tools(workspace, mode, version):
    async with client(workspace, mode) as connected:
        tools = (await connected.list_tools()).tools
        assert connected.protocol_version == version
        assert [tool.name for tool in tools] == ["run", "read", "expand", "search"]
        assert await call(connected, "run", command="echo hello") == "hello\n"


async def test_the_tools_cost_little_to_list(workspace):
    from compressors.tokens import count_tokens

    async with client(workspace) as connected:
        tools = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in (await connected.list_tools()).tools]
    assert count_tokens(json.dumps({"tools": tools}, separators=(",", ":"))) <= 900
    assert {count_tokens(tool["inputSchema"]["properties"]["expect"]["description"]) <= 40 for tool in tools[:2]} == {True}


async def test_only_run_claims_to_change_anything(workspace):
    async with client(workspace) as connected:
        hints = {tool.name: tool.annotations.read_only_hint for tool in (await connected.list_tools()).tools}
    assert hints == {"run": False, "read": True, "expand": True, "search": True}


def test_nothing_heavy_is_loaded_before_the_handshake():
    heavy = "{'numpy', 'tiktoken', 'docker', 'sqlite3', 'starlette', 'uvicorn', 'httpx2', 'rich', 'mcp.client'}"
    code = f"import mcp_server, sys; mcp_server.make_server(mcp_server.Work(None)); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- The tools


async def test_a_failing_command_shows_its_exit_code_and_the_line_that_was_expected(workspace):
    async with client(workspace) as connected:
        text = await call(connected, "run", command=NOISY, intent="why did it fail", expect="TypeError")
    assert "exit 3" in text.splitlines()[0]
    assert "src/app.py:41: TypeError: bad operand" in text.splitlines()
    assert "step 450: ok, nothing to see" not in text


async def test_results_are_text_and_nothing_beside_it(workspace):
    async with client(workspace) as connected:
        result = await connected.call_tool("run", {"command": "echo hello"})
    assert result.structured_content is None
    assert [content.type for content in result.content] == ["text"]


async def test_hidden_lines_come_back_by_their_range_and_by_a_pattern(workspace):
    async with client(workspace) as connected:
        handle = handle_in(await call(connected, "run", command=NOISY, expect="TypeError"))
        assert "step 451: ok, nothing to see" in await call(connected, "expand", handle=handle, lines="450-452")
        assert "step 777: ok, nothing to see" in await call(connected, "expand", handle=handle, grep="step 777")


async def test_earlier_outputs_can_be_searched(workspace):
    async with client(workspace) as connected:
        handle = handle_in(await call(connected, "run", command=NOISY, expect="TypeError"))
        found = await call(connected, "search", query="bad operand")
    assert handle in found
    assert "src/app.py:41: TypeError: bad operand" in found


async def test_a_file_is_read_for_a_question_or_by_its_lines(workspace):
    (workspace / "app.log").write_text("".join(f"{n} all is well\n" for n in range(1, 2001)) + "disk is full\n")
    async with client(workspace) as connected:
        text = await call(connected, "read", path="app.log", intent="what went wrong", expect="full|refused")
        assert "disk is full" in text
        assert "1000 all is well" not in text
        assert "1000 all is well" in await call(connected, "read", path="app.log", lines="999-1001")


async def test_mistakes_are_answered_with_what_to_do(workspace):
    (workspace.parent / "secret").write_text("secret")
    async with client(workspace) as connected:
        assert "deadbeef" in await refusal(connected, "expand", handle="deadbeef")
        assert "outside the workspace" in await refusal(connected, "read", path="../secret")
        assert "directory" in await refusal(connected, "read", path=".")
        assert "no-such-file" in await refusal(connected, "read", path="no-such-file")
        assert "command" in await refusal(connected, "run", intent="no command given")
        assert await call(connected, "run", command="echo still here") == "still here\n"


async def test_a_command_that_takes_too_long_is_killed_and_says_so(workspace):
    os.mkfifo(workspace / "nobody-writes-here")
    async with client(workspace) as connected:
        text = await call(connected, "run", command="echo begun; cat nobody-writes-here", timeout_s=0.2)
    assert "timed out" in text.splitlines()[0]
    assert "begun" in text


async def test_without_an_engine_run_says_how_to_get_one_and_runs_nothing(workspace):
    settings = {"CONTEXT_MODE_BACKEND": "docker", "DOCKER_HOST": f"unix://{workspace}/no-engine.sock"}
    async with client(workspace, **settings) as connected:
        text = await refusal(connected, "run", command=f"touch {workspace}/ran")
    assert "Docker" in text
    assert "CONTEXT_MODE_BACKEND=host" in text
    assert not (workspace / "ran").exists()


async def test_an_unknown_setting_is_told_to_the_model(workspace):
    async with client(workspace, CONTEXT_MODE_BACKENT="host") as connected:
        assert "CONTEXT_MODE_BACKEND" in await refusal(connected, "run", command="true")


# ---- While a command runs


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
        pidfd = await watched.started()
        group.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            assert await ended(pidfd)
    async with client(workspace) as connected:
        assert await call(connected, "run", command="echo still here") == "still here\n"


@contextmanager
def serving(workspace, **settings):
    """A server whose stdin and stdout are ours."""
    env, pipe = environment(workspace, **settings), subprocess.PIPE
    with subprocess.Popen(SERVER, stdin=pipe, stdout=pipe, cwd=workspace, env=env) as server:
        try:
            yield server
        finally:
            server.kill()


def request(server, method, params, number=None):
    message = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
    server.stdin.write(json.dumps(message).encode() + b"\n")
    server.stdin.flush()
    return None if number is None else json.loads(server.stdout.readline())


async def with_a_command_running(server, watched):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    assert request(server, "initialize", hello, 1)["result"]["serverInfo"]["name"] == "context-mode"
    request(server, "notifications/initialized", {})
    message = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "run", "arguments": {"command": watched.command}}}
    server.stdin.write(json.dumps(message).encode() + b"\n")
    server.stdin.flush()
    return await watched.started()


async def test_the_end_of_stdin_ends_the_server_and_its_commands(workspace):
    watched = Watched(workspace)
    with serving(workspace) as server:
        pidfd = await with_a_command_running(server, watched)
        server.stdin.close()
        assert await ended(pidfd)
        assert server.wait(LONG_S) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_ends_the_server_and_its_commands(workspace, number):
    watched = Watched(workspace)
    with serving(workspace) as server:
        pidfd = await with_a_command_running(server, watched)
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
        assert "exit 3" in (await call(connected, "run", command=NOISY, expect="TypeError")).splitlines()[0]


@pytest.mark.docker
@pytest.mark.parametrize("end", ["stdin", "signal"])
async def test_no_container_outlives_its_server(workspace, end):
    watched = Watched(workspace)
    with serving(workspace, CONTEXT_MODE_BACKEND="docker") as server:
        with pytest.raises(ProcessLookupError):  # a process inside, whose number means nothing out here
            await with_a_command_running(server, watched)
        assert len(containers(workspace)) == 1
        if end == "stdin":
            server.stdin.close()
        else:
            server.terminate()
        server.wait(LONG_S)
    assert containers(workspace) == []


@pytest.mark.docker
async def test_in_docker_a_cancelled_call_ends_its_command_and_spares_the_container(workspace):
    watched = Watched(workspace)
    async with client(workspace, CONTEXT_MODE_BACKEND="docker") as connected:
        async with anyio.create_task_group() as group:
            group.start_soon(connected.call_tool, "run", {"command": watched.command})
            await anyio.to_thread.run_sync(watched.fifo.read_text)
            group.cancel_scope.cancel()
        assert "nobody-writes" not in await call(connected, "run", command="cat /proc/[0-9]*/cmdline | tr '\\0' ' '")

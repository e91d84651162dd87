"""A client of the MCP server for tests: the SDK's own, or the bare pipes where a test must break the connection in its own way."""

import json
import os
import select
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters

ROOT = Path(__file__).parent.parent
SERVER = [sys.executable, str(ROOT / "mcp_server.py")]
LONG_S = 30  # a wait that ends by an event; this is how long until we call it lost


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
        """Its process number, as it sees it itself."""
        return int(await anyio.to_thread.run_sync(self.fifo.read_text))


async def ended(pidfd):
    readable, _, _ = await anyio.to_thread.run_sync(select.select, [pidfd], [], [], LONG_S)
    os.close(pidfd)
    return bool(readable)


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
    """A descriptor that becomes readable when the command has ended."""
    start_a_command(server, watched)
    return await watched.started()


def start_a_command(server, watched):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    assert request(server, "initialize", hello, 1)["result"]["serverInfo"]["name"] == "context-mode"
    request(server, "notifications/initialized", {})
    message = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "run", "arguments": {"command": watched.command}}}
    server.stdin.write(json.dumps(message).encode() + b"\n")
    server.stdin.flush()

"""The MCP face as a client sees it: a real server process, the SDK's own client, both eras of the protocol."""

import json
import os
import subprocess
import sys

import pytest

from tests.mcp_clients import ROOT, call, client, handle_in, refusal

NOISY = "for n in $(seq 1 900); do echo \"step $n: ok, nothing to see\"; done; echo 'src/app.py:41: TypeError: bad operand'; exit 3"

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


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

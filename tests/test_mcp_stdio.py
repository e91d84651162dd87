"""The SDK is loaded without its HTTP half, and is the real SDK all the same. Each case needs a process that has not loaded it yet."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def said(*lines):
    return subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_the_http_half_and_the_client_are_left_out():
    loaded = said("import mcp_stdio, sys", "mcp_stdio.load()", "print(*sys.modules)").split()
    assert "mcp.server.mcpserver.server" in loaded
    assert not {"starlette", "starlette.applications", "uvicorn", "sse_starlette", "httpx2", "mcp.client.session"} & set(loaded)


def test_what_was_left_out_can_still_be_had():
    code = ("import mcp_stdio", "mcp_stdio.load()", "from mcp import ClientSession", "import starlette.routing, mcp.client.stdio")
    assert said(*code, "print(ClientSession.__name__, starlette.routing.Route('/', print).path)") == "ClientSession /"


def test_where_the_short_way_fails_the_ordinary_way_is_taken():
    """Pydantic is no package that the SDK can do without."""
    code = ("import mcp_stdio", "mcp_stdio.load({'starlette', 'pydantic'})", "import mcp, starlette.routing")
    assert said(*code, "from mcp.server import MCPServer", "print(MCPServer('x').name, hasattr(mcp, 'ClientSession'))") == "x True"


def test_a_process_that_has_the_sdk_already_keeps_it():
    code = ("import mcp, mcp_stdio, sys", "before = dict(sys.modules)", "mcp_stdio.load()")
    assert said(*code, "print(all(sys.modules[name] is module for name, module in before.items()))") == "True"


def test_garbage_is_collected_again_afterwards():
    assert said("import mcp_stdio, gc", "mcp_stdio.load()", "print(gc.isenabled(), gc.get_freeze_count() > 10_000)") == "True True"


def test_the_sdk_logs_plain_lines_and_rich_stays_there_for_others():
    code = ("import mcp_stdio, logging, sys", "mcp_stdio.load()", "from mcp.server.mcpserver import MCPServer")
    code += ("with mcp_stdio.plain_logging(): MCPServer('x')", "import rich")
    assert said(*code, "print(*(type(handler).__name__ for handler in logging.getLogger().handlers))") == "StreamHandler"

"""The main job on a real package: the test suite of click with one of its lines broken, through both faces, on the host and in Docker."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

ROOT = Path(__file__).parent.parent
PACKAGE, VERSION = "click", "8.5.1"
SOUND, BROKEN = "operator.ge if self.max_open else operator.gt", "operator.gt if self.max_open else operator.gt"
QUESTION = {"intent": "which tests fail and why", "expect": "FAILED|Error|assert"}
EVIDENCE = ("E       AssertionError: assert 5 == 4", "E       Failed: DID NOT RAISE BadParameter")
PLACE = re.compile(r"^tests/test_types/test_IntRange\.py:\d+: (AssertionError|Failed)$", re.MULTILINE)
# tee keeps what the tests really wrote, to compare with
TESTS = ".venv/bin/python -m pytest -v -p no:cacheprovider tests/test_types tests/test_formatting.py"
COMMAND = f"{TESTS} 2>&1 | tee raw.txt; exit ${{PIPESTATUS[0]}}"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The package's source, one line of it broken, with a virtual environment of its own that has pytest: what a user works in."""
    folder = tmp_path_factory.mktemp("project")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    download = [*pip, "download", "--no-deps", "--no-binary", ":all:", "-d", str(folder), f"{PACKAGE}=={VERSION}"]
    subprocess.run(download, check=True)
    subprocess.run(["tar", "-xzf", str(next(folder.glob("*.tar.gz"))), "-C", str(folder)], check=True)
    project = folder / f"{PACKAGE}-{VERSION}"
    broken = project / "src" / "click" / "types.py"
    assert broken.read_text().count(SOUND) == 1
    broken.write_text(broken.read_text().replace(SOUND, BROKEN))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")], check=True)
    python = str(project / ".venv" / "bin" / "python")
    subprocess.run([*pip, "--python", python, "install", "-c", str(ROOT / "constraints.txt"), "pytest"], check=True)
    packages = next((project / ".venv" / "lib").glob("python*/site-packages"))
    (packages / "project.pth").write_text(f"{project / 'src'}\n")
    return project


def environment(tmp_path, **settings):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CONTEXT_MODE", "PYTEST"))}
    return inherited | {"CONTEXT_MODE_DATA_DIR": str(tmp_path / "data")} | settings


def handle_in(view):
    return re.search(r"expand ([0-9a-f]{8,})", view)[1]


def must_show_the_failure(view):
    assert "exit 1" in view.splitlines()[0]
    assert [line for line in EVIDENCE if line not in view.splitlines()] == []
    assert PLACE.search(view)
    assert "test_IntRange.py::test_range_fail" in view


def ctx(*words, project, tmp_path):
    command = [sys.executable, "-m", "context_mode.cli", *words]
    env = environment(tmp_path, PYTHONPATH=str(ROOT))
    return subprocess.run(command, cwd=project, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)


@pytest.mark.parametrize("where", ["host", pytest.param("sandbox", marks=pytest.mark.docker)])
def test_ctx_run_shows_the_failure_and_keeps_every_byte(project, tmp_path, where):
    asked = [word for name, value in QUESTION.items() for word in (f"--{name}", value)]
    done = ctx("run", *asked, *(["--sandbox"] if where == "sandbox" else []), "--shell", COMMAND, project=project, tmp_path=tmp_path)
    view, raw = done.stdout.decode(), (project / "raw.txt").read_bytes()
    assert done.returncode == 1, done.stderr.decode()
    must_show_the_failure(view)
    assert len(view) < len(raw) / 5
    assert ctx("expand", handle_in(view), "--raw", project=project, tmp_path=tmp_path).stdout == raw


@pytest.mark.docker
@pytest.mark.anyio
async def test_the_mcp_tool_run_in_docker_shows_the_failure_and_keeps_every_byte(project, tmp_path):
    server = StdioServerParameters(
        command=sys.executable, args=[str(ROOT / "mcp_server.py")], cwd=project, env=environment(tmp_path, CONTEXT_MODE_BACKEND="docker")
    )
    async with Client(server, read_timeout_seconds=120) as client:
        ran = await client.call_tool("run", {"command": COMMAND, **QUESTION})
        view, raw = ran.content[0].text, (project / "raw.txt").read_bytes()
        assert not ran.is_error
        must_show_the_failure(view)
        pieces = []
        for first in range(1, raw.count(b"\n") + 1, 100):
            lines = {"handle": handle_in(view), "lines": f"{first}-{first + 99}"}
            pieces.append((await client.call_tool("expand", lines)).content[0].text)
    assert len(pieces) > 1
    assert sha256("".join(pieces).encode()).digest() == sha256(raw).digest()


@pytest.fixture
def anyio_backend():
    return "asyncio"

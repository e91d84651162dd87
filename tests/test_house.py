"""What DESIGN.md says about the house, held by tests: who imports whom, how large a file may be, that documents name what exists."""

import ast
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACES = {"mcp_server", "mcp_stdio"}
ROOMS = {"context_mode", "compressors", "sandbox", "benchmarks", "training", "tests"} | FACES
MAY_IMPORT = {
    "mcp_server": {"mcp_stdio", "context_mode"},
    "mcp_stdio": set(),
    "context_mode": {"compressors", "sandbox"},
    "compressors": set(),
    "sandbox": set(),
    "benchmarks": {"context_mode", "compressors", "sandbox"},
    "training": {"context_mode", "compressors", "sandbox"},
}
FACE_STARTERS = {("context_mode/cli_mcp.py", "mcp_server")}  # `ctx mcp` starts the other face
OUTSIDE_WORLD = {"time", "datetime", "random", "secrets", "socket", "urllib", "requests"}
MOST_LINES = 320


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def modules_of(room):
    return [path for path in sources() if path.relative_to(ROOT).parts[0].removesuffix(".py") == room]


def imports(path):
    """The absolute names of every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_below_it(room):
    for path in modules_of(room):
        name = str(path.relative_to(ROOT))
        others = {module.partition(".")[0] for module in imports(path)} & ROOMS - {room}
        allowed = MAY_IMPORT[room] | {module for file, module in FACE_STARTERS if file == name}
        assert others <= allowed, f"{name} imports {sorted(others - allowed)}"


def test_the_leaves_use_neither_clock_nor_chance_nor_network():
    """Compressors give the same text for the same output, byte for byte."""
    for path in modules_of("compressors"):
        used = {module.partition(".")[0] for module in imports(path)} & OUTSIDE_WORLD
        assert not used, f"{path.relative_to(ROOT)} imports {sorted(used)}"


def test_a_file_can_be_read_in_one_go():
    assert {str(path.relative_to(ROOT)): n for path in sources() if (n := len(path.read_text().splitlines())) > MOST_LINES} == {}


def test_nothing_is_left_to_be_done_later():
    for path in sources():
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                place = f"{path.relative_to(ROOT)}:{token.start[0]}"
                assert token.type != tokenize.COMMENT or not re.search(r"\b(TODO|FIXME|XXX)\b", token.string), place
                assert token.type != tokenize.NAME or token.string != "NotImplementedError", place


def test_no_failure_is_swallowed():
    """Neither a bare `except:` nor a broad one that does nothing but pass."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ExceptHandler):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert node.type is not None, f"{place} catches everything"
            if isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}:
                assert not all(isinstance(done, ast.Pass) for done in node.body), f"{place} hides every failure"


@pytest.mark.parametrize("document", ["README.md", "DESIGN.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_links_exists(document):
    targets = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / document).read_text())
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_make_target_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for doc in ROOT.glob("*.md") for name in re.findall(r"(?:`|^)make ([a-z]+)(?:`| )", doc.read_text(), re.MULTILINE)}
    assert {"demo", "test"} <= named <= targets


def test_every_ctx_command_of_the_readme_exists():
    named = set(re.findall(r"^(?:.*\| )?ctx ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    ctx = [sys.executable, "-m", "context_mode.cli"]
    known = subprocess.run([*ctx, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert named
    assert [name for name in named if not re.search(rf"\b{name}\b", known)] == []


def test_every_setting_of_the_readme_exists():
    from dataclasses import fields

    from context_mode.settings import Settings

    known = {f"CONTEXT_MODE_{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"CONTEXT_MODE_[A-Z_]+", (ROOT / "README.md").read_text())) <= known


def test_public_text_says_nothing_about_this_machine():
    told = re.compile(r"/work/|/root/|pypi\.org|registry\.npmjs")
    texts = [path for name in ("*.md", "*.toml", "Makefile", "constraints.txt") for path in ROOT.glob(name)] + sources()
    assert [str(path.relative_to(ROOT)) for path in texts if path != Path(__file__) and told.search(path.read_text())] == []

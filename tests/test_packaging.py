"""The wheel holds all it needs: built from the files of the repository, installed elsewhere, run from outside the source tree."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTEST_OUTPUT = """\
============================= test session starts ==============================
collected 412 items

tests/test_cart.py .....................................................  [ 12%]
{passing}
=================================== FAILURES ===================================
_________________________________ test_total ___________________________________

    def test_total():
>       assert total([1, 2]) == 3
E       assert -1 == 3
E        +  where -1 = total([1, 2])

tests/test_cart.py:7: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_total - assert -1 == 3
======================== 1 failed, 411 passed in 3.21s =========================
""".replace("{passing}", "\n".join(f"tests/test_part_{n}.py ......................................  [ {n}%]" for n in range(13, 100)))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy, so that nothing of an earlier build gets in and nothing of this one stays."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin folder of a fresh environment that holds the wheel, and sees the dependencies of the running one but not its project."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "-q", "--no-index", "--no-deps", "--ignore-installed", str(wheel)], check=True)
    packages = next((home / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def plain(name):
    return name.lower().replace("_", "-")


def run(command, tmp_path, stdin=""):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CONTEXT_MODE"))}
    env |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    return subprocess.run(command, cwd=tmp_path, env=env, input=stdin, capture_output=True, text=True, check=False)


def test_the_wheel_names_its_licence_and_the_data_that_it_ships(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {Path(name).name for name in names} >= {"LICENSE", "NOTICE", "METADATA", "entry_points.txt", "py.typed"}
    assert any(name.startswith("compressors/data/") for name in names)
    assert "sandbox/image/Dockerfile" in names


def test_the_wheel_holds_the_program_and_nothing_beside_it(wheel):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name}
    assert tops == {"context_mode", "compressors", "sandbox", "mcp_server.py", "mcp_stdio.py"}


def test_the_installed_program_is_the_wheels(installed, tmp_path):
    done = run([installed / "python", "-c", "import context_mode, mcp_server; print(context_mode.__file__, mcp_server.__file__)"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(Path(file).is_relative_to(installed.parent) for file in done.stdout.split())


@pytest.mark.parametrize("name", ["ctx", "context-mode"])
def test_the_program_tells_how_it_is_used(installed, tmp_path, name):
    done = run([installed / name, "--help"], tmp_path)
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("run", "filter", "read", "expand", "search", "stats", "doctor", "mcp"))


def test_the_program_finds_the_failure_in_an_output(installed, tmp_path):
    question = ["--command", "pytest", "--exit-code", "1", "--intent", "what failed", "--expect", "assert|Error"]
    done = run([installed / "ctx", "filter", *question], tmp_path, PYTEST_OUTPUT)
    assert done.returncode == 0, done.stderr
    assert "E       assert -1 == 3" in done.stdout
    assert "tests/test_cart.py:7: AssertionError" in done.stdout
    assert "test_part_50.py" not in done.stdout


PROVIDED = {"anyio", "mcp-types"}  # by mcp, whose own interface is made of them: its streams, its messages


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def test_every_package_that_is_imported_is_asked_for():
    asked = {plain(re.match(r"[\w-]+", line)[0]) for line in PYPROJECT["project"]["dependencies"]} | PROVIDED
    files = [*ROOT.glob("mcp_*.py"), *(file for room in ("context_mode", "compressors", "sandbox") for file in (ROOT / room).rglob("*.py"))]
    ours = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in files}
    distributions = packages_distributions()
    for path in files:
        for top in set(imported(path)) - sys.stdlib_module_names - ours:
            given = {plain(name) for name in distributions.get(top, [top])}
            assert given & asked, f"{path.name} imports {top}, which pyproject.toml does not ask for"


def test_every_version_that_is_pinned_is_one_that_pyproject_allows():
    from packaging.requirements import Requirement

    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    pinned = {plain(name): version for name, version in pinned.items()}
    extras = [line for lines in PYPROJECT["project"]["optional-dependencies"].values() for line in lines]
    for line in [*PYPROJECT["build-system"]["requires"], *PYPROJECT["project"]["dependencies"], *extras]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pinned[plain(wanted.name)]), line

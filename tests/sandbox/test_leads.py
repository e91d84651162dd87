"""A workspace may have been written to be shown more of this machine: what it points to outside itself is not believed unconfirmed."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import leads, toolchain
from tests.sandbox.bench import bench

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def diary(tmp_path):
    """A private folder with an executable in it, which looks as if it were installed."""
    folder = tmp_path / "diary"
    for name in ("lib", "bin"):
        (folder / name).mkdir(parents=True)
    (folder / "bin/entry").write_text("#!/bin/sh\n")
    (folder / "bin/entry").chmod(0o755)
    (folder / "secret").write_text("secret")
    return folder


def shown(work, *folders):
    """What of the world around the workspace is shown."""
    environ = {"HOME": str(work.parent / "home"), "PATH": ":".join([*map(str, folders), SYSTEM_PATH])}
    return [mount.path for mount in toolchain.mounts(str(work), environ) if mount.path.startswith(str(work.parent))]


def git(folder, *arguments):
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "main"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return folder


def test_a_pointer_to_a_folder_that_is_no_repository_shows_nothing(work, diary):
    for pointer in (diary, "../diary", "/etc", diary / "secret", "", "\udcff", "x" * 10_000):
        (work / ".git").write_text(f"gitdir: {pointer}\n", errors="surrogateescape")
        assert shown(work) == []


def test_a_pointer_to_a_repository_that_does_not_know_the_workspace_shows_nothing(work, repository):
    git(repository, "worktree", "add", "-q", repository.parent / "tree")
    for pointer in (repository / ".git", repository / ".git/worktrees/tree"):
        (work / ".git").write_text(f"gitdir: {pointer}\n")
        assert shown(work) == []
    (work / ".git").unlink()
    (work / ".git").symlink_to(repository.parent / "tree/.git")
    assert shown(work) == []


def test_a_made_up_repository_in_the_workspace_leads_nowhere(work, diary):
    made_up = work / "worktrees/x"
    made_up.mkdir(parents=True)
    (work / ".git").write_text("gitdir: worktrees/x\n")
    (made_up / "gitdir").write_text(f"{work}/.git\n")
    (made_up / "commondir").write_text(f"{diary}\n")
    (made_up / "config").write_text(f"[core]\n\tworktree = {work}\n")
    assert shown(work) == []


def test_a_submodule_brings_its_repository(repository, tmp_path):
    git(tmp_path, "clone", "-q", repository, "whole")
    git(tmp_path / "whole", "submodule", "add", "-q", str(repository), "part")
    assert shown(tmp_path / "whole/part") == [f"{tmp_path}/whole/.git/modules/part"]


def test_a_link_called_python_that_leads_to_something_else_shows_nothing(work, diary, tmp_path):
    lone = tmp_path / "key"
    lone.write_text("secret")
    for target in (lone, diary / "secret", diary / "bin/entry", diary, "/etc/shadow"):
        (work / "v/bin").mkdir(parents=True, exist_ok=True)
        (work / "v/pyvenv.cfg").write_text(f"home = {diary}/bin\n")
        (work / "v/bin/python").unlink(missing_ok=True)
        (work / "v/bin/python").symlink_to(target)
        assert shown(work) == []
        assert "/etc/shadow" not in {mount.path for mount in toolchain.mounts(str(work), {"PATH": f"{work}/v/bin"})}


@pytest.mark.parametrize("line", ["#!/etc/shadow", "#!{diary}/secret", "#!{diary}/bin/entry", "#!{diary}"])
def test_a_script_in_the_workspace_brings_no_interpreter(work, diary, line):
    (work / "v/bin").mkdir(parents=True)
    (work / "v/pyvenv.cfg").touch()
    for name in ("python", "tool"):
        (work / "v/bin" / name).write_text(line.format(diary=diary) + "\n")
        (work / "v/bin" / name).chmod(0o755)
    tools = work.parent / "tools"
    tools.mkdir()
    (tools / "tool").symlink_to(work / "v/bin/tool")
    assert shown(work, work / "v/bin", tools) == [str(tools)]
    assert "/etc/shadow" not in {mount.path for mount in toolchain.mounts(str(work), {"PATH": f"{work}/v/bin"})}


def test_links_in_the_workspace_bring_nothing_that_path_names_through_them(work, diary):
    (work / "bin").symlink_to(diary / "bin")
    (work / "tool").symlink_to(diary / "bin/entry")
    tools = work.parent / "tools"
    tools.mkdir()
    (tools / "tool").symlink_to(work / "tool")
    assert shown(work, work / "bin", tools) == [str(tools)]


def test_a_virtual_environment_that_the_workspace_links_to_is_shown(work, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "envs/project"], check=True)
    (work / ".venv").symlink_to(tmp_path / "envs/project")
    assert f"{tmp_path}/envs/project" in shown(work)


@pytest.mark.docker
def test_what_the_workspace_points_to_cannot_be_read_inside(work, diary):
    (work / ".git").write_text(f"gitdir: {diary}\n")
    (work / "v/bin").mkdir(parents=True)
    (work / "v/pyvenv.cfg").touch()
    (work / "v/bin/python").symlink_to(diary / "secret")
    with bench("docker", work) as made:
        assert made.sh(f"cat {diary}/secret v/bin/python 2>/dev/null").output == b""
        assert made.run("echo", "usable").output == b"usable\n"


NAMES = st.lists(st.sampled_from(["a", "b", "c", "..", ".", ""]), min_size=1, max_size=5).map("/".join)


@given(links=st.dictionaries(st.sampled_from(["a", "b", "c/a", "c/b", "c/c/a"]), NAMES.filter(bool), max_size=5), asked=NAMES)
def test_a_way_that_avoids_nothing_is_the_systems_own(tmp_path_factory, links, asked):
    root = tmp_path_factory.mktemp("ways")
    (root / "c/c").mkdir(parents=True)
    for name, target in links.items():
        (root / name).symlink_to(target)
    found = leads.real_path(f"{root}/{asked}", avoiding="/nowhere/at/all")
    assert found in {"", os.path.realpath(f"{root}/{asked}")}
    if (root / asked).exists():
        assert found
        assert leads.real_path(f"{root}/{asked}", avoiding=str(root)) == ""

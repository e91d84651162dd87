"""What of this machine a container is shown: asked of made-up homes, so that it holds on any machine."""

import os
import subprocess
from pathlib import Path

import pytest

from sandbox import toolchain

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def work(home):
    folder = home / "src/project"
    folder.mkdir(parents=True)
    return folder


def executable(path, text="#!/bin/sh\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def seen(home, work, *folders):
    environ = {"HOME": str(home), "PATH": ":".join([*map(str, folders), SYSTEM_PATH])}
    mounts = toolchain.mounts(str(work), environ)
    assert all(mount.why for mount in mounts)
    return [mount.path for mount in mounts if mount.path.startswith(str(home.parent))]


def test_system_folders_are_shown_whole_and_etc_by_list(home, work):
    paths = {mount.path for mount in toolchain.mounts(str(work), {"HOME": str(home), "PATH": SYSTEM_PATH})}
    assert {"/usr", "/bin", "/lib", "/etc/passwd"} <= paths
    assert (
        not {
            "/etc",
            "/etc/shadow",
            "/etc/gshadow",
            "/etc/sudoers",
            "/etc/ssl",
            "/etc/ssl/private",
            "/etc/ssh",
            "/",
            "/root",
            "/home",
            "/var",
        }
        & paths
    )


def test_of_a_home_only_toolchains_are_shown(home, work):
    for name in (".pyenv/shims/python", ".cargo/bin/cargo", ".cargo/credentials.toml", ".ssh/id", ".m2/settings.xml", "notes.txt"):
        executable(home / name)
    (home / ".m2/repository").mkdir()
    assert seen(home, work) == [f"{home}/.cargo/bin", f"{home}/.m2/repository", f"{home}/.pyenv"]


def test_a_toolchain_of_another_home_that_is_on_path_is_shown_whole(home, work, tmp_path):
    other = tmp_path / "another"
    executable(other / ".pyenv/shims/python")
    executable(other / ".pyenv/libexec/pyenv")
    executable(other / ".ssh/id")
    assert seen(home, work, other / ".pyenv/shims") == [f"{other}/.pyenv"]


def test_what_a_variable_names_is_shown_without_its_token(home, work, tmp_path):
    for name in ("cargo/bin/cargo", "cargo/credentials.toml", "java/bin/java"):
        executable(tmp_path / "tools" / name)
    environ = {"HOME": str(home), "PATH": SYSTEM_PATH, "CARGO_HOME": f"{tmp_path}/tools/cargo", "JAVA_HOME": f"{tmp_path}/tools/java"}
    shown = [mount.path for mount in toolchain.mounts(str(work), environ) if mount.path.startswith(str(tmp_path))]
    assert shown == [f"{tmp_path}/tools/cargo/bin", f"{tmp_path}/tools/java"]


def test_what_is_on_path_is_shown(home, work):
    executable(home / "tools/bin/thing")
    assert seen(home, work, home / "tools/bin") == [f"{home}/tools/bin"]


def test_a_link_on_path_brings_the_installation_that_it_leads_to(home, work):
    executable(home / "apps/thing-1.2/bin/thing")
    (home / "apps/thing-1.2/lib").mkdir()
    (home / ".local/bin").mkdir(parents=True)
    (home / ".local/bin/thing").symlink_to(home / "apps/thing-1.2/bin/thing")
    assert seen(home, work, home / ".local/bin") == [f"{home}/.local/bin", f"{home}/apps/thing-1.2"]


def test_a_link_on_path_to_a_lone_file_brings_that_file_alone(home, work):
    executable(home / "src/other/run.sh")
    (home / "src/other/secret").touch()
    (home / ".local/bin").mkdir(parents=True)
    (home / ".local/bin/run").symlink_to(home / "src/other/run.sh")
    assert seen(home, work, home / ".local/bin") == [f"{home}/.local/bin", f"{home}/src/other/run.sh"]


def test_a_script_brings_its_interpreter(home, work):
    python = executable(home / "apps/env/bin/python")
    (home / "apps/env/pyvenv.cfg").touch()
    executable(home / ".local/bin/tool", f"#!{python}\n")
    assert seen(home, work, home / ".local/bin") == [f"{home}/.local/bin", f"{home}/apps/env"]


def test_a_virtual_environment_brings_the_interpreter_it_was_made_from(home, work):
    base = executable(home / "pythons/3.12/bin/python3.12")
    (home / "pythons/3.12/lib").mkdir()
    (work / ".venv/bin").mkdir(parents=True)
    (work / ".venv/pyvenv.cfg").write_text(f"home = {base.parent}\nversion = 3.12\n")
    (work / ".venv/bin/python").symlink_to(base)
    assert seen(home, work) == [f"{home}/pythons/3.12"]


def test_an_active_virtual_environment_elsewhere_is_shown(home, work):
    environment = home / "envs/active"
    executable(environment / "bin/python")
    (environment / "pyvenv.cfg").touch()
    mounts = toolchain.mounts(str(work), {"HOME": str(home), "PATH": SYSTEM_PATH, "VIRTUAL_ENV": str(environment)})
    assert str(environment) in {mount.path for mount in mounts}


@pytest.mark.parametrize("folder", ["", "..", ".ssh", ".aws", "src/project", "src"])
def test_a_path_that_would_show_home_its_keys_or_the_workspace_is_left_out(home, work, folder):
    (home / folder).mkdir(parents=True, exist_ok=True)
    executable(home / folder / "tool")
    assert seen(home, work, os.path.normpath(home / folder)) == []


def test_a_home_reached_through_a_link_is_shown_under_both_names(tmp_path):
    real = tmp_path / "real"
    executable(real / ".pyenv/bin/python")
    alias = tmp_path / "alias"
    alias.symlink_to(real)
    work = tmp_path / "work"
    work.mkdir()
    assert seen(alias, work) == [f"{alias}/.pyenv", f"{real}/.pyenv"]


def test_a_work_tree_brings_the_repository_that_it_belongs_to(home, work):
    subprocess.run(["git", "init", "-q", home / "main"], check=True)
    commit = ["git", "-C", home / "main", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(commit, check=True)
    subprocess.run(["git", "-C", home / "main", "worktree", "add", "-q", work / "tree"], check=True)
    shown = seen(home, work / "tree")
    assert f"{home}/main/.git" in shown
    assert f"{home}/main" not in shown


def test_a_folder_inside_one_that_is_shown_is_not_shown_again(home, work):
    executable(home / ".pyenv/shims/python")
    paths = [mount.path for mount in toolchain.mounts(str(work), {"HOME": str(home), "PATH": f"{home}/.pyenv/shims:{SYSTEM_PATH}"})]
    assert not [(a, b) for a in paths for b in paths if b.startswith(f"{a}/")]


def test_the_environment_is_cut_to_what_tools_need(home, work):
    executable(home / ".pyenv/shims/python")
    environ = {
        "HOME": str(home),
        "PATH": f"{home}/.pyenv/shims:{home}/elsewhere:relative:{work}/node_modules/.bin:{SYSTEM_PATH}",
        "PYENV_ROOT": f"{home}/.pyenv",
        "LC_ALL": "C.UTF-8",
        "GITHUB_TOKEN": "secret",
        "DOCKER_HOST": "unix:///x",
    }
    mounts = toolchain.mounts(str(work), environ)
    assert toolchain.environment(str(work), environ, mounts) == {
        "PATH": f"{home}/.pyenv/shims:{work}/node_modules/.bin:{SYSTEM_PATH}",
        "PYENV_ROOT": f"{home}/.pyenv",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def nobody():
    """Root may look at everything: it gives that up for a test."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_what_the_caller_may_not_look_at_is_left_out(home, nobody, request):
    """As when another user's variables were inherited."""
    locked = home / "locked"
    if os.geteuid() != os.getuid():
        assert not os.access(home, os.R_OK, effective_ids=True)
    else:
        executable(locked / ".pyenv/bin/python")
        locked.chmod(0)
        request.addfinalizer(lambda: locked.chmod(0o700))
    environ = {"HOME": str(home), "PATH": f"{locked}/bin:{SYSTEM_PATH}", "PYENV_ROOT": f"{locked}/.pyenv", "VIRTUAL_ENV": f"{locked}/env"}
    assert not [mount for mount in toolchain.mounts("/nowhere", environ) if mount.path.startswith(str(home))]


def test_without_home_and_path_there_is_still_a_system(work):
    mounts = toolchain.mounts(str(work), {})
    assert "/usr" in {mount.path for mount in mounts}
    assert toolchain.environment(str(work), {}, mounts)["PATH"].endswith("/usr/bin:/bin")


def test_this_machines_own_tools_are_found():
    paths = [mount.path for mount in toolchain.mounts("/nowhere", os.environ)]
    assert all(Path(path).exists() for path in paths)
    assert len(paths) == len(set(paths))

"""What only the container promises: isolation, the host's tools, a new container after a dead one, and nothing left behind."""

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import docker
import pytest

from sandbox import Command, SandboxDiedError, SandboxUnavailableError, owner
from tests.sandbox.bench import bench, limited, running

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def engine():
    client = docker.from_env()
    yield client
    client.close()


def of_ours(engine):
    """The containers of this process."""
    labels = [f"{name}={value}" for name, value in owner.labels().items()]
    return {container.id: container for container in engine.containers.list(all=True, filters={"label": labels}, ignore_removed=True)}


@pytest.fixture
def fresh(own_docker_sandbox, engine):
    """A started sandbox and its container."""
    before = set(of_ours(engine))
    own_docker_sandbox.run("true")
    (new,) = set(of_ours(engine)) - before
    return own_docker_sandbox, engine.containers.get(new)


def test_there_is_no_network(docker_sandbox):
    assert docker_sandbox.sh("ls /sys/class/net").output == b"lo\n"
    assert docker_sandbox.sh("exec 3<>/dev/tcp/192.0.2.1/80").exit_code != 0


def test_what_is_private_on_this_machine_is_not_there(docker_sandbox, tmp_path):
    (tmp_path / "secret").write_text("secret")
    for path in ("/etc/shadow", "/etc/ssl/private", "/var/run/docker.sock", "/boot", Path.home() / ".bashrc", tmp_path / "secret"):
        assert docker_sandbox.run("test", "-e", str(path)).exit_code == 1, path


def test_of_home_only_tools_are_there(tmp_path, monkeypatch):
    home, work = tmp_path / "home", tmp_path / "work"
    for folder in (home / ".ssh", home / ".cargo/bin", home / ".local/bin", home / "notes", work):
        folder.mkdir(parents=True)
    for secret in (".ssh/id_ed25519", ".cargo/credentials.toml", "notes/diary", ".netrc"):
        (home / secret).write_text("secret")
    tool = home / ".local/bin/greet"
    tool.write_text("#!/bin/sh\necho hello from a tool\n")
    tool.chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    with bench("docker", work) as made:
        assert made.run("greet").output == b"hello from a tool\n"
        found = made.sh("find ~ -type f; grep -rs secret ~").output.decode().split()
        assert found == [str(tool)]
        assert made.sh("echo x > ~/.local/bin/greet").exit_code != 0
        assert made.sh("mkdir -p ~/.cache/a ~/.local/share/b ~/.cargo/c && echo y > ~/.cache/a/d && cat ~/.cache/a/d").output == b"y\n"


def test_secrets_in_our_environment_stay_outside(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    with bench("docker", tmp_path, env={"GIVEN": "on purpose"}) as made:
        output = made.run("env").output
    assert b"hunter2" not in output
    assert b"GIVEN=on purpose\n" in output


def test_only_the_workspace_and_temporary_folders_can_be_written(docker_sandbox):
    for path in ("/x", "/usr/x", "/etc/x", "/opt/x", "/lib/x", "/sys/x", "/proc/sys/kernel/hostname"):
        assert docker_sandbox.sh(f"echo x > {path}").exit_code != 0, path
    for path in ("/tmp/x", "/var/tmp/x", "~/x", "x", "/dev/shm/x"):
        assert docker_sandbox.sh(f"echo x > {path} && cat {path}").output == b"x\n", path


def test_commands_have_no_capabilities_in_any_channel(docker_sandbox):
    async def side_by_side():
        line = "touch cap-$0; sleep 0.2; grep -E 'NoNewPrivs|CapEff|CapBnd|Seccomp:' /proc/self/status"
        return await asyncio.gather(*(docker_sandbox.sandbox.run(Command(shell=line)) for _ in range(3)))

    for result in asyncio.run(side_by_side()):
        facts = dict(line.split(":\t") for line in result.output.decode().splitlines())
        assert facts == {"NoNewPrivs": "1", "CapEff": "0" * 16, "CapBnd": "0" * 16, "Seccomp": "2"}


def test_files_made_in_the_workspace_are_ours(docker_sandbox):
    docker_sandbox.run("touch", "made-inside")
    made = (docker_sandbox.workspace / "made-inside").stat()
    assert (made.st_uid, made.st_gid) == (os.getuid(), os.getgid())


def test_git_trusts_the_workspace(docker_sandbox):
    subprocess.run(["git", "init", "-q", docker_sandbox.workspace], check=True)
    (docker_sandbox.workspace / "new-file").touch()
    result = docker_sandbox.run("git", "status", "--short", "new-file")
    assert (result.output, result.exit_code) == (b"?? new-file\n", 0)


def test_git_works_in_a_work_tree_whose_repository_is_elsewhere(tmp_path):
    git = ["git", "-C", tmp_path / "main", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "-q", tmp_path / "main"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "the first"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", tmp_path / "tree"], check=True)
    (tmp_path / "tree/new-file").touch()
    with bench("docker", tmp_path / "tree") as made:
        assert made.sh("git log --format=%s; git status --short").output == b"the first\n?? new-file\n"
        assert made.run("touch", str(tmp_path / "main/.git/hooks/pre-commit")).exit_code != 0


def test_a_virtual_environment_in_the_workspace_works_as_it_stands(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    with bench("docker", tmp_path) as made:
        result = made.run(".venv/bin/python", "-c", "import sys, ssl, sqlite3; print(sys.prefix, sys.version)")
    assert result.output.decode().strip() == f"{tmp_path / '.venv'} {sys.version}"


def test_a_workspace_that_holds_home_is_refused(monkeypatch, tmp_path):
    (tmp_path / "work/home").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "work/home"))
    for workspace in (tmp_path / "work", tmp_path / "work/home", "/"):
        with bench("docker", workspace) as made, pytest.raises(SandboxUnavailableError, match="holds your home folder"):
            made.run("true")


def test_processes_are_limited_and_a_fork_bomb_is_survived(tmp_path):
    with bench("docker", tmp_path, limits=limited("docker", pids=60)) as made:
        assert made.sh("bomb() { bomb | bomb & }; bomb; sleep 100", timeout_s=1.0).timed_out
        assert made.run("echo", "next").output == b"next\n"


def test_a_command_that_dies_of_its_memory_does_not_take_a_sibling_along(tmp_path):
    with bench("docker", tmp_path, limits=limited("docker", memory_bytes=200 << 20)) as made:
        result = made.sh("python3 -c 'x = bytearray(1 << 30)'; echo $?")
        assert result.output.endswith(b"137\n")
        assert (result.exit_code, result.oom_killed) == (0, False)
        assert made.sh("exec python3 -c 'x = bytearray(1 << 30)'").oom_killed


def test_a_container_that_vanishes_ends_its_command_and_the_next_one_gets_another(fresh):
    sandbox, container = fresh
    with pytest.raises(SandboxDiedError, match="the container vanished") as caught:
        sandbox.sh("echo seen; sleep 1000", on_output=lambda _: container.kill())
    assert caught.value.output == b"seen\n"
    assert sandbox.run("echo", "next").output == b"next\n"


def test_a_container_that_vanishes_between_two_commands_is_replaced(fresh, engine):
    sandbox, container = fresh
    gone = threading.Thread(target=container.wait, kwargs={"condition": "removed"})
    gone.start()
    container.remove(force=True)
    gone.join()
    assert sandbox.run("echo", "next").output == b"next\n"


def test_a_command_that_kills_its_shell_ends_alone(fresh):
    """The second command of two has a driver that is not process 1."""
    sandbox, container = fresh
    waiting = "echo x; until [ -e go ]; do sleep 0.02; done"

    async def both():
        started = asyncio.Event()
        first = asyncio.create_task(sandbox.sandbox.run(Command(argv=("bash", "-c", waiting)), lambda _: started.set()))
        await started.wait()
        with pytest.raises(SandboxDiedError, match="shell was killed"):
            await sandbox.sandbox.run(Command(argv=("bash", "-c", "kill -9 $PPID; sleep 1000")))
        (sandbox.workspace / "go").touch()
        return await first

    assert asyncio.run(both()).exit_code == 0
    assert sandbox.run("echo", "next").output == b"next\n"
    container.reload()
    assert container.status == "running"


def test_a_command_that_kills_everything_harms_only_itself(own_docker_sandbox):
    own_docker_sandbox.sh("kill -9 -1; echo alone")
    assert own_docker_sandbox.run("echo", "next").output == b"next\n"


# docker-py drops its socket unclosed when it cannot connect
an_engine_is_missing = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@an_engine_is_missing
def test_an_engine_that_cannot_be_reached_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    with bench("docker", tmp_path) as made, pytest.raises(SandboxUnavailableError, match=r"no Docker engine answers at .*ensure-docker"):
        made.run("true")
    gc.collect()


class Relay:
    """A way to the engine that can be cut, as if the engine had been killed."""

    def __init__(self, path):
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen()
        self._ends = []
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self):
        for end in (self._listener, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect("/var/run/docker.sock")
                self._ends += [near, far]
                threading.Thread(target=self._copy, args=(near, far), daemon=True).start()
                threading.Thread(target=self._copy, args=(far, near), daemon=True).start()

    @staticmethod
    def _copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@an_engine_is_missing
@pytest.mark.skipif("DOCKER_HOST" in os.environ, reason="the engine is not at its usual socket")
def test_an_engine_that_dies_ends_the_command_and_the_next_one_says_how_to_get_another(tmp_path, monkeypatch):
    relay = Relay(str(tmp_path / "engine.sock"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
    with bench("docker", tmp_path) as made:
        with pytest.raises(SandboxDiedError, match="no Docker engine answers") as caught:
            made.sh("echo seen; sleep 1000", on_output=lambda _: relay.cut())
        assert caught.value.output == b"seen\n"
        with pytest.raises(SandboxUnavailableError, match="ensure-docker"):
            made.run("true")
    gc.collect()


OWNER = """
import asyncio, sys
from sandbox import Command, DockerSandbox
asyncio.run(DockerSandbox(sys.argv[1]).run(Command(shell=f"echo; sleep {sys.argv[2]}"), lambda _: print("running", flush=True)))
"""


def test_an_owner_that_is_killed_leaves_no_container_and_no_process(tmp_path, engine):
    before = {container.id for container in engine.containers.list(filters={"label": owner.label_name()}, ignore_removed=True)}
    arg = f"{990_000 + os.getpid()}.5"
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path), arg], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"running\n"
        mounted = [
            container
            for container in engine.containers.list(filters={"label": owner.label_name()}, ignore_removed=True)
            if container.id not in before and container.attrs["Config"]["WorkingDir"] == str(tmp_path)
        ]
        process.kill()
    with contextlib.suppress(docker.errors.NotFound):
        mounted[0].wait(condition="removed")
    assert len(mounted) == 1
    assert running(arg) == []


def test_leftovers_of_dead_owners_are_removed_and_those_of_living_ones_kept(tmp_path, engine):
    image = "context-mode/empty:1"
    with bench("docker", tmp_path) as first:
        first.run("true")  # so that there is an image
    say_labels = "import json; from sandbox import owner; print(json.dumps(owner.labels()))"
    labels = subprocess.run([sys.executable, "-c", say_labels], capture_output=True, check=True).stdout
    dead = engine.containers.create(image, ["bash"], labels=json.loads(labels))
    reused = engine.containers.create(image, ["bash"], labels={**owner.labels(), "context-mode.owner.started": "1"})
    living = engine.containers.create(image, ["bash"], labels=owner.labels())
    foreign = engine.containers.create(image, ["bash"], labels={**owner.labels(), "context-mode.owner.host": "elsewhere"})
    try:
        with bench("docker", tmp_path) as made:
            made.run("true")
            left = {container.id for container in engine.containers.list(all=True, ignore_removed=True)}
        assert left & {dead.id, reused.id, living.id, foreign.id} == {living.id, foreign.id}
    finally:
        for container in (dead, reused, living, foreign):
            with contextlib.suppress(docker.errors.NotFound):
                container.remove(force=True)


def test_a_closed_sandbox_leaves_no_container(own_docker_sandbox, engine):
    before = set(of_ours(engine))
    own_docker_sandbox.run("true")
    asyncio.run(own_docker_sandbox.sandbox.close())
    assert set(of_ours(engine)) == before


def test_signal_numbers_are_those_of_this_machine(docker_sandbox):
    assert docker_sandbox.sh("kill -USR1 $$").signal == signal.SIGUSR1

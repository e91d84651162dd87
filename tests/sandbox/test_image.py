"""The image for engines that cannot be shown this machine's own tools. It is built by hand, as that takes the network and a minute."""

from pathlib import Path

import docker
import pytest

from sandbox.container import IMAGE
from tests.sandbox.bench import bench

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def in_image(tmp_path_factory):
    client = docker.from_env()
    built = client.images.list(IMAGE)
    client.close()
    if not built:
        pytest.skip(f"docker build -t {IMAGE} sandbox/image makes the image that this asks for")
    with bench("docker", tmp_path_factory.mktemp("workspace"), image=IMAGE) as made:
        yield made


@pytest.mark.parametrize("tool", ["python3", "python", "node", "npm", "git", "rg", "jq", "make", "gcc", "g++"])
def test_a_tool_is_there(in_image, tool):
    assert in_image.run(tool, "--version").exit_code == 0


def test_a_program_is_compiled_and_run(in_image):
    (in_image.workspace / "hello.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); }\n')
    assert in_image.sh("make -s hello && ./hello").output == b"hello\n"


def test_nothing_of_this_machine_but_the_workspace_is_there(in_image):
    assert in_image.sh("ls /opt").output == b""
    assert in_image.run("test", "-e", str(Path.home() / ".bashrc")).exit_code == 1
    assert in_image.sh("ls /sys/class/net").output == b"lo\n"

"""An image by setting, in place of the host's own tools."""

import pytest

from sandbox import SandboxUnavailableError
from tests.sandbox.bench import bench

pytestmark = pytest.mark.docker


def test_an_image_that_is_not_there_is_named(tmp_path):
    named = pytest.raises(SandboxUnavailableError, match=r"context-mode/no-such-image:1.*Build or pull")
    with bench("docker", tmp_path, image="context-mode/no-such-image:1") as made, named:
        made.run("true")


def test_an_image_without_a_shell_is_refused(tmp_path, docker_sandbox):
    docker_sandbox.run("true")
    with bench("docker", tmp_path, image="context-mode/empty:1") as made, pytest.raises(SandboxUnavailableError, match="bash"):
        made.run("true")

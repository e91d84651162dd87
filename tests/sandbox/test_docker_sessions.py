"""One container a session: what lasts from command to command, and what stays apart."""

import asyncio

import pytest

from sandbox import Command

pytestmark = pytest.mark.docker


def test_a_background_process_serves_later_commands(own_docker_sandbox):
    server = "import socket; s = socket.create_server(('127.0.0.1', 8000)); open('up', 'w'); s.accept()[0].sendall(b'served')"
    own_docker_sandbox.sh(f'python3 -c "{server}" & until [ -e up ]; do sleep 0.02; done')
    assert own_docker_sandbox.sh("cat < /dev/tcp/127.0.0.1/8000").output == b"served"


def test_interrupted_while_a_command_runs_the_sandbox_is_usable(docker_sandbox):
    async def cancel_at_once():
        task = asyncio.create_task(docker_sandbox.sandbox.run(Command(argv=("sleep", "1000"))))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(cancel_at_once())
    assert docker_sandbox.run("echo", "next").output == b"next\n"


def test_two_sandboxes_do_not_see_each_other(docker_sandbox, own_docker_sandbox):
    docker_sandbox.sh("echo mine > /tmp/private")
    assert own_docker_sandbox.run("test", "-e", "/tmp/private").exit_code == 1
    assert own_docker_sandbox.run("test", "-e", str(docker_sandbox.workspace)).exit_code == 1

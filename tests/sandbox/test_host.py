"""What the wrapper needs of the host sandbox: light to import, our own stdin, our signals handed on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import Command, HostLimits, run_on_host
from tests.sandbox.bench import running

WRAPPER = """
import sys
from sandbox.host import run_on_host
from sandbox.types import Command
heard = lambda data: (sys.stdout.buffer.write(data), sys.stdout.flush())
result = run_on_host(Command(shell=sys.argv[1]), heard, workspace=".", stdin="inherit", forward_signals=True)
print("result", result.exit_code, result.signal)
"""


def sh(line, tmp_path, **options):
    return run_on_host(Command(argv=("bash", "-c", line)), workspace=str(tmp_path), **options)


def wrapper(line):
    return subprocess.Popen([sys.executable, "-c", WRAPPER, line], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_importing_it_is_cheap():
    code = "import sys, sandbox.host; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode().split()
    assert not {"asyncio", "docker", "pydantic", "tempfile", "logging"} & set(loaded)


def test_our_stdin_is_the_commands():
    with wrapper("cat; echo end") as process:
        output, _ = process.communicate(b"typed\n")
    assert output == b"typed\nend\nresult 0 None\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_our_signals_reach_the_whole_group_and_we_live_to_tell(number):
    arg = f"{880_000 + os.getpid()}.5"
    with wrapper(f"sleep {arg} | {{ echo ready; exec sleep {arg}; }}; echo not reached") as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        output = process.stdout.read()
    assert output == f"result {128 + number} {int(number)}\n".encode()
    assert process.returncode == 0
    assert running(arg) == []


def test_our_own_handlers_are_back_afterwards(tmp_path):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    run_on_host(Command(argv=("true",)), workspace=str(tmp_path), forward_signals=True)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_where_the_system_has_no_process_descriptors_a_thread_waits(tmp_path, monkeypatch):
    """As on macOS."""
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    result = sh("echo x; exit 3", tmp_path)
    assert (result.output, result.exit_code) == (b"x\n", 3)


def test_processor_time_is_limited(tmp_path):
    result = sh("while :; do :; done", tmp_path, limits=HostLimits(cpu_s=1))
    assert result.signal in {signal.SIGXCPU, signal.SIGKILL}


def test_a_folder_for_large_outputs_that_cannot_be_written_truncates_and_loses_no_result(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    result = sh("head -c 3000000 /dev/zero; exit 4", tmp_path)
    assert (result.truncated, result.exit_code) == (True, 4)
    assert 0 < len(result.output) <= 1 << 20


def test_large_outputs_leave_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    result = sh("head -c 3000000 /dev/zero", tmp_path)
    assert len(result.output) == 3_000_000
    assert list(tmp_path.iterdir()) == []


def test_no_descriptor_is_left_open(tmp_path):
    def run(line, **more):
        run_on_host(Command(shell=line, **more), workspace=str(tmp_path), limits=HostLimits(grace_s=0.1))

    run("true")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        run("echo x")
        run("head -c 2000000 /dev/zero")
        run("cat", stdin=b"x" * 100_000)
        run("sleep 1000", timeout_s=0.05)
        run_on_host(Command(argv=("no-such-command",)), workspace=str(tmp_path))
    assert len(list(Path("/proc/self/fd").iterdir())) == before

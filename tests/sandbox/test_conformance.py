"""What every sandbox promises, asked of every backend."""

import asyncio
import hashlib
import itertools
import os
import signal

import pytest

from sandbox import Command, OutsideWorkspaceError
from tests.sandbox.bench import CAP, STUCK_S, bench, limited, running

unique = itertools.count(770_000 + os.getpid())


def a_long_time():
    """An argument of sleep that no other process has."""
    return f"{next(unique)}.5"


def test_output_and_exit_code_are_the_commands_own(sandbox):
    result = sandbox.sh("echo one; exit 3")
    assert (result.output, result.exit_code, result.signal) == (b"one\n", 3, None)


def test_a_success_is_exit_code_zero(sandbox):
    assert sandbox.run("true").exit_code == 0
    assert sandbox.run("false").exit_code == 1


def test_stdout_and_stderr_keep_the_order_in_which_they_were_written(sandbox):
    result = sandbox.sh("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done")
    assert result.output.decode().split("\n") == [f"{stream} {i}" for i in range(1, 6) for stream in ("out", "err")] + [""]


def test_bytes_come_as_they_are(sandbox):
    every_byte = bytes(range(256)) * 3
    (sandbox.workspace / "every").write_bytes(every_byte)
    assert sandbox.run("cat", "every").output == every_byte


def test_a_last_line_without_a_newline_and_silence_stay_as_they_are(sandbox):
    assert sandbox.run("printf", "no newline").output == b"no newline"
    assert sandbox.run("true").output == b""


def test_arguments_arrive_untouched(sandbox):
    arguments = ["a b", "c'd", 'e"f', "g\nh", "$HOME", "`id`", "\\", "", "-n", "é", "*"]
    assert sandbox.run("printf", "%s\\0", *arguments).output == "".join(f"{each}\0" for each in arguments).encode()


def test_a_shell_line_is_bash(sandbox):
    assert sandbox.sh("set -o pipefail; false | true; echo ${PIPESTATUS[0]}").output == b"1\n"


def test_the_environment_is_extended(sandbox):
    env = {"PLAIN": "1", "LINES_OF": "a\nb", "odd.name": "x", "count": "7", "size": "8"}
    result = sandbox.run("env", "-0", env=env)
    assert {f"{name}={value}".encode() for name, value in env.items()} <= set(result.output.split(b"\0"))


def test_stdin_reaches_the_command_whole(sandbox):
    data = os.urandom(300_000)
    assert sandbox.run("sha256sum", stdin=data).output.split()[0].decode() == hashlib.sha256(data).hexdigest()


def test_without_stdin_a_reader_is_at_the_end_at_once(sandbox):
    assert sandbox.run("cat").output == b""


def test_stdin_that_is_not_read_harms_nobody(sandbox):
    assert sandbox.run("true", stdin=b"x" * 300_000).exit_code == 0
    assert sandbox.run("echo", "next").output == b"next\n"


def test_a_command_starts_in_the_workspace_or_below(sandbox):
    (sandbox.workspace / "sub").mkdir(exist_ok=True)
    assert sandbox.run("pwd").output.decode().strip() == str(sandbox.workspace)
    assert sandbox.run("pwd", cwd="sub").output.decode().strip() == str(sandbox.workspace / "sub")
    assert sandbox.run("pwd", cwd=str(sandbox.workspace / "sub")).output.decode().strip() == str(sandbox.workspace / "sub")


@pytest.mark.parametrize("cwd", ["/", "..", "/etc", "link-out"])
def test_a_command_does_not_start_outside_the_workspace(sandbox, cwd):
    link = sandbox.workspace / "link-out"
    if not link.is_symlink():
        link.symlink_to("/usr")
    with pytest.raises(OutsideWorkspaceError, match="outside the workspace"):
        sandbox.run("true", cwd=cwd)


def test_a_folder_that_is_not_there_is_named(sandbox):
    with pytest.raises(OutsideWorkspaceError, match=r"there is no folder .*nowhere"):
        sandbox.run("true", cwd="nowhere")


def test_a_missing_command_is_127_and_says_so(sandbox):
    result = sandbox.run("no-such-command", "x")
    assert (result.output, result.exit_code) == (b"context-mode: no-such-command: command not found\n", 127)
    result = sandbox.run("./missing")
    assert (result.output, result.exit_code) == (b"context-mode: ./missing: no such file\n", 127)


def test_a_file_that_may_not_be_executed_is_126_and_says_so(sandbox):
    (sandbox.workspace / "data").write_text("x")
    result = sandbox.run("./data")
    assert (result.output, result.exit_code) == (b"context-mode: ./data: permission denied\n", 126)


def test_a_script_without_an_interpreter_line_is_run_by_a_shell(sandbox):
    script = sandbox.workspace / "script"
    script.write_text("echo from a script $1\n")
    script.chmod(0o755)
    assert sandbox.run("./script", "x").output == b"from a script x\n"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGKILL, signal.SIGPIPE, signal.SIGSEGV, signal.SIGTERM])
def test_death_by_a_signal_is_told_from_an_exit_code(sandbox, number):
    killed = sandbox.sh(f"kill -{int(number)} $$")
    left = sandbox.sh(f"exit {128 + number}")
    assert (killed.exit_code, killed.signal) == (128 + number, number)
    assert (left.exit_code, left.signal) == (128 + number, None)


def test_output_is_streamed_while_the_command_runs(own_sandbox):
    """It waits for a file that we make only when we have heard from it."""
    heard = []

    def answer(data):
        heard.append(data)
        (own_sandbox.workspace / "go").touch()

    result = own_sandbox.sh("echo ready; until [ -e go ]; do sleep 0.02; done; echo done", on_output=answer)
    assert result.output == b"ready\ndone\n" == b"".join(heard)
    assert heard[0] == b"ready\n"


def test_an_error_in_the_listener_is_raised(sandbox):
    def listener(data):
        raise LookupError(data)

    with pytest.raises(LookupError):
        sandbox.run("echo", "x", on_output=listener)
    assert sandbox.run("echo", "next").output == b"next\n"


def test_output_beyond_the_cap_is_dropped_and_the_command_not_blocked(sandbox):
    heard = []
    result = sandbox.sh(
        f"yes abcdefg | head -c {CAP + 5_000_000}; echo the end >&2; exit 5", on_output=lambda data: heard.append(len(data))
    )
    assert result.truncated
    assert result.exit_code == 5
    assert result.output == b"abcdefg\n" * (CAP // 8)
    assert sum(heard) == CAP + 5_000_000 + len("the end\n")


def test_output_up_to_the_cap_is_whole(sandbox):
    result = sandbox.run("head", "-c", str(CAP), "/dev/zero")
    assert (len(result.output), result.truncated) == (CAP, False)


def test_a_timeout_says_so_and_keeps_the_output(sandbox):
    result = sandbox.sh(f"echo before; sleep {a_long_time()}; echo after", timeout_s=0.3)
    assert result.timed_out
    assert result.output.startswith(b"before\n")
    assert b"after" not in result.output
    assert result.exit_code in {128 + signal.SIGTERM, 128 + signal.SIGKILL}


def test_a_command_within_its_time_is_not_timed_out(sandbox):
    assert not sandbox.run("true", timeout_s=60).timed_out


def test_a_command_that_answers_the_timeout_with_success_is_no_success(sandbox):
    result = sandbox.sh(f"trap 'exit 0' TERM; sleep {a_long_time()} & wait", timeout_s=0.3)
    assert (result.timed_out, result.exit_code) == (True, 124)


def test_a_timeout_ends_those_who_ignore_it_who_left_the_group_and_who_were_orphaned(sandbox):
    arg = a_long_time()
    lines = [
        f"sleep {arg} &",
        f"setsid sleep {arg} &",
        f"(setsid sleep {arg} </dev/null >/dev/null 2>&1 &) &",
        f"setsid bash -c \"trap '' TERM; while :; do sleep {arg}; done\" &",
        f"trap '' TERM; while :; do sleep {arg}; done",
    ]
    result = sandbox.sh("\n".join(lines), timeout_s=0.5)
    assert (result.timed_out, result.exit_code) == (True, 128 + signal.SIGKILL)
    assert running(arg) == []


def test_a_timeout_ends_those_too_who_do_not_hold_the_output_and_outlive_their_parent(sandbox):
    arg = a_long_time()
    stubborn = f"setsid bash -c \"trap '' TERM; while :; do sleep {arg}; done\" </dev/null >/dev/null 2>&1 &"
    assert sandbox.sh(f"{stubborn}\nsleep {arg}", timeout_s=0.5).timed_out
    assert running(arg) == []


def test_a_timeout_under_a_flood_of_output_ends_the_command(sandbox):
    result = sandbox.run("yes", timeout_s=0.3)
    assert (result.timed_out, result.truncated) == (True, True)


def test_a_cancelled_command_is_gone(sandbox):
    arg = a_long_time()

    async def cancel():
        started = asyncio.Event()
        line = f"setsid sleep {arg} & echo started; sleep {arg}"
        task = asyncio.create_task(sandbox.sandbox.run(Command(shell=line), lambda _: started.set()))
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(cancel())
    assert running(arg) == []
    assert sandbox.run("echo", "next").output == b"next\n"


def test_a_background_process_that_holds_the_output_holds_up_nobody(own_sandbox):
    arg = a_long_time()
    first = own_sandbox.sh(f"sleep {arg} & echo $!")
    assert own_sandbox.run("echo", "next").output == b"next\n"
    assert len(running(arg)) == 1
    own_sandbox.run("kill", first.output.decode().strip())
    assert own_sandbox.run("echo", "last").output == b"last\n"


def test_what_a_background_process_writes_later_is_in_nobody_elses_output(own_sandbox):
    own_sandbox.sh("(until [ -e go ]; do sleep 0.01; done; echo late; touch gone) & echo first")
    (own_sandbox.workspace / "go").touch()
    assert own_sandbox.sh("until [ -e gone ]; do sleep 0.01; done; echo second").output == b"second\n"


def test_children_that_end_just_after_their_parent_are_heard(sandbox):
    assert sandbox.sh("(sleep 0.05; echo child) & echo parent").output == b"parent\nchild\n"


def test_a_command_may_signal_its_own_group(sandbox):
    result = sandbox.sh("trap 'kill 0' EXIT; echo x; exit 0")
    assert result.output.startswith(b"x\n")
    assert sandbox.run("echo", "next").output == b"next\n"


def test_a_stopped_command_can_be_timed_out(sandbox):
    result = sandbox.sh("kill -STOP $$; echo never", timeout_s=0.3)
    assert (result.timed_out, result.output) == (True, b"")


def test_fifty_commands_one_after_the_other(sandbox):
    assert [sandbox.run("echo", str(i)).output for i in range(50)] == [f"{i}\n".encode() for i in range(50)]


def test_commands_run_side_by_side(sandbox):
    """Each waits for the file that the one before it makes, the first for the last one's: they end only if all run at once."""

    async def all_of_them():
        lines = [f"touch at-{i}; until [ -e at-{(i - 1) % 8} ]; do sleep 0.02; done; echo {i}; exit {i}" for i in range(8)]
        return await asyncio.gather(*(sandbox.sandbox.run(Command(shell=line, timeout_s=STUCK_S)) for line in lines))

    results = asyncio.run(all_of_them())
    assert [(result.output, result.exit_code) for result in results] == [(f"{i}\n".encode(), i) for i in range(8)]


def test_a_timeout_of_one_leaves_its_neighbours_alone(sandbox):
    async def both():
        line = "sleep 0.1; until [ -e ended ]; do sleep 0.02; done; echo well"
        neighbour = asyncio.create_task(sandbox.sandbox.run(Command(shell=line, timeout_s=STUCK_S)))
        late = await sandbox.sandbox.run(Command(argv=("sleep", a_long_time()), timeout_s=0.4))
        (sandbox.workspace / "ended").touch()
        return late, await neighbour

    late, neighbour = asyncio.run(both())
    assert late.timed_out
    assert (neighbour.output, neighbour.exit_code) == (b"well\n", 0)


def test_time_is_measured(sandbox):
    assert 0 < sandbox.run("true").duration_s < sandbox.run("sleep", "0.2").duration_s


def test_closing_ends_what_still_runs_and_may_be_repeated(own_sandbox):
    arg = a_long_time()

    async def close():
        started = asyncio.Event()
        task = asyncio.create_task(own_sandbox.sandbox.run(Command(argv=("bash", "-c", f"echo x; sleep {arg}")), lambda _: started.set()))
        await started.wait()
        await own_sandbox.sandbox.close()
        await own_sandbox.sandbox.close()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(close())
    assert running(arg) == []


def test_a_nul_in_an_argument_is_refused(sandbox):
    with pytest.raises(ValueError, match=r"NUL|null"):
        sandbox.run("echo", "a\0b")


@pytest.mark.parametrize("backend", [pytest.param("docker", marks=pytest.mark.docker), "host"])
def test_memory_is_limited(backend, tmp_path):
    with bench(backend, tmp_path, limits=limited(backend, memory_bytes=300 << 20)) as small:
        result = small.run("python3", "-c", "x = bytearray(1 << 30)")
        assert result.exit_code != 0
        assert result.oom_killed == (backend == "docker")
        assert small.run("echo", "next").output == b"next\n"

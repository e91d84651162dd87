"""`ctx run`: a wrapper that is not noticed, but for what it leaves out."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from threading import Event

import pytest

from context_mode.progress import Progress

LONG = "for n in $(seq 3000); do echo step $n done; done"
HEAVY = {"asyncio", "docker", "mcp", "numpy", "onnxruntime", "pathlib", "platformdirs", "pydantic", "re2", "tiktoken", "tree_sitter"}


def test_a_small_output_is_shown_as_it_is_and_nothing_is_added(ctx):
    done = ctx("run", "--", "printf", "a\\033[1mb\\r\\nno newline \\377")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a\x1b[1mb\r\nno newline \xff", b"")


def test_silence_stays_silence(ctx):
    done = ctx("run", "--", "true")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("code", [0, 1, 3, 125, 255])
def test_the_exit_code_is_the_commands(ctx, code):
    assert ctx("run", "--shell", f"exit {code}").returncode == code
    assert ctx("run", "--shell", f"{LONG}; exit {code}").returncode == code


def test_a_long_output_is_cut_to_what_matters_and_a_failure_is_said_first(ctx):
    line = f"{LONG}; echo disk quota exceeded >&2; {LONG}; exit 4"
    done = ctx("run", "--intent", "what failed", "--expect", "quota|denied", "--shell", line)
    assert b"exit 4" in done.stdout.split(b"\n")[0]
    assert b"\ndisk quota exceeded\n" in done.stdout
    assert len(done.stdout) < 4_000


def test_what_was_left_out_is_fetched_back_whole(ctx):
    handle = json.loads(ctx("run", "--json", "--shell", LONG).stdout)["handle"]
    assert ctx("expand", handle, "--raw").stdout == b"".join(b"step %d done\n" % n for n in range(1, 3_001))


def test_a_small_output_is_kept_too(ctx):
    ctx("run", "--", "echo", "zebra crossing")
    assert b"1:zebra crossing" in ctx("search", "zebra").stdout


@pytest.mark.parametrize("words", [["--", "sh", "-c", "echo -- $1", "sh", "--x"], ["sh", "-c", "echo -- $1", "sh", "--x"]])
def test_the_commands_own_dashes_are_left_alone(ctx, words):
    assert ctx("run", *words).stdout == b"-- --x\n"


def test_options_stand_before_the_command_only(ctx):
    assert ctx("run", "--budget", "500", "echo", "--budget", "3").stdout == b"--budget 3\n"


def test_json_tells_the_exit_code_and_exits_with_it(ctx):
    done = ctx("run", "--json", "--shell", "echo hello; exit 7")
    assert done.returncode == 7
    assert json.loads(done.stdout)["exit_code"] == 7
    assert "hello" in json.loads(done.stdout)["text"]


def test_stdin_is_handed_through(ctx):
    assert ctx("run", "--", "cat", stdin=b"from outside\n").stdout == b"from outside\n"


def test_stdout_and_stderr_come_in_the_order_written(ctx):
    assert ctx("run", "--shell", "echo 1; echo 2 >&2; echo 3").stdout == b"1\n2\n3\n"


def test_a_signal_is_128_and_its_number_and_said(ctx):
    done = ctx("run", "--shell", "echo working; kill -9 $$")
    assert done.returncode == 137
    assert b"killed by signal 9 (SIGKILL)" in done.stdout.split(b"\n")[0]


def test_a_timeout_ends_the_command_and_is_said(ctx):
    done = ctx("run", "--timeout", "0.3", "--shell", "echo working; sleep 600")
    assert done.returncode not in (0, 1)
    assert b"timed out after 0.3 s" in done.stdout.split(b"\n")[0]
    assert b"working" in done.stdout


def test_a_missing_command_is_127(ctx):
    done = ctx("run", "--", "no-such-command")
    assert done.returncode == 127
    assert b"no-such-command: command not found" in done.stdout


def test_what_may_not_be_executed_is_126(ctx, tmp_path):
    (tmp_path / "work" / "plain").write_text("hello")
    assert ctx("run", "--", "./plain").returncode == 126


@pytest.mark.parametrize("words", ["", "--", "--shell true -- true", "--timeout 0 -- true", "--unknown -- true"])
def test_a_wrong_call_runs_nothing_and_says_why(ctx, words):
    done = ctx("run", *words.split())
    assert done.returncode == 2
    assert b"usage: ctx run" in done.stderr


def test_our_own_failure_is_told_apart_from_the_commands(ctx):
    assert ctx("run", "--", "true", no_such_setting=1).returncode == 125


def test_a_store_that_fails_loses_no_result(ctx):
    done = ctx("run", "--shell", f"{LONG}; echo ERROR: boom; exit 3", data_dir="/dev/null/data")
    assert done.returncode == 3
    assert b"ERROR: boom" in done.stdout
    first = done.stdout.decode().split("\n")[0]
    whole = Path(first.split("not stored, whole in ")[1].split(" ·")[0].rstrip("]"))
    assert whole.read_bytes().count(b"\n") == 3_001
    whole.unlink()
    assert b"CONTEXT_MODE_DATA_DIR" in done.stderr


def test_where_nothing_can_be_written_at_all_the_view_still_comes(command):
    asked = command("run", "--shell", "head -c 400000 /dev/urandom | base64; echo ERROR: boom; exit 3")
    limited = ["bash", "-c", 'ulimit -f 100; exec "$@"', "bash", *asked["args"]]  # no file may grow beyond 100 KB: like a disk that is full
    done = subprocess.run(**(asked | {"args": limited}), capture_output=True, check=False)
    assert done.returncode == 3
    assert b"ERROR: boom" in done.stdout
    assert b"not stored" in done.stdout.split(b"\n")[0]


def test_ctx_may_run_ctx(ctx):
    inner = f"{sys.executable} -m context_mode.cli run -- echo nested"
    assert ctx("run", "--shell", inner).stdout == b"nested\n"


# ---- stdout is a file


@pytest.fixture
def into_file(command, tmp_path):
    """Runs `ctx` with its stdout in a file: the process, and what the file holds."""

    def run(*words, **settings):
        with (tmp_path / "stdout").open("wb") as file:
            done = subprocess.run(**command(*words, **settings), stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, check=False)
        return done, (tmp_path / "stdout").read_bytes()

    return run


def test_into_a_file_every_byte_goes_untouched_and_stderr_stays_apart(into_file):
    done, content = into_file("run", "--shell", f"{LONG}; printf '\\377\\0'; echo aside >&2; exit 5")
    assert (done.returncode, done.stderr) == (5, b"aside\n")
    assert content == b"".join(b"step %d done\n" % n for n in range(1, 3_001)) + b"\xff\0"


def test_into_a_file_too_a_missing_command_is_127(into_file):
    done, content = into_file("run", "--", "no-such-command")
    assert (done.returncode, content) == (127, b"")
    assert b"command not found" in done.stderr


def test_into_a_file_too_a_timeout_ends_the_command(into_file):
    done, content = into_file("run", "--timeout", "0.3", "--shell", "echo working; sleep 600")
    assert (done.returncode, content) == (143, b"working\n")
    assert b"timed out after 0.3 s" in done.stderr


def test_into_a_file_json_is_still_json(into_file):
    assert json.loads(into_file("run", "--json", "--", "echo", "hi")[1])["exit_code"] == 0


# ---- signals and terminals


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_reaches_the_whole_tree_and_the_view_still_comes(command, tmp_path, number, code):
    os.mkfifo(tmp_path / "pids")
    script = f"echo working; sh -c 'echo $$ > {tmp_path / 'pids'}; exec sleep 600'; :"
    with subprocess.Popen(**command("run", "--", "sh", "-c", script), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        grandchild = os.pidfd_open(int((tmp_path / "pids").read_text()))  # waits until it runs
        process.send_signal(number)
        out, err = process.communicate()
    assert process.returncode == code
    assert b"working" in out
    assert b"Traceback" not in err
    assert select.select([grandchild], [], [], 10)[0]  # readable once it has ended
    os.close(grandchild)


def test_the_command_reads_our_terminal(command):
    ours, theirs = pty.openpty()
    with subprocess.Popen(**command("run", "--", "head", "-n", "1"), stdin=theirs, stdout=subprocess.PIPE) as process:
        os.write(ours, b"typed by hand\n")
        assert process.stdout.read() == b"typed by hand\n"
    os.close(ours)
    os.close(theirs)


def test_a_quick_command_leaves_nothing_on_the_terminal(command):
    ours, theirs = pty.openpty()
    files = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": theirs}
    done = subprocess.run(**command("run", "--", "echo", "hi"), **files, check=False)
    os.close(theirs)
    with pytest.raises(OSError):  # noqa: PT011 - the end of a terminal: EIO
        os.read(ours, 1)
    os.close(ours)
    assert done.stdout == b"hi\n"


class Terminal(StringIO):
    def __init__(self):
        super().__init__()
        self.drawn = Event()

    def flush(self):
        if " lines] " in self.getvalue() and "compiling" in self.getvalue():
            self.drawn.set()


def test_a_long_command_is_seen_to_run_and_the_line_is_erased_when_it_ends():
    terminal = Terminal()
    with Progress(terminal, after_s=0, every_s=0.001) as progress:
        progress(b"compiling a\ncompiling \x1b[1mb\x1b[0m\n")
        terminal.drawn.wait()
    assert "2 lines] compiling b" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


# ---- the start


def imported(asked):
    """The packages that a python imports."""
    words = [asked["args"][0], "-X", "importtime", *asked["args"][1:]]
    done = subprocess.run(**(asked | {"args": words}), capture_output=True, check=False, text=True)
    return {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_nothing_heavy_is_imported_for_a_small_output(command):
    asked = command("run", "--", "true")
    ours = imported(asked) - imported(asked | {"args": [sys.executable, "-c", "pass"]})  # an editable install imports a lot by itself
    assert "sqlite3" in ours  # it is stored, all the same
    assert ours & HEAVY == set()


# ---- in the sandbox


@pytest.mark.docker
def test_in_the_sandbox_the_exit_code_and_output_are_the_commands(ctx):
    done = ctx("run", "--sandbox", "--shell", "echo hello; cat; exit 7", stdin=b"from outside\n")
    assert (done.returncode, done.stdout) == (7, b"hello\nfrom outside\n")


@pytest.mark.docker
def test_in_the_sandbox_an_interrupt_ends_the_command_and_keeps_what_it_wrote(command, ctx, tmp_path):
    os.mkfifo(tmp_path / "work" / "ready")
    script = "echo half of the work; echo > ready; sleep 600"
    with subprocess.Popen(
        **command("run", "--sandbox", "--shell", script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        (tmp_path / "work" / "ready").read_text()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert b"interrupted; what the command had written: ctx expand " in err
    assert ctx("expand", err.split()[-1].decode()).stdout == b"half of the work\n"


@pytest.mark.docker
def test_in_the_sandbox_into_a_file_every_byte_goes_untouched(into_file):
    done, content = into_file("run", "--sandbox", "--shell", f"{LONG}; exit 5")
    assert done.returncode == 5
    assert content == b"".join(b"step %d done\n" % n for n in range(1, 3_001))


def test_where_no_engine_answers_nothing_is_run_and_it_is_said_how_to_get_one(command):
    asked = command("run", "--sandbox", "--", "true")
    asked["env"] = asked["env"] | {"DOCKER_HOST": "tcp://127.0.0.1:9"}
    done = subprocess.run(**asked, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 125
    assert b"no Docker engine answers at tcp://127.0.0.1:9" in done.stderr

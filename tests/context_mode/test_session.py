"""The path, with real stores, files and commands; sandboxes that fail are scripted."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from context_mode.errors import MachineError, NoEngineError, PathError, SandboxLostError, UserError
from context_mode.session import Question, Session, open_session
from context_mode.settings import Settings
from context_mode.store import Store
from sandbox import Command, HostSandbox, OutsideWorkspaceError, Result, SandboxDiedError, SandboxUnavailableError, ScriptedSandbox

LONG = b"".join(b"step %d done\n" % n for n in range(2_000))
FAILED = LONG + b"ERROR: disk quota exceeded on /var\n" + LONG


def session_over(folder, sandbox, **settings):
    made = Settings(workspace=str(folder), data_dir=str(folder / "data"), **settings)
    return Session(made, Store(made.data_folder), lambda: sandbox)


@pytest.fixture
def session(tmp_path):
    return session_over(tmp_path, HostSandbox(str(tmp_path)))


def run(session, command, **more):
    return asyncio.run(session.run(command, **more))


def scripted(tmp_path, result, **settings):
    return session_over(tmp_path, ScriptedSandbox({}, otherwise=result), **settings)


def first_line(view):
    return view.text.split("\n")[0]


def test_a_command_is_run_viewed_and_kept_whole(session):
    view = run(session, f"{sys.executable} -c \"import sys; [print('step', n, 'done') for n in range(3000)]; sys.exit('ERROR: no space')\"")
    assert "ERROR: no space" in view.text
    assert "exit 1" in first_line(view)
    assert view.handle in first_line(view)
    assert session.expand(view.handle, limit=None).raw.startswith(b"step 0 done\nstep 1 done\n")


def test_the_hidden_lines_of_a_view_are_one_expand_away(tmp_path):
    session = scripted(tmp_path, Result(FAILED, 1))
    view = run(session, "make")
    assert view.tokens_shown < view.tokens_total / 5
    assert session.expand(view.handle, "1-2").text == "step 0 done\nstep 1 done\n"
    assert session.expand(view.handle, "").raw == FAILED


def test_an_argv_is_run_without_a_shell(session):
    assert run(session, ["echo", "$HOME; exit 3"]).text.strip() == "$HOME; exit 3"


def test_standard_input_reaches_the_command(session):
    assert run(session, "cat", stdin=b"from outside\n").text.strip() == "from outside"


def test_output_is_heard_while_the_command_runs(session):
    heard = []
    run(session, "echo one; echo two", on_output=heard.append)
    assert b"".join(heard) == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("result", "cause"),
    [
        (Result(FAILED, 137, signal=9), "killed by signal 9 (SIGKILL)"),
        (Result(FAILED, 124, timed_out=True), "timed out after 30 s"),
        (Result(FAILED, 137, signal=9, oom_killed=True), "out of memory"),
        (Result(FAILED, 0, truncated=True), "output beyond 64 MB is lost"),
    ],
)
def test_why_a_command_ended_stands_in_the_first_line(tmp_path, result, cause):
    assert cause in first_line(run(scripted(tmp_path, result), "make", timeout_s=30))


def test_the_timeout_of_the_settings_holds_where_none_is_given(session, tmp_path):
    session = session_over(tmp_path, HostSandbox(str(tmp_path)), timeout_s=0.2)
    assert "timed out after 0.2 s" in first_line(run(session, "sleep 60"))


def test_the_budget_of_the_settings_holds_where_none_is_given(tmp_path):
    assert run(scripted(tmp_path, Result(FAILED, 1), budget=60), "make").tokens_shown <= 60
    assert run(scripted(tmp_path, Result(FAILED, 1), budget=60), "make", budget=45).tokens_shown <= 45


def test_the_same_output_and_question_give_the_same_text(tmp_path):
    views = [run(scripted(tmp_path, Result(FAILED, 1)), "make", intent="why", expect="quota") for _ in range(2)]
    assert views[0].text == views[1].text


@pytest.mark.parametrize("command", ["", "  ", [], ["a\0b"], "a\0b"])
def test_what_cannot_be_run_is_refused(session, command):
    with pytest.raises(UserError, match="command"):
        run(session, command)


def test_where_no_engine_answers_the_reason_is_passed_on(tmp_path):
    with pytest.raises(NoEngineError, match="start one"):
        run(scripted(tmp_path, SandboxUnavailableError("no engine: start one")), "make")


def test_a_folder_outside_the_workspace_is_the_callers_fault(tmp_path):
    with pytest.raises(UserError, match="outside"):
        run(scripted(tmp_path, OutsideWorkspaceError("/ is outside the workspace")), "make", cwd="/")


class Dying:
    """A sandbox whose engine goes away in the middle of a command."""

    async def run(self, command, on_output=None):
        on_output(b"half of ")
        on_output(b"the work\n")
        raise SandboxDiedError("the container vanished")

    async def close(self):
        pass


def test_what_a_command_had_written_when_its_sandbox_died_is_kept(tmp_path):
    session = session_over(tmp_path, Dying())
    with pytest.raises(SandboxLostError, match=r"the container vanished.*expand [0-9a-f]{8}") as lost:
        run(session, "make")
    assert session.expand(str(lost.value).split()[-1]).text == "half of the work\n"


def test_what_a_command_had_written_when_it_was_cancelled_is_kept_and_it_ends(session):
    async def cancelled():
        said = asyncio.Event()
        pids = []

        def hear(chunk):
            pids.append(int(chunk))
            said.set()

        task = asyncio.create_task(session.run("echo $$; exec sleep 600", on_output=hear))
        await said.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return pids[0]

    pid = asyncio.run(cancelled())
    assert session.expand(session.last_handle).text == f"{pid}\n"
    assert not Path(f"/proc/{pid}").exists()


def test_a_broken_store_loses_no_result_and_the_view_says_so(tmp_path):
    session = Session(Settings(workspace=str(tmp_path)), Store("/dev/null/data"), lambda: ScriptedSandbox({}, otherwise=Result(FAILED, 1)))
    view = run(session, "make")
    assert "ERROR: disk quota exceeded on /var" in view.text
    assert "exit 1" in first_line(view)
    whole = Path(first_line(view).split("not stored, whole in ")[1].split(" ·")[0].rstrip("]"))
    assert whole.read_bytes() == FAILED
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    whole.unlink()
    assert "CONTEXT_MODE_DATA_DIR" in session.warnings[0]
    assert view.handle == ""


def test_small_and_sound_outputs_are_shown_whole_and_kept(session):
    small = Result(b"all good\n", 0)
    assert session.show_whole(small, Command(("make",)), Question())
    assert session.expand(session.last_handle).raw == b"all good\n"


@pytest.mark.parametrize(
    "result",
    [
        Result(b"x\n" * 40, 0),
        Result(b"word " * 700, 0),
        Result(b"x", 137, signal=9),
        Result(b"x", 124, timed_out=True),
        Result(b"x", 0, truncated=True),
    ],
)
def test_what_is_not_small_or_did_not_end_by_itself_gets_a_view(session, result):
    assert not session.show_whole(result, Command(("make",)), Question())


def test_an_output_made_elsewhere_is_viewed_and_kept(session):
    view = session.filter(FAILED, command="make", exit_code=2, expect="quota")
    assert "exit 2" in first_line(view)
    assert "ERROR: disk quota exceeded on /var" in view.text
    assert session.expand(view.handle, grep="quota").text == "2001:ERROR: disk quota exceeded on /var"


def test_search_goes_over_all_that_was_run(session):
    handle = session.filter(FAILED, command="make").handle
    found = session.search("quota exceeded")
    assert [hit.handle for hit in found.hits] == [handle]
    assert "2001:ERROR: disk quota exceeded on /var" in found.text


def test_a_file_in_the_workspace_is_read(session, tmp_path):
    (tmp_path / "notes.txt").write_text("one\ntwo\nthree\n")
    assert session.read("notes.txt").text.rstrip() == "one\ntwo\nthree"
    assert session.read(str(tmp_path / "notes.txt"), lines="2-3").text == "two\nthree"


def test_lines_of_a_file_are_given_as_they_are_and_said_to_be_shown(session, tmp_path):
    (tmp_path / "log.txt").write_bytes(LONG)
    view = session.read("log.txt", lines="3-4, 9")
    assert (view.text, view.spans, view.kind) == ("step 2 done\nstep 3 done\nstep 8 done", [(3, 4), (9, 9)], "lines")
    assert session.expand(view.handle).raw == LONG


def test_a_link_that_stays_inside_is_followed(session, tmp_path):
    (tmp_path / "real.txt").write_text("here\n")
    (tmp_path / "link.txt").symlink_to("real.txt")
    assert session.read("link.txt").text.rstrip() == "here"


def outside(tmp_path):
    (tmp_path / "way out").symlink_to("/etc")
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    return ["/etc/passwd", "../../../../../../etc/passwd", "way out/passwd", "passwd", "~/x", "/proc/self/environ"]


def test_no_way_leads_out_of_the_workspace(session, tmp_path):
    for path in outside(tmp_path):
        with pytest.raises(PathError, match=f"outside the workspace {tmp_path}"):
            session.read(path)


def test_a_folder_with_the_workspaces_name_as_its_beginning_is_outside(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work-secret").mkdir()
    (tmp_path / "work-secret" / "f").write_text("secret")
    with pytest.raises(PathError, match="outside"):
        session_over(tmp_path / "work", None).read("../work-secret/f")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "is a directory"),
        (os.mkfifo, "is a pipe"),
        (lambda path: path.write_bytes(b"\x7fELF\0\0"), "is a binary file"),
        (lambda path: path.symlink_to(path.name), "cannot be read"),
        (lambda path: path.write_bytes(b"x" * (2 << 20)), "is 2 MB, more than 1"),
    ],
)
def test_what_is_not_a_text_file_of_bearable_size_is_refused_with_the_reason(tmp_path, make, why):
    make(tmp_path / "it")
    with pytest.raises(PathError, match=why):
        session_over(tmp_path, None, output_cap_mb=1).read("it")


def test_a_device_is_refused():
    with pytest.raises(PathError, match="is a device"):
        Session(Settings(workspace="/dev"), Store("/dev/null/data"), lambda: None).read("zero")


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_what_is_no_path_is_refused(session, path):
    with pytest.raises(PathError, match="give the path of a file"):
        session.read(path)


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 5_000, b"\xff\xfe" * 4_000, b"\x1b[31m" * 3_000, b"x" * 300_000, b'{"a": [1, 2' * 2_000, b"\n" * 9_000], ids=repr
)
def test_hostile_outputs_are_viewed_and_kept_whole(session, raw):
    view = session.filter(raw, exit_code=1, intent="what is wrong")
    assert "exit 1" in first_line(view)
    assert session.expand(view.handle, limit=None).raw == raw


def test_settings_are_read_when_a_session_is_opened(tmp_path):
    session = open_session(
        {"CONTEXT_MODE_BACKEND": "host", "CONTEXT_MODE_DATA_DIR": str(tmp_path / "d"), "CONTEXT_MODE_WORKSPACE": str(tmp_path)}
    )
    assert run(session, "pwd").text.strip() == str(tmp_path)
    asyncio.run(session.close())


def test_errors_are_told_apart_by_whose_fault_they_are():
    assert issubclass(NoEngineError, MachineError)
    assert issubclass(PathError, UserError)
    assert not issubclass(PathError, MachineError)

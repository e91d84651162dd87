"""The sandbox that answers from a script."""

import asyncio

import pytest

from sandbox import Command, Result, SandboxDiedError, SandboxError, ScriptedSandbox


def run(sandbox, line="", on_output=None, **command):
    return asyncio.run(sandbox.run(Command(shell=line, **command), on_output))


def test_a_line_gets_its_answer_however_it_is_given():
    answer = Result(output=b"2 failed\n", exit_code=1)
    sandbox = ScriptedSandbox({"pytest -k 'a b'": answer})
    assert run(sandbox, argv=("pytest", "-k", "a b")) is answer
    assert run(sandbox, "pytest -k 'a b'") is answer
    assert [command.shell for command in sandbox.ran] == ["", "pytest -k 'a b'"]


def test_output_is_streamed():
    heard = []
    run(ScriptedSandbox({"x": Result(output=b"one\ntwo\nthree", exit_code=0)}), "x", heard.append)
    assert heard == [b"one\n", b"two\n", b"three"]


def test_an_answer_may_be_a_failure_of_the_sandbox():
    with pytest.raises(SandboxDiedError, match="gone"):
        run(ScriptedSandbox({"x": SandboxDiedError("gone")}), "x")


def test_an_answer_may_depend_on_the_command():
    sandbox = ScriptedSandbox({}, otherwise=lambda command: Result(output=command.stdin or b"", exit_code=0))
    assert run(sandbox, argv=("anything",), stdin=b"echoed").output == b"echoed"


def test_what_is_not_in_the_script_is_a_missing_command():
    result = run(ScriptedSandbox({}), argv=("make", "all"))
    assert (result.output, result.exit_code) == (b"context-mode: make all: not in the script\n", 127)


def test_a_closed_one_runs_nothing():
    sandbox = ScriptedSandbox({"x": Result(output=b"", exit_code=0)})
    asyncio.run(sandbox.close())
    with pytest.raises(SandboxError, match="closed"):
        run(sandbox, "x")

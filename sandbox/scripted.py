"""A sandbox that answers from a script: for the tests of programs that run commands, without running any."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from sandbox.types import Command, OnOutput, Result, SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Answer = Result | SandboxError | Callable[[Command], Result]


class ScriptedSandbox:
    """`answers`: by command line (a shell line as it is, argv as a shell would quote it), what comes of it: a Result, the SandboxError to
    raise, or a function of the Command. `otherwise` answers every other line; without it those end with 127, as a missing command does.

    `ran` is what was asked, in order. Output comes line by line.
    """

    def __init__(self, answers: Mapping[str, Answer], otherwise: Answer | None = None) -> None:
        self._answers = dict(answers)
        self._otherwise = otherwise
        self._closed = False
        self._ran: list[Command] = []

    @property
    def ran(self) -> Sequence[Command]:
        return tuple(self._ran)

    async def run(self, command: Command, on_output: OnOutput | None = None) -> Result:
        if self._closed:
            raise SandboxError("this sandbox is closed")
        self._ran.append(command)
        line = command.shell or shlex.join(command.argv)
        answer = self._answers.get(line, self._otherwise)
        if answer is None:
            answer = Result(output=f"context-mode: {line}: not in the script\n".encode(), exit_code=127)
        if isinstance(answer, SandboxError):
            raise answer
        result = answer if isinstance(answer, Result) else answer(command)
        if on_output is not None:
            for piece in result.output.splitlines(keepends=True):
                on_output(piece)
        return result

    async def close(self) -> None:
        self._closed = True

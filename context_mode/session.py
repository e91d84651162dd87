"""The path: a tool call → the sandbox → the store, raw, before anything can fail → a view of the lines that matter."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from context_mode.commands import cause_of, command_text, make_command
from context_mode.errors import NoEngineError, SandboxLostError, StoreError, UserError
from context_mode.settings import Settings, load_settings
from context_mode.store import Store, Stored
from context_mode.use import Use
from sandbox.types import Command, OutsideWorkspaceError, Result, Sandbox, SandboxDiedError, SandboxUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from context_mode.excerpt import Excerpt
    from context_mode.search import Hit
    from context_mode.view import View
    from sandbox.types import OnOutput

SMALL_BYTES, SMALL_TOKENS, SMALL_LINES = 1_500, 500, 40  # up to here an output is shown as it is; so few bytes are surely so few tokens


class Question(NamedTuple):
    """What the agent wants to know, and how many tokens it will pay for it."""

    intent: str = ""
    expect: str | Sequence[str] = ()
    budget: int | None = None


class Found(NamedTuple):
    hits: list[Hit]
    text: str


class Session:
    """One client's work. `make_sandbox` is asked when a command is first run. `warnings`: what the client should be told once."""

    def __init__(self, settings: Settings, store: Store, make_sandbox: Callable[[], Sandbox]) -> None:
        self._settings = settings
        self._store = store
        self._make_sandbox = make_sandbox
        self._sandbox: Sandbox | None = None
        self._name = f"{os.getpid()}-{time.time_ns():x}"
        self._warned: list[str] = []
        self.last_handle = ""  # of what was stored last

    @property
    def warnings(self) -> list[str]:
        return [*self._store.database.notes, *self._warned]

    async def run(
        self,
        command: str | Sequence[str],
        *,
        intent: str = "",
        expect: str | Sequence[str] = (),
        budget: int | None = None,
        timeout_s: float | None = None,
        cwd: str = "",
        stdin: bytes | None = None,
        on_output: OnOutput | None = None,
    ) -> View:
        """Runs a shell line, or an argv, in the sandbox. What was written until a cancellation, or the sandbox's death, is stored as well.

        Raises NoEngineError, SandboxLostError, UserError.
        """
        import asyncio

        order = make_command(command, cwd=cwd, stdin=stdin, timeout_s=timeout_s or self._settings.timeout_s)
        result = await self.run_in_sandbox(order, on_output)
        return await asyncio.to_thread(self.show, result, order, Question(intent, expect, budget))

    async def run_in_sandbox(self, command: Command, on_output: OnOutput | None = None) -> Result:
        """The whole result, not stored. Raises as `run` does."""
        from asyncio import CancelledError

        heard = _Heard(self._settings.output_cap_mb << 20, on_output)
        with _sandbox_errors():
            if self._sandbox is None:
                self._sandbox = self._make_sandbox()
            try:
                return await self._sandbox.run(command, heard)
            except CancelledError:
                self._keep_part(heard, command, "cancelled")
                raise
            except SandboxDiedError as error:
                self._keep_part(heard, command, "the sandbox died")
                rest = f" What it had written is stored: expand {self.last_handle}" if heard.data else ""
                raise SandboxLostError(f"{error}.{rest}") from error

    def show(self, result: Result, command: Command, question: Question) -> View:
        """Stores what a command wrote, and views it."""
        use = self._use_of(command, question, result.exit_code, cause_of(result, command.timeout_s))
        note = f"output beyond {self._settings.output_cap_mb} MB is lost" if result.truncated else ""
        return self._view(result.output, use, question, note)

    def show_whole(self, result: Result, command: Command, question: Question) -> bool:
        """Whether an output is so small that it is shown as it is; then it has been stored as well."""
        if cause_of(result, command.timeout_s) or result.truncated or not self._is_small(result.output, question):
            return False
        use = self._use_of(command, question, result.exit_code, "")
        self._put(result.output, use)
        return True

    def filter(
        self,
        raw: bytes,
        *,
        intent: str = "",
        expect: str | Sequence[str] = (),
        command: str = "",
        path: str = "",
        exit_code: int | None = None,
        budget: int | None = None,
    ) -> View:
        """The view of an output that somebody else has made."""
        question = Question(intent, expect, budget)
        return self._view(raw, self._use(question, command=command, path=path, exit_code=exit_code), question)

    def read(
        self, path: str, *, intent: str = "", expect: str | Sequence[str] = (), lines: str = "", budget: int | None = None
    ) -> View:
        """What matters of a file in the workspace, or exactly `lines` of it. Raises PathError, RangeError."""
        from context_mode.workspace import read_file

        raw = read_file(self._settings.workspace_folder, path, self._settings.output_cap_mb << 20)
        question = Question(intent, expect, budget)
        use = self._use(question, path=path)
        return self._range(raw, use, lines) if lines.strip() else self._view(raw, use, question)

    def expand(self, handle: str, lines: str = "", grep: str = "", *, limit: int | None = 40_000) -> Excerpt:
        """Ranges of a stored output, or those of their lines that match. `limit`: characters of text, None for all; `raw` is always whole.

        Raises HandleError, RangeError, StoreError.
        """
        from context_mode.excerpt import excerpt

        entry = self._store.get(handle)
        found = excerpt(entry.handle, entry.raw, lines, grep, limit)
        self._try_to(lambda: self._store.expanded(entry.handle, len(found.text.encode("utf-8", "replace"))))
        return found

    def search(self, query: str) -> Found:
        """The stored outputs that hold the words of `query`. Raises UserError, StoreError."""
        from context_mode.search import search, search_text

        hits = search(self._store, query)
        return Found(hits, search_text(query, hits))

    async def close(self) -> None:
        """Ends what runs in the sandbox."""
        if self._sandbox is not None:
            await self._sandbox.close()
        self._store.close()

    def _is_small(self, raw: bytes, question: Question) -> bool:
        budget = min(question.budget or self._settings.budget or SMALL_TOKENS, SMALL_TOKENS)
        if raw.count(b"\n") >= SMALL_LINES:
            return False
        if len(raw) <= (SMALL_BYTES if budget == SMALL_TOKENS else budget):  # a token is at least one byte
            return True
        if len(raw) > 100 * budget:  # no need to count
            return False
        from compressors.tokens import count_tokens

        return count_tokens(raw.decode("utf-8", "replace")) <= budget

    def _use_of(self, command: Command, question: Question, exit_code: int | None, cause: str) -> Use:
        return self._use(question, command=command_text(command), exit_code=exit_code, cause=cause)

    def _use(self, question: Question, *, command: str = "", path: str = "", exit_code: int | None = None, cause: str = "") -> Use:
        expect = (question.expect,) if isinstance(question.expect, str) else tuple(question.expect)
        return Use(command, path, _here(), exit_code, cause, question.intent, tuple(filter(None, expect)), self._name)

    def _put(self, raw: bytes, use: Use) -> Stored | None:
        """None where the store fails: then the view says so, and the output goes to a file where that can be."""
        try:
            stored = self._store.put(raw, use)
        except StoreError as error:
            self._warned.append(str(error))
            return None
        self.last_handle = stored.handle
        return stored

    def _keep_part(self, heard: _Heard, command: Command, cause: str) -> None:
        if heard.data:
            self._put(bytes(heard.data), self._use_of(command, Question(), None, cause))

    def _view(self, raw: bytes, use: Use, question: Question, note: str = "") -> View:
        stored = self._put(raw, use)
        if stored is None:
            note = " · ".join(filter(None, [note, self._not_stored(raw)]))
        made = self._make_view(raw, use, question, stored.handle if stored else "", note)
        if stored:
            self._try_to(lambda: self._store.viewed(stored, made.kind, made.tokens_total, made.tokens_shown))
        return made

    def _make_view(self, raw: bytes, use: Use, question: Question, handle: str, note: str) -> View:
        try:
            from context_mode.pipeline import view

            return view(
                raw,
                intent=question.intent,
                expect=question.expect,
                command=use.command,
                path=use.path,
                exit_code=use.exit_code,
                budget=question.budget or self._settings.budget,
                handle=handle,
                cause=use.cause,
                note=note,
            )
        except Exception as error:
            import logging

            logging.getLogger(__name__).exception("no view could be made")
            from context_mode.ends import both_ends

            return both_ends(raw, use, handle, " · ".join(filter(None, [note, f"not ranked: {type(error).__name__}"])))

    def _range(self, raw: bytes, use: Use, lines: str) -> View:
        """`lines` of `raw`, as they are."""
        from context_mode.ends import view_of_lines
        from context_mode.excerpt import excerpt
        from context_mode.ranges import line_numbers, parse_ranges

        found = excerpt("", raw, lines)
        stored = self._put(raw, use)
        made = view_of_lines(raw, found.text, line_numbers(raw, parse_ranges(lines)), stored.handle if stored else "")
        if stored:
            self._try_to(lambda: self._store.viewed(stored, made.kind, made.tokens_total, made.tokens_shown))
        return made

    def _not_stored(self, raw: bytes) -> str:
        from context_mode.ends import spill

        path = spill(raw)
        return f"not stored, whole in {path}" if path else "not stored"

    def _try_to(self, note: Callable[[], object]) -> None:
        """Bookkeeping never stands between a client and its answer."""
        try:
            note()
        except StoreError as error:
            self._warned.append(str(error))


class _Heard:
    """Listens to a command, so that what it wrote outlives a cancellation and the sandbox's death. Keeps the first `cap` bytes."""

    def __init__(self, cap: int, on_output: OnOutput | None) -> None:
        self.data = bytearray()
        self._cap = cap
        self._on_output = on_output

    def __call__(self, chunk: bytes) -> None:
        self.data += chunk[: max(0, self._cap - len(self.data))]
        if self._on_output is not None:
            self._on_output(chunk)


def open_session(environ: Mapping[str, str]) -> Session:
    """A session with the settings that `environ` asks for. Nothing is opened or started yet. Raises SettingsError."""
    settings = load_settings(environ)
    return Session(settings, open_store(settings), lambda: _make_sandbox(settings))


def open_store(settings: Settings) -> Store:
    return Store(settings.data_folder, max_mb=settings.store_max_mb, max_days=settings.store_max_days)


def _make_sandbox(settings: Settings) -> Sandbox:
    from context_mode.backends import make_sandbox

    return make_sandbox(settings)


@contextmanager
def _sandbox_errors() -> Iterator[None]:
    """The sandbox's errors as ours: whoever calls a session has one tree to catch."""
    try:
        yield
    except SandboxUnavailableError as error:
        raise NoEngineError(str(error)) from error
    except OutsideWorkspaceError as error:
        raise UserError(str(error)) from error


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - pathlib is not needed to start
    except OSError:  # the folder has been removed under us
        return ""

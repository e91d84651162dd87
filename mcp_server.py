"""The MCP face: tools in, text out; no logic. `ctx mcp` and `python mcp_server.py` serve it over stdio.

The handshake is answered before numpy, tiktoken and docker are imported: the session is made in a thread once a client is there. The server
ends when its stdin ends or a signal says so, and with it the commands that run and the container.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any

import mcp_stdio

mcp_stdio.load()  # first, or the imports below load the SDK the slow way

import anyio  # noqa: E402, after load
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext  # noqa: E402, after load
from mcp.server.mcpserver import Context, MCPServer  # noqa: E402, after load
from mcp.server.mcpserver.exceptions import ToolError  # noqa: E402, after load
from mcp.server.mcpserver.tools import Tool  # noqa: E402, after load
from mcp_types import ToolAnnotations  # noqa: E402, after load
from pydantic import Field  # noqa: E402, after load

if TYPE_CHECKING:
    from context_mode.session import Session

INSTRUCTIONS = (
    "Run commands and read files with these tools: you get the lines that matter, verbatim, every gap marked, nothing lost. "
    "Say in `intent` what you want to know and in `expect` what you would grep for; `expand` gives hidden lines."
)
WITHOUT_ENGINE = "Only the user can decide to run commands without isolation: CONTEXT_MODE_BACKEND=host in this server's environment."
PROGRESS_S = 1.0  # how often a client hears of a running command
CLOSING_S = 10.0  # how long commands and container may take to end before the server goes without them


class Work:
    """What the tools work with: the one session of this server, made in a thread by whoever asks first, and the calls under way."""

    def __init__(self, make_session: "Callable[[], Session]") -> None:
        self._make_session = make_session
        self._session: asyncio.Future[Session] | None = None
        self._warm: asyncio.Future[None] | None = None
        self._calls: dict[anyio.CancelScope, anyio.Event] = {}

    def _begin(self) -> "asyncio.Future[Session]":
        """Once, or again where it failed: what was wrong may have been put right since."""
        if self._session is None or (self._session.done() and self._session.exception()):
            self._session = asyncio.get_running_loop().run_in_executor(None, self._make_session)
        return self._session

    def warm_up(self) -> None:
        """Once: the imports and tables that the first call would wait for."""
        if self._warm is None:
            self._warm = asyncio.get_running_loop().run_in_executor(None, _compress_something)

    @asynccontextmanager
    async def session(self) -> "AsyncIterator[Session]":
        """The session for one call. What is wrong with the request or the machine becomes a ToolError, whose text the model reads."""
        from context_mode.errors import ContextModeError, NoEngineError

        with self._call():
            try:
                yield await asyncio.shield(self._begin())
            except NoEngineError as problem:
                raise ToolError(f"{problem} {WITHOUT_ENGINE}") from problem
            except ContextModeError as problem:
                raise ToolError(str(problem)) from problem

    @contextmanager
    def _call(self) -> Iterator[None]:
        with anyio.CancelScope() as scope:
            ended = self._calls[scope] = anyio.Event()
            try:
                yield
            finally:
                del self._calls[scope]
                ended.set()
        if scope.cancelled_caught:
            raise ToolError("the server is shutting down")

    async def close(self) -> None:
        """Ends the commands under way and the container, within CLOSING_S."""
        with anyio.move_on_after(CLOSING_S, shield=True):
            calls = dict(self._calls)
            for scope in calls:
                scope.cancel()
            for ended in calls.values():
                await ended.wait()
            if self._session is not None:
                await asyncio.wait([self._session])
                if not self._session.exception():
                    await self._session.result().close()


# ---- The tools. Every word here is paid for by every session of every agent: tests hold the price.

Call = Context[Work, Any]
Intent = Annotated[str, Field(description="What you want to know")]
Expect = Annotated[str, Field(description="What you would grep -iE for to find the answer, e.g. FAILED|Error|assert|timed out")]
Lines = Annotated[str, Field(description="e.g. 120-180")]


async def run(command: str, call: Call, intent: Intent = "", expect: Expect = "", timeout_s: float | None = None) -> str:
    """Run a bash command in a sandbox (this workspace, no network) and get the lines that matter, verbatim, with the exit code."""
    async with call.request_context.lifespan_context.session() as session, _progress(call, timeout_s) as on_output:
        view = await session.run(command, intent=intent, expect=expect, timeout_s=timeout_s, on_output=on_output)
    return view.text


async def read(path: str, call: Call, intent: Intent = "", expect: Expect = "", lines: Lines = "") -> str:
    """Read what matters of a file in the workspace, or exactly `lines`."""
    async with call.request_context.lifespan_context.session() as session:
        return await _in_thread(lambda: session.read(path, intent=intent, expect=expect, lines=lines).text)


async def expand(handle: str, call: Call, lines: Lines = "", grep: Annotated[str, Field(description="Regex")] = "") -> str:
    """Hidden lines of an earlier output, by the handle in its first line: a range, those that match, or all."""
    async with call.request_context.lifespan_context.session() as session:
        return await _in_thread(lambda: session.expand(handle, lines=lines, grep=grep).text)


async def search(query: str, call: Call) -> str:
    """Find words in all earlier outputs."""
    async with call.request_context.lifespan_context.session() as session:
        return await _in_thread(lambda: session.search(query).text)


LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
RUNS = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)
TOOLS: tuple[tuple[Callable[..., Awaitable[str]], ToolAnnotations], ...] = ((run, RUNS), (read, LOOKS), (expand, LOOKS), (search, LOOKS))


def _tool(function: Callable[..., Awaitable[str]], annotations: ToolAnnotations) -> Tool:
    """Plain text, since clients show a model the structured form in its place, as escaped JSON, where there is one."""
    always = {"anthropic/alwaysLoad": True}  # a tool that must first be searched for is not used in place of a shell
    tool = Tool.from_function(function, annotations=annotations, structured_output=False, meta=always)
    for argument in tool.parameters["properties"].values():
        argument.pop("title")  # it repeats the name
    return tool


async def _in_thread(function: Callable[[], str]) -> str:
    return await anyio.to_thread.run_sync(function)


@asynccontextmanager
async def _progress(call: Call, timeout_s: float | None) -> AsyncIterator[Callable[[bytes], None]]:
    """Tells the client every PROGRESS_S how long a command runs and how much it has written. Yields what to hand its output to."""
    began, written = time.monotonic(), 0

    def on_output(chunk: bytes) -> None:
        nonlocal written
        written += len(chunk)

    async def report() -> None:
        while True:
            await anyio.sleep(PROGRESS_S)
            elapsed = time.monotonic() - began
            await call.report_progress(elapsed, timeout_s, f"{elapsed:.0f} s, {written:,} bytes written")

    reporting = asyncio.create_task(report())
    try:
        yield on_output
    finally:
        reporting.cancel()


# ---- The server.


def make_server(work: Work) -> "MCPServer[Work]":
    @asynccontextmanager
    async def lifespan(_: "MCPServer[Work]") -> AsyncIterator[Work]:
        try:
            yield work
        finally:  # stdin has ended
            await work.close()

    with mcp_stdio.plain_logging():
        return MCPServer(
            "context-mode",
            version=_version(),
            instructions=INSTRUCTIONS,
            tools=[_tool(function, annotations) for function, annotations in TOOLS],
            lifespan=lifespan,
            middleware=[_warm_up_after_handshake],
            log_level="WARNING",
        )


async def _warm_up_after_handshake(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    if ctx.method not in {"initialize", "server/discover"}:
        ctx.lifespan_context.warm_up()
    return await call_next(ctx)


def _version() -> str:
    try:
        return version("context-mode")
    except PackageNotFoundError:  # run from a checkout
        return ""


def _make_session() -> "Session":
    from context_mode.session import open_session

    return open_session(os.environ)


def _compress_something() -> None:
    from context_mode import compress

    compress("a warm engine\n" * 100, intent="warm", expect="engine")


async def serve() -> None:
    """Until stdin ends or a signal comes. The thread that reads stdin cannot be interrupted, so a signal ends the process from here."""
    work = Work(_make_session)
    async with anyio.create_task_group() as group:
        group.start_soon(_leave_on_signal, work)
        await make_server(work).run_stdio_async()
        group.cancel_scope.cancel()


async def _leave_on_signal(work: Work) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async for number in signals:
            await work.close()
            logging.shutdown()
            os._exit(128 + number)


def main() -> None:
    anyio.run(serve)


if __name__ == "__main__":
    main()

"""Blocking work behind `async`: one thread a command, output delivered on the event loop, cancellation that waits for the end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.types import OnOutput

T = TypeVar("T")
_BACKLOG = 1 << 20  # bytes that may wait for the loop; beyond, the command waits: memory stays flat


async def in_thread(work: Callable[[OnOutput | None], T], on_output: OnOutput | None, stop: Callable[[], None]) -> T:
    """What `work` returns or raises. Cancelled, it calls `stop` in another thread, waits until `work` has ended, and is cancelled."""
    loop = asyncio.get_running_loop()
    relay = _Relay(on_output, loop) if on_output is not None else None
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # None only where T allows it

    def body() -> None:
        result, error = None, None
        try:
            result = work(relay)
        except BaseException as caught:  # noqa: BLE001 (it is raised again in the task that waits)
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop was closed under us: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=body, daemon=True).start()
    try:
        result = await asyncio.shield(done)
    except asyncio.CancelledError:
        stopped = loop.run_in_executor(None, stop)
        await _ended(done, stopped)
        raise
    if relay is not None and relay.error is not None:
        raise relay.error
    return result


async def _ended(*futures: asyncio.Future[Any]) -> None:
    """Until all have, however often the waiting task is cancelled meanwhile."""
    while not all(future.done() for future in futures):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(futures)
    for future in futures:
        if not future.cancelled():
            future.exception()  # looked at, so that nobody warns of it


class _Relay:
    """Calls `on_output` on the loop with what the thread brings, in order."""

    def __init__(self, on_output: OnOutput, loop: asyncio.AbstractEventLoop) -> None:
        self._on_output = on_output
        self._loop = loop
        self._changed = threading.Condition()
        self._pending: list[bytes] = []
        self._size = 0
        self.error: Exception | None = None

    def __call__(self, data: bytes) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._size < _BACKLOG)
            self._pending.append(data)
            self._size += len(data)
            if len(self._pending) == 1:
                self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        with self._changed:
            data = b"".join(self._pending)
            self._pending, self._size = [], 0
            self._changed.notify_all()
        if self.error is not None:
            return
        try:
            self._on_output(data)
        except Exception as error:  # noqa: BLE001 (the caller's own, raised to it when the command has ended)
            self.error = error

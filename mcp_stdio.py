"""Loads the MCP SDK quickly, for a process that speaks stdio and nothing else.

A client waits for its servers before it shows a prompt, and `import mcp.server` takes longer than all that we do together. Four
things make it faster, none of which changes what the SDK does over stdio:

- No garbage collection while some thousand classes are made: there is no garbage among them. What was made is then left out of
  later collections.
- `mcp/__init__.py` is not run, since it imports the whole client. Asking the package for one of its names runs it then.
- The validators of the message types of each protocol version are built when a message first needs them (pydantic's `defer_build`).
- Packages that only the HTTP transports use are stood in for by empty modules whose every name is an empty class, enough for
  `from starlette.routing import Route` and for `class Backend(AuthenticationBackend)`. HTTP cannot be served from such a process.

Where any of that fails, as it may with another version of the SDK, the SDK is imported the ordinary way.
"""

import gc
import importlib.util
import logging
import sys
from collections.abc import Collection, Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

HTTP_ONLY = ("httpx2", "jwt", "multipart", "sse_starlette", "starlette", "uvicorn")
ENTRY = "mcp.server.mcpserver"


class _EmptyClasses(ModuleType):
    """A package that has whatever is asked of it."""

    __path__: MutableSequence[str] = []  # noqa: RUF012, a package has one and the type is the base class's

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):  # what the import machinery asks about, such as __wrapped__
            raise AttributeError(name)
        made = type(name, (), {})
        setattr(self, name, made)
        return made


class _StandIns:
    """A finder and loader for sys.meta_path. Not a subclass of those of importlib.abc, whose import alone takes as long as asyncio's."""

    def __init__(self, packages: Collection[str]) -> None:
        self.packages = packages

    def find_spec(self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, cast("Loader", self), is_package=True) if fullname.partition(".")[0] in self.packages else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyClasses(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def load(http_only: Collection[str] = HTTP_ONLY) -> None:
    """Import the server half of the SDK. Does nothing in a process that has the SDK already, such as a test that is also a client."""
    if "mcp" in sys.modules:
        return
    with _no_collection():
        try:
            _load_without(http_only)
        except Exception:  # whatever an unknown version of the SDK does with an empty class, the ordinary import is the answer
            _forget("mcp", "mcp_types", *http_only)
            logging.getLogger(__name__).debug("the short way to the SDK failed", exc_info=True)
            importlib.import_module(ENTRY)


def _load_without(http_only: Collection[str]) -> None:
    """Only packages that nobody has imported yet are stood in for, and the stand-ins are known to nobody afterwards but to the SDK."""
    packages = [name for name in http_only if name not in sys.modules]
    finder = _StandIns(packages)
    sys.meta_path.insert(0, finder)
    try:
        _package_without_init("mcp")
        with _validators_when_needed():
            importlib.import_module("mcp_types.methods")
        importlib.import_module(ENTRY)
    finally:
        sys.meta_path.remove(finder)
        _forget(*packages)


def _package_without_init(name: str) -> None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name=name)
    package, loader = importlib.util.module_from_spec(spec), spec.loader

    def run_init(attribute: str) -> object:
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, attribute)

    package.__dict__["__getattr__"] = run_init
    sys.modules[name] = package


@contextmanager
def _validators_when_needed() -> Iterator[None]:
    """For the classes made meanwhile, which inherit it."""
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]


def _forget(*packages: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]


@contextmanager
def plain_logging() -> Iterator[None]:
    """While a server is made: the SDK logs through rich where it finds it, and what reads our logs is a client's file, not a terminal."""
    there = sys.modules.get("rich")
    sys.modules["rich"] = cast("ModuleType", None)  # how Python spells "not to be imported"
    try:
        yield
    finally:
        del sys.modules["rich"]
        if there is not None:
            sys.modules["rich"] = there


@contextmanager
def _no_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()

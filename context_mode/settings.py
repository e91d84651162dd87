"""The settings: one frozen model. Sources: its defaults, then CONTEXT_MODE_* variables; a name it does not know is refused.

A standard dataclass, not a pydantic model: importing pydantic takes longer than everything else that `ctx run -- true` does.
"""
# pathlib alone adds some 5 ms to every start:
# ruff: noqa: PTH100, PTH109, PTH111, PTH117, PTH118

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from context_mode.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "CONTEXT_MODE_"
NOT_SETTINGS = {"COMMAND"}  # the sandbox marks what it runs with CONTEXT_MODE_COMMAND; a `ctx` run by `ctx` sees it
INFINITY = float("inf")
Backend = Literal["docker", "host"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Each field is set by CONTEXT_MODE_<NAME>. Raises SettingsError for a value that cannot be."""

    data_dir: str = ""  # where the store lives; "": the platform's folder for user data
    store_max_mb: int = 500  # compressed; the outputs used longest ago go first
    store_max_days: int = 30
    workspace: str = ""  # what `read` and the sandbox may see; "": the current folder
    budget: int | None = None  # tokens of a view; None: as few as the evidence allows
    backend: Backend = "docker"  # where the MCP tool `run` and `ctx run --sandbox` run commands
    image: str = ""  # "": the host's own toolchain, read-only, where that can be
    timeout_s: float | None = None  # None: commands may take as long as they like
    output_cap_mb: int = 64
    memory_mb: int = 4096  # of all that runs in a session's container together, its /tmp included
    cpus: float = 0.0  # 0: all there are
    pids: int = 2048
    threads: int = 2  # of the relevance model

    def __post_init__(self) -> None:
        for name in ("store_max_mb", "store_max_days", "budget", "timeout_s", "output_cap_mb", "memory_mb", "pids", "threads"):
            value = getattr(self, name)
            if value is not None and not 0 < value < INFINITY:
                raise SettingsError(f"{PREFIX}{name.upper()} must be a number above 0, not {value}")
        if not 0 <= self.cpus < INFINITY:
            raise SettingsError(f"{PREFIX}CPUS must be 0, for all there are, or more, not {self.cpus}")
        if self.backend not in get_args(Backend):
            raise SettingsError(f"{PREFIX}BACKEND must be one of {', '.join(get_args(Backend))}, not {self.backend!r}")

    @property
    def data_folder(self) -> str:
        return os.path.abspath(os.path.expanduser(self.data_dir)) if self.data_dir else user_data_folder()

    @property
    def workspace_folder(self) -> str:
        """The workspace, every symbolic link followed."""
        return os.path.realpath(os.path.expanduser(self.workspace) if self.workspace else os.getcwd())


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` asks for. An empty value counts as not given."""
    given = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    return Settings(**{_field(name): _parse(_field(name), value) for name, value in given.items() if value and name not in NOT_SETTINGS})


def user_data_folder() -> str:
    """What platformdirs answers; on Linux without importing it, since that costs more than opening the store."""
    if sys.platform == "linux":
        base = os.environ.get("XDG_DATA_HOME", "").strip()
        return os.path.join(base if os.path.isabs(base) else os.path.expanduser("~/.local/share"), "context-mode")
    from platformdirs import user_data_dir

    return user_data_dir("context-mode", appauthor=False)


_TYPES: dict[str, str] = {field.name: str(field.type) for field in fields(Settings)}


def _field(name: str) -> str:
    field = name.lower()
    if field in _TYPES:
        return field
    from difflib import get_close_matches

    near = get_close_matches(field, _TYPES, n=1)
    hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else f"after {PREFIX} may stand {', '.join(_TYPES).upper()}"
    raise SettingsError(f"unknown setting {PREFIX}{name}: {hint}")


def _parse(field: str, value: str) -> Any:  # noqa: ANN401 - as many types as fields
    kind = _TYPES[field].removesuffix(" | None")
    convert = {"int": int, "float": float}.get(kind, str)
    try:
        return convert(value)
    except ValueError:
        raise SettingsError(f"{PREFIX}{field.upper()} must be {'a whole number' if kind == 'int' else 'a number'}, not {value!r}") from None

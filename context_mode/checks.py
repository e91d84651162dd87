"""What `ctx doctor` looks at. A check finds something out and never raises."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from context_mode.errors import StoreError
from context_mode.session import open_store
from context_mode.stats import stats
from context_mode.use import Use

if TYPE_CHECKING:
    from compressors.languages import Language
    from context_mode.settings import Settings

OLDEST = (3, 11)
REINSTALL = "reinstall context-mode: pip install --force-reinstall context-mode"


@dataclass(frozen=True, slots=True)
class Check:
    """`fix`: what to do, where `ok` is false."""

    name: str
    ok: bool
    finding: str
    fix: str = ""


def run_checks(settings: Settings) -> list[Check]:
    return [_python(), _store(settings), _sandbox(settings), _tokenizer(), _patterns(), _grammars(), _model()]


def _python() -> Check:
    version = platform.python_version()
    ok = sys.version_info >= OLDEST
    return Check("python", ok, f"{version} at {sys.executable}", "" if ok else f"use Python {OLDEST[0]}.{OLDEST[1]} or newer")


def _store(settings: Settings) -> Check:
    """Writes, since only that shows that one can."""
    store = open_store(settings)
    try:
        store.put(b"ctx doctor was here\n", Use(command="ctx doctor"))
        held = stats(store)
    except StoreError as error:
        return Check("store", ok=False, finding=str(error), fix="see above; until then outputs are shown and not kept")
    finally:
        store.close()
    notes = "".join(f"; {note}" for note in store.database.notes)
    return Check("store", ok=True, finding=f"{store.database.path}, {held.outputs:,} outputs, {held.bytes_on_disk / 1e6:.1f} MB{notes}")


def _sandbox(settings: Settings) -> Check:
    if settings.backend == "host":
        return Check("sandbox", ok=True, finding="none: CONTEXT_MODE_BACKEND=host runs commands on this machine, unprotected")
    from sandbox.types import SandboxUnavailableError

    try:
        finding = _engine(settings)
    except SandboxUnavailableError as error:
        fix = "see above; until then `ctx run` works, and `ctx run --sandbox` and the MCP tool `run` do not"
        return Check("sandbox", ok=False, finding=str(error), fix=fix)
    return Check("sandbox", ok=True, finding=finding)


def _engine(settings: Settings) -> str:
    """Raises SandboxUnavailableError."""
    from sandbox.engine import Engine

    engine = Engine()  # what is wrong with it is explained there
    own_tools = engine.is_this_machine and not settings.image
    engine.close()
    import docker

    client = docker.from_env(version="auto")
    version = client.version()["Version"]
    client.close()
    return f"Docker {version}, commands see {'the tools of this machine, read-only' if own_tools else 'what an image holds'}"


def _tokenizer() -> Check:
    from compressors.tokens import VOCABULARY, count_tokens, vocabulary_is_intact

    if not vocabulary_is_intact():
        return Check("tokenizer", ok=False, finding=f"{VOCABULARY} is missing or damaged", fix=REINSTALL)
    return Check("tokenizer", ok=count_tokens("hello world") == 2, finding="o200k_base, its SHA-256 is right")


def _patterns() -> Check:
    try:
        import re2

        found = re2.search("(?i)a+", "BAA") is not None
    except ImportError as error:
        return Check("patterns", ok=False, finding=f"RE2 cannot be loaded: {error}", fix=REINSTALL)
    return Check("patterns", ok=found, finding="RE2")


def _grammars() -> Check:
    from compressors.languages import LANGUAGES

    parsed = [language for language in LANGUAGES if language.grammar]
    missing = [language.name for language in parsed if not _loads(language)]
    if missing:
        return Check("grammars", ok=False, finding=f"cannot be loaded: {', '.join(missing)}", fix=REINSTALL)
    return Check("grammars", ok=True, finding=f"{len(parsed)} languages")


def _loads(language: Language) -> bool:
    from compressors.languages import grammar

    try:
        grammar(language.grammar, language.loader)
    except (ImportError, AttributeError, ValueError):  # not installed, another wheel than we know, a version that does not fit
        return False
    return True


def _model() -> Check:
    from compressors.relevance import status

    problem = status()
    if problem:
        return Check("model", ok=False, finding=problem, fix="see above; until then lines are ranked by words alone")
    return Check("model", ok=True, finding="the relevance model is in use")

"""Real stores in temporary folders, and the real command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from context_mode.store import Store

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def store(tmp_path):
    made = Store(str(tmp_path / "data"))
    yield made
    made.close()


@pytest.fixture
def environ(tmp_path):
    """What `ctx` sees: no settings of the tester's, a data folder and a workspace of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTEXT_MODE")}
    (tmp_path / "work").mkdir()
    return inherited | {"PYTHONPATH": str(ROOT), "CONTEXT_MODE_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def command(environ, tmp_path):
    """The argv and keywords that run `ctx` in the workspace."""

    def make(*words, **settings):
        env = environ | {f"CONTEXT_MODE_{name.upper()}": str(value) for name, value in settings.items()}
        return {"args": [sys.executable, "-m", "context_mode.cli", *words], "cwd": tmp_path / "work", "env": env}

    return make


@pytest.fixture
def ctx(command):
    """Runs `ctx` to its end: what came on stdout and stderr, and its exit code."""

    def run(*words, stdin=b"", **settings):
        return subprocess.run(**command(*words, **settings), input=stdin, capture_output=True, check=False)

    return run

"""Where a workspace points outside itself, as far as that is to be believed.

Whoever wrote the workspace's files, an earlier command of the sandbox among them, may have written them to be shown more of this machine.
So a lead counts only where its other end, which they could not write, says the same: a repository that names the work tree, a folder that
is a virtual environment, an executable that is a Python.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PYTHON = re.compile(r"(python|pypy|graalpy)[\d.]*t?")
_POINTER = 4_096  # bytes at most of a file that holds a path
_LINKS = 40  # on the way to one file, as the kernel counts


def real_path(path: str, *, avoiding: str) -> str:
    """The real path, "" where the way there leads into the folder `avoiding`, whose links may lead anywhere. Both are absolute."""
    real, links = "/", 0
    rest = path.split("/")[::-1]
    while rest:
        name = rest.pop()
        if name in {"", "."}:
            continue
        step = os.path.dirname(real) if name == ".." else f"{real.rstrip('/')}/{name}"  # noqa: PTH120 (a string throughout)
        if within(step, avoiding):
            return ""
        if not os.path.islink(step):  # noqa: PTH114 (the same)
            real = step
            continue
        links += 1
        if links > _LINKS:
            return ""
        target = os.readlink(step)  # noqa: PTH115 (the same)
        real = "/" if target.startswith("/") else real
        rest += target.split("/")[::-1]
    return real


def within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def git_folders(workspace: Path) -> Iterator[str]:
    """Where the history is, when `.git` is a file that points there and that points back: of a work tree, or of a submodule."""
    link = workspace / ".git"
    if os.path.islink(link):  # noqa: PTH114 (pathlib raises for what the caller may not look at; so below)
        return
    own = os.path.normpath(workspace / _pointer(link).removeprefix("gitdir:").strip())
    outside = real_path(own, avoiding=os.path.realpath(workspace))
    if not outside:
        return
    real = Path(outside)
    if os.path.realpath(real / _pointer(real / "gitdir")) == os.path.realpath(workspace) + "/.git":
        common = os.path.normpath(f"{own}/{_pointer(real / 'commondir')}")
        if real.parent.name == "worktrees" and Path(os.path.realpath(common)) == real.parent.parent:
            yield own
            yield common
    elif _work_tree(real) == os.path.realpath(workspace):
        yield own


def environments(workspace: Path) -> Iterator[Path]:
    """Virtual environments, at their real paths."""
    for pattern in ("pyvenv.cfg", "*/pyvenv.cfg", "*/*/pyvenv.cfg"):
        for settings in sorted(workspace.glob(pattern)):
            yield Path(os.path.realpath(settings.parent))


def base_interpreters(environment: Path) -> Iterator[str]:
    """The real paths of the Pythons that it was made from."""
    lines = _text(environment / "pyvenv.cfg", 64 * _POINTER).splitlines()
    settings = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    named = [f"{settings['home']}/python"] if settings.get("home", "").startswith("/") else []
    for file in (*named, str(environment / "bin" / "python")):
        real = Path(os.path.realpath(file))
        if _PYTHON.fullmatch(real.name) and os.path.isfile(real) and os.access(real, os.X_OK):  # noqa: PTH113 (see above)
            yield str(real)


def _work_tree(repository: Path) -> str:
    """The folder that a submodule's repository says it belongs to, "" for any other."""
    found = re.search(r"^\s*worktree\s*=\s*(.+?)\s*$", _text(repository / "config", 64 * _POINTER), re.MULTILINE)
    return os.path.realpath(repository / found[1].strip('"')) if found else ""


def _pointer(file: Path) -> str:
    return _text(file, _POINTER).strip()


def _text(file: Path, at_most: int) -> str:
    """Empty for what is no regular file, or holds what no path or setting can."""
    try:
        if not file.is_file():
            return ""
        with file.open(encoding="utf-8", errors="surrogateescape") as opened:
            text = opened.read(at_most)
    except OSError:
        return ""
    return "" if "\0" in text else text

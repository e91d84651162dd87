"""Files that `read` may read: regular text files inside the workspace."""
# pathlib follows links at other moments than realpath, and here that matters:
# ruff: noqa: PTH111, PTH112, PTH118

from __future__ import annotations

import os
import stat

from context_mode.errors import PathError

SNIFFED = 8192  # bytes looked at to tell binary from text, as git does


def read_file(workspace: str, path: str, max_bytes: int) -> bytes:
    """The bytes of the file at `path`, relative to `workspace` where it is not absolute. Raises PathError, which says why not."""
    real = _inside(workspace, path)
    # not blocking, so that opening a pipe does not wait for its writer; no link is followed that was not there a moment ago
    try:
        file = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise PathError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    with os.fdopen(file, "rb") as opened:
        size = _size_of_regular(path, os.fstat(file))
        if size > max_bytes:
            raise PathError(f"{path} is {size >> 20} MB, more than {max_bytes >> 20}: run a command that prints what you need of it")
        data = opened.read(max_bytes)
    if b"\0" in data[:SNIFFED]:
        raise PathError(f"{path} is a binary file ({size:,} bytes): run a tool that understands it")
    return data


def _inside(workspace: str, path: str) -> str:
    """The real path. A link that leads out of the workspace is refused like any other way out."""
    if not path or "\0" in path:
        raise PathError("give the path of a file")
    root = os.path.realpath(workspace)
    real = os.path.realpath(os.path.join(root, os.path.expanduser(path)))
    if os.path.commonpath([root, real]) != root:
        leads = "" if real == path else f" (it leads to {real})"
        raise PathError(f"{path} is outside the workspace {root}{leads}: CONTEXT_MODE_WORKSPACE names another workspace")
    if os.path.isdir(real):
        raise PathError(f"{path} is a directory: run `ls` on it")
    return real


def _size_of_regular(path: str, status: os.stat_result) -> int:
    if stat.S_ISREG(status.st_mode):
        return status.st_size
    kinds = {stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    raise PathError(f"{path} is {kinds.get(stat.S_IFMT(status.st_mode), 'not a regular file')}: only regular files are read")

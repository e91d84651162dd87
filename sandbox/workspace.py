"""Where a command may start: inside the workspace."""

from __future__ import annotations

import os

from sandbox.types import OutsideWorkspaceError

# os.path on purpose in this package's light half: pathlib would double what a cold start imports.


def resolve_cwd(workspace: str, cwd: str) -> str:
    """The real folder that `cwd` (absolute, or relative to the workspace; "" is the workspace itself) names.

    Raises OutsideWorkspaceError for one that is outside, through a symbolic link too, or that is no folder.
    """
    root = os.path.realpath(workspace)
    path = os.path.realpath(os.path.join(root, cwd))  # noqa: PTH118 (see above)
    if path != root and not path.startswith(root.rstrip("/") + "/"):
        raise OutsideWorkspaceError(f"{cwd} is outside the workspace {root}")
    if not os.path.isdir(path):  # noqa: PTH112 (see above)
        raise OutsideWorkspaceError(f"there is no folder {path} in the workspace")
    return path

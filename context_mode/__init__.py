"""Cut a tool's output down to the lines that matter, verbatim. The public library API; importing it is cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from context_mode.pipeline import compress
    from context_mode.view import View

__all__ = ["View", "compress"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Loads the public names when first used: `ctx run` starts without any of them."""
    if name == "compress":
        from context_mode.pipeline import compress

        globals()[name] = compress
        return compress
    if name == "View":
        from context_mode.view import View

        return View
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

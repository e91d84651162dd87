"""The `ctx` face, also called `context-mode`. Only what the command at hand needs is imported: `ctx run -- true` costs some 60 ms."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from context_mode.errors import ContextModeError, UserError

# name: (module, whose `main(argv)` returns the exit code; what it does)
COMMANDS = {
    "run": ("context_mode.cli_run", "run a command, show the lines that matter, exit with its exit code"),
    "filter": ("context_mode.cli_read", "show the lines that matter of what comes on stdin, or of a file"),
    "read": ("context_mode.cli_read", "show the lines that matter of a file in the workspace"),
    "expand": ("context_mode.cli_stored", "show hidden lines of an earlier output"),
    "explain": ("context_mode.cli_explain", "say why lines of an earlier output were shown or hidden"),
    "search": ("context_mode.cli_stored", "find words in all earlier outputs"),
    "stats": ("context_mode.cli_stored", "what is stored, and what was saved"),
    "doctor": ("context_mode.cli_doctor", "check that everything works, and say how to repair what does not"),
    "mcp": ("context_mode.cli_mcp", "serve coding agents over the Model Context Protocol, on stdio"),
}
OUR_FAULT, THEIR_FAULT = 1, 2  # exit codes: the machine or we failed; the request cannot be met
NOT_RUN = 125  # `ctx run`, before the command: apart from the command's own exit codes, as env and timeout do it


def main(argv: list[str] | None = None) -> int:
    """`argv` None: this process is the command, and what `ctx run` leaves behind is not taken down piece by piece."""
    if argv is not None:
        return _main(argv)
    code = _main(sys.argv[1:])
    if sys.argv[1:2] == ["run"]:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # 10 ms sooner than by way of the interpreter's end; everything is written
    return code


def _main(words: list[str]) -> int:
    name = words[0] if words else "--help"
    if name in ("-h", "--help", "help"):
        print(_overview())
        return 0 if words else THEIR_FAULT
    if name == "--version":
        from importlib.metadata import version

        print(f"context-mode {version('context-mode')}")
        return 0
    if name not in COMMANDS:
        print(_unknown(name), file=sys.stderr)
        return THEIR_FAULT
    return _guarded(name, words[1:])


def _guarded(name: str, words: list[str]) -> int:
    try:
        code = import_module(COMMANDS[name][0]).main(name, words)
        sys.stdout.flush()
    except ContextModeError as error:
        print(f"ctx {name}: {error}", file=sys.stderr)
        return NOT_RUN if name == "run" else THEIR_FAULT if isinstance(error, UserError) else OUR_FAULT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # who read our output has enough; python would complain about it once more while it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return int(code)


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {what}" for name, (_, what) in COMMANDS.items())
    return "\n".join(
        [
            "usage: ctx COMMAND …",
            "",
            "Show only the lines that matter of what commands print: verbatim, every gap marked, nothing lost.",
            "",
            *lines,
            "",
            "example: ctx run --intent 'why does the login test fail' --expect 'assert|401|denied' -- pytest -x",
            "`ctx COMMAND --help` says more.",
        ]
    )


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean `ctx {near[0]}`?" if near else f"there are {', '.join(COMMANDS)}"
    return f"ctx: unknown command {name!r}: {hint}"


if __name__ == "__main__":
    sys.exit(main())

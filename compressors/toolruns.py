"""Whether an output comes from running a tool, or from reading or searching files that merely speak of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compressors import shape

if TYPE_CHECKING:
    from compressors.types import Output

# What starts a program for another: `uv run pytest`, `python -m pytest`, `npx jest`, `node --test` keeps its own name.
_STARTER: Final = re.compile(
    r"(?:(?:uv|poetry|pipenv|pdm|hatch|rye) run|bundle exec|bunx|pnpm (?:exec|dlx)"
    r"|(?:yarn|pnpm)(?= (?!run\b|test\b|install\b|add\b|why\b|ls\b)[a-z])"
    r"|(?:coverage|kcov) run|python[\d.]*(?: -[bBdEiIOsSuvWX]\S*)* -m|xvfb-run|catchsegv|strace"
    r"|docker (?:compose )?(?:run|exec)(?: -\S+)* \S+) (?:-m )?(?:\S*/)?"
)
_READERS: Final = frozenset(
    (
        *(
            "cat",
            "head",
            "tail",
            "sed",
            "bat",
            "less",
            "more",
            "zcat",
            "nl",
            "tac",
            "awk",
            "cut",
            "tree",
            "wc",
            "sort",
            "uniq",
            "echo",
            "printf",
        ),
        *("grep", "rg", "ag", "ack", "git", "ls", "find", "fd", "diff", "jq"),
    )
)
_ABOUT: Final = re.compile(r"--(?:help|version|fixtures|markers|showConfig|listTests|collect-only)\b")
_RUN_LOGS: Final = frozenset(("", "log", "txt", "out", "err", "output"))
_DATA: Final = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[{"\]]|\[|$|-?\d+,)|<\?xml|<!DOCTYPE)', re.MULTILINE)


def programs(output: Output) -> list[str]:
    """The simple commands that ran, each with its arguments, without what merely started it."""
    lines = [" ".join(stage) for stage in shape.stages(output.command)]
    return [_STARTER.sub("", line, count=1) if _STARTER.match(line) else line for line in lines]


def runs(output: Output, tools: re.Pattern[str]) -> bool:
    """Whether one of the commands is one of these tools at work: not its help, nor its version."""
    return any(tools.match(line) and not _ABOUT.search(line) for line in programs(output))


DEBUGGERS: Final = re.compile(r"(?:gdb|lldb|valgrind|rr|pdb)(?= |$)")


def only_reads(output: Output) -> bool:
    """Whether the command prints files or search results, other than the log of a run; so does a file read by its path."""
    if shape.extension(output) not in _RUN_LOGS:
        return not output.command or _reads(output)
    return _reads(output) and not re.search(r"\.(?:log|txt|out|err)\b", output.command)


def _reads(output: Output) -> bool:
    stages = shape.stages(output.command)
    return bool(stages) and all(stage[0] in _READERS and "-i" not in stage[1:2] for stage in stages if stage[0] != "cd")


def is_data(output: Output) -> bool:
    """Whether it is JSON or XML, whoever wrote it."""
    return _DATA.match(output.text[:400].lstrip()) is not None

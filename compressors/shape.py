"""What an output looks like from outside: the programs that wrote it, the file it was read from, a few of its rows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compressors.types import Output

_STAGE: Final = re.compile(r"""(?:[^'"|;&\n]|'[^']*'|"(?:[^"\\]|\\.)*"|(?<=\d)?>&\d?|&>)+""", re.DOTALL)
_WORD: Final = re.compile(r"""(?:[^\s'"]|'[^']*'|"(?:[^"\\]|\\.)*")+""", re.DOTALL)
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_WRAPPERS: Final = frozenset(
    ("sudo", "time", "env", "nohup", "command", "exec", "nice", "stdbuf", "timeout", "xargs", "npx", "then", "do", "else", "!", "(", "{")
)
_COMPRESSED: Final = frozenset(("gz", "xz", "bz2", "zst"))
_READERS: Final = frozenset(("cat", "head", "tail", "sed", "bat", "less", "more", "zcat", "nl", "tac"))


@lru_cache(maxsize=256)
def stages(command: str) -> tuple[tuple[str, ...], ...]:
    """The words of each simple command of a shell line, without wrappers and assignments, the program's directory dropped.
    Good for guessing what ran; not a shell's parser.
    """
    found = []
    for stage in _STAGE.findall(command[:4000]):
        words = [word.strip("()") for word in _WORD.findall(stage)]
        while words and (words[0] in _WRAPPERS or not words[0] or _ASSIGNMENT.match(words[0]) or _is_operand(words[0])):
            words = words[1:]
        if words:
            found.append((words[0].strip("'\"").rpartition("/")[2], *words[1:]))
    return tuple(found)


def _is_operand(word: str) -> bool:
    """`5` after `timeout`, `-n19` after `nice`."""
    return word[0] == "-" or word[0].isdigit()


def ran(output: Output, *programs: str) -> bool:
    """Whether the command ran one of these: "ls", or "git log" for a subcommand (options before it are skipped)."""
    return any(_is(stage, program.split(" ")) for stage in stages(output.command) for program in programs)


def ran_first(output: Output, *programs: str) -> bool:
    """Like `ran`, of the first program alone."""
    return any(_is(stage, program.split(" ")) for stage in stages(output.command)[:1] for program in programs)


def _is(stage: tuple[str, ...], program: list[str]) -> bool:
    if stage[0] != program[0]:
        return False
    return len(program) == 1 or next((word for word in stage[1:] if _names_a_subcommand(word)), "") == program[1]


def _names_a_subcommand(word: str) -> bool:
    return word[0].isalpha() and "/" not in word and "=" not in word


def files(output: Output) -> list[str]:
    """The names, without their directories, of the files that were read."""
    if output.path:
        return [output.path.rpartition("/")[2]]
    words = [word.strip("'\"") for stage in stages(output.command) if _reads(stage) for word in stage[1:]]
    return [word.rpartition("/")[2] for word in words if word and word[0] != "-"]


def _reads(stage: tuple[str, ...]) -> bool:
    return stage[0] in _READERS and (stage[0] != "sed" or "-n" in stage)


def extension(output: Output) -> str:
    """Of the file that was read, in lower case without its dot, a compression's left out; "" where no single kind of file is named."""
    suffixes = {suffix for name in files(output) if (suffix := _suffix(name))}
    return suffixes.pop() if len(suffixes) == 1 else ""


def _suffix(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if suffix in _COMPRESSED:
        return _suffix(stem)
    return suffix.lower() if stem and suffix.isalnum() else ""


def sample(rows: Sequence[str], each: int = 50) -> list[str]:
    """Rows that are not blank from the head, the middle and the tail."""
    if len(rows) <= 3 * each:
        picked = rows
    else:
        middle = (len(rows) - each) // 2
        picked = [*rows[:each], *rows[middle : middle + each], *rows[-each:]]
    return [row for row in picked if row and not row.isspace()]


def share(rows: Sequence[str], holds: Callable[[str], object]) -> float:
    """Which part of these rows it holds for; 0 where there are none."""
    return sum(1 for row in rows if holds(row)) / len(rows) if rows else 0.0

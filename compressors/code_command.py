"""Which files a command prints: `cat -n x.py | head -50` prints `x.py`; `grep foo x.py` and `cat x.py > y.py` do not."""

from __future__ import annotations

import re
import shlex

_SCRIPTED = frozenset(["sed", "gsed", "awk", "gawk"])
_PRINTERS = _SCRIPTED | {"cat", "bat", "batcat", "head", "tail", "nl", "less", "more", "view", "Get-Content", "gc"}
# What may stand between the file and the reader: it drops, numbers or shortens lines, and leaves them in order.
_FILTERS = _PRINTERS | {"expand", "cut", "col", "iconv", "tr"}
_SILENT = frozenset(["cd", "pushd", "set", "export", "true", "source", ".", "unset", "umask", "sleep"])
_PREFIXES = frozenset(["sudo", "command", "builtin", "time", "nice", "env"])
_SHELLS = frozenset(["bash", "sh", "zsh", "dash"])
# Scripts that choose lines, blanks taken out: `1,200p`, `/start/,/end/p;300q`, `NR>=10&&NR<=20{printNR": "$0}`.
_PLACE = r"(?:\d+|\$|/(?:\\.|[^/\\])*/)"
_SED_PART = rf"(?:{_PLACE}(?:,\+?{_PLACE})?)?(?:[pqd]|s/[^/]*/[^/]*/g?)?"
_SED = re.compile(rf"{_SED_PART}(?:;{_SED_PART})*")
_AWK = re.compile(r"F?NR[^{|]*(?:\{print[^|>}]*\})?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_ERRORS_ELSEWHERE = re.compile(r"\d?>&\d|2>>?[ \t]?\S+")
_PUNCTUATION = frozenset(";&|<>\n")


def printed_files(command: str) -> list[str]:
    """Candidates for the files whose text, and nothing else, the command prints; empty where it does something else."""
    try:
        words = _words(command)
    except ValueError:  # an unclosed quote
        return []
    *before, last = _split(words, {";", "&&", "\n"}) or [[]]
    if any(stage[0] not in _SILENT and not _ASSIGNMENT.fullmatch(stage[0]) for stage in before):
        return []
    source, *filters = _split(last, {"|"}) or [[]]
    if any(stage[0] not in _FILTERS or not _chooses_lines(stage) for stage in filters):
        return []
    return _operands(source)


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(_ERRORS_ELSEWHERE.sub(" ", command.strip()), posix=True, punctuation_chars=";&|<>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    return [word.strip("\n") or "\n" if _PUNCTUATION.issuperset(word) and word else word for word in lexer]


def _split(words: list[str], at: set[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word in at:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _operands(stage: list[str]) -> list[str]:
    while stage and (stage[0] in _PREFIXES or _ASSIGNMENT.fullmatch(stage[0])):  # sudo, LANG=C
        stage = stage[1:]
    if not stage:
        return []
    name, arguments = stage[0].rsplit("/", 1)[-1], stage[1:]
    if name in _SHELLS and len(arguments) == 2 and re.fullmatch(r"-[a-z]*c", arguments[0]):
        return printed_files(arguments[1])
    if name == "git":
        return _git_objects(arguments)
    if name not in _PRINTERS or not _chooses_lines([name, *arguments]):
        return []
    if any(word != "<" and word and _PUNCTUATION.issuperset(word) for word in arguments):  # redirected, in the background
        return []
    files = [word for word in arguments if word != "<" and not word.startswith("-") and not word.isdigit()]
    return files[1:] if name in _SCRIPTED else files


def _chooses_lines(stage: list[str]) -> bool:
    if stage[0] not in _SCRIPTED:
        return True
    script = "".join(next((word for word in stage[1:] if not word.startswith("-")), "").split())
    return bool((_AWK if "awk" in stage[0] else _SED).fullmatch(script))


def _git_objects(arguments: list[str]) -> list[str]:
    """The paths in `git show rev:path` and `git cat-file blob rev:path`."""
    while arguments[:1] == ["-C"] or arguments[:1] == ["--no-pager"]:
        arguments = arguments[2 if arguments[0] == "-C" else 1 :]
    verb, *objects = [word for word in arguments if not word.startswith("-")] or [""]
    if verb == "cat-file" and objects[:1] == ["blob"]:
        objects = objects[1:]
    if verb not in ("show", "cat-file") or not all(":" in word for word in objects):
        return []
    return [word.partition(":")[2] for word in objects]

"""Code that no grammar reads (other languages, damaged text, files of megabytes): definitions by the look of their first line, what they
hold by indentation.
"""

from __future__ import annotations

import re

from compressors.code_chunks import BODY, IMPORT, PUBLIC, TYPE, Chunks, Scope
from compressors.types import Chunk, Label

_WORDS = (
    "pub|public|private|protected|internal|static|async|export|default|abstract|final|virtual|inline|override|sealed|unsafe|extern|const|open|"
    "data|local|suspend|partial|case|declare|global|fileprivate|mutating|pub\\([a-z]+\\)"
)
_TYPE = re.compile(
    rf"(?:(?:{_WORDS})\s+)*(?:class|struct|interface|trait|enum|module|namespace|impl|record|object|protocol|package|message|service"
    r"|defmodule|defprotocol|extension|union|instance)\b[^=;]*$"
    r"|@(?:interface|implementation|protocol)\b"
)
_FUNCTION = re.compile(
    rf"(?:(?:{_WORDS})\s+)*(?:def|defp|defmacro|function|func|fn|fun|sub|proc|rpc|macro|method|init|constructor)\b"
    r"|[-+] ?\([\w *<>]+\) ?\w"  # Objective-C
)
_TYPED_FUNCTION = re.compile(r"[A-Za-z_~][^;={}()]*\([^;={}]*\)[^;={}()]*\{\s*$")  # void Foo::bar(int x) const {
_CONTROL = re.compile(
    r"\}?\s*(?:if|for|while|switch|return|else|elif|elsif|catch|do|try|with|match|unless|until|foreach|when|case|new|throw)\b"
)
_IMPORT = re.compile(r"(?:import|from|use|using(?!.*=)|require|include|#include|open|alias|\(:require)\b")
_TAB = 4


def cut_indentation(lines: list[str]) -> list[Chunk]:
    chunks = Chunks([not line or line.isspace() for line in lines])
    top = Scope(alone=False)
    open_: list[tuple[int, Scope]] = []  # the definitions that a row may stand in, outermost first, with their indentation
    commented = False
    for row, line in enumerate(lines):
        if not line or line.isspace():
            continue
        indent = _indent(line)
        while open_ and indent <= open_[-1][0] and not _closes(line, indent, open_[-1][0]):
            open_.pop()
        scope = open_[-1][1] if open_ else top
        weight = None if commented else _head(line, lines[row + 1] if row + 1 < len(lines) else "")
        if weight is not None:
            head = chunks.add(row, row + 1, weight, scope.parent, Label.SIGNATURE)
            open_.append((indent, Scope(head, inside=True, label=Label.BODY, weight=BODY, alone=False)))
        elif not open_ and not commented and _IMPORT.match(line.lstrip()):
            chunks.plain(row, row + 1, scope, Label.IMPORT, IMPORT)
        else:
            chunks.plain(row, row + 1, scope)
        commented = _in_comment(line, commented)
    return chunks.finish()


def _in_comment(line: str, commented: bool) -> bool:
    """Whether a block comment is open after the line."""
    opens, closes = line.rfind("/*"), line.rfind("*/")
    return opens > closes or (commented and closes < 0)


def cut_blocks(lines: list[str]) -> list[Chunk]:
    """Blocks of a few rows, for text without any structure of lines."""
    chunks = Chunks([not line or line.isspace() for line in lines])
    scope = Scope(weight=BODY, alone=True)
    for row in range(len(lines)):
        chunks.plain(row, row + 1, scope)
    return chunks.finish()


def _indent(line: str) -> int:
    return len(line.expandtabs(_TAB)) - len(line.lstrip().expandtabs(_TAB))


def _closes(line: str, indent: int, opened: int) -> bool:
    """Whether the line ends, or opens the braces of, the definition that it stands as far left as."""
    return indent == opened and line.lstrip()[0] in "{})]"


def _head(line: str, following: str) -> float | None:
    line = line.strip()
    if _CONTROL.match(line):
        return None
    if _TYPE.match(line):
        return TYPE
    opened = f"{line} {{" if following.strip() == "{" else line
    return PUBLIC if _FUNCTION.match(line) or _TYPED_FUNCTION.match(opened) else None

"""Source code: definitions as signatures with their bodies below them, imports, comments and statements, by tree-sitter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compressors import languages
from compressors.code_command import printed_files
from compressors.code_indent import cut_blocks, cut_indentation
from compressors.code_source import parse, without_numbers
from compressors.code_tree import cut_tree
from compressors.types import Chunk, Compressor, Label, Output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compressors.languages import Language

_PARSED = 1_000_000  # characters; a longer file is generated, and parsing it would take seconds
_LOST = 0.5  # the share of lines under syntax errors from which indentation tells more than the tree
_MINIFIED = 400  # characters a line on average
_COMPLAINTS = 10  # lines; where there are more, something was printed
_COMPLAINT = re.compile(r"[\w./-]+: \S")  # cat: x.py: No such file or directory
_NUMBER_OF_FIRST = re.compile(r"\s*1(?:\t|→|:|\s*[│|])\s?(?=#!)")


@dataclass(frozen=True, slots=True)
class Code:
    name: str = "code"

    def detect(self, output: Output) -> bool:
        return language_of(output) is not None and not _only_complains(output)

    def cut(self, output: Output) -> list[Chunk]:
        lines = without_numbers(output.lines)
        chunks = _cut(lines, language_of(output) or languages.OTHER)
        return chunks if output.pieces is None else _in_rows(chunks, output)


COMPRESSOR: Compressor = Code()


def language_of(output: Output) -> Language | None:
    """The language of the one kind of file that the output shows: by the command's file names, else the path, else a `#!` line."""
    files = printed_files(output.command) if output.command else []
    if output.command and not files:
        return languages.by_shebang(_first_line(output))
    if not files:
        files = [output.path] if output.path else []
    known = {languages.by_path(file) for file in files}
    if len(known) == 1 and None not in known:
        return known.pop()
    if known - {None}:  # several kinds of files: not this compressor's
        return None
    return languages.by_shebang(_first_line(output))


def _first_line(output: Output) -> str:
    line = output.lines[0]
    number = _NUMBER_OF_FIRST.match(line)
    return line[number.end() :] if number else line


def _only_complains(output: Output) -> bool:
    if not output.exit_code:
        return False
    lines = [line for line in output.lines if line.strip()]
    return len(lines) <= _COMPLAINTS and all(_COMPLAINT.match(line) for line in lines)


def _cut(lines: list[str], language: Language) -> list[Chunk]:
    characters = sum(map(len, lines))
    if characters > _MINIFIED * len(lines):
        return cut_blocks(lines)
    if not language.grammar or characters > _PARSED:
        return cut_indentation(lines)
    parsed = parse(lines, language)
    if parsed is None:
        return cut_indentation(lines)
    chunks, lost = cut_tree(parsed.root, language, lines, parsed.prefix)
    return cut_indentation(lines) if lost > _LOST else chunks


def _in_rows(chunks: Sequence[Chunk], output: Output) -> list[Chunk]:
    """Chunks of lines as chunks of rows; one that holds a long line is cut into several."""
    first = [row for row in range(len(output.rows)) if row == 0 or output.line_of(row) != output.line_of(row - 1)]
    first.append(len(output.rows))
    moved: list[int] = []  # where each chunk went
    done: list[Chunk] = []
    for chunk in chunks:
        parent = None if chunk.parent is None else moved[chunk.parent]
        moved.append(len(done))
        start, end = first[chunk.start], first[chunk.end]
        size = 1 if end - start > 2 * (chunk.end - chunk.start) else end - start  # the piece of a long line is a chunk
        head = Chunk(start, min(start + size, end), chunk.weight, parent, chunk.label)
        done.append(head)
        rest = replace(head, parent=moved[-1], label=Label.BODY) if chunk.label is Label.SIGNATURE else head
        done.extend(replace(rest, start=row, end=min(row + size, end)) for row in range(start + size, end, size))
    return done

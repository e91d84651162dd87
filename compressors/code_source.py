"""What a reader's command did to a file, undone for the parser alone: line numbers are taken off, and a part of a file gets the
braces that stand outside of it. Line n stays line n.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from compressors import languages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from compressors.languages import Language

# cat -n, nl, an editor's view ("12→"), bat ("12 │ "), grep -n "" ("12:"), awk ("12: ")
_NUMBERED = re.compile(r"\s*(\d+)(?:\t|→| ?│ ?|: |:|\| )")
_NUMBERS_AT_LEAST = 0.9  # of the lines that are not blank
_MENDED_LINES = 3000  # a part of a file is short; a long output is a whole file, whose braces just do not balance
_UNBRACED = re.compile(r'"(?:\\.|[^"\\\n]){0,500}"|\'(?:\\.|[^\'\\\n]){0,500}\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
_BROKEN_OFF = 10  # lines of a statement that is not all there
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_READ = 65536  # bytes handed to the parser at a time
# Clean code takes a progress call for every 85 to 330 bytes, text in no language one for every 45, and each is ten times slower.
_CALLS, _BYTES_PER_CALL = 600, 80
_ERRORS_A_LINE = 0.7  # logs and prose have 1 to 4, source files up to 0.5 (a dialect), mostly under 0.1
_SAMPLE = 16_000  # characters that show whether a long text is in the language at all


@dataclass(frozen=True, slots=True)
class Parsed:
    """`prefix`: how many bytes before the first line were put there to mend a part of a file."""

    root: Node
    prefix: int = 0


def without_numbers(lines: Sequence[str]) -> list[str]:
    """The lines as they stand in the file, where the command numbered them."""
    found = [_NUMBERED.match(line) for line in lines]
    numbers = [int(match[1]) for match in found if match]
    written = sum(1 for line in lines if line and not line.isspace())
    if not numbers or len(numbers) < _NUMBERS_AT_LEAST * written:
        return list(lines)
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        return list(lines)
    return [line[match.end() :] if match else line for line, match in zip(lines, found, strict=True)]


def parse(lines: Sequence[str], language: Language) -> Parsed | None:
    """The syntax tree; None where the text gives the parser so much trouble that it is in no such language."""
    text = "\n".join(lines)
    opening = language.opening if language.opening and "<?" not in text else ""
    if len(text) > 4 * _SAMPLE and _foreign(opening + text[:_SAMPLE], language):
        return None
    root = _tree(opening + text, language)
    if root is None:
        return None
    best, trouble = Parsed(root, len(opening.encode())), _trouble(root)
    if not root.has_error or len(lines) > _MENDED_LINES:
        return best
    if language.braced:
        text = _whole_statements(text)
    for before, after in _quote_mendings(text) if language.docstrings else _brace_mendings(text, language):
        mended = _tree(opening + before + text + after, language)
        if mended is not None and (left := _trouble(mended)) < trouble:
            best, trouble = Parsed(mended, len((opening + before).encode())), left
    return best


def _tree(text: str, language: Language) -> Node | None:
    import tree_sitter

    data = text.encode("utf-8", "replace")
    calls = 0

    def stuck(_offset: int, _has_error: bool) -> bool:
        nonlocal calls
        calls += 1
        return calls > _CALLS + len(data) // _BYTES_PER_CALL

    parser = tree_sitter.Parser(languages.grammar(language.grammar, language.loader))
    try:
        tree = parser.parse(lambda offset, _point: data[offset : offset + _READ], progress_callback=stuck)
    except ValueError:  # given up
        return None
    return tree.root_node if tree else None


def _foreign(sample: str, language: Language) -> bool:
    """Whether the text is in another language, or in none. A type that the sample breaks off in is one error, a foreign line one or two."""
    root = _tree(sample, language)
    if root is None:
        return True
    errors, below = 0, [root]
    while below:
        node = below.pop()
        errors += node.is_error or node.is_missing
        if node.has_error:
            below.extend(node.children)
    return errors > _ERRORS_A_LINE * sample.count("\n")


def _trouble(root: Node) -> int:
    """Lines under error nodes, and one for each token that had to be made up."""
    trouble, below = 0, [root]
    while below:
        node = below.pop()
        if node.type == "ERROR":
            trouble += node.end_point[0] - node.start_point[0] + 1
        elif node.is_missing:
            trouble += 1
        elif node.has_error:
            below.extend(node.children)
    return trouble


def _quote_mendings(text: str) -> list[tuple[str, str]]:
    """Quotes for a part of a file that begins or ends inside a docstring."""
    indent = text[: len(text) - len(text.lstrip())].rpartition("\n")[2]
    before, after = indent + '"""', '\n"""'
    return [(before, ""), ("", after)] if text.count('"""') % 2 else [(before, after)]


def _whole_statements(text: str) -> str:
    """Without the beginning of a statement that the text breaks off in."""
    end = max(text.rfind(";"), text.rfind("{"), text.rfind("}")) + 1
    return text[:end] if end and text.count("\n", end) <= _BROKEN_OFF else text


def _brace_mendings(text: str, language: Language) -> list[tuple[str, str]]:
    """What may stand before and after a part of a file, judged by its unmatched comment signs and braces. What stands around all of it
    shows in its indentation alone.
    """
    if not language.braced:
        return []
    first, opened = text.find("*/"), text.find("/*")
    comment = "/*" if first >= 0 and not 0 <= opened < first else ""
    unclosed = "*/" if text.rfind("/*") > text.rfind("*/") else ""
    opened_outside, closers = _unmatched(_UNBRACED.sub("", comment + text))
    closers = closers.replace(")}", ");}")
    found = [(comment, unclosed)] if comment or unclosed else []
    indented = text.lstrip("\n")[:1].isspace()
    if not (opened_outside or closers or indented):
        return found
    for outside in (opened_outside, opened_outside + 1)[: 1 + indented]:
        after = unclosed + "\n" + closers + "}" * (outside - opened_outside)
        befores = dict.fromkeys(_before(outside, types, language) for types in range(min(outside, 3), -1, -1))
        found.extend((before + comment, after) for before in befores)
    return found


def _unmatched(text: str) -> tuple[int, str]:
    """How many braces are closed that were opened before the text, and what closes those that it leaves open."""
    outside = 0
    closers: list[str] = []
    for sign in re.findall(r"[(){}\[\]]", text):
        if sign in _CLOSERS:
            closers.append(_CLOSERS[sign])
        elif sign in closers:
            while closers.pop() != sign:
                pass
        elif sign == "}":
            outside += 1
    return outside, "".join(reversed(closers))


def _before(outside: int, types: int, language: Language) -> str:
    """`outside` opened braces, the first `types` of them those of types."""
    if types and not language.around_members:
        types = 0
    blocks = outside - types
    if not blocks:
        return language.around_members * types
    if not types:
        return language.around_statements + "{" * (blocks - 1)
    return language.around_members * (types - 1) + language.around_method + "{" * (blocks - 1)

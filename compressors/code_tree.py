"""From a syntax tree to chunks. The walk looks at statements, not at tokens: it goes into definitions, and into what is too long
for a block.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from compressors.code_chunks import (
    BODY,
    CALL,
    COMMENT,
    IMPORT,
    LICENCE,
    LONG,
    MEMBER,
    NESTED,
    PRIVATE,
    PUBLIC,
    TYPE,
    Chunks,
    Scope,
)
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from compressors.languages import Language

_LICENCE = re.compile(r"copyright|licen[cs]e|spdx-|all rights reserved|permission is hereby", re.IGNORECASE)
# What a parser takes for a function or a type when the code around it is missing
_CONTROL = re.compile(r"\}?\s*(?:if|else|for|foreach|while|do|switch|case|try|catch|finally|return)\b|\{")
_HEAD_ROWS = 8  # a function expression that begins further below what it is given to is part of a statement, no definition
_DECORATED_ROWS = 12  # decorators longer than this (tables of test parameters) are no part of the signature
_DEPTH = 8  # wrappers around one definition


def cut_tree(root: Node, language: Language, lines: list[str], prefix: int = 0) -> tuple[list[Chunk], float]:
    """Chunks of `lines`, and the share of them that the grammar made no sense of. The source began with `prefix` more bytes."""
    return _Walk(language, lines, prefix).run(root)


def _rows(node: Node) -> tuple[int, int]:
    end = node.end_point
    return node.start_point[0], end[0] + (1 if end[1] else 0)


class _Walk:
    def __init__(self, language: Language, lines: list[str], prefix: int) -> None:
        self.language = language
        self.lines = lines
        self.prefix = prefix
        self.chunks = Chunks([not line or line.isspace() for line in lines])
        self.comment: tuple[int, int] | None = None  # rows of a comment whose owner is not known yet
        self.held: int | None = None  # where the attributes of the next definition begin
        self.lost = 0
        self.damaged = False
        self.private = re.compile(language.private, re.MULTILINE) if language.private else None
        self.import_line = re.compile(language.import_line) if language.import_line else None
        self.definitions = language.containers | language.functions

    def run(self, root: Node) -> tuple[list[Chunk], float]:
        part = self.prefix > 0 or self.lines[0][:1].isspace()  # of a file, and most likely of a function
        top = Scope(broken=root.type == "ERROR", alone=not part)
        self.damaged = root.has_error
        self.lost = len(self.lines) if top.broken else 0
        if self.language.docstrings:
            self.docstring(root, None)
        frames: list[tuple[Iterator[Node], Scope]] = [(iter(root.children), top)]
        while frames:
            nodes, scope = frames[-1]
            for node in nodes:
                inner = self.visit(node, scope)
                if inner is not None:
                    frames.append(inner)
                    break
            else:
                frames.pop()
                if not frames or frames[-1][1].parent != scope.parent:
                    self.settle(scope)
                    self.chunks.close()
        return self.chunks.finish(), self.lost / len(self.lines)

    def visit(self, node: Node, scope: Scope) -> tuple[Iterator[Node], Scope] | None:
        """Cuts what `node` covers; gives what to visit inside it first where it has to be looked into."""
        if not node.is_named:
            return None
        start, end = _rows(node)
        if end <= self.chunks.row or start >= len(self.lines):
            return None
        kind = node.type
        language = self.language
        if kind in language.comments:
            self.note(start, end, scope)
            return None
        if kind in language.attributes:
            self.held = start if self.held is None else self.held
            return None
        if node.start_byte < self.prefix:
            return iter(node.children), scope
        definition = self.definition(node, kind, scope, end - start)
        if definition is not None:
            return self.define(node, definition, start, end, scope)
        return self.code(node, kind, start, end, scope)

    def code(self, node: Node, kind: str, start: int, end: int, scope: Scope) -> tuple[Iterator[Node], Scope] | None:
        start = self.glued(start, scope)
        if kind in self.language.imports or (
            self.import_line and not scope.inside and end - start <= LONG and self.import_line.match(self.lines[node.start_point[0]])
        ):
            self.chunks.plain(start, end, scope, Label.IMPORT, IMPORT)
            return None
        if kind == "ERROR":
            if not scope.broken:
                self.lost += end - start
            return iter(node.children), replace(scope, broken=True, alone=False)
        transparent = not scope.inside and end - start > 1 and kind in self.language.transparent
        if (transparent or end - start > LONG) and node.child_count:
            self.chunks.plain(start, node.start_point[0] + 1, scope)
            return iter(node.children), scope if transparent else replace(scope, alone=False)
        self.chunks.plain(start, end, scope)
        return None

    def definition(self, node: Node, kind: str, scope: Scope, rows: int) -> Node | None:
        """The node that defines something: this one, or the only one in its wrappers."""
        if self.damaged and _CONTROL.match(self.lines[node.start_point[0]].lstrip()):
            return None
        if self.defines(node, kind):
            return node
        if (scope.inside and rows < 2) or not self.wraps(kind, scope):
            return None
        found = self.unwrap(node, scope, _DEPTH)
        if len(found) != 1:
            return None
        far = found[0].start_point[0] - node.start_point[0] > _HEAD_ROWS and found[0].type in self.language.bodied
        return None if far else found[0]

    def defines(self, node: Node, kind: str) -> bool:
        return kind in self.definitions and (kind not in self.language.bodied or self.body(node) is not None)

    def wraps(self, kind: str, scope: Scope) -> bool:
        return kind in self.language.wrappers or (kind in self.language.calls and not scope.inside)

    def unwrap(self, node: Node, scope: Scope, depth: int) -> list[Node]:
        """Definitions inside the wrappers; two are as good as many."""
        found: list[Node] = []
        for child in node.children:
            kind = child.type
            if not child.is_named:
                continue
            if self.defines(child, kind) or (kind in self.language.heads and not scope.inside):
                found.append(child)
            elif depth and self.wraps(kind, scope):
                found.extend(self.unwrap(child, scope, depth - 1))
            if len(found) > 1:
                break
        return found

    def body(self, node: Node) -> Node | None:
        for field in self.language.body_fields:
            body = node.child_by_field_name(field)
            if body is not None:
                return body
        return None

    def define(self, node: Node, inner: Node, start: int, end: int, scope: Scope) -> tuple[Iterator[Node], Scope] | None:
        """A signature, and what to visit below it."""
        body = self.body(inner)
        if self.held is not None:
            start, self.held = self.held, None
        self.settle(scope, documents=True)
        first = inner.start_point[0]
        if first - start > _DECORATED_ROWS:
            self.chunks.add(start, first, BODY, scope.parent, scope.label)
            start = first
        if scope.broken:
            self.lost -= end - start
        head_end = end if body is None else min(self.head_end(inner, body), end)
        container = inner.type in self.language.containers or (body is not None and self.unexpanded(inner))
        called = inner.type in self.language.bodied and not container and not scope.inside and self.is_call(node)
        weight = self.weight(start, head_end, scope, container=container, called=called)
        head = self.chunks.add(start, min(head_end, first + LONG), weight, scope.parent, Label.SIGNATURE)
        if head is None:  # its first row belongs to what stands before it: a callback among arguments
            return iter(node.children if body is None else self.members(inner, body)), replace(scope, inside=scope.inside or not container)
        inside = not (container or called)
        within = Scope(head, inside=inside, label=Label.BODY, weight=BODY if inside else MEMBER, alone=False)
        self.chunks.plain(self.chunks.row, head_end, within)
        if body is None:
            self.chunks.close()
            return None
        if self.language.docstrings:
            self.docstring(body, head)
        return iter(self.members(inner, body)), within

    def members(self, inner: Node, body: Node) -> list[Node]:
        """The statements of a body, and the comments between it and its head."""
        comments = [child for child in inner.children if child.type in self.language.comments and child.start_byte < body.start_byte]
        nested = body.child_by_field_name("body")  # Ruby's blocks hold a body
        return [*comments, *(nested or body).children] if body.child_count else [*comments, body]

    def head_end(self, inner: Node, body: Node) -> int:
        """The row after the head: the one that opens the body, where something does."""
        if body.child_count and not body.children[0].is_named:
            return body.start_point[0] + 1
        row = inner.start_point[0]
        for child in inner.children:
            if child.start_byte >= body.start_byte:
                break
            if child.type not in self.language.comments:
                row = max(row, child.end_point[0])
        return row + 1

    def unexpanded(self, inner: Node) -> bool:
        """Whether a C "function" that has no parameters is a class or a namespace whose head holds a macro: `class API Name {`."""
        declarator = inner.child_by_field_name("declarator") if self.language.heads else None
        return declarator is not None and declarator.type == "identifier"

    def is_call(self, node: Node | None) -> bool:
        while node is not None and node.type in self.language.wrappers and node.named_child_count:
            node = node.named_child(node.named_child_count - 1)
        return node is not None and node.type in self.language.calls

    def weight(self, start: int, end: int, scope: Scope, *, container: bool, called: bool) -> float:
        if scope.inside:
            return NESTED
        if container:
            return TYPE
        if called:
            return CALL
        hidden = self.private and self.private.search("\n".join(self.lines[start:end]))
        return PRIVATE if hidden else PUBLIC

    def docstring(self, body: Node, parent: int | None) -> None:
        first = next((child for child in body.children if child.is_named and child.type not in self.language.comments), None)
        if first is None or first.type != "expression_statement" or first.child_count != 1:
            return
        text = first.child(0)
        if text is not None and text.type == "string":
            start, end = _rows(first)
            self.chunks.add(start, end, self.comment_weight(start, end), parent, Label.COMMENT)

    def note(self, start: int, end: int, scope: Scope) -> None:
        """A comment: whose it is shows in what comes next."""
        if self.held is not None:
            return
        if self.comment and start > self.comment[1]:
            self.settle(scope)
        self.comment = (self.comment[0] if self.comment else start, end)

    def settle(self, scope: Scope, *, documents: bool = False) -> None:
        """The comment that waits stands for itself, or `documents` the definition below it."""
        if self.comment is None:
            return
        (start, end), self.comment = self.comment, None
        if scope.inside and not documents and end - start < LONG:
            self.chunks.plain(start, end, scope)
        else:
            self.chunks.add(start, end, self.comment_weight(start, end), scope.parent, Label.COMMENT)

    def glued(self, start: int, scope: Scope) -> int:
        """Where a statement begins that a short comment or an attribute right above belongs to."""
        if self.held is not None:
            start, self.held = min(start, self.held), None
        if self.comment and self.comment[1] == start and start - self.comment[0] < 3 and self.comment_weight(*self.comment) != LICENCE:
            start, self.comment = self.comment[0], None
        self.settle(scope)
        return start

    def comment_weight(self, start: int, end: int) -> float:
        early = start < 5
        return LICENCE if early and _LICENCE.search("\n".join(self.lines[start:end])) else COMMENT

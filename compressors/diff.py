"""Diffs and what git says: patches by file and hunk, commits, blame, status. Lock files and other generated ones weigh little."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compressors import blocks, hunks, shape
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compressors.types import Output

_PATCHES: Final = ("git diff", "git show", "git stash", "git format-patch", "git range-diff", "git whatchanged", "diff", "sdiff")
_HISTORY: Final = ("git log", "git shortlog", "git reflog", "git blame", "git annotate")
_STATES: Final = ("git status", "git merge", "git rebase", "git cherry-pick")
_SURE: Final = re.compile(
    r"diff --git |diff -\w|\+\+\+ [\w./]|commit [0-9a-f]{40}\b|From [0-9a-f]{40} |@@@ -|\*{15}$|Index: |\d+(?:,\d+)?[acd]\d+(?:,\d+)?$"
)
_STATE: Final = re.compile(r"On branch \S+$|HEAD detached |Unmerged paths:|Changes (?:not staged|to be committed)|CONFLICT \(")
_SHAPED: Final = re.compile(
    r"[ +\-@\\<>!]|diff |index |commit |Author: |Date: |similarity |rename |new |deleted |old |Binary |Only in |\d+[acd]\d"
)
_BLAME: Final = re.compile(r"\^?([0-9a-f]{4,40}) .*?\(.*?\d{4}-\d\d-\d\d.*?\s\d+\)")
_GENERATED: Final = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|[\w.-]+\.lock|vendor/|node_modules/|dist/)"
    r"|\.min\.(?:js|css)$|\.map$|\.snap$|_pb2\.pyi?$|\.pb\.go$|\.svg$|\.po$"
)
_TOP: Final = re.compile(
    r"(?P<commit>commit [0-9a-f]{7,40}\b|From [0-9a-f]{40} )"
    r"|(?P<file>diff |Index: |Only in |Binary files |rename |\+\+\+ |--- (?!exit|-)|\*\*\* \S)"
    r"|(?P<hunk>@@ -|@@@ |\d+(?:,\d+)?[acd]\d+(?:,\d+)?$|\*{15})"
    r"|(?P<summary> \d+ files? changed)"
    r"|(?P<stat> \S.* \|\s+(?:\d+|Bin)|[MADRCTUX]\d{0,3}\t\S|\d+\t\d+\t\S| (?:create|delete) mode | rename )"
    r"|(?P<section>(?:Changes|Untracked|Unmerged|Ignored|On branch|HEAD detached|Your branch|interactive rebase|(?:Last|Next) command)\b"
    r"|## \S)"
    r"|(?P<entry>\t\S)"
    r"|(?P<short>[MADRCUT?! ]{2} \S)"
    r"|(?P<hashed>[*|\\/ ]*[0-9a-f]{7,40}\b)"
)
_IN_HEADER: Final = re.compile(
    r"index |old mode|new mode|deleted file|new file|similarity|dissimilarity|rename |copy |--- |\+\+\+ |Binary files|GIT binary"
    r"|={20}|\*\*\* \S"
)
_CONFLICT: Final = re.compile(r"(?:U.|.U|AA|DD) ")


@dataclass(frozen=True)
class Diff:
    name: str = "diff"

    def detect(self, output: Output) -> bool:
        rows = output.rows
        if shape.extension(output) in ("diff", "patch"):
            return True
        picked = shape.sample(rows)
        if shape.ran(output, *_PATCHES, *_HISTORY, *_STATES) or any(_STATE.match(row) for row in picked):
            return bool(picked)
        if not any(_SURE.match(row) for row in picked):
            return shape.share(picked, _BLAME.match) > 0.6
        return shape.share(picked, _SHAPED.match) > 0.8

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        if shape.ran(output, "git blame", "git annotate") or shape.share(shape.sample(rows), _BLAME.match) > 0.6:
            return _blame(rows)
        if shape.ran(output, "diff", "sdiff") and re.search(r"\bsdiff\b|\s-\w*y\b|--side-by-side", output.command):
            return list(hunks.changes(hunks.gutters(rows), 0, weight=0.7, parent=None))
        return _Walk(output).cut()


class _Walk:
    """One pass over the rows; `commit`, `file` and `section` are the chunks that the next ones belong to."""

    def __init__(self, output: Output) -> None:
        self.rows: Sequence[str] = output.rows
        self.levels = blocks.levels(output)
        self.chunks: list[Chunk] = []
        self.commit: int | None = None
        self.file: int | None = None
        self.section: int | None = None
        self.generated = False
        self.short = shape.ran(output, "git status", "git stash")
        self.listed = shape.ran(output, "git log", "git shortlog", "git reflog", "git stash")

    def cut(self) -> list[Chunk]:
        row = 0
        while row < len(self.rows):
            kind = self.kind(row)
            end = self.take[kind](self, row) if kind else self.other(row)
            row = end
        return self.chunks

    def kind(self, row: int) -> str | None:
        match = _TOP.match(self.rows[row])
        kind = match.lastgroup if match else None
        if kind == "short" and not self.short:
            return None
        if kind == "file" and self.rows[row][:4] in ("--- ", "*** ") and not self.rows[row + 1 : row + 2][0:1]:
            return None
        return kind

    def add(self, start: int, end: int, weight: float, parent: int | None, label: Label) -> int:
        self.chunks.append(Chunk(start, end, weight, parent, label))
        return len(self.chunks) - 1

    def run(self, row: int, holds: Callable[[str], object], most: int) -> int:
        """The end of the rows from `row` on that hold, `most` of them at the most; `row` itself counts as one."""
        end = row + 1
        while end < len(self.rows) and end - row < most and holds(self.rows[end]):
            end += 1
        return end

    def take_commit(self, row: int) -> int:
        patch = self.rows[row].startswith("From ")
        end = self.run(row, bool, 60)
        if not patch:  # the subject stands below the blank row
            while end < len(self.rows) and not self.rows[end].strip() and end < row + 60:
                end += 1
            end += end < len(self.rows) and self.rows[end].startswith("    ")
        self.commit = self.add(row, max(end, row + 1), 0.8, None, Label.ENTRY)
        self.file = None
        body = end
        while body < len(self.rows) and self.is_message(body, indented=not patch):
            body += 1
        unjudged = bytes(len(self.rows))  # a message that speaks of errors is none
        self.chunks += blocks.prose(self.rows, unjudged, end, body, parent=self.commit, label=Label.PARAGRAPH, weight=0.5)
        return body

    def is_message(self, row: int, *, indented: bool) -> bool:
        if indented and self.rows[row][:4].strip():
            return False
        return self.rows[row] != "---" and self.kind(row) is None

    def take_file(self, row: int) -> int:
        end = self.run(row, _IN_HEADER.match, 16)
        self.generated = any(_GENERATED.search(text.partition("\t")[0].rstrip()) for text in self.rows[row:end])
        if end < len(self.rows) and self.kind(end) == "hunk":
            self.file = self.add(row, end, 0.3 if self.generated else 0.6, self.commit, Label.FILE)
            return end
        before = self.chunks[-1] if self.chunks else None
        if self.file is None and before and before.label is Label.FILE and end - before.start <= 12:
            self.chunks[-1] = replace(before, end=end)  # renames, mode changes, files on one side only: together
        else:
            self.add(row, end, 0.3 if self.rows[row].startswith("diff") else 0.5, self.commit, Label.FILE)
        self.file = None
        return end

    def take_hunk(self, row: int) -> int:
        weight = 0.1 if self.generated else 0.7
        head = self.run(row, lambda text: text.startswith(("*** ",)), 2) if self.rows[row].startswith("****") else row + 1
        parent = self.add(row, head, min(weight, 0.5), self.file if self.file is not None else self.commit, Label.HUNK)
        end = max(hunks.end_of(self.rows, row) if self.rows[row].startswith("@@") else self.end_of_old_style(head), head)
        self.chunks += hunks.changes(hunks.signs(self.rows, head, end), head, weight=weight, parent=parent)
        return end

    def end_of_old_style(self, row: int) -> int:
        end = row
        while end < len(self.rows) and self.rows[end].startswith(("< ", "> ", "<", ">", "---", "  ", "! ", "+ ", "- ", "\\", "*** ")):
            if self.rows[end].startswith("*** ") and not self.rows[end].endswith("****"):
                break
            end += 1
        return end

    def take_summary(self, row: int) -> int:
        self.add(row, row + 1, 0.6, self.commit, Label.SUMMARY)
        return row + 1

    def take_stat(self, row: int) -> int:
        end = row + 1
        while end < len(self.rows) and end - row < 10 and self.kind(end) == "stat":
            end += 1
        self.add(row, end, 0.4, self.commit, Label.CHANGE)
        return end

    def take_section(self, row: int) -> int:
        end = self.run(row, lambda text: text.startswith("  ("), 8)
        self.section = self.add(row, end, 0.6, None, Label.HEADING)
        return end

    def take_entry(self, row: int) -> int:
        end = self.run(row, lambda text: text.startswith("\t"), 10)
        unmerged = self.section is not None and self.rows[self.chunks[self.section].start].startswith("Unmerged")
        self.add(row, end, 0.9 if unmerged else 0.6, self.section, Label.ENTRY)
        return end

    def take_short(self, row: int) -> int:
        conflict = bool(_CONFLICT.match(self.rows[row]))
        end = row + 1
        while end < len(self.rows) and end - row < 10 and self.kind(end) == "short" and bool(_CONFLICT.match(self.rows[end])) == conflict:
            end += 1
        self.add(row, end, 0.9 if conflict else 0.5, self.section, Label.ENTRY)
        return end

    def take_hashed(self, row: int) -> int:
        """Lines of a log on one line each; one that its files follow stands alone, as their parent."""
        end = row + 1
        while end < len(self.rows) and end - row < 8 and self.kind(end) == "hashed":
            end += 1
        details = end < len(self.rows) and self.kind(end) in ("stat", "file", "summary", None) and self.rows[end].strip() != ""
        details = details or (end + 1 < len(self.rows) and self.kind(end + 1) in ("stat", "file", "summary"))
        if details and end - row > 1:
            self.add(row, end - 1, 0.5, None, Label.ENTRY)
        if details:
            self.commit = self.add(end - 1, end, 0.7, None, Label.ENTRY)
            self.file = None
        else:
            self.add(row, end, 0.5, None, Label.ENTRY)
        return end

    def other(self, row: int) -> int:
        end = row + 1
        while end < len(self.rows) and self.kind(end) is None:
            end += 1
        if not any(text and not text.isspace() for text in self.rows[row:end]) and self.chunks:
            self.chunks[-1] = replace(self.chunks[-1], end=end)  # blank rows end what they follow
            return end
        label = Label.ENTRY if self.listed else Label.TEXT
        parent = self.commit if self.listed and self.rows[row][:1] == " " else None
        for chunk in blocks.prose(self.rows, self.levels, row, end, label=label, weight=0.5, parent=parent):
            conflict = self.rows[chunk.start].startswith("CONFLICT")
            self.chunks.append(replace(chunk, weight=0.9, label=Label.ERROR) if conflict else chunk)
        return end

    take: Final = {
        "commit": take_commit,
        "file": take_file,
        "hunk": take_hunk,
        "summary": take_summary,
        "stat": take_stat,
        "section": take_section,
        "entry": take_entry,
        "short": take_short,
        "hashed": take_hashed,
    }


def _blame(rows: Sequence[str]) -> list[Chunk]:
    """Rows of one commit together."""
    chunks: list[Chunk] = []
    start, current = 0, _blamed(rows[0])
    for row in range(1, len(rows)):
        commit = _blamed(rows[row])
        if (commit and commit != current) or row - start >= 12:
            chunks.append(Chunk(start, row, 0.5, None, Label.CHANGE))
            start, current = row, commit
    chunks.append(Chunk(start, len(rows), 0.5, None, Label.CHANGE))
    return chunks


def _blamed(row: str) -> str:
    match = _BLAME.match(row)
    return match.group(1) if match else ""


COMPRESSOR: Final = Diff()

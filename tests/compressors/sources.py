"""What tests of `code` share: real source files, and their chunks looked up by a line's text."""

from pathlib import Path

from compressors.types import Output
from tests.compressors.cuts import Cut

GOLDEN = Path(__file__).parents[1] / "golden" / "code"
FILES = sorted(path.name.removesuffix(".txt") for path in GOLDEN.glob("*.txt"))


class Source(Cut):
    """A file as it is cut."""

    def __init__(self, text, path, command=""):
        super().__init__("code", Output(text.encode(), command=command, path=path))

    def heads(self, text):
        """The last lines of the signatures that the line with `text` stands under, the nearest first."""
        return [above.strip().split("\n")[-1].strip() for above in self.above(text)]

    def below(self, text):
        """The rows that stand under the definition with `text` in its head."""
        parents, rows = {self.chunks.index(self.of(text))}, []
        for n, chunk in enumerate(self.chunks):
            if chunk.parent in parents:
                parents.add(n)
                rows.append(self.text(chunk))
        return "\n".join(rows)

    def longest(self):
        return max(chunk.end - chunk.start for chunk in self.chunks)


def text_of(name):
    return (GOLDEN / f"{name}.txt").read_text()


def golden(name):
    return Source(text_of(name), name)


def part(name, first, last, *, numbered=False):
    """Lines `first` to `last` of a golden, as sed prints them; `numbered` as cat -n does."""
    lines = text_of(name).split("\n")[first - 1 : last]
    text = "\n".join(f"{n:6}\t{line}" for n, line in enumerate(lines, first)) if numbered else "\n".join(lines)
    return Source(text + "\n", name, f"sed -n '{first},{last}p' {name}")


def partitions(output, chunks):
    starts = [chunk.start for chunk in chunks]
    parents_come_first = all(chunk.parent is None or chunk.parent < n for n, chunk in enumerate(chunks))
    not_empty = all(chunk.start < chunk.end for chunk in chunks)
    return [*starts, len(output.rows)] == [0, *(chunk.end for chunk in chunks)] and parents_come_first and not_empty

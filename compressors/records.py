"""Records: JSON, JSON lines, CSV, SQL clients' and other tables, YAML, TOML, INI. What is like what came before weighs little."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compressors import blocks, outline, shape, tables
from compressors.odd import odd
from compressors.severity import ERROR
from compressors.types import Chunk, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compressors.types import Output

_TREES: Final = ("json", "yaml", "yml", "toml", "ini", "cfg", "conf", "lock", "properties", "env", "geojson", "plist", "tf")
_TABLES: Final = ("csv", "tsv", "tab")
_CLIENTS: Final = (
    "psql",
    "sqlite3",
    "mysql",
    "mariadb",
    "duckdb",
    "mlr",
    "ps",
    "df",
    "ss",
    "netstat",
    "lsof",
    "free",
    "lsblk",
    "systemctl",
    "sysctl",
)
_SUBCOMMANDS: Final = (
    "kubectl get",
    "docker ps",
    "docker images",
    "docker stats",
    "podman ps",
    "npm outdated",
    "kubectl top",
    "apt-cache policy",
)
_JSON_KEY: Final = re.compile(r"\s*\"(?:[^\"\\]|\\.)*\": ?|\s*[\]}\[{],?$")
_JSON_LINE: Final = re.compile(r"\s*[{\[].*[}\]],?\s*$")
_YAML_KEY: Final = re.compile(r"\s*(?:- )*[\"']?[\w./$-]+[\"']?:(?:\s|$)|\s*- \S|---$")
_ASSIGNED: Final = re.compile(r"\s*[\w.\[\]\"' /:-]{1,80} ?= ?|\s*\[[^\]]+\]\s*$")
_ALIGNED: Final = re.compile(r"\s*[^\s:][^:]{0,45}\s+: |[A-Za-z_:][\w:]*(?:\{.*\})? [\d.eE+-]+$")  # mediainfo's and metrics' ways
_ACCESSIBLE: Final = re.compile(r"\s*- [a-z]+ (?:\"|\[ref=)")  # a page's accessibility tree: markup
_PROSE: Final = ("md", "markdown", "rst", "html", "htm", "txt", "adoc", "1", "5", "7", "8")
_COMMENT: Final = ("#", ";", "//")


@dataclass(frozen=True)
class Records:
    name: str = "records"

    def detect(self, output: Output) -> bool:
        picked = shape.sample(output.rows)
        if not picked or any(_ACCESSIBLE.match(row) for row in picked):
            return False
        if shape.extension(output) in (*_TREES, *_TABLES) or shape.ran(output, *_CLIENTS, *_SUBCOMMANDS):
            return True
        return _is_one_line(output) or (shape.extension(output) not in _PROSE and bool(_form(picked)))

    def cut(self, output: Output) -> list[Chunk]:
        rows = output.rows
        if _is_one_line(output):
            return [Chunk(row, row + 1, 0.3 if row else 0.7, None, Label.RECORD) for row in range(len(rows))]
        severities = blocks.levels(output)
        form = _form(shape.sample(rows))
        if shape.extension(output) in _TABLES or form == "lines":
            return _lines(rows, severities) if form == "lines" else list(tables.cut(rows, severities, 0, len(rows), 0))
        if form == "tree" or shape.extension(output) in _TREES:
            return list(_tree(rows, severities, 0, len(rows), 0))
        return _sections(rows, severities)


def _is_one_line(output: Output) -> bool:
    """Whether the output is JSON on one line that is cut into pieces; no row of it stands for a record."""
    return output.pieces is not None and output.line_of(len(output.rows) - 1) <= 1 and output.rows[0].lstrip()[:1] in ("{", "[")


def _form(picked: Sequence[str]) -> str:
    """`lines` for one record a row, `tree` for indented ones, `tables`; empty where none of these is to be seen."""
    if not picked:
        return ""
    if shape.share(picked, lambda row: len(row) > 2 and _JSON_LINE.match(row)) > 0.6:
        return "lines"
    if any(tables.ONE_RECORD.match(row) for row in picked):
        return "tables"
    if _is_tree(picked):
        return "tree"
    if any(map(tables.is_rule, picked)) or any(map(tables.is_columns, picked[:3])) or _is_delimited(picked):
        return "tables"
    return ""


def _is_tree(picked: Sequence[str]) -> bool:
    if picked[0].lstrip()[:1] in ("{", "[") and (len(picked) == 1 or shape.share(picked, _JSON_KEY.match) > 0.4):
        return True
    said = [row for row in picked if not row.lstrip().startswith(_COMMENT)]
    return len(said) > 1 and any(shape.share(said, pattern.match) > 0.75 for pattern in (_JSON_KEY, _YAML_KEY, _ASSIGNED, _ALIGNED))


def _is_delimited(picked: Sequence[str]) -> bool:
    """Whether nearly every row has as many tabs as the first, or as many commas without a space after them."""
    for mark, least in (("\t", 1), (",", 3)):
        counts = [row.count(mark) for row in picked if not (mark == "," and ", " in row) and not row.partition("\t")[0].strip().isdigit()]
        if len(counts) > 4 and len(counts) >= 0.9 * len(picked) and counts[0] >= least and counts.count(counts[0]) > 0.9 * len(picked):
            return True
    return False


def _lines(rows: Sequence[str], severities: Sequence[int]) -> list[Chunk]:
    """JSON lines: the first as the schema, odd and severe ones alone."""
    names = [re.findall(r"\"(\w+)\":\s*(\"(?:[^\"\\]|\\.)*\"|[\w.+-]+)", row[:600]) for row in rows[:20_000]]
    different = odd((row, name, value) for row, fields in enumerate(names) for name, value in fields)
    chunks: list[Chunk] = []
    first = 0
    for row in range(len(rows) + 1):
        alone = row < len(rows) and (row == 0 or row in different or severities[row] >= ERROR)
        if first < row and (alone or row == len(rows) or row - first >= 6):
            chunks.append(Chunk(first, row, 0.2, None, Label.RECORD))
            first = row
        if alone:
            severe = severities[row] >= ERROR
            chunks.append(Chunk(row, row + 1, 0.8 if severe else 0.7 if row == 0 else 0.6, None, Label.ERROR if severe else Label.RECORD))
            first = row + 1
    return chunks


def _tree(rows: Sequence[str], severities: Sequence[int], start: int, end: int, first_chunk: int) -> Iterator[Chunk]:
    """Indented records. A key that was seen before at its depth makes its rows like others; odd values and severe words stand out."""
    depths = _depths(rows[start:end])
    known: set[tuple[int, str]] = set()
    different = odd(_fields(rows, start, end))

    def worth(first: int, last: int) -> tuple[Label, float]:
        new = 0
        for row in range(first, last):
            key = depths[row - start], _key_and_value(rows[row])[0]
            if key not in known:
                known.add(key)
                new += 1
        weight = 0.3 + 0.2 * new / (last - first)
        if any(row in different for row in range(first, last)):
            weight = max(weight, 0.55)
        return blocks.severe(max(severities[first:last]), weight, Label.RECORD)

    return outline.cut(start, depths, worth, first_chunk=first_chunk, opening=Label.COLUMNS)


def _depths(rows: Sequence[str]) -> list[int]:
    if any(row[:1] == "[" and row.rstrip()[-1:] == "]" for row in rows):  # INI, TOML: what follows a section belongs to it
        return [0 if row[:1] == "[" else depth + 1 for row, depth in zip(rows, outline.indents(rows), strict=True)]
    if len({row.find(" = ") for row in shape.sample(rows, 4)} - {-1}) == 1 and "" in rows:  # sqlite3 -line: blank rows part the records
        return [int(row > 0 and rows[row - 1] != "") for row in range(len(rows))]
    return outline.indents(rows)


def _fields(rows: Sequence[str], start: int, end: int) -> Iterator[tuple[int, object, str]]:
    for row in range(start, end):
        key, value = _key_and_value(rows[row])
        if value:
            yield row, key, value


def _key_and_value(row: str) -> tuple[str, str]:
    key, mark, value = row[:300].partition(":")
    if not mark:
        key, mark, value = key.partition("=")
    return key.strip(" \t-\"'"), value.strip(" ,\t")


def _sections(rows: Sequence[str], severities: Sequence[int]) -> list[Chunk]:
    """Blank rows part tables, and records written one field a row, from each other and from other text."""
    chunks: list[Chunk] = []
    start = 0
    while start < len(rows):
        end = _section_end(rows, start)
        section = rows[start:end]
        if _is_table(section):
            chunks.extend(tables.cut(rows, severities, start, end, len(chunks)))
        elif _is_tree(shape.sample(section, 4) or [""]):
            chunks.extend(_tree(rows, severities, start, end, len(chunks)))
        else:
            chunks.extend(blocks.prose(rows, severities, start, end, label=Label.RECORD))
        start = end
    return chunks


def _section_end(rows: Sequence[str], start: int) -> int:
    end = start + 1
    while end < len(rows) and rows[end - 1].strip() == "":  # leading blank rows
        end += 1
    while end < len(rows) and rows[end].strip() and not tables.ONE_RECORD.match(rows[end]):
        end += 1
    while end < len(rows) and not rows[end].strip():
        end += 1
    return end


def _is_table(section: Sequence[str]) -> bool:
    picked = shape.sample(section, 4)
    if len(picked) < 2 or tables.ONE_RECORD.match(picked[0]):
        return False
    return any(map(tables.is_rule, picked[:3])) or tables.is_columns(picked[0]) or bool(tables.separator(picked))


COMPRESSOR: Final = Records()

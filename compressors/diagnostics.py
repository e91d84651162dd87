"""Compilers, linters, type checkers, build tools: one block a diagnostic, errors first, repeats of the same message further down."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from compressors import frames, toolchains
from compressors.marks import chunks, raise_ending, raise_heads, raise_nearest_frames, raise_suspects, scale_blocks, template
from compressors.rowrules import RuleSet, mark
from compressors.shape import sample, share
from compressors.toolruns import DEBUGGERS, is_data, only_reads, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compressors.marks import Marks
    from compressors.types import Chunk, Compressor, Label, Output

_RULES: Final = RuleSet([*frames.SANITIZERS, *toolchains.LINTERS, *toolchains.TOOLS, *toolchains.PLACED, *frames.FRAMES])

# What a linter calls the kind of thing it found: F401, TS2322, [-Wunused], no-unused-vars, @typescript-eslint/no-explicit-any.
_CODE: Final = re.compile(r"\b(?:TS|SC|[A-Z]{1,6})\d{2,5}\b|\[[\w./-]+\]\s*$|(?<=\s)@?[\w-]+/[\w/-]+\s*$|(?<=\s{2})[a-z]+(?:-[a-z]+)+\s*$")
_MOST: Final = 3000  # diagnostics that are told apart; nobody reads that far
_WHERE: Final = re.compile(r"^\s*\S*:\d+\S*\s*")


def _kind(rule: str, row: str) -> str:
    """Equal for two diagnostics of which the second says nothing new: for linters the same code, for compilers the same words."""
    if rule.startswith("li_") or "warning" in rule:
        code = _CODE.search(row)
        if code:
            return code.group().strip()
    if rule == "li_sc_head":
        return row
    said = _WHERE.sub("", row)
    return template(said) if rule.startswith("li_") else said[:200]


def _shares(rows: Sequence[str], marks: Marks) -> dict[int, float]:
    """Rare kinds before frequent ones, the first of a kind before its repeats, early ones before late ones."""
    kinds = {head: _kind(rule, rows[head]) for head, rule in islice(marks.heads.items(), _MOST)}
    total = Counter(kinds.values())
    seen: Counter[str] = Counter()
    order: Counter[Label] = Counter()
    shares = dict.fromkeys(islice(marks.heads, _MOST, None), 0.5)
    for head, kind in kinds.items():
        label = marks.label[head]
        seen[kind] += 1
        order[label] += 1
        rarity = 1.0 if total[kind] == 1 else 0.98 if total[kind] <= 4 else 0.95
        repeat = 1.0 if seen[kind] == 1 else 0.93 if seen[kind] <= 3 else 0.6
        shares[head] = rarity * repeat * max(0.85, 1 - 0.01 * (order[label] - 1))
    return shares


# Whatever these print, it is about what they were asked to build or check.
_TOOLS: Final = re.compile(
    r"""
    (?:(?:x86_64|aarch64|arm)\S*-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|clang-tidy|cpp|ld|tcc)(?:-\d+)?(?=\ |$)
    | (?:rustc|javac|kotlinc|scalac|ghc|swiftc|zig|valac|nvcc|fpc|gfortran|msbuild|xcodebuild)(?=\ |$)
    | (?:staticcheck|golangci-lint|cppcheck|splint)(?=\ |$)
    | cargo\ (?:\S+\ )*?(?:build|check|clippy|fix|doc|b|c)(?=\ |$) | go\ (?:build|vet|install)\b | dotnet\ (?:build|publish)
    | (?:mvnw?|gradlew?|ant|sbt|bazel|buck|ninja|meson|cmake|configure|autoreconf|autoconf|automake|scons)(?=\ |$)
    | (?:tsc|vue-tsc|svelte-check|eslint|oxlint|biome|stylelint|cspell|standard|xo|jshint|madge)(?=\ |$)
    | (?:webpack|rollup|esbuild|parcel|swc|babel)(?=\ |$) | (?:vite|next|nuxt|ng|turbo|nx|astro|remix|gatsby)\ build
    | prettier\ .*(?:--check|-c|-l)\b | ruff\ (?:check|--|\.|\w+/)
    | (?:flake8|mypy|dmypy|pyright|basedpyright|pylint|pycodestyle|pydocstyle|pyflakes|bandit|vulture|ty|pytype|deptry|pip-audit)(?=\ |$)
    | (?:shellcheck|rubocop|luacheck|phpcs|phpstan|psalm|hadolint|yamllint|markdownlint|actionlint|perlcritic)(?=\ |$)
    | (?:checkstyle|spotbugs|pmd|ktlint|detekt|swiftlint|tflint)(?=\ |$)
    | pip[\d.]*\ (?:install|wheel|download)\b | uv\ (?:pip|sync|lock|add)\b | poetry\ (?:install|add|lock)
    | (?:npm|pnpm)\ (?:install|ci|i|add|audit|update)\b | yarn(?=\ (?:install|add)|$)
    | (?:bundle|gem|composer|conda)\ (?:install|update) | docker\ build
    | python\S*\ (?:\S*/)?setup\.py | python\S*\ -m\ build | build(?=\ |$)
    """,
    re.VERBOSE,
)
# One of these rows is evidence; prose and source code do not hold them at the start of a row.
_SIGN: Final = re.compile(
    r"""
    (?:\S+:\ )?\S+:\d+(?::\d+)?:?\ (?:-\ )?(?:(?:fatal\ |syntax\ )?error|warning|note)\b[ :] | \S+\(\d+(?:,\d+)?\):\ error
    | (?:error|warning)\[\w+\]:\  | \s*-->\ \S+:\d+:\d+$ | error:\ (?:could\ not\ compile|aborting\ due) | \S+\.\w+:\d+:\d+:\ [A-Z]+\d+[ ]
    | \s+\d+:\d+\ +(?:error|warning)\ .*\ \ \S+$ | Found\ \d+\ errors?\b | \s+\^--\ SC\d+ | \*{5,}\ Module[ ]
    | \S*make(?:\[\d+\])?:\ \*\*\*\  | CMake\ (?:Error|Warning)\  | ninja:\ build\ stopped | configure:\ error:\  | collect2:\ error
    | .*:\ undefined\ reference\ to\  | npm\ (?:ERR!|error)\  | \[ERROR\]\  | ERROR\ in\  | BUILD\ FAILURE | ERROR:\ (?:Could\ not|Failed)
    | ==\d+==\s?ERROR:\ \w+Sanitizer
    """,
    re.VERBOSE,
)
_STAMPED: Final = re.compile(r"\W?(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:)")


class _Diagnostics:
    name = "diagnostics"

    def detect(self, output: Output) -> bool:
        if only_reads(output) or is_data(output):
            return False
        rows = sample(output.rows, 400)
        signs = share(rows, _SIGN.match)
        if runs(output, _TOOLS):  # what was built may have run under a debugger next
            return signs > 0 or not runs(output, DEBUGGERS)
        return signs >= 0.02 and share(rows, _STAMPED.match) <= 0.3  # else a log, whatever it holds

    def cut(self, output: Output) -> list[Chunk]:
        marks = mark(output.rows, _RULES)
        raise_suspects(output.rows, marks)
        raise_nearest_frames(marks)
        raise_heads(marks)
        scale_blocks(marks, _shares(output.rows, marks))
        raise_ending(output.rows, marks)
        return chunks(marks)


COMPRESSOR: Final[Compressor] = _Diagnostics()

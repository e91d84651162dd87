"""Test runs: every failing test with its assertion, the failing line and its frames; the totals; the passing rest folded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from compressors import frames, runners, toolchains
from compressors.marks import Marks, chunks, raise_ending, raise_nearest_frames, raise_suspects, scale_blocks
from compressors.rowrules import Rule, RuleSet, mark
from compressors.shape import sample
from compressors.toolruns import is_data, only_reads, programs, runs
from compressors.types import Chunk, Compressor, Label, Output

_COMMAND: Final = re.compile(
    r"""
    (?:pytest|py\.test|unittest|nose2|trial|tox|nox|jest|vitest|mocha|ava|tape|tap|c8|nyc|karma|jasmine)(?=\ |$)
    | (?:rspec|phpunit|pest|ctest|prove|bats|busted)(?=\ |$)
    | cargo\ (?:\S+\ )*?(?:test|nextest|t)(?=\ |$) | go\ test\b | gotestsum\b | node\ (?:\S+\ )*?--test\b
    | (?:deno|bun|dotnet|swift|mix|sbt)\ test\b
    | (?:npm|yarn|pnpm)\ (?:run\ )?t(?:est)?(?::\S+)?(?=\ |$) | mvnw?\ .*\b(?:test|verify)\b | gradlew?\ .*\b(?:test|check)\b
    | make\ (?:\S+\ )*(?:check|test)\S* | rake\ (?:test|spec) | (?:python\S*\ )?(?:\S*/)?(?:manage|setup)\.py\ test\b
    | python\S*\ \S*runtests\.py
    """,
    re.VERBOSE,
)
# Runners, and a row that only each of them prints. A row goes to the first runner, of those that left one, whose rules know it.
_RUNNERS: Final[dict[str, tuple[tuple[Rule, ...], str]]] = {
    "pytest": (
        runners.PYTEST,
        (
            r"={3,} (?:FAILURES|ERRORS|test session starts|short test summary info|.* in [\d.]+s).*="
            r"|(?:\d+ \w+, )*\d+ (?:passed|failed|errors?)\b.* in [\d.]+s|_{8,} .+ _{8,}$"
        ),
    ),
    "unittest": (runners.UNITTEST, r"Ran \d+ tests? in [\d.]+s|(?:FAIL|ERROR): \w+ \(.*\)|.* \(\S+\) \.\.\. (?:ok|FAIL|ERROR)$"),
    "go": (runners.GO, r"\s*--- (?:FAIL|PASS|SKIP): |=== RUN |FAIL\s\S+\s[\d.]+s|FAIL\s\S+ \[|ok  \t\S+\s"),
    "cargo": (runners.CARGO, r"running \d+ tests?$|test result: |test \S+ \.\.\. |error: test failed"),
    "perl": (runners.PERL, r"Files=\d+, Tests=\d+|Result: (?:PASS|FAIL|NOTESTS)|\S+\.t \.{2,} |#\s+Failed test "),
    "tap": (runners.TAP, r"TAP version \d+|(?:not )?ok \d+ |\d+\.\.\d+$"),
    "node": (runners.NODE_TEST, r"(?:ℹ|#) (?:tests|pass|fail) +\d|# Subtest: |✖ failing tests:"),
    "mocha": (runners.MOCHA, r"\s+\d+ (?:passing|failing)\b"),
    "rspec": (runners.RSPEC, r"\d+ examples?, \d+ failures?|\d+ (?:runs|tests), \d+ assertions|\s*Failure/Error:"),
    "phpunit": (runners.PHPUNIT, r"PHPUnit \d|Tests: \d+, Assertions: |OK \(\d+ tests?, \d+ assert"),
    "ctest": (
        runners.CTEST,
        (
            r"\s*\d+/\d+ Test +#\d+: |\d+% tests passed|\[(?:       OK |  FAILED  | RUN      |==========)\]|\d+%: Checks: "
            r"|test cases: +\d|\S+:\d+: FAILED:$|All tests passed \(\d"
        ),
    ),
    "junit": (
        runners.JUNIT,
        (
            r"(?:\[\w+\] )?Tests run: \d|OK \(\d+ tests?\)$|\S.* > .* (?:FAILED|PASSED)$|\d+ tests? completed|JUnit version"
            r"|\[ +\d+ tests (?:failed|successful)"
        ),
    ),
    "automake": (runners.AUTOMAKE, r"# (?:TOTAL|PASS|FAIL): +\d|Testsuite summary|(?:PASS|FAIL): \S+$"),
    "jest": (
        runners.JEST,
        r"\s*(?:Tests|Test Suites|Test Files):? +\d|\s*(?:FAIL|PASS) +\S+\.[cm]?[jt]sx?|\s*RUN +v\d|\s*❯ \S+ \(\d+ tests",
    ),
}
# What their commands are called, where that is not their name.
_CALLED: Final = {
    "go": r"go test|gotestsum",
    "perl": r"prove",
    "tap": r"tape|tap|ava|node",
    "node": r"node",
    "jest": r"jest|vitest",
    "junit": r"mvnw?|gradlew?|junit\S*",
    "automake": r"make",
    "unittest": r"unittest|manage\.py test|trial",
}
_NAMED: Final = re.compile("|".join(f"(?P<{name}>\\b(?:{_CALLED.get(name, name)})\\b)" for name in _RUNNERS))
_SIGNATURE: Final = re.compile("|".join(f"(?P<{name}>{signature})" for name, (_, signature) in _RUNNERS.items())).match
_LOOKED_AT: Final = 400  # rows at the head, in the middle and at the tail


def _named(output: Output) -> frozenset[str]:
    """The runners that the command names."""
    return frozenset(found.lastgroup for line in programs(output) for found in _NAMED.finditer(line) if found.lastgroup)


def _signed(output: Output) -> frozenset[str]:
    """The runners that left their rows in the output."""
    return frozenset(found.lastgroup for row in sample(output.rows, _LOOKED_AT) if (found := _SIGNATURE(row)) and found.lastgroup)


@lru_cache(maxsize=32)
def _rules(names: frozenset[str]) -> RuleSet:
    own = [rule for name, (rules, _) in _RUNNERS.items() if name in names for rule in rules]
    return RuleSet([*own, *runners.TICKS, *frames.SANITIZERS, *frames.FRAMES, *toolchains.TOOLS])


def _shares(marks: Marks) -> dict[int, float]:
    """The first failure counts whole, each further one a little less; the last may be what ended a run that crashed."""
    failures = [head for head in marks.heads if marks.label[head] in (Label.FAILURE, Label.ERROR)]
    shares = {head: max(0.7, 1 - 0.04 * n) for n, head in enumerate(failures)}
    if failures:
        shares[failures[-1]] = max(0.92, shares[failures[-1]])
    return shares


class _TestLog:
    name = "test"

    def detect(self, output: Output) -> bool:
        if only_reads(output) or is_data(output):
            return False
        return runs(output, _COMMAND) or bool(_signed(output))

    def cut(self, output: Output) -> list[Chunk]:
        marks = mark(output.rows, _rules((_signed(output) | _named(output)) or frozenset(_RUNNERS)))
        raise_suspects(output.rows, marks)
        raise_nearest_frames(marks)
        scale_blocks(marks, _shares(marks))
        raise_ending(output.rows, marks)
        return chunks(marks)


COMPRESSOR: Final[Compressor] = _TestLog()

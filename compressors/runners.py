"""Rows of test runners, by runner. Names and messages from what they print today and printed in the last years."""

from __future__ import annotations

from typing import Final

from compressors.frames import EXCEPTION, LIBRARY
from compressors.rowrules import Place, Rule
from compressors.types import Label

_OUT, _FILE, _HEAD = Place.OUT, Place.FILE, Place.HEAD
_EVIDENCE: Final = (Label.ASSERTION, 0.92)

PYTEST: Final = (
    Rule("pt_said", rf"E\s+(?:{EXCEPTION}|assert |Failed: |fixture '|\w+(?:\.\w+)+: )", Label.ASSERTION, 1.0),
    Rule("pt_said_no_more", r"E\s*$", Label.NOISE, 0.3),
    Rule("pt_evidence", r"E  ", Label.ASSERTION, 0.96),
    Rule("pt_failing_line", r">  ", Label.SOURCE, 0.9),
    Rule("pt_head", r"_{3,} .+ _{3,}$", Label.FAILURE, 0.95, _HEAD, inside=(Label.SOURCE, 0.5)),
    Rule("pt_between_frames", r"(?:_ ){6,}_?$", Label.NOISE, 0.05),
    Rule(
        "pt_total",
        r"(?:=+ )?(?:\d+ (?:subtests )?(?:failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun)\b,? ?)+ ?in [\d.]+s",
        Label.SUMMARY,
        1.0,
        _OUT,
    ),
    Rule("pt_none", r"(?:=+ )?no tests (?:ran|collected)", Label.SUMMARY, 1.0, _OUT),
    Rule("pt_captured", r"-+ Captured ", Label.CAPTURED, 0.4, inside=(Label.CAPTURED, 0.4)),
    Rule("pt_warnings", r"=+ warnings summary", Label.WARNING, 0.35, _OUT, inside=(Label.WARNING, 0.3)),
    Rule("pt_stopping", r"!+ .* !+$", Label.SUMMARY, 0.95, _OUT),
    Rule(
        "pt_banner",
        r"={3,} test session starts|platform \w+ -- Python|cachedir: |rootdir: |configfile: |plugins: |testpaths: |asyncio: ",
        Label.NOISE,
        0.1,
        _OUT,
    ),
    Rule("pt_collected", r"collected \d+ items?|collecting \.\.\.", Label.SUMMARY, 0.4, _OUT),
    Rule("pt_section", r"={3,} .* ={3,}$", Label.HEADING, 0.25, _OUT),
    Rule("pt_failed", r"(?:FAILED|ERROR) \S+(?:::| - |$)", Label.SUMMARY, 0.95, _OUT, fade=0.02),
    Rule("pt_other_outcome", r"(?:XFAIL|XPASS|SKIPPED|PASSED|RERUN)\b(?: \[\d+\])? \S+", Label.PASS, 0.15, _OUT),
    Rule("pt_outcome_failed", r"(?:\[gw\d+\] .*)?\S+::.* (?:FAILED|ERROR)\b", Label.ERROR, 0.6, _OUT, fade=0.02),
    Rule("pt_outcome", r"\S+::.* (?:PASSED|SKIPPED|XFAIL|XPASS)\b|\[gw\d+\] .*(?:PASSED|SKIPPED)|\S+::\S+ *$", Label.PASS, 0.05, _OUT),
    Rule("pt_progress", r"(?:\S+\.(?:py|rst|txt|md) )?[.sxXFEpPR,]+(?: +\[ *\d+%\])?$", Label.NOISE, 0.1, _OUT),
    Rule("pt_library_frame", rf"\S*{LIBRARY}\S*:\d+: (?:in |$)|\S*{LIBRARY}\S*:\d+: *$", Label.TRACE, 0.2, then=(Label.SOURCE, 0.2)),
    Rule("pt_warned", r"\s*\S+\.py:\d+: \w*Warning: ", Label.WARNING, 0.3, then=(Label.WARNING, 0.25)),
    Rule("pt_place", rf"\S+\.\w+:\d+: (?:{EXCEPTION}|[A-Z]\w+$|Failed|Skipped|DocTestFailure|UnexpectedException)", Label.ASSERTION, 0.97),
    Rule("pt_frame", r"\S+\.\w+:\d+: (?:in .*)?$", Label.TRACE, 0.72, then=(Label.SOURCE, 0.75)),
    Rule("pt_doctest_line", r"\d{3,} ", Label.SOURCE, 0.6),
    Rule(
        "pt_doctest_sides",
        r"(?:Expected|Got|Expected nothing|Differences .*|UNEXPECTED EXCEPTION.*):",
        Label.ASSERTION,
        1.0,
        then=(Label.ASSERTION, 0.95),
    ),
    Rule("pt_import_failed", r"ImportError while (?:importing|loading) ", Label.ASSERTION, 0.9),
    Rule("pt_hint", r"Hint: make sure your test modules|Traceback:$", Label.NOTE, 0.2),
    Rule("pt_internal_said", r"INTERNALERROR> (?:[\w.]+): \S", Label.ERROR, 1.0),
    Rule("pt_internal", r"INTERNALERROR>", Label.ERROR, 0.9),
    Rule("pt_usage", r"ERROR: (?:usage|not found|file or directory)|\S+: error: ", Label.ERROR, 1.0, _OUT),
)
UNITTEST: Final = (
    Rule("ut_head", r"(?:FAIL|ERROR|UNEXPECTED SUCCESS): \S+", Label.FAILURE, 0.95, _HEAD),
    Rule("ut_rule", r"(?:={70}|-{70})$", Label.NOISE, 0.05),
    Rule("ut_total", r"Ran \d+ tests? in|FAILED \(|OK(?: \(|$)", Label.SUMMARY, 1.0, _OUT),
    Rule("ut_outcome", r".* \.\.\. (?:ok|skipped|expected failure)", Label.PASS, 0.05, _OUT),
    Rule("ut_outcome_failed", r".* \.\.\. (?:FAIL|ERROR)$", Label.ERROR, 0.6, _OUT, fade=0.02),
    Rule("ut_captured", r"(?:Stdout|Stderr):$", Label.CAPTURED, 0.4, inside=(Label.CAPTURED, 0.4)),
    Rule("ut_progress", r"[.FEsxu]{2,}$", Label.NOISE, 0.1, _OUT),
    Rule("ut_diff", r"First diff|(?:First|Second) (?:list|sequence|tuple|dict)", Label.ASSERTION, 0.6),
)
JEST: Final = (  # and vitest
    Rule("js_console", r"\s+(?:● Console|console\.\w+$)|(?:stdout|stderr) \| ", Label.CAPTURED, 0.3, _OUT, inside=(Label.CAPTURED, 0.3)),
    Rule("js_head", r"\s{1,4}● \S", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("vi_head", r"\s?(?:FAIL|❌|Failed)  ?\S+.* > ", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("vi_failed_suite", r"\s?FAIL\s+\S+ \[ ", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("js_failed_file", r"\s?FAIL\s+\S+\.[cm]?[jt]sx?", Label.FILE, 0.8, _FILE, inside=(Label.TEXT, 0.4), fade=0.02),
    Rule("js_passed_file", r"\s?PASS\s+\S+", Label.PASS, 0.1, _OUT),
    Rule("js_total", r"(?:Tests|Test Suites): +\d|\s+(?:Tests|Test Files|Errors)  +(?:\d|no )", Label.SUMMARY, 1.0, _OUT),
    Rule(
        "js_totals", r"(?:Snapshots|Time): +|Ran all test suites|\s+(?:Start at|Duration|Snapshots|Type Errors)  ", Label.SUMMARY, 0.5, _OUT
    ),
    Rule("js_counted", r"\s*(?:❯|✗|×) \S+.* \(\d+ tests? \|", Label.SUMMARY, 0.6, _OUT, fade=0.02),
    Rule("js_failing_line", r"\s*> +\d+ ?[|│]", Label.SOURCE, 0.93),
    Rule("js_quoted_line", r"\s*\d+ ?[|│](?: |$)", Label.SOURCE, 0.84),
    Rule("js_caret", r"\s*[|│] +\^+", Label.SOURCE, 0.84),
    Rule("js_sides", r"\s*(?:Expected|Received)\b.*:|\s+[-+] (?:Expected|Received|expected|actual)", Label.ASSERTION, 1.0, then=_EVIDENCE),
    Rule("vi_library_frame", rf"\s+❯ .*{LIBRARY}", Label.TRACE, 0.2),
    Rule("vi_frame", r"\s+❯ .*:\d+:\d+", Label.TRACE, 0.85),
    Rule("js_rule", r"\s*⎯{3,}", Label.NOISE, 0.1, _OUT),
    Rule("js_summary", r"Summary of all failing tests|\s*RUN +v\d|\s*⎯+ Failed", Label.HEADING, 0.2, _OUT),
    Rule("js_coverage", r"[-|]{20,}|.*\|\s*[\d.]+ \|\s*[\d.]+ \|", Label.TEXT, 0.15, _OUT),
    Rule("js_obsolete", r"\s+›|\s*Test suite failed to run", Label.ASSERTION, 0.9),
)
TICKS: Final = (  # how most of JavaScript's runners list tests
    Rule("js_pass", r"\s*(?:✓|√|✔|○|↓|») \S", Label.PASS, 0.05, _OUT),
    Rule("js_failed", r"\s*(?:✕|×|✖|✗|❌) \S", Label.ERROR, 0.62, _OUT, fade=0.02, inside=(Label.ASSERTION, 0.6)),
    Rule("js_suite", r"\s*▶ \S", Label.NOISE, 0.1, _OUT),
)
MOCHA: Final = (
    Rule("mo_total", r"\s+\d+ (?:passing|failing)\b", Label.SUMMARY, 1.0, _OUT),
    Rule("mo_pending", r"\s+\d+ pending\b", Label.SUMMARY, 0.5, _OUT),
    Rule("mo_head", r"\s{1,3}\d+\) \S.*", Label.FAILURE, 0.95, _HEAD, then=(Label.FAILURE, 0.95), inside=_EVIDENCE),
    Rule("mo_failed", r"\s{4,}\d+\) \S", Label.ERROR, 0.6, _OUT, fade=0.02),
    Rule("mo_sides", r"\s+\+ expected - actual", Label.ASSERTION, 0.95),
)
NODE_TEST: Final = (
    Rule("nt_total", r"(?:ℹ|#) (?:tests|pass|fail|cancelled) +\d", Label.SUMMARY, 1.0, _OUT),
    Rule("nt_totals", r"(?:ℹ|#) (?:suites|skipped|todo|skip|duration_ms|total) *:? +[\d.]", Label.SUMMARY, 0.45, _OUT),
    Rule("nt_section", r"✖ failing tests:", Label.HEADING, 0.5, _OUT),
    Rule("nt_head", r"test at \S+:\d+:\d+$", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("nt_subtest", r"\s*(?:# )?\\?# Subtest: ", Label.NOISE, 0.1, _OUT),
    Rule("nt_counted", r"(?:# )+\W*(?:failed|passed) \d+", Label.SUMMARY, 0.9, _OUT),
    Rule("nt_log", r"\s*(?:ℹ|#) ", Label.TEXT, 0.3),
)
TAP: Final = (  # one run's TAP inside another's stands behind "# "
    Rule("tap_todo", r"\s*(?:#\s+)?not ok\b.*# (?:TODO|todo|SKIP|skip)", Label.PASS, 0.2, _OUT),
    Rule("tap_head", r"\s*(?:#\s+)?not ok\b", Label.FAILURE, 0.95, _HEAD, inside=(Label.ASSERTION, 0.85)),
    Rule("tap_pass", r"\s*(?:#\s+)?ok \d+\b", Label.PASS, 0.05, _OUT),
    Rule("tap_plan", r"\s*(?:#\s+)?(?:TAP version \d+|\d+\.\.\d+)", Label.NOISE, 0.1, _OUT),
    Rule("tap_spec_total", r"\s*(?:total|passing|failing): +\d+", Label.SUMMARY, 1.0, _OUT),
    Rule("tap_fence", r"(?:#\s|\s)\s+(?:---|\.\.\.)$", Label.NOISE, 0.3),
    Rule(
        "tap_fact",
        r"(?:#\s|\s)\s+(?:error|expected|actual|message|location|at|stack|wanted|found|doNotWant|compare|diff|severity|failureType): *",
        Label.ASSERTION,
        0.97,
        then=_EVIDENCE,
    ),
    Rule("tap_minor", r"(?:#\s|\s)\s+(?:duration_ms|type|operator|name|code|generatedMessage): *", Label.NOTE, 0.3),
    Rule("tap_library_frame", rf"\s+(?:at )?(?:async )?\S+ (?:\[as \w+\] )?\(.*{LIBRARY}.*\)$", Label.TRACE, 0.2),
    Rule("tap_frame", r"\s+(?:at )?(?:async )?\S+ (?:\[as \w+\] )?\(\S+:\d+:\d+\)$", Label.TRACE, 0.85),
    Rule("tap_nested", r"#\s{3,}\S", Label.ASSERTION, 0.85),
)
PERL: Final = (
    Rule("pl_head", r"\s*#\s+Failed (?:\(TODO\) )?test\b", Label.FAILURE, 0.95, _HEAD),
    Rule("pl_said", r"\s*#\s+(?:at \S+ line \d+|got:|expected:|'|\$|doesn't|Structures|Error:|Tried)", Label.ASSERTION, 0.97),
    Rule("pl_looks", r"\s*# Looks like ", Label.SUMMARY, 0.8, _OUT, fade=0.05),
    Rule(
        "pl_total",
        r"Result: |Files=\d+, Tests=\d+|All tests successful|Failed \d+/\d+ (?:test programs|subtests)",
        Label.SUMMARY,
        1.0,
        _OUT,
    ),
    Rule("pl_report", r"Test Summary Report", Label.HEADING, 0.6, _OUT, then=(Label.SUMMARY, 0.85), inside=(Label.SUMMARY, 0.85)),
    Rule("pl_listed", r"\S+\s+\(Wstat: ", Label.SUMMARY, 0.85, _OUT, then=(Label.SUMMARY, 0.85), fade=0.02),
    Rule("pl_listing", r"  (?:Failed tests?|Non-zero exit|Parse errors|TODO passed|Non-zero wait)", Label.SUMMARY, 0.85, fade=0.02),
    Rule("pl_pass", r"\S+ \.+ (?:ok|skipped)", Label.PASS, 0.05, _OUT),
    Rule("pl_dubious", r"Dubious, test returned|No subtests run|\S+ \.+ (?:Failed|Dubious)", Label.ERROR, 0.9, _OUT, fade=0.04),
    Rule("pl_file", r"\S+\.t \.+ *$", Label.FILE, 0.45, _FILE),
    Rule(
        "pl_died",
        r"(?:syntax error|Can't locate|Global symbol|Undefined subroutine|Can't \w+|.* at \S+ line \d+[.,])",
        Label.ERROR,
        0.97,
        fade=0.05,
    ),
    Rule("pl_compile", r"(?:BEGIN failed|Compilation failed|BEGIN not safe)", Label.ERROR, 0.85, fade=0.04),
)
CARGO: Final = (
    Rule("rs_head", r"---- .+ (?:stdout|stderr) ----", Label.FAILURE, 0.95, _HEAD, inside=(Label.CAPTURED, 0.5)),
    Rule("rs_pass", r"test .* \.\.\. (?:ok|ignored|bench:)|test .*(?: - should panic)? \.\.\. ok", Label.PASS, 0.05, _OUT),
    Rule("rs_failed", r"test .* \.\.\. FAILED", Label.ERROR, 0.6, _OUT, fade=0.02),
    Rule("rs_total_failed", r"test result: FAILED|error: (?:\d+ targets? failed|(?:doc)?test failed)", Label.SUMMARY, 1.0, _OUT),
    Rule("rs_total", r"test result: ok", Label.SUMMARY, 0.75, _OUT, fade=0.01),
    Rule("rs_failures", r"failures:$", Label.HEADING, 0.4, _OUT, inside=(Label.SUMMARY, 0.7)),
    Rule("rs_running", r"running \d+ tests?|\s+(?:Running|Doc-tests) ", Label.NOISE, 0.25, _OUT),
)
GO: Final = (
    Rule("go_head", r"\s*--- FAIL: ", Label.FAILURE, 0.95, _HEAD, inside=(Label.ASSERTION, 0.85)),
    Rule("go_run", r"=== (?:RUN|PAUSE|CONT|NAME)", Label.NOISE, 0.05, _OUT, inside=(Label.TEXT, 0.4)),
    Rule("go_pass", r"\s*--- (?:PASS|SKIP): ", Label.PASS, 0.05, _OUT),
    Rule("go_said", r"\s+\S+\.go:\d+: ", Label.ASSERTION, 0.95, then=(Label.ASSERTION, 0.88)),
    Rule("go_total_failed", r"FAIL\s+\S+\s+(?:[\d.]+s|\[(?:build|setup) failed\])", Label.SUMMARY, 1.0, _OUT, fade=0.02),
    Rule("go_total", r"(?:FAIL|PASS)$", Label.SUMMARY, 0.9, _OUT),
    Rule("go_package", r"(?:ok  |---|\?   )\s+\S+\s+(?:[\d.]+s|\(cached\)|\[no test)", Label.PASS, 0.3, _OUT),
    Rule("go_no_tests", r"\?\s+\S+\s+\[no test files\]", Label.NOISE, 0.1, _OUT),
    Rule("go_coverage", r"coverage: ", Label.SUMMARY, 0.4, _OUT),
    Rule("go_exit", r"exit status \d+", Label.SUMMARY, 0.5, _OUT),
)
JUNIT: Final = (  # the console runner, Surefire and Gradle
    Rule(
        "ju_total",
        r"(?:\[(?:ERROR|INFO|WARNING)\] )?(?:Tests run: |OK \(\d+ tests?\)|There (?:was|were) \d+ failures?:)",
        Label.SUMMARY,
        1.0,
        _OUT,
        fade=0.03,
    ),
    Rule("ju_failures", r"FAILURES!!!|\[ERROR\] (?:Failures|Errors): *$|\[(?:INFO|ERROR)\] Results:", Label.SUMMARY, 0.8, _OUT),
    Rule("ju_head", r"\d+\) \w+\(\S+\)$", Label.FAILURE, 0.95, _HEAD, then=_EVIDENCE, inside=_EVIDENCE),
    Rule("sf_head", r"(?:\[ERROR\] )?\S.* <<< (?:FAILURE|ERROR)!", Label.FAILURE, 0.95, _HEAD, then=_EVIDENCE),
    Rule("sf_listed", r"\[ERROR\]   \S+", Label.SUMMARY, 0.95, _OUT, fade=0.02),
    Rule("sf_running", r"(?:\[INFO\] )?Running \S+$", Label.NOISE, 0.1, _OUT),
    Rule("gr_head", r"\S.* > .* FAILED$", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("gr_pass", r"\S.* > .* (?:PASSED|SKIPPED)$", Label.PASS, 0.05, _OUT),
    Rule("gr_total", r"\d+ tests? completed, |BUILD (?:FAILED|SUCCESSFUL) in", Label.SUMMARY, 1.0, _OUT),
    Rule("j5_total", r"\[ +\d+ (?:tests|containers) (?:failed|successful|found|started)", Label.SUMMARY, 0.8, _OUT),
    Rule("j5_failed", r".*\[X\] ", Label.ERROR, 0.7, _OUT),
    Rule("ju_progress", r"[.EIF]{2,}(?:Time: .*)?$", Label.NOISE, 0.1, _OUT),
)
RSPEC: Final = (
    Rule("rb_head", r"  \d+\) \S", Label.FAILURE, 0.95, _HEAD, inside=_EVIDENCE),
    Rule("rb_outside", r"An error occurred (?:while|in)", Label.FAILURE, 0.95, _HEAD, then=(Label.TEXT, 0.3), inside=_EVIDENCE),
    Rule("rb_code", r"\s*Failure/Error:", Label.SOURCE, 0.93, then=(Label.SOURCE, 0.9)),
    Rule("rb_total", r"\d+ examples?, \d+ failures?", Label.SUMMARY, 1.0, _OUT),
    Rule("rb_listed", r"rspec \./?\S+:?\d* # ", Label.SUMMARY, 0.9, _OUT, fade=0.02),
    Rule("rb_section", r"(?:Failures|Pending|Failed examples):$|No examples found|Finished in", Label.HEADING, 0.4, _OUT),
    Rule("rb_progress", r"[.F*]{2,}$", Label.NOISE, 0.1, _OUT),
    Rule("mt_head", r"\s+\d+\) (?:Failure|Error):$", Label.FAILURE, 0.95, _HEAD, then=_EVIDENCE),
    Rule("mt_total", r"\d+ (?:runs|tests), \d+ assertions", Label.SUMMARY, 1.0, _OUT),
)
PHPUNIT: Final = (
    Rule("ph_head", r"\d+\) \S+::\S+", Label.FAILURE, 0.95, _HEAD, then=_EVIDENCE, inside=_EVIDENCE),
    Rule("ph_total", r"Tests: \d+, Assertions: |OK \(\d+ tests?, |(?:FAILURES|ERRORS|WARNINGS)!$|OK, but", Label.SUMMARY, 1.0, _OUT),
    Rule("ph_counted", r"There (?:was|were) \d+ (?:failure|error|risky|warning|skipped)", Label.SUMMARY, 0.8, _OUT),
    Rule("ph_library_frame", rf"/\S*{LIBRARY}\S*\.php:\d+$", Label.TRACE, 0.2),
    Rule("ph_frame", r"/\S+\.php:\d+$", Label.TRACE, 0.75),
    Rule("ph_progress", r"[.FESIRWDN]+ +\d+ / \d+ \(", Label.NOISE, 0.1, _OUT),
    Rule("ph_banner", r"PHPUnit \d|Runtime: |Configuration: |Time: ", Label.NOISE, 0.15, _OUT),
)
CTEST: Final = (
    Rule(
        "ct_head",
        r"\s*\d+/\d+ Test +#\d+: .*(?:\*\*\*|Not Run)",
        Label.FAILURE,
        0.95,
        _HEAD,
        then=(Label.CAPTURED, 0.8),
        inside=(Label.CAPTURED, 0.5),
    ),
    Rule("ct_pass", r"\s*\d+/\d+ Test +#\d+: .*Passed", Label.PASS, 0.05, _OUT),
    Rule("ct_start", r"\s+Start +\d+: ", Label.NOISE, 0.05, _OUT),
    Rule("ct_total", r"\d+% tests passed", Label.SUMMARY, 1.0, _OUT),
    Rule("ct_failed", r"The following tests FAILED:", Label.SUMMARY, 0.95, _OUT, then=(Label.SUMMARY, 0.9)),
    Rule("ct_listed", r"\s+\d+ - .* \((?:Failed|Not Run|Timeout|SEGFAULT|Subprocess|\w+)\)", Label.SUMMARY, 0.95, fade=0.02),
    Rule("ct_time", r"Total Test time|Errors while running CTest|No tests were found", Label.SUMMARY, 0.85, _OUT),
    Rule("gt_said", r"\S+:\d+: Failure$|unknown file: Failure", Label.FAILURE, 0.97, _HEAD, then=(Label.ASSERTION, 0.97)),
    Rule("gt_failed", r"\[  FAILED  \] ", Label.SUMMARY, 0.9, _OUT, fade=0.02),
    Rule("gt_pass", r"\[(?:       OK | RUN      |----------|==========)\]", Label.PASS, 0.05, _OUT),
    Rule("gt_total", r"\[  PASSED  \] |\s*\d+ FAILED TESTS?", Label.SUMMARY, 1.0, _OUT),
    Rule("ca_head", r"\S+:\d+: FAILED:", Label.FAILURE, 0.97, _HEAD, inside=_EVIDENCE),
    Rule("ca_total", r"(?:test cases|assertions): +\d+|All tests passed \(", Label.SUMMARY, 1.0, _OUT),
    Rule("ck_total", r"\d+%: Checks: \d+", Label.SUMMARY, 1.0, _OUT),
    Rule("ck_said", r"\S+:\d+:[FE]:", Label.FAILURE, 1.0, _HEAD),
    Rule("cm_said", r"\[  ERROR   \] |\[   LINE   \] ", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 0.9)),
)
AUTOMAKE: Final = (
    Rule("am_failed", r"(?:FAIL|ERROR|XPASS): \S", Label.ERROR, 0.95, _OUT, fade=0.02),
    Rule("am_pass", r"(?:PASS|SKIP|XFAIL): \S", Label.PASS, 0.05, _OUT),
    Rule("am_total", r"# (?:TOTAL|PASS|FAIL|ERROR|XPASS): +\d", Label.SUMMARY, 0.95, _OUT),
    Rule("am_totals", r"# (?:SKIP|XFAIL): +\d", Label.SUMMARY, 0.4, _OUT),
    Rule("am_title", r"Testsuite summary|See \S*test-suite\.log", Label.SUMMARY, 0.7, _OUT),
)

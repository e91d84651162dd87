"""Rows of compilers, linkers, build tools, package managers and linters."""

from __future__ import annotations

from typing import Final

from compressors.rowrules import Place, Rule
from compressors.types import Label

_OUT, _FILE, _HEAD = Place.OUT, Place.FILE, Place.HEAD
_SOURCE: Final = (Label.SOURCE, 0.85)
_SAID: Final = (Label.ERROR, 0.92)
_WARN: Final = 0.55  # how much the rows of a warning count
_PLACE: Final = r"(?:\[?(?:[A-Za-z]:)?[^\s:()|]+(?::\d+){1,2}(?:[.-]\d+(?::\d+)?)?:?|\S+\(\d+(?:,\d+)*\):?|\[\d+,\d+\])"

COMPILERS: Final = (
    Rule("cc_included", r"In file included from |\s+from \S+:\d+", Label.NOTE, 0.45),
    Rule(
        "cc_function",
        r"\S+: (?:In (?:\w+ )*(?:function|instantiation|destructor|constructor)|At (?:top level|global scope))",
        Label.FILE,
        0.55,
        _FILE,
    ),
    Rule("cc_required", r"\S+:\d+:\d+:   +(?:required|recursively|in )", Label.NOTE, 0.5),
    Rule("cc_error", rf"(?:\S+: )?{_PLACE} (?:- )?(?:fatal |syntax |internal compiler )?error\b", Label.ERROR, 1.0, _HEAD, then=_SOURCE),
    Rule(
        "cc_grave_warning",
        rf"{_PLACE} (?:- )?warning: .*(?:\[CWE-|-Wanalyzer|uninitialized|overflow|use.after"
        r"|-Wreturn-type|-Wimplicit-function|-Wint-conversion)",
        Label.WARNING,
        0.62,
        _HEAD,
        then=_SOURCE,
        scale=0.62,
    ),
    Rule("cc_warning", rf"(?:\S+: )?{_PLACE} (?:- )?warning\b", Label.WARNING, 0.5, _HEAD, then=_SOURCE, scale=_WARN),
    Rule(
        "cc_minor", rf"{_PLACE} (?:style|performance|portability|information|info): ", Label.WARNING, 0.42, _HEAD, then=_SOURCE, scale=0.45
    ),
    Rule("cc_note", rf"{_PLACE} (?:note|remark|help)\b", Label.NOTE, 0.75, then=(Label.SOURCE, 0.6)),
    Rule("rs_summary", r"error: (?:could not compile|aborting due|test failed|\d+ targets? failed)", Label.SUMMARY, 0.97, _OUT, fade=0.01),
    Rule("rs_error", r"error(?:\[\w+\])?: ", Label.ERROR, 1.0, _HEAD, then=_SOURCE),
    Rule("rs_generated", r"warning: .* (?:generated \d+ warnings?|\d+ warnings? emitted)", Label.SUMMARY, 0.5, _OUT),
    Rule("rs_warning", r"warning(?:\[\w+\])?: ", Label.WARNING, 0.5, _HEAD, then=_SOURCE, scale=_WARN),
    Rule("rs_library_place", r"\s*--> /rustc/", Label.NOTE, 0.3, then=(Label.SOURCE, 0.3)),
    Rule("rs_place", r"\s*--> \S+:\d+", Label.SOURCE, 0.95),
    Rule("rs_note", r"\s*= (?:note|help|warning): |(?:note|help)(?:\[\w+\])?: |\s*::: ", Label.NOTE, 0.5, then=(Label.SOURCE, 0.5)),
    Rule("rs_explain", r"(?:Some errors have|For more information about)", Label.NOTE, 0.2, _OUT),
    Rule("src_caret", r"\s*[|:│]\s+[\^~|`]", Label.SOURCE, 0.85),
    Rule("src_quoted", r"\s*\d+ ?[|│](?:\s|$)|\s*[|│](?:\s|$)|\s*> ?\d+ [|│]", Label.SOURCE, 0.85),
    Rule("ld_function", r"\S*ld(?:\.\w+)?: \S+: in function |\S+\.o: in function ", Label.FILE, 0.6, _FILE),
    Rule("ld_undefined", r".*: undefined reference to |.*: multiple definition of |\s*Undefined symbols", Label.ERROR, 1.0, _HEAD),
    Rule("ld_error", r"\S*ld(?:\.\w+)?: (?:cannot find|error|.*: error|.*relocation|\S+: undefined)", Label.ERROR, 1.0, _HEAD),
    Rule(
        "ld_exit", r"collect2: error|clang(?:\+\+)?: error: linker|compilation terminated|g?cc: (?:fatal )?error", Label.SUMMARY, 0.9, _OUT
    ),
    Rule("cc_generated", r"\d+ (?:errors?|warnings?)(?: and \d+ (?:errors?|warnings?))?(?: generated)?\.?$", Label.SUMMARY, 0.95, _OUT),
    Rule("go_compile", r"(?:vet: )?\S+\.go:\d+:\d+: ", Label.ERROR, 1.0, _HEAD, inside=(Label.NOTE, 0.8)),
    Rule("go_module", r"# \S+(?: \[\S+\])?$", Label.FILE, 0.6, _FILE),
)
BUILDS: Final = (
    Rule("mk_failed_all", r"\S*make: \*\*\* ", Label.SUMMARY, 0.97, _OUT, fade=0.005),
    Rule("mk_failed", r"\S*make(?:\[\d+\])?: \*\*\* ", Label.SUMMARY, 0.95, _OUT, fade=0.02),
    Rule(
        "mk_not", r"\S*make(?:\[\d+\])?: Target .* not remade|ninja: (?:build stopped|error)|FAILED: ", Label.SUMMARY, 0.95, _OUT, fade=0.02
    ),
    Rule("mk_dir", r"\S*make(?:\[\d+\])?: (?:Entering|Leaving) directory|\S*make(?:\[\d+\])?: Nothing to be done", Label.NOISE, 0.05, _OUT),
    Rule(
        "mk_command",
        r"\s*(?:\S*/)?(?:x86\S*-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|ar|ranlib|ld|libtool"
        r"|/bin/sh|/bin/bash|javac) -?\S",
        Label.NOISE,
        0.1,
        _OUT,
    ),
    Rule("mk_built", r"\[100%\] Built target ", Label.SUMMARY, 0.5, _OUT),
    Rule("mk_step", r"\[ *\d+%\] |\[\d+/\d+\] |  (?:CC|CXX|LD|CCLD|AR|GEN|LINK|YACC|LEX) +\S|libtool: ", Label.NOISE, 0.08, _OUT),
    Rule("cm_error", r"CMake Error\b", Label.ERROR, 1.0, _HEAD, then=_SAID, inside=_SAID),
    Rule("cm_warning", r"CMake (?:Deprecation )?Warning", Label.WARNING, 0.5, _HEAD, inside=(Label.WARNING, 0.8), scale=_WARN),
    Rule("cm_incomplete", r"-- Configuring incomplete|See also \"", Label.SUMMARY, 0.95, _OUT),
    Rule("cm_done", r"-- (?:Configuring done|Generating done|Build files have been written)", Label.SUMMARY, 0.3, _OUT),
    Rule("cm_missing", r"-- (?:Could NOT find|.*(?:not found|NOTFOUND|failed|Failed)$)", Label.NOTE, 0.35, _OUT),
    Rule("cm_step", r"-- ", Label.NOISE, 0.12, _OUT),
    Rule(
        "ac_error",
        r"(?:\S*/)?configure(?:\.ac)?(?::\d+)?: error: |autoreconf: error|automake: error|configure: exit",
        Label.ERROR,
        1.0,
        _HEAD,
        then=_SAID,
    ),
    Rule(
        "ac_warning",
        r"(?:\S*/)?configure(?:\.ac)?(?::\d+)?: (?:WARNING|warning): ",
        Label.WARNING,
        0.5,
        _HEAD,
        then=(Label.WARNING, 0.8),
        scale=_WARN,
    ),
    Rule("ac_no", r"checking (?:for|whether) .*\.\.\. (?:no|not found|none)\b", Label.NOTE, 0.2, _OUT),
    Rule("ac_summary", r"configure: .*(?:[Ss]ummary|complete|successful)", Label.SUMMARY, 0.9, _OUT, then=(Label.SUMMARY, 0.7)),
    Rule("ac_check", r"checking |config(?:ure|\.status): |libtoolize: |autoreconf: ", Label.NOISE, 0.08, _OUT),
    Rule(
        "cg_step",
        r"\s+(?:Compiling|Checking|Downloaded|Downloading|Updating|Locking|Adding|Blocking|Fresh|Building|Documenting) ",
        Label.NOISE,
        0.05,
        _OUT,
    ),
    Rule("cg_done", r"\s+Finished ", Label.SUMMARY, 0.6, _OUT),
    Rule("mvn_place", r"\[ERROR\] \S+:\[\d+,\d+\]", Label.ERROR, 1.0, _HEAD),
    Rule("mvn_outcome", r"\[INFO\] (?:BUILD (?:FAILURE|SUCCESS)|\d+ errors?)", Label.SUMMARY, 0.95, _OUT),
    Rule("mvn_goal", r"\[ERROR\] (?:Failed to execute|COMPILATION ERROR|The build could not)", Label.SUMMARY, 0.9, _OUT),
    Rule(
        "mvn_advice",
        r"\[ERROR\] (?:\[Help|To see the full|Re-run Maven|For more information|-> \[Help|After correcting|$)|\[ERROR\]\s*$",
        Label.NOISE,
        0.1,
        _OUT,
    ),
    Rule("mvn_error", r"\[ERROR\] ", Label.ERROR, 0.9, fade=0.02),
    Rule("mvn_warning", r"\[WARNING\] ", Label.WARNING, 0.3),
    Rule("mvn_info", r"\[INFO\] |Download(?:ing|ed) from ", Label.NOISE, 0.08, _OUT),
    Rule("gr_wrong", r"\* What went wrong:", Label.ERROR, 1.0, _HEAD, then=_SAID),
    Rule("gr_task", r"> Task \S+ FAILED", Label.SUMMARY, 0.9, _OUT),
    Rule("gr_outcome", r"BUILD (?:FAILED|SUCCESSFUL)|FAILURE: Build", Label.SUMMARY, 0.95, _OUT),
    Rule("gr_step", r"> Task |\* Try:|> Run with |\* Get more help|Deprecated Gradle", Label.NOISE, 0.08, _OUT),
)
PACKAGES: Final = (
    Rule("npm_debug_log", r"npm (?:ERR!|error) (?:A complete log|    /\S*_logs)", Label.NOISE, 0.1),
    Rule("npm_error", r"npm (?:ERR!|error)(?: |$)", Label.ERROR, 0.96, fade=0.008),
    Rule("npm_warn", r"npm (?:WARN|warn)\b", Label.WARNING, 0.3),
    Rule("npm_verbose", r"npm (?:verb|verbose|http|silly|sill|timing|info|notice)\b|verbose \d", Label.NOISE, 0.08),
    Rule(
        "npm_total",
        r"(?:added|removed|changed|up to date|audited) (?:\d+ packages?|,? ?in)|found \d+ vulnerab|\d+ (?:\w+ severity )?vulnerabilit",
        Label.SUMMARY,
        0.9,
        _OUT,
    ),
    Rule("pnpm_error", r"\s*(?:\x{2009}|)(?:\[?ERR_PNPM_\w+|ERROR)(?:\s|\x{2009})", Label.ERROR, 1.0, _HEAD, inside=_SAID),
    Rule("pnpm_warn", r"\s*WARN\b", Label.WARNING, 0.4),
    Rule("yarn_error", r"error \S", Label.ERROR, 1.0, _HEAD, then=_SAID),
    Rule("yarn_warning", r"warning \S", Label.WARNING, 0.4),
    Rule("yarn_info", r"(?:info|\[\d/\d\]|➤ YN0000:) ?\S", Label.NOISE, 0.1, _OUT),
    Rule("yarn_done", r"success |Done in [\d.]+", Label.SUMMARY, 0.8, _OUT),
    Rule("pip_error", r"\s*(?:ERROR|error): \S", Label.ERROR, 0.97, _HEAD, inside=_SAID, fade=0.02),
    Rule(
        "pip_step",
        r"\s*(?:Collecting|Downloading|Using cached|Requirement already"
        r"|Installing|Preparing|Getting requirements|Building wheel|Obtaining) ",
        Label.NOISE,
        0.08,
        _OUT,
    ),
    Rule("pip_done", r"Successfully (?:installed|built|uninstalled) ", Label.SUMMARY, 0.9, _OUT),
)
BUNDLERS: Final = (
    Rule("wp_error", r"(?:ERROR|Error) in \S", Label.ERROR, 1.0, _HEAD, inside=_SAID),
    Rule("wp_warning", r"(?:WARNING|Warning) in \S", Label.WARNING, 0.5, _HEAD, inside=(Label.WARNING, 0.9), scale=_WARN),
    Rule("wp_total", r".*\b(?:webpack [\d.]+ compiled|compiled (?:with|successfully))", Label.SUMMARY, 1.0, _OUT),
    Rule("vt_error", r"(?:error during build|\[!\] |x Build failed|✗ Build failed)", Label.ERROR, 1.0, _HEAD, then=_SAID, inside=_SAID),
    Rule("vt_total", r"✓ (?:built in|\d+ modules)|created \S+ in|Successfully compiled", Label.SUMMARY, 0.9, _OUT),
    Rule("es_error", r"\s*(?:✘|X) \[ERROR\] ", Label.ERROR, 1.0, _HEAD, inside=_SOURCE),
    Rule("es_warning", r"\s*▲ \[WARNING\] ", Label.WARNING, 0.5, _HEAD, inside=_SOURCE, scale=_WARN),
    Rule(
        "js_syntax", r"(?:\[\w+\] )?(?:SyntaxError|TypeError|Error|ReferenceError)(?: \[\w+\])?: ", Label.ERROR, 1.0, _HEAD, inside=_SOURCE
    ),
    Rule("js_lib_at", r"\s+at .*(?:node_modules|node:)", Label.TRACE, 0.15),
)
_CODE: Final = r"[A-Z]{1,6}\d{2,5}"
LINTERS: Final = (
    Rule("li_pylint_module", r"\*{5,} Module ", Label.FILE, 0.5, _FILE),
    Rule("li_phpcs_file", r"FILE: \S", Label.FILE, 0.85, _FILE, fade=0.03),
    Rule("li_phpcs_total", r"FOUND \d+ ERROR|PHPCBF CAN FIX|A TOTAL OF", Label.SUMMARY, 0.95, _OUT, fade=0.03),
    Rule("li_phpcs_error", r"\s*\d+ \| ERROR ", Label.ERROR, 0.95, _HEAD),
    Rule("li_phpcs_warning", r"\s*\d+ \| WARNING ", Label.WARNING, 0.5, _HEAD, scale=_WARN),
    Rule("li_es_error", r"\s+\d+:\d+ +(?:error|✖|×)\s", Label.ERROR, 0.98, _HEAD),
    Rule("li_es_warning", r"\s+\d+:\d+ +(?:warning|⚠|‼)\s", Label.WARNING, 0.5, _HEAD, scale=_WARN),
    Rule("li_es_total", r"\s*[✖×✗] \d+ problems?|\d+ problems? \(", Label.SUMMARY, 1.0, _OUT),
    Rule("li_es_fixable", r"\s+\d+ errors? and \d+ warnings? potentially", Label.SUMMARY, 0.8, _OUT),
    Rule(
        "li_es_file",
        r"(?:/|\./|[A-Za-z]:\\)?[\w@.-]+(?:/[\w@.\[\]-]+)*\.(?:[cm]?[jt]sx?|vue|svelte|css|scss|less|py|rb|php|go|lua)$",
        Label.FILE,
        0.93,
        _FILE,
        fade=0.03,
    ),
    Rule(
        "li_biome",
        r"\S+(?::\d+:\d+)? (?:lint|format|check|parse|assist|organizeImports"
        r"|suppressions|internalError|fs|ci)\S*.* ?━{3,}|(?:lint|check|format) ━+",
        Label.ERROR,
        0.95,
        _HEAD,
    ),
    Rule("li_biome_said", r"  [×✖] \S", Label.ERROR, 1.0),
    Rule("li_biome_info", r"  [iℹ!⚠] ", Label.NOTE, 0.5),
    Rule("li_ox_error", r"  [x×] \S", Label.ERROR, 0.98, _HEAD, then=_SOURCE),
    Rule("li_ox_warning", r"  [!⚠] \S", Label.WARNING, 0.5, _HEAD, then=_SOURCE, scale=_WARN),
    Rule("li_ox_place", r"\s*(?:,-|╭─)\[", Label.SOURCE, 0.95),
    Rule("li_ox_help", r"  help: ", Label.NOTE, 0.5),
    Rule("li_sc_head", r"In \S.* line \d+:$", Label.WARNING, 0.45, _HEAD, then=(Label.SOURCE, 0.42)),
    Rule("li_sc_error", r"\s*\^-*\^? (?:-- )?SC\d+ \(error\)", Label.ERROR, 1.0, then=(Label.SOURCE, 0.45)),
    Rule("li_sc_warning", r"\s*\^-*\^? (?:-- )?SC\d+ \(warning\)", Label.WARNING, 0.5),
    Rule("li_sc_minor", r"\s*\^-*\^? (?:-- )?SC\d+ ", Label.WARNING, 0.4, fade=0.01),
    Rule("li_sc_links", r"For more information:|  https?://|Did you mean:", Label.NOTE, 0.15, _OUT),
    Rule("li_rubocop", r"\S+:\d+:\d+: [FE]: ", Label.ERROR, 0.98, _HEAD, then=_SOURCE),
    Rule("li_rubocop_minor", r"\S+:\d+:\d+: [CWRI]: ", Label.WARNING, 0.5, _HEAD, then=_SOURCE, scale=_WARN),
    Rule("li_pylint_error", r"\S+:\d+:\d*:? \[?[EF]\d{4}\b", Label.ERROR, 1.0, _HEAD),
    Rule("li_pylint_warning", r"\S+:\d+:\d*:? \[?W\d{4}\b", Label.WARNING, 0.6, _HEAD, scale=_WARN),
    Rule("li_pylint_minor", r"\S+:\d+:\d*:? \[?[CRI]\d{4}\b", Label.WARNING, 0.42, _HEAD, scale=0.45),
    Rule("li_pylint_score", r"Your code has been rated", Label.SUMMARY, 0.95, _OUT),
    Rule("li_code_first", rf"{_CODE}(?: \[\*\])? \S", Label.ERROR, 0.93, _HEAD, then=_SOURCE),
    Rule("li_bandit", r">> Issue: ", Label.ERROR, 0.9, _HEAD, then=_SAID),
)
PLACED: Final = (  # what any linter prints: a place and a message
    Rule("li_serious", r"\s*\S+:\d+(?::\d+)?: \(?(?:F|E9|S)\d+\b", Label.ERROR, 0.97, _HEAD, then=_SOURCE),
    Rule("li_coded", rf"\s*\S+:\d+(?::\d+)?:? \(?{_CODE}\b", Label.ERROR, 0.9, _HEAD, then=_SOURCE),
    Rule("li_grouped", rf"\s+\d+:\d+:? +\[?\*?\]? ?{_CODE}\b", Label.ERROR, 0.9, _HEAD),
    Rule("li_checking", r"Checking \S+ +OK$", Label.PASS, 0.05, _OUT),
    Rule("li_checking_bad", r"Checking \S+ +\d+ ", Label.FILE, 0.5, _FILE),
    Rule("li_placed", r"\s*\S+\.\w+:\d+:\d+(?::| -) ", Label.WARNING, 0.72, _HEAD, then=_SOURCE),
    Rule("li_placed_line", r"[^\s:]+\.\w+:\d+: \S", Label.WARNING, 0.7, _HEAD, then=_SOURCE),
    Rule("li_warned_file", r"\[(?:warn|error)\] ", Label.ERROR, 0.8, _OUT, fade=0.01),
    Rule(
        "li_total",
        r"Found \d+ |Checked \d+ |Success: no issues|All checks passed|\d+ files? (?:would be|reformatted|left unchanged|already)"
        r"|Total: \d+|Would reformat"
        r"|\d+ (?:errors?|warnings?|issues?|problems?|offenses?)[ ,]|\d+ files? inspected"
        r"|Oh no!|All done!|\d+ (?:informations?|fixable)|No (?:issues|errors|problems)"
        r"|CSpell: Files checked|Finished in|✔ No|Code style issues|All matched files"
        r"|Compilation complete|\[\*\] \d+ fixable|No fixes available",
        Label.SUMMARY,
        0.97,
        _OUT,
    ),
    Rule("li_rule", r"\s*[-=━─_]{10,}\s*$", Label.NOISE, 0.05, _OUT),
)
TOOLS: Final = (*COMPILERS, *BUILDS, *PACKAGES, *BUNDLERS)

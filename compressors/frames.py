"""Rows of stack traces and sanitizer reports, by language: the frames of the user's own code, those of libraries, and the exceptions."""

from __future__ import annotations

from typing import Final

from compressors.rowrules import Place, Rule
from compressors.types import Label

# Paths of code that is not the user's.
LIBRARY: Final = (
    r"(?:site-packages|dist-packages|node_modules|node:|/internal/|internal/process|/rustc/|\.cargo/registry"
    r"|/usr/(?:local/)?(?:lib|include|share|src)/|/lib/python\d|<frozen |<__array_function__|/usr/local/go|/usr/lib/go"
    r"|/go/src/|/go/pkg/|/pkg/mod/|/gems/|/lib/ruby/|/build/glibc|sysdeps/|/csu/|/vendor/)"
)

_NAMED: Final = (
    r"(?:Error|Exception|Warning|Interrupt|Exit|Failure|Fault|Timeout|Invalid|Expired|NotFound|DoesNotExist"
    r"|StopIteration|StopAsyncIteration)"
)
EXCEPTION: Final = rf"(?:Uncaught |Unhandled )?(?:[\w$]+(?:\.|::))*(?:[A-Z]\w*)?{_NAMED}(?: \[\w+\])?(?::(?:\s|$)|$)"

PYTHON: Final = (
    Rule("py_traceback", r"\s*(?:[|+] )*(?:Exception Group )?Traceback \(most recent call last\):", Label.TRACE, 0.5),
    Rule("py_library_frame", rf'\s*(?:\| )?File "[^"]*{LIBRARY}[^"]*", line \d', Label.TRACE, 0.2, then=(Label.SOURCE, 0.2)),
    Rule("py_frame", r'\s*(?:\| )?File "[^"]+", line \d', Label.TRACE, 0.72, then=(Label.SOURCE, 0.75)),
    Rule("py_chain", r"\s*(?:\| )?(?:During handling of the above|The above exception was the direct)", Label.NOTE, 0.6),
    Rule("py_repeats", r"\s*\[Previous line repeated \d+ more times\]", Label.TRACE, 0.5),
)
EXCEPTIONS: Final = (
    Rule("cause", r"\s*(?:Caused by|Suppressed|Wrapped by|Nested exception): \S", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 0.9)),
    Rule("thread_exception", r"Exception in thread \S.*", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 0.9)),
    Rule("vm_fatal", r"FATAL ERROR: \S", Label.ASSERTION, 1.0),
    Rule("cs_unhandled", r"Unhandled exception[.:]", Label.ASSERTION, 1.0),
    Rule("cs_inner", r"\s*---> \S", Label.ASSERTION, 1.0),
    Rule("exception", rf"\s{{0,8}}{EXCEPTION}", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 0.9)),
    Rule("dotted_exception", r"(?:[a-z_]\w*\.)+[A-Z]\w+: \S", Label.ASSERTION, 0.95, then=(Label.ASSERTION, 0.9)),
)
AT: Final = (  # JavaScript, Java, C#
    Rule("js_library_frame", rf"\s+at .*{LIBRARY}", Label.TRACE, 0.2),
    Rule("js_anonymous_frame", r"\s+at (?:new |async )?(?:<anonymous>|\w+[\w.]* \(<anonymous>\)|native)", Label.TRACE, 0.2),
    Rule(
        "vm_library_frame",
        r"\s+at (?:app//|java\.base/|platform//)?(?:javax?|jdk|sun|com\.sun|org\.junit|junit|org\.apache\.(?:maven|tools)"
        r"|org\.gradle|org\.hamcrest|org\.testng|org\.mockito|org\.springframework|org\.assertj|kotlin|scala|groovy|System|Microsoft|Xunit|NUnit)\.",
        Label.TRACE,
        0.2,
    ),
    Rule("at_frame", r"\s+at .+:(?:line )?\d+(?::\d+)?\)?$", Label.TRACE, 0.7),
    Rule("at_unplaced_frame", r"\s+at [\w$.<>/]+\(.*\)$", Label.TRACE, 0.4),
    Rule("more_frames", r"\s+\.\.\. \d+ (?:more|common|lines)|\s+--- End of ", Label.TRACE, 0.1),
    Rule("js_thrown_at", r"(?:file://)?/\S+\.[cm]?[jt]sx?:\d+$", Label.SOURCE, 0.85, then=(Label.SOURCE, 0.85)),
)
_GO_LIBRARY: Final = r"(?:testing|runtime|reflect|syscall|net/http|internal/\w+|created by (?:testing|runtime)|panic\(|os/signal|sync)"
GO: Final = (
    Rule("go_panic", r"\t?(?:panic|fatal error): ", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 0.8)),
    Rule("go_race", r"WARNING: DATA RACE", Label.ASSERTION, 1.0),
    Rule("go_race_access", r"(?:Previous )?(?:[Rr]ead|[Ww]rite) at 0x\w+ by ", Label.ASSERTION, 0.9),
    Rule("go_goroutine", r"goroutine \d+ .*:$", Label.TRACE, 0.4),
    Rule("go_library_call", rf"\s*{_GO_LIBRARY}\b[\w./*()]*\(.*\)$|created by testing", Label.TRACE, 0.2, then=(Label.TRACE, 0.2)),
    Rule("go_library_frame", rf"\s+/\S*{LIBRARY}\S*\.(?:go|s):\d+ ", Label.TRACE, 0.15),
    Rule("go_frame", r"\s+/\S+\.go:\d+(?: \+0x|$)", Label.TRACE, 0.7),
    Rule(
        "go_call",
        r"\s*(?:created by )?[a-z][\w./-]*\.(?:\(\*\w+\)\.)?\w+(?:\.func\d+)*(?:\(0x.*|\(\.\.\..*|\(\{.*|\(\))\)?$",
        Label.TRACE,
        0.65,
    ),
)
RUST: Final = (
    Rule("rust_panic", r"thread '.*' (?:\(\d+\) )?panicked at ", Label.ASSERTION, 1.0, then=(Label.ASSERTION, 1.0)),
    Rule("rust_sides", r"\s+(?:left|right): ", Label.ASSERTION, 0.95),
    Rule("rust_backtrace_note", r"note: (?:run with `RUST_BACKTRACE|Some details are omitted|we would)", Label.NOISE, 0.1),
    Rule("rust_backtrace", r"stack backtrace:", Label.TRACE, 0.3),
    Rule(
        "rust_library_frame",
        r"\s{1,3}\d+: +(?:0x\w+ - )?<?(?:std|core|alloc|rust_begin|__?rust|test|_?_libc|main$|_start|clone)",
        Label.TRACE,
        0.15,
    ),
    Rule("rust_library_at", rf"\s+at (?:/rustc/|\S*{LIBRARY})", Label.TRACE, 0.1),
    Rule("rust_at", r"\s+at \.?/?\S+\.rs:\d+", Label.TRACE, 0.7),
    Rule("rust_frame", r"\s{1,3}\d+: +(?:0x\w+ - )?[\w<]+.*::", Label.TRACE, 0.65),
)
RUBY: Final = (
    Rule("ruby_raised", r"\S+\.rb:\d+:in .+: .+\([A-Z]\w*(?:::\w+)*\)$", Label.ASSERTION, 1.0),
    Rule("ruby_library_frame", rf"\s+(?:\d+: )?(?:from |# )\S*{LIBRARY}\S*:\d+", Label.TRACE, 0.15),
    Rule("ruby_frame", r"\s*(?:\d+: )?(?:from |# )\.?\S+\.rb:\d+(?::in |$)", Label.TRACE, 0.7),
)
GDB: Final = (
    Rule(
        "gdb_signal",
        r"(?:Program|Thread \S+.*) (?:received|terminated with) signal|Program exited",
        Label.ASSERTION,
        1.0,
        then=(Label.SOURCE, 0.8),
    ),
    Rule(
        "gdb_stop",
        r"(?:Thread .*hit )?(?:Temporary breakpoint|Breakpoint|Catchpoint|Watchpoint) \d+, ",
        Label.ASSERTION,
        0.9,
        then=(Label.SOURCE, 0.8),
    ),
    Rule("gdb_top", r"#0 +\S.* at \S+:\d+", Label.TRACE, 0.95, then=(Label.SOURCE, 0.7)),
    Rule("gdb_library_frame", rf"#\d+ +.*(?: from /| at \S*{LIBRARY}|\b(?:raise|abort|__\w+) \()", Label.TRACE, 0.2),
    Rule("gdb_frame", r"#\d+ +.* at \S+:\d+$", Label.TRACE, 0.8),
    Rule("gdb_unplaced_frame", r"#\d+ +(?:0x\w+ in )?\S+ \(", Label.TRACE, 0.5),
    Rule(
        "gdb_noise",
        r"(?:\[New |\[Inferior |\[Thread |Using host libthread|warning: Error disabling|For help, type|This GDB was)",
        Label.NOISE,
        0.1,
    ),
)
SANITIZERS: Final = (
    Rule("asan_error", r"==\d+==\s*(?:ERROR|WARNING): \w+Sanitizer", Label.ERROR, 1.0, Place.HEAD, inside=(Label.TEXT, 0.3)),
    Rule("ubsan_error", r"\S+:\d+(?::\d+)?: runtime error: ", Label.ERROR, 1.0, Place.HEAD, then=(Label.SOURCE, 0.7)),
    Rule("san_summary", r"SUMMARY: \w+Sanitizer", Label.SUMMARY, 1.0, Place.OUT),
    Rule("asan_access", r"(?:READ|WRITE) of size ", Label.ASSERTION, 0.95),
    Rule("asan_leak", r"(?:Direct|Indirect) leak of ", Label.ASSERTION, 0.9),
    Rule("asan_located", r"0x\w+ is located |Address 0x\w+ is ", Label.NOTE, 0.75),
    Rule("asan_thread", r"(?:previously )?(?:freed|allocated) by thread", Label.NOTE, 0.6),
    Rule("asan_library_frame", rf"\s+#\d+ 0x\w+ (?:in .*(?:{LIBRARY}|\((?:/usr)?/lib|libasan|libc\.so)|\(/)", Label.TRACE, 0.15),
    Rule("asan_unplaced_frame", r"\s+#\d+ 0x\w+ in \S+ \(/\S+\+0x", Label.TRACE, 0.3),
    Rule("asan_frame", r"\s+#\d+ 0x\w+ in ", Label.TRACE, 0.75),
    Rule(
        "asan_shadow",
        r"(?:=>|\s+)0x\w+:|Shadow (?:bytes|byte|memory)|\s+[A-Z][\w /-]+: +[0-9a-f]{2}(?: [0-9a-f]{2})*\s*$",
        Label.NOISE,
        0.05,
    ),
    Rule("vg_lost", r"==\d+== [\d,]+ (?:\(.*\) )?bytes in .* (?:definitely|indirectly|possibly) lost", Label.ERROR, 0.9, Place.HEAD),
    Rule("vg_reachable", r"==\d+== [\d,]+ bytes in .* still reachable", Label.WARNING, 0.5, Place.HEAD, scale=0.55),
    Rule(
        "vg_error",
        r"==\d+== (?:Thread \d+: )?(?:Invalid |Conditional jump|Use of |Syscall param"
        r"|Process terminating|Mismatched|Source and dest|Argument '|Jump to)",
        Label.ERROR,
        1.0,
        Place.HEAD,
    ),
    Rule("vg_total", r"==\d+== (?:ERROR SUMMARY|All heap blocks were freed|\s+definitely lost)", Label.SUMMARY, 1.0, Place.OUT),
    Rule(
        "vg_heap",
        r"==\d+== (?:HEAP SUMMARY|LEAK SUMMARY|\s+(?:in use at exit|total heap|indirectly lost|possibly lost|still reach))",
        Label.SUMMARY,
        0.8,
        Place.OUT,
    ),
    Rule("vg_library_frame", r"==\d+==\s+(?:at|by) 0x\w+: .*(?:\(in /|vg_replace|\(vfprintf|\(\w*printf)", Label.TRACE, 0.3),
    Rule("vg_frame", r"==\d+==\s+(?:at|by) 0x\w+: .*\(\S+:\d+\)", Label.TRACE, 0.8),
    Rule("vg_address", r"==\d+==\s+(?:Address 0x|Uninitialised value|Block was)", Label.NOTE, 0.8),
    Rule("vg_blank", r"==\d+==\s*$", Label.NOISE, 0.05, Place.OUT),
    Rule("vg_banner", r"==\d+== (?:Memcheck|Copyright|Using Valgrind|For |Rerun with|Use --|To see|Reachable blocks)", Label.NOISE, 0.05),
    Rule("vg_other", r"==\d+== ", Label.TEXT, 0.4),
)

FRAMES: Final = (*GDB, *PYTHON, *RUST, *AT, *GO, *RUBY, *EXCEPTIONS)

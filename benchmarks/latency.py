"""How long an agent waits, and for how much memory: cold starts of `ctx` beside the bare interpreter's, and `compress()` warm, by size.

    python -m benchmarks.latency [--runs 9] [--json]

Cold figures are medians of whole processes, taken by turns so that a busy moment of the machine is shared; warm ones are the best of a few
runs in one process. Memory is the peak beyond what the process held before the call, each size in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CTX = [sys.executable, "-m", "context_mode.cli"]
LINES = 2_000  # of the file read cold and warm
SIZES = (12_500, 25_000, 50_000, 100_000)  # lines of a log

# Run in a fresh interpreter: compress() warm, then the peak memory that it added.
_WARM = """
import json, resource, sys, time
from pathlib import Path
import context_mode
text, intent, expect, command, runs = Path(sys.argv[1]).read_text(), *sys.argv[2:5], int(sys.argv[5])
context_mode.compress(text[:20_000], intent=intent, expect=expect, command=command)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
times = []
for _ in range(runs):
    began = time.perf_counter()
    context_mode.compress(text, intent=intent, expect=expect, command=command)
    times.append(time.perf_counter() - began)
extra = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"ms": 1000 * min(times), "extra_mb": extra / 1024, "mb": len(text) / 1e6}))
"""


def source(lines: int) -> str:
    """Python code of the standard library, that many lines of it."""
    import argparse as a_long_module
    import typing as another

    text = "\n".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (a_long_module, another))
    return "\n".join(text.split("\n")[:lines])


def log(lines: int) -> str:
    """A service log of about 100 characters a line, with one failure in it."""
    entries = [
        f"2026-01-01 {n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d},{n % 1000:03d} INFO worker-{n % 17} finished job {n * 7919}"
        f" for user{n % 91} in {n % 97} ms, {n * 13} bytes"
        for n in range(lines)
    ]
    entries[lines * 2 // 3] = "2026-01-01 18:00:00,000 ERROR worker-3 job 5155269 failed: disk quota exceeded for user17"
    return "\n".join(entries)


def cold(commands: dict[str, list[str]], runs: int) -> dict[str, float]:
    """Median milliseconds of each command as a whole process."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CONTEXT_MODE_DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        for run in range(runs + 1):
            for name, command in commands.items():
                began = time.perf_counter()
                subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=True)
                if run:  # the first warms the file cache
                    times[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in times.items()}


def warm(text: str, intent: str, expect: str, command: str, runs: int) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        program = [sys.executable, "-c", _WARM, file.name, intent, expect, command, str(runs)]
        done = subprocess.run(program, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(runs: int) -> dict[str, dict[str, float]]:
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(source(LINES))
        file.flush()
        question = ["--intent", "how are conflicting options handled", "--expect", "conflict|ArgumentError", "--path", "argparse.py"]
        commands = {
            "true": ["true"],
            "python -c pass": [sys.executable, "-c", "pass"],
            "ctx run -- true": [*CTX, "run", "--", "true"],
            f"ctx filter, {LINES} lines": [*CTX, "filter", *question, "--file", file.name],
        }
        results = {name: {"ms": value} for name, value in cold(commands, runs).items()}
    code = warm(source(LINES), "how are conflicting options handled", "conflict|ArgumentError", "cat argparse.py", 5)
    results[f"compress(), {LINES} lines of code"] = code
    for lines in SIZES:
        results[f"compress(), {lines} lines of log"] = warm(log(lines), "why did the job fail", "error|failed|quota", "cat app.log", 2)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description="Cold and warm latency, memory, growth with size.")
    parser.add_argument("--runs", type=int, default=9, help="cold starts of each command")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results = measure(given.runs)
    if given.json:
        print(json.dumps(results, indent=1))
        return 0
    interpreter = results["python -c pass"]["ms"]
    print(f"{'':<34}{'ms':>8}{'over true':>11}{'x python':>10}{'MB/s':>8}{'extra MB':>10}")
    for name, found in results.items():
        cells = f"{found['ms']:>8.0f}"
        if "mb" in found:
            cells += f"{'':>21}{found['mb'] / found['ms'] * 1000:>8.1f}{found['extra_mb']:>10.0f}"
        else:
            cells += f"{found['ms'] - results['true']['ms']:>11.0f}{found['ms'] / interpreter:>10.1f}"
        print(f"{name:<34}{cells}")
    first, last = (results[f"compress(), {lines} lines of log"]["ms"] / lines for lines in (SIZES[0], SIZES[-1]))
    print(f"cost a line at {SIZES[-1]} lines / at {SIZES[0]} lines: {last / first:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

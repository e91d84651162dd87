r"""What runs inside a container, in bash: a driver that starts commands, and a script that ends one command's tree.

A channel is a driver's stdin and stdout. A request is one line of shell, `run TOKEN STDIN_BYTES CWD COUNT NAME=VALUE... ARGV...`,
followed by that many bytes for the command's stdin. The answer is `\0TOKEN begun\n`; until then a request may be made again elsewhere. The
command writes to the driver's own stdout, so its output comes as it is, in order, while it runs. `\0TOKEN CODE SIGNAL OOM HELD\n` ends it:
the token is random and known to nobody but the two ends. HELD says that some process still has the output open; such a channel is not lent
again before that is over: a command's output would not be its own.

Job control (`set -m`) gives each command its process group and the signal dispositions of a foreground job. It also makes bash note on
stderr how a job ended, which is how `exit 137` is told from a SIGKILL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.tree import MARKER

if TYPE_CHECKING:
    from sandbox.types import Command

SCRATCH = "/run/context-mode"
_PAUSE = f"{SCRATCH}/pause"  # a pipe that nobody writes to: reading it with a time limit is a pause without a process

_DRIVER = r"""
set -m
notes=SCRATCH/notes.$$ input=SCRATCH/input.$$ newline='
'
[[ -p PAUSE ]] || mkfifo PAUSE
exec 2>>"$notes" 3<>PAUSE

# How many processes of this container the kernel has killed for memory: control groups v2, v1.
ooms() {
  local file key value
  ooms=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [[ -r $file ]] || continue
    while read -r key value; do [[ $key == oom_kill ]] && ooms=$value; done <"$file"
  done
}

# Whether a process other than this one has our stdout open.
held() {
  local fd
  for fd in /proc/[0-9]*/fd/*; do
    [[ $fd != /proc/$$/* && $fd -ef /proc/$$/fd/1 ]] && return 0
  done
  return 1
}

# Children may take a moment to end after their parent: a quarter of a second.
lingering() {
  local try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    held || return 1
    read -r -t 0.025 -u 3
  done
  return 0
}

# In the child: become the command. Names begin with __, as variables of the command are exported among them.
become() {
  local __cwd=$1 __count=$2
  shift 2
  cd -- "$__cwd" || exit 126
  while ((__count--)); do export "$1"; shift; done
  echo 500 2>/dev/null >/proc/self/oom_score_adj # short of memory, the command dies and not the driver
  if [[ $1 == */* ]]; then
    [[ -e $1 ]] || { echo "context-mode: $1: no such file"; exit 127; }
    [[ -x $1 && ! -d $1 ]] || { echo "context-mode: $1: permission denied"; exit 126; }
  elif ! type -P -- "$1" >/dev/null; then
    echo "context-mode: $1: command not found"
    exit 127
  fi
  exec 3>&- -- "$@"
}

# The exit code of child $1 once it has ended. `wait -f` would do, but bash 5.2 can lose the record of a job and then asks for it for ever;
# `wait` alone also comes back for a command that was stopped.
await() {
  wait "$1"
  code=$?
  while kill -0 "$1"; do
    read -r -t 0.025 -u 3
    wait "$1"
    code=$?
  done
}

run() {
  local token=$1 size=$2 from=/dev/null before code signal=0 held=0
  shift 2
  if ((size)); then
    from=$input
    head -c "$size" >"$input" || { printf '\0%s stdin\n' "$token"; exit 1; }
  fi
  [[ -s $notes ]] && : >"$notes"
  ooms
  before=$ooms
  printf '\0%s begun\n' "$token"
  { ((size)) && rm -f -- "$input"; become "$@"; } <"$from" 2>&1 &
  await $!
  ((code > 128)) && [[ -s $notes && $(<"$notes") != *"]"?"  Exit $code "* ]] && signal=$((code - 128))
  lingering && held=1
  ooms
  printf '\0%s %d %d %d %d\n' "$token" "$code" "$signal" "$((ooms > before))" "$held"
}

# Whether this channel, held before, is free again.
probe() {
  local held=0
  held && held=1
  printf '\0%s %d\n' "$1" "$held"
}

printf '\0%s %d %d\n' hello "$$" "${lifeline:-0}"
while IFS= read -r line; do eval "$line"; done
""".replace("SCRATCH", SCRATCH).replace("PAUSE", _PAUSE)

# Process 1 holds the container's stdin, whose other end is its owner. However the owner ends, that end closes: then everything here is
# killed, process 1 reaches the end of its own stdin, and the container is gone, in the middle of a command too.
_LIFELINE = r"""
exec < <(cat; kill -KILL -1)
lifeline=$!
"""

MAIN_DRIVER = _LIFELINE + _DRIVER
EXTRA_DRIVER = _DRIVER

# bash -c KILLER killer COMMAND GRACE_MS "DRIVERS" "OTHERS": TERM, then KILL, to every process of one command, nobody else's; says "gone".
# It forks nothing, as there may be no process left to fork. A process belongs to the command whose marker its environment carries; without
# one (cleared), to whomever its ancestors do. DRIVERS (pids) are never killed; what descends from OTHERS (drivers that are running
# something else, the lifeline) is not ours. A process that says nothing and was adopted by process 1 is killed: better a daemon of an
# earlier command than a runaway of this one.
KILLER = r"""
command=$1 grace_us=$(($2 * 1000)) drivers=" $3 $$ " others=" $4 $$ "

find_victims() {
  local path pid
  declare -gA marked=() mine=()
  victims=()
  for path in /proc/[0-9]*/environ; do
    mapfile -d '' -t variables <"$path" || continue
    pid=${path//[!0-9]/}
    case " ${variables[*]} " in
      *" MARKER=$command "*) mine[$pid]=1 ;;
      *" MARKER="*) marked[$pid]=1 ;;
    esac
  done
  for path in /proc/[0-9]*; do
    pid=${path#/proc/}
    [[ $drivers == *" $pid "* ]] || { is_ours "$pid" && victims+=("$pid"); }
  done
  return 0
}

is_ours() {
  local pid=$1 stat
  read -r stat <"/proc/$pid/stat" || return 1
  [[ ${stat##*) } == [ZX]* ]] && return 1
  while ((pid > 1)); do
    [[ ${mine[$pid]-} ]] && return 0
    [[ ${marked[$pid]-} || $others == *" $pid "* ]] && return 1
    [[ $drivers == *" $pid "* ]] && return 0
    read -r stat <"/proc/$pid/stat" || return 1
    set -- ${stat##*) }
    pid=$2
  done
  [[ $others != *" $pid "* ]]
}

exec 2>/dev/null 3<>PAUSE
find_victims
kill -TERM "${victims[@]}"
started=${EPOCHREALTIME/[.,]/}
while find_victims && ((${#victims[@]})); do
  ((waited = ${EPOCHREALTIME/[.,]/} - started, waited < grace_us + 5000000)) || exit 1
  ((waited < grace_us)) || kill -KILL "${victims[@]}"
  read -r -t 0.02 -u 3
done
echo gone
""".replace("MARKER", MARKER).replace("PAUSE", _PAUSE)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READ_ONLY = {"BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"}


def request(command: Command, cwd: str, token: str, marker: str) -> bytes:
    """The line, and the bytes after it, that make a driver run the command."""
    exported = [f"{MARKER}={marker}"]
    by_env: list[str] = []
    for name, value in command.env.items():
        plain = _NAME.fullmatch(name) and name not in _READ_ONLY and not name.startswith("__")
        (exported if plain else by_env).append(f"{name}={value}")
    argv = command.argv or ("bash", "-c", command.shell)
    if by_env:  # names that a shell cannot export
        argv = ("env", *by_env, *argv)
    stdin = command.stdin or b""
    words = [token, str(len(stdin)), cwd, str(len(exported)), *exported, *argv]
    return b"run " + b" ".join(_quoted(word) for word in words) + b"\n" + stdin


def _quoted(word: str) -> bytes:
    """One shell word on one line: a newline comes from the driver's variable. Raises ValueError for a NUL, as starting a process does."""
    if "\0" in word:
        raise ValueError("a command line cannot hold a NUL")
    return b"'" + word.encode(errors="surrogateescape").replace(b"'", b"'\\''").replace(b"\n", b"'\"$newline\"'") + b"'"

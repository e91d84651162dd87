"""`ctx` as it is called: filter, read, expand, search, stats, doctor, and what it says when it is called wrongly."""

import json
import os
import subprocess

import pytest

from context_mode.cli import COMMANDS

STEPS, MORE = (b"".join(b"%s %d\n" % (word, n) for n in range(1_500)) for word in (b"step", b"more"))
OUTPUT = STEPS + b"ERROR: disk quota exceeded\n" + MORE


@pytest.fixture
def handle(ctx):
    return json.loads(ctx("filter", "--command", "make", "--exit-code", "1", "--json", stdin=OUTPUT).stdout)["handle"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(ctx, name):
    done = ctx(name, "--help")
    assert done.returncode == 0
    assert b"example: " in done.stdout
    assert name.encode() in done.stdout.split(b"example: ")[1]


def test_without_a_command_the_commands_are_listed(ctx):
    done = ctx()
    assert done.returncode == 2
    assert all(f"  {name} " in done.stdout.decode() for name in COMMANDS)
    assert ctx("--help").returncode == 0


def test_the_version_is_told(ctx):
    assert ctx("--version").stdout.startswith(b"context-mode ")


def test_an_unknown_command_is_refused_with_the_nearest_one(ctx):
    done = ctx("expnad")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean `ctx expand`?" in done.stderr


def test_an_unknown_setting_is_refused_by_name(ctx):
    done = ctx("stats", bugdet=1)
    assert done.returncode == 2
    assert b"CONTEXT_MODE_BUGDET: did you mean CONTEXT_MODE_BUDGET?" in done.stderr


def test_filter_shows_what_matters_of_stdin(ctx):
    done = ctx("filter", "--exit-code", "1", "--expect", "quota", stdin=OUTPUT)
    assert done.returncode == 0
    assert b"exit 1" in done.stdout.split(b"\n")[0]
    assert b"\nERROR: disk quota exceeded\n" in done.stdout
    assert len(done.stdout) < len(OUTPUT) / 10


def test_filter_reads_a_file(ctx, tmp_path):
    (tmp_path / "out.txt").write_bytes(OUTPUT)
    assert b"quota" in ctx("filter", "--file", str(tmp_path / "out.txt"), "--expect", "quota").stdout


@pytest.mark.parametrize("file", ["missing.txt", "."])
def test_filter_says_why_a_file_cannot_be_read(ctx, file):
    done = ctx("filter", "--file", file)
    assert done.returncode == 2
    assert b"cannot be read: " in done.stderr


def test_filter_asks_for_input_on_a_terminal(command):
    ours, theirs = os.openpty()
    done = subprocess.run(**command("filter"), stdin=theirs, capture_output=True, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2
    assert b"pipe an output in, or give --file" in done.stderr


def test_the_view_as_json_has_the_fields_of_a_view(ctx):
    view = json.loads(ctx("filter", "--json", "--budget", "200", stdin=OUTPUT).stdout)
    assert {"text", "spans", "kind", "lines_total", "tokens_total", "tokens_shown", "handle", "abstained", "warnings"} <= set(view)
    assert view["lines_total"] == OUTPUT.count(b"\n") + 1
    assert view["tokens_shown"] <= 200


@pytest.mark.parametrize("budget", ["0", "-1", "many"])
def test_a_budget_that_cannot_be_is_refused(ctx, budget):
    done = ctx("filter", "--budget", budget, stdin=OUTPUT)
    assert done.returncode == 2
    assert b"--budget" in done.stderr


def test_read_shows_a_file_of_the_workspace_and_refuses_others(ctx, tmp_path):
    (tmp_path / "work" / "notes.txt").write_text("one\ntwo\nthree\n")
    assert ctx("read", "notes.txt", "--lines", "2-3").stdout == b"two\nthree\n"
    refused = ctx("read", "/etc/passwd")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"/etc/passwd is outside the workspace" in refused.stderr


def test_expand_gives_the_lines_of_a_range(ctx, handle):
    assert ctx("expand", handle, "1-2").stdout == b"step 0\nstep 1\n"
    assert ctx("expand", handle, "1-2,", "1502").stdout == b"step 0\nstep 1\nmore 0\n"


def test_expand_gives_matching_lines_after_their_numbers(ctx, handle):
    assert ctx("expand", handle, "--grep", "quota").stdout == b"1501:ERROR: disk quota exceeded\n"


def test_expand_gives_back_every_byte(ctx):
    raw = b"\x1b[31mred\x1b[0m\r\n\xff\xfe\0" + OUTPUT + b"no newline"
    handle = json.loads(ctx("filter", "--json", stdin=raw).stdout)["handle"]
    assert ctx("expand", handle, "--raw").stdout == raw
    count = raw.count(b"\n") + 1
    ranges = ["1-700", "701-2000", f"2001-{count}"]
    assert b"".join(ctx("expand", handle, lines, "--raw").stdout for lines in ranges) == raw


def test_expand_says_what_is_wrong_with_a_handle_or_a_range(ctx, handle):
    unknown = ctx("expand", "00000000")
    assert unknown.returncode == 2
    assert f"The latest are {handle} (make)".encode() in unknown.stderr
    beyond = ctx("expand", handle, "9999")
    assert beyond.returncode == 2
    assert b"line 9999 is beyond the end" in beyond.stderr


def test_search_finds_lines_in_all_outputs(ctx, handle):
    done = ctx("search", "quota", "exceeded")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == b"1501:ERROR: disk quota exceeded"
    (hit,) = json.loads(ctx("search", "--json", "quota").stdout)["hits"]
    assert (hit["handle"], hit["command"], hit["exit_code"]) == (handle, "make", 1)


def test_search_says_when_there_is_nothing(ctx, handle):
    done = ctx("search", "zebra")
    assert (done.returncode, done.stdout) == (1, b"[nothing stored holds zebra]\n")


def test_stats_count_what_was_saved_less_what_was_fetched_back(ctx, handle):
    before = json.loads(ctx("stats", "--json").stdout)
    assert (before["outputs"], before["uses"], before["bytes_raw"]) == (1, 1, len(OUTPUT))
    assert before["tokens_saved"] == before["tokens_seen"] - before["tokens_shown"] > 0
    ctx("expand", handle)
    after = json.loads(ctx("stats", "--json").stdout)
    assert after["tokens_expanded"] == pytest.approx(after["tokens_seen"], rel=0.01)
    assert after["tokens_saved"] <= 0


def test_stats_tell_of_evictions(ctx):
    for _ in range(3):
        ctx("filter", stdin=os.urandom(700_000), store_max_mb=1)
    lines = ctx("stats", store_max_mb=1).stdout.decode().splitlines()
    assert any(line.split() == ["evicted", "2", "for", "size,", "0", "for", "age"] for line in lines)


def test_a_store_that_cannot_be_used_is_told_and_what_is_asked_of_it_fails(ctx):
    done = ctx("stats", data_dir="/dev/null/data")
    assert done.returncode == 1
    assert b"/dev/null/data/store.db cannot be opened" in done.stderr


def test_a_damaged_store_is_told_once_and_replaced(ctx, tmp_path):
    ctx("filter", stdin=OUTPUT)
    (tmp_path / "data" / "store.db").write_bytes(b"garbage" * 2_000)
    first, second = ctx("filter", stdin=OUTPUT), ctx("filter", stdin=OUTPUT)
    assert b"set aside as" in first.stderr
    assert b"set aside" not in second.stderr
    assert first.stdout == second.stdout


def check(done, name):
    (found,) = [check for check in json.loads(done.stdout)["checks"] if check["name"] == name]
    return found


def test_the_doctor_finds_what_works(ctx):
    done = ctx("doctor", "--json", backend="host")
    assert all(check(done, name)["ok"] for name in ("python", "store", "sandbox", "tokenizer", "patterns", "grammars"))


def test_the_doctor_says_how_to_repair_what_does_not_work(ctx):
    done = ctx("doctor", backend="host", data_dir="/dev/null/data")
    assert done.returncode == 1
    assert b"problem  store: the store /dev/null/data/store.db cannot be opened" in done.stdout
    assert b"fix: " in done.stdout


def test_the_doctor_says_how_to_get_an_engine_where_none_answers(environ, command):
    asked = command("doctor", "--json")
    asked["env"] = asked["env"] | {"DOCKER_HOST": "tcp://127.0.0.1:9"}
    done = subprocess.run(**asked, capture_output=True, check=False)
    found = check(done, "sandbox")
    assert done.returncode == 1
    assert not found["ok"]
    assert "DOCKER_HOST" in found["finding"]


@pytest.mark.docker
def test_the_doctor_names_the_engine_that_answers(ctx):
    assert check(ctx("doctor", "--json"), "sandbox")["finding"].startswith("Docker ")


def test_who_reads_only_the_beginning_gets_no_complaint(command, ctx, handle):
    asked = command("expand", handle)
    with subprocess.Popen(**asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_no_colour_goes_into_a_pipe(ctx):
    assert b"\x1b" not in ctx("doctor", backend="host").stdout

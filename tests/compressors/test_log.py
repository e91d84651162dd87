"""Logs."""

from __future__ import annotations

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


def test_an_error_stands_out_of_hundreds_of_like_entries():
    cut = Cut("log", golden("log/python-logging.txt"))
    assert cut.of("could not store order 57").weight > 0.9
    assert cut.of("fetching order 30 ").label is Label.REPEAT
    assert len(cut.chunks) < 25


def test_a_stack_trace_stands_under_its_entry():
    cut = Cut("log", golden("log/python-logging.txt"))
    assert next(cut.above("sqlite3.IntegrityError")).endswith("could not store order 57")
    assert cut.of("sqlite3.IntegrityError").label is Label.ERROR


def test_repeats_are_folded_and_weigh_little():
    cut = Cut("log", "\n".join(f"2026-01-01 12:00:{n:02} INFO served {n} in {n}ms" for n in range(59)))
    assert cut.chunks[0].label is Label.ENTRY
    assert cut.chunks[1].label is Label.REPEAT
    assert cut.chunks[1].weight == pytest.approx(0.1)


def test_no_fold_is_longer_than_fifty_rows():
    cut = Cut("log", "\n".join(f"2026-01-01 12:00:00 INFO served {n}" for n in range(900)))
    assert max(chunk.end - chunk.start for chunk in cut.chunks) <= 51


def test_the_last_entries_weigh_more_than_repeats():
    cut = Cut("log", "\n".join(f"2026-01-01 12:00:{n:02} INFO served {n}" for n in range(59)))
    assert cut.chunks[-1].weight >= 0.6


def test_an_access_log_shows_its_server_errors_then_its_client_errors():
    cut = Cut("log", golden("log/nginx-access.txt"))
    server, client, fine = (cut.of(f'" {status} ') for status in (502, 404, 200))
    assert server.weight > client.weight > fine.weight


def test_failures_of_a_server_are_told_from_its_chatter():
    cut = Cut("log", golden("log/nginx-error.txt"))
    assert cut.of("Connection refused").label is Label.ERROR
    assert cut.of("*30 client 127.0.0.1 closed").label is Label.REPEAT


def test_json_entries_have_their_own_level():
    cut = Cut("log", golden("log/json-lines.txt"))
    assert cut.of("payment provider answered 502").label is Label.ERROR
    assert cut.of("slow query").label is Label.WARNING
    assert cut.of("/orders/60").label is Label.REPEAT


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ("E1124 22:30:21.000123    17 controller.go:12] sync lost", Label.ERROR),
        ("11-24 22:30:21.123  1234  1240 E ActivityManager: ANR in app", Label.ERROR),
        ('{"level":50,"time":1732000000000,"msg":"lost"}', Label.ERROR),
        ("[2026-11-24T22:30:21Z WARN  shop::cart] slow", Label.WARNING),
        ("<11>Nov 24 22:30:21 host app[12]: segfault at 0", Label.ERROR),
        ("web-1  | 2026-11-24T22:30:21.5Z CRITICAL lost", Label.ERROR),
        ("Nov 24 22:30:21 host systemd[1]: app.service: Failed with result 'exit-code'.", Label.ERROR),
        ("ERROR:root:lost", Label.ERROR),
        ("npm ERR! code E404", Label.ERROR),
    ],
)
def test_levels_are_read_in_many_dialects(row, label):
    cut = Cut("log", "\n".join([row] + ["2026-01-01 12:00:00 INFO tick"] * 8))
    assert cut.chunks[0].label is label


def test_an_information_that_speaks_of_failure_is_a_warning():
    cut = Cut("log", "2026-01-01 12:00:00 INFO spawn failed: no such file\n" + "2026-01-01 12:00:01 INFO tick\n" * 9)
    assert cut.chunks[0].label is Label.WARNING


@pytest.mark.parametrize("name", ["redis", "nginx-access", "nginx-error", "python-logging", "json-lines", "npm-verbose"])
def test_a_log_is_known_without_its_command(name):
    assert detects("log", golden(f"log/{name}.txt"))


@pytest.mark.parametrize("raw", ["", "words\n", '{"a": 1}\n{"a": 2}\n'])
def test_other_text_is_no_log(raw):
    assert not detects("log", Output(raw.encode()))

"""`ctx explain`: a sceptic sees why a line was shown or hidden."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOG = "\n".join(f"2026-01-01 10:{n // 60:02d}:{n % 60:02d} INFO request {n} served in {n % 13} ms" for n in range(400))
BROKEN = LOG.replace("request 200 served in 5 ms", "login rejected for bob: token expired")


@pytest.fixture
def ctx(tmp_path):
    def run(*words, stdin=""):
        command = [sys.executable, "-m", "context_mode.cli", *words]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, check=False, env={"CONTEXT_MODE_DATA_DIR": str(tmp_path), "HOME": "/"}
        )

    return run


@pytest.fixture
def handle(ctx):
    question = ("--intent", "why can't bob log in", "--expect", "denied|expired")
    return json.loads(ctx("filter", *question, "--json", stdin=BROKEN).stdout)["handle"]


def test_the_line_that_answers_comes_first_with_the_patterns_that_hit_it(ctx, handle):
    best = json.loads(ctx("explain", handle, "--json").stdout)["lines"][0]
    assert best["line"] == 201
    assert best["shown"]
    assert best["why"]["rank"] == 1
    assert "expired" in [source for source, _ in best["why"]["hits"]]


def test_a_named_line_is_explained_whether_shown_or_not(ctx, handle):
    found = ctx("explain", handle, "3").stdout
    assert "request 2 served" in found
    assert "hidden; score" in found


def test_it_says_what_kind_of_evidence_moved_the_score(ctx, handle):
    assert "moved by: " in ctx("explain", handle, "201").stdout


def test_another_question_can_be_asked(ctx, handle):
    best = json.loads(ctx("explain", handle, "--expect", "request 77 ", "--json").stdout)["lines"][0]
    assert best["line"] == 78


def test_a_line_that_is_not_there_is_refused(ctx, handle):
    refused = ctx("explain", handle, "9999")
    assert refused.returncode == 2
    assert "there is no line 9999: the output has 400" in refused.stderr

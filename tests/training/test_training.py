"""How the relevance model is made: the whole way, at a small scale."""

from __future__ import annotations

import json

import numpy as np
import pytest

import compressors
from compressors import relevance
from compressors.features import NAMES, features
from compressors.query import make_query
from compressors.types import Output
from training.__main__ import QUESTIONS, build, datasheet
from training.data import FOLDS, load


@pytest.fixture(scope="module")
def data():
    """Some short outputs, of every fold."""
    every = load(QUESTIONS.glob("*.jsonl.gz"))
    return sorted((one for one in every if one.output.count("\n") < 160), key=lambda one: one.id)[::4][:24]


@pytest.fixture(scope="module")
def model(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    build(data, folder, rounds=8, processes=1)
    return folder


def test_a_model_is_built_that_the_product_loads(model):
    assert relevance.status(model) == ""
    scorer = relevance.scorer(model)
    output = Output(b"all is well\n" * 60 + b"error: disk full\n" + b"all is well\n" * 60, "make", "", 1)
    cut = compressors.cut(output, compressors.classify(output))
    scores = scorer(make_query("why did it fail", "disk full|no space"), output, cut)
    assert int(np.argmax(scores)) == 60


def test_its_manifest_says_what_it_was_made_of(model, data):
    manifest = json.loads((model / "manifest.json").read_text())
    assert manifest["outputs"] == len(data)
    assert manifest["features"] == list(NAMES)
    assert 0 <= manifest["held_out"]["must@800 both"] <= 1


def test_a_damaged_model_is_not_used_and_says_so(model, tmp_path):
    for name in ("manifest.json", "ranker.onnx"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    (tmp_path / "ranker.onnx").write_bytes(b"damaged")
    assert relevance.scorer(tmp_path) is None
    assert "reinstall context-mode" in relevance.status(tmp_path)


def test_a_missing_model_is_not_used_and_says_so(tmp_path):
    assert relevance.scorer(tmp_path / "nothing") is None
    assert "cannot be read" in relevance.status(tmp_path / "nothing")


def test_no_project_stands_on_both_sides_of_the_split(data):
    folds = {}
    for one in data:
        folds.setdefault(one.project.lower(), set()).add(one.fold)
    assert all(len(found) == 1 for found in folds.values())
    assert {fold for found in folds.values() for fold in found} == set(range(FOLDS))


def test_the_datasheet_counts_what_is_learnt_from(data):
    assert datasheet(data).startswith(f"{len(data)} outputs of ")


def test_every_gold_line_of_the_shipped_questions_is_a_line_of_its_output():
    for one in load(QUESTIONS.glob("*.jsonl.gz")):
        lines = one.output.split("\n")
        for question in one.questions:
            assert all(0 <= row < len(lines) for row in question.gold), one.id
            gold = "\n".join(lines[row] for row in sorted(question.gold))
            assert all(must in gold for must in question.must), (one.id, question.intent)


def test_features_have_the_order_that_the_model_learnt(data):
    output = Output(data[0].output.encode(), data[0].command, data[0].path, data[0].exit_code)
    cut = compressors.cut(output, compressors.classify(output))
    matrix = features(make_query("why"), output, cut)
    assert matrix.shape == (len(output.rows), len(NAMES))
    assert np.isfinite(matrix).all()

"""Parts of files, numbered, damaged, foreign and generated text."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compressors.code import COMPRESSOR
from compressors.languages import LANGUAGES
from compressors.types import Label, Output
from tests.compressors.sources import FILES, Source, golden, part, partitions, text_of

NUMBERINGS = {"cat -n": "{:6}\t{}", "an editor": "{:6}→{}", "bat": "{:4} │ {}", "awk": "{}: {}", "grep": "{}:{}"}


@pytest.mark.parametrize("numbering", NUMBERINGS.values(), ids=NUMBERINGS)
@pytest.mark.parametrize("name", ["views.py", "common.js"])
def test_line_numbers_change_nothing_about_the_cut(name, numbering):
    plain = golden(name)
    lines = text_of(name).removesuffix("\n").split("\n")
    numbered = Source("".join(numbering.format(n, line) + "\n" for n, line in enumerate(lines, 1)), name)
    assert numbered.chunks == plain.chunks


def test_a_part_that_begins_inside_a_method_keeps_the_methods_after_it():
    cut = part("Uploader.java", 60, 226, numbered=True)
    assert cut.of("protected String getMimeType").label is Label.SIGNATURE
    assert cut.of("request = new DataOutputStream").label is not Label.SIGNATURE
    assert not any(re.search(r"\b(try|finally) \{", cut.text(chunk)) for chunk in cut.chunks if chunk.label is Label.SIGNATURE)


def test_a_part_that_begins_inside_a_class_keeps_its_methods():
    cut = part("Coroutine.php", 60, 150)
    assert cut.of("public function getState()").label is Label.SIGNATURE
    assert "Create::promiseFor" in cut.below("private function nextCoroutine")


def test_a_part_that_breaks_off_in_a_statement_keeps_what_is_whole():
    cut = part("RNFSManager.cs", 150, 260)
    assert cut.of("public async void hash(").label is Label.SIGNATURE
    assert partitions(cut.output, cut.chunks)


def test_a_part_that_begins_inside_a_docstring_keeps_the_code_after_it():
    cut = part("views.py", 20, 110)
    assert cut.of("def dispatch_request(self) ->").label is Label.SIGNATURE
    assert cut.of("if cls.init_every_request:").label is Label.BODY


def test_a_part_that_begins_inside_a_comment_keeps_the_code_after_it():
    cut = part("common.js", 3, 60)
    assert cut.of("function setup(env) {").label is Label.SIGNATURE


def test_text_in_no_such_language_is_cut_by_indentation():
    words = random.Random(7).choices([*"()[]{};:,\"'=+-", " ", "def", "class", "if"], k=4000)
    garbage = "\n".join(" ".join(words[n : n + 8]) for n in range(0, 4000, 8))
    output = Output(garbage.encode(), path="garbage.py")
    assert partitions(output, COMPRESSOR.cut(output))


def test_a_language_without_grammar_has_an_outline_too():
    kotlin = "package a.b\n\nimport c.D\n\nclass Pool(val size: Int) {\n    fun take(): Int {\n        lock()\n        return 1\n    }\n}\n"
    cut = Source(kotlin, "Pool.kt")
    assert cut.of("import c.D").label is Label.IMPORT
    assert cut.heads("lock()") == ["fun take(): Int {", "class Pool(val size: Int) {"]


def test_a_minified_file_is_cut_into_single_rows():
    output = Output(b"!function(e,t){return e+t}(1,2);" * 10_000, path="app.min.js")
    chunks = COMPRESSOR.cut(output)
    assert partitions(output, chunks)
    assert {chunk.end - chunk.start for chunk in chunks} == {1}


def test_a_long_line_among_short_ones_is_cut_into_several_chunks():
    source = (
        "import os\n\n"
        + "".join(f"def f{n}():\n    return {n}\n\n" for n in range(2000))
        + "DATA = '"
        + "x" * 200_000
        + "'\n\ndef last():\n    pass\n"
    )
    cut = Source(source, "data.py")
    assert partitions(cut.output, cut.chunks)
    assert cut.longest() <= 30
    assert cut.of("def last():").label is Label.SIGNATURE


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n\n", "x", "  ", "\ufeffimport os\n", "\x00\x01\n", "#", '"""', "/*", "{", "}" * 50, " " * 20_000 + "x"]
)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_next_to_nothing_is_still_a_partition(language, text):
    output = Output(text.encode(), path="x" + language.extensions[0])
    assert partitions(output, COMPRESSOR.cut(output))


def test_ten_thousand_nested_brackets_are_no_trouble():
    output = Output(("[\n" * 10_000 + "]\n" * 10_000).encode(), path="deep.js")
    assert partitions(output, COMPRESSOR.cut(output))


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(FILES), data=st.data())
def test_any_damage_to_a_real_file_leaves_a_partition(name, data):
    lines = text_of(name).split("\n")
    first = data.draw(st.integers(0, len(lines) - 1))
    last = data.draw(st.integers(first, len(lines)))
    dropped = data.draw(st.sets(st.integers(first, last), max_size=4))
    text = "\n".join(line for n, line in enumerate(lines[first:last], first) if n not in dropped)
    output = Output(text.encode(), path=name)
    assert partitions(output, COMPRESSOR.cut(output))
    assert COMPRESSOR.cut(output) == COMPRESSOR.cut(Output(text.encode(), path=name))


@settings(deadline=None, max_examples=60)
@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(str.encode), language=st.sampled_from(LANGUAGES))
def test_any_bytes_are_partitioned(raw, language):
    output = Output(raw, path="x" + language.extensions[-1])
    assert partitions(output, COMPRESSOR.cut(output))

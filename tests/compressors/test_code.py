import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compressors import languages
from compressors.code import COMPRESSOR
from compressors.languages import LANGUAGES
from compressors.types import Label, Output

GOLDEN = Path(__file__).parent.parent / "golden" / "code"
FILES = sorted(path.name.removesuffix(".txt") for path in GOLDEN.glob("*.txt"))


class Cut:
    """A file as it is cut, asked by what its lines say."""

    def __init__(self, text, path, command=""):
        self.output = Output(text.encode(), command=command, path=path)
        self.rows = self.output.rows
        self.chunks = COMPRESSOR.cut(self.output)

    def index(self, text):
        row = next(n for n, line in enumerate(self.rows) if text in line)
        return next(n for n, chunk in enumerate(self.chunks) if chunk.start <= row < chunk.end)

    def at(self, text):
        """The chunk that holds the first line with `text`."""
        return self.chunks[self.index(text)]

    def shown(self, chunk):
        return "\n".join(self.rows[chunk.start : chunk.end])

    def above(self, text):
        """The first lines of the signatures that the line with `text` stands under, innermost first."""
        chunk, found = self.at(text), []
        while chunk.parent is not None:
            chunk = self.chunks[chunk.parent]
            found.append(self.shown(chunk).strip().split("\n")[-1].strip())
        return found

    def below(self, text):
        """The rows that stand under the definition with `text` in its head."""
        parents, rows = {self.index(text)}, []
        for n, chunk in enumerate(self.chunks):
            if chunk.parent in parents:
                parents.add(n)
                rows.extend(range(chunk.start, chunk.end))
        return "\n".join(self.rows[row] for row in rows)


def golden(name):
    return Cut((GOLDEN / f"{name}.txt").read_text(), name)


def part(name, first, last, *, numbered=False):
    """Lines `first` to `last` of a golden, as sed or cat -n print them."""
    lines = (GOLDEN / f"{name}.txt").read_text().split("\n")[first - 1 : last]
    text = "\n".join(f"{n:6}\t{line}" for n, line in enumerate(lines, first)) if numbered else "\n".join(lines)
    return Cut(text + "\n", name, f"sed -n '{first},{last}p' {name}")


def partitions(output, chunks):
    starts = [chunk.start for chunk in chunks]
    parents_come_first = all(chunk.parent is None or chunk.parent < n for n, chunk in enumerate(chunks))
    not_empty = all(chunk.start < chunk.end for chunk in chunks)
    return [*starts, len(output.rows)] == [0, *(chunk.end for chunk in chunks)] and parents_come_first and not_empty


def test_every_language_has_a_golden_file():
    assert {languages.by_path(name) for name in FILES} == set(LANGUAGES)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_recognised_and_partitioned(name):
    cut = golden(name)
    assert COMPRESSOR.detect(cut.output)
    assert partitions(cut.output, cut.chunks)


@pytest.mark.parametrize("name", FILES)
def test_chunks_are_short_enough_to_choose_from(name):
    assert max(chunk.end - chunk.start for chunk in golden(name).chunks) <= 25


@pytest.mark.parametrize("name", FILES)
def test_signatures_outweigh_what_they_hold(name):
    cut = golden(name)
    for chunk in cut.chunks:
        if chunk.label is not Label.SIGNATURE and chunk.parent is not None:
            assert cut.chunks[chunk.parent].weight > chunk.weight


SIGNATURES = {
    "views.py": ("def dispatch_request(self) ->", "raise NotImplementedError()", 0.8),
    "decorators.py": ("def _param_memo(", "f.__click_params__.append", 0.65),
    "common.js": ("function createDebug(namespace) {", "debug.destroy = createDebug.destroy", 0.5),
    "lruMemoize.ts": ("function createLruCache(", "entries.findIndex", 0.8),
    "TabBarItem.tsx": ("export function TabBarItem<T extends Route>", "<MemoizedTabBarItemInternal", 0.8),
    "uuid.go": ("func encodeHex(", "hex.Encode(dst, uuid[:4])", 0.65),
    "lib.rs": ("pub fn format<I: Integer>(", "i.write(unsafe {", 0.8),
    "Uploader.java": ("private void upload(UploadParams params", "params.src.openConnection()", 0.65),
    "bufferutil.c": ("napi_value Mask(", "destination[i] = source[i] ^ maskAlignedArray[i]", 0.8),
    "exceptions.hpp": ("static parse_error create(int id_, const position_t& pos", "position_string(pos)", 0.8),
    "common_logger.rb": ("def log(env, status, header, began_at)", "logger.write(msg)", 0.8),
    "Coroutine.php": ("private function nextCoroutine($yielded)", "Create::promiseFor($yielded)", 0.65),
    "RNFSManager.cs": ("public async void read(string filepath, int length", "await file.ReadAsync(buffer, 0, length)", 0.8),
    "semaphore.bash": ("bats_semaphore_run() {", 'bats_semaphore_release_wrapper "$output_dir"', 0.8),
    "Uploader.m": ("- (void)uploadFiles:", "NSMutableURLRequest *req", 0.8),
}


@pytest.mark.parametrize("name", FILES)
def test_a_function_is_a_signature_with_its_body_below(name):
    head, line, weight = SIGNATURES[name]
    cut = golden(name)
    assert cut.at(head).label is Label.SIGNATURE
    assert cut.at(head).weight == weight
    assert line in cut.below(head)


def test_a_decorator_belongs_to_the_signature():
    cut = golden("views.py")
    signature = cut.at("def as_view(")
    assert cut.shown(signature).strip().startswith("@classmethod")
    assert signature.label is Label.SIGNATURE


def test_a_docstring_is_a_comment_below_its_definition():
    cut = golden("views.py")
    assert cut.at("Subclass this class and override").label is Label.COMMENT
    assert cut.above("Subclass this class and override") == ["class View:"]


def test_a_nested_function_stands_below_the_function_around_it():
    cut = golden("decorators.py")
    assert cut.above("if obj is None:") == [
        "def new_func(*args: P.args, **kwargs: P.kwargs) -> R:",
        "def decorator(f: t.Callable[te.Concatenate[T, P], R]) -> t.Callable[P, R]:",
        ") -> t.Callable[[t.Callable[te.Concatenate[T, P], R]], t.Callable[P, R]]:",
    ]


def test_overloads_are_signatures_of_their_own():
    cut = golden("decorators.py")
    overloads = [chunk for chunk in cut.chunks if "@t.overload" in cut.shown(chunk)]
    assert len(overloads) == 8
    assert {chunk.label for chunk in overloads} == {Label.SIGNATURE}


def test_imports_stand_apart():
    cut = golden("Uploader.java")
    assert cut.at("import android.os.AsyncTask;").label is Label.IMPORT
    assert golden("RNFSManager.cs").at("using System.IO;").label is Label.IMPORT
    assert golden("bufferutil.c").at("#include <assert.h>").label is Label.IMPORT
    assert Cut("const fs = require('fs')\nconst a = 1\n", "x.js").at("require").label is Label.IMPORT


def test_a_licence_header_weighs_next_to_nothing():
    assert golden("uuid.go").at("Copyright 2018 Google Inc.").weight == 0.05
    assert golden("uuid.go").at("A UUID is a 128 bit").weight > 0.05


def test_jsx_is_part_of_the_component_that_returns_it():
    assert "onLayout={onLayout}" in golden("TabBarItem.tsx").below("const TabBarItemInternal = ")


def test_a_macro_is_a_definition():
    cut = golden("lib.rs")
    assert cut.at("macro_rules! impl_Integer {").label is Label.SIGNATURE
    assert "decode 2 more chars" in cut.below("macro_rules! impl_Integer {")


def test_attributes_belong_to_the_signature():
    cut = golden("lib.rs")
    assert cut.shown(cut.at("fn default() -> Buffer")).strip().startswith("#[inline]")


def test_a_template_belongs_to_the_signature():
    cut = golden("exceptions.hpp")
    signature = cut.at("static parse_error create(int id_, const position_t& pos")
    assert cut.shown(signature).strip().startswith("template<")
    assert cut.above("static parse_error create(int id_, const position_t& pos") == ["{"]


def test_a_namespace_behind_a_macro_still_holds_classes():
    cut = golden("exceptions.hpp")
    assert cut.at("class parse_error : public exception").weight == 0.9


def test_tests_given_to_calls_are_signatures():
    cut = Cut("describe('cart', () => {\n  it('adds up', async () => {\n    expect(sum()).toBe(3)\n  })\n})\n", "cart.test.js")
    assert cut.at("adds up").label is Label.SIGNATURE
    assert cut.above("toBe(3)") == ["it('adds up', async () => {", "describe('cart', () => {"]


def test_a_callback_inside_a_function_is_no_definition():
    cut = Cut("function f(xs) {\n  xs.forEach((x) => {\n    use(x)\n  })\n}\n", "f.js")
    assert cut.above("use(x)") == ["function f(xs) {"]


def test_a_prototype_is_a_signature_and_a_struct_holds_its_fields():
    guard = "#ifdef __cplusplus\n{}\n#endif\n"
    body = "struct foo {\n  int a;\n};\nint foo_init(struct foo *f);\n"
    header = guard.format('extern "C" {') + body + guard.format("}")
    cut = Cut(header, "foo.h")
    assert cut.at("int foo_init").label is Label.SIGNATURE
    assert cut.above("int a;") == ["struct foo {"]


def test_a_long_string_is_split():
    cut = Cut('USAGE = """\\\n' + "usage: tool\n" * 60 + 'end\n"""\n', "usage.py")
    assert max(chunk.end - chunk.start for chunk in cut.chunks) <= 20


def test_arguments_after_a_callback_are_split_too():
    cut = Cut("define(function () {\n  a()\n}, [\n" + "  'x',\n" * 60 + "])\n", "x.js")
    assert max(chunk.end - chunk.start for chunk in cut.chunks) <= 20
    assert cut.at("define(function").end - cut.at("define(function").start == 1


def test_a_long_literal_is_split():
    cut = Cut("TABLE = {\n" + "".join(f"    'key{n}': {n},\n" for n in range(200)) + "}\n", "table.py")
    assert len(cut.chunks) > 10
    assert {chunk.label for chunk in cut.chunks} == {Label.STATEMENT}


@pytest.mark.parametrize(
    "command",
    [
        "cat src/app.py",
        "sed -n 1,200p app.py",
        "sed -n '/def f/,/^$/p;400q' app.py",
        "head -100 app.py",
        "head -n 100 app.py",
        "cat -n app.py | sed -n '10,20p'",
        "cat app.py | head -50",
        "cd /srv && cat 'my app.py' 2>/dev/null",
        "nl -ba app.py",
        "bat --plain app.py",
        "git show HEAD~3:src/app.py",
        "git -C repo cat-file blob HEAD:app.py",
        "awk 'NR>=10 && NR<=20' app.py",
        "LANG=C sudo cat < app.py",
        "bash -lc 'cat app.py'",
        "cat a.py b.py",
    ],
)
def test_a_command_that_prints_a_file_is_recognised(command):
    assert COMPRESSOR.detect(Output(b"x = 1\n", command=command))


@pytest.mark.parametrize(
    "command",
    [
        "grep -n foo app.py",
        "cat app.py | grep foo",
        "wc -l app.py",
        "python app.py",
        "pytest tests/test_app.py",
        "git show HEAD",
        "git diff app.py",
        "cat app.py > copy.py",
        "cat app.py; make",
        "make && cat app.py",
        "cat <<EOF > app.py",
        "cat README.md app.py",
        "ls app.py",
        "cat 'app.py",
        "awk '{print $1}' app.py",
        "diff a.py b.py",
    ],
)
def test_a_command_that_does_something_else_is_not(command):
    assert not COMPRESSOR.detect(Output(b"x = 1\n", command=command, path="app.py"))


def test_a_script_without_extension_is_known_by_its_first_line():
    assert COMPRESSOR.detect(Output(b"#!/usr/bin/env -S python3 -u\nx = 1\n", command="cat bin/tool"))
    assert COMPRESSOR.detect(Output(b"     1\t#!/bin/bash\n     2\techo hi\n", command="cat -n bin/tool"))
    assert not COMPRESSOR.detect(Output(b"just text\n", command="cat notes"))


def test_an_error_message_is_not_code():
    complaint = b"cat: app.py: No such file or directory\n"
    assert not COMPRESSOR.detect(Output(complaint, command="cat app.py", exit_code=1))
    assert COMPRESSOR.detect(Output(b"import os\n\nprint(os.name)\n" + complaint, command="cat ok.py app.py", exit_code=1))


NUMBERINGS = {"cat -n": "{:6}\t{}", "an editor": "{:6}→{}", "bat": "{:4} │ {}", "awk": "{}: {}", "grep": "{}:{}"}


@pytest.mark.parametrize("numbering", NUMBERINGS.values(), ids=NUMBERINGS)
@pytest.mark.parametrize("name", ["views.py", "common.js"])
def test_line_numbers_change_nothing_about_the_cut(name, numbering):
    plain = golden(name)
    lines = (GOLDEN / f"{name}.txt").read_text().removesuffix("\n").split("\n")
    numbered = Cut("".join(numbering.format(n, line) + "\n" for n, line in enumerate(lines, 1)), name)
    assert numbered.chunks == plain.chunks


def test_a_part_that_begins_inside_a_method_keeps_the_methods_after_it():
    cut = part("Uploader.java", 60, 226, numbered=True)
    assert cut.at("protected String getMimeType").label is Label.SIGNATURE
    assert cut.at("request = new DataOutputStream").label is not Label.SIGNATURE
    assert not any(re.search(r"\b(try|finally) \{", cut.shown(chunk)) for chunk in cut.chunks if chunk.label is Label.SIGNATURE)


def test_a_part_that_begins_inside_a_class_keeps_its_methods():
    cut = part("Coroutine.php", 60, 150)
    assert cut.at("public function getState()").label is Label.SIGNATURE
    assert "Create::promiseFor" in cut.below("private function nextCoroutine")


def test_a_part_that_breaks_off_in_a_statement_keeps_what_is_whole():
    cut = part("RNFSManager.cs", 150, 260)
    assert cut.at("public async void hash(").label is Label.SIGNATURE
    assert partitions(cut.output, cut.chunks)


def test_a_part_that_begins_inside_a_docstring_keeps_the_code_after_it():
    cut = part("views.py", 20, 110)
    assert cut.at("def dispatch_request(self) ->").label is Label.SIGNATURE
    assert cut.at("if cls.init_every_request:").label is Label.BODY


def test_a_part_that_begins_inside_a_comment_keeps_the_code_after_it():
    cut = part("common.js", 3, 60)
    assert cut.at("function setup(env) {").label is Label.SIGNATURE


def test_text_in_no_such_language_is_cut_by_indentation():
    words = random.Random(7).choices([*"()[]{};:,\"'=+-", " ", "def", "class", "if"], k=4000)
    garbage = "\n".join(" ".join(words[n : n + 8]) for n in range(0, 4000, 8))
    output = Output(garbage.encode(), path="garbage.py")
    assert partitions(output, COMPRESSOR.cut(output))


def test_a_language_without_grammar_has_an_outline_too():
    kotlin = "package a.b\n\nimport c.D\n\nclass Pool(val size: Int) {\n    fun take(): Int {\n        lock()\n        return 1\n    }\n}\n"
    cut = Cut(kotlin, "Pool.kt")
    assert cut.at("import c.D").label is Label.IMPORT
    assert cut.above("lock()") == ["fun take(): Int {", "class Pool(val size: Int) {"]


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
    cut = Cut(source, "data.py")
    assert partitions(cut.output, cut.chunks)
    assert max(chunk.end - chunk.start for chunk in cut.chunks) <= 30
    assert cut.at("def last():").label is Label.SIGNATURE


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", "x", "  ", "\ufeffimport os\n", "\x00\x01\n", "#", '"""', "/*", "{", "}" * 50])
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
    lines = (GOLDEN / f"{name}.txt").read_text().split("\n")
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

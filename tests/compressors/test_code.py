import pytest

from compressors import languages
from compressors.code import COMPRESSOR
from compressors.languages import LANGUAGES
from compressors.types import Label
from tests.compressors.sources import FILES, Source, golden, partitions


def test_every_language_has_a_golden_file():
    assert {languages.by_path(name) for name in FILES} == set(LANGUAGES)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_recognised_and_partitioned(name):
    cut = golden(name)
    assert COMPRESSOR.detect(cut.output)
    assert partitions(cut.output, cut.chunks)


@pytest.mark.parametrize("name", FILES)
def test_chunks_are_short_enough_to_choose_from(name):
    assert golden(name).longest() <= 25


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
    assert cut.of(head).label is Label.SIGNATURE
    assert cut.of(head).weight == weight
    assert line in cut.below(head)


def test_a_decorator_belongs_to_the_signature():
    cut = golden("views.py")
    signature = cut.of("def as_view(")
    assert cut.text(signature).strip().startswith("@classmethod")
    assert signature.label is Label.SIGNATURE


def test_a_docstring_is_a_comment_below_its_definition():
    cut = golden("views.py")
    assert cut.of("Subclass this class and override").label is Label.COMMENT
    assert cut.heads("Subclass this class and override") == ["class View:"]


def test_a_nested_function_stands_below_the_function_around_it():
    cut = golden("decorators.py")
    assert cut.heads("if obj is None:") == [
        "def new_func(*args: P.args, **kwargs: P.kwargs) -> R:",
        "def decorator(f: t.Callable[te.Concatenate[T, P], R]) -> t.Callable[P, R]:",
        ") -> t.Callable[[t.Callable[te.Concatenate[T, P], R]], t.Callable[P, R]]:",
    ]


def test_overloads_are_signatures_of_their_own():
    cut = golden("decorators.py")
    overloads = [chunk for chunk in cut.chunks if "@t.overload" in cut.text(chunk)]
    assert len(overloads) == 8
    assert {chunk.label for chunk in overloads} == {Label.SIGNATURE}


def test_imports_stand_apart():
    cut = golden("Uploader.java")
    assert cut.of("import android.os.AsyncTask;").label is Label.IMPORT
    assert golden("RNFSManager.cs").of("using System.IO;").label is Label.IMPORT
    assert golden("bufferutil.c").of("#include <assert.h>").label is Label.IMPORT
    assert Source("const fs = require('fs')\nconst a = 1\n", "x.js").of("require").label is Label.IMPORT


def test_a_licence_header_weighs_next_to_nothing():
    assert golden("uuid.go").of("Copyright 2018 Google Inc.").weight == 0.05
    assert golden("uuid.go").of("A UUID is a 128 bit").weight > 0.05


def test_jsx_is_part_of_the_component_that_returns_it():
    assert "onLayout={onLayout}" in golden("TabBarItem.tsx").below("const TabBarItemInternal = ")


def test_a_macro_is_a_definition():
    cut = golden("lib.rs")
    assert cut.of("macro_rules! impl_Integer {").label is Label.SIGNATURE
    assert "decode 2 more chars" in cut.below("macro_rules! impl_Integer {")


def test_attributes_belong_to_the_signature():
    cut = golden("lib.rs")
    assert cut.text(cut.of("fn default() -> Buffer")).strip().startswith("#[inline]")


def test_a_template_belongs_to_the_signature():
    cut = golden("exceptions.hpp")
    signature = cut.of("static parse_error create(int id_, const position_t& pos")
    assert cut.text(signature).strip().startswith("template<")
    assert cut.heads("static parse_error create(int id_, const position_t& pos") == ["{"]


def test_a_namespace_behind_a_macro_still_holds_classes():
    cut = golden("exceptions.hpp")
    assert cut.of("class parse_error : public exception").weight == 0.9


def test_tests_given_to_calls_are_signatures():
    cut = Source("describe('cart', () => {\n  it('adds up', async () => {\n    expect(sum()).toBe(3)\n  })\n})\n", "cart.test.js")
    assert cut.of("adds up").label is Label.SIGNATURE
    assert cut.heads("toBe(3)") == ["it('adds up', async () => {", "describe('cart', () => {"]


def test_a_callback_inside_a_function_is_no_definition():
    cut = Source("function f(xs) {\n  xs.forEach((x) => {\n    use(x)\n  })\n}\n", "f.js")
    assert cut.heads("use(x)") == ["function f(xs) {"]


def test_a_prototype_is_a_signature_and_a_struct_holds_its_fields():
    guard = "#ifdef __cplusplus\n{}\n#endif\n"
    body = "struct foo {\n  int a;\n};\nint foo_init(struct foo *f);\n"
    header = guard.format('extern "C" {') + body + guard.format("}")
    cut = Source(header, "foo.h")
    assert cut.of("int foo_init").label is Label.SIGNATURE
    assert cut.heads("int a;") == ["struct foo {"]


def test_a_long_string_is_split():
    cut = Source('USAGE = """\\\n' + "usage: tool\n" * 60 + 'end\n"""\n', "usage.py")
    assert cut.longest() <= 20


def test_arguments_after_a_callback_are_split_too():
    cut = Source("define(function () {\n  a()\n}, [\n" + "  'x',\n" * 60 + "])\n", "x.js")
    assert cut.longest() <= 20
    assert cut.of("define(function").end - cut.of("define(function").start == 1


def test_a_long_literal_is_split():
    cut = Source("TABLE = {\n" + "".join(f"    'key{n}': {n},\n" for n in range(200)) + "}\n", "table.py")
    assert len(cut.chunks) > 10
    assert {chunk.label for chunk in cut.chunks} == {Label.STATEMENT}

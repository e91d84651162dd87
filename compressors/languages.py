"""The programming languages that `code` reads: one row each. A language is its grammar, how a file of it is recognised, and the names
of the node types that matter for an outline. Grammars are imported when first needed.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter


def _types(names: str = "") -> frozenset[str]:
    return frozenset(names.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """`grammar` is the module of the grammar's wheel and `loader` its function; with no grammar a file is cut by indentation alone.

    Node types: `containers` are definitions that hold definitions, `functions` definitions that hold statements. Those `bodied` define
    something only where they have a body (a function expression, a struct), `heads` have none (a prototype). `wrappers` stand around a
    definition (`export`, `const f =`, `template <>`); `calls` are wrappers too, but not inside functions (`describe("…", () => {`).
    `transparent` nodes are looked into for definitions however short they are (`#ifdef`, `try:`).
    """

    name: str
    grammar: str = ""
    loader: str = "language"
    extensions: tuple[str, ...]
    filenames: tuple[str, ...] = ()
    shebangs: tuple[str, ...] = ()
    containers: frozenset[str] = field(default_factory=frozenset)
    functions: frozenset[str] = field(default_factory=frozenset)
    bodied: frozenset[str] = field(default_factory=frozenset)
    body_fields: tuple[str, ...] = ("body",)
    heads: frozenset[str] = field(default_factory=frozenset)
    wrappers: frozenset[str] = field(default_factory=frozenset)
    calls: frozenset[str] = field(default_factory=frozenset)
    transparent: frozenset[str] = field(default_factory=frozenset)
    attributes: frozenset[str] = field(default_factory=frozenset)  # siblings that belong to the definition below
    comments: frozenset[str] = field(default_factory=lambda: frozenset({"comment"}))
    imports: frozenset[str] = field(default_factory=frozenset)
    import_line: str = ""  # a pattern for imports that are ordinary statements
    private: str = ""  # a pattern for heads of what is not meant for others
    docstrings: bool = False
    opening: str = ""  # what must come before the first line of code, and may have been cut off
    around_members: str = ""  # put before a part of a file that begins inside a type,
    around_statements: str = ""  # inside a function,
    around_method: str = ""  # or inside a function of a type

    @property
    def braced(self) -> bool:
        return bool(self.around_statements)


_JS_CALLS = _types("call_expression arguments new_expression await_expression unary_expression parenthesized_expression")
_JS_WRAPPERS = _types(
    "export_statement expression_statement lexical_declaration variable_declaration variable_declarator assignment_expression pair"
    " field_definition public_field_definition return_statement ambient_declaration"
)
_JS_CONTAINERS = _types("class_declaration class")
_JS_VALUES = _types("arrow_function function_expression generator_function")
_JS_FUNCTIONS = _types("function_declaration generator_function_declaration method_definition") | _JS_VALUES
_JS_TRANSPARENT = _types("if_statement else_clause statement_block try_statement catch_clause")
_JS_REQUIRE = r"^(?:const|let|var)\s[^=]+=\s*(?:require\(|await import\()|^require\("
_C_TRANSPARENT = _types("preproc_if preproc_ifdef preproc_else preproc_elif preproc_elifdef linkage_specification")
_C_TYPES = _types("struct_specifier union_specifier enum_specifier class_specifier")
_C_DECLARATORS = _types("pointer_declarator reference_declarator")

PYTHON = Language(
    name="python",
    grammar="tree_sitter_python",
    extensions=(".py", ".pyi", ".pyw", ".pyx", ".bzl", ".star"),
    filenames=("SConstruct", "SConscript", "BUILD", "wscript"),
    shebangs=("python", "pypy"),
    containers=_types("class_definition"),
    functions=_types("function_definition"),
    wrappers=_types("decorated_definition"),
    transparent=_types("if_statement elif_clause else_clause try_statement except_clause finally_clause with_statement block"),
    imports=_types("import_statement import_from_statement future_import_statement"),
    private=r"\b(?:def|class) _(?!_)",
    docstrings=True,
)
JAVASCRIPT = Language(
    name="javascript",
    grammar="tree_sitter_javascript",
    extensions=(".js", ".jsx", ".mjs", ".cjs", ".es6"),
    filenames=("Jakefile",),
    shebangs=("node", "bun"),
    containers=_JS_CONTAINERS,
    functions=_JS_FUNCTIONS,
    bodied=_JS_VALUES,
    wrappers=_JS_WRAPPERS,
    calls=_JS_CALLS,
    transparent=_JS_TRANSPARENT,
    attributes=_types("decorator"),
    imports=_types("import_statement"),
    import_line=_JS_REQUIRE,
    private=r"^\s*(?:static |async |get |set |function |const |let )*[_#]",
    around_members="class _{",
    around_statements="async function _(){",
    around_method="class _{async _(){",
)
TYPESCRIPT = replace(
    JAVASCRIPT,
    name="typescript",
    grammar="tree_sitter_typescript",
    loader="language_typescript",
    extensions=(".ts", ".mts", ".cts"),
    filenames=(),
    shebangs=("deno", "ts-node", "tsx"),
    containers=_JS_CONTAINERS | _types("abstract_class_declaration interface_declaration enum_declaration internal_module module"),
    functions=_JS_FUNCTIONS
    | _types("type_alias_declaration function_signature method_signature abstract_method_signature construct_signature"),
    body_fields=("body", "value"),  # the value of a type alias
    private=r"^\s*(?:private|protected)\b|^\s*(?:static |async |get |set |function |const |let )*[_#]",
)
TSX = replace(TYPESCRIPT, name="tsx", loader="language_tsx", extensions=(".tsx",), shebangs=())
GO = Language(
    name="go",
    grammar="tree_sitter_go",
    extensions=(".go",),
    containers=_types("type_spec type_alias"),
    functions=_types("function_declaration method_declaration func_literal"),
    bodied=_types("func_literal"),
    body_fields=("body", "type"),
    wrappers=_types("type_declaration var_declaration var_spec expression_list"),
    imports=_types("import_declaration"),
    private=r"^func (?:\([^)]*\) *)?[a-z_]|^type [a-z_]|^var ",
    around_statements="func _(){",
    around_method="func _(){",
)
RUST = Language(
    name="rust",
    grammar="tree_sitter_rust",
    extensions=(".rs",),
    shebangs=("rust-script",),
    containers=_types("impl_item trait_item mod_item enum_item struct_item union_item foreign_mod_item"),
    functions=_types("function_item function_signature_item macro_definition type_item"),
    bodied=_types("mod_item"),
    attributes=_types("attribute_item"),
    comments=_types("line_comment block_comment"),
    imports=_types("use_declaration extern_crate_declaration"),
    private=r"\A(?![\s\S]*\bpub\b)(?![\s\S]*\b(?:impl|trait|macro_rules)\b)",
    around_members="impl _{",
    around_statements="fn _(){",
    around_method="impl _{fn _(){",
)
JAVA = Language(
    name="java",
    grammar="tree_sitter_java",
    extensions=(".java",),
    containers=_types("class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration"),
    functions=_types("method_declaration constructor_declaration compact_constructor_declaration static_initializer"),
    transparent=_types("enum_body_declarations"),
    comments=_types("line_comment block_comment"),
    imports=_types("import_declaration"),
    private=r"\b(?:private|protected)\b",
    around_members="class _{",
    around_statements="void _(){",
    around_method="class _{void _(){",
)
C = Language(
    name="c",
    grammar="tree_sitter_c",
    extensions=(".c",),
    containers=_C_TYPES,
    functions=_types("function_definition"),
    bodied=_C_TYPES,
    heads=_types("function_declarator"),
    wrappers=_types("declaration type_definition") | _C_DECLARATORS,
    transparent=_C_TRANSPARENT | _types("declaration_list"),
    imports=_types("preproc_include"),
    private=r"\bstatic\b",
    around_statements="void _(){",
    around_method="void _(){",
)
CPP = Language(
    name="cpp",
    grammar="tree_sitter_cpp",
    # Headers are read as C++, whose grammar takes nearly all of C; the other way round templates and classes would be lost.
    extensions=(".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".h", ".inl", ".ipp", ".tpp", ".tcc", ".cu", ".cuh", ".ino"),
    containers=_C_TYPES | _types("namespace_definition"),
    functions=_types("function_definition concept_definition alias_declaration"),
    bodied=_C_TYPES,
    heads=_types("function_declarator"),
    wrappers=_types("template_declaration declaration field_declaration friend_declaration type_definition") | _C_DECLARATORS,
    transparent=_C_TRANSPARENT | _types("declaration_list"),
    imports=_types("preproc_include using_declaration"),
    private=r"^static\b",
    around_members="class _{",
    around_statements="void _(){",
    around_method="class _{void _(){",
)
RUBY = Language(
    name="ruby",
    grammar="tree_sitter_ruby",
    extensions=(".rb", ".rake", ".gemspec", ".ru", ".podspec"),
    filenames=("Rakefile", "Gemfile", "Guardfile", "Vagrantfile", "Podfile", "Fastfile", "Brewfile"),
    shebangs=("ruby", "jruby"),
    containers=_types("class module singleton_class"),
    functions=_types("method singleton_method do_block block"),
    bodied=_types("do_block block"),
    wrappers=_types("assignment"),
    calls=_types("call argument_list"),
    transparent=_types("if unless begin then else body_statement"),
    import_line=r"^(?:require|require_relative|load|autoload)\b",
    private=r"^\s*(?:private\b|(?:private )?def (?:self\.)?_)",
)
PHP = Language(
    name="php",
    grammar="tree_sitter_php",
    loader="language_php",
    extensions=(".php", ".phtml", ".inc", ".php5", ".phps"),
    shebangs=("php",),
    containers=_types("class_declaration interface_declaration trait_declaration enum_declaration namespace_definition"),
    functions=_types("function_definition method_declaration anonymous_function"),
    bodied=_types("anonymous_function namespace_definition"),
    wrappers=_types("expression_statement assignment_expression"),
    transparent=_types("if_statement compound_statement"),
    imports=_types("namespace_use_declaration"),
    import_line=r"^(?:require|include)(?:_once)?\b",
    private=r"\b(?:private|protected)\b",
    opening="<?php ",
    around_members="class _{",
    around_statements="function _(){",
    around_method="class _{function _(){",
)
CSHARP = Language(
    name="csharp",
    grammar="tree_sitter_c_sharp",
    extensions=(".cs", ".csx"),
    containers=_types(
        "namespace_declaration class_declaration struct_declaration interface_declaration enum_declaration record_declaration"
    ),
    functions=_types(
        "method_declaration constructor_declaration destructor_declaration operator_declaration conversion_operator_declaration"
        " property_declaration indexer_declaration event_declaration delegate_declaration local_function_statement"
    ),
    body_fields=("body", "accessors"),
    transparent=_types("global_statement preproc_if preproc_else preproc_elif"),
    imports=_types("using_directive"),
    private=r"\A(?![\s\S]*\b(?:public|internal|namespace)\b)",
    around_members="class _{",
    around_statements="void _(){",
    around_method="class _{void _(){",
)
BASH = Language(
    name="bash",
    grammar="tree_sitter_bash",
    extensions=(".sh", ".bash", ".bats", ".ebuild", ".ksh", ".zsh"),
    filenames=(".bashrc", ".bash_profile", ".profile", ".zshrc", "PKGBUILD", "APKBUILD"),
    shebangs=("bash", "sh", "dash", "ksh", "zsh", "bats"),
    functions=_types("function_definition"),
    transparent=_types("if_statement else_clause elif_clause"),
    import_line=r"^(?:source|\.)\s",
    private=r"^\s*(?:function )?_",
)
# Without a grammar wheel: recognised, and cut by indentation and by lines that look like the head of a definition.
OTHER = Language(
    name="other",
    extensions=(
        *(".kt", ".kts", ".swift", ".scala", ".groovy", ".gradle", ".dart", ".lua", ".pl", ".pm", ".hs", ".ml", ".mli", ".ex", ".exs"),
        *(".erl", ".hrl", ".clj", ".cljs", ".fs", ".fsx", ".vb", ".ps1", ".psm1", ".zig", ".nim", ".cr", ".jl", ".r", ".m", ".mm"),
        *(".proto", ".tcl", ".awk", ".sol", ".v", ".sv", ".vhd", ".f90", ".pas", ".d", ".el", ".lisp", ".scm", ".fish", ".thrift"),
    ),
    shebangs=("perl", "lua", "luajit", "awk", "gawk", "tclsh", "Rscript", "fish", "pwsh", "elixir", "escript", "runhaskell", "raku"),
)
LANGUAGES = (PYTHON, JAVASCRIPT, TYPESCRIPT, TSX, GO, RUST, JAVA, C, CPP, RUBY, PHP, CSHARP, BASH, OTHER)

_BY_EXTENSION = {extension: language for language in LANGUAGES for extension in language.extensions}
_BY_FILENAME = {name: language for language in LANGUAGES for name in language.filenames}
_BY_SHEBANG = {name: language for language in LANGUAGES for name in language.shebangs}
_SHEBANG = re.compile(r"#!\s*(?:\S*/env\s+(?:-\S+\s+|\w+=\S+\s+)*)?(?:\S*/)?([A-Za-z-]+)")


def by_path(path: str) -> Language | None:
    """By file name or extension, on any platform's path."""
    file = PurePosixPath(path.replace("\\", "/"))
    return _BY_FILENAME.get(file.name) or _BY_EXTENSION.get(file.suffix.lower())


def by_shebang(line: str) -> Language | None:
    """By the interpreter that a `#!` line names."""
    found = _SHEBANG.match(line)
    return _BY_SHEBANG.get(found[1].rstrip("-")) if found else None


@cache
def grammar(module: str, loader: str) -> tree_sitter.Language:
    import tree_sitter

    return tree_sitter.Language(getattr(importlib.import_module(module), loader)())

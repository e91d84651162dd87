"""Documents."""

from __future__ import annotations

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


def test_a_paragraph_stands_under_all_its_headings():
    cut = Cut("markup", golden("markup/semver-readme.md.txt"))
    above = [head.strip().split("\n")[0] for head in cut.above("Allows patch-level changes")]
    assert above == [
        "#### Tilde Ranges `~1.2.3` `~1.2` `~1`",
        "### Advanced Range Syntax",
        "## Ranges",
        "semver(1) -- The semantic versioner for npm",
    ]


def test_a_hash_inside_a_code_block_is_no_heading():
    cut = Cut("markup", "# Title\n\nText.\n\n```sh\n# a remark\nmake\n```\n\n## Next\n\n## Last\n")
    assert cut.of("# a remark").label is Label.PARAGRAPH
    assert "```sh\n# a remark\nmake\n```" in cut.text(cut.of("# a remark"))


def test_underlines_make_headings_by_the_order_they_appear_in():
    cut = Cut("markup", golden("markup/pluggy-readme.rst.txt"))
    assert "A definitive example" in next(cut.above("import pluggy"))
    nested = Cut("markup", "Title\n=====\n\nText.\n\nPart\n----\n\nBody here.\n\nOther\n-----\n\nMore.\n")
    assert [head.split("\n")[0] for head in nested.above("Body here.")] == ["Part", "Title"]


def test_a_manual_pages_options_stand_under_their_section():
    cut = Cut("markup", golden("markup/man-sqlite3.txt"))
    assert next(cut.above("-bail")).strip() == "OPTIONS"
    assert cut.of("SYNOPSIS").label is Label.HEADING


def test_a_help_texts_options_stand_under_their_title():
    cut = Cut("markup", golden("markup/rg-help.txt", "rg --help"))
    assert next(cut.above("--after-context <NUM>")).strip() == "OPTIONS:"


def test_an_html_page_has_its_headings():
    page = "<!DOCTYPE html>\n<html>\n<h1>Guide</h1>\n<p>Hello.</p>\n<h2 id=x>Install</h2>\n<p>Run it.</p>\n<h2>Use</h2>\n<p>So.</p>\n"
    cut = Cut("markup", page)
    assert [head.split("\n")[0] for head in cut.above("Run it.")] == ["<h2 id=x>Install</h2>", "<h1>Guide</h1>"]


def test_xml_and_accessibility_trees_nest():
    suite = "\n".join(f'    <testcase name="t{n}">\n      <failure>no</failure>\n    </testcase>' for n in range(9))
    cut = Cut("markup", f'<?xml version="1.0"?>\n<testsuites>\n  <testsuite name="s">\n{suite}\n  </testsuite>\n</testsuites>\n')
    assert [head.strip() for head in cut.above('"t5"')] == ['<testsuite name="s">', "<testsuites>"]
    rows = "\n".join(f"      - listitem [ref=e{n}]: item {n}" for n in range(20))
    menu = f'- main [ref=e2]:\n  - navigation "Menu" [ref=e5]:\n    - list [ref=e4]:\n{rows}\n'
    page = Cut("markup", f'- banner [ref=e1]:\n  - heading "Shop" [level=1]\n{menu}')
    assert [head.strip().split(" ")[1] for head in page.above("item 15")] == ["list", "navigation", "main"]


def test_a_document_that_speaks_of_errors_is_no_error():
    cut = Cut("markup", "# Errors\n\nA fatal error: it failed.\n\n## Why\n\n## How\n")
    assert {chunk.label for chunk in cut.chunks} == {Label.HEADING, Label.PARAGRAPH}


@pytest.mark.parametrize("name", ["semver-readme.md", "man-sqlite3", "rg-help", "jq-help", "pydoc-textwrap", "junit.xml"])
def test_a_document_is_known_without_its_command(name):
    assert detects("markup", golden(f"markup/{name}.txt"))


@pytest.mark.parametrize(
    ("command", "path"), [("", "README.md"), ("cat docs/guide.rst", ""), ("head -50 CHANGELOG", ""), ("man ls | col -b", "")]
)
def test_a_document_is_known_by_its_name(command, path):
    assert detects("markup", Output(b"some words\nmore words\n", command, path))


def test_a_usage_message_after_an_error_is_no_document():
    assert not detects("markup", Output(b"usage: x [-h]\nx: error: the following arguments are required: y\n", "x --help=1", exit_code=2))

"""Records."""

from __future__ import annotations

import json

import pytest

from compressors.types import Label, Output
from tests.compressors.cuts import Cut, detects, golden


@pytest.mark.parametrize(
    ("name", "columns", "row"),
    [
        ("sqlite-box.txt", "│ code │", "COMBINING MACRON"),
        ("sqlite-column.txt", "category", "Mn"),
        ("ps-columns.txt", "USER", "kthreadd"),
        ("df.txt", "Filesystem", "/dev/vda"),
        ("unicode.csv.txt", "code,name,category", "GREEK CAPITAL LETTER OMEGA"),
    ],
)
def test_a_record_stands_under_its_columns(name, columns, row):
    cut = Cut("records", golden(f"records/{name}", path="chars.csv" if "csv" in name else ""))
    head = next(cut.above(row))
    assert columns in head
    assert cut.of(columns).label is Label.COLUMNS
    assert cut.of(columns).weight >= 0.9


def test_each_element_of_an_array_is_one_chunk():
    cut = Cut("records", golden("records/jq-pretty.txt"))
    chunk = cut.text(cut.of("COMBINING TILDE OVERLAY"))
    assert chunk.strip().startswith("{")
    assert chunk.count('"code"') == 1


def test_a_value_stands_under_the_keys_that_hold_it():
    deep = {"spec": {"containers": [{"name": f"c{n}", "image": f"i{n}", "args": list(range(20))} for n in range(3)]}}
    cut = Cut("records", json.dumps(deep, indent=2))
    assert [head.strip() for head in cut.above('"c1"')] == ['"containers": [', '"spec": {', "{"] or '"containers": [' in "".join(
        cut.above('"c1"')
    )


def test_the_first_record_weighs_more_than_those_like_it():
    cut = Cut("records", golden("records/jq-compact.txt"))
    assert cut.chunks[0].weight >= 0.7
    assert cut.of('COMBINING DOT ABOVE"').weight < 0.3


def test_a_record_that_differs_stands_out():
    rows = [f'{{"id": {n}, "status": "{"pending" if n == 70 else "done"}", "ms": {5 + n % 3}}}' for n in range(100)]
    cut = Cut("records", "\n".join(rows))
    assert cut.of("pending").weight >= 0.6 > cut.of('"id": 60,').weight


def test_a_number_far_off_stands_out():
    cut = Cut("records", "id,ms,host\n" + "\n".join(f"{n},{9000 if n == 70 else 5 + n % 7},h{n % 40}" for n in range(100)), path="t.csv")
    assert cut.of("70,9000").weight >= 0.6 > cut.of("60,9,").weight


def test_a_record_that_speaks_of_an_error_comes_first():
    cut = Cut(
        "records",
        "NAME    READY   STATUS             AGE\n"
        + "\n".join(f"web-{n}   1/1     {'CrashLoopBackOff' if n == 4 else 'Running'}   3d" for n in range(9)),
    )
    assert cut.of("CrashLoopBackOff").label is Label.ERROR
    assert next(cut.above("CrashLoopBackOff")).startswith("NAME")


def test_records_of_one_field_a_row_stay_whole():
    cut = Cut("records", golden("records/sqlite-line.txt"))
    chunk = cut.text(cut.of("COMBINING CIRCUMFLEX ACCENT"))
    assert chunk.count(" = ") == 5


def test_yaml_and_toml_stand_under_their_sections():
    yaml = Cut("records", "jobs:\n  test:\n    steps:\n" + "\n".join(f"      - run: step{n}" for n in range(30)), path="ci.yml")
    assert [head.strip() for head in yaml.above("step20")] == ["steps:", "test:", "jobs:"]
    toml = Cut("records", "[tool.x]\n" + "a = 1\n" * 20 + "[tool.y]\n" + "b = 2\n" * 20, path="pyproject.toml")
    assert next(toml.above("b = 2")) == "[tool.y]"


def test_json_on_one_long_line_is_cut_by_its_pieces():
    cut = Cut("records", golden("records/json-one-line.txt"))
    assert all(chunk.end - chunk.start == 1 for chunk in cut.chunks)


def test_deep_nesting_needs_no_deep_stack():
    assert Cut("records", "\n".join(" " * n + '"k": {' for n in range(3000)), path="x.json").chunks


@pytest.mark.parametrize(
    "name", ["jq-pretty", "jq-compact", "json-one-line", "pip-inspect", "sqlite-box", "sqlite-column", "sqlite-line", "ps-columns", "df"]
)
def test_records_are_known_without_their_command(name):
    assert detects("records", golden(f"records/{name}.txt"))


@pytest.mark.parametrize("raw", ["", "Some words, and more.\nThen others.\n", '- button "Save" [ref=e3]\n- link "Home"\n- text: hello\n'])
def test_other_text_is_no_record(raw):
    assert not detects("records", Output(raw.encode()))


def test_a_manual_page_is_no_table():
    assert not detects("records", golden("markup/man-sqlite3.txt"))

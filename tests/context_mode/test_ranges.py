"""Law 3: a range gives back raw bytes, and the ranges together are the raw output."""

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compressors.text import clean
from context_mode.errors import RangeError
from context_mode.ranges import cut, line_numbers, parse_ranges

# what tools write, and what no tool should: colours, progress, invalid bytes, backspaces, long lines, many newlines
FRAGMENTS = [
    b"\n",
    b"\n\n",
    b"abc",
    b"x" * 2_100,
    b"\x1b[31m",
    b"\x1b[",
    b"\r",
    b"\b",
    b"\0",
    "Grüße ✓".encode(),
    b"\xff\xfe",
    b"\xe2\x82",
    b"1 2",
    b"\xef\xbf\xbd",
]
OUTPUTS = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=20), max_size=30).map(b"".join)


def digest(*parts):
    return sha256(b"".join(parts)).hexdigest()


@given(raw=OUTPUTS, data=st.data())
def test_line_ranges_that_follow_each_other_join_to_the_raw_output(raw, data):
    count = raw.count(b"\n") + 1
    ends = sorted(data.draw(st.sets(st.integers(1, count), max_size=5)) | {count})
    ranges = [f"{start + 1}-{end}" for start, end in zip([0, *ends], ends, strict=False)]
    assert digest(*(cut(raw, parse_ranges(text)) for text in ranges)) == digest(raw)
    assert digest(cut(raw, parse_ranges(", ".join(ranges)))) == digest(raw)


@given(line=OUTPUTS.map(lambda raw: raw.replace(b"\n", b"")), after=st.booleans(), data=st.data())
@example(line=b"\xe2\x82\xe2\x82a", after=True, data=None)
def test_pieces_that_follow_each_other_join_to_the_raw_line(line, after, data):
    raw = b"before\n" + line + (b"\nafter\n" if after else b"")
    length = len(clean(line))
    if not length:
        return
    ends = sorted((data.draw(st.sets(st.integers(1, length), max_size=4)) if data else {2}) | {length})
    pieces = [cut(raw, parse_ranges(f"2:{start + 1}-{end}")) for start, end in zip([0, *ends], ends, strict=False)]
    assert digest(*pieces) == digest(line, b"\n" if after else b"")


@given(line=OUTPUTS.map(lambda raw: raw.replace(b"\n", b"")), data=st.data())
def test_a_piece_holds_the_characters_that_its_range_names(line, data):
    text = clean(line)
    if not text:
        return
    first = data.draw(st.integers(1, len(text)))
    last = data.draw(st.integers(first, len(text)))
    characters = iter(cut(line, parse_ranges(f"1:{first}-{last}")).decode("utf-8", "replace"))
    assert all(character in characters for character in text[first - 1 : last])


def test_a_piece_of_a_coloured_line_is_counted_as_it_is_shown():
    assert cut(b"\x1b[1mab\x1b[0mcd", parse_ranges("1:3-4")) == b"\x1b[0mcd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", b"two\n"),
        ("2-3", b"two\nthree\n"),
        ("3-", b"three\n"),
        ("2-99", b"two\nthree\n"),
        ("", b"one\ntwo\nthree\n"),
        ("1,3", b"one\nthree\n"),
        ("1 3", b"one\nthree\n"),
        ("[… 1, 3]", b"one\nthree\n"),
        ("4", b""),
        ("2:1-2", b"tw"),
        ("2:2-", b"wo\n"),
        ("2:2", b"w"),
    ],
)
def test_ranges_are_written_as_markers_write_them(text, expected):
    assert cut(b"one\ntwo\nthree\n", parse_ranges(text)) == expected


@pytest.mark.parametrize("text", ["x", "-3", "0", "0-3", "5-2", "1-2-3", "2:", "2:0-1", "0:1-2", "1.5", "१"])
def test_what_is_no_range_is_refused_with_an_example(text):
    with pytest.raises(RangeError, match="is not a range: "):
        parse_ranges(text)


def test_a_range_that_begins_after_the_end_is_refused_with_the_length():
    with pytest.raises(RangeError, match="line 5 is beyond the end: the output has 3 lines"):
        cut(b"one\ntwo\n", parse_ranges("5-9"))
    with pytest.raises(RangeError, match="character 4 is beyond the end: line 1 has 3 characters"):
        cut(b"one\ntwo\n", parse_ranges("1:4-9"))


def test_the_lines_that_ranges_touch_are_known():
    assert line_numbers(b"1\n2\n3\n4", parse_ranges("1-2,4:1-1")) == [0, 1, 3]
    assert list(line_numbers(b"1\n2\n3\n4", parse_ranges(""))) == [0, 1, 2, 3]

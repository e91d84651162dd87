"""A driver's stream, however the engine cuts it up: every byte of output comes out, once, and the report after it."""

import contextlib
import socket
import struct
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Command
from sandbox.channel import Channel, ChannelClosedError, Report
from sandbox.shell import request

TOKEN = "0123456789abcdef"  # noqa: S105 (marks an end, opens nothing)
MARK = b"\0" + TOKEN.encode() + b" "


@contextlib.contextmanager
def channel(received):
    """Its other end has sent these pieces."""
    near, far = socket.socketpair()
    with contextlib.closing(Channel(near)) as made:
        far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        for piece in received:
            far.sendall(piece)
        far.close()
        yield made


def frame(data):
    return struct.pack(">BxxxL", 1, len(data)) + data


def cut(data, at):
    places = sorted({place % (len(data) + 1) for place in at})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


troublesome = st.lists(st.sampled_from([b"\0", MARK[:-1], MARK[:5], b"\n", b"text", b"0123", b"\xff\xfe"]), max_size=12).map(b"".join)
outputs = st.one_of(st.binary(max_size=200), troublesome)
places = st.lists(st.integers(0, 10_000), max_size=20)


@given(outputs, places, places)
def test_output_comes_out_whole_whatever_the_pieces(output, frames, pieces):
    stream = b"".join(frame(part) for part in cut(output + MARK + b"3 0 1 0\nafter", frames))
    heard = []
    with channel(cut(stream, pieces)) as made:
        words = made.read(TOKEN, heard.append)
    assert b"".join(heard) == output
    assert Report.parse(words) == Report(exit_code=3, signal=None, out_of_memory=True, held=False)


@given(outputs)
def test_nothing_that_was_heard_is_held_back_when_the_driver_dies(output):
    heard = []
    with channel([frame(output)]) as made, pytest.raises(ChannelClosedError):
        made.read(TOKEN, heard.append)
    assert output.startswith(b"".join(heard))
    assert len(output) - len(b"".join(heard)) < len(MARK)


def test_reading_goes_on_after_a_deadline():
    near, far = socket.socketpair()
    heard = []
    with contextlib.closing(Channel(near)) as made, contextlib.closing(far):
        far.sendall(frame(b"one "))
        with pytest.raises(TimeoutError):
            made.read(TOKEN, heard.append, deadline=0.0)
        far.sendall(frame(b"two" + MARK + b"0 0 0 0\n"))
        assert made.read(TOKEN, heard.append) == ["0", "0", "0", "0"]
    assert b"".join(heard) == b"one two"


def test_a_channel_that_closed_is_seen_to_be_closed():
    near, far = socket.socketpair()
    with contextlib.closing(Channel(near)) as made:
        far.sendall(frame(b"late output of nobody"))
        assert made.is_open()
        far.close()
        assert not made.is_open()


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(words, min_size=1, max_size=5))
def test_any_words_survive_the_way_through_the_shell(arguments):
    line = request(Command(argv=("printf", "%s\\0", *arguments)), "/", TOKEN, "marker")
    assert line.count(b"\n") == 1
    script = b"newline='\n'\nrun() { shift 5; \"$@\"; }\n" + line
    shown = subprocess.run(["bash"], input=script, capture_output=True, check=True).stdout
    assert shown == "".join(f"{argument}\0" for argument in arguments).encode()

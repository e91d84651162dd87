"""Output is kept up to a cap, in the order in which it came."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.spool import IN_MEMORY, Spool


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(0, 400))
def test_the_first_bytes_are_kept(chunks, cap):
    spool = Spool(cap)
    for chunk in chunks:
        spool.write(chunk)
    whole = b"".join(chunks)
    assert spool.truncated == (len(whole) > cap)
    assert spool.take() == whole[:cap]


@given(st.lists(st.integers(0, IN_MEMORY), min_size=1, max_size=5), st.integers(IN_MEMORY // 2, 3 * IN_MEMORY))
def test_large_outputs_go_through_a_file_and_come_back_whole(sizes, cap):
    spool = Spool(cap)
    chunks = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    for chunk in chunks:
        spool.write(chunk)
    assert spool.take() == b"".join(chunks)[:cap]


def test_what_was_taken_is_gone():
    spool = Spool(100)
    spool.write(b"x")
    assert (spool.take(), spool.take()) == (b"x", b"")

import pytest

from compressors.code import COMPRESSOR
from compressors.types import Output


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

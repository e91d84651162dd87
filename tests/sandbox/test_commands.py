"""What a command is, and which backends run one."""

import pytest

from sandbox import BACKENDS, Command


def test_a_command_is_either_argv_or_a_line():
    with pytest.raises(ValueError, match="either"):
        Command()
    with pytest.raises(ValueError, match="either"):
        Command(argv=("a",), shell="b")  # noqa: S604 (our field, not subprocess's)


def test_a_setting_names_every_backend_that_runs_commands():
    assert set(BACKENDS) == {"docker", "host"}

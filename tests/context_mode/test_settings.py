import dataclasses
from pathlib import Path

import platformdirs
import pytest

from context_mode.errors import SettingsError
from context_mode.settings import Settings, load_settings, user_data_folder


def test_without_variables_the_defaults_stand():
    assert load_settings({"HOME": "/home/someone"}) == Settings()


def test_a_variable_sets_its_field_in_the_type_of_the_field():
    given = {"CONTEXT_MODE_BUDGET": "800", "CONTEXT_MODE_CPUS": "1.5", "CONTEXT_MODE_BACKEND": "host", "CONTEXT_MODE_IMAGE": "mine:1"}
    assert load_settings(given) == Settings(budget=800, cpus=1.5, backend="host", image="mine:1")


def test_an_empty_variable_counts_as_not_given():
    assert load_settings({"CONTEXT_MODE_BUDGET": ""}) == Settings()


def test_an_unknown_variable_is_refused_with_the_nearest_known_name():
    with pytest.raises(SettingsError, match="CONTEXT_MODE_BUGDET: did you mean CONTEXT_MODE_BUDGET"):
        load_settings({"CONTEXT_MODE_BUGDET": "800"})


def test_an_unknown_variable_like_no_other_is_refused_with_all_known_names():
    with pytest.raises(SettingsError, match=r"CONTEXT_MODE_ZZZZ.*DATA_DIR, .*BACKEND"):
        load_settings({"CONTEXT_MODE_ZZZZ": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUDGET", "many"),
        ("BUDGET", "0"),
        ("BUDGET", "-5"),
        ("TIMEOUT_S", "nan"),
        ("TIMEOUT_S", "inf"),
        ("CPUS", "-1"),
        ("BACKEND", "podman"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"CONTEXT_MODE_{name} must be"):
        load_settings({f"CONTEXT_MODE_{name}": value})


def test_the_mark_that_the_sandbox_leaves_in_the_environment_is_no_setting():
    assert load_settings({"CONTEXT_MODE_COMMAND": "0123"}) == Settings()


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().budget = 5


def test_the_data_folder_is_the_one_of_platformdirs(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert user_data_folder() == platformdirs.user_data_dir("context-mode", appauthor=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert user_data_folder() == platformdirs.user_data_dir("context-mode", appauthor=False)


def test_a_tilde_in_the_data_folder_is_the_home():
    assert load_settings({"CONTEXT_MODE_DATA_DIR": "~/outputs"}).data_folder == str(Path.home() / "outputs")


def test_the_workspace_is_the_current_folder_with_its_links_followed(monkeypatch, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path / "link")
    assert Settings().workspace_folder == str((tmp_path / "real").resolve())

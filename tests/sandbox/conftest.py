"""Real sandboxes over real workspaces."""

import pytest

from tests.sandbox.bench import EVERY_BACKEND, bench


@pytest.fixture(scope="module", params=EVERY_BACKEND)
def sandbox(request, tmp_path_factory):
    with bench(request.param, tmp_path_factory.mktemp("workspace")) as made:
        yield made


@pytest.fixture(params=EVERY_BACKEND)
def own_sandbox(request, tmp_path):
    """One that the test may ruin."""
    with bench(request.param, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def docker_sandbox(tmp_path_factory):
    with bench("docker", tmp_path_factory.mktemp("workspace")) as made:
        yield made


@pytest.fixture
def own_docker_sandbox(tmp_path):
    with bench("docker", tmp_path) as made:
        yield made

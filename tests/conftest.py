"""Tests marked `docker` need a real engine. Without one they are skipped with one line; with CI set that is a failure."""

import os
import signal
from functools import cache

import pytest


@cache
def why_no_engine() -> str:
    """Empty where an engine answers."""
    import docker

    try:
        client = docker.from_env(timeout=10)
        client.ping()
    except docker.errors.DockerException as problem:
        return f"no Docker engine answers ({problem}); scripts/ensure-docker gets one"
    client.close()
    return ""


def pytest_configure():
    """Whoever started us may have had us ignore these (nohup, a job in the background), and what we start would ignore them too."""
    for number in (signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def pytest_runtest_setup(item):
    if item.get_closest_marker("docker") is None or not why_no_engine():
        return
    if os.environ.get("CI"):
        pytest.fail(why_no_engine(), pytrace=False)
    pytest.skip(why_no_engine())

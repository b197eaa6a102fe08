"""Fixtures of the engine's tests."""

import pytest

from .worlds import ENGINES, play_day


@pytest.fixture(params=ENGINES)
def engine(request):
    """Return each engine in turn."""
    return request.param


@pytest.fixture
def play(tmp_path, engine):
    """Return a function that plays a dict as one span with this engine."""
    return lambda what: play_day(tmp_path, what, engine)

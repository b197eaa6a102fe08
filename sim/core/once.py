"""Work that a process does once, whichever of its threads asks first; the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec

Arguments = ParamSpec("Arguments")


def once(work: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Let the first call with these arguments do the work.

    `functools.cache` alone lets two threads do it at once.
    """
    lock, done = threading.RLock(), cache(work)

    @wraps(work)
    def done_once(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        with lock:
            done(*args, **kwargs)

    return done_once

"""Work that a process does once, whichever of its threads asks first; the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps


def once(work: Callable[[], None]) -> Callable[[], None]:
    """Let the first call do the work. `functools.cache` alone lets two threads do it at once."""
    lock, done = threading.RLock(), cache(work)

    @wraps(work)
    def done_once() -> None:
        with lock:
            done()

    return done_once

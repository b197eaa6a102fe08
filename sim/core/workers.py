"""Other processes, none of which outlives the one that they work for."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.forkserver import ensure_running

CAN_START = "forkserver" in get_all_start_methods()


@contextmanager
def processes(workers: int, module: str = "") -> Iterator[Executor]:
    """A pool of processes; whatever goes wrong, none of them goes on.

    They share what importing `module` took, if they are the first.
    """
    others = set(active_children())
    context = get_context("forkserver")
    context.set_forkserver_preload([module] if module else [])
    pool = ProcessPoolExecutor(workers, context, initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        for worker in set(active_children()) - others:
            worker.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def get_ready_for(module: str) -> None:
    """Start what starts processes; it imports the module while the caller goes on.

    Nothing happens where it runs already, where there are no such processes, or on one core.
    """
    if CAN_START and (os.cpu_count() or 1) > 1:
        get_context("forkserver").set_forkserver_preload([module])
        ensure_running()


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it has ended, in whatever way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

"""Work done once in a process."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sim.core.once import once


def test_threads_that_ask_at_once_wait_for_one_of_them():
    """The second thread asks while the first works; both return after the one work is done."""
    second_is_there, works, done_when_back = threading.Barrier(2), [], []

    @once
    def work():
        works.append(threading.get_ident())
        second_is_there.wait(10)
        done_when_back.append("done")

    def second():
        second_is_there.wait(10)
        work()
        return list(done_when_back)

    with ThreadPoolExecutor(2) as threads:
        first, after = threads.submit(work), threads.submit(second)
        first.result(20)
        assert after.result(20) == ["done"]
    work()
    assert len(works) == 1

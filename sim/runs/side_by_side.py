"""Several runs side by side: no worker is idle while the last replications of a run are played.

Every run is what it is alone: replications share nothing but the workers.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sim.engine import EngineName
from sim.runs.memory import workers_that_fit
from sim.scenario.scenario import Scenario

T = TypeVar("T")


class Crew:
    """The workers of one run, or those that several runs share."""

    def __init__(self, workers: int) -> None:
        self._free = threading.Semaphore(workers)
        self.is_over = False
        """Whether somebody wants all of them to stop; they end with the week that they play."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Wait for a free worker, and be that worker."""
        with self._free:
            self.go_on()
            yield

    def go_on(self) -> None:
        """Raise KeyboardInterrupt where it is over."""
        if self.is_over:
            raise KeyboardInterrupt


def side_by_side(
    scenarios: Sequence[Scenario],
    play: Callable[[Scenario, Crew], T],
    replications: int,
    *,
    workers: int | None = None,
    engine: EngineName = "compiled",
) -> Iterator[T]:
    """What `play` makes of each scenario, in their order.

    A scenario that is there twice is not played at the same time as its twin. The first failure
    or Ctrl-C ends all of them.
    """
    n = workers or os.cpu_count() or 1
    crew = Crew(n)
    at_once = _at_once(scenarios, replications, n, engine)
    if at_once == 1:
        yield from (play(scenario, crew) for scenario in scenarios)
        return
    twins: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def one(scenario: Scenario) -> T:
        with twins[scenario.hash]:
            return play(scenario, crew)

    with ThreadPoolExecutor(at_once) as pool:
        try:
            waiting = deque(pool.submit(one, scenario) for scenario in scenarios)
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            crew.is_over = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _at_once(
    scenarios: Sequence[Scenario], replications: int, workers: int, engine: EngineName
) -> int:
    """Enough runs to keep all workers busy; one where processes play it, or memory is scarce."""
    fit = (workers_that_fit(one, replications, min(workers, replications)) for one in scenarios)
    if engine == "reference" or any(n < min(workers, replications) for n in fit):
        return 1
    return 1 + -(-workers // replications)

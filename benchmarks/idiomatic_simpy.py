"""The model that a good user of SimPy would write: one process a contact, results in lists."""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from dataclasses import dataclass, field

import simpy
from simpy.resources.store import FilterStoreGet

from benchmarks.result import W1, Result, Workload


@dataclass
class Statistics:
    """What is noted of each contact."""

    answered: list[float] = field(default_factory=list)  # waits of those answered, minutes
    abandoned: list[float] = field(default_factory=list)  # waits of those who gave up, minutes


class Center:
    """What all call centers here have in common."""

    def __init__(self, env: simpy.Environment, workload: Workload, seed: int) -> None:
        self.env = env
        self.workload = workload
        self.random = random.Random(seed)
        self.statistics = Statistics()

    def service_time(self) -> float:
        """Minutes of service."""
        if self.workload.service_cv == 1:
            return self.random.expovariate(1 / self.workload.service_mean)
        return self.random.lognormvariate(*self.workload.lognormal)

    def patience(self) -> float:
        """Minutes until the contact gives up."""
        return self.random.expovariate(1 / self.workload.patience_mean)

    def contact(self, type_: int) -> Generator:
        """The life of one contact."""
        raise NotImplementedError

    def arrivals(self, type_: int, until: float) -> Generator:
        """Start the contacts of one type."""
        while True:
            yield self.env.timeout(self.random.expovariate(self.workload.rate))
            if self.env.now >= until:
                return
            self.env.process(self.contact(type_))


class SingleQueue(Center):
    """One group of agents and one queue."""

    def __init__(self, env: simpy.Environment, workload: Workload, seed: int) -> None:
        super().__init__(env, workload, seed)
        self.agents = simpy.Resource(env, capacity=workload.agents)

    def contact(self, type_: int) -> Generator:
        """The life of one contact."""
        arrived = self.env.now
        with self.agents.request() as request:
            yield request | self.env.timeout(self.patience())
            waited = self.env.now - arrived
            if not request.triggered:
                self.statistics.abandoned.append(waited)
                return
            self.statistics.answered.append(waited)
            yield self.env.timeout(self.service_time())


class Neighbours(Center):
    """A group for each type, which also helps the type before it.

    The store's items are the free agents, each named by his group; its waiting gets are the queue.
    A store serves its gets in order, so an agent who comes back goes to the oldest contact whose
    filter accepts him.
    """

    def __init__(self, env: simpy.Environment, workload: Workload, seed: int) -> None:
        super().__init__(env, workload, seed)
        self.free = simpy.FilterStore(env)
        self.free.items = [g for g in range(workload.types) for _ in range(workload.agents)]

    def request(self, type_: int) -> FilterStoreGet:
        """Ask for an agent of the type's own group, else for the first of either."""
        neighbour = (type_ + 1) % self.workload.types
        if type_ in self.free.items:
            return self.free.get(lambda group: group == type_)
        return self.free.get(lambda group: group in (type_, neighbour))

    def contact(self, type_: int) -> Generator:
        """The life of one contact."""
        arrived = self.env.now
        request = self.request(type_)
        yield request | self.env.timeout(self.patience())
        waited = self.env.now - arrived
        if not request.triggered:
            request.cancel()
            self.statistics.abandoned.append(waited)
            return
        self.statistics.answered.append(waited)
        yield self.env.timeout(self.service_time())
        yield self.free.put(request.value)


def run(contacts: int, seed: int, workload: Workload = W1) -> Result:
    """One run of about this many contacts, played to their ends."""
    start = time.perf_counter()
    env = simpy.Environment()
    kind = SingleQueue if workload.types == 1 else Neighbours
    center = kind(env, workload, seed)
    for type_ in range(workload.types):
        env.process(center.arrivals(type_, contacts / workload.arrival_rate))
    env.run()
    answered, abandoned = center.statistics.answered, center.statistics.abandoned
    offered = len(answered) + len(abandoned)
    mean_wait_minutes = (sum(answered) + sum(abandoned)) / offered
    return Result(time.perf_counter() - start, offered, len(abandoned), mean_wait_minutes)

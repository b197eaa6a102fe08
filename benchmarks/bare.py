"""The bare loop: how fast can an event loop for one queue be in numba, if it does nothing else?

Erlang A with individual agents (the one idle longest answers) and one row for each contact. It
takes every shortcut that one queue permits: giving up makes no event (the next agent who is free
passes over those who have left), and numbers that decide nothing are not drawn.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np
from numba import njit

from benchmarks.result import W1, Result, Workload

MS_PER_MINUTE = 60_000
NEVER_MS = 1 << 46
AGENT_BITS = 16  # a calendar entry is (end of service in ms) << 16 | agent
GAVE_UP = -1
ARRIVAL, SERVICE, PATIENCE, STREAMS = np.arange(4, dtype=np.uint64)


class Contacts(NamedTuple):
    """One row a contact, in order of arrival."""

    arrived_ms: np.ndarray
    waited_ms: np.ndarray
    agent: np.ndarray  # who answered, or GAVE_UP


@njit(cache=True, nogil=True)
def exponential(key, stream, contact, mean):
    """The contact's own exponential number of this stream: an output of SplitMix64, no state."""
    name = np.uint64(contact) * STREAMS + stream + np.uint64(1)
    z = key + name * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = (z ^ (z >> np.uint64(31))) >> np.uint64(11)
    return -mean * math.log((np.float64(bits) + 0.5) * 2.0**-53)


@njit(cache=True, nogil=True)
def push(heap, i, entry):
    """Add an entry to a heap of i entries."""
    while i > 0 and heap[(i - 1) >> 1] > entry:
        heap[i] = heap[(i - 1) >> 1]
        i = (i - 1) >> 1
    heap[i] = entry


@njit(cache=True, nogil=True)
def replace_first(heap, size, entry):
    """Put an entry in the place of the smallest."""
    i, child = 0, 1
    while child < size:
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= entry:
            break
        heap[i] = heap[child]
        i, child = child, 2 * child + 1
    heap[i] = entry


@njit(cache=True, nogil=True)
def play(table, key, agents, arrival_ms, service_ms, patience_ms):
    """Play every contact to its end."""
    calendar = np.empty(agents, np.int64)  # a heap of the busy agents
    idle = np.arange(agents)  # a ring of the others, the one idle longest at `rested`
    busy = rested = arrived = waiting = 0  # contacts waiting … arrived - 1 wait or have left
    clock_ms = exponential(key, ARRIVAL, 0, arrival_ms)
    next_ms = np.int64(clock_ms)
    while busy or next_ms < NEVER_MS:
        if busy and calendar[0] >> AGENT_BITS <= next_ms:
            now_ms, agent = calendar[0] >> AGENT_BITS, calendar[0] & ((1 << AGENT_BITS) - 1)
            found = False
            while waiting < arrived and not found:
                patience = np.int64(exponential(key, PATIENCE, waiting, patience_ms) + 0.5)
                waited = now_ms - table.arrived_ms[waiting]
                found = waited <= patience
                table.waited_ms[waiting] = waited if found else patience
                table.agent[waiting] = agent if found else GAVE_UP
                waiting += 1
            if found:
                end_ms = now_ms + np.int64(exponential(key, SERVICE, waiting, service_ms) + 0.5)
                replace_first(calendar, busy, (end_ms << AGENT_BITS) | agent)
            else:
                idle[(rested + agents - busy) % agents] = agent
                busy -= 1
                replace_first(calendar, busy, calendar[busy])
        else:
            table.arrived_ms[arrived] = next_ms
            if busy < agents:
                agent = idle[rested]
                rested = (rested + 1) % agents
                table.waited_ms[arrived], table.agent[arrived] = 0, agent
                waiting = arrived + 1
                end_ms = next_ms + np.int64(exponential(key, SERVICE, waiting, service_ms) + 0.5)
                push(calendar, busy, (end_ms << AGENT_BITS) | agent)
                busy += 1
            arrived += 1
            clock_ms += exponential(key, ARRIVAL, arrived, arrival_ms)
            next_ms = np.int64(clock_ms) if arrived < len(table.agent) else NEVER_MS


def run(contacts: int, seed: int, workload: Workload = W1) -> Result:
    """One run of a single queue with exponential service; compiling is not counted."""
    key = np.uint64((seed + 1) * 0xD1342543DE82EF95 & 0xFFFFFFFFFFFFFFFF)
    means = np.array([1 / workload.arrival_rate, workload.service_mean, workload.patience_mean])
    for n in (1, contacts):  # the first one compiles
        start = time.perf_counter()
        table = Contacts(np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int16))
        play(table, key, workload.agents, *(means * MS_PER_MINUTE))
        abandoned = int(np.count_nonzero(table.agent == GAVE_UP))
        wait_ms = float(table.waited_ms.mean())
    return Result(time.perf_counter() - start, contacts, abandoned, wait_ms / MS_PER_MINUTE)

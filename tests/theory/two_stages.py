"""Exact waits of a front desk that hands a share of its calls on to experts, cold and warm.

Poisson arrivals, exponential times, nobody gives up. Cold, the two queues are M/M/c each: what
leaves the first is Poisson again (Burke 1956). Warm, whoever waits for an expert keeps an agent of
the desk from work; the chain over (waiting, talking, staying, experts busy) is solved as it stands.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

MOST_WAITING = 400


class TwoStages(NamedTuple):
    """A center: rates per minute, mean times in minutes."""

    arrivals: float
    desk: int
    talk: float
    handed_on: float  # share of calls
    experts: int
    advice: float


class Waits(NamedTuple):
    """Mean waits in seconds, and the share of its time that each group works."""

    desk_s: float
    experts_s: float
    desk_busy: float
    experts_busy: float


def cold(center: TwoStages) -> Waits:
    """Two queues of their own."""
    to_experts = center.arrivals * center.handed_on
    found = [
        _erlang_c(rate, minutes, agents)
        for rate, minutes, agents in (
            (center.arrivals, center.talk, center.desk),
            (to_experts, center.advice, center.experts),
        )
    ]
    return Waits(found[0][0], found[1][0], found[0][1], found[1][1])


def _erlang_c(rate: float, minutes: float, agents: int) -> tuple[float, float]:
    load = rate * minutes
    blocked = 1.0
    for n in range(1, agents + 1):  # the recursion of Erlang B
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1 - load / agents * (1 - blocked))
    return 60 * waits * minutes / (agents - load), load / agents


def warm(center: TwoStages) -> Waits:
    """The chain, with a hand-over that takes no time."""
    states = [
        (waiting, talking, staying, busy)
        for staying in range(center.desk + 1)
        for talking in range(center.desk - staying + 1)
        for busy in ([center.experts] if staying else range(center.experts + 1))
        for waiting in (range(MOST_WAITING) if talking + staying == center.desk else [0])
    ]
    number = {state: i for i, state in enumerate(states)}
    rows, columns, rates = [], [], []
    for state, i in number.items():
        for to, rate in _moves(center, *state):
            if to in number:  # the longest queue turns away who comes
                rows += [number[to], i]
                columns += [i, i]
                rates += [rate, -rate]
    flow = coo_matrix((rates, (rows, columns)), shape=2 * (len(states),)).tolil()
    flow[-1, :] = 1.0
    wanted = np.zeros(len(states))
    wanted[-1] = 1.0
    share = spsolve(flow.tocsc(), wanted)
    waiting, talking, staying, busy = share @ np.array(states, float)
    to_experts = center.arrivals * center.handed_on
    return Waits(
        60 * waiting / center.arrivals,
        60 * staying / to_experts,
        (talking + staying) / center.desk,
        busy / center.experts,
    )


def _moves(center: TwoStages, waiting: int, talking: int, staying: int, busy: int):
    """Where a state goes, at which rate."""
    if talking + staying < center.desk:
        yield (waiting, talking + 1, staying, busy), center.arrivals
    else:
        yield (waiting + 1, talking, staying, busy), center.arrivals
    next_one = waiting > 0
    ends = talking / center.talk
    yield (waiting - next_one, talking - 1 + next_one, staying, busy), ends * (1 - center.handed_on)
    if busy < center.experts:
        freed = (waiting - next_one, talking - 1 + next_one, staying, busy + 1)
    else:
        freed = (waiting, talking - 1, staying + 1, busy)
    yield freed, ends * center.handed_on
    if staying:
        yield (waiting - next_one, talking + next_one, staying - 1, busy), busy / center.advice
    else:
        yield (waiting, talking, staying, busy - 1), busy / center.advice

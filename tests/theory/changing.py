"""Days on which volume and seats change and some balk: exact by the equations of their chain.

A state is (b, q): b busy seats, q waiting. Forward in time the chain tells who comes upon what,
backward what becomes of one who waits behind q others. Time is in minutes. Seats are as the program
has it: of a level that drops free seats leave first, then who finishes; at closing the busy ones
serve the waiting before they leave.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.sparse import block_diag, bmat, csr_matrix, identity, lil_matrix
from scipy.sparse.linalg import expm_multiply

from .scenarios import cycle_minutes

MOST_WAITING = 40
LEFT_OUT = 1e-7  # most minutes a day in which so many wait, at a node
NODES = 12  # of the integral over a piece of a span

DAYS: dict[str, dict[str, Any]] = {
    "day volume": {"lam": [1.0, 3.0, 1.5], "n": [4, 4, 4], "theta": 0.25, "balk": 0.0},
    "day volume patient": {"lam": [0.6, 1.4, 0.9], "n": [4, 4, 3], "theta": 0.0, "balk": 0.0},
    "day balk": {"lam": [2.0, 2.0, 2.0], "n": [4, 4, 4], "theta": 0.1, "balk": 0.3},
    "day volume balk drop": {"lam": [1.5, 2.5, 2.0], "n": [5, 6, 3], "theta": 0.2, "balk": 0.2},
    "day fewer after": {"lam": [1.8, 2.6], "n": [5, 5], "after": [2], "theta": 0.1, "balk": 0.0},
    "day more after": {"lam": [1.5, 2.2], "n": [5, 4], "after": [6], "theta": 0.2, "balk": 0.1},
}
"""By the half hour; `after`: seats after closing time, on duty for another type."""
COMMON = {"mu": 0.5, "delta": 30.0, "T": 0.5, "cycle": 180}

SHOWN: dict[str, dict[str, float]] = {
    "day volume": {
        "arrivals": 165.0, "served_all": 131.087744, "abandoned_all": 33.9122516,
        "p_ab_all": 0.205528798, "asa_all": 0.822115191, "asa": 0.754455584,
        "sl_offered": 0.469577618, "sl_answered": 0.591056836, "sl_exshort": 0.503720974,
        "sl_both": 0.537359897,
    },
    "day volume patient": {
        "arrivals": 87.0, "served_all": 87.0, "abandoned_all": 0.0,
        "p_ab_all": 0.0, "asa_all": 0.504821573, "asa": 0.504821603,
        "sl_offered": 0.77673029, "sl_answered": 0.77673029, "sl_exshort": 0.77673029,
        "sl_both": 0.77673029,
    },
    "day balk": {
        "arrivals": 180.0, "served_all": 144.523843, "abandoned_all": 35.4761571,
        "p_ab_all": 0.197089762, "asa_all": 0.385455791, "asa": 0.433971354,
        "sl_offered": 0.589187971, "sl_answered": 0.73381549, "sl_exshort": 0.71288289,
        "sl_both": 0.762701631,
    },
    "day volume balk drop": {
        "arrivals": 180.0, "served_all": 150.380231, "abandoned_all": 29.6197715,
        "p_ab_all": 0.164554286, "asa_all": 0.379725312, "asa": 0.36013373,
        "sl_offered": 0.660683731, "sl_answered": 0.790815858, "sl_exshort": 0.748152754,
        "sl_both": 0.777597053,
    },
    "day fewer after": {
        "arrivals": 132.0, "served_all": 121.531472, "abandoned_all": 10.4685283,
        "p_ab_all": 0.0793070329, "asa_all": 0.793070329, "asa": 0.74016259,
        "sl_offered": 0.577429002, "sl_answered": 0.627167822, "sl_exshort": 0.591336476,
        "sl_both": 0.600947716,
    },
    "day more after": {
        "arrivals": 111.0, "served_all": 96.5298323, "abandoned_all": 14.4701674,
        "p_ab_all": 0.130361869, "asa_all": 0.420696299, "asa": 0.396951652,
        "sl_offered": 0.65198622, "sl_answered": 0.74972129, "sl_exshort": 0.708672496,
        "sl_both": 0.731975603,
    },
}  # fmt: skip
"""By day, as `exact` has it: to compute them takes seconds. A test does."""


class Span(NamedTuple):
    """Minutes in which nothing changes but the state."""

    minutes: float
    rate: float
    level: int
    is_closed: bool


class Tagged(NamedTuple):
    """By state, of one who waits there: what becomes of her. [state]"""

    answered: np.ndarray  # probability
    wait: np.ndarray  # wait to come, if answered, else 0
    lost: np.ndarray  # probability


def params_of() -> dict[str, dict[str, Any]]:
    """Name → parameters of the days told here."""
    return {name: COMMON | own | {"n_after": own["n"][-1]} for name, own in DAYS.items()}


def exact(p: dict[str, Any]) -> dict[str, float]:
    """What a day must show, by the names of the reference."""
    return _Day(p).expected()


class _Day:
    """A day of spans that opens empty."""

    def __init__(self, p: dict[str, Any]) -> None:
        self.p = p
        levels = [*p["n"], *p.get("after", [])]
        self.most_busy = max(levels)
        self.size = (self.most_busy + 1) * (MOST_WAITING + 1)
        self.busy, self.waiting = np.divmod(np.arange(self.size), MOST_WAITING + 1)
        rates = [*p["lam"], *(0.0 for _ in p.get("after", []))]
        told = [Span(p["delta"], rate, n, False) for rate, n in zip(rates, levels, strict=True)]
        rest = cycle_minutes(p) - sum(span.minutes for span in told)
        self.spans = [*told, Span(rest, 0.0, 0, True)]

    def expected(self) -> dict[str, float]:
        """Sums over a day, and their ratios."""
        behind = self._fates_at_ends()
        state = np.zeros(self.size)
        state[0] = 1.0
        sums = dict.fromkeys(("arrived", "balked", "served", "wait", "wait_served", "in_time",
                              "lost_in_time", "lost"), 0.0)  # fmt: skip
        for i, span in enumerate(self.spans):
            state = self._moved(state, span.level) if i else state
            for until, weights in self._pieces(span):
                for (since, _), (at, weight) in pairwise([(until[0], 0.0), *weights]):
                    state = self._forward(state, span, at - since)
                    self._add(sums, state, i, at, weight, behind)
                last = weights[-1][0] if weights else until[0]
                state = self._forward(state, span, until[1] - last)
        assert state[0] > 1 - 1e-6  # the next day opens empty too
        lost = sums["lost"] + sums["balked"]
        assert abs(sums["arrived"] - sums["served"] - lost) < 1e-5 * sums["arrived"]
        arrived, served, short = sums["arrived"], sums["served"], sums["balked"]
        short += sums["lost_in_time"]
        return {
            "arrivals": arrived,
            "served_all": served,
            "abandoned_all": lost,
            "p_ab_all": lost / arrived,
            "asa_all": sums["wait"] / arrived,
            "asa": sums["wait_served"] / served,
            "sl_offered": sums["in_time"] / arrived,
            "sl_answered": sums["in_time"] / served,
            "sl_exshort": sums["in_time"] / (arrived - short),
            "sl_both": (sums["in_time"] + short) / arrived,
        }

    def _pieces(self, span: Span):
        """(start, end) and its [(moment, weight)]: before and after the last T of a span."""
        cut = max(0.0, span.minutes - self.p["T"])
        ends = [(lo, hi) for lo, hi in ((0.0, cut), (cut, span.minutes)) if hi > lo]
        for low, high in ends:
            parts = 3 if high - low > 1 else 1
            steps = np.linspace(low, high, parts + 1)
            found = []
            for lo, hi in pairwise(steps):
                middle, half = (lo + hi) / 2, (hi - lo) / 2
                nodes, weights = leggauss(NODES)
                found += list(zip(middle + half * nodes, half * weights, strict=True))
            yield (low, high), found

    def _add(self, sums, state, i, at, weight, behind) -> None:
        """Add what a moment tells; `behind`: fates at the end of each span."""
        span, theta = self.spans[i], self.p["theta"]
        sums["lost"] += weight * theta * (self.waiting @ state)
        sums["wait"] += weight * (self.waiting @ state)
        assert weight * state[self.waiting == MOST_WAITING].sum() < LEFT_OUT
        if not span.rate:
            return
        is_free = (self.waiting == 0) & (self.busy < span.level)
        joins = span.rate * (1 - self.p["balk"]) * np.where(is_free, 0.0, state)
        at_once = span.rate * state[is_free].sum()
        left = span.minutes - at
        ever = self._backward(behind[i], span, left)
        soon = self._soon(i, left)
        sums["arrived"] += weight * span.rate
        sums["balked"] += weight * (span.rate * state.sum() - at_once - joins.sum())
        sums["served"] += weight * (at_once + joins @ ever.answered)
        sums["wait_served"] += weight * (joins @ ever.wait)
        sums["in_time"] += weight * (at_once + joins @ soon.answered)
        sums["lost_in_time"] += weight * (joins @ soon.lost)

    def _soon(self, i: int, left: float) -> Tagged:
        """What becomes, within T, of one who comes so long before the end of a span."""
        span, within = self.spans[i], self.p["T"]
        nobody = Tagged(*np.zeros((3, self.size)))
        if left >= within:
            key = ("soon", span)
            if key not in self._kept:
                self._kept[key] = self._backward(nobody, span, within)
            return self._kept[key]
        after = self._backward(nobody, self.spans[i + 1], within - left)
        return self._backward(self._moved_back(after, self.spans[i + 1].level), span, left)

    _kept: dict[Any, Any]

    def _fates_at_ends(self) -> list[Tagged]:
        """At the end of each span, before seats change, for all time to come."""
        self._kept = {}
        fate = Tagged(*np.zeros((3, self.size)))
        found = [fate]
        for span in reversed(self.spans[1:]):
            fate = self._moved_back(self._backward(fate, span, span.minutes), span.level)
            found.append(fate)
        return found[::-1]

    # The chain ----------------------------------------------------------------------------------

    def _place(self, busy, waiting):
        return busy * (MOST_WAITING + 1) + waiting

    def _taken(self, level: int) -> np.ndarray:
        """[state] free seats of a new level, that could take who waits."""
        return np.maximum(0, level - self.busy)

    def _moved(self, state: np.ndarray, level: int) -> np.ndarray:
        """Probabilities after a change of level."""
        taken = np.minimum(self._taken(level), self.waiting)
        to = self._place(self.busy + taken, self.waiting - taken)
        return np.bincount(to, state, self.size)

    def _moved_back(self, after: Tagged, level: int) -> Tagged:
        """Fates just before a change of level; the tagged one waits behind q."""
        free = self._taken(level)
        is_served = free > self.waiting
        taken = np.minimum(free, self.waiting)
        to = self._place(self.busy + taken, self.waiting - taken)
        return Tagged(
            np.where(is_served, 1.0, after.answered[to]),
            np.where(is_served, 0.0, after.wait[to]),
            np.where(is_served, 0.0, after.lost[to]),
        )

    def _forward(self, state: np.ndarray, span: Span, minutes: float) -> np.ndarray:
        return expm_multiply(self._chain(span).T * minutes, state)

    def _backward(self, after: Tagged, span: Span, minutes: float) -> Tagged:
        start = np.concatenate([*after, [1.0]])
        found = expm_multiply(self._chain_of_tagged(span) * minutes, start)
        return Tagged(*found[:-1].reshape(3, -1))

    def _chain(self, span: Span) -> csr_matrix:
        """Rates from state to state."""
        key = ("chain", span)
        if key not in self._kept:
            rates, _ = self._rates(span)
            joins = span.rate * (1 - self.p["balk"])
            for i, (b, q) in enumerate(zip(self.busy, self.waiting, strict=True)):
                if q == 0 and b < span.level:
                    rates[i, self._place(b + 1, 0)] += span.rate
                elif q < MOST_WAITING:
                    rates[i, self._place(b, q + 1)] += joins
            rates = csr_matrix(rates)
            gone = np.asarray(rates.sum(axis=1)).ravel()
            self._kept[key] = (rates - csr_matrix(np.diag(gone))).tocsr()
        return self._kept[key]

    def _chain_of_tagged(self, span: Span) -> csr_matrix:
        """Of [answered, wait if answered, lost, 1]: d/dτ of each, τ counted backward."""
        key = ("tagged", span)
        if key not in self._kept:
            rates, served = self._rates(span)
            theta, size = self.p["theta"], self.size
            for i in np.flatnonzero(served):  # she is next, and the seat stays
                rates[i, self._place(self.busy[i] - 1, 0)] -= served[i]
            rates = csr_matrix(rates)
            gone = np.asarray(rates.sum(axis=1)).ravel() + served + theta
            own = rates - csr_matrix(np.diag(gone))
            ends = csr_matrix(
                np.concatenate([served, np.zeros(size), np.full(size, theta)])[:, None]
            )
            whole = block_diag([own] * 3).tolil()
            whole[size : 2 * size, :size] = identity(size)
            nothing = csr_matrix((1, 3 * size + 1))
            self._kept[key] = bmat([[bmat([[whole, ends]])], [nothing]]).tocsr()
        return self._kept[key]

    def _rates(self, span: Span) -> tuple[lil_matrix, np.ndarray]:
        """What who is there does; and at which rate who waits behind nobody is served."""
        rates = lil_matrix((self.size, self.size))
        served = np.zeros(self.size)
        for i, (b, q) in enumerate(zip(self.busy, self.waiting, strict=True)):
            done = b * self.p["mu"]
            leaves = b > span.level and not span.is_closed
            if q > 0:
                rates[i, self._place(b, q - 1)] += q * self.p["theta"]
            if q > 0 and not leaves:
                rates[i, self._place(b, q - 1)] += done
            elif b > 0 and (leaves or q == 0):
                served[i] = 0.0 if leaves else done
                rates[i, self._place(b - 1, q)] += done
        return rates, served

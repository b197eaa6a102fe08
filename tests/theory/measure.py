"""From tables of contacts to sums by batch, and from sums to the quantities of a steady state.

A batch is the contacts that closed in it. Time is in the case's unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.tables import ANSWERED, BLOCKED, CLOSED, DUE_LATER, GAVE_UP, WITHDRAWN

from .cases import Case

GROUPS = 2
AT_ONCE = 8192  # rows that stay in the cache of a processor while they are summed
COLUMNS = (
    "time", "arrived", "answered", "gave_up", "blocked", "waited", "waited_answered",
    "wait", "wait_answered", "wait_squared", "wait_answered_squared",
    "answered_in_time", "gave_up_in_time", "too_late", "handled", "offers", "accepted",
    "fresh", "fresh_waited", "fresh_gave_up", "fresh_answered", "fresh_wait_answered",
    "issues", "issues_served", "orbit",
    "served_0", "served_1", "handled_0", "handled_1",
)  # fmt: skip
PLACE = re.compile(r"\[(\d+)\]")
QUANTILE = re.compile(r"q(0\.\d+)")


class Sums:
    """Sums by column; further axes (of batches left out one by one) lead."""

    def __init__(self, values: np.ndarray, case: Case, columns: tuple[str, ...] = COLUMNS) -> None:
        self.values, self.case, self.columns = values, case, columns

    def __getattr__(self, column: str) -> np.ndarray:
        return self.by_class(column).sum(axis=-1)

    def by_class(self, column: str) -> np.ndarray:
        """[..., class]."""
        return self.values[..., self.columns.index(column)]

    def of(self, number: int) -> Sums:
        """Those of one class."""
        return Sums(self.values[..., number : number + 1, :], self.case, self.columns)

    @property
    def time(self) -> np.ndarray:
        """Length, which every class notes."""
        return self.by_class("time")[..., 0]


def sums_of(contacts: np.recarray, case: Case, start_ms: int, end_ms: int) -> np.ndarray:
    """[class, columns_of] of the contacts that closed in a span of time."""
    classes = len(case.scenario["contacts"])
    sums = dict.fromkeys(columns_of(case), np.zeros(classes))
    for first in range(0, len(contacts), AT_ONCE):
        some = contacts[first : first + AT_ONCE]
        closed = some[(some.phase == CLOSED) & (some.outcome != WITHDRAWN)]
        type_ = closed.type.astype(np.int64)
        for column, values in _values(closed, case):
            sums[column] = sums[column] + np.bincount(type_, values, classes)
    sums["time"] = np.full(classes, (end_ms - start_ms) / case.unit_ms)
    away_ms = _time_between_tries(contacts, start_ms, end_ms) if "e_orbit" in case.expected else 0
    sums["orbit"] = np.full(classes, away_ms / case.unit_ms)
    return np.stack([sums[column] for column in columns_of(case)], axis=1)


def columns_of(case: Case) -> tuple[str, ...]:
    """The columns, with one for each expected quantile: how many waited at most so long."""
    return COLUMNS + tuple(f"until_{i}" for i in range(len(_quantiles(case))))


def _quantiles(case: Case) -> list[float]:
    return [value for name, value in case.expected.items() if QUANTILE.fullmatch(name)]


def _values(closed: np.recarray, case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """What each contact adds to each column."""
    outcome, group = closed.outcome.copy(), closed.group.copy()
    answered, gave_up = outcome == ANSWERED, outcome == GAVE_UP
    fresh, last = closed.attempt == 1, closed.last == 1
    wait_ms = np.where(answered, closed.answered_ms, closed.left_ms) - closed.arrived_ms
    waited = wait_ms > 0
    wait = wait_ms / case.unit_ms
    wait_answered = wait * answered
    handled = (closed.talk_ms + closed.offer_ms) / case.unit_ms
    in_time = wait_ms <= round(case.within * case.unit_ms)
    yield "arrived", np.ones(len(closed))
    yield "answered", answered
    yield "gave_up", gave_up
    yield "blocked", outcome == BLOCKED
    yield "waited", waited
    yield "waited_answered", waited & answered
    yield "wait", wait
    yield "wait_answered", wait_answered
    yield "wait_squared", wait * wait
    yield "wait_answered_squared", wait_answered * wait_answered
    yield "answered_in_time", answered & in_time
    yield "gave_up_in_time", gave_up & in_time
    yield "too_late", ~in_time
    yield "handled", handled
    yield "offers", closed.product >= 0
    yield "accepted", closed.accepted
    yield "fresh", fresh
    yield "fresh_waited", fresh & waited
    yield "fresh_gave_up", fresh & gave_up
    yield "fresh_answered", fresh & answered
    yield "fresh_wait_answered", fresh * wait_answered
    yield "issues", last
    yield "issues_served", last & answered
    for g in range(GROUPS):
        yield f"served_{g}", group == g
        yield f"handled_{g}", handled * (group == g)
    for i, mark in enumerate(_quantiles(case)):
        yield f"until_{i}", wait <= mark


def _time_between_tries(contacts: np.recarray, start_ms: int, end_ms: int) -> int:
    """The time that customers who will redial spend away within [start, end).

    Each who goes away adds what is left of the span, each who returns takes off what is left.
    """
    went = (contacts.outcome != ANSWERED) & (contacts.phase == CLOSED) & (contacts.last == 0)
    returned = (contacts.attempt > 1) & (contacts.arrived_ms >= start_ms)
    away_at_end = (contacts.phase == DUE_LATER).sum()
    away_at_start = away_at_end + returned.sum() - went.sum()
    return int(
        away_at_start * (end_ms - start_ms)
        + (end_ms - contacts.left_ms[went]).sum()
        - (end_ms - contacts.arrived_ms[returned]).sum()
    )


# --- quantities ---------------------------------------------------------------------------------

Quantity = Callable[[Sums], Any]


def _variance(squared: np.ndarray, total: np.ndarray, count: np.ndarray) -> np.ndarray:
    return squared / count - (total / count) ** 2


def _offered(s: Sums) -> np.ndarray:
    """Share of the answered candidates who got an offer; candidates are dealt independently."""
    return s.offers / (s.case.params["p_listen"] * s.answered)


def _revenue_rate(s: Sums) -> np.ndarray:
    return s.accepted * s.case.params["revenue"] / s.time


def _net(s: Sums) -> np.ndarray:
    """Revenue less the cost of waiting (0.50 a minute) and of giving up (15), domain §4.4."""
    return _revenue_rate(s) - 0.5 * s.wait / s.time - 15 * s.gave_up / s.time


SHOWN: dict[str, Quantity] = {
    "p_wait": lambda s: s.waited / s.arrived,
    "p_block": lambda s: s.blocked / s.arrived,
    "p_ab": lambda s: s.gave_up / s.arrived,
    "p_served": lambda s: s.answered / s.arrived,
    "asa": lambda s: s.wait_answered / s.answered,
    "asa_all": lambda s: s.wait / s.arrived,
    "wait_if_wait": lambda s: s.wait / s.waited,
    "wait_ab": lambda s: (s.wait - s.wait_answered) / s.gave_up,
    "lq": lambda s: s.wait / s.time,  # Little's law
    "occ": lambda s: s.handled / s.time / sum(s.case.seats),
    "mean_in_system": lambda s: (s.wait + s.handled) / s.time,
    "var_wait": lambda s: _variance(s.wait_squared, s.wait, s.arrived),
    "wait_var_served": lambda s: _variance(s.wait_answered_squared, s.wait_answered, s.answered),
    "p_serve_given_wait": lambda s: s.waited_answered / s.waited,
    "p_w_gt": lambda s: s.too_late / s.arrived,
    "p_v_gt": lambda s: s.too_late / s.arrived,  # only where nobody gives up within T
    "sl_offered": lambda s: s.answered_in_time / s.arrived,
    "sl_answered": lambda s: s.answered_in_time / s.answered,
    "sl_exshort": lambda s: s.answered_in_time / (s.arrived - s.gave_up_in_time),
    "sl_both": lambda s: (s.answered_in_time + s.gave_up_in_time) / s.arrived,
    "sl_accepted": lambda s: s.answered_in_time / (s.arrived - s.blocked),
    "attempt_rate": lambda s: s.arrived / s.time,
    "p_ab_attempt": lambda s: s.gave_up / s.arrived,
    "asa_all_attempt": lambda s: s.wait / s.arrived,
    "e_orbit": lambda s: s.orbit / s.time,
    "p_served_customer": lambda s: s.issues_served / s.issues,
    "p_lost_customer": lambda s: 1 - s.issues_served / s.issues,
    "p_wait_fresh": lambda s: s.fresh_waited / s.fresh,
    "p_ab_fresh": lambda s: s.fresh_gave_up / s.fresh,
    "asa_fresh_served": lambda s: s.fresh_wait_answered / s.fresh_answered,
    "p_offer": _offered,
    "revenue_rate": _revenue_rate,
    "rev_per_arrival": lambda s: s.accepted * s.case.params["revenue"] / s.arrived,
    "rev_eur_min": _revenue_rate,
    "EW_s": lambda s: 60 * s.wait / s.arrived,
    "Pwait": lambda s: s.waited / s.arrived,
    "Pab": lambda s: s.gave_up / s.arrived,
    "offered": _offered,
    "SL20": lambda s: s.answered_in_time / s.arrived,
    "net_eur_min": _net,
}


def measured(name: str, sums: Sums) -> np.ndarray:
    """A quantity by its name in the reference, with the places in its lists."""
    plain = PLACE.sub("", name)
    places = [int(place) for place in PLACE.findall(name)]
    if QUANTILE.fullmatch(plain):
        return _quantile(plain, sums)
    if plain == "flow":
        type_, group = places
        return getattr(sums.of(type_), f"served_{group}") / sums.time
    if plain == "occ" and places:
        handled = getattr(sums, f"handled_{places[0]}")
        return handled / sums.time / sums.case.seats[places[0]]
    return SHOWN[plain](sums.of(places[0]) if places else sums)


def _quantile(name: str, sums: Sums) -> np.ndarray:
    """The quantile of the wait, one Newton step from the exact one with the exact density.

    Beyond 0 the wait of M/M/n is exponential: P(W > t) = P(wait) e^(-t/m), density (1 - q)/m.
    """
    exact = sums.case.expected[name]
    share = float(name.removeprefix("q"))
    reached = getattr(sums, f"until_{_quantiles(sums.case).index(exact)}") / sums.arrived
    if exact == 0:
        return np.where(reached >= share, 0.0, np.inf)
    return exact + (share - reached) * sums.case.expected["wait_if_wait"] / (1 - share)

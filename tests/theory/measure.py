"""From tables of contacts to sums by batch, and from sums to the quantities of a steady state.

A batch is the contacts that closed in it. Time is in the case's unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from sim.core.tables import (
    ANSWERED,
    BLOCKED,
    CLOSED,
    DUE_LATER,
    GAVE_UP,
    KEPT_BY_BOT,
    WITHDRAWN,
    record,
    table,
)

from .cases import Case

COLUMNS = (
    "time", "arrived", "answered", "gave_up", "blocked", "waited", "waited_answered",
    "wait", "wait_answered", "wait_squared", "wait_answered_squared",
    "answered_in_time", "gave_up_in_time", "too_late", "handled", "offers", "accepted",
    "fresh", "fresh_waited", "fresh_gave_up", "fresh_answered", "fresh_wait_answered",
    "issues", "issues_served", "orbit",
    "served_0", "served_1", "handled_0", "handled_1",
)  # fmt: skip
SUMS = record(**dict.fromkeys(COLUMNS, np.float64))
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
    sums = table(SUMS, len(case.scenario["contacts"]))
    marks = np.array(_quantiles(case))
    until = np.zeros((len(sums), len(marks)))
    _add_all(contacts, sums, until, marks, case.unit_ms, round(case.within * case.unit_ms))
    sums.time = (end_ms - start_ms) / case.unit_ms
    if "e_orbit" in case.expected:
        sums.orbit = _time_between_tries(contacts, start_ms, end_ms) / case.unit_ms
    return np.concatenate([sums.view(np.float64).reshape(len(sums), -1), until], axis=1)


def columns_of(case: Case) -> tuple[str, ...]:
    """The columns, with one for each expected quantile: how many waited at most so long."""
    return COLUMNS + tuple(f"until_{i}" for i in range(len(_quantiles(case))))


def _quantiles(case: Case) -> list[float]:
    return [value for name, value in case.expected.items() if QUANTILE.fullmatch(name)]


@njit
def _add_all(contacts, sums, until, marks, unit_ms, within_ms):
    """Add what each contact that closed tells; in machine code, for there are hundreds of millions."""
    for row in range(len(contacts)):
        contact = contacts[row]
        if contact.phase != CLOSED or contact.outcome in (WITHDRAWN, KEPT_BY_BOT):
            continue
        sum_ = sums[contact.type]
        answered = contact.outcome == ANSWERED
        gave_up = contact.outcome == GAVE_UP
        fresh = contact.attempt == 1
        wait_ms = (contact.answered_ms if answered else contact.left_ms) - contact.arrived_ms
        wait = wait_ms / unit_ms
        in_time = wait_ms <= within_ms
        handled = (contact.talk_ms + contact.offer_ms) / unit_ms
        sum_.arrived += 1
        sum_.gave_up += gave_up
        sum_.blocked += contact.outcome == BLOCKED
        sum_.waited += wait_ms > 0
        sum_.wait += wait
        sum_.wait_squared += wait * wait
        sum_.gave_up_in_time += gave_up and in_time
        sum_.too_late += not in_time
        sum_.handled += handled
        sum_.offers += contact.product >= 0
        sum_.accepted += contact.accepted
        sum_.fresh += fresh
        sum_.fresh_waited += fresh and wait_ms > 0
        sum_.fresh_gave_up += fresh and gave_up
        sum_.issues += contact.last
        if answered:
            sum_.answered += 1
            sum_.waited_answered += wait_ms > 0
            sum_.wait_answered += wait
            sum_.wait_answered_squared += wait * wait
            sum_.answered_in_time += in_time
            sum_.fresh_answered += fresh
            sum_.fresh_wait_answered += wait if fresh else 0.0
            sum_.issues_served += contact.last
        if contact.group == 0:
            sum_.served_0 += 1
            sum_.handled_0 += handled
        elif contact.group == 1:
            sum_.served_1 += 1
            sum_.handled_1 += handled
        for i in range(len(marks)):
            until[contact.type, i] += wait <= marks[i]


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
    """Revenue less the cost of waiting (0.50 a minute) and of giving up (15)."""
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
    "throughput": lambda s: s.answered / s.time,
    "handle": lambda s: s.handled / s.answered,
    "slot_occ": lambda s: s.handled / s.time / (sum(s.case.seats) * s.case.params["k"]),
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

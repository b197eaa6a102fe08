"""Ledger lines as sums of drivers × products of inputs, so that a workbook can book them anew.

The forms of drivers.py stand around the typed values. Multiplied out they stand about 0, in the
inputs themselves:

    line [month] = Σ_S c_S [month] · Π_{i∈S} x_i

so that a driver means something: that of the wage in `cost:labour:talk` is the hours of talk. An
input x is the amount of a number, 0.25 of `25%` and 9000 of `9k`, per whatever it is typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import prod
from typing import NamedTuple

import numpy as np

from sim.core.fiscal import Period, periods
from sim.experiments.booked_numbers import DISCOUNT, Number, at, numbers_of
from sim.experiments.drivers import CENT, NOISE, Set, Terms, terms_by_month
from sim.experiments.turning_points import booked
from sim.metrics.ledger import Ledger
from sim.runs.run import Run


class Products(NamedTuple):
    """The ledgers of runs, each line by the products of inputs that are in it."""

    numbers: list[Number]
    """The inputs that some line feels."""
    months: list[Period]
    of: list[dict[str, Terms]]
    """By run and line of the ledger: drivers [month], means over replications, by product."""

    def amounts(self, run: int, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """By line [month], of a run with amounts of inputs, by path, at other values than typed."""
        x = [values.get(n.path, n.typed.amount) for n in self.numbers]
        return {
            line: sum((c * prod(x[i] for i in s) for s, c in terms.items()), self._nothing)
            for line, terms in self.of[run].items()
        }

    @property
    def lines(self) -> list[str]:
        """The lines that are not 0 in every run, in the order of the ledger."""
        felt = {line for lines in self.of for line, terms in lines.items() if terms}
        return list(dict.fromkeys(line for lines in self.of for line in lines if line in felt))

    @property
    def _nothing(self) -> np.ndarray:
        return np.zeros(len(self.months))


def products_of(runs: Sequence[Run]) -> Products:
    """The products of runs that can be compared, the baseline first.

    Inputs are numbers that all runs share, and what initiatives of some of them cost. One with
    which a line misses the ledger at some point, by half a cent in any month, is left out.
    """
    offered = _offered(runs)
    found = _products(runs, offered)
    if _misses(found, runs, found.numbers):
        found = _products(runs, [n for n in offered if not _misses(found, runs, [n])])
        if _misses(found, runs, found.numbers):
            return _products(runs, [])
    return found


def by_month(ledger: Ledger, months: Sequence[Period]) -> dict[str, np.ndarray]:
    """The lines as they are booked, means over replications; amounts are [month]."""
    return {
        line: np.array([weeks[:, list(one.weeks)].sum(axis=1).mean() for one in months])
        for line, weeks in ledger.lines.items()
        if not line.startswith("memo:")
    }


def moved(run: Run, values: Mapping[Number, float]) -> Run:
    """The run booked anew with numbers at other values than typed, where it has them."""
    own = {n: x for n, x in values.items() if _has(run, n)}
    return booked(at(run, own), run) if own else run


def _offered(runs: Sequence[Run]) -> list[Number]:
    found = [n for n in numbers_of(runs) if n.path != DISCOUNT]
    names = dict.fromkeys(name for run in runs for name in run.scenario.spec.initiatives)
    for name in names:
        having = [run for run in runs if name in run.scenario.spec.initiatives]
        if len(having) < len(runs):
            start = f"initiatives.{name}."
            found += [n for n in numbers_of(having) if n.path.startswith(start)]
    return found


def _has(run: Run, number: Number) -> bool:
    block, name, *_ = number.keys
    return block != "initiatives" or name in run.scenario.spec.initiatives


def _products(runs: Sequence[Run], offered: list[Number]) -> Products:
    found = []
    for run in runs:
        places = [i for i, n in enumerate(offered) if _has(run, n)]
        own = [offered[i] for i in places]
        lines = terms_by_month(run, own)
        found.append({line: _about_0(terms, own, places) for line, terms in lines.items()})
    touching = sorted({i for lines in found for terms in lines.values() for s in terms for i in s})
    place = {i: k for k, i in enumerate(touching)}
    named = [
        {
            line: {Set(place[i] for i in s): c for s, c in terms.items()}
            for line, terms in lines.items()
        }
        for lines in found
    ]
    spec = runs[0].scenario.spec
    first_month = spec.finance.fiscal_year_start
    months = periods(spec.horizon.start, spec.horizon.n_weeks, first_month, "month")
    return Products([offered[i] for i in touching], months, named)


def _about_0(terms: Terms, numbers: list[Number], places: list[int]) -> Terms:
    """Multiply out D_S · Π (x_i − r_i) / (s_i − r_i); sets become those of `places`."""
    points = [tuple(n.typed._replace(number=x).amount for x in n.two) for n in numbers]
    most = [abs(n.typed._replace(number=n.high).amount) for n in numbers]
    found: Terms = {}
    for whole, d in terms.items():
        slope = d / prod(points[i][1] - points[i][0] for i in whole)
        for size in range(len(whole) + 1):
            for part in map(Set, combinations(sorted(whole), size)):
                c = slope * prod(-points[i][0] for i in whole - part)
                found[part] = found[part] + c if part in found else c
    return {
        Set(places[i] for i in s): c
        for s, c in sorted(found.items(), key=lambda one: (len(one[0]), sorted(one[0])))
        if np.abs(c).max(initial=0.0) * prod(most[i] for i in s) > NOISE
    }


def _misses(found: Products, runs: Sequence[Run], at_once: list[Number]) -> bool:
    """Whether a line misses the ledger at a point within the ranges, by more than half a cent."""
    dice = np.random.default_rng(11)
    point = {n: n.low + (n.high - n.low) * dice.random() for n in at_once}
    values = {n.path: n.typed._replace(number=x).amount for n, x in point.items()}
    for i, run in enumerate(runs):
        told, true = found.amounts(i, values), by_month(moved(run, point).ledger, found.months)
        if any(np.abs(told[line] - true[line]).max(initial=0.0) > CENT for line in true):
            return True
    return False

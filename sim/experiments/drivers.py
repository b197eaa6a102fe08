"""The ledger as a form in the numbers that are only booked, so that a page can move them.

Every sum of money is affine in each of these numbers, so it is multilinear in all together:

    F(x) = Σ_S D_S · Π_{i∈S} u_i,   u_i = (x_i − r_i) / (s_i − r_i)

with S over sets of numbers, r_i the typed value (another where that is 0, so that products are
seen) and s_i another legal one. D_S is the mixed difference of the one ledger, booked with the
numbers of each part of S at s. It is made by line of the ledger, as few numbers meet in one; a set
can only matter in a line in which all of its parts do. No formula of the ledger is written twice.

The discount rate alone is not affine. What is discounted is made at Chebyshev's nodes of its range
and told by the polynomial through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.fiscal import periods
from sim.experiments.booked_numbers import DISCOUNT, Number, at, booked_paths, numbers_of
from sim.experiments.figures import has_value
from sim.experiments.turning_points import booked
from sim.metrics.ledger import Ledger
from sim.metrics.periods import LEAST_WEEKS_FOR_A_PACE, pace_weeks
from sim.metrics.value import sold_value_at_end, value_at_end
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

NODES = 40
CENT = 0.005
NOISE = 1e-6
"""A mixed difference below this is rounding."""
MOST_TOGETHER = 5
"""Numbers that meet in one line: training is turnover × weeks × wage × charges."""
SPANS = ("first", "pace", "whole")
Set = frozenset[int]
Terms = dict[Set, np.ndarray]
"""D_S by S; amounts of any shape."""


class Sums(NamedTuple):
    """What a page shows of one scenario, at one point or by term."""

    contribution: Any
    """[replication, span] in the first year, a year at the pace of the end, over the horizon."""
    kept: Any
    """[replication, span] base margin less discounts and rewards; it means something as a gap."""
    value: Any
    """[replication, coefficient] discounted cash, kept margin and value at the end; as kept."""
    lines: Any
    """[replication, group] by group of ledger lines, in the first year."""
    months: Any
    """[month, group] means over replications."""


class Drivers(NamedTuple):
    """Scenarios as forms in the numbers that may be moved."""

    numbers: list[Number]
    """Those that are affine; the discount rate stands apart."""
    rate: Number | None
    """The discount rate, where it may be moved."""
    to_play: list[str]
    """Paths of numbers of the ledger that no page can move: to change one is to play anew."""
    names: list[str]
    groups: list[str]
    months: list[str]
    has_pace: bool
    has_value: bool
    of: list[Sums]
    """By scenario, the baseline first; each field holds Terms."""

    def predict(self, scenario: int, values: Mapping[str, float]) -> Sums:
        """The sums of a scenario with numbers, by path, at other values than typed."""
        u = self.moves(values)
        found = [_form(terms, u) for terms in self.of[scenario]]
        sums = Sums(*found)
        rate = values.get(DISCOUNT, self.rate.now if self.rate else 0.0)
        return sums._replace(value=chebyshev.chebval(self.place(rate), sums.value.T))

    def moves(self, values: Mapping[str, float]) -> list[float]:
        """[number] u."""
        found = []
        for number in self.numbers:
            r, s = number.two
            found.append((values.get(number.path, number.now) - r) / (s - r))
        return found

    def place(self, rate: float) -> float:
        """The rate in −1 to 1."""
        if self.rate is None:
            return 0.0
        return 2 * (rate - self.rate.low) / (self.rate.high - self.rate.low) - 1


def _form(terms: Terms, u: Sequence[float]) -> np.ndarray:
    """Σ D_S Π u_i."""
    parts = [d * np.prod([u[i] for i in s]) for s, d in terms.items()]
    return sum(parts[1:], parts[0])


def drivers_of(runs: Sequence[Run], groups: Mapping[str, tuple[str, ...]]) -> Drivers:
    """The forms of runs that can be compared, the baseline first.

    `groups` are lines of the ledger by the names under which a page shows them. A number for which
    the forms miss the ledger at some point, by half a cent anywhere, is left out.
    """
    numbers = numbers_of(runs)
    known = _drivers(runs, groups, numbers)
    if _misses(known, runs, groups, known.numbers):
        alone = [n for n in known.numbers if not _misses(known, runs, groups, [n])]
        numbers = [n for n in numbers if n in alone or n.path == DISCOUNT]
        known = _drivers(runs, groups, numbers)
        if _misses(known, runs, groups, known.numbers):
            return _drivers(runs, groups, [])
    return known


def _drivers(
    runs: Sequence[Run], groups: Mapping[str, tuple[str, ...]], offered: list[Number]
) -> Drivers:
    valued = all(has_value(run.against(runs[0])) for run in runs)
    rate = next((n for n in offered if n.path == DISCOUNT and valued), None)
    numbers = [n for n in offered if n.path != DISCOUNT]
    weeks = [_Weeks.of(run, rate, groups, valued) for run in runs]
    forms = [_forms(run, numbers, one) for run, one in zip(runs, weeks, strict=True)]
    touching = sorted({i for one in forms for terms in one for s in terms for i in s})
    place = {i: k for k, i in enumerate(touching)}
    named = [
        Sums(*({Set(place[i] for i in s): d for s, d in terms.items()} for terms in one))
        for one in forms
    ]
    paths = {number.path for number in offered}
    to_play = [path for path in booked_paths(runs[0].scenario) if path not in paths]
    names = [run.scenario.spec.name for run in runs]
    about = [*groups], weeks[0].month_names, weeks[0].has_pace, valued
    return Drivers([numbers[i] for i in touching], rate, to_play, names, *about, named)


def sums_of(run: Run, groups: Mapping[str, tuple[str, ...]]) -> Sums:
    """The same sums of one run as it is booked: what a form must tell."""
    weeks = _Weeks.of(run, None, groups, has_value(run))
    accounts = weeks.reduced(run)
    sums = Sums(*(_summed(accounts, weeks, part) for part in Sums._fields))
    return sums._replace(value=sums.value[:, 0])


def terms_by_month(run: Run, numbers: list[Number]) -> dict[str, Terms]:
    """By line of the ledger, the terms of its means over replications; amounts are [month]."""
    weeks = _Weeks.of(run, None, {}, False)
    lines = _Lines(run, numbers, weeks)
    lines.find()
    months = slice(len(SPANS), len(SPANS) + weeks.months.shape[1])
    return {
        line: {s: d[:, months].mean(axis=0) for s, d in terms.items()}
        for line, terms in lines.terms.items()
        if line not in ("ahead", "end")
    }


def _misses(
    known: Drivers, runs: Sequence[Run], groups: Mapping[str, tuple[str, ...]], moved: list[Number]
) -> bool:
    """Whether a form misses the ledger at a point within the ranges, by more than half a cent."""
    dice = np.random.default_rng(7)
    point = {n: n.low + (n.high - n.low) * dice.random() for n in moved}
    if known.rate is not None:
        point[known.rate] = known.rate.low + (known.rate.high - known.rate.low) * dice.random()
    values = {n.path: x for n, x in point.items()}
    for i, run in enumerate(runs):
        told, true = known.predict(i, values), sums_of(booked(at(run, point), run), groups)
        if not known.has_value:
            told, true = told._replace(value=0.0), true._replace(value=0.0)
        gaps = [np.abs(a - b).max(initial=0.0) for a, b in zip(told, true, strict=True)]
        if max(gaps) > CENT:
            return True
    return False


class _Weeks(NamedTuple):
    """How amounts by week become sums, of one scenario."""

    spans: np.ndarray  # [week, span]
    discounts: np.ndarray  # [week, node]
    at_end: np.ndarray  # [node]
    months: np.ndarray  # [week, month]
    month_names: list[str]
    rates: list[float] | None
    """The rate at each node, in the unit of the spec; None: the typed one alone."""
    groups: Mapping[str, tuple[str, ...]]
    has_pace: bool
    valued: bool

    @classmethod
    def of(
        cls, run: Run, rate: Number | None, groups: Mapping[str, tuple[str, ...]], valued: bool
    ) -> _Weeks:
        """The weights of a run's weeks, in spans, in value and in months."""
        spec = run.scenario.spec
        n = spec.horizon.n_weeks
        week = np.arange(n)
        last = pace_weeks(n)
        has_pace = n >= LEAST_WEEKS_FOR_A_PACE
        pace = np.where(week >= n - last, WEEKS_PER_YEAR / last, 0.0) * has_pace
        spans = np.stack([(week < WEEKS_PER_YEAR) * 1.0, pace, np.ones(n)], axis=1)
        rates = None
        if rate is not None:
            nodes = chebyshev.chebpts1(NODES)
            typed = rate.low + (nodes + 1) / 2 * (rate.high - rate.low)
            rates = [float(rate.leaf(0.0, x)) for x in typed]
        interest = 1 + np.array(rates or [spec.finance.discount_rate])
        fiscal = periods(spec.horizon.start, n, spec.finance.fiscal_year_start, "month")
        months = np.stack([np.isin(week, one.weeks) * 1.0 for one in fiscal], axis=1)
        length = spec.horizon.length_weeks
        return cls(
            spans,
            interest[None, :] ** (-week[:, None] / WEEKS_PER_YEAR),
            interest ** (-length / WEEKS_PER_YEAR),
            months,
            [one.name for one in fiscal],
            rates,
            groups,
            has_pace,
            valued,
        )

    def reduced(self, run: Run, *, at_nodes: bool = True) -> dict[str, np.ndarray]:
        """By line of the ledger, [replication, span | month | node] sums of its amounts.

        Two accounts stand beside the lines: what is paid ahead, and what is left at the end.
        """
        ledger, found = run.ledger, {}
        for name, amounts in ledger.lines.items():
            if not name.startswith("memo:"):
                found[name] = self._of_line(ledger, name, amounts)
        ahead = np.zeros((len(ledger.paid_hours), 3 + self.months.shape[1]))
        found["ahead"] = np.concatenate([ahead, -ledger.paid_ahead @ self.discounts], axis=1)
        found["end"] = np.concatenate([ahead, self._end(run, at_nodes)], axis=1)
        return found

    def _of_line(self, ledger: Ledger, name: str, amounts: np.ndarray) -> np.ndarray:
        sums = amounts @ self.spans
        if name in ledger.once:
            sums[:, 1] -= ledger.once[name] @ self.spans[:, 1]
        return np.concatenate([sums, amounts @ self.months, amounts @ self.discounts], axis=1)

    def _end(self, run: Run, at_nodes: bool) -> np.ndarray:
        """[replication, node] value at the end, discounted; at the typed rate alone if told so."""
        if not self.valued:
            return np.zeros((run.replications, len(self.at_end)))
        if self.rates is None or not at_nodes:
            left = _left(run, run.scenario.spec.finance.discount_rate)
            return left[:, None] * np.ones(len(self.at_end)) * self.at_end
        return np.stack([_left(run, rate) for rate in self.rates], axis=1) * self.at_end


def _left(run: Run, rate: float) -> np.ndarray:
    """[replication] what customers and sales are worth at the end of the horizon, at a rate."""
    end = run.scenario.at_the_end
    drift = {"discount_rate": rate, "wage_drift": None, "price_drift": None}
    update = {"finance": end.spec.finance.model_copy(update=drift), "initiatives": {}}
    spec = end.spec.model_copy(update=update)
    facts = run.facts._replace(scenario=Scenario(end.tree, spec, run.scenario.lineage[:-1]))
    return np.asarray(value_at_end(facts) + sold_value_at_end(facts))


def _forms(run: Run, numbers: list[Number], weeks: _Weeks) -> list[Terms]:
    """[field of Sums] its terms."""
    lines = _Lines(run, numbers, weeks)
    lines.find()
    found: list[Terms] = [{} for _ in Sums._fields]
    sets = dict.fromkeys(s for terms in lines.terms.values() for s in terms)
    for s in sets:
        accounts = {a: terms[s] for a, terms in lines.terms.items() if s in terms}
        for terms, part in zip(found, Sums._fields, strict=True):
            summed = _summed(accounts, weeks, part)
            if part == "value":
                summed = _coefficients(summed)
            if not s or np.abs(summed).max(initial=0.0) > NOISE:
                terms[s] = summed
    return found


def _summed(accounts: Mapping[str, np.ndarray], weeks: _Weeks, part: str) -> np.ndarray:
    """One field of Sums, from reduced lines."""
    n_months = weeks.months.shape[1]
    some = next(iter(accounts.values()))

    def total(*names: str) -> np.ndarray:
        return sum((x for a, x in accounts.items() if a.startswith(names)), np.zeros_like(some))

    if part == "contribution":
        return total("margin:", "cost:")[:, :3]
    if part == "kept":
        return total("kept:")[:, :3]
    if part == "value":
        return total("margin:", "cost:", "kept:", "ahead", "end")[:, 3 + n_months :]
    by_group = [total(*names) for names in weeks.groups.values()]
    if part == "lines":
        return np.stack([one[:, 0] for one in by_group], axis=1)
    return np.stack([one[:, 3 : 3 + n_months].mean(axis=0) for one in by_group], axis=1)


def _coefficients(at_nodes: np.ndarray) -> np.ndarray:
    """[replication, coefficient] of Chebyshev's polynomials through [replication, node]."""
    n = at_nodes.shape[1]
    if n == 1:
        return at_nodes
    nodes = chebyshev.chebpts1(n)
    basis = chebyshev.chebvander(nodes, n - 1)
    found = 2.0 / n * at_nodes @ basis
    found[:, 0] /= 2
    return found


class _Lines:
    """The mixed differences of each line; one booking serves all lines that it can."""

    def __init__(self, run: Run, numbers: list[Number], weeks: _Weeks) -> None:
        self.run, self.numbers, self.weeks = run, numbers, weeks
        self.start = {n: n.two[0] for n in numbers if n.two[0] != n.now}
        self.booked: dict[tuple[str, Set], np.ndarray] = {}
        self.terms: dict[str, Terms] = {}

    def find(self) -> None:
        """Book with each number alone moved, then with the pairs, triples … that can matter."""
        none = Set()
        at_typed = self._book(none, at_nodes=False)
        touching: dict[str, set[int]] = {account: set() for account in at_typed}
        for i in range(len(self.numbers)):
            alone = Set([i])
            for account, amounts in self._book(alone, at_nodes=False).items():
                if np.abs(amounts - at_typed[account]).max(initial=0.0) > NOISE:
                    touching[account].add(i)
                    if account != "end":
                        self.booked[account, alone] = amounts
        self.terms = {account: {none: amounts} for account, amounts in self._book(none).items()}
        self._serve([("end", Set([i])) for i in sorted(touching["end"])], touching)
        self._differ(1)
        for size in range(2, MOST_TOGETHER + 1):
            wanted = [
                (account, s)
                for account, among in touching.items()
                for s in map(Set, combinations(sorted(among), size))
                if all(Set(part) in self.terms[account] for part in combinations(s, size - 1))
            ]
            if not wanted:
                return
            self._serve(wanted, touching)
            self._differ(size)

    def _serve(self, wanted: list[tuple[str, Set]], touching: Mapping[str, set[int]]) -> None:
        """Book what is wanted; sets that meet in no line share a booking."""
        shared: list[tuple[Set, list[tuple[str, Set]]]] = []
        for account, s in wanted:
            for k, (moved, served) in enumerate(shared):
                together = [*served, (account, s)]
                if all((moved | s) & touching[a] == one for a, one in together):
                    shared[k] = moved | s, together
                    break
            else:
                shared.append((s, [(account, s)]))
        for moved, served in shared:
            amounts = self._book(moved, at_nodes=any(account == "end" for account, _ in served))
            self.booked |= {(account, s): amounts[account] for account, s in served}

    def _differ(self, size: int) -> None:
        """Add the terms of sets of a size: what is booked, less the terms of all their parts."""
        for (account, s), amounts in self.booked.items():
            if len(s) == size:
                terms = self.terms[account]
                parts = (
                    terms[Set(part)]
                    for k in range(size)
                    for part in combinations(s, k)
                    if Set(part) in terms
                )
                left = amounts - sum(parts, np.zeros_like(amounts))
                if np.abs(left).max(initial=0.0) > NOISE:
                    terms[s] = left

    def _moved(self, s: Iterable[int]) -> Run:
        point = self.start | {self.numbers[i]: self.numbers[i].two[1] for i in s}
        return booked(at(self.run, point), self.run) if point else self.run

    def _book(self, s: Set, *, at_nodes: bool = True) -> dict[str, np.ndarray]:
        return self.weeks.reduced(self._moved(s), at_nodes=at_nodes)

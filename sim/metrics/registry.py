"""The registry of metrics, and the facts of which they are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.core.statistics import Sample
from sim.metrics.ledger import Ledger
from sim.scenario.scenario import Scenario
from sim.scenario.topics import Topic, topics_of
from sim.weeks.counts import Tally

Better = Literal["higher", "lower", "neither"]
Estimator = Literal["sum", "ratio", "level", "quantile"]
Unit = Literal[
    "contacts",
    "share",
    "s",
    "money",
    "points",
    "h",
    "customers",
    "people",
    "sales",
    "issues",
    "months",
]


class Facts(NamedTuple):
    """What metrics are made of: a run, or some weeks, types or groups of it."""

    scenario: Scenario
    tally: Tally
    ledger: Ledger
    baseline: Ledger
    """The ledger of the scenario with which this one is compared; its own where there is none."""
    types: tuple[int, ...]
    """Numbers of the contact types over which contacts are counted."""

    def count(self, name: str) -> np.ndarray:
        """[replication] a count of CONTACT_COUNTS, added over weeks and types."""
        column = self.tally.contacts[name]
        return column[:, :, list(self.types)].sum(axis=(1, 2)).astype(float)

    def ended(self) -> np.ndarray:
        """[replication] contacts whose wait is over: answered, given up, balked or blocked."""
        return self.count("offered") - self.count("open")

    def given_up(self, within: Literal["", "_short", "_in_time"] = "") -> np.ndarray:
        """[replication] contacts that gave up, balking included.

        `_short` counts those within `short_abandonment`, `_in_time` those within the time of the
        service level. A customer who balks gives up at 0 s, which is within both.
        """
        return self.count(f"gave_up{within}") + self.count("balked")

    def over(self) -> np.ndarray:
        """[replication] answered contacts whose service has ended."""
        return self.count("answered") - self.count("in_service")

    def definition_of(self, type_: int) -> str:
        """The definition of service level that is typed for a contact type."""
        return self.scenario.spec.contacts[self.scenario.types[type_]].service_level.definition

    def on_the_spot(self) -> Facts:
        """Of calls and chats alone, whose customers wait for an answer; of all if no others."""
        specs = list(self.scenario.spec.contacts.values())
        others = tuple(t for t in self.types if not specs[t].is_unhurried)
        return self._replace(types=others or self.types)

    def emails(self) -> Facts:
        """Of emails alone."""
        specs = list(self.scenario.spec.contacts.values())
        return self._replace(types=tuple(t for t in self.types if specs[t].deferred))

    def messages(self) -> Facts:
        """Of messages alone."""
        specs = list(self.scenario.spec.contacts.values())
        return self._replace(types=tuple(t for t in self.types if specs[t].messaging))

    def legs(self, name: str) -> np.ndarray:
        """[replication] a count of LEG_COUNTS, added over weeks and types."""
        column = self.tally.legs[name]
        return column[:, :, list(self.types)].sum(axis=(1, 2)).astype(float)

    def bot(self, *names: str) -> np.ndarray:
        """[replication] counts of SELF_SERVICE_COUNTS, added over weeks and types."""
        columns = [self.tally.self_service[name][:, :, list(self.types)] for name in names]
        return np.sum(columns, axis=(0, 2, 3)).astype(float)

    def time_ms(self, *names: str) -> np.ndarray:
        """[replication] agent time in ms, added over weeks, groups and the names given."""
        summed = [self.tally.time[name].sum(axis=(1, 2)) for name in names]
        return np.sum(summed, axis=0).astype(float)

    def customers(self, name: str) -> np.ndarray:
        """[replication, week, segment] a count of CUSTOMER_COUNTS."""
        return self.tally.customers[name].astype(float)

    def people(self, name: str) -> np.ndarray:
        """[replication] a count of PEOPLE_COUNTS, added over weeks and groups."""
        return self.tally.people[name].sum(axis=(1, 2)).astype(float)

    def sales(self, name: str) -> np.ndarray:
        """[replication] a count of SALE_COUNTS, added over weeks, products and segments."""
        return self.tally.sales[name].sum(axis=(1, 2, 3)).astype(float)

    def money(self, *accounts: str) -> np.ndarray:
        """[replication] sum of all ledger lines whose names begin with one of the accounts."""
        return self.ledger.total(*accounts).sum(axis=1)


class Metric(NamedTuple):
    """One entry of the registry."""

    name: str
    unit: Unit
    better: Better
    estimator: Estimator
    definition: str
    measure: Callable[[Facts], Sample]
    benchmark: str
    of: Topic | Literal["pair"] | None
    """Says something only where a scenario has this; of a pair, only compared with a baseline."""

    @property
    def adds_up(self) -> bool:
        """Whether the amounts of weeks add up, so that it can be told per month or per year."""
        return self.estimator == "sum"


METRICS: dict[str, Metric] = {}


def metric(
    unit: Unit,
    better: Better = "neither",
    benchmark: str = "",
    *,
    of: Topic | Literal["pair"] | None = None,
    estimator: Estimator,
    curve: Callable[[Any], Any] | None = None,
):
    """Register a function that takes Facts and returns [replication] amounts in `unit`.

    A ratio returns (numerators, denominators). `estimator` says what becomes of several weeks:
    sums add up, a ratio divides one sum by another, a level is read at the end of the horizon, and
    a quantile is taken over all contacts. `curve` is applied to a ratio before it is shown.
    """

    def register(function: Callable[[Facts], Any]):
        """Put the function into METRICS under its name, with its docstring as definition."""

        def measure(facts: Facts) -> Sample:
            measured = function(facts)
            sample = Sample(*measured) if isinstance(measured, tuple) else Sample(measured)
            return sample._replace(curve=curve)

        definition = " ".join((function.__doc__ or "").split())
        name = function.__name__
        METRICS[name] = Metric(name, unit, better, estimator, definition, measure, benchmark, of)
        return function

    return register


def weeks_of(facts: Facts, weeks: slice) -> Facts:
    """The same facts, of a slice of weeks alone; the first week is 0."""
    tally = facts.tally._replace(
        contacts=facts.tally.contacts[:, weeks],
        legs=facts.tally.legs[:, weeks],
        self_service=facts.tally.self_service[:, weeks],
        issues=facts.tally.issues[:, weeks],
        sales=facts.tally.sales[:, weeks],
        ended=facts.tally.ended[:, weeks],
        time=facts.tally.time[:, weeks],
        groups=facts.tally.groups[:, weeks],
        customers=facts.tally.customers[:, weeks],
        endings=facts.tally.endings[:, weeks],
        segments=facts.tally.segments[:, weeks],
        loyalty=facts.tally.loyalty[:, weeks],
        holders=facts.tally.holders[:, weeks],
        people=facts.tally.people[:, weeks],
    )
    ledger, baseline = (ledger.of_weeks(weeks) for ledger in (facts.ledger, facts.baseline))
    return facts._replace(tally=tally, ledger=ledger, baseline=baseline)


def measure(facts: Facts) -> dict[str, Sample]:
    """Samples [replication] of every metric, by name."""
    return {name: one.measure(facts) for name, one in METRICS.items()}


def telling(scenario: Scenario) -> list[str]:
    """Names of the metrics that say something of the scenario alone."""
    topics = {None, *topics_of(scenario)}
    return [name for name, one in METRICS.items() if one.of in topics]


def check_names(option: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names as given; raise ScenarioError, naming the option, if one is no metric."""
    problems = [
        Problem(f"{option} {name}", "", f"'{name}' is not a metric",
                did_you_mean(name, list(METRICS)))
        for name in names
        if name not in METRICS
    ]  # fmt: skip
    if problems:
        raise ScenarioError(problems, option)
    return names

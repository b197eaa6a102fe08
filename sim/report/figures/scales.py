"""How a difference in a metric is drawn: its unit, its factor, its ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.ticker import Formatter

from sim.language.quantities import typeset
from sim.metrics import Metric, label_of
from sim.report.amounts import money
from sim.report.figures.ticks import MoneyTicks
from sim.scenario.scenario import Scenario


class Scale(NamedTuple):
    """A metric as a picture shows it."""

    name: str
    unit: str
    """Stands after the name on an axis: `EUR a year`, `points`, `s`."""
    factor: float
    """The factor from the metric's unit to the unit that is drawn."""
    sign: int
    """1 where more is better, −1 where less is; 0 where neither."""
    ticks: Callable[[], Formatter]
    write: Callable[[float], str]
    """A difference with its sign."""


class SignedTicks(Formatter):
    """Differences as `+2.5`, `−10`."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of one tick."""
        return _signed(x)


def scale_of_metric(
    metric: Metric, currency: str, factor: float, over: str = "a year", of: Scenario | None = None
) -> Scale:
    """Sums of money are drawn at `factor` times that of the horizon, shares in points."""
    name = label_of(metric.name, *([of] if of else []))
    sign = {"higher": 1, "lower": -1}.get(metric.better, 0)
    if metric.unit == "money":
        is_sum = metric.estimator == "sum"
        unit = f"{currency} {over}" if is_sum else currency
        return Scale(
            name, unit, factor if is_sum else 1.0, sign, lambda: MoneyTicks(signed=True), _money
        )
    unit, times = ("points", 100.0) if metric.unit == "share" else (metric.unit, 1.0)
    return Scale(name, unit, times, sign, SignedTicks, _signed)


def _money(amount: float) -> str:
    return money(amount, signed=True)


def _signed(x: float) -> str:
    text = f"{x:+.3g}"
    return "0" if not float(text) else typeset(text)

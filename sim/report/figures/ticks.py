"""Axes in the units of a reader: one unit and one number of decimals along the whole axis."""

from collections.abc import Sequence

from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, MaxNLocator

from sim.experiments.rounding import in_unit, thousands
from sim.report.amounts import percent_exact, unbroken

_MOST_DECIMALS = 4


class MoneyTicks(Formatter):
    """Amounts as `−6.20 M`, `−6.18 M`: the unit of the largest tick, the decimals of the finest."""

    def __init__(self, *, signed: bool = False) -> None:
        self.signed = signed
        self.set_locs([0.0])

    def set_locs(self, locs: Sequence[float]) -> None:
        """Choose unit and decimals for these ticks; matplotlib calls this before it formats."""
        self.power = thousands(max((abs(loc) for loc in locs), default=0.0))
        scaled = [loc / 10**self.power for loc in locs]
        enough = (
            d for d in range(_MOST_DECIMALS) if all(abs(x - round(x, d)) < 1e-6 for x in scaled)
        )
        self.decimals = next(enough, _MOST_DECIMALS)

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of one tick."""
        return unbroken(in_unit(x, self.power, self.decimals, signed=self.signed))


class ShareTicks(Formatter):
    """Shares 0..1 as `79.2 %`."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of one tick."""
        return percent_exact(x)


def few_ticks(axis: Axis, formatter: Formatter, most: int = 7) -> None:
    """At most so many round ticks, written by the formatter."""
    axis.set_major_locator(MaxNLocator(most))
    axis.set_major_formatter(formatter)

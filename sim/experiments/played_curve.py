"""The differences of a pair at several values of one number, as they were measured."""

from __future__ import annotations

from typing import NamedTuple

TIMES = "times what is typed"
"""The unit of a share that is typed at several values."""


class PlayedPoint(NamedTuple):
    """The paired difference in a metric at one value of the number, in the metric's unit.

    A point of one replication stands where that replication moves the difference from the typed
    value, so that all points can be read as one curve; it has no interval of its own.
    """

    at: float
    value: float
    low: float | None
    high: float | None
    replications: int


class PlayedCurve(NamedTuple):
    """One number: its values in the unit in which it is printed, and the points by metric."""

    unit: str
    """`%`, `% of what is typed`, or `times what is typed`."""
    typed: float
    low: float
    high: float
    """The ends of its plausible range."""
    points: dict[str, tuple[PlayedPoint, ...]]
    """In ascending order of the number."""
    turns: dict[str, tuple[float, ...]]
    """Everywhere that the difference was found to change its sign."""

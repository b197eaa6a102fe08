"""The pictures of what must be believed: a curve for each number that was played."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import nan

from sim.experiments.comparison import Comparison
from sim.experiments.judging import CONTAINS
from sim.experiments.played_curve import TIMES, PlayedCurve, PlayedPoint
from sim.experiments.turning_points import TurningPoint, TurningPoints, with_digits
from sim.metrics import METRICS
from sim.metrics.periods import span_of
from sim.report.figures.belief_curve import BeliefCurve, BeliefPanel, belief_curve
from sim.report.figures.canvas import Footer, Interval
from sim.report.figures.drawn import Picture
from sim.report.figures.response import ResponsePoint
from sim.report.figures.scales import scale_of_metric

MOST_CURVES = 6


def pictures_of_beliefs(comparison: Comparison, beliefs: TurningPoints) -> list[Picture]:
    """The numbers that were played and move the deciding metric most; on a page alone."""
    spec = comparison.base.scenario.spec
    played = [
        (one, one.curve)
        for one in beliefs.found
        if one.how.startswith("played") and one.curve is not None
    ]
    played.sort(key=lambda pair: -_movement(pair[1].points[spec.decide_on]))
    pictures = []
    for found, curve in played[:MOST_CURVES]:
        shows = _belief_curve(comparison, found, curve)
        most = max(n for panel in shows.panels for n in panel.replications)
        footer = Footer((), comparison.base.seed, most, _source(comparison, most))
        draw = partial(belief_curve, shows, footer, spec.name)
        pictures.append(Picture(f"{found.name}.png", draw, shows))
    return pictures


def _source(comparison: Comparison, replications: int) -> str:
    base = comparison.base
    first = "the first replication"
    if replications > 1:
        first = f"the first {replications} replications"
    return f"seed {base.seed}, {first} of {base.replications}; 95 % intervals: {CONTAINS}"


def _movement(points: Sequence[PlayedPoint]) -> float:
    values = [point.value for point in points]
    return max(values) - min(values)


def _belief_curve(comparison: Comparison, found: TurningPoint, curve: PlayedCurve) -> BeliefCurve:
    is_factor = curve.unit == TIMES
    axis = f"{found.name}, {curve.unit}"
    panels = tuple(_panel(comparison, metric, curve) for metric in curve.points)
    name = f"{found.name}, {TIMES}" if is_factor else found.name
    return BeliefCurve(name, axis, curve.typed, curve.low, curve.high, panels)


def _panel(comparison: Comparison, metric: str, curve: PlayedCurve) -> BeliefPanel:
    base = comparison.base.scenario
    span = span_of(base.spec.horizon.length_weeks)
    scale = scale_of_metric(METRICS[metric], base.spec.currency, *span, base)
    points = curve.points[metric]
    turns = sorted(curve.turns[metric])
    sides = [f"{'below' if at < curve.typed else 'above'} {_written(at, curve, 2)}" for at in turns]
    return BeliefPanel(
        scale,
        tuple(_point(point, curve, scale.factor) for point in points),
        tuple(point.replications for point in points),
        tuple(turns),
        " and ".join(sides),
    )


def _point(point: PlayedPoint, curve: PlayedCurve, factor: float) -> ResponsePoint:
    text = _written(point.at, curve, 3)
    low, high = (nan if end is None else end * factor for end in (point.low, point.high))
    label = f"{text} (typed)" if point.at == curve.typed else text
    return ResponsePoint(point.at, text, label, Interval(point.value * factor, low, high))


def _written(at: float, curve: PlayedCurve, digits: int) -> str:
    number = with_digits(at, digits)
    return f"× {number}" if curve.unit == TIMES else f"{number} %"

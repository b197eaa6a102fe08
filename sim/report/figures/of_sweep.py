"""The pictures of a sweep: curves for one number, a map for two, dots for words."""

from __future__ import annotations

from functools import partial
from math import nan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Estimate, estimate
from sim.experiments.axes import Axis
from sim.experiments.judging import CONTAINS
from sim.experiments.sweep import Played, Sweep, gap, gaps
from sim.metrics import METRICS
from sim.metrics.periods import Span, span_of
from sim.report.figures import (
    Across,
    Curve,
    CurvePoint,
    Dot,
    Footer,
    Interval,
    Plane,
    Response,
    ResponsePoint,
    difference_map,
    differences_as_dots,
    metric_along,
    profit_curves,
    save,
)
from sim.report.figures.drawn import Picture
from sim.report.figures.scales import Scale, scale_of_metric

_ACROSS = {
    "wait": Across("wait", "s", "mean wait of all contacts, s", "lower"),
    "csat": Across("CSAT", "share", "CSAT: share of closed issues scored 4 or 5", "higher"),
}


class Along(NamedTuple):
    """The deciding metric at each point: what curves or dots are drawn from."""

    parameter: str
    scale: Scale
    points: list[ResponsePoint] | list[Dot]


class Traded(NamedTuple):
    """What curves of result against another metric are drawn from."""

    parameter: str
    across: Across
    unswept: CurvePoint
    curves: list[Curve]


def draw_sweep(swept: Sweep, folder: Path) -> list[Path]:
    """Draw the pictures of a sweep; returns their files."""
    return [save(one.draw(), folder / one.file) for one in pictures_of_sweep(swept)]


def pictures_of_sweep(swept: Sweep) -> list[Picture]:
    """The pictures that fit the parameters."""
    run = swept.unswept
    footer = Footer(
        (swept.folder.rpartition("-")[2],),
        run.seed,
        run.replications,
        f"{len(swept.points)} points, common random numbers, 95 % intervals: {CONTAINS}",
        run.scenario.spec.horizon.length_weeks,
    )
    if len(swept.axes) == 2 and all(axis.is_numeric for axis in swept.axes):
        plane = _plane(swept)
        return [Picture("map.png", partial(difference_map, plane, footer), plane)]
    curves = curves_of(swept)
    if not any(len(places) > 1 for places in curves.values()):
        dots = _dots(swept)
        draw = partial(differences_as_dots, dots, footer, _scale(swept), _unswept(swept))
        return [Picture("dots.png", draw, Along(_parameters(swept), _scale(swept), dots))]
    responses = [_response(swept, name, places) for name, places in curves.items()]
    draw = partial(metric_along, responses, footer, _scale(swept), _unswept(swept))
    points = [point for response in responses for point in response.points]
    along = Along(_parameters(swept), _scale(swept), points)
    pictures = [Picture(f"{swept.metric.replace('_', '-')}.png", draw, along)]
    for name, across in _ACROSS.items():
        points = [_curve(swept, curve, places, name) for curve, places in curves.items()]
        unswept = _point(swept, None, name)
        draw = partial(
            profit_curves, points, unswept, across, footer,
            currency=run.scenario.spec.currency, over=_span(swept).words,
            parameter=_parameters(swept),
        )  # fmt: skip
        traded = Traded(_parameters(swept), across, unswept, points)
        pictures.append(Picture(f"profit-{name}.png", draw, traded))
    return pictures


def curves_of(swept: Sweep) -> dict[str, list[int]]:
    """Indices of points by curve, in the order of their numbers; a word has its own curve."""
    along = _along(swept)
    curves: dict[str, list[int]] = {}
    for place, played in enumerate(swept.points):
        curves.setdefault(_name(played, along), []).append(place)
    for places in curves.values():
        places.sort(key=lambda place: swept.points[place].point.values[along].number or 0.0)
    return curves


def _has_numbers(axis: Axis) -> bool:
    return any(value.number is not None for value in axis.values)


def _name(played: Played, along: int) -> str:
    """The name of a point's curve."""
    parts = [
        value.curve if i == along and value.number is not None else value.label
        for i, value in enumerate(played.point.values)
    ]
    return " ".join(part for part in parts if part)


def _response(swept: Sweep, name: str, places: list[int]) -> Response:
    """The deciding metric along one curve."""
    along = _along(swept)
    axis, factor, found = swept.axes[along], _scale(swept).factor, gaps(swept, swept.metric)
    values = [swept.points[place].point.values[along] for place in places]
    points = tuple(
        ResponsePoint(
            nan if value.number is None else value.number,
            value.label.removeprefix(value.curve).strip(),
            swept.points[place].point.label,
            _interval(found[place], factor),
            swept.points[place].beside.unpriced,
        )
        for place, value in zip(places, values, strict=True)
    )
    return Response(name, axis.name, points, is_alone=not axis.is_numeric)


def _along(swept: Sweep) -> int:
    """Index of the axis along which curves run."""
    return next((i for i, axis in enumerate(swept.axes) if _has_numbers(axis)), 0)


def _curve(swept: Sweep, name: str, places: list[int], across: str) -> Curve:
    return Curve(name, tuple(_point(swept, place, across) for place in places))


def _point(swept: Sweep, place: int | None, across: str) -> CurvePoint:
    """The point at an index, or the unswept scenario if that is None."""
    factor, base = _span(swept).factor, swept.unswept.scenario.spec.name
    names = (across, "result")
    if place is None:
        at, earned = (_around(estimate(swept.samples[name]), None) for name in names)
        return CurvePoint(base, at, _times(earned, factor))
    point = swept.points[place]
    at, earned = (_around(estimate(point.samples[n]), gap(swept, point, n)) for n in names)
    gain = _interval(gaps(swept, "result")[place], factor)
    return CurvePoint(point.point.label, at, _times(earned, factor), gain, point.beside.unpriced)


def _around(value: Estimate, paired: Estimate | None) -> Interval:
    """A value with the width of its paired difference; nan without one."""
    half = nan if paired is None else paired.half_width
    return Interval(value.value, value.value - half, value.value + half)


def _times(interval: Interval, factor: float) -> Interval:
    return Interval(*(end * factor for end in interval))


def _plane(swept: Sweep) -> Plane:
    across, up = swept.axes
    order = [np.argsort([v.number or 0.0 for v in axis.values]) for axis in (across, up)]
    scale, found = _scale(swept), gaps(swept, swept.metric)
    shape = (len(across.values), len(up.values))
    cells = [
        np.array([getattr(e, end) * scale.factor for e in found]).reshape(shape)[np.ix_(*order)].T
        for end in ("value", "low", "high")
    ]
    return Plane(
        across.name,
        up.name,
        tuple(across.values[i].label for i in order[0]),
        tuple(up.values[i].label for i in order[1]),
        *cells,
        scale=scale,
        scenario=swept.unswept.scenario.spec.name,
        across_short=across.short,
        up_short=up.short,
    )


def _dots(swept: Sweep) -> list[Dot]:
    factor = _scale(swept).factor
    return [
        Dot(point.point.label, _interval(e, factor), point.beside.unpriced)
        for point, e in zip(swept.points, gaps(swept, swept.metric), strict=True)
    ]


def _scale(swept: Sweep) -> Scale:
    metric = METRICS[swept.metric]
    spec = swept.unswept.scenario.spec
    return scale_of_metric(metric, spec.currency, *_span(swept), swept.unswept.scenario)


def _unswept(swept: Sweep) -> str:
    return swept.unswept.scenario.spec.name


def _parameters(swept: Sweep) -> str:
    return ", ".join(axis.name for axis in swept.axes)


def _span(swept: Sweep) -> Span:
    return span_of(swept.unswept.scenario.spec.horizon.length_weeks)


def _interval(e: Estimate, factor: float = 1.0) -> Interval:
    return Interval(e.value * factor, e.low * factor, e.high * factor)

"""The tables of pictures along a number: what a sweep played, and what --believe did."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report.amounts import ABSENT, money
from sim.report.figures import BeliefCurve, Interval, Plane
from sim.report.figures.of_sweep import Along, Traded
from sim.report.figures.scales import Scale
from sim.report.pages.page import Sheet

Row = tuple[str, ...]


def sheet_along(shows: BeliefCurve | Along | Traded | Plane) -> Sheet:
    """The table of what such a picture was drawn from."""
    if isinstance(shows, BeliefCurve):
        return _played(shows)
    if isinstance(shows, Traded):
        return _traded(shows)
    if isinstance(shows, Plane):
        names = (shows.across, shows.up)
        return _differences(names, shows.scale, _cells(shows))
    rows = (((one.label,), one.difference) for one in shows.points)
    return _differences((shows.parameter,), shows.scale, rows)


def _differences(
    names: tuple[str, ...], scale: Scale, found: Iterable[tuple[Row, Interval]]
) -> Sheet:
    columns = (*names, *_heads(scale))
    rows = tuple((*labels, *_texts(scale, e)) for labels, e in found)
    return Sheet("", columns, rows, names=len(names))


def _heads(scale: Scale) -> Row:
    return f"difference in {scale.name}, {scale.unit}", "95 % interval"


def _texts(scale: Scale, e: Interval) -> tuple[str, str]:
    """A difference and the ends of its interval, if it has one."""
    return scale.write(e.value), f"{scale.write(e.low)} to {scale.write(e.high)}" if e.known else ""


def _cells(plane: Plane) -> Iterable[tuple[Row, Interval]]:
    for i, across in enumerate(plane.across_labels):
        for k, up in enumerate(plane.up_labels):
            ends = (float(part[k, i]) for part in (plane.value, plane.low, plane.high))
            yield (across, up), Interval(*ends)


def _played(curve: BeliefCurve) -> Sheet:
    """By value, the difference in each metric; how often it was played."""
    rows: dict[float, Row] = {}
    for panel in curve.panels:
        for point, n in zip(panel.points, panel.replications, strict=True):
            *before, _ = rows.get(point.at, (point.label, ""))
            rows[point.at] = (*before, *_texts(panel.scale, point.difference), f"{n}")
    heads = (text for panel in curve.panels for text in _heads(panel.scale))
    ordered = tuple(rows[at] for at in sorted(rows))
    return Sheet("", (curve.number, *heads, "replications"), ordered)


def _traded(shows: Traded) -> Sheet:
    """Where each point stands on both axes, and what it earns more than the scenario as it is."""
    points = [shows.unswept, *(point for curve in shows.curves for point in curve.points)]
    rows = []
    for point in points:
        at = point.at.value
        where = f"{100 * at:.1f} %" if shows.across.unit == "share" else f"{at:.3g} s"
        more = ABSENT if point.gain is None else money(point.gain.value, signed=True)
        rows.append((point.label, where, money(point.result.value), more))
    columns = (shows.parameter, shows.across.name, "result", "difference")
    return Sheet("", columns, tuple(rows))

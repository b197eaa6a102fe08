"""The box that opens a report of a comparison: what one must believe for a verdict to hold."""

from __future__ import annotations

from typing import Any

from sim.core.statistics import Estimate
from sim.experiments.comparison import Against, Comparison
from sim.experiments.played_curve import PlayedCurve, PlayedPoint
from sim.experiments.turning_points import AtWorst, Flip, TurningPoint, TurningPoints
from sim.metrics import METRICS, label_of
from sim.metrics.periods import span_of
from sim.report.pages.page import Sheet
from sim.report.pages.texts import difference_text

MARK = " *"
PLAYED = "* played, not booked anew:"
HOW_TO_PLAY = "`compare … --believe`"
MOST_NAMED = 2


def belief_lines(comparison: Comparison, against: Against, beliefs: TurningPoints) -> list[str]:
    """Sentences: which numbers would turn each difference, and how much of it rests on all."""
    metrics = dict.fromkeys(metric for found in beliefs.found for metric in found.flips)
    lines = [
        _hanging_line(against, metric, beliefs)
        for metric in metrics
        if against.differences[metric].gap.value
    ]
    if beliefs.resting:
        lines.append(_resting_line(comparison, beliefs.resting))
    return lines


def _hanging_line(against: Against, metric: str, beliefs: TurningPoints) -> str:
    """A sentence that names the plausible values at which the difference changes its sign."""
    near = [
        found.sentence.format(f"{flip.side} {flip.at}")
        for found in beliefs.found
        if (flip := found.flips.get(metric)) is not None and flip.is_plausible
    ]
    unless = f"unless {' or '.join(near)}" if near else "for every number in its range below"
    name = label_of(metric, against.run.scenario)
    holds = "holds" if _is_clear(against, metric) else "keeps its sign"
    return f"The difference in {name} {holds}, taking numbers one at a time, {unless}."


def _is_clear(against: Against, metric: str) -> bool:
    e = against.differences[metric].gap
    return e.has_interval and not e.low <= 0.0 <= e.high


def _resting_line(comparison: Comparison, resting: AtWorst) -> str:
    now, worst = (_told(comparison, resting.metric, e) for e in (resting.now, resting.at_worst))
    return (
        f"All at once, with all that is booked at that end of its range which leaves least of it,"
        f" it is {worst} instead of {now}: {_part(resting)} of it rests on these assumptions."
    )


def _told(comparison: Comparison, metric: str, e: Estimate) -> str:
    """A difference with its interval; a sum also with its time."""
    if not METRICS[metric].adds_up:
        return difference_text(metric, e, e)
    factor, words = span_of(comparison.base.scenario.spec.horizon.length_weeks)
    return f"{difference_text(metric, e.times(factor), e.times(factor))} {words}"


def _part(resting: AtWorst) -> str:
    """The share of a difference that the ends of all ranges take away."""
    share = min(1.0, 1.0 - resting.at_worst.value / resting.now.value)
    return "all" if share == 1.0 else f"{share:.0%}"


def belief_line(comparison: Comparison, against: Against, beliefs: TurningPoints) -> str:
    """A line: what one must believe for the verdict on one variant to hold."""
    metric = comparison.base.scenario.spec.decide_on
    hang = [found for found in beliefs.found if metric in found.flips]
    if not hang:
        return f"hangs on no weakly known number that is booked{_untried(beliefs)}"
    turns = [
        found.sentence.format(f"{flip.side} {flip.at}")
        for found in hang
        if (flip := found.flips[metric]) is not None and flip.is_plausible
    ]
    more = len(turns) - MOST_NAMED
    turns[MOST_NAMED:] = [f"one of {more} more is so"] if more > 0 else []
    holds = "holds" if _is_clear(against, metric) else "keeps its sign"
    held = f"it {holds} for every number in its range"
    line = f"one at a time, {'it turns if ' + ' or '.join(turns) if turns else held}"
    line += _other_turns(comparison, beliefs, metric)
    if resting := beliefs.resting:
        worst = _told(comparison, resting.metric, resting.at_worst)
        line += f"; all at once where least of it is left, it is {worst}"
        line += f" ({_part(resting)} rests on them)"
    return f"{line}{_untried(beliefs)}"


def _other_turns(comparison: Comparison, beliefs: TurningPoints, metric: str) -> str:
    """A clause: where the sum that the verdict also looks at turns, if it may well."""
    for other in dict.fromkeys(name for found in beliefs.found for name in found.flips):
        turns = [
            found.sentence.format(f"{flip.side} {flip.at}")
            for found in beliefs.found
            if (flip := found.flips.get(other)) is not None and flip.is_plausible
        ]
        if other != metric and turns:
            label = label_of(other, comparison.base.scenario)
            more = f", or one of {len(turns) - 1} more is so" if len(turns) > 1 else ""
            return f" ({label} turns if {turns[0]}{more})"
    return ""


def _untried(beliefs: TurningPoints) -> str:
    """A clause: how many numbers were not tried, and how to try them."""
    n = len(beliefs.untried)
    return f"; {n} more that only play tells: {HOW_TO_PLAY}" if n else ""


def belief_sheet(comparison: Comparison, against: Against, beliefs: TurningPoints) -> Sheet:
    """A row for each number: its value, where each difference turns, its plausible range."""
    metrics = list(dict.fromkeys(m for found in beliefs.found for m in found.flips))
    rows = []
    for found in beliefs.found:
        name = found.name + (MARK if found.how.startswith("played") else "")
        flips = [_flip_text(found.flips.get(metric)) for metric in metrics]
        rows.append((name, found.now, *flips, f"{found.low} to {found.high}; {found.evidence}"))
    heads = [f"{metric.replace('_', ' ')} flips" for metric in metrics]
    played = dict.fromkeys(f.how for f in beliefs.found if f.how.startswith("played"))
    notes = [f"{PLAYED} {how.removeprefix('played, ')}." for how in played]
    if beliefs.untried:
        notes.append(
            f"Not tried, for only play tells: {', '.join(beliefs.untried)}; {HOW_TO_PLAY}."
        )
    heading = f"what you must believe: {against.run.scenario.spec.name}"
    columns = ("number", "now", *heads, "might be, on which evidence")
    lead = tuple(belief_lines(comparison, against, beliefs))
    return Sheet(heading, columns, tuple(rows), tuple(notes), ends_in_text=True, lead=lead)


def _flip_text(flip: Flip | None) -> str:
    if flip is None:
        return "never"
    return f"{'below' if flip.side == 'less than' else 'above'} {flip.at}"


def beliefs_as_facts(beliefs: TurningPoints) -> dict[str, Any]:
    """As plain values, for comparison.json."""
    found = [
        {
            **one._asdict(),
            "flips": {m: flip._asdict() if flip else None for m, flip in one.flips.items()},
            "curve": _curve_as_facts(one.curve) if one.curve else None,
        }
        for one in beliefs.found
    ]
    for one in found:
        if one["curve"] is None:
            del one["curve"]
    resting = beliefs.resting
    worst = resting and {
        "metric": resting.metric, "now": list(resting.now), "at_worst": list(resting.at_worst),
    }  # fmt: skip
    return {"found": found, "resting": worst, "untried": beliefs.untried}


def beliefs_from_facts(facts: dict[str, Any]) -> TurningPoints:
    """What `beliefs_as_facts` wrote."""
    found = [
        TurningPoint(**{
            **one,
            "flips": {m: Flip(**flip) if flip else None for m, flip in one["flips"].items()},
            "curve": _curve_from_facts(one["curve"]) if "curve" in one else None,
        })
        for one in facts["found"]
    ]  # fmt: skip
    resting = facts["resting"]
    if resting:
        ends = (Estimate(*resting[key]) for key in ("now", "at_worst"))
        resting = AtWorst(resting["metric"], *ends)
    return TurningPoints(found, resting, facts["untried"])


def _curve_as_facts(curve: PlayedCurve) -> dict[str, Any]:
    points = {m: [point._asdict() for point in points] for m, points in curve.points.items()}
    return {**curve._asdict(), "points": points}


def _curve_from_facts(facts: dict[str, Any]) -> PlayedCurve:
    by_metric = facts["points"].items()
    points = {m: tuple(PlayedPoint(**point) for point in points) for m, points in by_metric}
    turns = {m: tuple(at) for m, at in facts["turns"].items()}
    return PlayedCurve(**{**facts, "points": points, "turns": turns})

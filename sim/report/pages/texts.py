"""Estimates as readers meet them: values, differences, checks, in the unit of their metric."""

from __future__ import annotations

from math import nan

from sim.core.statistics import Estimate
from sim.experiments.comparison import Comparison
from sim.experiments.rounding import rounded
from sim.language.quantities import typeset
from sim.metrics import METRICS, label_of
from sim.report.amounts import money, ratio
from sim.runs.expected import Met
from sim.scenario.scenario import Scenario
from sim.scenario.topics import topics_of

NOISE = 1e-9
"""Share of a number's size that is rounding: sums that are equal in theory may differ by it."""


def without_noise(e: Estimate, size: float) -> Estimate:
    """The estimate with 0 in place of what is only rounding of numbers of that size."""
    least = NOISE * abs(size)
    value, half_width = (0.0 if abs(x) <= least else x for x in (e.value, e.half_width))
    return e._replace(value=value, half_width=half_width)


def value_text(name: str, e: Estimate) -> str:
    """A value in its unit."""
    if e.value != e.value:
        return "n/a"
    match METRICS[name].unit:
        case "share":
            return ratio(e.value)
        case "money":
            small = abs(e.value) < 1000
            if not small:
                return money(e.value, half_width=e.half_width)
            return typeset(f"{e.value:.2f}")
        case "s":
            return typeset(f"{e.value:.1f} s")
        case "months":
            return typeset(f"{e.value:.1f} months")
        case "points":
            return typeset(f"{e.value:+.1f}")
        case _ if METRICS[name].estimator == "ratio":
            return typeset(f"{e.value:,.1f}{_unit_of_mean(name)}")
        case _:
            return typeset(f"{e.value:,.0f}")


def _unit_of_mean(name: str) -> str:
    """Sums name their unit themselves (`paid hours`); a mean of hours does not."""
    metric = METRICS[name]
    return " h" if metric.unit == "h" and metric.estimator == "ratio" else ""


def width_text(name: str, e: Estimate) -> str:
    """The half-width of a value's interval in its unit."""
    e = without_noise(e, e.value)
    return "" if not e.has_interval else _plain(name, e.half_width, e.half_width)


def difference_text(name: str, variant: Estimate, gap: Estimate) -> str:
    """A difference ± its half-width; the variant's value where there is no difference."""
    if gap.value != gap.value:
        return value_text(name, variant) if variant.value == variant.value else "n/a"
    gap = without_noise(gap, variant.value)
    sign = "+" if gap.value > 0 else ""
    text = f"{sign}{_plain(name, gap.value, gap.half_width)}"
    return f"{text} ± {_plain(name, gap.half_width, gap.half_width)}" if gap.has_interval else text


def _plain(name: str, value: float, half_width: float) -> str:
    unit = METRICS[name].unit
    if unit == "share":
        return typeset(f"{100 * value:.2f} pt")
    if unit == "money":
        return money(value, half_width=half_width)
    if half_width != half_width:
        return typeset(f"{value:,.4g}")
    suffix = {"s": " s", "points": " pt", "months": " months"}.get(unit, _unit_of_mean(name))
    return rounded(value, half_width) + suffix


def check_texts(one: Met, scenario: Scenario) -> tuple[str, str, str, str]:
    """Cells of a check: name, what was expected, what was simulated, and whether it is met."""
    name = label_of(one.metric, scenario) + (f" a {one.per}" if one.per else "")
    low, high = (
        value_text(one.metric, one.found._replace(value=v, half_width=nan)) for v in one[1:3]
    )
    value, width = value_text(one.metric, one.found), width_text(one.metric, one.found)
    return name, f"{low} to {high}", f"{value} ± {width}" if width else value, one.outcome


def compared_label(name: str, comparison: Comparison) -> str:
    """The name of a metric beside its differences, with the definition of all scenarios."""
    return label_of(name, *scenarios_of(comparison))


def says_something(name: str, comparison: Comparison) -> bool:
    """Whether a metric has a place in tables: of people, bots, chats only where a run has any."""
    topics = set().union(*(topics_of(scenario) for scenario in scenarios_of(comparison)))
    return METRICS[name].of in {None, "pair", "legs", "save desk", *topics}


def scenarios_of(comparison: Comparison) -> list[Scenario]:
    """The scenario of the baseline, then those of the variants."""
    runs = (comparison.base, *(against.run for against in comparison.variants))
    return [run.scenario for run in runs]

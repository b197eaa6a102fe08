"""Check what a scenario says of metrics: which one decides, what matters, what it expects.

The room that reads scenarios does not know which metrics there are, nor their units. So their
names and the amounts that are typed for them are checked here, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.core.errors import Fault, Problem, ScenarioError, did_you_mean
from sim.domain.study.expected import ExpectedMetric
from sim.language.node import KeyPath
from sim.language.parsers import parse_number
from sim.language.quantities import SECONDS, Quantity, shown
from sim.metrics import METRICS, Metric
from sim.scenario.scenario import Scenario


def check_metrics(scenario: Scenario) -> None:
    """Raise ScenarioError with every fault of `decide_on`, `matters_from` and `checks`."""
    problems = [*_of_decision(scenario), *_of_expectations(scenario)]
    if problems:
        raise ScenarioError(problems, scenario.tree.file)


def deciding() -> list[str]:
    """Names of the metrics of which either more or less is better."""
    return [name for name, metric in METRICS.items() if metric.better != "neither"]


def _those_that_can() -> str:
    return f"these can decide: {', '.join(deciding())}"


def _of_decision(scenario: Scenario) -> list[Problem]:
    name = scenario.spec.decide_on
    if name not in METRICS:
        near = did_you_mean(name, deciding(), " ").strip()
        remedy = f"{near}{'; ' if near else ''}{_those_that_can()}"
        return [scenario.tree.problem(("decide_on",), f"'{name}' is not a metric", remedy)]
    if METRICS[name].better == "neither":
        what = f"neither more nor less of {name} is better, so it cannot decide"
        return [scenario.tree.problem(("decide_on",), what, _those_that_can())]
    typed, metric = scenario.spec.matters_from, METRICS[name]
    if _is_difference_in(metric, typed):
        return []
    adds_up = metric.unit != "money" or _is_amount(metric)
    is_what = f"is measured in {metric.unit}" if adds_up else "does not add up over a year"
    what = f"{shown(typed)} is no difference in {name}, which {is_what}"
    example = {"share": "1%", "money": "50k per year"}.get(metric.unit, "1")
    remedy = f"write {example if adds_up else 1}"
    return [scenario.tree.problem(("matters_from",), what, remedy)]


def _is_amount(metric: Metric) -> bool:
    """Whether an amount per year can be compared with it: it adds up, or it is a value."""
    return metric.adds_up or metric.estimator == "level"


def _is_difference_in(metric: Metric, typed: float | str | None) -> bool:
    if typed is None:
        return True
    if isinstance(typed, str) and " per " in typed:
        return metric.unit == "money" and _is_amount(metric)
    if isinstance(typed, str) and typed.strip().endswith("%"):
        return metric.unit == "share"
    return metric.unit != "share" or parse_number(typed) <= 1


def _of_expectations(scenario: Scenario) -> list[Problem]:
    problems = []
    for name, spec in scenario.spec.checks.items():
        path: KeyPath = ("checks", name)
        if name not in METRICS:
            remedy = did_you_mean(name, list(METRICS), "write abandonment, csat or cost")
            what = f"'{name}' is not a metric"
            problems.append(scenario.tree.problem(path, what, remedy, key=True))
            continue
        problems += [
            scenario.tree.problem((*path, key), *fault)
            for key, fault in _faults(METRICS[name], spec)
        ]
    return problems


def _faults(metric: Metric, spec: ExpectedMetric) -> Iterator[tuple[str, Fault]]:
    """Yield each faulty key of an expectation, with what is wrong and the remedy."""
    low, high, within = spec.ends()
    if within is None:
        faults = [fault for end in (low, high) if (fault := _misfit(metric, end))]
        yield from (("between", fault) for fault in faults[:1])
        return
    if fault := _misfit(metric, low):
        yield "expected", fault
    if fault := _misfit(metric, within):
        yield "within", fault
    elif metric.adds_up and within.unit != low.unit:
        yield "within", Fault(f"{within} is not in the unit of {low}", f"write both {low.unit}")


def _misfit(metric: Metric, q: Quantity) -> Fault | None:
    """What is wrong with an amount that is typed for a metric, and the remedy; None if nothing."""
    name, is_rate = metric.name, q.unit.startswith("per ")
    if metric.unit == "share":
        if q.unit or q.suffix in ("k", "M"):
            return Fault(f"{q} is no share, as {name} is", "write 82% or 0.82")
        if not q.suffix and abs(q.number) > 1:
            return Fault(f"{q} is no share, as {name} is", f"did you mean {q}%?")
        return None
    if metric.unit == "s":
        is_time = q.unit in SECONDS and not q.suffix
        return None if is_time else Fault(f"{q} is no time, as {name} is", f"write {q.number:g} s")
    if q.suffix == "%":
        what = f"{q} is a share, but {name} is measured in {metric.unit}"
        return Fault(what, _example(metric, q))
    if q.unit and not is_rate:
        what = f"{q} is a time, but {name} is measured in {metric.unit}"
        return Fault(what, _example(metric, q))
    if metric.adds_up and not is_rate:
        what = f"{q} has no time, but {name} adds up over the horizon"
        return Fault(what, f"write {q} per month")
    if is_rate and not metric.adds_up:
        what = f"{q} is per time, but {name} does not add up"
        return Fault(what, f"write {q._replace(unit='')}")
    return None


def _example(metric: Metric, q: Quantity) -> str:
    number = q._replace(suffix="", unit="")
    return f"write {number} per month" if metric.adds_up else f"write {number}"

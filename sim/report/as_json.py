"""Results as one JSON object, for other programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.core.clock import CELLS_PER_HOUR, WEEKS_PER_YEAR
from sim.core.fiscal import By
from sim.core.statistics import Estimate, Sample, estimate
from sim.experiments.breakeven import BreakEven
from sim.experiments.comparison import Comparison
from sim.experiments.figures import ThreeFigures, levels_of_money
from sim.experiments.forms import Seen, Shift
from sim.experiments.judging import CONTAINS
from sim.experiments.returns import Return
from sim.experiments.turning_points import TurningPoints
from sim.metrics import METRICS, label_of
from sim.metrics.by_segment import by_segment
from sim.metrics.periods import fiscal_periods
from sim.plan.roster import Roster
from sim.plan.staff import GroupStaff
from sim.report.pages.people import people_facts
from sim.report.pages.turning_points import beliefs_as_facts
from sim.runs.expected import expectations_met
from sim.runs.kept import KeptRun
from sim.runs.run import Run
from sim.scenario.scenario import Scenario


def runs_as_json(played: list[KeptRun]) -> str:
    """Every run with its metrics."""
    runs = [{**_run(run), "folder": str(folder), "reused": r} for run, folder, r in played]
    return json.dumps({"runs": runs}, indent=2, ensure_ascii=False)


def comparison_as_json(
    comparison: Comparison, beliefs: list[TurningPoints], folders: list[Path], folder: Path
) -> str:
    """The baseline, each variant's differences, its verdict and what that asks to believe."""
    return json.dumps(
        {**comparison_facts(comparison, beliefs, folders), "folder": str(folder)},
        indent=2,
        ensure_ascii=False,
    )


def comparison_facts(
    comparison: Comparison, beliefs: list[TurningPoints], folders: list[Path]
) -> dict[str, Any]:
    """What a comparison found, as plain values."""
    names = [f.name for f in folders]
    variants = []
    for against, believed, name in zip(comparison.variants, beliefs, names[1:], strict=True):
        verdict = {k: _number(v) for k, v in against.verdict._asdict().items()}
        verdict["sentence"] = against.verdict.told
        beside = {
            name: {key: _number(value) for key, value in one.items()}
            for name, one in people_facts(against).items()
        }
        variants.append(
            {
                "scenario": against.run.scenario.spec.name,
                "run": name,
                "verdict": verdict,
                **({"customers_and_people": beside} if beside else {}),
                "beliefs": beliefs_as_facts(believed),
                "forms": [{**s._asdict(), "by": s.by._asdict()} for s in against.shifts],
                "correlation": _number(against.correlation),
                "variance_ratio": _number(against.variance_ratio),
                "differences": {n: estimate_facts(d.gap) for n, d in against.differences.items()},
                "money": {n: _three(figures) for n, figures in against.money.items()},
                "return": against.returned and _return(against.returned),
            }
        )
    base = {**_run(comparison.base), "run": names[0]}
    return {"baseline": base, "intervals_contain": CONTAINS, "variants": variants}


def shifts_from_facts(forms: Sequence[dict[str, Any]]) -> list[Shift]:
    """What `comparison_facts` wrote of the forms of a variant."""
    return [Shift(one["form"], one["key"], Seen(**one["by"])) for one in forms]


def report_facts(
    comparison: Comparison, beliefs: list[TurningPoints], folders: list[Path], by: By
) -> dict[str, Any]:
    """All that a report tells of a comparison, or of a run alone, as numbers; whoever reads it.

    Results of fiscal periods are sums over the weeks that start in them.
    """
    runs = [comparison.base, *(against.run for against in comparison.variants)]
    segments, results = {}, {}
    for run in runs:
        name = run.scenario.spec.name
        found = by_segment(run.scenario.segments, run.tally)
        segments[name] = {
            segment: {metric: estimate_facts(estimate(s)) for metric, s in samples.items()}
            for segment, samples in found.items()
        }
        results[name] = {
            period.name: estimate_facts(
                estimate(Sample(run.weekly_result[:, list(period.weeks)].sum(axis=1)))
            )
            for period in fiscal_periods(comparison.base.scenario, by)
        }
    facts = comparison_facts(comparison, beliefs, folders)
    return {**facts, "segments": segments, f"result_by_{by}": results}


def breakeven_facts(found: BreakEven) -> dict[str, Any]:
    """What a search for a break-even found, as plain values."""
    base = found.base.run
    return {
        "scenario": found.variant.spec.name,
        "baseline": base.scenario.spec.name,
        "baseline_from": found.baseline_from,
        "metric": found.metric,
        "level": found.level.typed if found.level else None,
        "parameter": found.parameter,
        "unit": found.unit,
        "between": [found.answer.low, found.answer.high],
        "roots": [root._asdict() for root in found.answer.roots],
        "intervals_contain": CONTAINS,
        "seed": base.seed,
        "replications": base.replications,
        "baseline_run": found.base.folder.name,
        "evaluated": [
            {"at": x, "run": found.folders[x], "difference": estimate_facts(e)}
            for x, e in found.answer.evaluated
        ],
        "answer": found.sentence,
    }


def staff_facts(scenario: Scenario, found: Sequence[GroupStaff]) -> dict[str, Any]:
    """What `staff` found, group by group: seats, people and what they cost; hours are a week's."""
    known = {one.group for one in found}
    return {
        "scenario": scenario.spec.name,
        "currency": scenario.spec.currency or None,
        "groups": [_group_staff(one) for one in found],
        "need_not_known": [name for name in scenario.groups if name not in known],
    }


def _group_staff(one: GroupStaff) -> dict[str, Any]:
    return {
        "group": one.group,
        "service_level": {"share": one.goal.share, "within_s": one.goal.within_s},
        "needed": {
            **_seats(one.seats),
            "heads": one.heads,
            "paid_hours": one.paid_hours,
            "wages_a_year": _wages(one.wage, one.paid_hours),
            "seat_hours_on_a_mean_day": float(one.on_mean_day.sum()) / CELLS_PER_HOUR,
            "seat_hours_by_erlang_c": float(one.by_erlang_c.sum()) / CELLS_PER_HOUR,
            "roster": one.roster and _roster(one.roster),
        },
        "typed": {
            **_seats(one.typed_seats),
            "heads": one.typed_heads,
            "paid_hours": one.typed_paid_hours,
            "wages_a_year": _wages(one.wage, one.typed_paid_hours),
            "reaches": _number(one.reached),
        },
    }


def _seats(seats: np.ndarray) -> dict[str, Any]:
    """The fewest while anybody is on duty, the most, and hours."""
    manned = seats[seats > 0]
    fewest, most = (int(manned.min()), int(manned.max())) if len(manned) else (0, 0)
    hours = float(seats.sum()) / CELLS_PER_HOUR
    return {"seats": {"fewest": fewest, "most": most}, "seat_hours": hours}


def _wages(wage: float | None, hours: float) -> float | None:
    """Of a year, with on-costs; null of a vendor, whose wages nobody knows."""
    return None if wage is None else wage * hours * WEEKS_PER_YEAR


def _roster(roster: Roster) -> dict[str, Any]:
    """People by shift; hours above the linear bound as a share, hours that no shift reaches."""
    people = np.bincount(roster.pattern, minlength=len(roster.names)).tolist()
    return {
        "people": dict(zip(roster.names, people, strict=True)),
        "above_linear_bound": _number(float(roster.gap)),
        "uncovered_hours": float(roster.uncovered.sum()) / CELLS_PER_HOUR,
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "scenario": run.scenario.spec.name,
        "seed": run.seed,
        "replications": run.replications,
        "metrics": {
            name: {
                "label": label_of(name, run.scenario),
                "unit": METRICS[name].unit,
                **estimate_facts(estimate(sample)),
            }
            for name, sample in run.samples.items()
        },
        "money": {n: _three(figures) for n, figures in levels_of_money(run).items()},
        "checks": [
            {
                "metric": one.metric,
                "per": one.per or None,
                "expected": [one.low, one.high],
                **estimate_facts(one.found),
                "outcome": one.outcome,
            }
            for one in expectations_met(run)
        ],
    }


def _three(figures: ThreeFigures) -> dict[str, Any]:
    """A sum of money in its three figures; null where there is none."""
    named = zip(("first_year", "pace_at_the_end", "value"), figures, strict=True)
    return {name: None if e is None else estimate_facts(e) for name, e in named}


def _return(found: Return) -> dict[str, Any]:
    """What one-off costs return; months and rates are null where there are none."""
    return {
        "paid_once": found.invested,
        "written_off_after_the_horizon": found.written_off_later,
        "npv": estimate_facts(found.npv),
        "roi_undiscounted": estimate_facts(found.roi),
        "payback_months": found.payback,
        "discounted_payback_months": found.discounted_payback,
        "irr_a_month": found.rate,
        "npv_above_0": {**estimate_facts(found.positive), "replications": found.times_positive},
        "months": found.flows.months.tolist(),
        "cash": found.flows.cash.mean(axis=0).tolist(),
        "accrual": found.flows.accrual.mean(axis=0).tolist(),
    }


def estimate_facts(e: Estimate) -> dict[str, Any]:
    """A value with the ends of its interval; null where there is none."""
    return {"value": _number(e.value), "low": _number(e.low), "high": _number(e.high)}


def _number(value: Any) -> Any:
    """JSON has no nan."""
    return None if isinstance(value, float) and not math.isfinite(value) else value

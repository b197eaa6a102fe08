"""What if all went on after the horizon as it is at its end? Nothing is played for it.

As typed, a policy ends with the horizon: its sales and savings stop, and the customers that are
left leave as they do today. A verdict may turn if it goes on, for what fades or grows counts more.
"""

from __future__ import annotations

import math

import numpy as np

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.core.statistics import difference
from sim.domain.customers.customers import ChurnSpec, lifetime_value, yearly_hazard
from sim.experiments.figures import VALUE
from sim.experiments.weak_number import changed, throughout
from sim.metrics import METRICS
from sim.metrics.periods import pace_weeks
from sim.metrics.value import present_value
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

PACE = "contribution"
MOST_OF_A_WEEK = 0.999  # share of a segment that leaves in a week


def if_it_goes_on(base: Run, run: Run) -> float | None:
    """By how much the difference in value moves if the variant goes on as at its end.

    Its customers leave for good as many times faster than typed as they do in the last weeks,
    against the baseline's. The difference in contribution, at the pace of the end, goes on while
    those customers stay. None where the horizon is too short for a pace, where value has no end,
    or where what goes on is valued already: members of a loyalty programme, holders of a product.
    """
    if PACE not in run.pace or any(_is_valued_already(one) for one in (base, run)):
        return None
    scenario = _leaving_as_at_the_end(base, run)
    facts = run.against(base).facts
    there, here = (
        METRICS[VALUE].measure(facts._replace(scenario=one)) for one in (scenario, run.scenario)
    )
    by = difference(here, there).value + _what_goes_on(base, run, scenario)
    return by if math.isfinite(by) else None


def _is_valued_already(run: Run) -> bool:
    """Whether some customers are valued at a churn of their own, or bring money by the month."""
    spec = run.scenario.at_the_end.spec
    holders = [offer.holders for offer in spec.offers.values() if offer.holders]
    has_own_churn = bool(spec.loyalty) or any(one.churn_factor != 1.0 for one in holders)
    return has_own_churn or bool(np.any(run.samples["sold_value_at_end"].numerators))


def _leaving_as_at_the_end(base: Run, run: Run) -> Scenario:
    """The variant, its churn typed so many times today's as it is the baseline's at the end."""
    scenario, before, after = run.scenario, _hazards_at_end(base), _hazards_at_end(run)
    for name in before.keys() & after.keys():
        if before[name] > 0.0:
            ratio = after[name] / before[name]
            path = ["customers", name, "churn"]
            scenario = throughout(
                scenario, lambda spec, r=ratio, p=path: changed(spec, p, lambda c: _faster(c, r))
            )
    return scenario


def _what_goes_on(base: Run, run: Run, scenario: Scenario) -> float:
    """Value at the start of the difference in contribution, a month, while customers stay.

    Nothing goes on where none are left.
    """
    per_month = difference(base.pace[PACE], run.pace[PACE]).value / MONTHS_PER_YEAR
    spec = scenario.at_the_end.spec
    active = run.tally.customers["active"][:, -1].sum(axis=0).astype(float)
    if not active.any():
        return 0.0
    rates = [one.churn.rate if one.churn else 0.0 for one in spec.customers.values()]
    worth = [lifetime_value(per_month, rate, spec.finance.discount_rate) for rate in rates]
    at_end = np.average(worth, weights=active)
    return float(present_value(np.zeros((1, 0)), np.array([at_end]), scenario)[0])


def _hazards_at_end(run: Run) -> dict[str, float]:
    """Segment → hazard of leaving in a week of the pace; finite though all may have left."""
    counts = run.tally.customers[:, -pace_weeks(run.tally.customers.shape[1]) :]
    active, left = (n.sum(axis=(0, 1)).astype(float) for n in (counts["active"], counts["left"]))
    share = np.divide(left, active, out=np.zeros_like(left), where=active > 0)
    hazards = -np.log1p(-np.minimum(share, MOST_OF_A_WEEK))
    return dict(zip(run.scenario.segments, hazards.tolist(), strict=True))


def _faster(churn: ChurnSpec, times: float) -> ChurnSpec:
    """Churn at so many times its hazard, and at most so that a customer stays for a week."""
    hazard = min(yearly_hazard(churn.rate) * times, WEEKS_PER_YEAR)
    return churn.model_copy(update={"rate": -math.expm1(-hazard)})

"""How well does the program know this center? Typed figures of today beside simulated ones."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.domain.today import parse_service_level
from sim.estimate import estimate
from sim.experiment import Run
from sim.metrics import facts_of, measure
from sim.report.amounts import money, percent_exact
from sim.units import WEEKS_PER_YEAR, typeset

LARGE_GAP = 0.10  # relative, or 5 points of a share: then the run says that the gap is large
LARGE_POINTS = 0.05


class Gap(NamedTuple):
    """One figure: what was typed, what came out."""

    name: str
    typed: str
    simulated: str
    gap: str
    is_large: bool


def gaps(run: Run) -> list[Gap]:
    """The table typed | simulated | gap, of what the scenario states about today."""
    today = run.scenario.spec.today
    samples = measure(facts_of(run))
    value = {name: estimate(sample) for name, sample in samples.items()}
    length = run.scenario.spec.horizon.length_weeks
    found: list[Gap] = []
    if today.service_level:
        share, within = parse_service_level(today.service_level)
        reached = value["service_level"].value
        found.append(_share(f"service level within {within:g} s", share, reached))
    for name, metric in (("abandoned", "abandonment"), ("occupancy", "occupancy"),
                         ("csat", "csat"), ("first_contact", "fcr")):  # fmt: skip
        typed = getattr(today, name)
        if typed is not None:
            found.append(_share(name.replace("_", " "), typed, value[metric].value))
    if today.churn is not None:
        hazard = value["churn"].value
        found.append(_share("churn within a year", today.churn, -math.expm1(-hazard)))
    for name, metric in (("wait", "asa"), ("handle", "aht")):
        typed = getattr(today, name)
        if typed is not None:
            found.append(_amount(name, typed, value[metric].value, "{:.0f} s"))
    if today.nps is not None:
        found.append(_amount("nps", today.nps, value["nps"].value, "{:+.0f}"))
    if today.volume is not None:
        found.append(
            _amount("contacts a week", today.volume, value["offered"].value / length, "{:,.0f}")
        )
    if today.annual_cost is not None and length >= 1:  # days are not all alike
        cost = value["cost"].value * WEEKS_PER_YEAR / length
        change = cost / today.annual_cost - 1
        found.append(
            Gap("annual cost", money(today.annual_cost), money(cost), typeset(f"{change:+.0%}"),
                abs(change) > LARGE_GAP)
        )  # fmt: skip
    typed_volumes = [(t, s.volume) for t, s in run.scenario.spec.contacts.items()]
    for i, (name, volume) in enumerate(typed_volumes):
        if volume.per_week and volume.counts == "all" and run.scenario.root is run.scenario:
            offered = run.tally.contacts[:, :, i, 0].sum(axis=1).mean() / length
            found.append(_amount(f"{name}: contacts a week", volume.per_week, offered, "{:,.0f}"))
    return found


def _share(name: str, typed: float, simulated: float) -> Gap:
    points = 100 * (simulated - typed)
    return Gap(
        name, percent_exact(typed), percent_exact(simulated), typeset(f"{points:+.1f} points"),
        abs(simulated - typed) > LARGE_POINTS,
    )  # fmt: skip


def _amount(name: str, typed: float, simulated: float, form: str) -> Gap:
    change = simulated / typed - 1 if typed else math.nan
    before, after = (typeset(form.format(figure)) for figure in (typed, simulated))
    return Gap(name, before, after, typeset(f"{change:+.0%}"), abs(change) > LARGE_GAP)

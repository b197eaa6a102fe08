"""What a horizon of less than a year cannot show: money that comes later, and effects that grow."""

from __future__ import annotations

from sim.core.clock import WEEKS_PER_YEAR
from sim.metrics.periods import first_year_text
from sim.scenario.scenario import Scenario
from sim.scenario.sold import is_sold


def told_too_early(scenario: Scenario) -> list[str]:
    """A sentence if a full year may turn the sign of a difference; else none."""
    weeks = scenario.spec.horizon.length_weeks
    growing = growing_with_time(scenario)
    if weeks >= WEEKS_PER_YEAR or not growing:
        return []
    return [
        f"this is only what happens {first_year_text(weeks)}, and {' and '.join(growing)}:"
        f" after {WEEKS_PER_YEAR} weeks the sign of a difference can be another"
    ]


def growing_with_time(scenario: Scenario) -> list[str]:
    """Clauses that name margins that recur and effects that grow with time."""
    spec = scenario.spec
    sold = {name: o for name, o in spec.offers.items() if is_sold(spec, name)}
    monthly = [name for name, o in sold.items() if o.recurring or o.downgrade]
    found = [f"{' and '.join(monthly)} is paid for month by month"] if monthly else []
    if spec.save_desk or any(o.kind == "retention" for o in sold.values()):
        found.append("customers who are kept stay for years")
    if spec.referral:
        found.append("customers who are referred stay for years")
    if any(s.churn and s.churn.model == "relationship" for s in spec.customers.values()):
        found.append("what customers remember builds up")
    if any(contact.volume.trend for contact in spec.contacts.values()):
        found.append("the volume grows or falls")
    if spec.initiatives:
        found.append("initiatives pay off slowly")
    return found

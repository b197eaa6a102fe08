"""What are the anchors and the planned seats of a scenario made from?

The pilot plays average weeks, and money is booked after play. So a wage, a margin or a product that
nobody offers changes no anchors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from sim.plan.seats import compile_levels, paid_hours_per_week
from sim.scenario.scenario import Scenario
from sim.scenario.sold import is_sold

PILOT_WEEKS = 3
BOOKED = ("price", "margin", "commission", "preparation")


def pilot_of(scenario: Scenario, weeks: int = PILOT_WEEKS) -> Scenario:
    """The scenario over the weeks that the pilot plays, a week to settle before them.

    Nobody is called from a list: what a call does comes on top of the churn that was typed.
    """
    pilot = scenario.with_horizon(weeks=weeks, warm_up="7 d")
    lists = {name: one.call_list for name, one in pilot.spec.offers.items() if one.call_list}
    if not lists:
        return pilot
    offers = dict(pilot.spec.offers)
    for name, one in lists.items():
        nobody = one.model_copy(update={"per_week": 0.0})
        offers[name] = offers[name].model_copy(update={"call_list": nobody})
    spec = pilot.spec.model_copy(update={"offers": offers})
    return Scenario(pilot.tree, spec, pilot.lineage[:-1])


def made_from(scenario: Scenario) -> str:
    """A digest of all that decides the anchors and the seats, on every level of the lineage."""
    return _digest(scenario, _played)


def volume_made_from(scenario: Scenario) -> str:
    """The same of new issues alone.

    Nobody leaves within the pilot that finds them. So how customers leave matters only where
    offers weigh that.
    """
    offers = [offer for level in scenario.lineage for offer in level.spec.offers.values()]
    by_value = any(offer.policy.weighs_money for offer in offers)
    return made_from(scenario) if by_value else _digest(scenario, _without_leaving)


def _digest(scenario: Scenario, played: Callable[[Scenario], dict[str, Any]]) -> str:
    levels = compile_levels(scenario)
    seats = [levels.level.tobytes(), levels.closed.tobytes()]
    is_root = scenario is scenario.root
    hours = paid_hours_per_week(scenario, levels).tolist() if is_root else []
    pilot = pilot_of(scenario)
    of_pilot = compile_levels(pilot).level.tobytes()
    below = "" if is_root else _digest(scenario.lineage[-2], played)
    text = json.dumps(played(pilot)) + f"{hours!r}{below}"
    return hashlib.sha256(b"|".join([text.encode(), *seats, of_pilot])).hexdigest()


def _played(pilot: Scenario) -> dict[str, Any]:
    """What a pilot plays, without what is only booked, and without luck."""
    spec = pilot.spec.as_played()
    offers = pilot.spec.offers
    by_value = any(offer.policy.weighs_money for offer in offers.values())
    annoys = any(s.churn and s.churn.beyond_outcome for s in pilot.spec.customers.values())
    has_opinion = pilot.remembers or pilot.spec.referral or pilot.spec.save_desk or annoys
    unread = {
        "seed",
        "replications",
        "costs",
        "surveys",
        "name",
        "question",
        "based_on",
        "currency",
    }
    unread |= set() if by_value else {"finance"}
    unread |= set() if has_opinion else {"experience"}
    for key in unread:
        spec.pop(key, None)
    for group in spec["agents"].values():
        booked = ("wage", "paid", "positions", "heads")
        for key in booked if group.get("people") else (*booked, "turnover", "shrinkage"):
            group.pop(key, None)
    if not (by_value or pilot.remembers or pilot.spec.save_desk):  # nobody leaves within a pilot
        for segment in spec.get("customers", {}).values():
            segment.pop("due_to_service", None)
            if isinstance(segment.get("churn"), dict):
                segment["churn"].pop("rate", None)
                segment["churn"].pop("due_to_service", None)
    if not by_value:
        for segment in spec.get("customers", {}).values():
            segment.pop("margin", None)
            if isinstance(segment.get("acquisition"), dict):
                segment["acquisition"].pop("cost", None)
        spec["offers"] = {
            name: {key: value for key, value in typed.items() if key not in BOOKED}
            for name, typed in spec.get("offers", {}).items()
            if not _is_idle(pilot, name)
        }
    return spec


def _without_leaving(pilot: Scenario) -> dict[str, Any]:
    """The same, without how customers leave; a contact notes what annoys in any case."""
    spec = _played(pilot)
    spec.pop("experience", None)  # some have none; its place in the text must not differ
    spec["experience"] = pilot.spec.experience.as_played()
    for segment in spec.get("customers", {}).values():
        segment.pop("churn", None)
        segment.pop("due_to_service", None)
    return spec


def _is_idle(pilot: Scenario, name: str) -> bool:
    """Whether nobody offers it, and no other offer depends on it."""
    offers = pilot.spec.offers
    is_needed = any(name in other.needs for other in offers.values())
    changes_nothing = not is_sold(pilot.spec, name) and offers[name].holders is None
    return changes_nothing and not is_needed and not pilot.spec.save_desk

"""Which outcomes does a scenario improve without paying for it?

An outcome (handling time, resolution, acceptance, churn, turnover) follows from decisions. Typing
a better one is a wish, not a plan: such a scenario is run, and its verdict begins "unpriced:".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.domain.contacts.handling import mean_handle_s
from sim.language.block import BETTER
from sim.scenario.scenario import Scenario
from sim.scenario.times_of_day import averages


def improved_outcomes(base: Scenario, variant: Scenario) -> list[str]:
    """Dotted paths of outcomes that the variant types better than the base, for free.

    An improvement by an initiative is for free if the initiative costs nothing. But whatever it
    costs, no initiative takes over the contacts that it makes vanish.
    """
    vanished = _vanished(base.with_all, variant.with_all)
    base, variant = base.as_wished, variant.as_wished
    base, variant = base.on_average, _averaged_like(base, variant)
    improved = [
        path
        for path, better, (before, after) in _changed_outcomes(base.spec, variant.spec)
        if (after < before) == (better == "less")
    ]
    for type_ in variant.types:
        if type_ in base.types:
            before, after = (mean_handle_s(*s.handling(type_)) for s in (base, variant))
            if after < before:
                improved.append(f"contacts.{type_}.handling time")
    improved += _switched_off(base, variant) + _served_faster(base, variant)
    improved += vanished + _rewarded_for_nothing(base, variant) + _solved_for_nothing(base, variant)
    return sorted(set(improved))


def _averaged_like(base: Scenario, variant: Scenario) -> Scenario:
    """The variant on average of contacts in the base's hours: other hours improve nothing."""

    def coming(type_: str) -> np.ndarray:
        return (base if type_ in base.types else variant).coming(type_)

    return variant.with_contacts(averages(variant.spec, coming))


def _switched_off(base: Scenario, variant: Scenario) -> list[str]:
    """Bad outcomes that the variant does not have at all: nothing unresolved, nobody leaving."""
    found = []
    for block, key in (("contacts", "resolution"), ("customers", "churn")):
        before, after = getattr(base.spec, block), getattr(variant.spec, block)
        for name in before.keys() & after.keys():
            if getattr(before[name], key) is not None and getattr(after[name], key) is None:
                found.append(f"{block}.{name}.{key}")
    return found


def _vanished(base: Scenario, variant: Scenario) -> list[str]:
    """Types with fewer contacts, where all together have fewer: no other type takes them over."""
    before, after = (
        {type_: scenario.weekly_contacts(type_) for type_ in scenario.types}
        for scenario in (base, variant)
    )
    if sum(after.values()) >= sum(before.values()):
        return []
    fewer = [type_ for type_ in before if after.get(type_, 0.0) < before[type_]]
    return [f"contacts.{type_}.volume: contacts vanish" for type_ in fewer]


def _rewarded_for_nothing(base: Scenario, variant: Scenario) -> list[str]:
    """A loyalty programme that keeps customers and gives them nothing."""
    before, after = base.spec.loyalty, variant.spec.loyalty
    if after is None or after.reward > 0 or after.mean_factor >= 1:
        return []
    is_new = before is None or after.mean_factor < before.mean_factor
    return ["loyalty.churn_factor"] if is_new else []


def _solved_for_nothing(base: Scenario, variant: Scenario) -> list[str]:
    """Bots that solve more than the base's, and whose vendor bills nothing."""
    found = []
    for type_, spec in variant.spec.contacts.items():
        before = base.spec.contacts[type_].self_service if type_ in base.types else None
        bot, solved = spec.self_service, before.met * before.solved if before else 0.0
        if bot and bot.price is None and bot.met * bot.solved > solved:
            found.append(f"contacts.{type_}.self_service")
    return found


def _served_faster(base: Scenario, variant: Scenario) -> list[str]:
    """Groups that need less time for a type they served already."""
    found = []
    for group in set(base.groups) & set(variant.groups):
        before, after = base.serves(group), variant.serves(group)
        for type_ in before.keys() & after.keys():
            if after[type_].handle < before[type_].handle:
                found.append(f"agents.{group}.serves.{type_}.handle")
    return found


def _changed_outcomes(before: Any, after: Any, path: str = ""):
    """Outcomes that both have with different numbers: path, which way it improves, both."""
    if isinstance(before, BaseModel) and isinstance(after, BaseModel):
        for name, field in type(after).model_fields.items():
            one, two = getattr(before, name, None), getattr(after, name)
            extra = field.json_schema_extra
            below = f"{path}.{name}" if path else name
            better = extra.get(BETTER) if isinstance(extra, dict) else None
            is_outcome = better is not None
            if is_outcome and isinstance(one, int | float) and isinstance(two, int | float):
                if one != two:
                    yield below, better, (one, two)
            elif is_outcome and isinstance(one, dict) and isinstance(two, dict):
                for key in one.keys() & two.keys():
                    if one[key] != two[key]:
                        yield f"{below}.{key}", better, (one[key], two[key])
            else:
                yield from _changed_outcomes(one, two, below)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _changed_outcomes(before[key], after[key], f"{path}.{key}")


def desk_from_nowhere(scenario: Scenario) -> list[str]:
    """A typed churn is net of those whom today's desk keeps; without one today it keeps nobody."""
    if scenario.spec.save_desk and not scenario.root.spec.save_desk:
        base = scenario.root.spec.name
        return [
            f"{base} has no save_desk, so all customers kept here count as its merit: if some"
            f" withdraw today, write save_desk into {base}, even if it offers nothing"
        ]
    return []

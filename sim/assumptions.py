"""Which outcomes does a scenario improve without paying for it?

An outcome (handling time, resolution, acceptance, churn, turnover) follows from decisions. Typing
a better one is a wish, not a plan: such a scenario is run, and its verdict begins "unpriced:".
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sim.domain.handling import mean_handle_s
from sim.scenario import Scenario

# Outcomes of which less is better; of the others more is.
LOWER_IS_BETTER = frozenset({"rate", "turnover", "share", "mean", "handle"})


def improved_outcomes(base: Scenario, variant: Scenario) -> list[str]:
    """Dotted paths of outcomes that the variant types better than the base, for free."""
    improved = [
        path
        for path, (before, after) in _changed_outcomes(base.spec, variant.spec)
        if (after < before) == (path.rpartition(".")[2] in LOWER_IS_BETTER)
    ]
    for type_ in variant.types:
        if type_ in base.types:
            before, after = (mean_handle_s(*s.handling(type_)) for s in (base, variant))
            if after < before:
                improved.append(f"contacts.{type_}.handling time")
    return sorted(set(improved))


def _changed_outcomes(before: Any, after: Any, path: str = ""):
    """Outcomes that both have, with different numbers."""
    if isinstance(before, BaseModel) and isinstance(after, BaseModel):
        for name, field in type(after).model_fields.items():
            one, two = getattr(before, name, None), getattr(after, name)
            extra = field.json_schema_extra
            below = f"{path}.{name}" if path else name
            is_outcome = isinstance(extra, dict) and extra.get("mark") == "outcome"
            if is_outcome and isinstance(one, int | float) and isinstance(two, int | float):
                if one != two:
                    yield below, (one, two)
            else:
                yield from _changed_outcomes(one, two, below)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _changed_outcomes(before[key], after[key], f"{path}.{key}")

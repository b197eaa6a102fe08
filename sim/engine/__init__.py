"""The engines: `simulate` is the only door.

Importing this package compiles the rules (or loads them from the cache).
"""

from __future__ import annotations

import sys
from typing import Literal

from sim.domain.demand import Fortune
from sim.engine import compiled, reference
from sim.engine.state import Carry, Span, nothing_yet
from sim.plan import Plan
from sim.rule import compile_rules, compiled_before
from sim.tables import People

EngineName = Literal["compiled", "reference"]
ENGINES = {"compiled": compiled.simulate, "reference": reference.simulate}

compile_rules()
if not compiled_before(compiled.run_events):
    print("compiling the engine, once (a minute or two) …", file=sys.stderr)


def simulate(
    plan: Plan,
    fortune: Fortune,
    people: People,
    carry: Carry,
    engine: EngineName = "compiled",
) -> Span:
    """Play the plan's span of time; `people` are changed in place (their offer history)."""
    return ENGINES[engine](plan, fortune, people, carry)


__all__ = ["Carry", "EngineName", "Span", "nothing_yet", "simulate"]

"""The engines: `simulate` plays the contacts of a span of time with either of two.

compiled                        the fast engine, in machine code: its loop, and below it
levels, events, deferred, desks   what it does at each moment
next_up, world, calendar, queues  what it looks up and keeps
reference, reference_*          the engine to read, in SimPy; same results
steps/                          what happens to a contact, shared by both
arrivals, state                 what both are given, and what they leave

`simulate` calls `get_ready`, which turns the rules into machine code. The `get_ready` of
sim/weeks/first_time.py does the same before a run, in two processes if nothing was kept.
"""

from __future__ import annotations

import sys
from typing import Literal

from sim.core.once import once
from sim.core.rules import compile_rules, compiled_before
from sim.core.tables import People
from sim.domain.contacts.demand import Fortune
from sim.engine import compiled, reference
from sim.engine.state import Carry, Span, nothing_yet
from sim.plan.plan import Plan

EngineName = Literal["compiled", "reference"]
ENGINES = {"compiled": compiled.simulate, "reference": reference.simulate}


@once
def get_ready() -> None:
    """Put the rules into machine code, or fetch it where it was kept; once in each process.

    Call this before anything is drawn: a rule in plain Python may differ in the last
    bit, and takes a hundred times as long.
    """
    compile_rules()
    if not compiled_before(compiled.run_events):
        print("compiling the engine, once (about three minutes) …", file=sys.stderr)


def simulate(
    plan: Plan,
    fortune: Fortune,
    people: People,
    carry: Carry,
    engine: EngineName = "compiled",
) -> Span:
    """Play the plan's span of time; `people` are changed in place (their offer history)."""
    get_ready()
    return ENGINES[engine](plan, fortune, people, carry)


__all__ = ["Carry", "EngineName", "Span", "get_ready", "nothing_yet", "simulate"]

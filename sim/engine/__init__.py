"""The engines: `simulate` plays the contacts of a span of time with either of two.

compiled                        the fast engine, in machine code: its loop, and below it
coming, ending, levels, deferred  what it does at each moment; what_follows: and then
answering, desks                who takes whom, and what happens at her desk
next_up, world, calendar, queues  what it looks up and keeps
reference, reference_*          the engine to read, in SimPy; same results
steps/                          what happens to a contact, shared by both
arrivals, state                 what both are given, and what they leave

`simulate` calls `get_ready`, which has rules compiled as they are called. The `get_ready` of
sim/weeks/first_time.py compiles the loop before a run, in two processes if it was not kept.
"""

from __future__ import annotations

import sys
from typing import Literal

import numpy as np

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
    """Have the rules compiled as soon as they are called; once in each process.

    Call this before anything is drawn: a rule in plain Python may differ in the last
    bit, and takes a hundred times as long.
    """
    compile_rules()


@once
def tell_of_compiling(is_more: bool) -> None:
    """Say that the loop, for more than calls or for calls only, has to be compiled first."""
    if not compiled_before(compiled.loop(is_more)):
        what = "chats, bots and all other channels" if is_more else "calls"
        print(f"compiling the engine for {what}, once (a minute or two) …", file=sys.stderr)


def simulate(
    plan: Plan,
    fortune: Fortune,
    people: People,
    carry: Carry,
    engine: EngineName = "compiled",
) -> Span:
    """Play the plan's span of time; `people` are changed in place (their offer history)."""
    get_ready()
    if engine == "compiled":
        tell_of_compiling(bool(np.any(plan.more_than_calls)))
    return ENGINES[engine](plan, fortune, people, carry)


__all__ = [
    "Carry",
    "EngineName",
    "Span",
    "get_ready",
    "nothing_yet",
    "simulate",
    "tell_of_compiling",
]

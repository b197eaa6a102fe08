"""Random worlds in which specialists are handed what others do not solve, and a law of transfers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.core.moments import FIRST_LEG, SECOND_LEG
from sim.core.tables import NOT_YET, STAYING, WAITING

from .random_worlds import random_worlds
from .worlds import constant, each, minutes

TRANSFER = st.fixed_dictionaries(
    {
        "share": st.sampled_from([0.5, 1.0]),
        "resolves": st.sampled_from([0.0, 0.5, 1.0]),
        "talk": st.sampled_from([{"mean": "4 min"}, constant(2), constant(15)]),
        "hold": st.sampled_from(["none", "30%"]),
        "wrap_up": st.sampled_from(["none", constant(1)]),
        "priority": st.integers(1, 2),
    }
)


def hand_on_to_specialists(draw, agents, name, spec):
    """Some issues are not solved, and handed on to a group beside which another one answers."""
    if draw(st.booleans()):
        agents.setdefault("experts", {"serves": [], "positions": draw(st.integers(1, 2))})
    if spec["resolution"] == "none":
        spec["resolution"] = {"first_contact": 0.3, "comes_back": 0.5, "delay": constant(5)}
    serving = {group for group, one in agents.items() if name in one["serves"]}
    to = sorted(group for group in agents if serving - {group})
    if to:
        spec["transfer"] = draw(TRANSFER) | {"to": draw(st.sampled_from(to))}
        if spec["channel"] == "voice" and draw(st.sampled_from([True, True, True, False])):
            spec["transfer"]["hand_over"] = minutes(draw(st.sampled_from([1, 5, 15])))


def drop_idle_experts(world: dict[str, Any]) -> None:
    """A group to which nobody hands on, and that answers nothing, is an error."""
    to = {spec["transfer"]["to"] for spec in world["contacts"].values() if "transfer" in spec}
    if "experts" not in to:
        world["agents"].pop("experts", None)


@st.composite
def worlds_with_transfers(draw, *, weekly=False):
    """A random world of calls, most of which are handed on."""
    case = draw(random_worlds(weekly=weekly))
    for name, spec in case.world["contacts"].items():
        spec["channel"] = "voice"
        hand_on_to_specialists(draw, case.world["agents"], name, spec)
    drop_idle_experts(case.world)
    return case


def handed_on_are_once(played, n):
    """Each first leg handed on has one second leg, and an agent stayed while that waited."""
    rows = played.contacts
    second = {(c.name, c.attempt): c for c in each(rows[rows.leg == SECOND_LEG])}
    first = [c for c in each(rows[rows.handed_on == 1]) if c.leg == FIRST_LEG]
    assert len(second) == len(first)
    for c in first:
        leg = second[c.name, c.attempt]
        spoke_ms = c.answered_ms + c.talk_ms + c.hold_ms
        if c.phase == STAYING:
            n["staying"] += 1
            assert leg.brought_by >= 0 and leg.phase == WAITING
        elif c.hand_over_ms:
            waited_until_ms = leg.left_ms if leg.answered_ms == NOT_YET else leg.answered_ms
            n["stayed"] += waited_until_ms > spoke_ms
            n["gave up beside an agent"] += leg.answered_ms == NOT_YET
            assert c.hand_over_ms >= waited_until_ms - spoke_ms
        n["solved by specialists"] += bool(leg.resolved) and leg.product < 0

"""How many chats an agent has at once."""

from __future__ import annotations

from sim.metrics.registry import metric


@metric("contacts", "neither", "1.5 to 3.5 (ccplanning.net)", of="chats", estimator="ratio")
def chats_at_once(f):
    """Time of chats, added up ÷ time of agents in at least one."""
    return f.time_ms("chats_ms"), f.time_ms("in_chats_ms")

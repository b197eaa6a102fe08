"""How long messages wait for their first answer."""

from __future__ import annotations

from sim.core.clock import MS_PER_HOUR
from sim.metrics.registry import metric


@metric("h", "lower", of="messages", estimator="ratio")
def message_wait(f):
    """Calendar time until the first answer to a message ÷ conversations answered."""
    f = f.messages()
    return f.count("wait_answered_ms") / MS_PER_HOUR, f.count("answered")

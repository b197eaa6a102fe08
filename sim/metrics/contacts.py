"""What the switch counts: contacts, waits, giving up, four definitions of service level."""

from __future__ import annotations

import numpy as np

from sim.metrics.registry import metric
from sim.units import MS_PER_SECOND


@metric("contacts")
def offered(f):
    """Contacts that reached the center, redials and repeats included."""
    return f.count("offered")


@metric("contacts")
def answered(f):
    """Contacts answered by an agent."""
    return f.count("answered")


@metric("share", "lower", "5–8 % is common [GK]")
def abandonment(f):
    """Contacts that gave up waiting, balking included ÷ offered."""
    return f.count("gave_up") + f.count("balked"), f.count("offered")


@metric("share", "neither")
def short_abandonment(f):
    """Contacts that gave up within 5 s ÷ offered."""
    return f.count("gave_up_short"), f.count("offered")


@metric("share", "lower")
def blocked(f):
    """Contacts that found all lines taken ÷ offered."""
    return f.count("blocked"), f.count("offered")


@metric("share", "higher", "80 % within 20 s is a common target [GK]")
def service_level(f):
    """Answered in time ÷ offered (answered-of-offered)."""
    return f.count("answered_in_time"), f.count("offered")


@metric("share", "higher")
def service_level_of_answered(f):
    """Answered in time ÷ answered (answered-of-answered)."""
    return f.count("answered_in_time"), f.count("answered")


@metric("share", "higher")
def service_level_less_short(f):
    """Answered in time ÷ (offered − given up in time) (answered-of-offered-less-short)."""
    return f.count("answered_in_time"), f.count("offered") - f.count("gave_up_in_time")


@metric("share", "higher")
def service_level_or_short(f):
    """(Answered in time + given up in time) ÷ offered (answered-or-short-of-offered)."""
    return f.count("answered_in_time") + f.count("gave_up_in_time"), f.count("offered")


@metric("s", "lower")
def asa(f):
    """Speed of answer: wait of the answered ÷ answered."""
    return f.count("wait_answered_ms") / MS_PER_SECOND, f.count("answered")


@metric("s", "lower")
def wait(f):
    """Wait of all ÷ offered less those still inside."""
    return f.count("wait_ms") / MS_PER_SECOND, f.count("offered") - f.count("open")


@metric("s", "lower", estimator="quantile")
def wait_p90(f):
    """Wait that 90 % of all contacts do not exceed, in whole seconds, at most 4 h."""
    waits = f.tally.waits[:, list(f.types)].sum(axis=1)
    reached = np.cumsum(waits, axis=1) >= 0.9 * waits.sum(axis=1, keepdims=True)
    return np.argmax(reached, axis=1).astype(float)

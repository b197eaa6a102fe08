"""How long emails wait, and how many are left."""

from __future__ import annotations

from sim.core.clock import MS_PER_HOUR
from sim.metrics.registry import metric


@metric("h", "lower", of="emails", estimator="ratio")
def email_wait(f):
    """Calendar time until somebody reads it ÷ emails read."""
    f = f.emails()
    return f.count("wait_answered_ms") / MS_PER_HOUR, f.count("answered")


@metric("share", "higher", "80 % within a working day", of="emails", estimator="ratio")
def emails_in_time(f):
    """Emails read within the time of their service level, in open hours ÷ emails read."""
    f = f.emails()
    return f.count("answered_in_time"), f.count("answered")


@metric("contacts", "lower", of="emails", estimator="sum")
def emails_left(f):
    """Emails that nobody had read at the end of the horizon."""
    return f.emails().count("open")

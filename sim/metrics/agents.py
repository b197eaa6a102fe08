"""How agents spend their time: handling, occupancy, paid hours, overtime."""

from __future__ import annotations

from sim.core.clock import MS_PER_HOUR, MS_PER_SECOND
from sim.metrics.registry import metric


@metric("s", "lower", estimator="ratio")
def aht(f):
    """Handling time: talk, hold, offers and wrap-up ÷ answered; a contact still in service counts
    with its whole talk and hold.
    """
    parts = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return sum(f.count(part) for part in parts) / MS_PER_SECOND, f.count("answered")


@metric(
    "share",
    "neither",
    "75–85 % is sustainable, above 90 % burns out (turnella)",
    estimator="ratio",
)
def occupancy(f):
    """Handling ÷ time on duty, overtime in both."""
    handled = f.time_ms("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return handled, f.time_ms("scheduled_ms", "overtime_ms")


@metric("share", "neither", estimator="ratio")
def occupancy_scheduled(f):
    """Handling ÷ scheduled time on duty, without overtime."""
    handled = f.time_ms("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return handled, f.time_ms("scheduled_ms")


@metric("share", "higher", estimator="ratio")
def utilisation(f):
    """Handling ÷ paid time; that of a vendor is in neither."""
    return f.ledger.handling_hours.sum(axis=1), f.ledger.paid_hours.sum(axis=1)


@metric("h", "lower", estimator="sum")
def paid_hours(f):
    """Hours paid, overtime included; those of a vendor are not among them."""
    return f.ledger.paid_hours.sum(axis=1)


@metric("h", "lower", estimator="sum")
def overtime(f):
    """Hours worked after the end of duty."""
    return f.time_ms("overtime_ms") / MS_PER_HOUR

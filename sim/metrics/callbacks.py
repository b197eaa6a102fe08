"""How many callers are called back, and how many of them are never reached."""

from __future__ import annotations

from sim.metrics.registry import metric


@metric("share", "neither", of="callbacks", estimator="ratio")
def called_back(f):
    """Callers who hung up to be called back ÷ contacts whose wait is over; without emails."""
    return f.count("called_back"), f.on_the_spot().ended()


@metric("share", "lower", of="callbacks", estimator="ratio")
def not_reached(f):
    """Of callers who hung up to be called back, those whom no call reached ÷ all of them."""
    return f.count("not_reached"), f.count("called_back")

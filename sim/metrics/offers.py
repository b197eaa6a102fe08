"""Offers made, accepted, and completed by a second agent after a transfer or a call back."""

from __future__ import annotations

from sim.core.clock import MS_PER_SECOND
from sim.metrics.registry import metric


@metric("sales", estimator="sum")
def offers(f):
    """Offers made by agents."""
    return f.count("offers")


@metric("share", "neither", "13.8–20.5 % of calls in US banks (American Banker)", estimator="ratio")
def offer_rate(f):
    """Offers made by agents ÷ answered contacts that are over."""
    return f.count("offers"), f.over()


@metric("share", "higher", estimator="ratio")
def acceptance(f):
    """Offers accepted ÷ offers made, of agents."""
    return f.count("accepted"), f.count("offers")


@metric("share", "higher", estimator="ratio")
def attach_rate(f):
    """Offers of agents accepted ÷ answered contacts that are over."""
    return f.count("accepted"), f.over()


@metric("share", "neither", of="legs", estimator="ratio")
def transfers(f):
    """Contacts handed on, to specialists or to sell ÷ answered contacts that are over."""
    return f.legs("transfers"), f.over()


@metric("s", "lower", of="legs", estimator="ratio")
def transfer_wait(f):
    """Wait for the second agent, or until giving up ÷ contacts transferred."""
    return f.legs("transfer_wait_ms") / MS_PER_SECOND, f.legs("transfers")


@metric("share", "lower", of="legs", estimator="ratio")
def transfer_abandonment(f):
    """Contacts that gave up waiting for the second agent ÷ contacts transferred."""
    return f.legs("transfers_gave_up"), f.legs("transfers")


@metric("contacts", "neither", of="legs", estimator="sum")
def calls_made(f):
    """Outgoing calls: to leads, and from lists."""
    return f.legs("calls")


@metric("share", "higher", of="legs", estimator="ratio")
def calls_reached(f):
    """Outgoing calls that the customer answered ÷ outgoing calls."""
    return f.legs("calls_reached"), f.legs("calls")


@metric("share", "lower", estimator="ratio")
def pushed(f):
    """Offers that agents made although the policy refused them ÷ offers made by agents."""
    return f.sales("pushed"), f.sales("offered") - f.sales("offered_by_bot")

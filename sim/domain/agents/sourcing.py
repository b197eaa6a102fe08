"""Who fills the seats of a group: people of ours, by their wage, or a vendor's, at a price?

A vendor's people are the vendor's. Nothing is booked of them but the price: no wage and no charges,
no seat, licence or supervision, no class, no severance.
"""

from __future__ import annotations

from typing import Literal

from sim.language.block import Block, decision
from sim.language.evidence import TYPED
from sim.language.fields import Money


class PaidSpec(Block):
    """What a vendor is paid for filling the seats of a group."""

    per: Literal["hour", "minute", "contact", "resolved"] = decision(
        ..., evidence=TYPED, examples=["contact"]
    )
    """What is paid for: every hour on duty, overtime included; every minute of handling, wrap-up
    included; every contact that the group answers, repeats and second legs included; or every
    contact in which it solves the issue."""
    amount: Money = decision(..., evidence=TYPED, examples=[4.5])
    """Price of one; it grows with wage_drift, as most of it is wages."""

"""What does a contact bring and cost as such: a price that customers pay, a lead that was bought?

Neither has any effect on how many come: nobody calls less because it costs more.
"""

from __future__ import annotations

from typing import Literal

from sim.language.block import Block, decision
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Money, Share


class PriceSpec(Block):
    """What customers pay for contacts of a type."""

    per: Literal["answered", "resolved", "minute"] = decision(
        ..., evidence=TYPED, examples=["answered"]
    )
    """What is paid for: every answered contact, repeats included; every issue solved; or every
    minute of conversation, which is talk and hold."""
    amount: Money = decision(..., evidence=TYPED, examples=[15])
    """Price of one."""
    margin: Share = decision(1.0, evidence=proposal("its own cost is booked apart"))
    """Share of the price that is margin."""

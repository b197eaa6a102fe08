"""What bots in front of agents say that they solve, beside what they solve."""

from __future__ import annotations

from sim.metrics.registry import metric


@metric("share", "neither", of="bots", estimator="ratio")
def sent_to_bot(f):
    """New issues that a bot met first, whoever asked for a human included ÷ issues that ended."""
    return f.bot("asked", "solved", "claimed", "escalated"), f.count("issues")


@metric("share", "neither", of="bots", estimator="ratio")
def out_of_bot(f):
    """Of new issues that a bot met first, those that came to agents at once ÷ all of them."""
    met = f.bot("asked", "solved", "claimed", "escalated")
    return f.bot("asked", "escalated"), met


@metric("share", "higher", "66 to 80 % say vendors", of="bots", estimator="ratio")
def bot_claims(f):
    """Issues that the bot counts as solved, truly or not ÷ its sessions."""
    return f.bot("solved", "claimed"), f.bot("solved", "claimed", "escalated")


@metric("share", "higher", "14 % fully solved (Gartner)", of="bots", estimator="ratio")
def bot_solves(f):
    """Issues that the bot solves ÷ its sessions."""
    return f.bot("solved"), f.bot("solved", "claimed", "escalated")


@metric("sales", "neither", of="bots that sell", estimator="sum")
def bot_offers(f):
    """Offers made by bots."""
    return f.bot("offers")


@metric("share", "higher", of="bots that sell", estimator="ratio")
def bot_acceptance(f):
    """Offers of bots accepted ÷ offers made by bots."""
    return f.bot("accepted"), f.bot("offers")


@metric("money", "lower", of="bots", estimator="ratio")
def bot_cost_per_solved(f):
    """What bots bill ÷ issues that they solve."""
    return -f.money("cost:self_service:"), f.bot("solved")

"""Anchors: what a typed number implies on the whole, solved once on the baseline and then frozen.

A typed volume counts redials and repeats, a typed churn the share that service causes, a typed
acquisition those who came by referral, and a typed churn leaves out those the save desk keeps.
Which rate of new issues, which reaction to service, which word of mouth and which decisions to
leave produce them depends on everything else; a short pilot of the first file of the `based_on`
chain finds it, and every variant inherits it.
"""

from __future__ import annotations

from typing import NamedTuple


class Anchors(NamedTuple):
    """Solved on the baseline, inherited by its variants, written to provenance."""

    volume: dict[str, list[float]]  # contact type → new issues ÷ typed contacts, by interval of
    # the week from Monday
    intent: dict[str, float]  # segment → intent to leave that service provokes, of one customer a
    # year; φ is the due hazard ÷ this
    issues: dict[str, float]  # segment → issues of one customer that close in a year
    provoked: dict[str, list[float]]  # segment → the same of a week in which an issue of a customer
    # closed, in points: equally likely values, of which a chance of leaving is clipped to 0 … 1
    standing: dict[str, list[float]]  # segment → what service adds to the satisfaction with an
    # issue, equally likely values; from it follow today's relationships and γ
    opinions: list[float]  # shares of promoters and of detractors; empty without referral
    paid_hours: dict[str, float]  # group → hours a week; the fixed share of overhead was sized for
    # all of them; heads fewer than today are paid off
    kept: dict[str, float]  # segment → share that the desk keeps of customers who decide to leave
    loads: dict[str, list[float]]  # group → what its people bear today: shares of hot half hours,
    # of contacts with an offer, and of angry ones
    ahead: dict[str, float]  # group → people ordered beyond those wanted, so that as many as were
    # typed are on the floor on average
    gaps: dict[str, list[list[float]]]  # contact type → intervals of the week that do not show what
    # was typed: number from Monday, contacts typed, contacts simulated


UNANCHORED = Anchors({}, {}, {}, {}, {}, [], {}, {}, {}, {}, {})

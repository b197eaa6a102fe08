"""Whom does the center call of its own accord, and what does a call do to her leaving?

A list names customers of a segment who agreed to be called; idle agents call them, as they call
leads (second_legs.py). A call helps some customers to stay and reminds others of leaving: how many
points it takes off the share that leaves within a while differs from customer to customer, is
normal, and may be below 0 for all together (Ascarza, Iyengar & Schleicher: churn rose from 6 to
10 %; Godinho de Matos and others: it fell by 1.9 points). Her luck decides it, once for all calls.
Who is called can be chosen by what a model sees of it: `sight` is the correlation of what is seen
with what is true, `best` the share with the best seen values.

The effect is a factor on her hazard of leaving: such that an ordinary customer of her segment
leaves within that time so many points less often. Nobody leaves less often than never.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from sim.core.clock import SECONDS_PER_WEEK, WEEKS_PER_YEAR
from sim.core.dice import CONSENTS, LISTED_FOR, SEEN_UPLIFT, UPLIFT, split, uniform
from sim.core.quantiles import normal_quantile
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, decision, environment, outcome, problem
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Duration, PerWeek, Share, SignedShare

MOST_WEEKS = 260


def _five_years_at_most(seconds: float) -> float:
    if seconds > MOST_WEEKS * SECONDS_PER_WEEK:
        problem((), f"more than {MOST_WEEKS} weeks", f"write {MOST_WEEKS} wk, or less")
    return seconds


class ListSpec(Block):
    """Customers whom idle agents call."""

    main_key: ClassVar[str] = "per_week"

    per_week: PerWeek = decision(..., evidence=TYPED, examples=["500 per week"])
    """Customers put on the list each week, of those who may be called."""
    consent: Share = environment(0.50, evidence=proposal())
    """Share of customers who agreed to be called."""
    again: Annotated[Duration, AfterValidator(_five_years_at_most)] = decision(
        26.0 * SECONDS_PER_WEEK, evidence=proposal()
    )
    """Nobody is put on the list a second time within this time, in weeks begun."""
    best: Annotated[Share, Field(gt=0)] = decision(1.0, evidence=TYPED)
    """Share of customers for whom a call seems to help most; only they may be called."""
    sight: Share = environment(0.30, evidence=proposal("of what a model of uplift sees"))
    """Correlation of how much it seems to help with how much it does."""
    uplift: SignedShare = outcome(
        0.01, better="more", evidence=proposal("two trials: 1.9 points fewer, 4 more")
    )
    """By how much the share that leaves falls, of all who might be reached; below 0 it rises."""
    spread: Share = environment(0.02, evidence=proposal())
    """Standard deviation of that between customers."""
    lasts: Annotated[Duration, AfterValidator(_five_years_at_most)] = environment(
        13.0 * SECONDS_PER_WEEK, evidence=source("SSRN 2339604", "churn in 3 months")
    )
    """The time within which it does, from the call on, in weeks begun."""


# By list.
LIST = record(
    product=np.int64,  # what is offered in its calls
    key=np.uint64,  # of the product, by name: it names the luck
    type=np.int64,  # contact type as which its calls count
    per_week=np.float64,
    consent=np.float64,
    least_seen=np.float64,  # standard normal: whoever seems to be helped less is not called
    sight=np.float64,
    uplift=np.float64,
    spread=np.float64,
    again_weeks=np.int64,
    lasts_weeks=np.int64,
    keep_ms=np.int64,
)


class ListTable(NamedTuple):
    """Lists as the rules read them; no rows where nobody is called from any."""

    lists: np.recarray  # LIST
    of_product: np.ndarray  # int64 [product] row of its list, or -1
    leaves: np.ndarray  # [list, segment] share of ordinary customers who leave while it lasts
    to: np.ndarray  # bool [list, segment]


def compile_list(
    spec: ListSpec, product: int, key: int, type_: int, keep_ms: int
) -> dict[str, Any]:
    """A spec as a row of LIST."""
    least = -math.inf if spec.best >= 1.0 else float(normal_quantile(1.0 - spec.best))
    return {
        "product": product,
        "key": key,
        "type": type_,
        "per_week": spec.per_week,
        "consent": spec.consent,
        "least_seen": least,
        "sight": spec.sight,
        "uplift": spec.uplift,
        "spread": spec.spread,
        "again_weeks": math.ceil(spec.again / SECONDS_PER_WEEK),
        "lasts_weeks": math.ceil(spec.lasts / SECONDS_PER_WEEK),
        "keep_ms": keep_ms,
    }


def leaves_within(rate_per_year: float, weeks: int) -> float:
    """Share of customers with a yearly churn who leave within so many weeks."""
    return float(1.0 - (1.0 - rate_per_year) ** (weeks / WEEKS_PER_YEAR))


@rule
def luck_of_list(table, number, customer_luck):
    """The luck of a customer in all that has to do with a list."""
    return split(split(customer_luck, LISTED_FOR), table.lists[number].key)


@rule
def helped(luck):
    """How much a call helps her, as a standard normal number."""
    return normal_quantile(uniform(luck, UPLIFT, 0))


@rule
def may_be_called(table, number, segment, luck):
    """Whether she is of the segment, agreed to it, and seems to be helped enough."""
    row = table.lists[number]
    if not table.to[number, segment] or uniform(luck, CONSENTS, 0) >= row.consent:
        return False
    if row.least_seen == -math.inf:
        return True
    noise = normal_quantile(uniform(luck, SEEN_UPLIFT, 0))
    seen = row.sight * helped(luck) + math.sqrt(1.0 - row.sight * row.sight) * noise
    return seen > row.least_seen


@rule
def call_factor(table, until, customer, segment, customer_luck, week):
    """Factor on her hazard at the end of a week. `until` [customer, list]: the first week after."""
    factor = 1.0
    for number in range(len(table.lists)):
        if until[customer, number] > week:
            row = table.lists[number]
            leaves = table.leaves[number, segment]
            fewer = row.uplift + row.spread * helped(luck_of_list(table, number, customer_luck))
            if leaves > 0.0:
                factor *= max(0.0, 1.0 - fewer / leaves)
    return factor

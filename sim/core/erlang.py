"""Exact queueing formulas: Erlang B, C and A (M/M/n+M), seats for a service level, repeats.

Every function takes plain numbers in one time unit (seconds here) and returns plain numbers.
Patience and handling are exponential; service is first come, first served.

Erlang A follows the virtual wait (the wait of someone who never gives up). Its density at x is
proportional to exp(arrivals (1 - e^(-x/patience)) patience - agents x / handle), so every result
is a ratio of integrals of one log-concave curve. They are summed by Gauss-Legendre panels around
its peak: no cancellation, no overflow, the same cost at any load, size or patience
(Mandelbaum & Zeltyn; agrees with the birth-death chain below to 1e-12).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np

DEFINITIONS = (
    "answered-of-offered",
    "answered-of-answered",
    "answered-of-offered-less-short",
    "answered-or-short-of-offered",
)
"""Service levels within T by name; *short* are those who gave up within T."""

_FAINT = 38.0  # a density e^-38 below its peak no longer reaches the 16th digit


class Queue(NamedTuple):
    """A queue in the long run; shares are of all arrivals, blocked ones included."""

    p_wait: float
    p_abandon: float
    p_blocked: float
    mean_wait_s: float
    """Of all arrivals, whether answered or not; inf without a steady state."""
    asa_s: float
    """Mean wait of the answered; nan if nobody is."""
    occupancy: float
    """Busy time over staffed time; nan without agents."""
    answered_within: float
    """Answered in at most T."""
    abandoned_within: float
    """Gave up in at most T."""

    @property
    def service_level(self) -> float:
        """Answered within T over all arrivals: the default definition."""
        return self.answered_within

    def service_level_by(self, definition: str) -> float:
        """Service level by one of DEFINITIONS; nan over an empty denominator."""
        met, counted = self.met_and_counted(definition)
        return met / counted if counted > 0 else math.nan

    def met_and_counted(self, definition: str) -> tuple[float, float]:
        """Numerator and denominator of a definition, as shares of arrivals."""
        answered = 1.0 - self.p_abandon - self.p_blocked
        in_time = self.answered_within, self.abandoned_within
        return met_and_counted(definition, *in_time, answered, 1.0)


Number = TypeVar("Number", float, "np.ndarray")


def met_and_counted(
    definition: str,
    answered_in_time: Number,
    given_up_in_time: Number,
    answered: Number,
    offered: Number,
) -> tuple[Number, Number]:
    """Numerator and denominator of a service level by one of DEFINITIONS, planned or counted.

    Of contacts counted, `offered` are those whose wait is over. ValueError for another word.
    """
    match definition:
        case "answered-of-offered":
            return answered_in_time, offered
        case "answered-of-answered":
            return answered_in_time, answered
        case "answered-of-offered-less-short":
            return answered_in_time, offered - given_up_in_time
        case "answered-or-short-of-offered":
            return answered_in_time + given_up_in_time, offered
    raise ValueError(f"{definition!r} is not one of {', '.join(DEFINITIONS)}")


def erlang_b(agents: int, load: float) -> float:
    """Share of arrivals lost when nobody can wait (M/M/n/n); `load` is in erlang."""
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(agents: int, load: float) -> float:
    """Share of arrivals that wait when nobody gives up (M/M/n); 1 when the queue never settles."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1.0 - blocked))


def erlang_c_queue(
    agents: int, arrivals_per_s: float, handle_s: float, within_s: float = 20.0
) -> Queue:
    """Erlang C; an overloaded queue answers nobody in time and its wait grows to inf."""
    load = arrivals_per_s * handle_s
    if load >= agents:
        return Queue(1.0, 0.0, 0.0, math.inf, math.inf, 1.0 if agents else math.nan, 0.0, 0.0)
    waiting = erlang_c(agents, load)
    spare_per_s = (agents - load) / handle_s
    mean_wait_s = waiting / spare_per_s
    late = waiting * math.exp(-spare_per_s * within_s)
    return Queue(waiting, 0.0, 0.0, mean_wait_s, mean_wait_s, load / agents, 1.0 - late, 0.0)


def erlang_c_wait_s(agents: int, arrivals_per_s: float, handle_s: float, share: float) -> float:
    """The wait that `share` of all arrivals do not exceed under Erlang C; inf when overloaded."""
    load = arrivals_per_s * handle_s
    if load >= agents:
        return math.inf
    waiting = erlang_c(agents, load)
    if waiting <= 1.0 - share:
        return 0.0
    return math.log(waiting / (1.0 - share)) * handle_s / (agents - load)


def erlang_a(
    agents: int,
    arrivals_per_s: float,
    handle_s: float,
    patience_s: float = math.inf,
    within_s: float = 20.0,
) -> Queue:
    """Erlang A (M/M/n+M) with mean patience `patience_s`: inf is Erlang C, 0 is Erlang B.

    Without arrivals it describes what a single arrival would meet.
    """
    lost_with_one_less = erlang_b(agents - 1, arrivals_per_s * handle_s) if agents else 1.0
    return _erlang_a(agents, arrivals_per_s, handle_s, patience_s, within_s, lost_with_one_less)


def _erlang_a(
    agents: int,
    arrivals_per_s: float,
    handle_s: float,
    patience_s: float,
    within_s: float,
    lost_with_one_less: float,
) -> Queue:
    """Erlang A with Erlang B of one agent less already known, which a search over agents reuses."""
    load = arrivals_per_s * handle_s
    if patience_s == math.inf and (agents == 0 or load > 0.0):
        return erlang_c_queue(agents, arrivals_per_s, handle_s, within_s)
    if agents == 0:
        short = -math.expm1(-within_s / patience_s) if patience_s else 1.0
        return Queue(1.0, 1.0, 0.0, patience_s, math.nan, math.nan, 0.0, short)
    if load == 0.0:
        return Queue(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    if patience_s == 0.0:
        lost = load * lost_with_one_less / (agents + load * lost_with_one_less)
        occupancy = load * (1.0 - lost) / agents
        return Queue(lost, lost, 0.0, 0.0, 0.0, occupancy, 1.0 - lost, lost)

    virtual = _integrate(arrivals_per_s, agents / handle_s, 1.0 / patience_s, within_s)
    weight = arrivals_per_s * lost_with_one_less
    scale = weight / (math.exp(-virtual.log_peak) + weight * virtual.total)
    p_wait = min(scale * virtual.total, 1.0)
    p_abandon = scale * virtual.lost
    answered = 1.0 - p_wait + scale * virtual.served
    return Queue(
        p_wait=p_wait,
        p_abandon=p_abandon,
        p_blocked=0.0,
        mean_wait_s=p_abandon * patience_s,
        asa_s=scale * virtual.served_wait / answered,
        occupancy=min(load * answered / agents, 1.0),
        answered_within=1.0 - p_wait + scale * virtual.served_within,
        abandoned_within=scale * virtual.lost_within,
    )


class _Virtual(NamedTuple):
    """Integrals over the virtual wait of those who find nobody free, relative to the peak."""

    log_peak: float
    total: float
    served: float
    served_wait: float
    served_within: float
    lost: float
    lost_within: float


def _integrate(arrivals: float, drain: float, impatience: float, within: float) -> _Virtual:
    """Integrate the density of the virtual wait; all four are rates or times in one unit."""
    peak = math.log(arrivals / drain) / impatience if arrivals > drain else 0.0
    slope = min(arrivals, drain)  # inflow of those still patient, at the peak
    gone_at_peak = -math.expm1(-impatience * peak)
    log_peak = arrivals * gone_at_peak / impatience - drain * peak
    gone_within = -math.expm1(-impatience * within)
    total = served = served_wait = served_within = lost = lost_within = 0.0
    edges = _edges(peak, slope, arrivals, drain, impatience, within)
    for low, high in pairwise(edges):
        half, middle, in_time = (high - low) / 2.0, (high + low) / 2.0, high <= within
        for node, node_weight in _NODES:
            x = middle + half * node
            z = x - peak
            log_density = -slope * math.expm1(-impatience * z) / impatience - drain * z
            density = half * node_weight * math.exp(log_density)
            gone = -math.expm1(-impatience * x)
            stayed = density * (1.0 - gone)
            total += density
            served += stayed
            served_wait += stayed * x
            lost += density * gone
            if in_time:
                served_within += stayed
                lost_within += density * gone
            else:
                lost_within += density * gone_within
    return _Virtual(log_peak, total, served, served_wait, served_within, lost, lost_within)


def _edges(
    peak: float, slope: float, arrivals: float, drain: float, impatience: float, within: float
) -> list[float]:
    """Panels that double in width away from the peak, cut at `within`, as far as it matters."""
    fall = max(drain - arrivals, 0.0)
    width = 2.0 / max(impatience, math.sqrt(slope * impatience), fall)
    reach = (slope / impatience + _FAINT) / drain
    if fall > 0.0:
        reach = min(reach, _FAINT / fall)
    for _ in range(60):  # Newton; the curve is concave, so it closes in from outside
        excess = -slope * math.expm1(-impatience * reach) / impatience - drain * reach + _FAINT
        step = excess / (drain - slope * math.exp(-impatience * reach))
        reach += step
        if abs(step) < 0.01 * reach:
            break
    edges = [peak]
    if peak > 0.0:
        lowest = max(0.0, peak - math.sqrt(2.0 * _FAINT * impatience / drain) / impatience)
        below, step = peak, width
        while below > lowest:
            below = max(below - step, lowest)
            edges.insert(0, below)
            step = min(2.0 * step, 2.0 / impatience)
    above, step, highest = peak, width, peak + reach
    while above < highest:
        above = min(above + step, highest)
        edges.append(above)
        step = above - peak
    if edges[0] < within < edges[-1] and within not in edges:
        edges.append(within)
        edges.sort()
    return edges


def _gauss_legendre(n: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights on [-1, 1], by Newton from the usual cosine guess."""
    nodes = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        slope = 1.0
        for _ in range(8):
            before, value = 1.0, x
            for k in range(2, n + 1):
                before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
            slope = n * (x * value - before) / (x * x - 1.0)
            x -= value / slope
        nodes.append((x, 2.0 / ((1.0 - x * x) * slope * slope)))
    return tuple(nodes)


_NODES = _gauss_legendre(12)


def erlang_a_with_lines(
    agents: int,
    lines: int,
    arrivals_per_s: float,
    handle_s: float,
    patience_s: float = math.inf,
    within_s: float = 20.0,
) -> Queue:
    """Erlang A with room for `lines` contacts, those in service included (M/M/n/K+M).

    Sums the birth-death chain. With j ahead, the stages until an agent takes the newcomer have the
    rates drain + i * impatience; the chance to be past them by T follows from j - 1 by one term.
    ValueError where there are no agents, or fewer lines than agents.
    """
    if not 0 < agents <= lines:
        raise ValueError(f"{lines} lines cannot serve {agents} agents; give 0 < agents <= lines")
    load, drain = arrivals_per_s * handle_s, agents / handle_s
    if load == 0.0:
        return Queue(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    if patience_s == 0.0 and lines > agents:
        return erlang_a(agents, arrivals_per_s, handle_s, patience_s, within_s)
    impatience = 1.0 / patience_s if patience_s else 0.0
    log_states = [0.0]
    for i in range(1, lines - agents + 1):
        log_states.append(log_states[-1] + math.log(arrivals_per_s / (drain + i * impatience)))
    top = max(log_states)
    states = [math.exp(log_state - top) for log_state in log_states]
    lost = erlang_b(agents, load)  # the share of "all busy, none waiting" if nobody could wait
    everything = states[0] * (1.0 - lost) + lost * sum(states)

    patient = within_s if impatience == 0.0 else -math.expm1(-impatience * within_s) / impatience
    log_patient = math.log(patient) if patient > 0.0 else -math.inf
    outlast = math.exp(-impatience * within_s)
    log_term, log_served_term = -drain * within_s, -(drain + impatience) * within_s
    late = served_late = 0.0  # chance to be still behind someone at T: of all, of those served
    p_wait = p_abandon = wait = served_wait = in_time = short = stages = 0.0
    for j, state in enumerate(states[:-1]):
        rate = drain + (j + 1) * impatience
        if j:
            log_term += log_patient + math.log((drain + (j - 1) * impatience) / j)
            log_served_term += log_patient + math.log((drain + j * impatience) / j)
        late += math.exp(log_term)
        served_late += math.exp(log_served_term)
        share, served = lost * state / everything, drain / rate
        stages += 1.0 / rate
        p_wait += share
        p_abandon += share * (1.0 - served)
        wait += share * (j + 1) / rate
        served_wait += share * served * stages
        in_time += share * served * (1.0 - served_late)
        short += share * (1.0 - outlast * late - served * (1.0 - served_late))
    p_blocked = lost * states[-1] / everything
    answered = 1.0 - p_blocked - p_abandon
    at_once = 1.0 - p_blocked - p_wait
    return Queue(
        p_wait, p_abandon, p_blocked, wait, served_wait / answered, load * answered / agents,
        at_once + in_time, short,
    )  # fmt: skip


class Goal(NamedTuple):
    """A service level to reach: this share within so many seconds, by one of DEFINITIONS."""

    share: float
    within_s: float
    definition: str = "answered-of-offered"


def agents_needed(
    arrivals_per_s: Sequence[float],
    weights: Sequence[float],
    handle_s: float,
    patience_s: float,
    goal: Goal,
    safety: float | None = None,
) -> int:
    """Fewest agents whose service level reaches the goal over an uncertain arrival rate.

    `arrivals_per_s` and `weights` (both of one length) are the nodes of a quadrature over that
    rate. The service level is the ratio of expected contacts: met over counted, each weighted by
    its arrivals, so a busy hour counts for the contacts it brings. 0 if nothing arrives.
    The search is quick where `safety`, agents beyond the load ÷ its square root, is nearly right.
    ValueError for a share of 1 or more, which no number of agents reaches.
    """
    if not goal.share < 1.0:
        what = f"no number of agents reaches a service level of {goal.share}"
        raise ValueError(f"{what}; give below 1")
    rates = [(rate, w) for rate, w in zip(arrivals_per_s, weights, strict=True) if rate * w > 0]
    if not rates or goal.share <= 0.0:
        return 0
    losses = [[1.0] for _ in rates]  # Erlang B of 0, 1, 2 ... agents at each rate

    def reached(agents: int) -> bool:
        """Whether so many agents reach the goal."""
        met = counted = 0.0
        for (rate, weight), lost in zip(rates, losses, strict=True):
            load = rate * handle_s
            for k in range(len(lost), agents):
                lost.append(load * lost[-1] / (k + load * lost[-1]))
            queue = _erlang_a(agents, rate, handle_s, patience_s, goal.within_s, lost[agents - 1])
            queue_met, queue_counted = queue.met_and_counted(goal.definition)
            met += weight * rate * queue_met
            counted += weight * rate * queue_counted
        return met >= goal.share * counted

    mean_load = sum(r * w for r, w in rates) / sum(w for _, w in rates) * handle_s
    high, step = max(1, math.ceil(mean_load)), max(1, math.ceil(math.sqrt(mean_load) / 2))
    if safety is not None:
        high, step = max(1, math.ceil(mean_load + safety * math.sqrt(mean_load))), 1
    low = 0
    if reached(high):
        while high - step > 0 and reached(high - step):
            high, step = high - step, 2 * step
        low = max(high - step, 0)
    else:
        while True:
            low, high, step = high, high + step, 2 * step
            if reached(high):
                break
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def contacts_per_issue(first_contact: float, comes_back: float) -> float:
    """Contacts per issue: each solves it with probability `first_contact`, else comes back or not.

    `comes_back` is the probability that an unsolved issue brings another contact.
    """
    return 1.0 / (1.0 - (1.0 - first_contact) * comes_back)


def resolved_in_the_end(first_contact: float, comes_back: float) -> float:
    """Share of issues that are resolved at some contact."""
    return first_contact * contacts_per_issue(first_contact, comes_back)


def attempts_per_issue(
    abandoned: float, redials: float, first_contact: float, comes_back: float
) -> float:
    """Attempts per issue, redials and repeats included, without a limit on either.

    All four are probabilities: that an attempt is abandoned, that an abandoned one is tried again,
    that an answered one solves the issue, and that an unsolved issue comes back.
    """
    again = abandoned * redials + (1.0 - abandoned) * (1.0 - first_contact) * comes_back
    return 1.0 / (1.0 - again)

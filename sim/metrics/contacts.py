"""What a telephone switch counts: contacts, waits, abandonment, service level by definition."""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_SECOND
from sim.core.erlang import met_and_counted
from sim.metrics.registry import Facts, metric


@metric("contacts", estimator="sum")
def offered(f):
    """Contacts that reached the center, redials, repeats and those still waiting included."""
    return f.count("offered")


@metric("contacts", estimator="sum")
def answered(f):
    """Contacts answered by an agent, those still in service included."""
    return f.count("answered")


@metric("share", "lower", "5–8 % is common in the trade", estimator="ratio")
def abandonment(f):
    """Contacts that gave up waiting, balking included ÷ contacts whose wait is over; without
    emails and messages.
    """
    return f.given_up(), f.on_the_spot().ended()


@metric("share", "neither", estimator="ratio")
def short_abandonment(f):
    """Contacts that gave up within `short_abandonment` (5 s) or balked ÷ contacts whose wait is
    over; without emails and messages.
    """
    return f.given_up("_short"), f.on_the_spot().ended()


@metric("share", "lower", estimator="ratio")
def blocked(f):
    """Contacts that found all lines taken ÷ contacts whose wait is over."""
    return f.count("blocked"), f.ended()


@metric("share", "higher", "80 % within 20 s is a common target", estimator="ratio")
def service_level(f):
    """Contacts that meet the target ÷ contacts that count for it, added over types: each type by
    its own `definition` and `within`, of the contacts whose wait is over.
    """
    parts = [_service_level(f._replace(types=(t,)), f.definition_of(t)) for t in f.types]
    return tuple(sum(part) for part in zip(*parts, strict=True))


@metric("share", "higher", estimator="ratio")
def service_level_of_offered(f):
    """Answered in time ÷ contacts whose wait is over (answered-of-offered)."""
    return _service_level(f, "answered-of-offered")


@metric("share", "higher", estimator="ratio")
def service_level_of_answered(f):
    """Answered in time ÷ answered (answered-of-answered)."""
    return _service_level(f, "answered-of-answered")


@metric("share", "higher", estimator="ratio")
def service_level_less_short(f):
    """Answered in time ÷ contacts whose wait is over, less those that gave up in time or balked
    (answered-of-offered-less-short).
    """
    return _service_level(f, "answered-of-offered-less-short")


@metric("share", "higher", estimator="ratio")
def service_level_or_short(f):
    """Answered in time, given up in time or balked ÷ contacts whose wait is over
    (answered-or-short-of-offered).
    """
    return _service_level(f, "answered-or-short-of-offered")


def _service_level(f: Facts, definition: str) -> tuple[np.ndarray, np.ndarray]:
    """[replication] contacts that meet the target, and that count, of all types."""
    in_time = f.count("answered_in_time"), f.given_up("_in_time")
    return met_and_counted(definition, *in_time, f.count("answered"), f.ended())


def level_by_interval(f: Facts) -> tuple[np.ndarray, np.ndarray]:
    """[interval of the week] numerator and denominator of `service_level`, of all replications."""
    intervals = f.tally.intervals
    parts = []
    for i in range(intervals.shape[1]):
        one = f._replace(tally=f.tally._replace(contacts=intervals[:, i : i + 1]))
        parts.append([part.sum() for part in service_level(one)])
    met, counted = np.array(parts).T
    return met, counted


@metric("s", "lower", estimator="ratio")
def asa(f):
    """Speed of answer: wait of the answered ÷ answered; without emails and messages."""
    f = f.on_the_spot()
    return f.count("wait_answered_ms") / MS_PER_SECOND, f.count("answered")


@metric("s", "lower", estimator="ratio")
def wait(f):
    """Wait ÷ contacts whose wait is over, answered or not; without emails and
    messages.
    """
    f = f.on_the_spot()
    return f.count("wait_ms") / MS_PER_SECOND, f.ended()


@metric("s", "lower", estimator="quantile")
def wait_p90(f):
    """Shortest time within which the wait of 90 % of contacts is over, answered or not, in whole
    seconds, rounded up, at most 4 h; n/a without contacts. Without emails and messages.
    """
    f = f.on_the_spot()
    waits = f.tally.waits[:, list(f.types)].sum(axis=1)
    within, total = np.cumsum(waits, axis=1), waits.sum(axis=1)
    shortest = np.argmax(10 * within >= 9 * total[:, None], axis=1)
    return np.where(total > 0, shortest, np.nan)

"""What an investment returns, of flows of cash with a time: present value, payback, internal rate.

Times are in months of 52/12 weeks from the start. What comes in week by week falls at the end of
its month; what is paid once has a time of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR

_HALVINGS = 200
_LARGEST_EXPONENT = 600.0
"""Of e, well before a float overflows."""


def in_months(weeks: float) -> float:
    """So many weeks, in months of which a year of 52 weeks has twelve.

    >>> in_months(52), in_months(13)
    (12.0, 3.0)
    """
    return weeks * MONTHS_PER_YEAR / WEEKS_PER_YEAR


def monthly_rate(per_year: float) -> float:
    """The rate a month that compounds to one a year: (1 + i)^(1/12) − 1."""
    return (1 + per_year) ** (1 / MONTHS_PER_YEAR) - 1


def month_ends(weeks: float) -> NDArray[np.float64]:
    """[month] the ends of the months of so many weeks; the last one may be cut short.

    >>> month_ends(13), month_ends(6.5)
    (array([1., 2., 3.]), array([1. , 1.5]))
    """
    months = in_months(weeks)
    return np.minimum(np.arange(1.0, np.ceil(months) + 1), months)


def by_month(weekly: NDArray[np.float64], weeks: float) -> NDArray[np.float64]:
    """[…, week] → […, month]: a week that belongs to two months is shared out by its days.

    `weeks` is how long the horizon is; its last week may be cut short.
    """
    starts = np.arange(weekly.shape[-1], dtype=np.float64)
    week_ends = in_months(1.0) * np.minimum(starts + 1, weeks)
    week_starts, ends = in_months(1.0) * starts, month_ends(weeks)
    month_starts = np.concatenate([[0.0], ends[:-1]])
    first = np.maximum(week_starts[:, None], month_starts)
    last = np.minimum(week_ends[:, None], ends)
    return weekly @ (np.maximum(last - first, 0.0) / (week_ends - week_starts)[:, None])


def discounted(cash: ArrayLike, months: ArrayLike, rate: float) -> NDArray[np.float64]:
    """[…, flow] → […, flow] each flow in money of the start: CF ÷ (1 + rate a month)^months."""
    return np.asarray(cash, dtype=np.float64) * (1 + rate) ** -np.asarray(months, dtype=np.float64)


def payback(cash: ArrayLike, months: ArrayLike) -> float | None:
    """Months from the start until the sum of the flows [flow] is at least 0, and stays so.

    Between two flows the second is taken to come in evenly. None where the sum is below 0 at the
    end; 0 where it never is.

    >>> payback([-100, 60, 60], [0, 1, 2])
    1.6666666666666665
    """
    flows, times = np.asarray(cash, dtype=np.float64), np.asarray(months, dtype=np.float64)
    sums = np.cumsum(flows)
    (below,) = np.nonzero(sums < 0)
    if not len(below):
        return 0.0
    last = int(below[-1])
    if last == len(sums) - 1:
        return None
    part = -sums[last] / flows[last + 1]
    return float(times[last] + part * (times[last + 1] - times[last]))


def internal_rate(cash: ArrayLike, months: ArrayLike) -> float | None:
    """The rate a month at which the flows [flow] are worth nothing at the start.

    Given where it is unique: the flows change their sign once, from what is paid to what it earns.

    >>> round(internal_rate([-100, 60, 60], [0, 1, 2]), 6)
    0.130662
    """
    flows, times = np.asarray(cash, dtype=np.float64), np.asarray(months, dtype=np.float64)
    if not changes_sign_once(flows):
        return None

    flows, times = flows / np.abs(flows).max(), times - times[0]  # neither moves the rate

    def worth(x: float) -> float:
        return float(flows @ np.exp(-x * times))

    limit = _LARGEST_EXPONENT / max(1.0, times[-1])
    low, high = -limit, limit
    if not worth(low) > 0 > worth(high):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > 0 else (low, middle)
    return float(np.expm1((low + high) / 2))


def changes_sign_once(cash: ArrayLike) -> bool:
    """Whether flows are first paid, then earned, and never paid again."""
    signs = np.sign(np.asarray(cash, dtype=np.float64))
    signs = signs[signs != 0]
    return len(signs) > 0 and signs[0] < 0 and int((np.diff(signs) != 0).sum()) == 1

"""A queue of several kinds of contacts that give up, or go on to another group: M/M/n+G.

Kind k arrives at a rate, balks with a probability where it would have to wait, gives up after an
exponential patience, and leaves for the next group once it has waited `until_s`. As in Erlang A,
the density of the virtual wait at x is proportional to exp(arrivals that outlast x - agents x /
handle), with the arrivals of every kind that are still there (Baccelli & Hebuterne). With one kind
that never leaves it is Erlang A; with one that leaves at once it is Erlang B.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_NODES = np.concatenate([[0.0], np.geomspace(1e-4, 1e7, 1000)])  # virtual waits in seconds
_WIDTHS = np.diff(_NODES, prepend=0.0, append=_NODES[-1])
_WEIGHTS = (_WIDTHS[:-1] + _WIDTHS[1:]) / 2  # trapezoids
_ROWS_AT_ONCE = 256


class Fates(NamedTuple):
    """Shares of the arrivals of each kind; the rest are answered. 0 of kinds that never come."""

    gone: np.ndarray  # float [row, kind] balked or gave up
    passed_on: np.ndarray  # float [row, kind] left for the next group


def fates(
    seats: np.ndarray,
    per_s: np.ndarray,
    handle_s: np.ndarray,
    patience_s: np.ndarray,
    balk: np.ndarray,
    until_s: np.ndarray,
) -> Fates:
    """What becomes of the arrivals at queues in a steady state, one row each.

    seats [row], per_s [row, kind], handle_s [row] of all kinds together, patience_s (inf: nobody
    gives up) and balk, a probability, both [kind] or [row, kind], until_s [row, kind] (inf: stays,
    0: goes on at once).
    """
    gone, passed_on = np.zeros_like(per_s), np.zeros_like(per_s)
    for first in range(0, len(seats), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        patience, balks = (one if one.ndim == 1 else one[rows] for one in (patience_s, balk))
        gone[rows], passed_on[rows] = _fates(
            seats[rows], per_s[rows], handle_s[rows], patience, balks, until_s[rows]
        )
    return Fates(gone, passed_on)


def _fates(seats, per_s, handle_s, patience_s, balk, until_s) -> Fates:
    impatience = 1.0 / np.maximum(patience_s, 1e-6)  # 0 where nobody gives up
    stays = 1.0 - np.where(until_s > 0.0, balk, 0.0)  # a contact that goes on at once cannot balk
    joins = per_s * stays
    load = per_s.sum(axis=1) * handle_s
    drain = seats / np.maximum(handle_s, 1e-9)
    log_density = -drain[:, None] * _NODES
    kinds = [(k, *_alike(until_s[:, k], impatience[..., k])) for k in _coming(per_s)]
    for k, until, rate, row in kinds:  # few rows differ in when a kind goes on, or gives up
        waited = np.minimum(_NODES, until[:, None])
        outlast = np.where(rate > 0.0, -np.expm1(-rate * waited) / np.where(rate, rate, 1), waited)
        log_density += joins[:, k, None] * outlast[row]
    peak = log_density.max(axis=1)
    density = np.exp(log_density - peak[:, None]) * _WEIGHTS
    arrivals = per_s.sum(axis=1) * _lost_with_one_less(seats, load)
    scale = arrivals / (np.exp(-peak) + arrivals * density.sum(axis=1))
    density *= np.nan_to_num(scale)[:, None]
    for_ever = np.where(np.isinf(until_s) & (impatience == 0.0), joins, 0.0).sum(axis=1)
    hopeless = (seats <= 0) | (for_ever >= drain) & (load > 0)
    density[hopeless] = 0.0
    density[hopeless, -1] = 1.0  # nobody is ever served: all wait until they give up or go on
    waits = density.sum(axis=1)
    gone, passed_on = np.zeros_like(per_s), np.zeros_like(per_s)
    for k, until, rate, row in kinds:
        patient = np.exp(-rate * np.minimum(_NODES, until[:, None]))
        gone[:, k] = waits - stays[:, k] * (density * patient[row]).sum(axis=1)
        goes_on = np.isfinite(until)
        if goes_on.any():
            late = (density * (until[:, None] <= _NODES)[row]).sum(axis=1)
            left = np.exp(-rate[:, 0] * np.where(goes_on, until, 0.0))[row] * late
            passed_on[:, k] = np.where(goes_on[row], stays[:, k] * left, 0.0)
    return Fates(np.clip(gone, 0.0, 1.0), np.clip(passed_on, 0.0, 1.0))


def _alike(
    until_s: np.ndarray, impatience: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of until_s [row] and impatience, of all rows or [row]: pairs that occur, and each row's.

    Impatience is a column.
    """
    if impatience.ndim == 0:
        until, row = np.unique(until_s, return_inverse=True)
        return until, np.full((len(until), 1), impatience), row
    pairs, row = np.unique(np.stack([until_s, impatience]), axis=1, return_inverse=True)
    return pairs[0], pairs[1][:, None], np.reshape(row, -1)


def _coming(per_s: np.ndarray) -> list[int]:
    """The kinds that come at all, of per_s [row, kind]."""
    return np.flatnonzero(per_s.any(axis=0)).tolist()


def _lost_with_one_less(seats: np.ndarray, load: np.ndarray) -> np.ndarray:
    """Erlang B of one agent less, by row."""
    lost = np.ones(len(load))
    agents = np.asarray(seats, np.int64) - 1
    for n in range(1, int(agents.max(initial=0)) + 1):
        lost = np.where(n <= agents, load * lost / (n + load * lost), lost)
    return lost

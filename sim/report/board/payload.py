"""What the page holds to move numbers: the forms of drivers.py, of differences, in plain lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.statistics import CONFIDENCE, t_quantile
from sim.experiments.booked_numbers import Number
from sim.experiments.comparison import Comparison
from sim.experiments.drivers import Drivers, Set, Terms, drivers_of
from sim.experiments.figures import RESULT, VALUE
from sim.experiments.forms import Shift
from sim.experiments.judging import threshold
from sim.language.quantities import plain
from sim.metrics.periods import first_year_text
from sim.report.figures.of_comparison import GROUPS

DECIMALS = 5
STEPS = 200


def payload_of(comparison: Comparison, command: str) -> dict[str, Any]:
    """The numbers that may be moved, and each variant's difference as a form in them."""
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    known = drivers_of(runs, GROUPS)
    spec, n = comparison.base.scenario.spec, comparison.base.replications
    tried = range(1, len(comparison.variants) + 1)
    return {
        "command": command,
        "currency": spec.currency,
        "when": first_year_text(spec.horizon.length_weeks),
        "decide_on": spec.decide_on,
        "matters": {m: threshold(comparison.base.scenario, m) for m in (RESULT, VALUE)},
        "a_year": 52.0 / max(52.0, spec.horizon.length_weeks),
        "t": [t_quantile(1 - (1 - CONFIDENCE) / k / 2, n - 1) if n > 1 else None for k in tried],
        "n": n,
        "groups": known.groups,
        "months": known.months,
        "has_pace": known.has_pace,
        "has_value": known.has_value,
        "numbers": [_number(one) for one in known.numbers],
        "rate": _number(known.rate) if known.rate else None,
        "to_play": known.to_play,
        "variants": [
            {**_variant(known, i), "forms": [_shift(one) for one in against.shifts]}
            for i, against in enumerate(comparison.variants, start=1)
        ],
        "kinds": [one.verdict.kind for one in comparison.variants],
    }


def _number(number: Number) -> dict[str, Any]:
    r, s = number.two
    before, _, after = number.text(1234567.0).partition("1234567")
    return {
        "path": number.path,
        "says": number.says,
        "before": before,
        "after": after,
        "low": min(_short(number.low), number.now),
        "high": max(_short(number.high), number.now),
        "from": number.low,
        "to": number.high,
        "now": number.now,
        "shown": plain(number.now),
        "r": r,
        "s": s,
        "step": _step(number.high - number.low),
    }


def _shift(shift: Shift) -> list[float]:
    """By how much a form of the model moves the deciding figure, and the other one."""
    return [shift.by.gap, shift.by.other or 0.0]


def _short(x: float) -> float:
    return float(f"{x:.4g}")


def _step(width: float) -> float:
    """A step of 1, 2 or 5 times a power of ten."""
    least = width / STEPS
    power = 10.0 ** np.floor(np.log10(least))
    return float(f"{next(k for k in (1, 2, 5, 10) if k * power >= least * 0.999) * power:.3g}")


def _variant(known: Drivers, i: int) -> dict[str, Any]:
    base, variant = known.of[0], known.of[i]
    lines, months = (_gap(getattr(variant, f), getattr(base, f)) for f in ("lines", "months"))
    whole = _gap(variant.contribution, base.contribution)
    kept = _gap(variant.kept, base.kept)
    value = _gap(variant.value, base.value) if known.has_value else {}
    sets = [s for s in _ordered({**lines, **months, **whole, **kept, **value})]
    empty = np.zeros(0)

    def spans(s: Set) -> Any:
        both = [terms[s] for terms in (whole, kept) if s in terms]
        return sum(both[1:], both[0]) if both else np.zeros((0, 3))

    return {
        "name": known.names[i],
        "sets": [sorted(s) for s in sets],
        "lines": [_rounded(lines[s].T) if s in lines else [] for s in sets],
        "pace": [_rounded(spans(s)[:, 1]) for s in sets],
        "whole": [_rounded(spans(s)[:, 2]) for s in sets],
        "value": [_trimmed(value[s].T) if s in value else [] for s in sets],
        "months": [_rounded(months[s].sum(axis=1) if s in months else empty) for s in sets],
    }


def _gap(variant: Terms, base: Terms) -> Terms:
    """The terms of a difference; none that is 0 to the last decimal kept, but the first."""
    found: Terms = {}
    for s in {**variant, **base}:
        parts = (variant.get(s), base.get(s))
        like = parts[0] if parts[0] is not None else parts[1]
        assert like is not None  # s is in one of them
        one, two = (np.zeros_like(like) if part is None else part for part in parts)
        if not s or np.abs(one - two).max(initial=0.0) >= 0.5 * 10.0**-DECIMALS:
            found[s] = one - two
    return found


def _ordered(sets: Any) -> list[Set]:
    return sorted(sets, key=lambda s: (len(s), sorted(s)))


def _trimmed(coefficients: np.ndarray) -> list[Any]:
    """[coefficient][replication] without those at the end that are 0 to the last decimal kept."""
    rounded = np.round(coefficients, DECIMALS)
    used = np.flatnonzero(np.abs(rounded).max(axis=1))
    return _rounded(rounded[: used[-1] + 1]) if len(used) else []


def _rounded(amounts: np.ndarray) -> list[Any]:
    return (np.round(amounts, DECIMALS) + 0.0).tolist()

"""Figures of a verdict, rounded to the second significant digit of their half-width."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from sim.core.statistics import Estimate
from sim.language.quantities import MINUS


def rounded(value: float, half_width: float = 0.0) -> str:
    """A figure to the second significant digit of its half-width, in k or M: "41 k", "−1.25 M".

    Without a half-width (0 or nan) three significant digits, without trailing zeros.
    """
    if math.isnan(value):
        return "n/a"
    return _figure(value, half_width, _scale(value, half_width))


def range_text(gap: Estimate) -> str:
    """Both ends of an interval without their signs, the one nearer to 0 first: "30 to 52 k"."""
    near, far = (shown(gap, end) for end in sorted((gap.low, gap.high), key=abs))
    number, _, scale = near.partition(" ")
    return f"{number if far.endswith(f' {scale}') else near} to {far}"


def shown(gap: Estimate, value: float, signed: bool = False) -> str:
    """A figure of an estimate, in the scale (k, M) of the estimate's largest figure."""
    largest = max(-gap.low, gap.high) if gap.low < 0.0 < gap.high else gap.value
    scale = _scale(largest, gap.half_width)
    return _figure(value if signed else abs(value), gap.half_width, scale)


def _last_digit(value: float, half_width: float) -> int:
    """The power of ten to round to; a half-width that is mere float noise counts as none."""
    if half_width > 1e-9 * abs(value):
        return Decimal(half_width).adjusted() - 1
    return Decimal(value).adjusted() - 2 if value else 0


def _scale(value: float, half_width: float) -> int:
    """The power of ten behind the figure: 0, 3 (k) or 6 (M)."""
    last = _last_digit(value, half_width)
    shown = abs(_quantized(value, last))
    largest = max(shown, Decimal(half_width)) if half_width > 0.0 else shown
    return 6 if largest >= 10**6 else 3 if largest >= 10**3 else 0


def _figure(value: float, half_width: float, scale: int) -> str:
    """A figure in a given scale."""
    last = _last_digit(value, half_width)
    number = _quantized(value, last)
    if number == 0:
        return "0"
    text = f"{abs(number).scaleb(-scale):.{max(0, scale - last)}f}"
    if "." in text and not half_width > 1e-9 * abs(value):
        text = text.rstrip("0").rstrip(".")
    return (MINUS if number < 0 else "") + text + {0: "", 3: " k", 6: " M"}[scale]


def _quantized(value: float, last: int) -> Decimal:
    return (Decimal(value).scaleb(-last)).quantize(Decimal(1), ROUND_HALF_UP).scaleb(last)

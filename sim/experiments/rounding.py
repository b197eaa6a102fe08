"""Figures as a reader meets them, such as `41 k` and `−1.25 M`, rounded by their uncertainty.

Digits end at the second significant digit of the half-width, or after four; without a half-width
after three, and zeros at their end are dropped. Minus is U+2212.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import inf, isfinite

from sim.core.statistics import Estimate
from sim.language.quantities import MINUS

_UNITS = {0: "", 3: " k", 6: " M", 9: " bn"}
_MOST_DIGITS = 4
_DIGITS_WITHOUT_HALF_WIDTH = 3


def rounded(value: float, half_width: float = 0.0, *, signed: bool = False) -> str:
    """A figure rounded by its half-width (0 or nan: none), `n/a` where there is none.

    `signed` puts a plus before gains; 0 has no sign.
    """
    if not isfinite(value):
        return "n/a"
    return _figure(value, half_width, thousands(value, half_width), signed)


def range_text(gap: Estimate) -> str:
    """Both ends of an interval without their signs, the one nearer to 0 first: `30 to 52 k`."""
    near, far = sorted((abs(gap.low), abs(gap.high)))
    return ends_text(near, far, gap.half_width)


def ends_text(low: float, high: float, half_width: float) -> str:
    """Two figures in the unit of the larger, which is said once: `−3 to 110 k`."""
    power = thousands(max(low, high, key=abs), half_width)
    first, last = (_figure(end, half_width, power) for end in (low, high))
    unit = _UNITS[power]
    return f"{first.removesuffix(unit) if last.endswith(unit) else first} to {last}"


def shown(gap: Estimate, value: float, signed: bool = False) -> str:
    """A figure of an estimate, in the unit (k, M) of the estimate's largest figure."""
    largest = max(-gap.low, gap.high) if gap.low < 0.0 < gap.high else gap.value
    power = thousands(largest, gap.half_width)
    return _figure(value if signed else abs(value), gap.half_width, power)


def thousands(value: float, half_width: float = 0.0) -> int:
    """The power of ten of the unit that suits a figure and its half-width: 0, 3 (k), 6 or 9."""
    largest = abs(_quantized(value, _last_digit(value, half_width)))
    if inf > half_width > 0.0:
        largest = max(largest, Decimal(half_width))
    return max((power for power in _UNITS if largest >= 10**power), default=0)


def in_unit(value: float, power: int, decimals: int, *, signed: bool = False) -> str:
    """A figure in a given unit with so many decimals; 0 has neither sign nor unit."""
    digits = f"{abs(Decimal(value).scaleb(-power)):.{decimals}f}"
    if not float(digits):
        return "0"
    return (MINUS if value < 0 else "+" if signed else "") + digits + _UNITS[power]


def _figure(value: float, half_width: float, power: int, signed: bool = False) -> str:
    last = _last_digit(value, half_width)
    number = float(_quantized(value, last))
    text = in_unit(number, power, max(0, power - last), signed=signed)
    unit = _UNITS[power]
    if "." in text and not _is_wide(half_width, value):
        return text.removesuffix(unit).rstrip("0").rstrip(".") + unit
    return text


def _last_digit(value: float, half_width: float) -> int:
    """The power of ten to round to."""
    if not _is_wide(half_width, value):
        return Decimal(value).adjusted() + 1 - _DIGITS_WITHOUT_HALF_WIDTH if value else 0
    certain = Decimal(half_width).adjusted() - 1
    return max(certain, Decimal(value).adjusted() + 1 - _MOST_DIGITS) if value else certain


def _is_wide(half_width: float, value: float) -> bool:
    """Whether there is a half-width that is more than noise of floating point."""
    return inf > half_width > 1e-9 * abs(value)


def _quantized(value: float, last: int) -> Decimal:
    return Decimal(value).scaleb(-last).quantize(Decimal(1), ROUND_HALF_UP).scaleb(last)

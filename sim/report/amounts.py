"""Numbers as a reader meets them: `+58 k`, `−6.2 M`, `41 %`, `09:30`.

Minus is U+2212, a no-break space stands before the unit, and rounding follows the uncertainty
where it is known: to the second significant digit of the half-width of the interval.
"""

from math import floor, isfinite, log10

from sim.language.quantities import MINUS, typeset

SPACE = "\N{NO-BREAK SPACE}"
ABSENT = "–"
Scale = tuple[float, str]
_SCALES: tuple[Scale, ...] = ((1e9, "bn"), (1e6, "M"), (1e3, "k"), (1.0, ""))


def money(amount: float, *, signed: bool = False, half_width: float | None = None) -> str:
    """An amount of the scenario's currency (the caller names which) as `6.2 M`, `+58 k`, `−740`.

    Without `half_width` at most three significant digits are shown; with it, digits end at the
    second significant digit of that half-width, or after four. `signed` puts a plus before gains;
    0 has no sign.
    """
    if not isfinite(amount):
        return ABSENT
    if half_width is None or not isfinite(half_width) or half_width <= 0:
        digit = floor(log10(abs(amount))) - 2 if amount else 0
        number, space, unit = _rounded(amount, scale_of(amount), digit, signed).partition(SPACE)
        return (number.rstrip("0").rstrip(".") if "." in number else number) + space + unit
    return _rounded(amount, scale_of(amount), _last_digit(amount, half_width), signed)


def money_range(low: float, high: float) -> str:
    """The two ends of an interval in one unit, `30 to 52 k`, rounded by the half-width."""
    if not high > low:
        return money(high)
    largest = max(abs(low), abs(high))
    digit, scale = _last_digit(largest, (high - low) / 2), scale_of(largest)
    return f"{_rounded(low, (scale[0], ''), digit)} to {_rounded(high, scale, digit)}"


def scale_of(amount: float) -> Scale:
    """The largest unit of which the amount, rounded to three digits, holds at least one."""
    size = abs(amount) * 1.0005
    return next((scale for scale in _SCALES if size >= scale[0]), _SCALES[-1])


def in_unit(amount: float, scale: Scale, decimals: int, *, signed: bool = False) -> str:
    """The amount in a given unit with so many decimals; zero has neither sign nor unit."""
    factor, unit = scale
    digits = f"{abs(amount) / factor:.{decimals}f}"
    if not float(digits):
        return "0"
    sign = MINUS if amount < 0 else "+" if signed else ""
    return f"{sign}{digits}{SPACE}{unit}" if unit else f"{sign}{digits}"


def percent(share: float) -> str:
    """A share 0..1 as `41 %`, rounded down: 79.9 % must not read as a target of 80 % met."""
    return f"{percent_digits(share)}{SPACE}%" if isfinite(share) else ABSENT


def ratio(share: float, decimals: int = 1) -> str:
    """A ratio of sums of money, also above 1, as `41.2 %`, `147 %`, `over 1,000 %`.

    At most three significant digits, and at most so many decimals.
    """
    size = abs(100 * share)
    if size >= 999.5:
        return typeset("over 1,000 %" if share > 0 else f"below {MINUS}1,000 %")
    digits = min(decimals, 2 - floor(log10(size * 1.0005))) if size else decimals
    return typeset(f"{100 * share:.{max(0, digits)}f} %")


def percent_digits(share: float) -> str:
    """The digits of `percent` alone, for the cells of a heat map."""
    return str(floor(share * 100 + 1e-9))


def percent_exact(share: float) -> str:
    """A share with the decimals it needs, `97.5 %`: for targets and axes."""
    return typeset(f"{share * 100:.4g}{SPACE}%")


def clock(minute_of_day: float) -> str:
    """Minutes since midnight as `09:30`; the end of the day reads `24:00`."""
    hours, minutes = divmod(round(minute_of_day), 60)
    return f"{hours:02d}:{minutes:02d}"


def _last_digit(amount: float, half_width: float) -> int:
    """Power of ten of the last digit worth showing: more than four digits nobody reads."""
    certain = floor(log10(half_width)) - 1
    return max(certain, floor(log10(abs(amount))) - 3) if amount else certain


def _rounded(amount: float, scale: Scale, last_digit: int, signed: bool = False) -> str:
    decimals = max(0, floor(log10(scale[0])) - last_digit)
    return in_unit(round(amount, -last_digit), scale, decimals, signed=signed)

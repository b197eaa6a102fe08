"""Numbers as pages and pictures show them: `+58 k`, `−6.2 M`, `41 %`, `09:30`.

A no-break space stands before the unit. Money is rounded as verdicts round it.
"""

from math import floor, isfinite, log10

from sim.experiments.rounding import ends_text, rounded
from sim.language.quantities import typeset

SPACE = "\N{NO-BREAK SPACE}"
ABSENT = "–"


def money(amount: float, *, signed: bool = False, half_width: float = 0.0) -> str:
    """An amount of the scenario's currency (the caller names which) as `6.2 M`, `+58 k`, `−740`.

    `signed` puts a plus before gains; 0 has no sign.
    """
    return unbroken(rounded(amount, half_width, signed=signed)) if isfinite(amount) else ABSENT


def money_range(low: float, high: float) -> str:
    """The two ends of an interval in one unit, `30 to 52 k`, rounded by the half-width."""
    if not high > low:
        return money(high)
    ends = ends_text(low, high, (high - low) / 2).split(" to ")
    return " to ".join(unbroken(end) for end in ends)


def unbroken(figure: str) -> str:
    """A figure that stays on one line with its unit."""
    return figure.replace(" ", SPACE)


def percent(share: float) -> str:
    """A share 0..1 as `41 %`, rounded down: 79.9 % must not read as a target of 80 % met."""
    return f"{percent_digits(share)}{SPACE}%" if isfinite(share) else ABSENT


def ratio(share: float, decimals: int = 1) -> str:
    """A ratio of sums of money, also above 1, as `41.2 %`, `147 %`, `over 1,000 %`.

    At most three significant digits, and at most so many decimals.
    """
    size = abs(100 * share)
    if size >= 999.5:
        return typeset("over 1,000 %" if share > 0 else "below -1,000 %")
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

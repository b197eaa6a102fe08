"""The verdict on the deciding metric: better, worse, practically equal or undecided, in a sentence.

The whole interval decides, in this order:
  practically equal   it lies strictly inside ± matters_from, even if it excludes zero
  better, worse       it excludes zero; where its nearer end is less than what matters, this is said
  undecided           everything else, with the replications still needed

A scenario against itself (0 ± 0) is practically equal even where `matters_from` is 0.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from sim.core.clock import DAYS_PER_WEEK, WEEKS_PER_MONTH, WEEKS_PER_YEAR
from sim.core.statistics import Estimate, t_quantile
from sim.language.quantities import MINUS

Kind = Literal["better", "worse", "practically equal", "undecided"]
Direction = Literal["higher", "lower"]
Period = Literal["year", "month", "week"]

WEEKS_PER: dict[str, float] = {"year": WEEKS_PER_YEAR, "month": WEEKS_PER_MONTH, "week": 1.0}
UNPRICED = "unpriced: "
ANOTHER_WORLD = "another world: "
MOST_REPLICATIONS = 1_000_000


class Wording(NamedTuple):
    """How a metric speaks of a difference: `{}` is the figure, its unit included."""

    more: str
    less: str
    unit: str = ""
    """Follows the figure; `money` follows the currency and is given per period."""
    factor: float = 1.0
    """From the metric's unit to the spoken one: 100 from shares to points."""


WORDINGS: dict[str, Wording] = {
    "result": Wording("earns {} more", "earns {} less", unit="money"),
    "contribution": Wording("contributes {} more", "contributes {} less", unit="money"),
    "csat": Wording("scores {} higher", "scores {} lower", unit="points", factor=100.0),
    "nps": Wording("scores {} higher", "scores {} lower", unit="points"),
}


def wording(metric: str, unit: str = "", factor: float = 1.0, label: str = "") -> Wording:
    """The wording of a metric by name; else "occupancy is … higher" from its label and unit.

    A label says after a comma how it is measured: `service level, of offered`.
    """
    if metric in WORDINGS:
        return WORDINGS[metric]
    name, _, measured = (label or metric.replace("_", " ")).partition(", ")
    if measured:
        name = f"{name} ({measured})"
    return Wording(f"{name} is {{}} higher", f"{name} is {{}} lower", unit, factor)


class Span(NamedTuple):
    """Over which time a sum is told."""

    factor: float
    """From the sum over the horizon to the one that is told."""
    words: str
    """`a year`, `over 4 weeks`."""


def span_of(horizon_weeks: float, period: Period = "year") -> Span:
    """A sum is told per period; where less was played, as it is, for gains seldom keep their pace.

    >>> span_of(4).words
    'over 4 weeks'
    """
    if horizon_weeks >= WEEKS_PER[period]:
        return Span(WEEKS_PER[period] / horizon_weeks, f"a {period}")
    days = round(horizon_weeks * DAYS_PER_WEEK)
    n, unit = (days, "day") if days % DAYS_PER_WEEK else (days // DAYS_PER_WEEK, "week")
    return Span(1.0, f"over {n} {unit}{'' if n == 1 else 's'}")


A_YEAR = span_of(WEEKS_PER_YEAR)


class Verdict(NamedTuple):
    """What the paired difference says; difference, low and high in the metric's own unit."""

    kind: Kind
    difference: float
    low: float
    high: float
    replications_needed: int | None
    """Further ones until it would be decided; None if decided or if none would do."""
    sentence: str

    @property
    def told(self) -> str:
        """Kind and sentence, each said once; what is unpriced, or of another world, begins so."""
        lead, sentence = "", self.sentence
        if sentence.startswith(ANOTHER_WORLD):
            lead, joint, sentence = sentence.partition("; ")
            lead += joint
        if sentence.startswith(UNPRICED):
            lead, sentence = f"{lead}{UNPRICED}", sentence.removeprefix(UNPRICED)
        kind = "" if sentence.startswith(self.kind) else f"{self.kind}: "
        return f"{lead}{kind}{sentence}"


class Context(NamedTuple):
    """What a reader must know beside the figures."""

    contains: str = "dice only"
    """What the interval contains."""
    basis: str = ""
    """What the scenarios have in common ("at the same seats"), or how they differ."""
    unpriced: bool = False
    """Whether the variant changes something for which no cost was typed."""
    world: Sequence[str] = ()
    """Facts in which the scenarios differ."""
    not_judged: Sequence[str] = ()
    """What the horizon did not reach."""


NO_CONTEXT = Context()


def judge(gap: Estimate, matters_from: float, better: Direction = "higher") -> Kind:
    """The kind of verdict on variant minus base; `matters_from` is in the same unit, 0 or more."""
    if not gap.has_interval:
        return "undecided"
    if (-matters_from < gap.low and gap.high < matters_from) or gap.low == gap.high == 0.0:
        return "practically equal"
    if gap.low > 0.0:
        return "better" if better == "higher" else "worse"
    if gap.high < 0.0:
        return "worse" if better == "higher" else "better"
    return "undecided"


def replications_needed(gap: Estimate, matters_from: float) -> int | None:
    """Further replications until the interval would exclude zero or fit inside ± matters_from.

    Takes the difference and the spread for what they seem now, so it is a guide. None without an
    interval, or where no number up to a million would do.
    """
    wanted = max(abs(gap.value), matters_from - abs(gap.value))
    if not gap.has_interval or wanted <= 0.0:
        return None

    def half_width(n: int) -> float:
        return t_quantile(0.5 + gap.level / 2.0, n - 1) / math.sqrt(n)

    now = half_width(gap.replications)
    low, high = gap.replications, gap.replications
    while gap.half_width * half_width(high) / now >= wanted:
        low, high = high, 2 * high
        if low > MOST_REPLICATIONS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = gap.half_width * half_width(middle) / now < wanted
        low, high = (low, middle) if enough else (middle, high)
    return high - gap.replications


def verdict(
    gap: Estimate,
    matters_from: float,
    words: Wording,
    *,
    better: Direction = "higher",
    span: Span = A_YEAR,
    currency: str = "",
    context: Context = NO_CONTEXT,
) -> Verdict:
    """Judge variant minus base and say it.

    `gap` and `matters_from` are in the metric's own unit; sums of money over the horizon are spoken
    over the `span` (`over_horizon` turns "50k per year" into such a sum).
    """
    kind = judge(gap, matters_from, better)
    needed = replications_needed(gap, matters_from) if kind == "undecided" else None
    factor, per = words.factor, ""
    if words.unit == "money":
        factor, per = factor * span.factor, f" {span.words}"
    speech = _Speech(
        words, currency, per, f", {context.basis}" if context.basis else "", context.contains,
        gap.value * factor, gap.low * factor, gap.high * factor, gap.half_width * factor,
        matters_from * factor,
    )  # fmt: skip
    sentence = {
        "better": speech.different,
        "worse": speech.different,
        "practically equal": speech.equal,
        "undecided": lambda: speech.undecided(needed),
    }[kind]()
    if context.unpriced:
        sentence = f"{UNPRICED}{sentence}"
    if context.world:
        sentence = f"{ANOTHER_WORLD}{', '.join(context.world)}; {sentence}"
    sentence = "; ".join([sentence, *context.not_judged])
    return Verdict(kind, gap.value, gap.low, gap.high, needed, sentence)


def over_horizon(amount: float, per: Period, horizon_weeks: float) -> float:
    """An amount per period as a sum over the horizon; one year is 52 weeks and 12 months."""
    return amount * horizon_weeks / WEEKS_PER[per]


def rounded(value: float, half_width: float = 0.0) -> str:
    """A figure to the second significant digit of its half-width, in k or M: "41 k", "−1.25 M".

    Without a half-width (0 or nan) three significant digits, without trailing zeros.
    """
    if math.isnan(value):
        return "n/a"
    return _figure(value, half_width, _scale(value, half_width))


class _Speech(NamedTuple):
    """A difference in the spoken unit and the words around it."""

    words: Wording
    currency: str
    per: str
    basis: str
    contains: str
    value: float
    low: float
    high: float
    half_width: float
    matters_from: float

    def different(self) -> str:
        near = min(abs(self.low), abs(self.high))
        text = f"{self._phrase(self._shown(self.value))} ({self.contains}: {self._range()})"
        if near < self.matters_from:
            text += f", perhaps less than the {self._threshold()} that matters"
        return text

    def equal(self) -> str:
        if self.low == self.high == 0.0:
            return f"practically equal: no difference at all{self.basis} ({self.contains})"
        threshold = f"less than the {self._threshold()} that matters"
        return f"practically equal: {self._span()} ({self.contains}), {threshold}"

    def undecided(self, needed: int | None) -> str:
        if math.isnan(self.value):
            return "undecided: n/a"
        if math.isnan(self.half_width):
            return f"undecided: {self._phrase(self._shown(self.value))}, but there is no interval"
        text = f"undecided: {self._span()} ({self.contains})"
        if needed is None:
            return f"{text}; more replications would hardly tell"
        plural = "" if needed == 1 else "s"
        return f"{text}; about {needed} more replication{plural} would tell"

    def _phrase(self, figure: str) -> str:
        template = self.words.less if self.value < 0.0 else self.words.more
        return template.format(self._with_unit(figure)) + self.per + self.basis

    def _span(self) -> str:
        """The interval in words; where its ends differ in sign, each says its own direction."""
        if not self.low < 0.0 < self.high:
            return self._phrase(self._range())
        lead, _, less = self.words.less.partition("{}")
        more = self.words.more.partition("{}")[2]
        low, high = (self._with_unit(self._shown(end)) for end in (self.low, self.high))
        return f"{lead}between {low}{less} and {high}{more}{self.per}{self.basis}"

    def _range(self) -> str:
        """Both ends without their sign, the nearer first: "30 to 52 k"."""
        near, far = (self._shown(end) for end in sorted((self.low, self.high), key=abs))
        number, _, scale = near.partition(" ")
        return f"{number if far.endswith(f' {scale}') else near} to {far}"

    def _shown(self, value: float) -> str:
        largest = max(-self.low, self.high) if self.low < 0.0 < self.high else self.value
        return _figure(abs(value), self.half_width, _scale(largest, self.half_width))

    def _threshold(self) -> str:
        return self._with_unit(rounded(self.matters_from)) + self.per

    def _with_unit(self, figure: str) -> str:
        if self.words.unit == "money":
            return f"{self.currency} {figure}".strip()
        return f"{figure} {self.words.unit}".strip()


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
    """A figure in a scale that its neighbours share."""
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

"""The verdict on the deciding metric, in a sentence, with the other figures that a board needs.

The whole interval decides, in this order:
  practically equal   it lies strictly inside ± matters_from, even if it excludes zero
  better, worse       it excludes zero; the sentence says so if its nearer end is below matters_from
  divided             it would be better or worse, but value (or, where value decides, the result)
                      says the opposite, by more than matters_from; or another form of the model,
                      as plausible as this one, would turn it
  undecided           everything else, with the replications still needed

A sum of money is judged by its mean per year of the horizon. The sentence shows the first year, the
pace at the end, and value.

A scenario against itself (0 ± 0) is practically equal even where `matters_from` is 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sim.core.clock import WEEKS_PER_MONTH, WEEKS_PER_YEAR
from sim.core.statistics import Estimate, t_quantile
from sim.experiments.rounding import range_text, rounded, shown

Kind = Literal["better", "worse", "practically equal", "undecided", "divided"]
Direction = Literal["higher", "lower"]
Period = Literal["year", "month", "week"]
LeftUndone = Literal["", "more", "less"]
"""Whether a variant leaves more work undone than its base, or less."""

WEEKS_PER: dict[str, float] = {"year": WEEKS_PER_YEAR, "month": WEEKS_PER_MONTH, "week": 1.0}
UNPRICED = "unpriced: "
PEOPLE = "not priced: people; "
SEATS = "seats did not follow; "
UNDONE = "work left undone; "
CAN_BE_SAID: dict[LeftUndone, Kind] = {"more": "worse", "less": "better"}
LIMITS = (UNPRICED, PEOPLE, SEATS, UNDONE)
"""What stands before the sentence, in this order."""
ANOTHER_WORLD = "another world: "
MOST_REPLICATIONS = 1_000_000


class Wording(NamedTuple):
    """The words for a difference in a metric; `{}` is the figure with its unit."""

    more: str
    less: str
    unit: str = ""
    """Stands after the figure. `money` and `value` have the currency before it instead."""
    factor: float = 1.0
    """From the metric's unit to that of the words: 100 from shares to points."""


WORDINGS: dict[str, Wording] = {
    "result": Wording("earns {} more", "earns {} less", unit="money"),
    "contribution": Wording("contributes {} more", "contributes {} less", unit="money"),
    "economic_value": Wording("adds {} of value", "costs {} of value", unit="value"),
    "csat": Wording("scores {} higher", "scores {} lower", unit="points", factor=100.0),
    "nps": Wording("scores {} higher", "scores {} lower", unit="points"),
}


def wording(metric: str, unit: str = "", factor: float = 1.0, label: str = "") -> Wording:
    """The words of WORDINGS; else "occupancy is … higher", from the metric's label and unit.

    What follows a comma in the label goes into brackets: `service level, of offered`.
    """
    if metric in WORDINGS:
        return WORDINGS[metric]
    name, _, measured = (label or metric.replace("_", " ")).partition(", ")
    if measured:
        name = f"{name} ({measured})"
    return Wording(f"{name} is {{}} higher", f"{name} is {{}} lower", unit, factor)


class Figures(NamedTuple):
    """The figures of a difference in a sum of money; each has its paired interval."""

    first: Estimate
    """The first year's, or that of the weeks that were played."""
    words: str = "in the first year"
    pace: Estimate | None = None
    """A year's amount at the end of the horizon; None where the horizon is too short."""
    a_year: float = 1.0
    """The factor from the sum over a horizon of several years to its mean per year."""


class Other(NamedTuple):
    """The other sum that a verdict must see: value if money decides, the result if value does."""

    gap: Estimate
    matters_from: float
    words: Wording
    when: str = ""
    """Words for the time of the sum: ` in the first year`."""


class Under(NamedTuple):
    """The verdict if customers reacted in another way."""

    if_so: str
    """What that way is, as a clause: `customers remember`."""
    kind: Kind
    first: Estimate
    """The first figure, if it were so."""


class Verdict(NamedTuple):
    """The verdict; difference, low and high are in the metric's own unit."""

    kind: Kind
    difference: float
    low: float
    high: float
    replications_needed: int | None
    """How many more would decide it; None if it is decided, or if no number would."""
    sentence: str

    @property
    def told(self) -> str:
        """Kind and sentence, each once; limits (another world, LIMITS) come first."""
        lead, sentence = "", self.sentence
        if sentence.startswith(ANOTHER_WORLD):
            lead, joint, sentence = sentence.partition("; ")
            lead += joint
        for limit in LIMITS:
            if sentence.startswith(limit):
                lead, sentence = f"{lead}{limit}", sentence.removeprefix(limit)
        kind = "" if sentence.startswith(self.kind) else f"{self.kind}: "
        return f"{lead}{kind}{sentence}"


class Context(NamedTuple):
    """What the sentence must say besides the figures."""

    contains: str = "dice only"
    """The kind of uncertainty that the interval contains."""
    basis: str = ""
    """What the scenarios have in common ("at the same seats"), or how they differ."""
    unpriced: bool = False
    """Whether the variant improves an outcome for which no cost was typed."""
    strains_people: bool = False
    """Whether people work harder or fewer hours are paid. The model lets nobody react."""
    seats_stay: bool = False
    """Whether a bot takes work over, and agents are less busy instead of fewer."""
    leaves_work: LeftUndone = ""
    """Who leaves more contacts unanswered: no figure knows what these customers think. Of a variant
    that leaves more only `worse` can be said, of one that leaves fewer only `better`."""
    world: Sequence[str] = ()
    """Facts of the world in which the scenarios differ."""
    not_judged: Sequence[str] = ()
    """Initiatives that begin after the horizon."""


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

    It takes the difference and the spread as they are now, so it is a rough guide. None without an
    interval, or if no number up to a million would do.
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
    figures: Figures | None = None,
    other: Other | None = None,
    under: Sequence[Under] = (),
    currency: str = "",
    context: Context = NO_CONTEXT,
) -> Verdict:
    """Judge the difference of a variant from its base, and say so in a sentence.

    `gap` and `matters_from` are in the metric's own unit. If it is a sum, both are over the horizon
    (`over_horizon` turns "50k per year" into that). `figures` are given of sums of money. `under`
    has the verdicts if customers reacted in other ways.
    """
    now = judge_both(gap, matters_from, better, other)
    kind = "divided" if any(_turns(now, one.kind) for one in under) else now
    needed = replications_needed(gap, matters_from) if kind == "undecided" else None
    speech = _speech(gap, matters_from, words, figures, currency, context)
    speech = speech.over_forms([one.first for one in under])
    said = {"practically equal": speech.equal, "undecided": lambda: speech.undecided(needed)}
    told = said.get(now, speech.different)()
    if context.leaves_work and kind != CAN_BE_SAID[context.leaves_work]:
        kind, told = "undecided", told.removeprefix(f"{now}: ")
    elif unless := _unless(now, under, other):
        told = f"{unless}: {told.removeprefix(f'{now}: ')}"
    parts = [told, *speech.beside(figures, other)]
    sentence = "; ".join([*parts, *context.not_judged])
    limited = (
        context.unpriced, context.strains_people, context.seats_stay, bool(context.leaves_work)
    )  # fmt: skip
    limits = [limit for limit, holds in zip(LIMITS, limited, strict=True) if holds]
    sentence = "".join([*limits, sentence])
    if context.world:
        sentence = f"{ANOTHER_WORLD}{', '.join(context.world)}; {sentence}"
    return Verdict(kind, gap.value, gap.low, gap.high, needed, sentence)


def judge_both(gap: Estimate, matters_from: float, better: Direction, other: Other | None) -> Kind:
    """The kind of verdict, with regard to the other sum."""
    kind = judge(gap, matters_from, better)
    return "divided" if other is not None and _says_the_opposite(kind, other) else kind


def _turns(now: Kind, then: Kind) -> bool:
    """Whether another form of the model turns a verdict; to leave it undecided is no turn."""
    if now in ("undecided", "divided") or then in (now, "undecided"):
        return False
    return now == "practically equal" or then != "practically equal"


def _unless(now: Kind, under: Sequence[Under], other: Other | None) -> str:
    """`better, unless customers remember (then worse)`; empty if every form gives the same kind."""
    if now == "undecided":
        return ""
    others: dict[Kind, list[str]] = {}
    for one in under:
        if one.kind != now:
            others.setdefault(one.kind, []).append(one.if_so)
    sum_beside = "value" if other is None or other.words.unit == "value" else "the result"
    then = {"divided": f"{sum_beside} says the opposite"}
    ifs = [f"{' or '.join(forms)} (then {then.get(k, k)})" for k, forms in others.items()]
    return f"{now}, unless {' or '.join(ifs)}" if ifs else ""


def _says_the_opposite(kind: Kind, other: Other) -> bool:
    """Whether the other sum lies beyond what matters, on the other side."""
    if kind == "better":
        return other.gap.high < -other.matters_from
    return kind == "worse" and other.gap.low > other.matters_from


def over_horizon(amount: float, per: Period, horizon_weeks: float) -> float:
    """An amount per period as a sum over the horizon; one year is 52 weeks and 12 months."""
    return amount * horizon_weeks / WEEKS_PER[per]


class _Speech(NamedTuple):
    """A difference in the spoken unit and the words around it."""

    words: Wording
    currency: str
    contains: str
    basis: str
    first: Estimate
    """What is told of a difference that is better or worse, and its time."""
    when: str
    judged: Estimate
    """What the verdict was read from, and its time."""
    judged_when: str
    matters_from: float
    threshold_when: str

    def over_forms(self, firsts: list[Estimate]) -> _Speech:
        """The same, with the range over the forms of the model before what the dice do."""
        if not firsts or math.isnan(self.first.value):
            return self
        low, high = (end(e.value for e in [self.first, *firsts]) for end in (min, max))
        ends = self.first._replace(low=low, high=high)
        if low < 0.0 < high or self.first.low < 0.0 < self.first.high:
            text = f"{shown(ends, low, True)} to {shown(ends, high, True)}"
        else:
            text = range_text(ends)
        return self._replace(contains=f"forms of the model: {text}; {self.contains}")

    def different(self) -> str:
        first = self.first
        if first.low < 0.0 < first.high:
            text = f"{self._span(first, self.when)} ({self.contains})"
        else:
            text = f"{self._phrase(shown(first, first.value), first)}{self.when}{self.basis}"
            text += f" ({self.contains}: {range_text(first)})"
        if min(abs(self.judged.low), abs(self.judged.high)) < self.matters_from:
            text += f", perhaps less than the {self._threshold()} that matters"
        return text

    def equal(self) -> str:
        if self.judged.low == self.judged.high == 0.0:
            return f"practically equal: no difference at all{self.basis} ({self.contains})"
        span = self._span(self.judged, self.judged_when)
        threshold = f"less than the {self._threshold()} that matters"
        return f"practically equal: {span} ({self.contains}), {threshold}"

    def undecided(self, needed: int | None) -> str:
        gap = self.judged
        if math.isnan(gap.value):
            return "undecided: n/a"
        if not gap.has_interval:
            text = f"{self._phrase(shown(gap, gap.value), gap)}{self.judged_when}{self.basis}"
            return f"undecided: {text}, but there is no interval"
        text = f"undecided: {self._span(self.judged, self.judged_when)} ({self.contains})"
        if needed is None:
            return f"{text}; more replications would hardly tell"
        plural = "" if needed == 1 else "s"
        return f"{text}; about {needed} more replication{plural} would tell"

    def beside(self, figures: Figures | None, other: Other | None) -> list[str]:
        """Clauses: the mean per year of a long horizon, the pace at its end, the other sum."""
        found = []
        if figures and self.judged is not self.first and not math.isnan(self.judged.value):
            found.append(f"on average {self._amount(self.judged)} a year")
        if figures and figures.pace:
            found.append(f"at the end at a pace of {self._amount(figures.pace)} a year")
        if other:
            found.append(_other_text(other, self.currency))
        return found

    def _amount(self, e: Estimate) -> str:
        """A further figure; with its direction if that is not the first figure's."""
        figure = rounded(abs(e.value), e.half_width)
        if figure == "0" or e.value * self.first.value > 0.0:
            return figure
        template = self.words.less if e.value < 0.0 else self.words.more
        return f"{figure}{template.partition('{}')[2]}"

    def _phrase(self, figure: str, e: Estimate) -> str:
        template = self.words.less if e.value < 0.0 else self.words.more
        return template.format(self._with_unit(figure))

    def _span(self, gap: Estimate, when: str) -> str:
        """The interval in words; if its ends differ in sign, each has its own direction."""
        when = f"{when}{self.basis}"
        if not gap.low < 0.0 < gap.high:
            return f"{self._phrase(range_text(gap), gap)}{when}"
        lead, _, less = self.words.less.partition("{}")
        more = self.words.more.partition("{}")[2]
        low, high = (self._with_unit(shown(gap, end)) for end in (gap.low, gap.high))
        return f"{lead}between {low}{less} and {high}{more}{when}"

    def _threshold(self) -> str:
        return self._with_unit(rounded(self.matters_from)) + self.threshold_when

    def _with_unit(self, figure: str) -> str:
        if self.words.unit in ("money", "value"):
            return f"{self.currency} {figure}".strip()
        return f"{figure} {self.words.unit}".strip()


def _speech(
    gap: Estimate,
    matters_from: float,
    words: Wording,
    figures: Figures | None,
    currency: str,
    context: Context,
) -> _Speech:
    """A difference in the spoken unit."""
    basis = f", {context.basis}" if context.basis else ""
    if figures is None:
        first = judged = gap.times(words.factor)
        when, judged_when, threshold_when, factor = "", "", "", words.factor
    else:
        first, factor = figures.first, figures.a_year
        judged = first if factor == 1.0 else gap.times(factor)
        when = f" {figures.words}"
        threshold_when = " a year" if figures.words == "in the first year" else when
        judged_when = when if factor == 1.0 else " a year"
    return _Speech(
        words, currency, context.contains, basis, first, when, judged, judged_when,
        matters_from * factor, threshold_when,
    )  # fmt: skip


def _other_text(other: Other, currency: str) -> str:
    """The other sum in its own words; as a range if its sign is not clear."""
    gap = other.gap
    if gap.low <= 0.0 <= gap.high and gap.high > gap.low:
        lead = "value" if other.words.unit == "value" else "result"
        return f"{lead} between {shown(gap, gap.low, True)} and {shown(gap, gap.high, True)}"
    template = other.words.less if gap.value < 0.0 else other.words.more
    figure = f"{currency} {rounded(abs(gap.value), gap.half_width)}".strip()
    return template.format(figure) + other.when

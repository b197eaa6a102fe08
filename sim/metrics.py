"""The metrics: each one small function, registered with unit, direction and definition.

A metric is a sum (a mean per replication), a ratio of sums, a level at the end or a quantile; a
function returns the numerators and denominators by replication. The docstring is the definition,
and names the denominator. README and reports print from this registry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from sim.counts import (
    CONTACT_COUNTS,
    CUSTOMER_COUNTS,
    LEG_COUNTS,
    SALE_ACCEPTED,
    SALE_COUNTS,
    SALE_DOWNGRADED,
    SALE_RETURNED,
    TIME_COUNTS,
    Tally,
)
from sim.domain.customers import lifetime_value
from sim.domain.voice import SCORES
from sim.errors import Problem, ScenarioError, did_you_mean
from sim.estimate import Sample
from sim.ledger import Ledger
from sim.scenario import Scenario
from sim.units import MS_PER_HOUR, MS_PER_SECOND, WEEKS_PER_YEAR

if TYPE_CHECKING:
    from sim.experiment import Run

Better = Literal["higher", "lower", "neither"]
Estimator = Literal["sum", "ratio", "level", "quantile"]
Unit = Literal["contacts", "share", "s", "money", "points", "h", "customers", "sales", "issues"]


class Facts(NamedTuple):
    """What metrics are made of: a run, or some weeks, types or groups of it."""

    scenario: Scenario
    tally: Tally
    ledger: Ledger
    types: tuple[int, ...]

    def count(self, name: str) -> np.ndarray:
        """[replication] a contact count over the weeks and types."""
        column = self.tally.contacts[..., CONTACT_COUNTS.index(name)]
        return column[:, :, list(self.types)].sum(axis=(1, 2)).astype(float)

    def legs(self, name: str) -> np.ndarray:
        """[replication] a count of second legs or calls over the weeks and types."""
        column = self.tally.legs[..., LEG_COUNTS.index(name)]
        return column[:, :, list(self.types)].sum(axis=(1, 2)).astype(float)

    def time_ms(self, *names: str) -> np.ndarray:
        """[replication] agent time over weeks and groups."""
        columns = [TIME_COUNTS.index(name) for name in names]
        return self.tally.time[..., columns].sum(axis=(1, 2, 3)).astype(float)

    def customers(self, name: str) -> np.ndarray:
        """[replication, week, segment]"""
        return self.tally.customers[..., CUSTOMER_COUNTS.index(name)].astype(float)

    def sales(self, name: str) -> np.ndarray:
        """[replication] a count of offers over weeks, products and segments."""
        return self.tally.sales[..., SALE_COUNTS.index(name)].sum(axis=(1, 2, 3)).astype(float)

    def money(self, *accounts: str) -> np.ndarray:
        """[replication] sum of the ledger lines of the accounts."""
        return self.ledger.total(*accounts).sum(axis=1)


class Metric(NamedTuple):
    """One entry of the registry."""

    name: str
    unit: Unit
    better: Better
    estimator: Estimator
    definition: str
    measure: Callable[[Facts], Sample]
    benchmark: str
    of_legs: bool
    """Says something only where contacts go on in another leg."""
    of_desk: bool
    """Says something only where customers announce that they leave."""

    @property
    def adds_up(self) -> bool:
        """Whether the weeks add up to the horizon: then it can be said per month or a year."""
        return self.estimator == "sum"


METRICS: dict[str, Metric] = {}


def metric(
    unit: Unit,
    better: Better = "neither",
    benchmark: str = "",
    *,
    of_legs: bool = False,
    of_desk: bool = False,
    estimator: Literal["level", "quantile"] | None = None,
):
    """Register a function that returns numerators, or (numerators, denominators).

    `estimator` is told where weeks do not add up: a level at the end, a quantile.
    """

    def register(function: Callable[[Facts], Any]):
        def measure(facts: Facts) -> Sample:
            measured = function(facts)
            return Sample(*measured) if isinstance(measured, tuple) else Sample(measured)

        definition = " ".join((function.__doc__ or "").split())
        found = estimator or ("ratio" if "÷" in definition else "sum")
        name = function.__name__
        where = (of_legs, of_desk)
        METRICS[name] = Metric(name, unit, better, found, definition, measure, benchmark, *where)
        return function

    return register


def facts_of(run: Run) -> Facts:
    """The facts of a whole run."""
    return Facts(run.scenario, run.tally, run.ledger, tuple(range(len(run.scenario.types))))


def week_of(facts: Facts, week: int) -> Facts:
    """The facts of one week (0, 1, …)."""
    one = slice(week, week + 1)
    tally = facts.tally._replace(
        contacts=facts.tally.contacts[:, one],
        legs=facts.tally.legs[:, one],
        sales=facts.tally.sales[:, one],
        ended=facts.tally.ended[:, one],
        time=facts.tally.time[:, one],
        customers=facts.tally.customers[:, one],
        endings=facts.tally.endings[:, one],
        segments=facts.tally.segments[:, one],
    )
    lines = {name: amounts[:, one] for name, amounts in facts.ledger.lines.items()}
    return facts._replace(tally=tally, ledger=Ledger(lines, facts.ledger.paid_hours[:, one]))


def measure(facts: Facts) -> dict[str, Sample]:
    """Every metric, by name."""
    return {name: one.measure(facts) for name, one in METRICS.items()}


def telling(scenario: Scenario) -> list[str]:
    """Names of the metrics that say something of the scenario."""
    has_legs = any(offer.policy.sells_elsewhere for offer in scenario.spec.offers.values())
    has_desk = scenario.spec.save_desk is not None
    return [
        name
        for name, one in METRICS.items()
        if (has_legs or not one.of_legs) and (has_desk or not one.of_desk)
    ]


def check_names(option: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as given; raises ScenarioError, naming the option, where one is no metric."""
    problems = [
        Problem(f"{option} {name}", "", f"'{name}' is not a metric",
                did_you_mean(name, list(METRICS)))
        for name in names
        if name not in METRICS
    ]  # fmt: skip
    if problems:
        raise ScenarioError(problems, option)
    return names


# Contacts ---------------------------------------------------------------------------------------


@metric("contacts")
def offered(f):
    """Contacts that reached the center, redials and repeats included."""
    return f.count("offered")


@metric("contacts")
def answered(f):
    """Contacts answered by an agent."""
    return f.count("answered")


@metric("share", "lower", "5–8 % is common [GK]")
def abandonment(f):
    """Contacts that gave up waiting, balking included ÷ offered."""
    return f.count("gave_up") + f.count("balked"), f.count("offered")


@metric("share", "neither")
def short_abandonment(f):
    """Contacts that gave up within 5 s ÷ offered."""
    return f.count("gave_up_short"), f.count("offered")


@metric("share", "lower")
def blocked(f):
    """Contacts that found all lines taken ÷ offered."""
    return f.count("blocked"), f.count("offered")


@metric("share", "higher", "80 % within 20 s is a common target [GK]")
def service_level(f):
    """Answered in time ÷ offered (answered-of-offered)."""
    return f.count("answered_in_time"), f.count("offered")


@metric("share", "higher")
def service_level_of_answered(f):
    """Answered in time ÷ answered (answered-of-answered)."""
    return f.count("answered_in_time"), f.count("answered")


@metric("share", "higher")
def service_level_less_short(f):
    """Answered in time ÷ (offered − given up in time) (answered-of-offered-less-short)."""
    return f.count("answered_in_time"), f.count("offered") - f.count("gave_up_in_time")


@metric("share", "higher")
def service_level_or_short(f):
    """(Answered in time + given up in time) ÷ offered (answered-or-short-of-offered)."""
    return f.count("answered_in_time") + f.count("gave_up_in_time"), f.count("offered")


@metric("s", "lower")
def asa(f):
    """Speed of answer: wait of the answered ÷ answered."""
    return f.count("wait_answered_ms") / MS_PER_SECOND, f.count("answered")


@metric("s", "lower")
def wait(f):
    """Wait of all ÷ offered less those still inside."""
    return f.count("wait_ms") / MS_PER_SECOND, f.count("offered") - f.count("open")


@metric("s", "lower", estimator="quantile")
def wait_p90(f):
    """Wait that 90 % of all contacts do not exceed, in whole seconds, at most 4 h."""
    waits = f.tally.waits[:, list(f.types)].sum(axis=1)
    reached = np.cumsum(waits, axis=1) >= 0.9 * waits.sum(axis=1, keepdims=True)
    return np.argmax(reached, axis=1).astype(float)


# Agents -----------------------------------------------------------------------------------------


@metric("s", "lower")
def aht(f):
    """Handling time: talk, hold, offers and wrap-up ÷ answered."""
    parts = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return sum(f.count(part) for part in parts) / MS_PER_SECOND, f.count("answered")


@metric("share", "neither", "75–85 % is sustainable, above 90 % burns out [R turnella]")
def occupancy(f):
    """Handling ÷ time on duty, overtime in both."""
    handled = f.time_ms("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return handled, f.time_ms("scheduled_ms", "overtime_ms")


@metric("share", "neither")
def occupancy_scheduled(f):
    """Handling ÷ scheduled time on duty, without overtime."""
    handled = f.time_ms("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return handled, f.time_ms("scheduled_ms")


@metric("share", "higher")
def utilisation(f):
    """Handling ÷ paid time."""
    handled = f.time_ms("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    return handled / MS_PER_HOUR, f.ledger.paid_hours.sum(axis=1)


@metric("h", "lower")
def paid_hours(f):
    """Hours paid, overtime included."""
    return f.ledger.paid_hours.sum(axis=1)


@metric("h", "lower")
def overtime(f):
    """Hours worked after the end of duty."""
    return f.time_ms("overtime_ms") / MS_PER_HOUR


# Resolution and offers --------------------------------------------------------------------------


@metric("share", "higher", "70 % is average, 80 % world class [R SQM]")
def fcr(f):
    """Issues solved at their first answer ÷ issues answered at all."""
    return f.count("solved_at_first_answer"), f.count("first_answers")


@metric("share", "lower")
def repeats(f):
    """Contacts after the first of their issue, redials included ÷ offered."""
    return f.count("offered") - f.count("first_contacts"), f.count("offered")


@metric("share", "higher")
def resolution(f):
    """Issues solved in the end ÷ issues closed."""
    return f.count("issues_resolved"), f.count("issues")


@metric("sales")
def offers(f):
    """Offers made."""
    return f.count("offers")


@metric("share", "neither", "13.8–20.5 % of calls in US banks [R American Banker]")
def offer_rate(f):
    """Offers made ÷ answered."""
    return f.count("offers"), f.count("answered")


@metric("share", "higher")
def acceptance(f):
    """Offers accepted ÷ offers made."""
    return f.count("accepted"), f.count("offers")


@metric("share", "higher")
def attach_rate(f):
    """Offers accepted ÷ answered."""
    return f.count("accepted"), f.count("answered")


@metric("share", "neither", of_legs=True)
def transfers(f):
    """Contacts handed on to a group that sells ÷ answered."""
    return f.legs("transfers"), f.count("answered")


@metric("s", "lower", of_legs=True)
def transfer_wait(f):
    """Wait for the second agent, or until giving up ÷ contacts handed on."""
    return f.legs("transfer_wait_ms") / MS_PER_SECOND, f.legs("transfers")


@metric("share", "lower", of_legs=True)
def transfer_abandonment(f):
    """Contacts that gave up waiting for the second agent ÷ contacts handed on."""
    return f.legs("transfers_gave_up"), f.legs("transfers")


@metric("share", "higher", of_legs=True)
def calls_reached(f):
    """Calls of ours that somebody answered ÷ calls of ours."""
    return f.legs("calls_reached"), f.legs("calls")


@metric("share", "lower")
def pushed(f):
    """Offers that the policy had refused ÷ offers made."""
    return f.sales("pushed"), f.sales("offered")


# Money ------------------------------------------------------------------------------------------


@metric("money", "higher")
def contribution(f):
    """Margin of what was sold less operating cost; the base margin of customers is not in it."""
    return f.money("margin:", "cost:")


@metric("money", "higher")
def revenue(f):
    """Prices of what was sold and kept."""
    return f.money("memo:revenue:")


@metric("money", "higher")
def margin(f):
    """Margin of what was sold, less returns and what would have been bought anyway."""
    return f.money("margin:")


@metric("money", "lower")
def cost(f):
    """Operating cost."""
    return -f.money("cost:")


@metric("money", "lower")
def hiring_and_training(f):
    """Cost of replacing leavers, and of preparing to sell."""
    return -f.money("cost:hiring", "cost:training", "cost:preparation")


@metric("money", "lower", "phone 8–15 USD [R gurusup], 10–25 [R aicxstack]; weak")
def cost_per_contact(f):
    """Operating cost ÷ answered."""
    return -f.money("cost:"), f.count("answered")


@metric("money", "lower")
def cost_per_resolved(f):
    """Operating cost ÷ issues solved."""
    return -f.money("cost:"), f.count("issues_resolved")


@metric("money", "higher")
def margin_per_contact(f):
    """Margin of what was sold ÷ answered."""
    return f.money("margin:"), f.count("answered")


@metric("money", "higher")
def margin_per_agent_hour(f):
    """Margin of what was sold ÷ hours on duty."""
    return f.money("margin:"), f.time_ms("scheduled_ms", "overtime_ms") / MS_PER_HOUR


@metric("share", "lower")
def cost_to_revenue(f):
    """Operating cost ÷ revenue; n/a without revenue."""
    return -f.money("cost:"), f.money("memo:revenue:")


@metric("share", "higher")
def self_funding(f):
    """Margin of what was sold ÷ operating cost; 1 is a profit center. Read it beside service."""
    return f.money("margin:"), -f.money("cost:")


# Customers --------------------------------------------------------------------------------------


@metric("share", "higher", "82 % top box of non-complaint contacts [R SQM]")
def csat(f):
    """Issues scored 4 or 5 (true scores) ÷ issues closed."""
    return f.count("issues_high"), f.count("issues")


@metric("share", "higher")
def csat_contact(f):
    """Answered contacts scored 4 or 5 (true scores) ÷ answered contacts closed."""
    return f.count("scored_high"), f.count("scored")


@metric("points", "higher", "+35 after two calls, −27 unresolved [R SQM]")
def nps(f):
    """100 × (promoters − detractors) ÷ issues closed."""
    return 100 * (f.count("promoters") - f.count("detractors")), f.count("issues")


@metric("share", "higher")
def csat_surveyed(f):
    """Answered surveys that score 4 or 5 ÷ surveys answered."""
    return f.count("surveyed_4") + f.count("surveyed_5"), _responses(f)


@metric("share", "higher")
def csat_corrected(f):
    """Answered surveys that score 4 or 5 ÷ surveys answered, each weighted by 1 over the response
    rate of its score: needs response rates that are known.
    """
    voice = f.scenario.spec.voice
    weights = {n: 1 / voice.response_to(n) if voice else 0.0 for n in range(1, SCORES + 1)}
    weighted = {n: weight * f.count(f"surveyed_{n}") for n, weight in weights.items()}
    return weighted[4] + weighted[5], sum(weighted.values())


@metric("points", "higher")
def nps_surveyed(f):
    """100 × (promoters − detractors) among surveys answered ÷ surveys answered."""
    sides = f.count("surveyed_promoters") - f.count("surveyed_detractors")
    return 100 * sides, _responses(f)


@metric("share", "neither", "e-mail 10–30 %, SMS 15–35 % [R]")
def response_rate(f):
    """Surveys answered ÷ invitations."""
    return _responses(f), f.count("invited")


def _responses(f: Facts) -> np.ndarray:
    """[replication] surveys answered."""
    return sum(
        (f.count(f"surveyed_{score}") for score in range(1, SCORES + 1)),
        np.zeros(len(f.tally.contacts)),
    )


@metric("points", "lower", "repeats, transfers and waiting drive it [R CEB, weak]")
def effort(f):
    """Effort index, 1 to 7, of issues ÷ issues closed."""
    return f.count("effort_thousandths") / 1000, f.count("issues")


@metric("customers", "higher", estimator="level")
def customers(f):
    """Customers at the end."""
    last = f.tally.customers[:, -1].astype(float)
    active, joined, left = (
        last[..., CUSTOMER_COUNTS.index(n)] for n in ("active", "joined", "left")
    )
    return (active + joined - left).sum(axis=-1)


@metric("share", "lower")
def churn(f):
    """Customers who left, a year ÷ mean number of customers: a rate, 15.1 % where 14 % leave."""
    left, active = f.customers("left"), f.customers("active")
    return left.sum(axis=(1, 2)) * WEEKS_PER_YEAR, active.sum(axis=(1, 2))


@metric("customers", "lower")
def left_for_service(f):
    """Customers who left because of service; who would have left anyway is not counted."""
    return f.customers("left_for_service").sum(axis=(1, 2))


@metric("customers", "higher")
def stayed_for_service(f):
    """Customers who would have left, had service been no better than the reference contact."""
    return f.customers("stayed_for_service").sum(axis=(1, 2))


@metric("customers", "neither", of_desk=True)
def announced(f):
    """Customers who announced that they leave."""
    return f.customers("announced").sum(axis=(1, 2))


@metric("share", "higher", "45–73 % say vendors [R]", of_desk=True)
def save_rate(f):
    """Customers saved ÷ those who announced that they leave and whose issue closed."""
    saved, lost = (f.customers(name).sum(axis=(1, 2)) for name in ("saved", "lost_at_desk"))
    return saved, saved + lost


@metric("money", "higher")
def base_margin(f):
    """Base margin of customers within the horizon; never income of the center."""
    return f.money("memo:base_margin:")


@metric("money", "higher", estimator="level")
def value_at_end(f):
    """Discounted base margin, for ever after the horizon, of the customers then active."""
    return value_by_segment(f).sum(axis=1)


def value_by_segment(f: Facts) -> np.ndarray:
    """[replication, segment] value of the customers active at the horizon's end."""
    last = f.tally.customers[:, -1].astype(float)
    value = np.zeros(last.shape[:2])
    for s, spec in enumerate(f.scenario.spec.customers.values()):
        active, joined, left = (
            last[:, s, CUSTOMER_COUNTS.index(n)] for n in ("active", "joined", "left")
        )
        rate = spec.churn.rate if spec.churn else 0.0
        discount = f.scenario.spec.finance.discount_rate
        value[:, s] = (active + joined - left) * lifetime_value(spec.margin, rate, discount)
    return value


@metric("money", "higher", estimator="level")
def sold_value_at_end(f):
    """Discounted recurring margin, after the horizon, of what was sold to customers then active."""
    discount = f.scenario.spec.finance.discount_rate
    segments = list(f.scenario.spec.customers.values()) or [None]
    total = np.zeros(len(f.tally.sales))
    for p, spec in enumerate(f.scenario.spec.offers.values()):
        sales, ended = f.tally.sales[:, :, p].sum(axis=1), f.tally.ended[:, :, p].sum(axis=1)
        kept = sales[..., SALE_ACCEPTED] - sales[..., SALE_RETURNED] - ended[..., 0]
        lost = sales[..., SALE_DOWNGRADED] - ended[..., 1]
        per_month = spec.incremental * spec.recurring.per_month if spec.recurring else 0.0
        loss = spec.downgrade.loss if spec.downgrade else 0.0
        for s, segment in enumerate(segments):
            rate = segment.churn.rate if segment and segment.churn else 0.0
            total += kept[:, s] * lifetime_value(per_month, rate, discount)
            total -= lost[:, s] * lifetime_value(loss, rate, discount)
    return total


@metric("money", "higher", estimator="level")
def economic_value(f):
    """Contribution + base margin + values at the end; compare it, it means nothing alone."""
    return contribution(f) + base_margin(f) + value_at_end(f) + sold_value_at_end(f)

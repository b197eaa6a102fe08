"""What does an hour, a minute, a hire and a sale cost or bring?

People are paid for their hours, not for their calls. A share of overhead and licences does not
fall with heads within the horizon.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from sim.core.clock import DAYS_PER_YEAR, MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.language.block import Block, OrNone, decision, environment
from sim.language.evidence import proposal, source
from sim.language.fields import (
    Fraction,
    Growth,
    Money,
    PerHour,
    PerMinute,
    PerMonth,
    Share,
    SharePerYear,
)
from sim.language.parsers import period_of

HOURS_PER_WEEK = 40  # of one full-time head


Span = Annotated[float, Field(gt=0, le=1000)]


class SupervisionSpec(Block):
    """Team leaders, in proportion to the agents paid: no steps."""

    main_key: ClassVar[str] = "span"

    span: Span = environment(
        15.0,
        evidence=proposal("span of control, 1:15"),
        traits=("plain",),
        plausible=(5, 30, proposal("1:15")),
    )
    """Paid heads of agents for each team leader."""
    wage: Fraction = environment(
        1.4,
        evidence=proposal(),
        plausible=("100%", "250%", proposal("1.4 × an agent's")),
    )
    """Loaded wage of one, as a factor on that of the agents led."""


class QualityAndPlanningSpec(Block):
    """Quality assurance and workforce management together, in proportion to the agents paid."""

    main_key: ClassVar[str] = "span"

    span: Span = environment(
        50.0,
        evidence=proposal("QA and WFM together, 1:50"),
        traits=("plain",),
        plausible=(15, 150, proposal("1:50")),
    )
    """Paid heads of agents for each of their analysts and planners."""
    wage: Fraction = environment(
        1.0,
        evidence=proposal(),
        plausible=("70%", "250%", proposal("as an agent's")),
    )
    """Loaded wage of one, as a factor on that of the agents."""


class CostsSpec(Block):
    """Unit costs of the operation."""

    on_cost: Fraction = environment(
        0.30,
        evidence=proposal("US benefits are 42 % of the wage (BLS)"),
        plausible=("5%", "80%", source("BLS, December 2023", "42 % of the wage in the US")),
    )
    """Social charges and benefits on top of wages."""
    overtime: Fraction = environment(
        1.25,
        evidence=proposal(),
        plausible=("100%", "300%", proposal("1.25, on Sundays 1.5")),
    )
    """Wage factor of overtime hours."""
    overhead: PerHour = environment(
        4.0,
        evidence=proposal(),
        plausible=("0.5 per hour", "30 per hour", proposal("4")),
    )
    """Seat, IT and space per paid hour; supervision is not in it."""
    supervision: OrNone[SupervisionSpec] = environment(SupervisionSpec(), evidence=proposal())
    """Team leaders; none: nobody is paid to lead, or overhead has them."""
    quality_and_planning: OrNone[QualityAndPlanningSpec] = environment(
        QualityAndPlanningSpec(), evidence=proposal()
    )
    """Quality assurance and workforce management; none: nobody is, or overhead has them."""
    licence: PerMonth = environment(
        120.0,
        evidence=proposal(),
        plausible=("10 per month", "600 per month", proposal("120")),
    )
    """Contact-center and CRM licences per head."""
    fixed: Share = environment(0.35, evidence=proposal())
    """Share of overhead and licences that does not fall with heads within the horizon."""
    telecom: PerMinute = environment(
        0.02,
        evidence=source("8x8 rate page", "toll-free calls in the US"),
        plausible=("0.002 per minute", "0.3 per minute", source("8x8 rate page", "0.02 to 0.04")),
    )
    """Per minute that the line is open: wait, talk, hold, offers and orders, but not wrap-up."""
    recruiting: Money = environment(3400.0, evidence=source("apexcx.com", "3,400 a hire"))
    """Recruiting one agent."""
    class_weeks: Annotated[float, Field(ge=0, le=104)] = environment(
        4.0,
        evidence=source("QATC", "30 % train for 11 to 20 days, 26 % for over 30"),
        traits=("plain",),
        plausible=(0.4, 16, source("QATC", "11 to more than 30 days")),
    )
    """Weeks of training class of a new agent, paid at the loaded wage."""
    severance_weeks: Annotated[float, Field(ge=0, le=104)] = environment(
        4.0, evidence=proposal(), traits=("plain",)
    )
    """Weeks of loaded wage, paid once for each head that a variant has fewer than today."""


def _with_interest(typed: Any, read: ValidatorFunctionWrapHandler) -> float:
    """With interest on interest: 1% per month is 12.68% per year, so a month is at 1%."""
    rate: float = read(typed)
    periods = {"month": MONTHS_PER_YEAR, "week": WEEKS_PER_YEAR, "day": DAYS_PER_YEAR}
    n = periods.get(period_of(typed))
    return (1 + rate / n) ** n - 1 if n else rate


Drift = Annotated[Growth, Field(gt=-1, le=1)]


class FinanceSpec(Block):
    """How money is counted over time."""

    discount_rate: Annotated[SharePerYear, WrapValidator(_with_interest)] = environment(
        0.10,
        evidence=proposal(),
        plausible=("1% per year", "30% per year", proposal("10 %")),
    )
    """Discount rate of future margins; at 0 what never ends has no value: n/a."""
    wage_drift: OrNone[Drift] = environment(None, evidence=proposal())
    """How wages grow, and what vendors are paid: in week 53, 105 … by so much more; none: they stay
    as typed."""
    price_drift: OrNone[Drift] = environment(None, evidence=proposal())
    """How prices, margins and other unit costs grow, in the same weeks; none: they stay.

    The value at the end of a horizon is that at its last prices."""
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = decision(
        1, evidence=proposal(), plays=False
    )
    """Month in which the fiscal year starts."""

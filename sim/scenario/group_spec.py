"""Who serves: a group of agents, with its skills, its seats, and what they cost."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.domain.agents.rostering import MOST_SEATS, PositionsSpec
from sim.domain.agents.shifts import ShiftSpec
from sim.domain.agents.sourcing import PaidSpec
from sim.domain.contacts.routing import ServesSpec
from sim.language.block import Block, decision, environment, outcome, problem
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Share, SharePerYear, Wage
from sim.scenario.people_spec import PeopleSpec

WAYS_TO_STAFF = ("positions", "heads", "people")


class GroupSpec(Block):
    """Agents with the same skills, plan and wage, or a vendor's."""

    main_key: ClassVar[str] = "heads"
    number_alone: ClassVar[bool] = True

    serves: list[str] | dict[str, ServesSpec] | None = decision(
        None, evidence=TYPED, examples=[["service"], {"service": {"priority": 1}}]
    )
    """Contact types in order of priority, or type → {priority, handle, after}; left out: all."""
    positions: PositionsSpec | None = decision(None, evidence=TYPED, traits=("seats", "plain"))
    """Seats filled while a type it serves is open."""
    heads: Annotated[int, Field(ge=1, le=MOST_SEATS)] | None = decision(None, evidence=TYPED)
    """People employed full time; in the place of positions."""
    people: PeopleSpec | None = decision(None, evidence=TYPED)
    """People one by one, who are hired, learn, tire and leave; in the place of heads."""
    wage: Wage = environment(
        18.0,
        evidence=proposal(),
        plausible=("5 per hour", "80 per hour", proposal("18; in the US about 19")),
    )
    """Wage per paid hour."""
    paid: PaidSpec | None = decision(
        None, evidence=TYPED, examples=[{"per": "contact", "amount": 4.5}]
    )
    """What a vendor is paid who fills the seats; in the place of wage and all that goes with
    people. Left out: people of ours, by their wage."""
    shrinkage: Annotated[Share, Field(lt=1)] = environment(
        0.30,
        evidence=source("turnella.com", "30 to 40 % in practice"),
        plausible=("10%", "50%", source("turnella.com, Reynolds", "20 to 40 %")),
    )
    """Share of paid time away from contacts: leave, sickness, breaks, training, meetings."""
    turnover: SharePerYear = outcome(
        0.35,
        better="less",
        evidence=source("callcentrehelper.com", "30 to 45 % a year in the past"),
        plausible=(
            "5% per year",
            "120% per year",
            source("ContactBabel, Contact Center Pipeline", "20 to 80 %"),
        ),
    )
    """Leavers a year ÷ heads; replaced at the cost of hiring and training."""

    @model_validator(mode="after")
    def _one_way(self) -> GroupSpec:
        given = [key for key in WAYS_TO_STAFF if getattr(self, key) is not None]
        if len(given) > 1:
            remedy = "keep one of them; null removes what is inherited"
            problem((given[1],), f"both {given[0]} and {given[1]} are given", remedy)
        if not given:
            problem((), "a group needs either positions or heads", "add heads: 100")
        if self.paid and self.people:
            what = "whom a vendor hires and teaches is the vendor's: see paid"
            problem(("people",), what, "write positions: 40 in its place, or leave paid out")
        if self.away >= 1:
            what = "with coaching nobody has time for contacts"
            problem(("people", "coaching"), what, "lower it, or shrinkage")
        return self

    @property
    def staffed_by(self) -> str:
        """The key that says how many agents there are."""
        return next(key for key in WAYS_TO_STAFF if getattr(self, key) is not None)

    @property
    def employed(self) -> int | None:
        """People employed full time; None where seats are typed."""
        return self.people.heads if self.people else self.heads

    @property
    def away(self) -> float:
        """Share of paid time away from contacts, with all coaching."""
        coaching = self.people.extra_coaching if self.people else 0.0
        return max(0.0, self.shrinkage + coaching)

    @property
    def shifts(self) -> dict[str, ShiftSpec] | None:
        """Shifts from which a roster is made; None where hours follow the load."""
        return self.people.shifts if self.people else None

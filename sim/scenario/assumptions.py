"""The weakly known numbers on which a scenario rests."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.language.node import KeyPath
from sim.scenario.scenario import Scenario
from sim.scenario.values import TYPED, values_of

WEAK = ("[P]", "[GK]", "weak")
"""Our proposals, general knowledge not read again, and what says so of itself."""


class Assumption(NamedTuple):
    """One number that has a default."""

    path: KeyPath
    value: Any
    mark: str
    """decision, environment or outcome."""
    evidence: str
    """Of the default."""
    overridden: bool
    """Whether the scenario typed it."""

    @property
    def is_weak(self) -> bool:
        """Whether a default is in use that the world, not the company, decides, on weak grounds."""
        is_poor = any(sign in self.evidence for sign in WEAK)
        return is_poor and not self.overridden and self.mark != "decision"


def assumptions_of(scenario: Scenario) -> list[Assumption]:
    """In the order of the blocks."""
    found = []
    for value in values_of(scenario):
        typed = value.place is not None
        evidence = value.default_evidence if typed else value.evidence
        if value.value is not None and evidence not in ("", TYPED):
            found.append(Assumption(value.path, value.value, value.mark, evidence, typed))
    return found

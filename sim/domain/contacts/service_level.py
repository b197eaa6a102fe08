"""What counts as answered in time?"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from sim.core.erlang import DEFINITIONS
from sim.language.block import Block, decision, problem
from sim.language.evidence import source, trade
from sim.language.fields import Duration, Share
from sim.language.quantities import shown

Definition = Literal[
    "answered-of-offered",
    "answered-of-answered",
    "answered-of-offered-less-short",
    "answered-or-short-of-offered",
]
assert Definition.__args__ == tuple(DEFINITIONS)


def _not_both(typed: Any) -> Any:
    if isinstance(typed, str) and ("/" in typed or "within" in typed):
        problem((), f"{shown(typed)} is more than a share", "write {target: …, within: …}")
    return typed


class ServiceLevelSpec(Block):
    """The target of answering in time."""

    main_key: ClassVar[str] = "target"

    target: Annotated[Share, BeforeValidator(_not_both)] = decision(
        0.80, evidence=trade("80 % within 20 s"), lever=("60%", "95%")
    )
    """Share to be answered in time."""
    within: Duration = decision(20.0, evidence=trade("80 % within 20 s"), lever=("10 s", "60 s"))
    """Longest wait that counts as in time."""
    definition: Definition = decision(
        "answered-of-offered",
        evidence=source("CCOptim calculator", "one of several definitions in use"),
    )
    """Share of what: all offered, the answered, the offered less those who gave up in time."""

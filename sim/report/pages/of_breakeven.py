"""The page of a break-even: what is compared, and at which value both are alike."""

from __future__ import annotations

from sim.experiments.breakeven import BreakEven
from sim.report.pages.page import Page
from sim.report.pages.remarks import played_text, remarks


def breakeven_page(found: BreakEven) -> Page:
    """The answer, and how each value was played."""
    base = found.base.run
    name = found.variant.spec.name
    is_alone = base.scenario.spec.name == name and found.level
    against = name if is_alone else f"{name} against {base.scenario.spec.name}"
    is_one = len(found.answer.roots) == 1
    verb, joint = ("breaks even at", " =") if is_one else ("break-even of", ":")
    metric = found.metric.replace("_", " ")
    answer = f"{metric} {verb} {found.parameter}{joint} {found.sentence}"
    if found.level:
        answer = f"{metric} {found.sentence}"
    lead = (answer, f"each value: {played_text(base)}")
    title = f"{against} ({found.baseline_from})"
    return Page(title, lead, (), remarks=tuple(remarks(base)))

"""A scenario to start from: as shipped, or from the answers to a few questions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sim.core.clock import MONTHS_PER_YEAR
from sim.domain.customers.customers import yearly_hazard
from sim.language.quantities import plain
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

TEMPLATE = "my-center.yaml"
SCHEMA = "scenario.schema.json"


class Question(NamedTuple):
    """A question; the answer takes the place of `key: default` in the template."""

    asks: str
    key: str
    default: str
    unit: str = ""
    """What a bare number means."""

    def answered(self, text: str, typed: str) -> str:
        """The scenario with this answer in it; raises ScenarioError where it cannot be read."""
        answer = _with_unit(typed, self.unit)
        if answer != self.default and _NEEDS_QUOTES.search(answer):
            answer = json.dumps(answer, ensure_ascii=False)  # one value, whatever is in it
        after = text.replace(f"{self.key}: {self.default}", f"{self.key}: {answer}", 1)
        _loaded(after)
        return after


QUESTIONS = (
    Question("What shall the scenario be called?", "name", "my-center"),
    Question("In which currency do you count?", "currency", "EUR"),
    Question("When are you open?", "open", "Mon-Fri 08:00-20:00, Sat 09:00-13:00"),
    Question(
        "How many contacts come, as the switch counts?", "volume", "24000 per week", "per week"
    ),
    Question("How long does one take, wrap-up included?", "handle", "348 s", "s"),
    Question("How many agents, counted full time?", "heads", "100"),
    Question("What do they earn, before social charges?", "wage", "18.00 per hour", "per hour"),
    Question("How many customers do you have?", "count", "180000"),
    Question("What margin does one bring?", "margin", "16.50 per month", "per month"),
    Question("What is the price of what agents could sell?", "price", "120"),
    Question("Which share of that price is margin?", "margin", "25%", "%"),
    Question("Which share is answered within 20 s today?", "service_level", "80%", "%"),
    Question(
        "Which share of customers leaves within a year?", "rate", "14% per year", "% per year"
    ),
    Question("Which share of issues does the first contact solve?", "first_contact", "70%", "%"),
    Question(
        "Which share of agents leaves within a year?", "turnover", "35% per year", "% per year"
    ),
    Question("Which share of offers would be accepted?", "acceptance", "13%", "%"),
)
# Of the example alone: a user who answers the questions knows better, or does not know.
_NOT_ASKED = ", abandoned: 4%, csat: 77%, annual_cost: 6.9 M"
_AS_MANY_AS_LEAVE = "acquisition: 2260 per month"
_NEEDS_QUOTES = re.compile(r"""[][{},#&*!|>'"`]|:\s|:$""")
# What stands there without having been asked, and how the line says so where it has no comment.
NOT_ASKED = {
    "question": "what the study is to answer",
    "churn": "due_to_service",
    "acquisition": "",
    "offer": "when to offer; or never, always, …",
    "candidates": "",
    "held": "",
    "matters_from": "from which difference on it matters",
}


def shipped(name: str) -> str:
    """Return the text of a file that comes with the program."""
    package = Path(__file__).parents[1]
    folders = (package / "_scenarios", package.parent / "scenarios")
    folder = next(folder for folder in folders if (folder / name).is_file())
    return (folder / name).read_text(encoding="utf-8")


def not_answered() -> str:
    """The template before the first question: without how the example looks today."""
    return shipped(TEMPLATE).replace(_NOT_ASKED, "")


def all_answered(text: str) -> str:
    """The scenario after the last question: joining customers, and a mark at what was not asked."""
    return _marked(_with_joiners(text))


def _with_joiners(text: str) -> str:
    """Return the scenario with as many customers joining as leave."""
    (segment,) = _loaded(text).spec.customers.values()
    leaving = segment.count * yearly_hazard(segment.churn.rate if segment.churn else 0.0)
    joining = plain(float(f"{leaving / MONTHS_PER_YEAR:.3g}"))
    return text.replace(_AS_MANY_AS_LEAVE, f"acquisition: {joining} per month")


def _marked(text: str) -> str:
    """Return the scenario with `# not asked: …` at each line with a value that was not asked."""
    lines = []
    for line in text.splitlines():
        key, value, _ = line.strip().partition(":")
        if value and key in NOT_ASKED:
            body, _, comment = line.partition("  #")
            lines.append(f"{body.rstrip()}  # not asked: {NOT_ASKED[key] or comment.strip()}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _with_unit(typed: str, unit: str) -> str:
    """Return an answer as the file says it: without thousands separators, with its unit.

    A share may be 30, 30% or 0.3.
    """
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+(\D.*)?", typed):
        typed = re.sub(r"[, ](?=\d{3})", "", typed)
    typed = typed.strip()
    is_bare = re.fullmatch(r"\d*\.?\d+\s*[kM]?", typed)
    if unit.startswith("%"):
        per = unit.removeprefix("%")
        if is_bare and typed[-1].isdigit():
            return f"{typed}{'%' if float(typed) >= 1 else ''}{per}"
        return f"{typed}{per}" if re.fullmatch(r"[\d.]+\s*%", typed) else typed
    return f"{typed} {unit}".strip() if is_bare else typed


def _loaded(text: str) -> Scenario:
    """Return a scenario from its text; raises ScenarioError."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / TEMPLATE
        file.write_text(text, encoding="utf-8")
        return load(file)

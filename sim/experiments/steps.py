"""The steps of a path: what each changes in the base, and from which week on.

A step is a file, or an initiative of the base. The keys that the file itself types, without those
of its based_on, change the base from its week on. Both become initiatives, so a step can change
what an initiative can: see sim/scenario/patches.py.
"""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from sim.core.clock import DAYS_PER_WEEK
from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.experiments.axes import refuse
from sim.language.merge import BASED_ON
from sim.language.node import Place, in_one_line
from sim.language.yaml_reader import open_file, to_nodes
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

INITIATIVES = "initiatives"
NOT_OF_A_STEP = (
    "name", "question", BASED_ON, "replications", "seed", "decide_on", "matters_from", "checks",
    "today",
)  # fmt: skip
"""Keys that say how a scenario is studied; they change nothing in the center."""


class Step(NamedTuple):
    """One step, and its first week."""

    name: str
    typed: str
    week: int
    """From 1."""
    initiatives: dict[str, dict[str, Any]]
    """The initiatives that it adds to the base, by name, as typed in a file."""
    is_of_base: bool
    """Whether it is an initiative of the base; the path then begins without it."""

    @property
    def sets(self) -> list[str]:
        """The `--set`s that add the step to the base."""
        if self.is_of_base:
            return [f"{INITIATIVES}.{self.name}.from_week={self.week}"]
        named = self.initiatives.items()
        return [f"{INITIATIVES}.{name}={in_one_line(spec)}" for name, spec in named]

    def starts(self, scenario: Scenario) -> datetime.date:
        """The first day of its week."""
        return scenario.spec.horizon.start + datetime.timedelta(
            days=DAYS_PER_WEEK * (self.week - 1)
        )


def read_steps(base: Scenario, typed: Sequence[str]) -> list[Step]:
    """Read steps as typed, such as `sell.yaml@2028-01-03`; raises ScenarioError with all faults."""
    steps, problems = [], []
    for text in typed:
        try:
            step = _read_step(base, text)
            if step.name in {other.name for other in steps}:
                refuse("STEP", text, f"{step.name} is a step already", "give it another name")
            steps.append(step)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems, base.tree.file)
    return steps


def scenario_with(
    base: Scenario, steps: Sequence[Step], of: Sequence[Step], name: str = ""
) -> Scenario:
    """The base with `steps`, and without the others of the path's steps `of`.

    Raises ScenarioError, naming the steps, where they do not fit or do not go together.
    """
    sets = [f"{INITIATIVES}.{one.name}=null" for one in of if one.is_of_base and one not in steps]
    whose = {text: step for step in steps for text in step.sets}
    try:
        made = load(base.tree.file, [*base.tree.own_sets, *sets, *whose], base.tree.common_sets)
    except ScenarioError as error:
        told = {f"--set {text}": step.typed for text, step in whose.items()}
        found = (replace(one, place=told.get(one.place, one.place)) for one in error.problems)
        raise ScenarioError(found, base.tree.file) from None
    return made.renamed(name) if name else made


def as_files(base: Scenario, steps: Sequence[Step], file: Path) -> dict[Path, str]:
    """Texts of the file that is the base with all steps, and of the files that it needs.

    If a step is an initiative of the base, a file without it comes first, on which the other is
    based.
    """
    below, files = Path(base.tree.file), {}
    if gone := [step.name for step in steps if step.is_of_base]:
        without = file.with_name(f"{file.stem}-before{file.suffix}")
        files[without] = _as_yaml(without, below, {name: None for name in gone})
        below = without
    every = {name: spec for step in steps for name, spec in step.initiatives.items()}
    files[file] = _as_yaml(file, below, every)
    return files


def _as_yaml(file: Path, below: Path, initiatives: dict[str, Any]) -> str:
    based_on = os.path.relpath(below, file.parent or ".")
    yaml, text = YAML(), io.StringIO()
    yaml.width = 100
    yaml.representer.add_representer(type(None), _null)
    yaml.dump({"name": file.stem, BASED_ON: based_on, INITIATIVES: initiatives}, text)
    return text.getvalue()


def _null(representer: Any, _: None) -> Any:
    """Write `null` for what removes a key: a scenario file refuses an empty value."""
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _read_step(base: Scenario, typed: str) -> Step:
    what, _, when = typed.rpartition("@") if "@" in typed else (typed, "", "")
    known = base.tree.node((INITIATIVES,))
    if known is not None and (node := known.child(what)) is not None:
        spec = node.plain()
        week = _week(base, typed, when) if when else base.spec.initiatives[what].from_week
        return Step(what, typed, week, {what: {**spec, "from_week": week}}, is_of_base=True)
    week = _week(base, typed, when) if when else 1
    if not Path(what).is_file():
        names = list(base.spec.initiatives)
        otherwise = "name a file, or an initiative of the base, and its date: sell.yaml@2028-01-03"
        fault = f"there is no file {what}, and no such initiative in {base.tree.file}"
        refuse("STEP", typed, fault, did_you_mean(what, names, otherwise))
    own = _own_keys(what)
    name = str(own.get("name", Path(what).stem))
    changed = {key: value for key, value in own.items() if key not in NOT_OF_A_STEP}
    further = changed.pop(INITIATIVES, None) or {}
    found = {name: {"from_week": week, "set": changed}} if changed else {}
    for other, spec in further.items():
        first = int(spec.get("from_week", 1)) + week - 1
        found[other] = {**spec, "from_week": first}
    if not found:
        remedy = "let it set what the step changes"
        refuse("STEP", typed, f"{what} changes nothing of its own", remedy)
    if taken := sorted(set(found) & set(base.spec.initiatives)):
        remedy = f"name the initiative as the step, or give {what} another name"
        refuse("STEP", typed, f"the base has an initiative {taken[0]} already", remedy)
    return Step(name, typed, week, found, is_of_base=False)


def _own_keys(file: str) -> dict[str, Any]:
    """The keys that a file itself types; raises ScenarioError where it cannot be read."""
    problems: list[Problem] = []
    root = open_file(file, problems)
    node = to_nodes(root, Place(0, file=file), problems) if root is not None else None
    if problems or node is None:
        raise ScenarioError(problems, file)
    return node.plain()


def _week(base: Scenario, typed: str, when: str) -> int:
    """The week in which a date lies, or that of a number; raises ScenarioError past the horizon."""
    horizon = base.spec.horizon
    last = horizon.n_weeks
    try:
        day = datetime.date.fromisoformat(when)
        week = (day - horizon.start).days // DAYS_PER_WEEK + 1
    except ValueError:
        if not when.isdigit():
            remedy = f"write {horizon.start.isoformat()}, or a week from 1 to {last}"
            refuse("STEP", typed, f"'{when}' is neither a date nor a week", remedy)
        week = int(when)
    if not 1 <= week <= last:
        end = horizon.start + datetime.timedelta(days=DAYS_PER_WEEK * last - 1)
        remedy = f"the horizon is {horizon.start.isoformat()} to {end.isoformat()}, {last} weeks"
        refuse("STEP", typed, f"{when} is not in the horizon", remedy)
    return week

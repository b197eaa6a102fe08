"""The simulation beside the real January 1999: python -m tests.bank.beside_january.

Plays scenarios/bank-1999.yaml with its two answers to how many agents there were, prints how it
went beside how it really went as Markdown, and draws the course of a day from Sunday to Thursday.
The simulated weekdays are weighted like those of the real January (five Fridays, three Mondays).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

import sim
from sim.core.statistics import Estimate, Sample, estimate
from sim.report.figures import Course, Footer, Panel, course_of_day, save
from sim.report.figures.course_of_day import inside_band

from .calls import HALF_HOURS, TYPES, WEEKDAYS
from .facts import SPANS, clock
from .shipped import HERE, JANUARY_JSON, PROFILE_CSV, SCENARIOS, SEATS_CSV

SCENARIO = SCENARIOS / "bank-1999.yaml"
PICTURE = HERE.parents[1] / "docs" / "pictures" / "bank-1999.png"
NEEDED = (SCENARIO, PROFILE_CSV, SEATS_CSV, JANUARY_JSON)
REPLICATIONS = 20
SEATS = {"agents": "agents seen", "manned": "on duty"}  # column of the table of seats: in pictures
ALL = "all"
SPAN = "Sun-Thu"
FEWEST_CALLS = 10.0  # a day; half hours with fewer are the night, and have no course to compare


class Measure(NamedTuple):
    """One thing that is laid side by side; its key is that of the facts of January."""

    key: str
    label: str
    unit: str  # of a panel: count, share or s


MEASURES = (
    Measure("calls", "calls a day", "count"),
    Measure("abandoned", "gave up", "share"),
    Measure("wait_s", "mean wait of all", "s"),
    Measure("within_20_s", "answered within 20 s", "share"),
)


class January(NamedTuple):
    """The facts of the real month."""

    facts: dict

    @property
    def days(self) -> np.ndarray:
        """[weekday] days on record."""
        return np.array([self.facts["days_by_weekday"][day] for day in WEEKDAYS], float)

    def went(self, type_: str, measure: Measure) -> float:
        """How it went over the month; calls are those of a mean day."""
        fact = self.facts["overall"] if type_ == ALL else self.facts["by_type"][type_]
        return fact[measure.key] / self.days.sum() if measure.key == "calls" else fact[measure.key]

    def course(self, measure: Measure) -> np.ndarray:
        """[half hour] how it went from Sunday to Thursday; nan where hardly anybody called."""
        values = np.full(HALF_HOURS, np.nan)
        starts = [clock(half_hour) for half_hour in range(HALF_HOURS)]
        for row in self.facts["course"]:
            if row["days"] == SPAN and row["calls"] >= FEWEST_CALLS:
                values[starts.index(row["start"])] = row[measure.key]
        return values


Counts = dict[str, np.ndarray]
"""Counts of contacts, by name."""


class Simulated(NamedTuple):
    """A run, as counts of a month that has the weekdays of January."""

    seats: str
    run: sim.Run
    days: np.ndarray  # [weekday]

    def counts(self, weekdays: tuple[int, ...] = tuple(range(len(WEEKDAYS)))) -> Counts:
        """[replication, half hour, type] of all calls on these weekdays, by name."""
        tally = self.run.tally.intervals
        by_weekday = tally.reshape(len(tally), len(WEEKDAYS), HALF_HOURS, tally.shape[2])
        weights = np.zeros(len(WEEKDAYS))
        weights[list(weekdays)] = self.days[list(weekdays)]
        weights /= self.run.scenario.spec.horizon.n_weeks
        return {
            name: np.einsum("w,rwht->rht", weights, by_weekday[name])
            for name in ("offered", "gave_up", "balked", "wait_ms", "answered_in_time")
        }

    def went(self, type_: str, measure: Measure) -> Estimate:
        """How it went over the month, with its 95 % interval."""
        types = self.run.scenario.types
        chosen = slice(None) if type_ == ALL else [types.index(type_)]
        counts = {name: n[:, :, chosen].sum(axis=(1, 2)) for name, n in self.counts().items()}
        return estimate(sample(counts, measure, self.days.sum()))

    def course(self, measure: Measure) -> list[Sample]:
        """[half hour] how it went from Sunday to Thursday, by replication."""
        weekdays = SPANS[SPAN]
        counts = {name: n.sum(axis=2) for name, n in self.counts(weekdays).items()}
        n_days = self.days[list(weekdays)].sum()
        return [
            sample({name: n[:, h] for name, n in counts.items()}, measure, n_days)
            for h in range(HALF_HOURS)
        ]


def sample(counts: Counts, measure: Measure, n_days: float) -> Sample:
    """One measure of counts [replication] over so many days."""
    numerators = {
        "calls": counts["offered"] / n_days,
        "abandoned": counts["gave_up"] + counts["balked"],
        "wait_s": counts["wait_ms"] / 1000,
        "within_20_s": counts["answered_in_time"],
    }[measure.key]
    return Sample(numerators, None if measure.key == "calls" else counts["offered"])


def absent() -> list[str]:
    """Names of the files that the comparison needs and does not find."""
    return [file.name for file in NEEDED if not file.exists()]


def read_january() -> January:
    """The shipped facts."""
    return January(json.loads(JANUARY_JSON.read_text(encoding="utf-8")))


def simulate(seats: str, january: January, replications: int = REPLICATIONS) -> Simulated:
    """Play the month with the seats of one column; the group is named like its column."""
    serves = ", ".join(f"{type_}: 1" for type_ in TYPES)
    renamed = f"agents.{seats}={{serves: {{{serves}}}, positions: {SEATS_CSV}}}"
    sets = [] if seats == "agents" else ["agents.agents=null", renamed]
    scenario = sim.load(SCENARIO, sets)
    assert scenario.spec.horizon.start.weekday() == 0, "weeks are counted from Monday"
    return Simulated(seats, sim.run(scenario, replications=replications), january.days)


# Tables -----------------------------------------------------------------------------------------


def tables(january: January, simulated: list[Simulated]) -> str:
    """How it went by type, and over the day, in Markdown."""
    return "\n".join([*_month(january, simulated), "", *_day(january, simulated)]) + "\n"


def _month(january: January, simulated: list[Simulated]) -> list[str]:
    seats = [f"seats `{one.seats}`" for one in simulated]
    lines = _head("type", "", "January 1999", *seats)
    for type_ in (ALL, *TYPES):
        for measure in MEASURES:
            cells = [_shown(january.went(type_, measure), measure)]
            for one in simulated:
                went = one.went(type_, measure)
                cells.append(f"{_shown(went.value, measure)} ± {_shown(went.half_width, measure)}")
            lines.append(_row(type_, measure.label, *cells))
    return lines


def _day(january: January, simulated: list[Simulated]) -> list[str]:
    names = " / ".join(["January", *(one.seats for one in simulated)])
    lines = _head(f"{SPAN}: {names}", "calls", *(measure.label for measure in MEASURES[1:]))
    courses = [
        [january.course(m), *([estimate(x).value for x in one.course(m)] for one in simulated)]
        for m in MEASURES
    ]
    for half_hour in np.flatnonzero(np.isfinite(courses[0][0])).tolist():
        cells = (
            " / ".join(_shown(course[half_hour], measure) for course in same)
            for measure, same in zip(MEASURES, courses, strict=True)
        )
        lines.append(_row(clock(half_hour), *cells))
    return lines


def _head(*names: str) -> list[str]:
    return [_row(*names), "|---" * len(names) + "|"]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: float, measure: Measure) -> str:
    if measure.unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.1f} s" if measure.unit == "s" else f"{value:.1f}"


# Picture ----------------------------------------------------------------------------------------


def picture(january: January, simulated: list[Simulated]) -> Figure:
    """The course of a day from Sunday to Thursday: January as markers, simulations as lines."""
    run = simulated[0].run
    panels = [_panel(measure, january, simulated) for measure in MEASURES]
    footer = Footer(
        ("bank-1999",), run.seed, run.replications, f"inside the band: {_inside(panels)}"
    )
    band = f"lowest to highest of {run.replications} simulated months; Sunday to Thursday"
    return course_of_day(panels, footer, band=band)


def _inside(panels: list[Panel]) -> str:
    """How many points of January lie inside each of the bands; volume was put in, so has none."""
    counts = []
    for place, course in enumerate(panels[0].courses[1:], start=1):
        pairs = [p._replace(courses=(p.courses[0], p.courses[place])) for p in panels]
        inside, total = inside_band(pairs)
        counts.append(f"{inside} of {total} for {course.name}")
    return ", ".join(counts)


def _panel(measure: Measure, january: January, simulated: list[Simulated]) -> Panel:
    real = january.course(measure)
    courses = [_course(one, measure, np.isfinite(real)) for one in simulated]
    label = "calls in half an hour" if measure.key == "calls" else measure.label
    return Panel(label, measure.unit, (Course("January 1999", real, observed=True), *courses))


def _course(one: Simulated, measure: Measure, by_day: np.ndarray) -> Course:
    """The simulated course in the half hours that January has, with its band."""
    middle, low, high = (np.full(HALF_HOURS, np.nan) for _ in range(3))
    for half_hour, month in enumerate(one.course(measure)):
        if by_day[half_hour]:
            middle[half_hour] = estimate(month).value
            if month.denominators is not None:
                months = np.divide(month.numerators, month.denominators)
                low[half_hour], high[half_hour] = months.min(), months.max()
    name = SEATS[one.seats]
    return Course(name, middle) if measure.key == "calls" else Course(name, middle, low, high)


def main() -> None:
    """Print the tables and save the picture."""
    if absent():
        sys.exit(f"not here: {', '.join(absent())}")
    january = read_january()
    simulated = [simulate(seats, january) for seats in SEATS]
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    file.parent.mkdir(parents=True, exist_ok=True)
    save(picture(january, simulated), file)
    print(tables(january, simulated), end="")


if __name__ == "__main__":
    main()

"""Do lists by interval fill a day or a week, and do issues end?"""

from __future__ import annotations

from collections.abc import Iterator

from sim.core.clock import CELLS_PER_DAY, DAYS_PER_WEEK
from sim.core.errors import Problem
from sim.domain.contacts.resolution import MOST_COMING_BACK
from sim.language.by_interval import single, varies, with_each
from sim.language.node import KeyPath
from sim.scenario.check_names import problem
from sim.scenario.scenario import Scenario


def times_of_day(scenario: Scenario) -> Iterator[Problem]:
    """Means and shares by interval fill a day or a week, and leave some issues solved."""
    found: list[Problem] = []
    for type_, spec in scenario.spec.contacts.items():

        def told(path: KeyPath, values: tuple[float, ...], type_: str = type_) -> float:
            found.extend(wrong_length(scenario, ("contacts", type_, *path), len(values)))
            return 0.0

        with_each(spec, told)
    yield from found or _issues_without_end(scenario)


def wrong_length(scenario: Scenario, path: KeyPath, length: int) -> Iterator[Problem]:
    """A list of so many values, where these fill neither a day nor a week."""
    if length not in _lengths(scenario):
        what = f"{length} values do not fill a day or a week"
        days = "{} for a day or {} for a week".format(*_lengths(scenario))
        yield problem(scenario, path, what, f"give {days}, or change horizon.interval")


def _lengths(scenario: Scenario) -> tuple[int, int]:
    per_day = CELLS_PER_DAY // scenario.spec.horizon.interval_cells
    return per_day, DAYS_PER_WEEK * per_day


def _issues_without_end(scenario: Scenario) -> Iterator[Problem]:
    for type_, spec in scenario.spec.contacts.items():
        profile = spec.volume.profile
        if isinstance(profile, list) and len(profile) not in _lengths(scenario):
            return  # which is told of the profile
        if spec.resolution is None or not varies(spec.resolution):
            continue
        mean = scenario.on_average.spec.contacts[type_].resolution
        assert mean is not None
        if (1 - single(mean.first_contact)) * single(mean.comes_back) > MOST_COMING_BACK:
            what = "over the day next to no issue is solved, and everybody comes back"
            path = ("contacts", type_, "resolution", "first_contact")
            yield problem(scenario, path, what, "raise first_contact, or lower comes_back")

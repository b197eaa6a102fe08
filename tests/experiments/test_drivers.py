"""Numbers that a page may move: the forms tell what the ledger would, to half a cent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.booked_numbers import DISCOUNT, at, numbers_of
from sim.experiments.drivers import CENT, Drivers, drivers_of, sums_of
from sim.experiments.turning_points import booked
from sim.metrics import METRICS
from sim.metrics.periods import first_year
from sim.report.figures.of_comparison import GROUPS
from sim.scenario.load import load
from tests.experiments.test_breakeven import TINY

SHIPPED = Path(__file__).parents[2] / "scenarios"
WORLDS = {
    "demo": (
        "cost-center-baseline",
        "cross-sell-threshold",
        "value-based-offers",
        "cost-cutting",
    ),
    "leads": (
        "direct-sales-line/direct-sales-line",
        "direct-sales-line/direct-sales-line-fewer-sellers",
    ),
    "prices": ("paid-support/free-support", "paid-support/paid-support"),
    "discounts": ("save-desk/cancellation-line", "save-desk/save-desk"),
}
SMALLER = ["horizon.weeks=2", "contacts.*.volume*=0.05"]
CUSTOMERS = "customers.*.count*=0.05"
ALWAYS = {
    "demo": ["agents.generalists.wage", "costs.on_cost", "offers.broadband.margin"],
    "leads": ["costs.overhead", "costs.on_cost"],
    "prices": ["costs.overhead", "costs.fixed"],
    "discounts": ["customers.margin", "agents.generalists.wage"],
}


def world_of(name: str):
    """The runs of a world over four weeks, and their forms."""
    sets = [*SMALLER, *([] if name == "leads" else [CUSTOMERS])]
    scenarios = [load(SHIPPED / f"{one}.yaml", everywhere=sets) for one in WORLDS[name]]
    runs = [sim.run(one, replications=2, workers=1) for one in scenarios]
    return runs, drivers_of(runs, GROUPS)


def changed(run, sets: list[str]):
    """The run booked anew, its files read with numbers at other values."""
    tree = run.scenario.tree
    return booked(load(tree.file, tree.own_sets, [*tree.common_sets, *sets]), run)


def agree(known: Drivers, runs, values: dict[str, float]) -> None:
    """The forms tell each sum of every replication as the ledger does."""
    by_path = {number.path: number for number in (*known.numbers, known.rate) if number}
    sets = [f"{path}={by_path[path].text(x)}" for path, x in values.items()]
    for i, run in enumerate(runs):
        true, told = sums_of(changed(run, sets), GROUPS), known.predict(i, values)
        for name in told._fields if known.has_value else ("contribution", "kept", "lines"):
            gap = np.abs(getattr(true, name) - getattr(told, name)).max(initial=0.0)
            assert gap < CENT, (name, run.scenario.spec.name, sets, gap)


@pytest.mark.parametrize("name", WORLDS)
def test_several_numbers_at_once_are_as_typed_in_the_files(name):
    """Three and five numbers moved at once, of all that may be moved."""
    runs, known = world_of(name)
    paths = [number.path for number in known.numbers]
    assert set(ALWAYS[name]) <= set(paths), paths
    dice = np.random.default_rng(3)
    numbers = [*known.numbers, *([known.rate] if known.rate else [])]
    for n in (3, 5, len(numbers)):
        chosen = dice.choice(len(numbers), size=min(n, len(numbers)), replace=False)
        moved = [numbers[i] for i in chosen]
        agree(
            known,
            runs,
            {m.path: float(f"{m.low + (m.high - m.low) * dice.random():.6g}") for m in moved},
        )


LONG = {
    **TINY,
    "name": "long",
    "horizon": {"weeks": 60, "start": "2027-01-04"},
    "contacts": {"service": {"volume": "100 per week", "handle": "348 s"}},
    "finance": {"fiscal_year_start": 4, "price_drift": "2% per year"},
    "initiatives": {"bot": {"from_week": 9, "invest": "9k", "run_cost": "900 per month",
                            "set": {"offers": {"broadband": {"price": 150}}}}},
}  # fmt: skip


def test_spans_and_what_initiatives_set(scenario_of):
    """First year, pace and whole are those of the metrics; what a patch sets is no slider."""
    runs = [sim.run(scenario_of(LONG), replications=2, workers=1)]
    known = drivers_of(runs, GROUPS)
    paths = [number.path for number in known.numbers]
    assert "initiatives.bot.invest" in paths
    assert "offers.broadband.price" not in paths
    facts = runs[0].facts
    typed = known.predict(0, {}).contribution
    for span, told in (
        (0, METRICS["contribution"].measure(first_year(facts))),
        (1, runs[0].pace["contribution"]),
        (2, METRICS["contribution"].measure(facts)),
    ):
        assert typed[:, span] == pytest.approx(np.asarray(told.numerators), abs=CENT)
    agree(known, runs, {"initiatives.bot.invest": 20.0, "agents.line.wage": 25.0})


def test_every_line_of_the_ledger():
    """Drift, what is paid monthly, rewards, downgrades, severance: all numbers moved at once."""
    file = Path(__file__).parents[1] / "recount" / "every_line.yaml"
    runs = [sim.run(load(file, (), ["horizon.weeks=60"]), replications=1, workers=1)]
    known = drivers_of(runs, GROUPS)
    assert len(known.numbers) > 30
    agree(known, runs, {n.path: n.two[1] * 0.7 + n.now * 0.3 for n in known.numbers})


@pytest.mark.parametrize(
    ("more", "moves_play"),
    [
        ({"offer": "always"}, []),
        ({"offer": "expected-value"}, ["margin", "price", "incremental", "commission"]),
        ({"offer": "always", "conduct": {"over_offer": "20%"}}, ["commission"]),
        ({"offer": "always", "contract": "52 wk"}, ["incremental"]),
    ],
)
def test_what_changes_play_is_not_offered(scenario_of, more, moves_play):
    """A number that the engine would read is no slider, whatever else it is."""
    offers = {"broadband": {**TINY["offers"]["broadband"], **more}}
    run = sim.run(scenario_of({**TINY, "offers": offers}), replications=2, workers=1)
    paths = {number.path for number in numbers_of([run])}
    for key in ("price", "margin", "commission", "incremental"):
        assert (f"offers.broadband.{key}" in paths) == (key not in moves_play), key
    assert (DISCOUNT in paths) == ("margin" not in moves_play)


def test_numbers_are_told_as_people_type_them(scenario_of):
    """Shares in percent, durations in hours or minutes, whatever was typed; money as it was."""
    product = TINY["offers"]["broadband"] | {"preparation": "5400 s", "incremental": 0.29}
    typed = {**TINY, "offers": {"broadband": product}}
    typed["costs"] = {"on_cost": 0.3, "overtime": 1.25, "class_weeks": 1}
    scenario = scenario_of(
        typed, "finance.discount_rate=.07 per year", "agents.line.wage=20 per hour"
    )
    found = {n.path: n for n in numbers_of([sim.run(scenario, replications=1, workers=1)])}
    told = {path: number.text(number.now) for path, number in found.items()}
    for path, text in {
        "offers.broadband.incremental": "29%", "offers.broadband.preparation": "90 min",
        "costs.on_cost": "30%", "costs.overtime": "125%", "costs.class_weeks": "1",
        DISCOUNT: "7% per year", "agents.line.wage": "20 per hour",
    }.items():  # fmt: skip
        assert told[path] == text
    same = scenario_of(typed, *(f"{path}={text}" for path, text in told.items()), name="same.yaml")
    for path, number in found.items():
        values = [one.spec for one in (scenario, same)]
        for key in number.keys:
            values = [v[key] if isinstance(v, dict) else getattr(v, key) for v in values]
        assert values[0] == values[1], path


def test_played_anew_nothing_is_counted_otherwise(scenario_of):
    """All numbers on offer, moved at once and played again, change no count."""
    run = sim.run(scenario_of(TINY), replications=1, workers=1)
    point = {number: number.two[1] for number in numbers_of([run])}
    again = sim.run(at(run, point), replications=1, workers=1)
    for one, two in zip(run.tally, again.tally, strict=True):
        assert np.asarray(one).tobytes() == np.asarray(two).tobytes()


def test_a_number_that_differs_between_scenarios_is_not_offered(scenario_of):
    """Else `--set` would mean something else than the slider."""
    runs = [
        sim.run(scenario_of(TINY, *sets, name=f"{i}.yaml"), replications=1, workers=1)
        for i, sets in enumerate([[], ["agents.line.wage=30 per hour"]])
    ]
    paths = {number.path for number in numbers_of(runs)}
    assert "agents.line.wage" not in paths
    assert "agents.line.wage" in drivers_of(runs, GROUPS).to_play
    assert "costs.overhead" in paths

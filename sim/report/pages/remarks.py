"""What a reader must know before believing a run."""

from __future__ import annotations

from sim.experiments.judging import CONTAINS
from sim.report.pages.first_look import told_too_early
from sim.report.pages.today import gaps
from sim.runs.run import Run
from sim.scenario.check_initiatives import not_reached
from sim.scenario.hints import said_of
from sim.scenario.scenario import Scenario

MOST_OVERTIME = 0.20
"""Of the time on duty: more than any center would have its people stay."""


def remarks(run: Run) -> list[str]:
    """What a reader must know before believing a run."""
    return [*_beside_today(run), *remarks_of_play(run)]


def far_from_today(run: Run) -> list[str]:
    """Names of today's figures from which the simulation is far."""
    return [gap.name for gap in gaps(run) if gap.is_large]


def _beside_today(run: Run) -> list[str]:
    """Remarks on a simulation that is far from today's figures."""
    found, spec = [], run.scenario.spec
    large = far_from_today(run)
    if large:
        found.append(
            f"the simulation is far from today's {', '.join(large)}: correct the scenario before"
            " trusting its what-ifs, unless it is itself one"
            + (", or this one replication is an odd one" if run.replications == 1 else "")
        )
    if spec.initiatives and gaps(run):
        found.append(
            "today's figures stand beside a center that steps or initiatives have changed since"
        )
    return found


def remarks_of_play(run: Run) -> list[str]:
    """Remarks on the run itself: what it cannot show, what its horizon does not reach."""
    found = told_too_early(run.scenario) + not_reached(run.scenario.spec)
    found += said_of(run.scenario) + _prices(run) + _bots(run) + _overtime(run)
    contacts = run.tally.contacts
    inside = contacts["open"].sum(axis=(1, 2)).mean()
    if inside > 0.001 * max(1.0, contacts["offered"].sum(axis=(1, 2)).mean()):
        found.append(
            f"the queue did not drain: {inside:,.0f} contacts were still waiting at the end"
        )
    return found


def _prices(run: Run) -> list[str]:
    """A remark on contact types with a price, as the model lets nobody react to it."""
    paid = [name for name, spec in run.scenario.spec.contacts.items() if spec.price]
    what = "a price has no effect on how many come, wait or call again: move volume yourself"
    return [f"{', '.join(paid)}: {what}"] if paid else []


def _overtime(run: Run) -> list[str]:
    """A remark where agents work on after closing for longer than any would."""
    scheduled, overtime = (
        float(run.tally.time[name].sum()) for name in ("scheduled_ms", "overtime_ms")
    )
    if overtime <= MOST_OVERTIME * scheduled:
        return []
    return [
        f"overtime is {overtime / scheduled:.0%} of the time on duty: whoever waits at closing is"
        " still served, however late it gets, so the center has more seats than were typed"
    ]


def _bots(run: Run) -> list[str]:
    """Whether customers are told that they speak with a machine: it changes nothing else."""
    told = []
    for name, spec in run.scenario.at_the_end.spec.contacts.items():
        bot = spec.self_service
        if bot and bot.eligible:
            says = "customers are told" if bot.disclosed else "nobody is told"
            told.append(f"{name}: {says} that a machine answers first; that alone changes nothing")
    return told


def length_text(scenario: Scenario) -> str:
    """How long the horizon is: `4 weeks`, or `52 weeks with 10 closed days`."""
    horizon = scenario.spec.horizon
    n, unit = (horizon.days, "day") if horizon.days else (horizon.n_weeks, "week")
    return f"{n} {unit}{'' if n == 1 else 's'}{_closed_days(scenario)}"


def _closed_days(scenario: Scenario) -> str:
    """The days closed by date: ` with 10 closed days`, of which types where these differ."""
    days = {type_: int(scenario.closed_days(type_).sum()) for type_ in scenario.types}
    told = [
        f"{n} closed day{'' if n == 1 else 's'}{f' of {t}' if len(days) > 1 else ''}"
        for t, n in days.items()
        if n
    ]
    of_all = scenario.spec.closed or []
    if all(scenario.dates_closed(type_) == of_all for type_ in scenario.types):
        told = [one.partition(" of ")[0] for one in told[:1]]
    return f" with {' and '.join(told)}" if told else ""


def played_text(run: Run) -> str:
    """How runs were played: `4 weeks, 5 replications, seed 7, paired 95 % intervals (…)`."""
    count = f"{run.replications} replication{'' if run.replications == 1 else 's'}"
    intervals = f", paired 95 % intervals ({CONTAINS})" if run.replications > 1 else ""
    return f"{length_text(run.scenario)}, {count}, seed {run.seed}{intervals}"

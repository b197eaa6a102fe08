"""Both engines leave the same tables, to the bit, in worlds full of ties, and obey every law."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from sim.core.tables import CLOSED, WITHDRAWN
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play

from .laws import History, check_laws
from .occurrences import ALL, CAME_BACK, CARRIED, OF_BOTS, PHASES, occurred, of_bots
from .random_worlds import quietly, random_worlds
from .sums import assert_every_issue_is_somewhere, check_sums
from .times_of_day import VARIED, check_times_of_day
from .worlds import (
    ENGINES,
    assert_same_end,
    assert_same_people,
    assert_same_rows,
    assert_same_tally,
    in_order,
    loaded,
    play_cut,
)


def assert_same_spans(ref_spans, comp_spans):
    """Every span's contacts are the same, row by row in the order of names."""
    assert len(ref_spans) == len(comp_spans)
    for i, (ref, comp) in enumerate(zip(ref_spans, comp_spans, strict=True)):
        assert_same_rows(in_order(ref), in_order(comp), f"span {i}")


def assert_same_carry(ref, comp, what):
    """The same contacts, seats and groups cross to the next span."""
    assert_same_rows(in_order(ref.contacts), in_order(comp.contacts), f"{what}: contacts")
    assert_same_rows(ref.seats, comp.seats, f"{what}: seats")
    assert_same_rows(ref.groups, comp.groups, f"{what}: groups")


def hold_on_cut_days(folder, examples, lucky_number):
    """Check days cut at random; returns how often everything occurred.

    Both engines leave the same, a day in pieces leaves what the same day in one piece does, every
    law of the center is obeyed, and every sum is that of the tables.
    """
    found: Counter = Counter()

    @quietly(examples)
    @seed(lucky_number)
    @given(random_worlds(), st.sampled_from(ENGINES))
    def each(case, engine):
        scenario = loaded(folder, case.world)
        ref, comp = (
            play_cut(scenario, engine, case.cuts, seed=case.seed)
            for engine in ("reference", "compiled")
        )
        assert_same_spans(ref.spans, comp.spans)
        for i, (ref_carry, comp_carry) in enumerate(zip(ref.carries, comp.carries, strict=True)):
            assert_same_carry(ref_carry, comp_carry, f"carry {i}")
        assert (ref.overtime_ms == comp.overtime_ms).all()
        assert_same_tally(ref.tally, comp.tally)
        assert_same_people(ref.people, comp.people)
        assert_same_end(play_cut(scenario, engine, seed=case.seed), comp)
        history = History(scenario, comp)
        check_laws(history)
        check_sums(history)
        found.update(occurred(scenario, comp))
        factor = comp.plans[-1].handling.factor
        found.update(check_times_of_day(scenario, comp.contacts, factor))
        found["contacts"] += len(comp.contacts)
        found["worlds"] += 1

    each()
    return found


def agree_on_weeks(folder, examples, worlds=None):
    """Compare both engines on two weeks in which customers leave and join."""
    found: Counter = Counter()

    @quietly(examples)
    @given(random_worlds(weekly=True) if worlds is None else worlds)
    def each(case):
        planner = Planner(loaded(folder, case.world), UNANCHORED)
        ref, comp = (
            play(planner, case.seed, 3, engine=engine, keep_contacts=True)
            for engine in ("reference", "compiled")
        )
        assert_same_spans(ref.contacts, comp.contacts)
        assert_same_carry(ref.carry, comp.carry, "the end")
        assert_same_tally(ref.tally, comp.tally)
        assert_same_people(ref.people, comp.people)
        found["withdrawn"] += int(ref.contacts[-1].outcome.tolist().count(WITHDRAWN))
        found["customers who left"] += int((ref.people.rows.left_week >= 0).sum())
        found["customers who joined"] += int((ref.people.rows.joined_week > 0).sum())
        found["calls of joiners"] += int(
            sum(ref.people.rows.joined_week[c] > 0 for c in ref.contacts[-1].customer if c >= 0)
        )
        counts = ref.tally.customers
        found.update({name: int(counts[name].sum()) for name in counts.dtype.names})
        carried = ref.contacts[-2][ref.contacts[-2].phase != CLOSED].phase.tolist()
        found.update({f"carried: {name}": carried.count(phase) for phase, name in PHASES.items()})
        closed = [span[span.phase == CLOSED] for span in ref.contacts]
        found.update(of_bots(np.concatenate(closed).view(np.recarray)))
        every = np.concatenate([*closed, ref.carry.contacts]).view(np.recarray)
        assert_every_issue_is_somewhere(ref.tally, every)
        found["contacts"] += sum(map(len, ref.contacts))
        found["worlds"] += 1

    each()
    return found


RARE = [
    "tie: freed, due again", "second leg gave up", "second leg carried waiting",
    "second leg carried in the offer", "lead withdrawn", "lead and arrival at one moment",
]  # fmt: skip
OF_CUSTOMERS = ["withdrawn", "customers who left", "customers who joined", "calls of joiners"]
OF_CUSTOMERS += ["announced", "lost_at_desk"]
KEPT = ["saved", "withdrew"]


def assert_all_occurred(found, names):
    """Print the counts, for who runs this with -s; then nothing may be missing."""
    for name in ["worlds", *names]:
        print(f"{found[name]:8d}  {name}")
    missing = [name for name in names if not found[name]]
    assert not missing
    assert found["contacts"] > 10 * found["worlds"]


def test_days(tmp_path):
    """Ninety days, in which nearly everything occurs."""
    assert_all_occurred(
        hold_on_cut_days(tmp_path, 90, 1), [name for name in [*ALL, *VARIED] if name not in RARE]
    )


@pytest.mark.slow
@pytest.mark.parametrize("lucky_number", [2, 3])
def test_many_days(tmp_path, lucky_number):
    """Twice 470 days, so a thousand in all; in each 470 everything occurs."""
    assert_all_occurred(hold_on_cut_days(tmp_path, 470, lucky_number), ALL)


@pytest.mark.slow
def test_many_weeks(tmp_path):
    """Two hundred times two weeks, in which customers leave with contacts still due."""
    assert_all_occurred(
        agree_on_weeks(tmp_path, 200),
        [*OF_CUSTOMERS, *KEPT, *CARRIED, *OF_BOTS.values(), CAME_BACK],
    )

"""Messages in random worlds of all channels: the engines agree, and rounds add up."""

from collections import Counter

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from sim.core.moments import FIRST_LEG
from sim.core.tables import AWAY, CLOSED, NOT_YET, WAITING

from .random_worlds import on_grid, quietly, random_worlds
from .sums import assert_every_issue_is_somewhere
from .test_agreement import agree_on_weeks, assert_same_carry, assert_same_spans
from .test_channels import CONCURRENCY, contacts_add_up, open_chats, worlds_with_channels
from .transfers import drop_idle_experts
from .worlds import (
    assert_same_end,
    assert_same_people,
    assert_same_rows,
    assert_same_tally,
    constant,
    each,
    loaded,
    minutes,
    play_cut,
)

MESSAGING = st.fixed_dictionaries(
    {
        "rounds": st.integers(1, 4),
        "answers_after": on_grid(1, 6).map(constant),
        "reads": on_grid(0, 1).map(minutes),
        "usual_wait": st.just("20 min"),
    }
)
NO_CALL = ("callback", "deferred", "silent", "transfer")


@st.composite
def worlds_with_messages(draw, *, weekly=False):
    """A random world of which the first type is messages, beside any others."""
    case = draw(worlds_with_channels(weekly=weekly))
    name = next(iter(case.world["contacts"]))
    spec = case.world["contacts"][name]
    patience = spec["patience"]
    for key in NO_CALL:
        spec.pop(key, None)
    spec |= {"channel": "messaging", "hold": "none", "messaging": draw(MESSAGING)}
    spec |= {"concurrency": draw(CONCURRENCY), "patience": patience}
    drop_idle_experts(case.world)
    return case


def hold_with_messages(folder, examples, lucky_number=1):
    n: Counter = Counter()

    @quietly(examples)
    @seed(lucky_number)
    @given(worlds_with_messages())
    def one(case):
        scenario = loaded(folder, case.world)
        ref, comp = (
            play_cut(scenario, engine, case.cuts, seed=case.seed)
            for engine in ("reference", "compiled")
        )
        assert_same_spans(ref.spans, comp.spans)
        for i, (r, c) in enumerate(zip(ref.carries, comp.carries, strict=True)):
            assert_same_carry(r, c, f"carry {i}")
            assert open_chats(r) == open_chats(c), f"desks {i}"
            rows = c.contacts[c.contacts.type == 0]
            n["carried away"] += int((rows.phase == AWAY).sum())
            later = (rows.phase == WAITING) & (rows.answered_ms != NOT_YET)
            n["carried waiting again"] += int(later.sum())
        assert (ref.overtime_ms == comp.overtime_ms).all()
        assert_same_tally(ref.tally, comp.tally)
        assert_same_people(ref.people, comp.people)
        assert_same_end(play_cut(scenario, "compiled", seed=case.seed), comp)
        assert_every_issue_is_somewhere(comp.tally, comp.contacts)
        contacts_add_up(comp, n)
        rounds_add_up(scenario, comp, n)
        n["worlds"] += 1

    one()
    return n


def rounds_add_up(scenario, played, n):
    """All rounds are done, with as many answers of hers between them, and nothing before her."""
    spec = scenario.spec.contacts[scenario.types[0]]
    away_ms = round((spec.messaging.rounds - 1) * spec.messaging.answers_after.mean * 1000)
    rows = played.contacts
    for c in each(rows[(rows.type == 0) & (rows.leg == FIRST_LEG) & (rows.answered_ms != NOT_YET)]):
        assert 0 <= c.rounds < spec.messaging.rounds
        n["conversations"] += 1
        n["waited again"] += c.waited_ms > 0
        if c.phase != CLOSED:
            continue
        assert c.rounds == 0
        lasted_ms = c.until_ms - c.answered_ms
        work_ms = c.talk_ms + c.offer_ms + c.wrap_up_ms
        assert lasted_ms >= work_ms + away_ms
        n["over"] += 1


def test_days_with_messages(tmp_path):
    n = hold_with_messages(tmp_path, 50)
    print(dict(n))
    for name in ("carried away", "carried waiting again", "waited again"):
        assert n[name], name
    assert n["over"] > n["worlds"]


@pytest.mark.slow
def test_many_days_with_messages(tmp_path):
    n = hold_with_messages(tmp_path, 100, 2)
    assert n["over"] > n["worlds"]


@pytest.mark.slow
def test_weeks_with_messages(tmp_path):
    """Two weeks, played one by one by both engines, in which customers leave and join."""
    found = agree_on_weeks(tmp_path, 30, worlds_with_messages(weekly=True))
    assert found["customers who left"] and found["carried: talking"]


def test_one_round_is_a_chat(tmp_path):
    """With the same patience every contact is the same, to the bit."""
    n = Counter()

    @quietly(25)
    @given(random_worlds(), CONCURRENCY)
    def one(case, concurrency):
        def played(how):
            contacts = {
                name: spec | {"hold": "none", "concurrency": concurrency} | how
                for name, spec in case.world["contacts"].items()
            }
            what = case.world | {"contacts": contacts}
            return play_cut(loaded(tmp_path, what), "compiled", case.cuts, seed=case.seed)

        chats = played({"channel": "chat", "silent": "none"})
        messages = played({"channel": "messaging", "messaging": {"rounds": 1}})
        for rows in (chats.contacts, messages.contacts):  # the waits are felt in another way
            rows.waited_ms, rows.beyond = 0, 0
        assert_same_rows(chats.contacts, messages.contacts, "contacts")
        assert (chats.overtime_ms == messages.overtime_ms).all()
        n["contacts"] += len(chats.contacts)

    one()
    assert n["contacts"] > 100

"""Every channel in random worlds: the engines agree, work is done once, desks add up."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG, WINDOW_LEG
from sim.core.tables import (
    BALKED,
    BLOCKED,
    CLOSED,
    GAVE_UP,
    NOBODY,
    NOT_YET,
    PUT_ASIDE,
    TALKING,
)

from .laws import asked_again_ms
from .occurrences import listed_calls
from .random_worlds import on_grid, quietly, random_worlds
from .sums import assert_every_issue_is_somewhere
from .test_agreement import agree_on_weeks, assert_same_carry, assert_same_spans
from .transfers import drop_idle_experts, hand_on_to_specialists, handed_on_are_once
from .worlds import (
    assert_same_end,
    assert_same_people,
    assert_same_rows,
    assert_same_tally,
    each,
    loaded,
    minutes,
    play_cut,
)

CONCURRENCY = st.one_of(
    st.fixed_dictionaries(
        {
            "most": st.integers(1, 3),
            "slowdown": st.sampled_from([0.0, 0.35, 1.0]),
            "fixed": st.booleans(),
            "solves_less": st.sampled_from([0.0, 0.2]),
        }
    ),
    st.just({"most": 2, "speeds": [1, 0.5]}),
    st.just({"most": 3, "speeds": [1, 0.6, 0.45]}),
)
SILENT = st.sampled_from(["none", *[{"share": 0.9, "wasted": "5 min"}] * 2])
ALONE = {"channel": "chat", "concurrency": {"most": 1, "slowdown": 0}, "silent": "none"}


# Often so that an email is begun, and put aside: else few worlds show it.
DEFERRED = st.fixed_dictionaries(
    {
        "reserve": st.sampled_from([0, 0, 1, 2]),
        "interruptible": st.sampled_from([True, True, False]),
        "usual_wait": st.just("20 min"),
    }
)
CALLBACK = st.fixed_dictionaries(
    {
        "above": on_grid(0, 2).map(minutes),
        "accepted": st.sampled_from([0.5, 1.0]),
        "reached": st.sampled_from([0.0, 0.5, 1.0]),
        "attempts": st.integers(1, 3),
        "ring": st.just("5 min"),
        "retry": on_grid(1, 4).map(minutes),
    }
)
OF_EMAIL = {"patience": "none", "balk": 0.0, "redial": "none", "hold": "none"}


@st.composite
def worlds_with_channels(draw, *, weekly=False):
    """A random world of which at least one type is no call."""
    case = draw(random_worlds(weekly=weekly))
    names, types = zip(*case.world["contacts"].items(), strict=True)
    channel = st.sampled_from(["voice", "chat", "email"])
    channels = draw(st.lists(channel, min_size=len(types), max_size=len(types)))
    channels[draw(st.integers(0, len(types) - 1))] = draw(st.sampled_from(["chat", "email"]))
    for name, spec, channel in zip(names, types, channels, strict=True):
        spec["channel"] = channel
        if channel == "chat":
            spec |= {"concurrency": draw(CONCURRENCY), "silent": draw(SILENT)}
        elif channel == "voice" and draw(st.booleans()):
            spec["callback"] = draw(CALLBACK)
        elif channel == "email":
            spec |= OF_EMAIL | {"deferred": draw(DEFERRED)}
            open_at_once(case.world["agents"], name)
        if channel != "email" and draw(st.booleans()):
            hand_on_to_specialists(draw, case.world["agents"], name, spec)
    drop_idle_experts(case.world)
    return case


def open_at_once(agents, type_):
    """Emails wait for every group alike: no group takes them only after a while."""
    for group in agents.values():
        if isinstance(group["serves"], dict) and type_ in group["serves"]:
            group["serves"][type_] |= {"after": "0 s"}


def open_chats(carry):
    """What is at each desk, with contacts by their names."""
    width = max(1, len(carry.places) // max(1, len(carry.seats)))
    rows = carry.contacts
    return {
        (
            i // width,
            *(int(rows[p.contact][k]) for k in ("name", "attempt", "leg")),
            *p.tolist()[1:],
        )
        for i, p in enumerate(carry.places)
        if p.contact != NOBODY
    }


def chats_of(scenario, played):
    """Contacts of which an agent may have several at once, taken by an agent."""
    is_chat = np.array([spec.channel == "chat" for spec in scenario.spec.contacts.values()])
    rows = played.contacts
    return rows[is_chat[rows.type] & (rows.leg != CALL_LEG) & (rows.answered_ms != NOT_YET)]


def over_ms(chat, end_ms):
    """When its agent was done with a chat, or the end of the play."""
    return chat.until_ms if chat.phase == CLOSED else end_ms


def check_chats(scenario, played, n):
    """At each desk: never too many, never beside a call; each does its work; the time adds up."""
    first = played.plans[0].demand.first_cell * 900_000
    end_ms = first + played.overtime_ms.shape[1] * 900_000
    chats = each(chats_of(scenario, played))
    specs = [spec.concurrency for spec in scenario.spec.contacts.values()]
    is_call = np.array([spec.channel == "voice" for spec in scenario.spec.contacts.values()])
    rows = played.contacts
    calls = rows[(rows.answered_ms != NOT_YET) & (is_call[rows.type] | (rows.leg == CALL_LEG))]
    by_seat: dict[int, list] = {}
    for chat in chats:
        by_seat.setdefault(chat.seat, []).append(chat)
    total_ms = busy_ms = 0
    for seat, here in by_seat.items():
        others = each(calls[calls.seat == seat])
        edges = sorted({c.answered_ms for c in here} | {over_ms(c, end_ms) for c in here})
        done = dict.fromkeys(range(len(here)), 0)
        began: dict[int, float] = {}
        for start, stop in pairwise(edges):
            is_open = [i for i, c in enumerate(here) if c.answered_ms <= start < over_ms(c, end_ms)]
            if not is_open:
                continue
            k = len(is_open)
            n["beside another"] += k > 1
            assert k <= min(specs[here[i].type].most for i in is_open)
            from_ms, to_ms = max(start, 0), max(stop, 0)  # what passes in a warm-up is not counted
            total_ms, busy_ms = total_ms + k * (to_ms - from_ms), busy_ms + to_ms - from_ms
            for i in is_open:
                spec = specs[here[i].type]
                speed = began.setdefault(i, spec.speed(k)) if spec.fixed else spec.speed(k)
                done[i] += (stop - start) * round(speed * 1e6)
            for other in others:
                until_ms = other.until_ms if other.phase == CLOSED else end_ms
                assert not (other.answered_ms < stop and start < until_ms), "beside a call"
        for i, chat in enumerate(here):
            began_with = [c for c in here if c.answered_ms == chat.answered_ms]
            if specs[chat.type].fixed and len(began_with) > 1:
                continue  # the tables do not say which of them was alone
            if chat.phase == CLOSED and chat.leg == WINDOW_LEG:
                n["windows"] += 1
                wasted = scenario.spec.contacts[scenario.types[chat.type]].silent.wasted
                assert wasted * 1e9 <= done[i] < (wasted * 1e3 + 1) * 1e6
    assert played.tally.time["chats_ms"].sum() == total_ms
    assert played.tally.time["in_chats_ms"].sum() == busy_ms
    n["second legs"] += sum(c.leg == SECOND_LEG for c in chats)
    n["chats"] += len(chats)


def emails_are_done_once(scenario, played, n):
    """Whatever was put aside, its work is what was typed, and nobody gives one up."""
    listed = listed_calls(scenario)
    specs = list(scenario.spec.contacts.values())
    for c in each(played.contacts):
        if specs[c.type].channel != "email" or c.leg != FIRST_LEG:
            continue
        n["emails"] += 1
        assert c.outcome not in (GAVE_UP, BALKED, BLOCKED)
        if c.phase != CLOSED or c.answered_ms == NOT_YET:
            continue
        n["put aside and done"] += c.left_ms > c.answered_ms + c.talk_ms + c.offer_ms
        if c.listed >= 0 and listed[c.listed].talk is not None:
            assert c.talk_ms == round(listed[c.listed].talk * 1000) + asked_again_ms(
                specs[c.type], c
            )


def contacts_add_up(played, n):
    """Whoever came was answered, gave up, was blocked, balked, was never reached, or is open."""
    counts = played.tally.contacts[0]
    ended = ("answered", "gave_up", "blocked", "balked", "not_reached", "open")
    assert (counts["offered"] == sum(counts[name] for name in ended)).all()
    for name in ("called_back", "not_reached"):
        n[name.replace("_", " ")] += int(counts[name].sum())


def windows_follow_who_gave_up(scenario, played):
    """Each was left by a first contact that gave up, at that moment, and keeps its place."""
    rows = played.contacts
    gone = {
        (c.name, c.attempt): c for c in each(rows[rows.outcome == GAVE_UP]) if c.leg == FIRST_LEG
    }
    for c in each(rows[rows.leg == WINDOW_LEG]):
        left = gone[c.name, c.attempt]
        assert c.attempt == 1
        assert (c.arrived_ms, c.joined_ms) == (left.left_ms, left.joined_ms)
        assert scenario.spec.contacts[scenario.types[c.type]].silent is not None


def hold_with_channels(folder, examples, lucky_number=1):
    n: Counter = Counter()

    @quietly(examples)
    @seed(lucky_number)
    @given(worlds_with_channels())
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
            n["carried"] += len(open_chats(c)) if i < len(ref.carries) - 1 else 0
        assert (ref.overtime_ms == comp.overtime_ms).all()
        assert_same_tally(ref.tally, comp.tally)
        assert_same_people(ref.people, comp.people)
        whole = play_cut(scenario, "compiled", seed=case.seed)
        assert_same_end(whole, comp)
        assert open_chats(whole.carries[-1]) == open_chats(comp.carries[-1])
        check_chats(scenario, comp, n)
        windows_follow_who_gave_up(scenario, comp)
        assert_every_issue_is_somewhere(comp.tally, comp.contacts)
        emails_are_done_once(scenario, comp, n)
        contacts_add_up(comp, n)
        handed_on_are_once(comp, n)
        phases = np.concatenate([carry.contacts.phase for carry in comp.carries])
        n["carried aside"] += int((phases == PUT_ASIDE).sum())
        n["worlds"] += 1
        n["still talking"] += int((comp.carries[-1].contacts.phase == TALKING).sum())

    one()
    return n


def test_days_with_all_channels(tmp_path):
    n = hold_with_channels(tmp_path, 60)
    print(dict(n))
    occurs = ("beside another", "windows", "carried", "chats", "emails", "put aside and done")
    for name in (*occurs, "called back", "not reached", "solved by specialists"):
        assert n[name], name
    assert n["chats"] + n["emails"] > 5 * n["worlds"]


@pytest.mark.slow
def test_many_days_with_all_channels(tmp_path):
    n = hold_with_channels(tmp_path, 160, 2)
    print(dict(n))
    assert n["beside another"] > n["worlds"]
    assert n["second legs"] and n["carried aside"]


@pytest.mark.slow
def test_weeks_with_all_channels(tmp_path):
    """Two weeks, played one by one by both engines, in which customers leave and join."""
    found = agree_on_weeks(tmp_path, 40, worlds_with_channels(weekly=True))
    assert found["customers who left"] and found["carried: talking"]


def test_one_chat_at_a_time_is_a_call(tmp_path):
    """With one place, full speed and nobody silent: to the bit, but for what is counted of desks."""
    n = Counter()

    @quietly(25)
    @given(random_worlds())
    def one(case):
        voice = {key: value for key, value in case.world.items() if key != "lines"}
        contacts = {name: spec | ALONE for name, spec in voice["contacts"].items()}
        called = play_cut(loaded(tmp_path, voice), "compiled", case.cuts, seed=case.seed)
        chatted = play_cut(
            loaded(tmp_path, voice | {"contacts": contacts}), "compiled", case.cuts, seed=case.seed
        )
        assert_same_rows(called.contacts, chatted.contacts, "contacts")
        assert (called.overtime_ms == chatted.overtime_ms).all()
        assert_same_people(called.people, chatted.people)
        time = chatted.tally.time.copy()
        n["minutes in chats"] += int(time["in_chats_ms"].sum()) // 60_000
        assert (time["chats_ms"] == time["in_chats_ms"]).all()
        for name in ("chats_ms", "in_chats_ms", "off_the_line_ms"):
            time[name] = 0
        assert_same_tally(called.tally, chatted.tally._replace(time=time))

    one()
    assert n["minutes in chats"]

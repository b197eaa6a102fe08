"""Laws that every play obeys, checked on its tables without knowing how an engine works.

`History` holds every contact of a play with the plan; `t` is a moment, and "after t" means when
everything of that millisecond has happened.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG
from sim.core.tables import (
    ANSWERED,
    ASKED_FOR_HUMAN,
    BALKED,
    BLOCKED,
    CLAIMED_BY_BOT,
    CLOSED,
    DUE_LATER,
    ESCALATED,
    EXPIRED,
    GAVE_UP,
    KEPT_BY_BOT,
    NO_BOT,
    NOBODY,
    NOT_REACHED,
    NOT_YET,
    OFFERING,
    OPEN,
    PUT_BY,
    REACHED,
    RINGING,
    SOLVED_BY_BOT,
    TALKING,
    WAITING,
    WITH_BOT,
    WITHDRAWN,
    WRAPPING,
)
from sim.domain.offers.offers import is_returned
from sim.domain.offers.policies import PolicySpec
from sim.scenario.scenario import Scenario

from .occurrences import listed_calls, patience_ms
from .worlds import CELL_MS, Played, each


class History:
    """Every contact of a play, who waited when, and who was busy when."""

    def __init__(self, scenario: Scenario, played: Played) -> None:
        self.scenario, self.played = scenario, played
        self._busy: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._opens: dict[int, np.ndarray] = {}
        self.plan = played.plans[-1]
        self.cells = self.plan.levels.level.shape[1]  # of a week, or of all weeks
        self.first_ms = played.plans[0].demand.first_cell * CELL_MS
        self.end_ms = self.first_ms + played.overtime_ms.shape[1] * CELL_MS
        rows = played.contacts
        self.contacts = rows
        is_here = (rows.arrived_ms != NOT_YET) & (rows.outcome != WITHDRAWN)
        is_here &= rows.outcome != KEPT_BY_BOT  # no agent ever saw it
        self.arrived = rows[is_here & (rows.leg != CALL_LEG)]
        self.taken = rows[rows.answered_ms != NOT_YET]
        self.leads = rows[rows.leg == CALL_LEG]
        self.waited = self.arrived[~np.isin(self.arrived.outcome, [BLOCKED, BALKED])]
        self.waited_until = np.select(
            [self.waited.outcome == ANSWERED, self.waited.outcome == GAVE_UP],
            [self.waited.answered_ms, self.waited.left_ms],
            self.end_ms,
        )

    @cached_property
    def busy_until(self) -> np.ndarray:
        """When the agent of each contact taken is free again; the end of the play if later."""
        until = sum(
            self.taken[f"{part}_ms"] for part in ("answered", "talk", "hold", "offer", "wrap_up")
        )
        return np.where(self.taken.phase == CLOSED, until, self.end_ms)

    def busy_after(self, group: int, t: int) -> int:
        """Agents of a group who are not free after t."""
        answered_ms, busy_until = self._busy_of(group)
        return int(((answered_ms <= t) & (t < busy_until)).sum())

    def busy_before(self, group: int, t: int) -> int:
        """Agents of a group who are not free before anything happens at t."""
        answered_ms, busy_until = self._busy_of(group)
        return int(((answered_ms < t) & (t <= busy_until)).sum())

    def _busy_of(self, group: int) -> tuple[np.ndarray, np.ndarray]:
        """From when and until when agents of a group are busy."""
        if group not in self._busy:
            mine = self.taken.group == group
            self._busy[group] = self.taken.answered_ms[mine], self.busy_until[mine]
        return self._busy[group]

    def level(self, group: int, t: int) -> int:
        """Seats on duty by the plan."""
        return int(self.plan.levels.level[group, t // CELL_MS % self.cells])

    def is_closed(self, group: int, t: int) -> bool:
        """Whether no type that the group serves is open."""
        return bool(self.plan.levels.closed[group, t // CELL_MS % self.cells])

    def opens_ms(self, group: int) -> np.ndarray:
        """When each of those who waited becomes open to the group; never if it does not serve."""
        if group not in self._opens:
            routing = self.plan.routing
            after_ms = self.waited.joined_ms + routing.after_ms[group, self.waited.queue]
            serves = (routing.groups_of[self.waited.queue] == group).any(axis=1)
            opens = np.where(serves, np.maximum(after_ms, self.waited.arrived_ms), 1 << 62)
            self._opens[group] = opens
        return self._opens[group]

    def moments_of(self, group: int) -> np.ndarray:
        """Every moment at which a group's free seats may change."""
        mine = self.taken.group == group
        cells = np.arange(self.first_ms, self.end_ms, CELL_MS)
        return np.unique(
            np.concatenate([self.taken.answered_ms[mine], self.busy_until[mine], cells])
        )

    def priority(self, group: int, queue: int) -> int:
        """The group's priority number of a type, or of those handed on for a product."""
        types = self.scenario.types
        if queue >= len(types):
            return self.policy(queue).priority or 1
        return self.scenario.serves(self.scenario.groups[group])[types[queue]].priority

    def policy(self, queue: int) -> PolicySpec:
        """The policy of the product that a queue is for."""
        products = list(self.scenario.spec.offers.values())
        return products[queue - 2 * len(self.scenario.types)].policy


def check_laws(history: History) -> None:
    """Every law."""
    each_contact_ends_once(history)
    attempts_follow_one_another(history)
    legs_follow_the_first(history)
    phases_fit(history)
    seats_serve_one_contact_at_a_time(history)
    overtime_is_time_above_the_level(history)
    nobody_waits_while_an_agent_is_free(history)
    first_choice_first(history)
    the_best_is_taken(history)
    idle_longest_first(history)
    nobody_outstays_their_patience(history)
    lines_are_kept(history)
    owed_agents_take_nothing(history)
    offers_follow_the_rules(history)
    offers_follow_the_policy(history)
    leads_wait_for_idle_agents(history)
    bots_do_as_they_are_told(history)
    history_follows_an_answer(history)


def each_contact_ends_once(history: History) -> None:
    """A contact closes in one span, is carried by every earlier one, and is never lost."""
    played = history.played
    names = names_of(history.contacts)
    assert len(names) == len(history.contacts)
    open_before: set = set()
    for span, carry in zip(played.spans, played.carries, strict=True):
        here = names_of(span)
        assert open_before <= here
        open_before = names_of(carry.contacts)
        assert open_before <= here


def names_of(rows: np.recarray) -> set[tuple[int, int, int]]:
    """Name, attempt and leg of each row."""
    return set(zip(rows.name.tolist(), rows.attempt.tolist(), rows.leg.tolist(), strict=True))


def attempts_follow_one_another(history: History) -> None:
    """Attempts of an issue are 1, 2 …; each starts after the one before; only one is the last."""
    rows = history.contacts[history.contacts.leg == FIRST_LEG]
    for name in np.unique(rows.name):
        issue = rows[rows.name == name]
        assert issue.attempt.tolist() == list(range(1, len(issue) + 1))
        answers, unanswered, issue = 0, 0, each(issue)
        for contact in issue:
            answers += int(contact.outcome == ANSWERED)
            has_an_answer = contact.outcome in (ANSWERED, KEPT_BY_BOT)
            unanswered = 0 if has_an_answer else unanswered + 1
            assert (contact.answers, contact.unanswered) == (answers, unanswered)
        for before, after in pairwise(issue):
            assert before.left_ms != NOT_YET
            assert before.last == 0
            starts_ms = after.until_ms if after.arrived_ms == NOT_YET else after.arrived_ms
            assert starts_ms > before.left_ms
            assert not before.resolved
            assert (before.luck, before.customer, before.type) == (
                after.luck, after.customer, after.type,
            )  # fmt: skip
        final = issue[-1]
        has_left = final.left_ms != NOT_YET or final.outcome == WITHDRAWN
        assert final.last == int(has_left and not final.handed_on)


def legs_follow_the_first(history: History) -> None:
    """A contact that solved its issue goes on in at most one leg, as it had been in the first.

    It still knows what a bot did before.
    """
    rows = history.contacts
    contacts = {(c.name, c.attempt): c for c in each(rows) if c.leg == FIRST_LEG}
    handed_on = {key for key, c in contacts.items() if c.handed_on}
    legs = each(rows[rows.leg != FIRST_LEG])
    assert len({(c.name, c.attempt) for c in legs}) == len(legs)
    assert {(c.name, c.attempt) for c in legs if c.leg == SECOND_LEG} == handed_on
    for c in legs:
        first, policy = contacts[c.name, c.attempt], history.policy(c.queue)
        assert policy.offer == ("specialist" if c.leg == SECOND_LEG else "follow-up")
        assert first.outcome == ANSWERED and first.resolved == c.resolved == 1
        assert first.product == NOBODY
        assert c.arrived_ms == first.left_ms == first.answered_ms + first.talk_ms + first.hold_ms
        assert c.waited_ms == first.answered_ms - first.arrived_ms
        assert c.joined_ms == (first.joined_ms if c.leg == SECOND_LEG else c.arrived_ms)
        assert (c.held, c.bot) == (first.hold_ms > 0, first.bot)
        assert (c.luck, c.customer, c.type, c.segment, c.answers, c.unanswered, c.hold_ms) == (
            first.luck, first.customer, first.type, first.segment, first.answers, 0, 0,
        )  # fmt: skip
        assert c.product in (NOBODY, c.queue - 2 * len(history.scenario.types))
        if c.answered_ms != NOT_YET:
            assert history.scenario.groups[c.group] == policy.group
        if c.leg == SECOND_LEG:
            assert c.talk_ms == 0
            assert c.last == (c.left_ms != NOT_YET)
            assert c.outcome in (OPEN, ANSWERED, GAVE_UP)
            group = history.scenario.groups.index(policy.group)
            assert history.level(group, c.arrived_ms) > 0
        else:
            check_call(c, round(policy.ring * 1000), round(policy.keep * 1000))


def check_call(c: Any, ring_ms: int, keep_ms: int) -> None:
    """A lead is called while it is fresh, rings so long, and is offered to whoever is reached."""
    assert c.last == 0
    if c.outcome in (REACHED, NOT_REACHED) or c.phase == RINGING:
        assert c.talk_ms == ring_ms
        assert c.arrived_ms <= c.answered_ms < c.arrived_ms + keep_ms
    assert (c.outcome == REACHED) == (c.product != NOBODY)
    if c.outcome == EXPIRED:
        assert c.left_ms == c.arrived_ms + keep_ms
    if c.outcome in (EXPIRED, WITHDRAWN):
        assert c.answered_ms == NOT_YET


def phases_fit(history: History) -> None:
    """Phase, outcome and times of a contact tell one story."""
    for c in each(history.contacts):
        assert (c.group == NOBODY) == (c.seat == NOBODY) == (c.answered_ms == NOT_YET)
        if c.leg != CALL_LEG:
            assert (c.outcome == ANSWERED) == (c.answered_ms != NOT_YET)
            assert (c.queue == c.type) == (c.leg == FIRST_LEG)
        assert (c.product == NOBODY) == (c.offer_ms == 0)
        assert c.accepted == 0 or c.product != NOBODY
        if c.outcome == WITHDRAWN or c.phase == DUE_LATER:
            assert c.arrived_ms == NOT_YET or c.leg == CALL_LEG
            continue
        end_of_talk = c.answered_ms + c.talk_ms + c.hold_ms
        if c.phase == WITH_BOT:
            assert (c.outcome == KEPT_BY_BOT) == (c.arrived_ms != NOT_YET)
            assert c.left_ms == NOT_YET and c.arrived_ms < history.end_ms <= c.until_ms
        elif c.phase in (WAITING, PUT_BY):
            assert c.arrived_ms < history.end_ms <= c.until_ms
        elif c.phase == TALKING or c.phase == RINGING:
            assert c.answered_ms < history.end_ms <= c.until_ms == end_of_talk
        elif c.phase == OFFERING:
            assert end_of_talk < history.end_ms <= c.until_ms == end_of_talk + c.offer_ms
        elif c.phase == WRAPPING:
            assert c.left_ms == end_of_talk + c.offer_ms < history.end_ms
            assert history.end_ms <= c.until_ms == c.left_ms + c.wrap_up_ms
        elif c.outcome in (ANSWERED, REACHED, NOT_REACHED):
            assert c.left_ms == end_of_talk + c.offer_ms
            assert c.until_ms == c.left_ms + c.wrap_up_ms < history.end_ms
            assert c.arrived_ms <= c.answered_ms
        elif c.outcome in (BLOCKED, BALKED):
            assert c.left_ms == c.arrived_ms
        assert c.phase != CLOSED or c.left_ms != NOT_YET


def seats_serve_one_contact_at_a_time(history: History) -> None:
    """No two contacts of a seat overlap, and the seat belongs to the group."""
    first_seat = history.plan.levels.first_seat
    taken, until = history.taken, history.busy_until
    for seat in np.unique(taken.seat):
        mine = np.flatnonzero(taken.seat == seat)
        mine = mine[np.argsort(taken.answered_ms[mine])]
        assert (until[mine[:-1]] <= taken.answered_ms[mine[1:]]).all()
        group = taken.group[mine[0]]
        assert (taken.group[mine] == group).all()
        assert first_seat[group] <= seat < first_seat[group + 1]


def overtime_is_time_above_the_level(history: History) -> None:
    """Overtime is the time by which busy seats exceed those on duty, cell by cell, exactly."""
    for group in range(len(history.scenario.groups)):
        edges = history.moments_of(group)
        edges = np.append(edges[edges < history.end_ms], history.end_ms)
        above = np.zeros_like(history.played.overtime_ms[group])
        for start, stop in pairwise(edges.tolist()):
            busy, level = history.busy_after(group, start), history.level(group, start)
            above[(start - history.first_ms) // CELL_MS] += max(0, busy - level) * (stop - start)
        assert above.tolist() == history.played.overtime_ms[group].tolist()


def nobody_waits_while_an_agent_is_free(history: History) -> None:
    """While a contact is open to a group none of its agents is free, nor leaves after closing."""
    for group in range(len(history.scenario.groups)):
        opens = history.opens_ms(group)
        starts = opens[opens < history.end_ms]
        for t in np.unique(np.concatenate([history.moments_of(group), starts])).tolist():
            waiting = (opens <= t) & (t < history.waited_until)
            if not waiting.any() or t >= history.end_ms:
                continue
            busy = history.busy_after(group, t)
            assert busy >= history.level(group, t), f"somebody is free at {t} and somebody waits"
            stays = history.is_closed(group, t - 1) and history.is_closed(group, t)
            if stays and (opens[waiting] < t).any():
                fewer = history.busy_before(group, t) - busy
                assert fewer <= 0, f"somebody left at {t} after closing while somebody waited"


def first_choice_first(history: History) -> None:
    """Who is answered on arrival found nobody free in the groups that come earlier."""
    routing = history.plan.routing
    for c in each(history.taken[history.taken.answered_ms == history.taken.arrived_ms]):
        for group in routing.groups_of[c.queue]:
            if group == c.group:
                break
            is_open = c.arrived_ms - c.joined_ms >= routing.after_ms[group, c.queue]
            free = history.level(group, c.arrived_ms) - history.busy_after(group, c.arrived_ms)
            assert not is_open or free <= 0


def the_best_is_taken(history: History) -> None:
    """Nobody whom the agent should have preferred goes on waiting: priority, then age, then name."""
    for c in each(history.taken[history.taken.leg != CALL_LEG]):
        opens, waited = history.opens_ms(c.group), history.waited
        my_opening = c.joined_ms + history.plan.routing.after_ms[c.group, c.queue]
        mine = (history.priority(c.group, c.queue), c.joined_ms, c.name)
        others = (waited.arrived_ms < c.answered_ms) & (opens <= c.answered_ms)
        others &= history.waited_until > c.answered_ms
        if my_opening == c.answered_ms:  # several open at once: the lower name goes first
            others &= opens < c.answered_ms
        for other in each(waited[others]):
            theirs = (history.priority(c.group, other.queue), other.joined_ms, other.name)
            assert mine < theirs


def idle_longest_first(history: History) -> None:
    """Where seats never come or go, a free contact goes to the seat idle longest."""
    levels = history.plan.levels
    is_due = (history.taken.attempt > 1) | (history.taken.bot == ESCALATED)
    in_order = np.array([-1, 2, 0, 3])[history.taken.leg] - is_due
    for group in range(len(history.scenario.groups)):
        if levels.level[group].min() != levels.level[group].max():
            continue
        last_busy = dict.fromkeys(
            range(levels.first_seat[group], levels.first_seat[group + 1]), history.first_ms
        )
        mine = np.flatnonzero(history.taken.group == group)
        for i in mine[np.lexsort((in_order[mine], history.taken.answered_ms[mine]))]:
            t, seat = history.taken.answered_ms[i], history.taken.seat[i]
            if history.taken.arrived_ms[i] == t or history.taken.leg[i] == CALL_LEG:
                assert last_busy[int(seat)] <= min(v for v in last_busy.values())
            last_busy[int(seat)] = history.busy_until[i]


def nobody_outstays_their_patience(history: History) -> None:
    """Who gave up waited exactly the patience; who was answered, at most that."""
    for c, until in zip(each(history.waited), history.waited_until, strict=True):
        patience = patience_ms(history.scenario, c)
        if patience is None:
            continue
        waited = until - c.arrived_ms
        if c.outcome == GAVE_UP:
            assert waited == patience
        elif c.outcome == ANSWERED or c.phase == WAITING:
            assert waited <= patience


def lines_are_kept(history: History) -> None:
    """Never more inside than lines; who was blocked found as many inside."""
    lines = history.scenario.spec.lines
    rows = history.arrived[history.arrived.outcome != BLOCKED]
    left = np.where(rows.left_ms == NOT_YET, history.end_ms, rows.left_ms)
    blocked = history.arrived[history.arrived.outcome == BLOCKED]
    if lines is None:
        assert len(blocked) == 0
        return
    for t in np.unique(np.concatenate([rows.arrived_ms, blocked.arrived_ms])):
        assert ((rows.arrived_ms <= t) & (t < left)).sum() <= lines
    for t in blocked.arrived_ms:
        assert ((rows.arrived_ms <= t) & (t < left)).sum() == lines


def owed_agents_take_nothing(history: History) -> None:
    """Agents above the level leave as they finish, at the moment of a drop too; unless closed."""
    levels = history.plan.levels
    for group in range(len(history.scenario.groups)):
        started = history.taken.answered_ms[history.taken.group == group]
        for t, starts in zip(*np.unique(started, return_counts=True), strict=True):
            now, before = (t // CELL_MS) % history.cells, (t - 1) // CELL_MS % history.cells
            opens_now = levels.closed[group, now] != levels.closed[group, before]
            if history.is_closed(group, t) or opens_now:
                continue
            going_on = history.busy_after(group, t) - starts
            assert starts <= max(0, history.level(group, t) - going_on)


def offers_follow_the_rules(history: History) -> None:
    """Offers only where they may be made; nobody buys twice, but who gave it back may.

    An offer in another leg was due when the leg began, whatever she did in other contacts since.
    """
    spec = history.scenario.spec
    products = list(spec.offers.values())
    bought: dict = {}
    declined: dict = {}
    made = history.contacts[history.contacts["product"] != NOBODY]
    by_bot = made.outcome == KEPT_BY_BOT
    when = np.where(
        by_bot, made.until_ms - made.offer_ms, made.answered_ms + made.talk_ms + made.hold_ms
    )
    elsewhere = [p.policy.sells_elsewhere for p in products]
    rows = each(made)
    assert all((c.leg != FIRST_LEG) == elsewhere[c.product] for c in each(made[~by_bot]))
    assert all(products[c.product].policy.offer != "never" for c in each(made[~by_bot]))
    for i in np.lexsort((made.name, when)):
        c, product = rows[i], products[rows[i].product]
        assert c.resolved or product.on_unresolved
        if c.customer == NOBODY:
            continue
        who = (c.customer, c.product)
        due_ms = c.arrived_ms if elsewhere[c.product] and not by_bot[i] else when[i]
        assert who not in bought or bought[who] >= due_ms
        if who in declined and declined[who] < due_ms:
            assert when[i] - declined[who] >= product.cool_down * 1000
        if c.accepted and not is_returned(history.plan.offers, c.product, c.luck):
            bought[who] = when[i]
        else:
            declined[who] = when[i]
    for (customer, product), _ in bought.items():
        assert history.played.people.rows.owns[customer] >> product & 1
    for (customer, product), at_ms in declined.items():
        assert history.played.people.declined_ms[customer, product] == at_ms
    if not products:
        assert not len(made)


def offers_follow_the_policy(history: History) -> None:
    """Offered only while the number in system is small enough; at moments without a tie."""
    products = list(history.scenario.spec.offers.values())
    if not products:
        return
    certain = (
        len(products) == 1
        and products[0].candidates == 1
        and products[0].held == 0
        and not history.scenario.segments
    )
    if any(product.policy.sells_elsewhere for product in products):
        return  # legs_follow_the_first says more
    taken = each(history.taken[history.taken.left_ms != NOT_YET])
    times = np.concatenate(
        [history.arrived.arrived_ms, history.arrived.left_ms, history.taken.answered_ms]
        + [history.taken.answered_ms + history.taken.talk_ms + history.taken.hold_ms]
        + [history.busy_until, np.arange(history.first_ms, history.end_ms, CELL_MS)]
    )
    moments, happenings = np.unique(times, return_counts=True)
    for c in taken:
        t = c.answered_ms + c.talk_ms + c.hold_ms
        opens = history.opens_ms(c.group)
        # Its own end of talk, and where no offer follows also its leaving and its agent's end.
        own = 1 + int(c.left_ms == t) + int(c.until_ms == t)
        if happenings[np.searchsorted(moments, t)] > own or (opens == t).any():
            continue
        waiting = (opens <= t) & (history.waited_until > t)
        in_system = history.busy_before(c.group, t) + int(waiting.sum())
        on_duty = history.level(c.group, t)
        product = products[0 if certain else c.product]
        if c.product == NOBODY and not (certain and (c.resolved or product.on_unresolved)):
            continue
        policy = product.policy
        if policy.offer in ("while-waiting", "while-nobody-waits"):
            is_due = in_system <= on_duty + (policy.at_most or 0)
        elif policy.offer == "below-system-threshold":
            is_due = in_system <= policy.threshold
        else:
            is_due = policy.offer != "never"
            if policy.offer == "random":
                continue
        assert is_due == (c.product != NOBODY)


def leads_wait_for_idle_agents(history: History) -> None:
    """Agents call only while more than the reserve are free, and then do: after all else."""
    end_ms = history.end_ms
    for c in each(history.leads):
        policy = history.policy(c.queue)
        group = history.scenario.groups.index(policy.group)
        called = c.answered_ms != NOT_YET
        if called:
            free = history.level(group, c.answered_ms) - history.busy_after(group, c.answered_ms)
            started = history.leads[history.leads.answered_ms == c.answered_ms]
            of_the_group = started[started.group == group]
            reserves = [history.policy(lead.queue).reserve for lead in of_the_group]
            # Leads of a product with a smaller reserve may be called at the same moment, later.
            assert free + sum(reserve < policy.reserve for reserve in reserves) >= policy.reserve
        until = c.answered_ms if called else c.left_ms if c.left_ms != NOT_YET else end_ms
        edges = history.moments_of(group)
        for t in [c.arrived_ms, *edges[(edges > c.arrived_ms) & (edges < until)].tolist()]:
            if t < until:
                free = history.level(group, t) - history.busy_after(group, t)
                assert free <= policy.reserve, f"a lead waits at {t} and {free} are free"


def bots_do_as_they_are_told(history: History) -> None:
    """A new issue meets the bot of its type, and only that; what it keeps no agent sees."""
    specs, calls = list(history.scenario.spec.contacts.values()), listed_calls(history.scenario)
    rows = history.contacts[history.contacts.leg == FIRST_LEG]
    for c in each(rows):
        assert (c.outcome == KEPT_BY_BOT) == (c.bot in (SOLVED_BY_BOT, CLAIMED_BY_BOT))
        if c.bot == NO_BOT:
            continue
        spec = specs[c.type].self_service
        call = calls[c.listed] if c.listed >= 0 else None
        session_ms = 0 if c.bot == ASKED_FOR_HUMAN else round(spec.time.mean * 1000)
        assert c.attempt == 1
        if c.outcome == KEPT_BY_BOT:
            assert c.until_ms == c.arrived_ms + session_ms + c.offer_ms
            if c.product != NOBODY:
                assert c.resolved
                assert history.scenario.products[c.product] in spec.offers.products
                assert c.offer_ms == round(spec.offers.time * 1000)
            else:
                assert c.offer_ms == 0
            assert c.resolved == (c.bot == SOLVED_BY_BOT)
            assert c.answered_ms == NOT_YET
            assert c.left_ms == (NOT_YET if c.phase == WITH_BOT else c.until_ms)
        elif call is not None:
            came_ms = c.until_ms if c.phase == WITH_BOT else c.arrived_ms
            assert came_ms == round(call.at * 1000) + session_ms
        if call is not None and call.talk is not None and c.answered_ms != NOT_YET:
            assert c.talk_ms == round(call.talk * 1000) + asked_again_ms(specs[c.type], c)


def asked_again_ms(spec: Any, c: Any) -> int:
    """What is added to the talk of a contact, because somebody did not pass on what he heard."""
    bot_s = spec.self_service.asks_again if c.bot == ESCALATED else 0.0
    earlier_s = spec.history.asks_again if c.told_again else 0.0
    return round(bot_s * 1000) + round(earlier_s * 1000)


def history_follows_an_answer(history: History) -> None:
    """Only who was answered before, by an agent or a bot, tells it again, and only if typed."""
    specs = list(history.scenario.spec.contacts.values())
    kept = set(history.contacts.name[history.contacts.outcome == KEPT_BY_BOT].tolist())
    for c in each(history.contacts[history.contacts.told_again == 1]):
        assert c.outcome == ANSWERED
        assert specs[c.type].history.known < 1.0
        assert c.answers > 1 or c.name in kept

"""Nothing is lost or counted twice: every sum of a tally, once more from the tables."""

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
    GAVE_UP,
    KEPT_BY_BOT,
    NOT_YET,
    REACHED,
    SOLVED_BY_BOT,
    WITH_BOT,
    WITHDRAWN,
)
from sim.domain.customers.customers import (
    AFTER_REPEATS,
    AT_FIRST_CONTACT,
    NO_ANSWER,
    UNRESOLVED,
)

from .laws import History
from .worlds import CELL_MS, CELLS_PER_WEEK

SECOND_MS = 1000


def check_sums(history: History) -> None:
    """Every sum."""
    scenario, played = history.scenario, history.played
    assert_offered_is_what_became_of_it(played.tally)
    assert_contacts_add_up(scenario, played)
    assert_bots_add_up(scenario, played)
    assert_sales_and_endings_add_up(scenario, played)
    assert_issues_add_up(scenario, played)
    assert_segments_add_up(played)
    assert_time_adds_up(history)


def named(counts):
    """The columns of a table of counts, by name."""
    return {name: counts[name] for name in counts.dtype.names}


def assert_offered_is_what_became_of_it(tally):
    """offered = answered + gave up + blocked + balked + open, by week and type and interval."""
    n = named(tally.contacts)
    ended = n["answered"] + n["gave_up"] + n["blocked"] + n["balked"]
    assert np.array_equal(n["offered"], ended + n["open"])
    by_interval = named(tally.intervals)
    for name in ("offered", "open", "in_service", "open_first", "first_contacts", "answered",
                 "answered_in_time", "gave_up", "blocked", "balked", "wait_ms", "talk_ms", "offers"):  # fmt: skip
        assert np.array_equal(by_interval[name].sum(axis=0), n[name].sum(axis=0)), name


def counts_of(all_rows, within_ms, in_service):
    """What the tally should count of contacts of one type, closed and in service, by name.

    The work of a second leg is that of its contact, the offers of all legs are offers; and the
    opinion of a contact that was handed on is that of its second leg.
    """
    kept = all_rows.outcome == KEPT_BY_BOT
    rows = all_rows[(all_rows.leg == FIRST_LEG) & ~kept]
    second = all_rows[all_rows.leg == SECOND_LEG]
    own = all_rows[all_rows.leg != CALL_LEG]
    over = rows[rows.outcome == ANSWERED]
    first = over[over.answers == 1]
    rows = np.concatenate([rows, in_service[in_service.leg == FIRST_LEG]]).view(np.recarray)
    answered, gave_up = rows[rows.outcome == ANSWERED], rows[rows.outcome == GAVE_UP]
    waits = np.where(rows.outcome == ANSWERED, rows.answered_ms, rows.left_ms) - rows.arrived_ms
    answered_waits = answered.answered_ms - answered.arrived_ms
    gave_up_waits = gave_up.left_ms - gave_up.arrived_ms
    return {
        "in_service": len(answered) - len(over),
        "answered": len(answered),
        "gave_up": len(gave_up),
        "gave_up_short": (gave_up_waits <= 5 * SECOND_MS).sum(),
        "blocked": (rows.outcome == BLOCKED).sum(),
        "balked": (rows.outcome == BALKED).sum(),
        "waited": (waits > 0).sum(),
        "wait_ms": waits.sum(),
        "wait_answered_ms": answered_waits.sum(),
        "answered_in_time": (answered_waits <= within_ms).sum(),
        "gave_up_in_time": (gave_up_waits <= within_ms).sum(),
        "talk_ms": answered.talk_ms.sum(),
        "hold_ms": answered.hold_ms.sum(),
        "held": (answered.hold_ms > 0).sum(),
        "offer_ms": own.offer_ms[own.outcome != KEPT_BY_BOT].sum(),
        "wrap_up_ms": own.wrap_up_ms.sum(),
        "offers": (all_rows["product"][~kept] >= 0).sum(),
        "accepted": all_rows.accepted[~kept].sum(),
        "first_contacts": (rows.attempt == 1).sum(),
        "first_answers": len(first),
        "solved_at_first_answer": first.resolved.sum(),
        "issues": (all_rows["last"] == 1).sum(),
        "issues_resolved": all_rows.resolved[all_rows["last"] == 1].sum(),
        "scored": len(over) - over.handed_on.sum() + len(second) + kept.sum(),
    }


def counts_of_legs(rows, in_service):
    """What the tally should count of the legs after the first of one type, by name."""
    rows = np.concatenate([rows, in_service[in_service.leg == SECOND_LEG]]).view(np.recarray)
    second, calls = rows[rows.leg == SECOND_LEG], rows[rows.leg == CALL_LEG]
    answered, gave_up = second[second.outcome == ANSWERED], second[second.outcome == GAVE_UP]
    waits = (answered.answered_ms - answered.arrived_ms).sum()
    return {
        "transfers": len(answered) + len(gave_up),
        "transfer_wait_ms": waits + (gave_up.left_ms - gave_up.arrived_ms).sum(),
        "transfers_gave_up": len(gave_up),
        "calls": (calls.answered_ms != NOT_YET).sum(),
        "calls_reached": (calls.outcome == REACHED).sum(),
    }


def assert_segments_add_up(played):
    """Segments add up to types, and each to its own rows of the table."""
    contacts, rows = played.tally.contacts, closed_in_horizon(played)
    rows = np.concatenate([rows, in_service_at_end(played)]).view(np.recarray)
    rows = rows[(rows.leg == FIRST_LEG) & (rows.outcome != KEPT_BY_BOT)]
    counts = named(played.tally.segments)
    sessions = named(played.tally.self_service)
    handed_on = sessions["asked"] + sessions["escalated"]
    of_bots = {
        "met_bot": handed_on + sessions["solved"] + sessions["claimed"],
        "left_bot": handed_on,
    }
    for name, types in of_bots.items():
        assert np.array_equal(counts.pop(name).sum(axis=1), types.sum(axis=1)), name
    for name, segments in counts.items():
        balked = contacts["balked"].sum(axis=1) if name == "gave_up" else 0
        types = contacts[name].sum(axis=1) + balked
        assert np.array_equal(segments.sum(axis=1), types), name
    waits = np.where(rows.outcome == ANSWERED, rows.answered_ms, rows.left_ms) - rows.arrived_ms
    for s in range(played.tally.segments.shape[1]):
        own = rows.segment == s
        found = {name: column[:, s].sum() for name, column in counts.items()}
        assert found["wait_ms"] == waits[own].sum()
        assert found["answered"] == (rows.outcome[own] == ANSWERED).sum()
        assert found["offered"] - found["open"] == own.sum()


def closed_in_horizon(played):
    """Contacts that arrived in the horizon, not the warm-up, and closed."""
    rows = played.contacts
    return rows[(rows.phase == CLOSED) & (rows.outcome != WITHDRAWN) & (rows.arrived_ms >= 0)]


def in_service_at_end(played):
    """Contacts that an agent had answered when the horizon ended."""
    rows = played.carries[-1].contacts
    return rows[(rows.phase != DUE_LATER) & (rows.arrived_ms >= 0) & (rows.answered_ms != NOT_YET)]


def assert_contacts_add_up(scenario, played):
    """Every count of contacts, once more from the table."""
    found, rows = named(played.tally.contacts[0]), closed_in_horizon(played)
    inside = played.carries[-1].contacts
    inside = inside[(inside.phase != DUE_LATER) & (inside.arrived_ms >= 0)]
    inside = inside[(inside.leg == FIRST_LEG) & (inside.answered_ms == NOT_YET)]
    inside = inside[inside.phase != WITH_BOT]
    served = in_service_at_end(played)
    for t, type_ in enumerate(scenario.types):
        mine = rows[rows.type == t]
        within_ms = scenario.spec.contacts[type_].service_level.within * SECOND_MS
        expected = counts_of(mine, within_ms, served[served.type == t])
        expected["open"] = (inside.type == t).sum()
        expected["open_first"] = ((inside.type == t) & (inside.attempt == 1)).sum()
        by_agents = (mine.leg == FIRST_LEG) & (mine.outcome != KEPT_BY_BOT)
        n_first = by_agents.sum() + expected["in_service"]
        expected["offered"] = n_first + expected["open"]
        expected["first_contacts"] += ((inside.type == t) & (inside.attempt == 1)).sum()
        for name, value in expected.items():
            # The opinion of an unanswered issue counts as well, once it is closed.
            assert found[name][t] == value, name
        assert played.tally.waits[t].sum() == n_first
        of_legs = named(played.tally.legs[0, t])
        assert of_legs == counts_of_legs(mine, served[served.type == t])
        assert found["scored_high"][t] <= found["scored"][t]
        assert found["promoters"][t] + found["detractors"][t] <= found["issues"][t]
        assert found["issues_high"][t] <= found["issues"][t]
        asked = sum(found[f"surveyed_{score}"][t] for score in range(1, 6))
        assert asked <= found["invited"][t] <= found["issues"][t]
        assert found["surveyed_promoters"][t] + found["surveyed_detractors"][t] <= asked
        issues, effort = found["issues"][t], found["effort_thousandths"][t]
        assert 1000 * issues <= effort <= 7000 * issues


def assert_bots_add_up(scenario, played):
    """New issues = those that came to agents + kept by a bot + still with it, and each count."""
    rows = played.contacts[(played.contacts.leg == FIRST_LEG) & (played.contacts.attempt == 1)]
    rows = rows[(rows.outcome != WITHDRAWN) & ((rows.arrived_ms >= 0) | (rows.phase == WITH_BOT))]
    found, counts = named(played.tally.self_service[0]), named(played.tally.contacts[0])
    for t, spec in enumerate(scenario.spec.contacts.values()):
        mine = rows[rows.type == t]
        fates = mine.bot[mine.phase != WITH_BOT]
        n = {
            "asked": (fates == ASKED_FOR_HUMAN).sum(),
            "solved": (fates == SOLVED_BY_BOT).sum(),
            "claimed": (fates == CLAIMED_BY_BOT).sum(),
            "escalated": (fates == ESCALATED).sum(),
            "in_session": (mine.phase == WITH_BOT).sum(),
        }
        sessions = n["solved"] + n["claimed"] + n["escalated"]
        session_ms = round(spec.self_service.time.mean * SECOND_MS) if spec.self_service else 0
        offered = mine[(mine.outcome == KEPT_BY_BOT) & (mine["product"] >= 0)]
        offered = offered[offered.phase == CLOSED]
        bot_ms = sessions * session_ms + offered.offer_ms.sum()
        n |= {"offers": len(offered), "accepted": offered.accepted.sum()}
        for name, value in (n | {"bot_ms": bot_ms}).items():
            assert found[name][t] == value, name
        kept = n["solved"] + n["claimed"] + n["in_session"]
        assert counts["first_contacts"][t] + kept == len(mine)


def assert_sales_and_endings_add_up(scenario, played):
    """Offers by product and segment, and how issues ended, once more from the table."""
    rows = closed_in_horizon(played)
    for p in range(len(scenario.products)):
        for s in range(max(1, len(scenario.segments))):
            mine = rows[(rows["product"] == p) & (rows.segment == s)]
            counts = played.tally.sales[0, p, s]
            assert counts["offered"] == len(mine)
            assert counts["accepted"] == mine.accepted.sum()
            assert counts["pushed"] == mine.pushed.sum()
            by_bot = mine[mine.outcome == KEPT_BY_BOT]
            assert counts["offered_by_bot"] == len(by_bot)
            assert counts["kept_by_bot"] <= by_bot.accepted.sum()
            assert counts["returned"] <= counts["accepted"]
            assert counts["downgraded"] <= counts["offered"] - counts["accepted"]
    for s in range(max(1, len(scenario.segments))):
        last = rows[(rows["last"] == 1) & (rows.segment == s)]
        answered = np.isin(last.outcome, (ANSWERED, KEPT_BY_BOT)) | (last.leg == SECOND_LEG)
        expected = {
            NO_ANSWER: (~answered).sum(),
            UNRESOLVED: (answered & (last.resolved == 0)).sum(),
            AT_FIRST_CONTACT: (answered & (last.resolved == 1) & (last.attempt == 1)).sum(),
            AFTER_REPEATS: (answered & (last.resolved == 1) & (last.attempt > 1)).sum(),
        }
        assert dict(enumerate(played.tally.endings[0, s])) == expected
    who = rows[(rows["last"] == 1) & (rows.customer >= 0)].customer
    assert np.array_equal(
        played.people.rows.issues, np.bincount(who, minlength=len(played.people.rows))
    )


def assert_issues_add_up(scenario, played):
    """By how they ended, once more from the table; and every issue is somewhere."""
    assert_every_issue_is_somewhere(played.tally, played.contacts)
    found, rows = named(played.tally.issues[0]), closed_in_horizon(played)
    rows = rows[rows["last"] == 1]
    kept = rows.outcome == KEPT_BY_BOT
    is_solved, by_agents = rows.resolved == 1, ~kept
    expected = {
        "solved_by_bot": kept & is_solved,
        "solved_at_first": by_agents & is_solved & (rows.attempt == 1),
        "solved_at_second": by_agents & is_solved & (rows.attempt == 2),
        "solved_later": by_agents & is_solved & (rows.attempt > 2),
        "claimed": kept & ~is_solved,
        "not_solved": by_agents & ~is_solved & (rows.answers > 0),
        "no_answer": by_agents & ~is_solved & (rows.answers == 0),
    }
    for name, which in expected.items():
        by_type = np.bincount(rows.type[which], minlength=len(scenario.types))
        assert np.array_equal(found[name], by_type), name


def assert_every_issue_is_somewhere(tally, contacts):
    """Issues that came, or went on after a warm-up = those that closed + those still open.

    By type, over all weeks; and each closed issue has one ending.
    """
    found, counts, bots = (
        {name: one[name].sum(axis=0) for name in one.dtype.names}
        for one in (tally.issues, tally.contacts, tally.self_service)
    )
    repeated = found["solved_at_second"] + found["solved_later"]
    at_first = found["solved_by_bot"] + found["solved_at_first"]
    in_vain = found["claimed"] + found["not_solved"] + found["no_answer"]
    assert np.array_equal(counts["issues_resolved"], at_first + repeated)
    assert np.array_equal(counts["issues"], at_first + repeated + in_vain)
    endings = tally.endings.sum(axis=(0, 1))
    assert endings[AT_FIRST_CONTACT] == at_first.sum()
    assert endings[AFTER_REPEATS] == repeated.sum()
    assert endings[UNRESOLVED] + endings[NO_ANSWER] == in_vain.sum()
    new = counts["first_contacts"] + bots["solved"] + bots["claimed"] + bots["in_session"]
    again = contacts.type[_again_after_warm_up(contacts)]
    came = new + np.bincount(again, minlength=len(new))
    assert np.array_equal(came, counts["issues"] + found["withdrawn"] + found["open"])


def _again_after_warm_up(contacts):
    """One row of each issue that came before the horizon, and went on or was due in it."""
    is_first = (contacts.attempt == 1) & (contacts.leg == FIRST_LEG)
    early = is_first & (contacts.arrived_ms < 0) & (contacts.arrived_ms != NOT_YET)
    later = (contacts.outcome == WITHDRAWN) & (contacts.until_ms >= 0)
    later |= (contacts.phase == DUE_LATER) | (contacts.arrived_ms >= 0)
    later &= ~is_first & ((contacts.leg == FIRST_LEG) | (contacts.leg == SECOND_LEG))
    return early & np.isin(contacts.name, contacts.name[later])


def assert_time_adds_up(history):
    """Handling, scheduled time and overtime by group, once more from tables and plan."""
    played, taken = history.played, history.taken
    interval_ms = history.scenario.spec.horizon.interval_cells * CELL_MS
    handled = np.zeros_like(played.tally.handled["handling_ms"])
    for group in range(len(history.scenario.groups)):
        mine = taken[taken.group == group]
        start = mine.answered_ms
        for name in ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms"):
            until = start + mine[name]
            inside = np.minimum(until, history.end_ms) - np.maximum(start, 0)
            assert played.tally.time[name][0, group] == np.maximum(inside, 0).sum(), name
            start = until
        cells = np.arange(max(0, history.first_ms), history.end_ms, CELL_MS) // CELL_MS
        level = history.plan.levels.level[group, cells % CELLS_PER_WEEK]
        overtime = played.overtime_ms[group][-len(cells) :]
        assert played.tally.time["scheduled_ms"][0, group] == level.sum() * CELL_MS
        assert played.tally.time["overtime_ms"][0, group] == overtime.sum()
        for at in range(0, history.end_ms, interval_ms):
            inside = np.minimum(start, at + interval_ms) - np.maximum(mine.answered_ms, at)
            handled[at // interval_ms, group] = np.maximum(inside, 0).sum()
        groups, over = played.tally.groups[0, group], mine[mine.phase == CLOSED]
        has_come = mine.arrived_ms >= 0
        talked = (mine.outcome == ANSWERED) | ((mine.outcome == REACHED) & (mine.phase == CLOSED))
        assert groups["answered"] == (has_come & talked).sum()
        solves = (over.leg == FIRST_LEG) & (over.arrived_ms >= 0)
        assert groups["resolved"] == over.resolved[solves].sum()
    on_duty, time = played.tally.handled["on_duty_ms"], played.tally.time
    assert np.array_equal(played.tally.handled["handling_ms"], handled)
    assert (handled <= on_duty).all()
    assert on_duty.sum() == (time["scheduled_ms"] + time["overtime_ms"]).sum()

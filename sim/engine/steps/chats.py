"""What happens at the desk of an agent in chats: her time passes, and each of her chats goes on.

An agent is a shared processor: whenever the number of her chats changes, each goes on at another
speed. Its work left is a whole number, so it does not matter how often it is brought forward. The
engines know which agent has room and what happens next; both call these.
"""

from sim.core.clock import CELL_MS
from sim.core.moments import CALL_LEG, END_OF_TALK, END_OF_WORK, FIRST_LEG, WINDOW_LEG
from sim.core.rules import routine, rule
from sim.core.tables import (
    CLOSED,
    HANDING_OVER,
    NOBODY,
    NOBODY_THERE,
    OFFERING,
    PUT_ASIDE,
    RINGING,
    TALKING,
    WAITING,
    WRAPPING,
)
from sim.domain.channels.chat import (
    FULL_SPEED,
    leaves_window_open,
    ms_until,
    share_of_agent,
)
from sim.domain.channels.deferred import is_deferrable
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.contact import copy_issue, reset, take

# What an agent's time at her desk is booked for; ALL is the time of her chats added up, IN_CHATS
# that in which she has any.
TALK, HOLD, OFFER, WRAP_UP, ALL, IN_CHATS = range(6)
PARTS = 6


@rule
def is_written(plan, contacts, row):
    """Whether it is worked on at a desk: a chat, perhaps beside others, or an email."""
    if not may_be_more(plan) or plan.chats.most == 0:
        return False
    return plan.chats.types[contacts[row].type].most > 0 and contacts[row].leg != CALL_LEG


@rule
def is_email(plan, contacts, row):
    """Whether the contact waits until agents are idle; once handed on, it does not."""
    if not may_be_more(plan) or contacts[row].leg != FIRST_LEG:
        return False
    return is_deferrable(plan.deferred, contacts[row].type)


@rule
def takes_line(plan, contacts, row):
    """Whether the contact takes one of the telephone lines."""
    return contacts[row].leg != CALL_LEG and not is_written(plan, contacts, row)


@rule
def other_chats(seats, seat):
    """How many chats the agent has beside this contact."""
    return max(0, seats[seat].chats - 1)


@rule
def kind_of_end(phase):
    """The kind of moment that ends a phase of service."""
    return END_OF_TALK if phase == TALKING else END_OF_WORK


@rule
def has_lapsed(contacts, row, kind, now_ms):
    """Whether the end of service that was foreseen for now has come earlier, or comes later."""
    phase = contacts[row].phase
    in_service = phase in (TALKING, OFFERING, HANDING_OVER, WRAPPING, RINGING)
    return contacts[row].until_ms != now_ms or not in_service or kind_of_end(phase) != kind


@rule
def first_place(seats, places, seat):
    """The first place of an agent's desk, which ends where that of the next seat begins."""
    return seat * (len(places) // len(seats))


@rule
def place_of(seats, places, seat, row):
    """The place of a chat at its agent's desk; of NOBODY, one that is empty."""
    place = first_place(seats, places, seat)
    while places[place].contact != row:
        place += 1
    return place


@rule
def has_room(plan, contacts, seats, places, seat):
    """Whether an agent in chats may take another one: none of them forbids it."""
    chats, most = seats[seat].chats, plan.chats.most
    for place in range(first_place(seats, places, seat), first_place(seats, places, seat + 1)):
        if places[place].contact != NOBODY:
            most = min(most, plan.chats.types[contacts[places[place].contact].type].most)
    return chats > 0 and chats < most


# --- time passes ----------------------------------------------------------------------------------


@routine
def bring_forward(plan, contacts, seats, places, desk_ms, seat, now_ms):
    """Book the agent's time in chats until now, and do as much of each chat's work.

    `desk_ms` [group, part, cell of the span].
    """
    from_ms, chats, group = seats[seat].booked_ms, seats[seat].chats, seats[seat].group
    seats[seat].booked_ms = now_ms
    if chats == 0 or from_ms == now_ms:
        return
    number = 0
    for place in range(first_place(seats, places, seat), first_place(seats, places, seat + 1)):
        row = places[place].contact
        if row == NOBODY:
            continue
        part, later_ms = _part_of(contacts[row].phase), now_ms
        if part == TALK:
            talk = max(0, places[place].work - places[place].hold)
            later_ms = min(now_ms, from_ms + ms_until(talk, places[place].speed))
            places[place].talked_ms += later_ms - from_ms
        is_one = not is_deferrable(plan.deferred, contacts[row].type)
        _book(plan, desk_ms[group], part, number, chats, from_ms, later_ms, is_one)
        _book(plan, desk_ms[group], HOLD, number, chats, later_ms, now_ms, is_one)
        places[place].work -= (now_ms - from_ms) * places[place].speed
        number += 1


@rule
def _part_of(phase):
    if phase == TALKING:
        return TALK
    return OFFER if phase == OFFERING else WRAP_UP


@rule
def _book(plan, desk_ms, part, number, chats, from_ms, to_ms, is_one):
    """Book a contact's share of a stretch of time, cell by cell: desk_ms [part, cell]; if it is a
    chat, also as one.
    """
    while from_ms < to_ms:
        cell = from_ms // CELL_MS
        until_ms = min(to_ms, (cell + 1) * CELL_MS)
        at = cell - plan.demand.first_cell
        share_ms = share_of_agent(from_ms, until_ms, number, chats)
        desk_ms[part, at] += share_ms
        if is_one:
            desk_ms[ALL, at] += until_ms - from_ms
            desk_ms[IN_CHATS, at] += share_ms
        from_ms = until_ms


# --- chats begin, go on and end -------------------------------------------------------------------


@routine
def sit_down(plan, contacts, seats, places, desk_ms, seat, row, now_ms):
    """An agent takes a chat whose first phase has begun, and lasts until `until_ms` if alone."""
    bring_forward(plan, contacts, seats, places, desk_ms, seat, now_ms)
    place = place_of(seats, places, seat, NOBODY)
    places[place].contact = row
    places[place].speed = 0
    seats[seat].chats += 1
    seats[seat].idle_since_ms = now_ms
    _begin_work(contacts, places, place, row, now_ms)


@routine
def end_phase(plan, contacts, seats, places, desk_ms, row, now_ms):
    """A phase of a chat ends: its duration is how long it took, beside the others."""
    seat = contacts[row].seat
    bring_forward(plan, contacts, seats, places, desk_ms, seat, now_ms)
    place = place_of(seats, places, seat, row)
    lasted_ms = now_ms - places[place].began_ms
    if contacts[row].phase == TALKING:
        contacts[row].talk_ms = places[place].talked_ms
    if is_deferrable(plan.deferred, contacts[row].type):
        return  # it is alone, so other phases take as long as they are work
    if contacts[row].phase == TALKING:
        is_held = contacts[row].hold_ms > 0  # so this is the only round
        contacts[row].hold_ms = lasted_ms - contacts[row].talk_ms if is_held else 0
    elif contacts[row].phase == OFFERING:
        contacts[row].offer_ms = lasted_ms
    elif contacts[row].phase == WRAPPING:
        contacts[row].wrap_up_ms = now_ms - contacts[row].left_ms


@routine
def begin_phase(contacts, seats, places, row, now_ms):
    """The next phase of a chat has begun, and lasts until `until_ms` if alone."""
    place = place_of(seats, places, contacts[row].seat, row)
    _begin_work(contacts, places, place, row, now_ms)


@rule
def _begin_work(contacts, places, place, row, now_ms):
    is_talk = contacts[row].phase == TALKING
    places[place].began_ms = now_ms
    places[place].work = (contacts[row].until_ms - now_ms) * FULL_SPEED
    places[place].hold = contacts[row].hold_ms * FULL_SPEED if is_talk else 0
    places[place].talked_ms = 0
    if is_talk and contacts[row].answered_ms < now_ms:  # taken up again
        places[place].talked_ms = contacts[row].talk_ms


@routine
def stand_up(seats, places, seat, row, now_ms):
    """A chat is over; the time of its agent was brought forward as its last phase ended."""
    places[place_of(seats, places, seat, row)].contact = NOBODY
    seats[seat].chats -= 1
    seats[seat].idle_since_ms = now_ms


@routine
def put_aside(plan, contacts, seats, places, desk_ms, row, now_ms):
    """An agent leaves an email for later, with what is left to do."""
    seat = contacts[row].seat
    bring_forward(plan, contacts, seats, places, desk_ms, seat, now_ms)
    place = place_of(seats, places, seat, row)
    contacts[row].talk_ms = places[place].talked_ms
    contacts[row].until_ms = ms_until(places[place].work, places[place].speed)
    contacts[row].phase = PUT_ASIDE
    stand_up(seats, places, seat, row, now_ms)


@rule
def take_up_again(contacts, row, now_ms, group, seat):
    """An agent goes on with an email that was put aside."""
    contacts[row].group = group
    contacts[row].seat = seat
    contacts[row].phase = TALKING
    contacts[row].until_ms += now_ms


@rule
def keep_pace(plan, contacts, seats, places, place, now_ms):
    """Go on at the speed of so many chats as are open; returns whether the phase's end moved."""
    row = places[place].contact
    if row == NOBODY:
        return False
    seat, type_ = contacts[row].seat, contacts[row].type
    if places[place].speed == 0 or plan.chats.types[type_].fixed == 0:
        places[place].speed = plan.chats.speeds[type_, seats[seat].chats]
    ends_ms = now_ms + max(0, ms_until(places[place].work, places[place].speed))
    if contacts[row].until_ms == ends_ms:
        return False
    contacts[row].until_ms = ends_ms
    return True


# --- empty windows --------------------------------------------------------------------------------


@rule
def leaves_window(plan, contacts, row):
    """Whether who gives up this contact leaves a window open."""
    if not is_written(plan, contacts, row) or contacts[row].leg != FIRST_LEG:
        return False
    return leaves_window_open(
        plan.chats, contacts[row].type, contacts[row].luck, contacts[row].attempt
    )


@routine
def leave_window(contacts, row, earlier, now_ms):
    """An empty window keeps the place in the queue: fill a row from the contact given up."""
    copy_issue(contacts, row, earlier)
    reset(contacts, row)
    contacts[row].leg = WINDOW_LEG
    contacts[row].attempt = contacts[earlier].attempt
    contacts[row].unanswered = 0
    contacts[row].arrived_ms = now_ms
    contacts[row].joined_ms = contacts[earlier].joined_ms
    contacts[row].phase = WAITING
    contacts[row].until_ms = FOR_EVER_MS


@routine
def open_window(plan, contacts, row, now_ms, group, seat):
    """An agent takes an empty window; returns when she closes it, if she does nothing else."""
    take(contacts, row, now_ms, group, seat)
    wasted_ms = plan.chats.types[contacts[row].type].wasted_ms
    contacts[row].outcome = NOBODY_THERE
    contacts[row].talk_ms = wasted_ms
    contacts[row].phase = TALKING
    contacts[row].until_ms = now_ms + wasted_ms
    return contacts[row].until_ms


@rule
def close_window(contacts, row, now_ms):
    """End an empty window."""
    contacts[row].phase = CLOSED
    contacts[row].left_ms = now_ms


# --- emails --------------------------------------------------------------------------------------


@rule
def work_at(seats, places, seat):
    """The row of the only contact at an agent's desk; NOBODY where it is not one."""
    if seats[seat].chats != 1:
        return NOBODY
    place = first_place(seats, places, seat)
    while places[place].contact == NOBODY:
        place += 1
    return places[place].contact


@rule
def wait_for_ever(contacts, row):
    """Deferred work joins its queue, in which nobody gives up."""
    contacts[row].phase = WAITING
    contacts[row].until_ms = FOR_EVER_MS


@rule
def can_be_interrupted(plan, contacts, row, now_ms):
    """Whether an agent may put this work aside now."""
    may_stop = plan.deferred.types[contacts[row].type].interruptible == 1
    return may_stop and contacts[row].phase == TALKING and contacts[row].until_ms > now_ms

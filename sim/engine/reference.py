"""The engine to read: SimPy, one process per contact, told as that contact's day.

Slow and plain. It makes the same decisions as the compiled engine at the same moments, in the
same order, because both use the ranks of moments.py and the steps of steps/.
"""

from __future__ import annotations

from collections.abc import Generator

from sim.core.at_hand import at_hand
from sim.core.moments import (
    ARRIVAL,
    CALL_LEG,
    DUE_AGAIN,
    FIRST_LEG,
    GIVING_UP,
    OVERFLOW,
    SECOND_LEG,
    WINDOW_LEG,
)
from sim.core.tables import (
    AWAY,
    DUE_LATER,
    HANDING_OVER,
    NOBODY,
    OFFERING,
    PUT_ASIDE,
    PUT_BY,
    RINGING,
    STAYING,
    TALKING,
    TO_BE_CALLED,
    WAITING,
    WITH_BOT,
    WRAPPING,
    People,
)
from sim.domain.contacts.demand import Fortune
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.domain.offers.second_legs import CALLED_LATER, HERE
from sim.engine.reference_agents import Agents
from sim.engine.reference_clock import AFTER_SIMPY, Happening
from sim.engine.state import Carry, Span, end_ms, first_contacts
from sim.engine.steps.callbacks import (
    answers_call,
    book_ringing,
    has_callbacks,
    is_due_back,
    takes_callback,
    try_again,
    wait_to_be_called,
)
from sim.engine.steps.chats import (
    close_window,
    is_email,
    leave_window,
    leaves_window,
    other_chats,
    takes_line,
    wait_for_ever,
)
from sim.engine.steps.contact import (
    NO_MOMENT,
    arrive,
    balk,
    block,
    close,
    duty_ends,
    end_talk,
    enter,
    follow,
    give_up,
    next_contact_ms,
    offer,
    opens_at_ms,
    start_talk,
    wait,
    way_of,
    wrap_up,
)
from sim.engine.steps.messages import await_answer, is_to_go_on, write_again
from sim.engine.steps.second_legs import (
    end_ringing,
    expire,
    hand_on,
    put_by,
)
from sim.engine.steps.self_service import end_session, is_announcement, meet_bot
from sim.engine.steps.selling import is_kept_by_bot, product_to_offer
from sim.engine.steps.transfers import (
    end_advice,
    give_up_beside_agent,
    is_to_be_transferred,
    transfer,
)
from sim.plan.plan import Plan


def simulate(plan: Plan, fortune: Fortune, people: People, carry: Carry) -> Span:
    """Play the plan's span from what the last one left."""
    center = Center(at_hand(plan), at_hand(fortune), at_hand(people), carry)
    center.env.run(until=Happening(center.env, end_ms(plan), 0, -AFTER_SIMPY))
    return center.leave()


class Center(Agents):
    """Agents, and contacts: a process for each, told as its day."""

    def __init__(self, plan: Plan, fortune: Fortune, people: People, carry: Carry) -> None:
        super().__init__(plan, people, carry)
        self.fortune = fortune
        for row in range(self.rows):
            self.env.process(self.resumed(row))
        self.env.process(self.arrivals())

    def leave(self) -> Span:
        """What the engine leaves of the span."""
        for group in range(len(self.groups)):
            self.count_overtime(group, end_ms(self.plan))
        if len(self.places) > 0:
            self.book_desks(end_ms(self.plan))
        contacts = self.contacts[: self.rows]
        return Span(contacts, self.seats, self.groups, self.places, self.overtime_ms, self.desk_ms)

    # Processes ---------------------------------------------------------------------------------

    def arrivals(self) -> Generator:
        """New issues arrive one after the other."""
        arrivals = first_contacts(self.plan, self.fortune, self.people)
        for at_ms, name in zip(arrivals.at_ms.tolist(), arrivals.name.tolist(), strict=True):
            yield Happening(self.env, at_ms, ARRIVAL, name)
            row = self.new_row()
            enter(self.plan, self.fortune, self.contacts, row, name, at_ms)
            self.env.process(self.first_contact(row))

    def first_contact(self, row: int) -> Generator:
        """Somebody comes for the first time: to the bot, or to agents."""
        now = self.env.now
        if meet_bot(self.plan, self.people, self.contacts, row, now) == NO_MOMENT:
            yield from self.contact(row)
        else:
            yield from self.session(row)

    def again(self, row: int) -> Generator:
        """A redial or repeat, later; or the contact by which she announces that she leaves."""
        yield self.moment(row, DUE_AGAIN)
        if is_announcement(self.contacts, row):
            yield from self.first_contact(row)
        else:
            yield from self.contact(row)

    def session(self, row: int) -> Generator:
        """A session with the bot, which keeps the contact or hands it on."""
        yield self.moment(row, DUE_AGAIN)
        if not is_kept_by_bot(self.contacts, row):
            yield from self.contact(row)
            return
        while self._is_offered_something(row):
            yield self.moment(row, DUE_AGAIN)
        self._come_back_perhaps(row)

    def contact(self, row: int) -> Generator:
        """The day of a contact, from its arrival."""
        now = self.env.now
        if not arrive(self.plan, self.people, self.contacts, row, now):
            return
        if is_email(self.plan, self.contacts, row):
            wait_for_ever(self.contacts, row)
            yield from self.email(row)
            return
        line = takes_line(self.plan, self.contacts, row)
        if line and self.inside >= self.plan.routing.lines:
            block(self.contacts, row, now)
            self._come_back_perhaps(row)
            return
        seat = self.find_seat(row)
        if seat is None and balk(self.plan, self.contacts, row, now):
            self._come_back_perhaps(row)
            return
        if seat is None and self._takes_callback(row):
            wait_to_be_called(self.contacts, row)
            yield from self.callback(row)
            return
        self.inside += line
        if seat is None:
            wait(self.plan, self.contacts, row, now)
            yield from self.wait_and_talk(row)
        else:
            self.answer(row, seat)
            yield from self.talk(row)

    def callback(self, row: int) -> Generator:
        """A caller who keeps her place is rung when her turn comes, and perhaps again later."""
        while True:
            if self.columns.phase[row] == TO_BE_CALLED:
                answered = self.env.event()
                self.line_of(row)[row] = answered
                self._open_late(row)
                yield answered
            yield self.end(row)
            seat, now = int(self.columns.seat[row]), self.env.now
            if answers_call(self.plan, self.contacts, row):
                self.inside += 1
                start_talk(self.plan, self.contacts, row, now, int(self.seat_group[seat]), seat)
                yield from self.talk(row)
                return
            if try_again(self.plan, self.contacts, row, now) == NO_MOMENT:
                self._come_back_perhaps(row)
                self.free(seat)
                return
            self.free(seat)
            yield from self.called_again(row)

    def due_back(self, row: int) -> Generator:
        """Carried over between two calls."""
        yield from self.called_again(row)
        yield from self.callback(row)

    def called_again(self, row: int) -> Generator:
        """The time until the next call, for which somebody may be free at once."""
        yield self.moment(row, DUE_AGAIN)
        wait_to_be_called(self.contacts, row)
        seat = self.find_seat(row)
        if seat is not None:
            self.answer(row, seat)

    def second_leg(self, row: int) -> Generator:
        """A contact that was handed on: waiting, unless answered at once; then a specialist."""
        if self.columns.phase[row] == WAITING:
            yield from self.wait_and_talk(row)
        else:
            yield from self.with_specialist(row)

    def with_specialist(self, row: int) -> Generator:
        """The offer of a second leg, or what the first agent did not solve."""
        if self.columns.phase[row] == TALKING:
            yield from self.talk(row)
        else:
            yield from self.offer_and_wrap_up(row)

    def stay(self, row: int) -> Generator:
        """The agent stays until a specialist has taken over, or the customer has given up."""
        is_over = True
        if self.columns.phase[row] == STAYING:
            self.staying[row] = self.env.event()
            is_over = yield self.staying[row]
        if is_over:
            yield self.end(row)
        yield from self.wrap_up(row)

    def email(self, row: int) -> Generator:
        """Deferred work: it waits, and is worked on, as often as it is put aside."""
        done = False
        while not done:
            if self.columns.phase[row] != TALKING:
                taken = self.env.event()
                self.line_of(row)[row] = taken
                for group in self.groups_of(row):
                    self.expect_deferred_work(group)
                yield taken
            done = (yield self.end(row)) != PUT_ASIDE
        yield from self.talked(row)

    def lead(self, row: int) -> Generator:
        """Deferred work: a call, once an agent is idle enough and before it is too late."""
        taken = self.env.event()
        self.line_of(row)[row] = taken
        for group in self.groups_of(row):
            self.expect_deferred_work(group)
        yield taken | self.moment(row, GIVING_UP)
        if not taken.triggered:
            del self.line_of(row)[row]
            expire(self.contacts, row, self.env.now)
        elif self.columns.phase[row] == RINGING:
            yield from self.call(row)

    def call(self, row: int) -> Generator:
        """Ringing, then perhaps an offer."""
        yield self.end(row)
        if end_ringing(self.plan, self.people, self.contacts, row, self.env.now) != NO_MOMENT:
            yield from self.offer_and_wrap_up(row)
        else:
            self.done_with(row)

    def wait_and_talk(self, row: int) -> Generator:
        """Waiting, until an agent answers or patience ends."""
        answered = self.env.event()
        self.line_of(row)[row] = answered
        self._open_late(row)
        if self.columns.until_ms[row] < FOR_EVER_MS:
            yield answered | self.moment(row, GIVING_UP)
        else:
            yield answered
        if answered.triggered and self.columns.leg[row] == FIRST_LEG:
            yield from self.talk(row)
        elif answered.triggered and self.columns.leg[row] == WINDOW_LEG:
            yield from self.look_through_window(row)
        elif answered.triggered:
            yield from self.with_specialist(row)
        else:
            del self.line_of(row)[row]
            give_up(self.contacts, row, self.env.now)
            if leaves_window(self.plan, self.contacts, row):
                self._leave_window(row)
            self._hang_up(row)
            if self.columns.leg[row] == SECOND_LEG:
                first = int(give_up_beside_agent(self.contacts, row, self.env.now))
                if first != NOBODY:
                    self.staying.pop(first).succeed(False)

    def _open_late(self, row: int) -> None:
        """Further groups open to who waits."""
        for group in self.groups_of(row):
            if self.opens_late(row, group):
                opens_ms = int(opens_at_ms(self.plan, self.contacts, row, group))
                if opens_ms >= self.env.now:
                    self.env.process(self.overflow(row, opens_ms))

    def overflow(self, row: int, opens_ms: int) -> Generator:
        """A waiting contact becomes open to a further group."""
        yield Happening(self.env, opens_ms, OVERFLOW, self.columns.name[row], self.columns.leg[row])
        if row in self.line_of(row):
            seat = self.find_seat(row)
            if seat is not None:
                self.take_from_line(row, seat)

    def talk(self, row: int) -> Generator:
        """Conversation, and what follows."""
        yield self.end(row)
        while is_to_go_on(self.plan, self.contacts, row):
            self.end_phase(row)
            await_answer(self.plan, self.contacts, row, self.env.now)
            self.done_with(row)
            yield from self.answered_later(row)
            yield self.end(row)
        yield from self.talked(row)

    def away(self, row: int) -> Generator:
        """Carried over while the customer has not answered."""
        yield from self.answered_later(row)
        yield from self.talk(row)

    def answered_later(self, row: int) -> Generator:
        """Until the customer has answered, and an agent goes on with it."""
        yield self.moment(row, DUE_AGAIN)
        write_again(self.contacts, row, self.env.now)
        seat = self.find_seat(row)
        if seat is not None:
            self.answer(row, seat)
            return
        taken = self.env.event()
        self.line_of(row)[row] = taken
        self._open_late(row)
        yield taken

    def talked(self, row: int) -> Generator:
        """After conversation: perhaps a transfer, or an offer, here or in another leg; wrap-up."""
        self.end_phase(row)
        if self.columns.leg[row] == SECOND_LEG:
            end_advice(self.plan, self.contacts, row)
            yield from self.wrap_up(row)
            return
        now = self.env.now
        end_talk(self.plan, self.contacts, row, other_chats(self.seats, self.columns.seat[row]))
        if is_to_be_transferred(self.plan, self.contacts, row, now):
            yield from self.transfer(row)
            return
        state = self.state_of(int(self.columns.group[row]))
        product = product_to_offer(self.plan, self.people, self.contacts, row, now, state)
        if product != NOBODY and way_of(self.plan, product) == HERE:
            offer(self.plan, self.people, self.contacts, row, now, product)
            self.go_on(row)
            yield self.end(row)
            self.end_phase(row)
        elif product != NOBODY:
            self._go_on_elsewhere(row, product)
        yield from self.wrap_up(row)

    def transfer(self, row: int) -> Generator:
        """The contact goes on to specialists; the agent wraps up, or stays until one answers."""
        leg = self.new_row()
        stays = transfer(self.plan, self.contacts, leg, row, self.env.now)
        self._begin_second_leg(leg)
        if stays:
            yield from self.stay(row)
        else:
            yield from self.wrap_up(row)

    def offer_and_wrap_up(self, row: int) -> Generator:
        """An offer that is under way, to its end; then wrap-up."""
        yield self.end(row)
        self.end_phase(row)
        yield from self.wrap_up(row)

    def wrap_up(self, row: int) -> Generator:
        """The customer hangs up, the agent finishes."""
        ends_ms = wrap_up(self.plan, self.contacts, row, self.env.now)
        if self.columns.leg[row] != CALL_LEG and not self.contacts[row].handed_on:
            self._hang_up(row)
        if ends_ms != NO_MOMENT:
            self.go_on(row)
            yield from self.finish_wrap_up(row)
        else:
            self.done_with(row)

    def finish_wrap_up(self, row: int) -> Generator:
        """After-contact work ends and the agent is free."""
        yield self.end(row)
        self.end_phase(row)
        close(self.contacts, row)
        self.done_with(row)

    def look_through_window(self, row: int) -> Generator:
        """An empty window, until its agent closes it."""
        yield self.end(row)
        self.end_phase(row)
        close_window(self.contacts, row, self.env.now)
        self.done_with(row)

    def resumed(self, row: int) -> Generator:
        """A contact carried over goes on in its phase."""
        phase = self.columns.phase[row]
        if phase in (WAITING, TALKING, OFFERING):
            self.inside += takes_line(self.plan, self.contacts, row)
        if phase in (TALKING, OFFERING, WRAPPING):
            self.resume(row)
        if phase == TALKING and self.columns.leg[row] == WINDOW_LEG:
            return self.look_through_window(row)
        goes_on = {
            DUE_LATER: self.again, WAITING: self.wait_and_talk, TALKING: self.talk,
            OFFERING: self.offer_and_wrap_up, WRAPPING: self.finish_wrap_up,
            PUT_BY: self.lead, RINGING: self.call, WITH_BOT: self.session, PUT_ASIDE: self.email,
            TO_BE_CALLED: self.callback, STAYING: self.stay, HANDING_OVER: self.stay,
            AWAY: self.away,
        }  # fmt: skip
        if phase == RINGING and self.columns.leg[row] == FIRST_LEG:
            book_ringing(self.plan, self.contacts, self.desk_ms, row, int(self.env.now))
            return self.callback(row)
        if phase == DUE_LATER and is_due_back(self.contacts, row):
            return self.due_back(row)
        if phase in (WAITING, TALKING) and is_email(self.plan, self.contacts, row):
            return self.email(row)
        return goes_on[int(phase)](row)

    def _is_offered_something(self, row: int) -> bool:
        ends_ms = end_session(self.plan, self.people, self.contacts, row, self.env.now)
        return ends_ms != NO_MOMENT

    def _takes_callback(self, row: int) -> bool:
        if not has_callbacks(self.plan, self.contacts, row):
            return False
        expected_ms = self.expected_wait_ms(row)
        return bool(takes_callback(self.plan, self.contacts, row, expected_ms))

    # Contacts ----------------------------------------------------------------------------------

    def _go_on_elsewhere(self, row: int, product: int) -> None:
        """The offer is left to another leg: now by specialists, or later by an idle agent."""
        leg, now = self.new_row(), self.env.now
        if way_of(self.plan, product) == CALLED_LATER:
            put_by(self.plan, self.contacts, leg, row, now, product)
            self.env.process(self.lead(leg))
            return
        hand_on(self.plan, self.contacts, leg, row, now, product)
        self._begin_second_leg(leg)

    def _begin_second_leg(self, leg: int) -> None:
        """It is answered at once, or waits."""
        seat, now = self.find_seat(leg), self.env.now
        if seat is None or duty_ends(self.plan, self.groups, self.seat_group[seat], now):
            wait(self.plan, self.contacts, leg, now)
        else:
            self.answer(leg, seat)
        self.env.process(self.second_leg(leg))

    def _leave_window(self, row: int) -> None:
        """The window of a chat given up stays open, and waits on."""
        window = self.new_row()
        leave_window(self.contacts, window, row, self.env.now)
        self.env.process(self.wait_and_talk(window))

    def _hang_up(self, row: int) -> None:
        self.inside -= takes_line(self.plan, self.contacts, row)
        self._come_back_perhaps(row)

    def _come_back_perhaps(self, row: int) -> None:
        due_ms = int(next_contact_ms(self.plan, self.contacts, row, self.env.now))
        if due_ms != NO_MOMENT:
            later = self.new_row()
            follow(self.plan, self.contacts, later, row, due_ms)
            self.env.process(self.again(later))

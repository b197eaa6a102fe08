"""The agents of the reference engine: who comes and goes, who is free, and who takes whom."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.core.moments import DEFERRED, FIRST_LEG, SEATS_CHANGE, WINDOW_LEG
from sim.core.tables import BUSY, FREE, OFF_DUTY, PUT_ASIDE, PUT_BY, TO_BE_CALLED, People
from sim.engine.reference_clock import Clock, Happening
from sim.engine.reference_desks import Desks
from sim.engine.state import Carry, start_ms
from sim.engine.steps.callbacks import ring_back
from sim.engine.steps.chats import open_window, put_aside, take_up_again, work_at
from sim.engine.steps.contact import count_overtime, duty_ends, start_talk
from sim.engine.steps.messages import go_on_writing, is_in_conversation
from sim.engine.steps.second_legs import is_worth_a_call, start_call, start_selling
from sim.engine.steps.transfers import is_with_specialists, start_advice
from sim.plan.plan import Plan


class Agents(Desks):
    """The floor with agents, and what they do of their own accord."""

    def __init__(self, plan: Plan, people: People, carry: Carry) -> None:
        super().__init__(plan, carry, Clock(start_ms(plan), self._after_each))
        self.people = people
        self.staying: dict[int, simpy.Event] = {}  # the end of an agent's staying, by row
        self.env.process(self.levels())

    def levels(self) -> Generator:
        """Seats come and go by the plan: free ones go first, from the highest; busy ones later.

        Of those that come, seats on shift are first; of those that go, seats whose shift is over.
        """
        changes = self.plan.changes
        for i in range(len(changes)):
            group = int(changes[i].group)
            yield Happening(self.env, changes[i].at_ms, SEATS_CHANGE, group)
            self.count_overtime(group, int(self.env.now))
            difference = int(changes[i].level - self.groups[group].level)
            self.groups[group].level = changes[i].level
            self.groups[group].closed = changes[i].closed
            if difference > 0:
                self._add_seats(group, difference)
            elif difference < 0:
                self._remove_seats(group, -difference)

    # Coming and going --------------------------------------------------------------------------

    def _add_seats(self, group: int, more: int) -> None:
        cancelled = min(more, int(self.groups[group].owed))
        self.groups[group].owed -= cancelled
        by_number = self.seats_in(group, OFF_DUTY)
        off_shift = [seat for seat in by_number if not self.is_on_shift(seat)]
        on_shift = [seat for seat in by_number if self.is_on_shift(seat)]
        for seat in (on_shift + off_shift)[: more - cancelled]:
            self.state[seat] = BUSY
            self.groups[group].busy += 1
            self.free(seat)

    def _remove_seats(self, group: int, fewer: int) -> None:
        from_highest = self.seats_in(group, FREE)[::-1]
        leaving = sorted(from_highest, key=self.is_on_shift)[:fewer]  # a stable sort
        for seat in leaving:
            self.state[seat] = OFF_DUTY
        self.groups[group].owed += fewer - len(leaving)
        # Agents freed at the moment of a drop took nothing; those who stay take contacts now.
        while self.seats_in(group, FREE) and (row := self.next_waiting(group)) is not None:
            self.take_from_line(row, self.longest_idle(group))

    def _after_each(self) -> None:
        """Agents in chats who have room for another one take who waits first, if it is a chat.

        To whom a group opens at this very moment, it does at a moment of its own.
        """
        for group in range(len(self.groups)) if len(self.places) else ():
            if duty_ends(self.plan, self.groups, group, self.env.now):
                continue
            while (row := self.next_waiting(group, int(self.env.now) - 1)) is not None:
                seat = self.seat_with_room(group, row) if self.is_written(row) else None
                if seat is None:
                    break
                self.take_from_line(row, seat)

    def find_seat(self, row: int) -> int | None:
        """Who takes a contact now: an agent who is free, or puts an email aside for it."""
        seat = self.free_seat(row)
        if seat is None and len(self.places):
            seat = self.seat_to_interrupt(row)
            if seat is not None:
                self._interrupt(seat)
        return seat

    def _interrupt(self, seat: int) -> None:
        """An agent puts her email aside."""
        row = int(work_at(self.seats, self.places, seat))
        put_aside(
            self.plan, self.contacts, self.seats, self.places, self.desk_ms, row, self.env.now
        )
        self.groups[int(self.seat_group[seat])].busy -= 1
        self.ends.pop(row).succeed(PUT_ASIDE)

    def done_with(self, row: int) -> None:
        """A contact is over: its agent is free, unless she has other chats."""
        seat = int(self.columns.seat[row])
        if self.is_written(row) and self.leave_chat(row, seat) > 0:
            self.groups[int(self.seat_group[seat])].busy -= 1
        else:
            self.free(seat)

    def free(self, seat: int) -> None:
        """A freed agent leaves if a seat is owed, else takes a waiting contact, else idles."""
        group = int(self.seat_group[seat])
        ends = duty_ends(self.plan, self.groups, group, self.env.now)
        row = None if ends else self.next_waiting(group)
        if self.groups[group].owed > 0 and (row is None or not self.groups[group].closed):
            self.count_overtime(group, int(self.env.now))
            self.groups[group].owed -= 1
            self.groups[group].busy -= 1
            self.state[seat] = OFF_DUTY
        elif row is None:
            self.groups[group].busy -= 1
            self.state[seat] = FREE
            self.idle_since_ms[seat] = self.env.now
            self.expect_deferred_work(group)
        else:
            answered = self.line_of(row).pop(row)
            self._start(row, seat)
            answered.succeed()

    def take_from_line(self, row: int, seat: int) -> None:
        """An agent who is free, or has room for a chat, takes a waiting contact."""
        answered = self.line_of(row).pop(row)
        self.answer(row, seat)
        answered.succeed()

    def answer(self, row: int, seat: int) -> None:
        """An agent who is free, or has room for a chat, takes the contact."""
        self.set_to_work(seat)
        self._start(row, seat)

    def _start(self, row: int, seat: int) -> None:
        """The conversation starts; in a second leg that is the offer, or what was not solved."""
        now, group = self.env.now, int(self.seat_group[seat])
        if self.columns.phase[row] == TO_BE_CALLED:
            ring_back(self.plan, self.contacts, self.desk_ms, row, now, group, seat)
        elif is_in_conversation(self.plan, self.contacts, row):
            go_on_writing(self.plan, self.contacts, row, now, group, seat)
        elif self.columns.leg[row] == FIRST_LEG:
            start_talk(self.plan, self.contacts, row, now, group, seat)
        elif self.columns.leg[row] == WINDOW_LEG:
            open_window(self.plan, self.contacts, row, now, group, seat)
        elif is_with_specialists(self.plan, self.contacts, row):
            first = int(start_advice(self.plan, self.contacts, row, now, group, seat))
            if first in self.staying:
                self.staying.pop(first).succeed(True)
        else:
            start_selling(self.plan, self.people, self.contacts, row, now, group, seat)
        self.begin(row, seat)

    def expect_deferred_work(self, group: int) -> None:
        """If agents are idle enough, look once all else at this moment is done."""
        if self.next_deferred(group) is not None:
            self.env.process(self.idle(group))

    def count_overtime(self, group: int, now_ms: int) -> None:
        """Book the time of owed seats until now."""
        first_cell = self.plan.demand.first_cell
        count_overtime(self.overtime_ms, self.groups, group, now_ms, first_cell)

    def idle(self, group: int) -> Generator:
        """When all else is done, the agents idle longest take up deferred work, oldest first."""
        yield Happening(self.env, int(self.env.now), DEFERRED, group)
        while (row := self.next_deferred(group)) is not None:
            taken, phase = self.line_of(row).pop(row), self.columns.phase[row]
            if phase != PUT_BY or is_worth_a_call(
                self.plan, self.people, self.contacts, row, self.env.now
            ):
                seat = self.longest_idle(group)
                self.set_to_work(seat)
                if phase == PUT_BY:
                    start_call(self.plan, self.contacts, row, self.env.now, group, seat)
                elif phase == PUT_ASIDE:
                    take_up_again(self.contacts, row, self.env.now, group, seat)
                else:
                    start_talk(self.plan, self.contacts, row, self.env.now, group, seat)
                self.begin(row, seat)
            taken.succeed()

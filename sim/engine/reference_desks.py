"""How the reference engine keeps ends of service: of a call once, of chats whenever they change.

The process of a chat waits for an event of its own. Whenever its end moves another moment is
entered; one that has lapsed does nothing.
"""

from __future__ import annotations

import simpy

from sim.engine.reference_clock import Happening
from sim.engine.reference_floor import Floor
from sim.engine.state import Carry, blank_desk_ms
from sim.engine.steps.chats import (
    begin_phase,
    bring_forward,
    end_phase,
    first_place,
    has_lapsed,
    keep_pace,
    kind_of_end,
    place_of,
    sit_down,
    stand_up,
)
from sim.plan.plan import Plan


class Desks(Floor):
    """The floor with agents who have several chats, or a call."""

    def __init__(self, plan: Plan, carry: Carry, env: simpy.Environment) -> None:
        super().__init__(plan, carry, env)
        self.desk_ms = blank_desk_ms(plan, self.places)
        self.ends: dict[int, simpy.Event] = {}  # of the phases of chats, by row

    def begin(self, row: int, seat: int) -> None:
        """Service by an agent begins; chats beside it go on at another speed."""
        if self.is_written(row):
            sit_down(
                self.plan, self.contacts, self.seats, self.places, self.desk_ms, seat, row,
                self.env.now,
            )  # fmt: skip
            self._keep_pace(seat, row)

    def go_on(self, row: int) -> None:
        """The next phase of service begins."""
        if self.is_written(row):
            begin_phase(self.contacts, self.seats, self.places, row, self.env.now)
            place = place_of(self.seats, self.places, self.columns.seat[row], row)
            keep_pace(self.plan, self.contacts, self.seats, self.places, place, self.env.now)
            self._expect_end(row)

    def resume(self, row: int) -> None:
        """A contact carried over is in a phase of service."""
        if self.is_written(row):
            self._expect_end(row)

    def end(self, row: int) -> simpy.Event:
        """The end of the phase of service."""
        return self.ends[row] if self.is_written(row) else self._moment_of_end(row)

    def end_phase(self, row: int) -> None:
        """A phase of service ends."""
        if self.is_written(row):
            end_phase(
                self.plan, self.contacts, self.seats, self.places, self.desk_ms, row, self.env.now
            )

    def leave_chat(self, row: int, seat: int) -> int:
        """A chat is over, those beside it go on at another speed; returns how many are left."""
        stand_up(self.seats, self.places, seat, row, self.env.now)
        self._keep_pace(seat)
        return int(self.seats[seat].chats)

    def book_desks(self, now_ms: int) -> None:
        """Book the time of all agents in chats until now."""
        for seat in range(len(self.seats)):
            bring_forward(
                self.plan, self.contacts, self.seats, self.places, self.desk_ms, seat, now_ms
            )

    def _keep_pace(self, seat: int, new_row: int | None = None) -> None:
        here = (first_place(self.seats, self.places, one) for one in (seat, seat + 1))
        for place in range(*here):
            moved = keep_pace(
                self.plan, self.contacts, self.seats, self.places, place, self.env.now
            )
            row = int(self.places[place].contact)
            if moved or row == new_row:
                self._expect_end(row)

    def _expect_end(self, row: int) -> None:
        """Enter when the phase of a chat ends, as things are now."""
        if row not in self.ends:
            self.ends[row] = self.env.event()
        kind = kind_of_end(self.columns.phase[row])

        def perhaps(_: simpy.Event) -> None:
            """End the phase, unless its end has moved."""
            if row in self.ends and not has_lapsed(self.contacts, row, kind, self.env.now):
                self.ends.pop(row).succeed()

        self._moment_of_end(row).callbacks.append(perhaps)

    def _moment_of_end(self, row: int) -> Happening:
        return self.moment(row, kind_of_end(self.columns.phase[row]))

    def moment(self, row: int, kind: int) -> Happening:
        """The end of the contact's phase."""
        columns = self.columns
        return Happening(self.env, columns.until_ms[row], kind, columns.name[row], columns.leg[row])

"""SimPy's clock with our moments: each at its time and in its rank."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.core.moments import FIRST_LEG, rank

AFTER_SIMPY = 2  # SimPy's own events, with priorities 0 and 1, come before any of ours


class Happening(simpy.Event):
    """A kind of moment in the day of a contact: it happens at its time and in its rank."""

    def __init__(
        self, env: simpy.Environment, at_ms: int, kind: int, name: int, leg: int = FIRST_LEG
    ) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        priority = AFTER_SIMPY + int(rank(kind, int(name), int(leg)))
        env.schedule(self, priority, int(at_ms) - env.now)  # type: ignore[arg-type]


class Clock(simpy.Environment):
    """Calls `after_each` when a moment of ours, and all that follows from it at once, is done."""

    def __init__(self, start_ms: int, after_each: Callable[[], None]) -> None:
        super().__init__(initial_time=start_ms)
        self._after_each, self._is_due = after_each, False

    def step(self) -> None:
        """Process the next event."""
        if self._is_due and self._next_is_another():
            self._is_due = False
            self._after_each()
        self._is_due |= self._queue[0][1] >= AFTER_SIMPY
        super().step()

    def _next_is_another(self) -> bool:
        at_ms, priority = self._queue[0][:2]
        return at_ms > self.now or priority >= AFTER_SIMPY

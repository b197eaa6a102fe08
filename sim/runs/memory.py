"""Check before play whether there is enough memory.

What counts are the records of contacts of a week, the customers, and the tallies of all
replications, which are held twice while they are put side by side.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.errors import Fault, RunError
from sim.core.tables import CONTACT, CUSTOMER
from sim.domain.contacts.demand import season_weights
from sim.scenario.scenario import Scenario
from sim.weeks.counts import blank_tally
from sim.weeks.play import size_of

A_CONTACT_BYTES = 6 * CONTACT.itemsize
"""A safe guess for a contact with its tries and its places in queue and calendar."""
FREE_BYTES = 300_000_000
"""Bytes that the program itself takes."""
_GROUPS = Path("/sys/fs/cgroup")


def workers_that_fit(scenario: Scenario, replications: int, workers: int) -> int:
    """How many of the wanted workers fit into memory.

    Raises RunError where it does not suffice for one.
    """
    available = available_bytes()
    fixed, each = needed_bytes(scenario, replications)
    if available is None or fixed + workers * each <= available:
        return workers
    if fixed + each <= available:
        return int((available - fixed) // each)
    week = max_weekly_contacts(scenario)
    what = (
        f"{scenario.tree.file} needs about {_shown(fixed + each)} of memory ({week:,.0f} contacts"
        f" in a week, {replications:,} replications), and {_shown(available)} are free"
    )
    remedy = "correct the volume, play fewer replications, or use a larger machine"
    raise RunError(Fault(what, remedy))


def needed_bytes(scenario: Scenario, replications: int) -> tuple[float, float]:
    """Bytes that a run takes in any case, and those that each worker takes beside them."""
    tally = sum(array.nbytes for array in blank_tally(size_of(scenario)))
    customers = sum(
        s.count * scenario.blocks_in_the_end(s) for s in scenario.spec.customers.values()
    )
    each = max_weekly_contacts(scenario) * A_CONTACT_BYTES + customers * CUSTOMER.itemsize * 2
    return FREE_BYTES + 2.0 * replications * tally, each


def max_weekly_contacts(scenario: Scenario) -> float:
    """Typed contacts of the busiest week."""
    weeks = range(min(scenario.spec.horizon.n_weeks, int(WEEKS_PER_YEAR)))
    busiest = 0.0
    for name, contact in scenario.spec.contacts.items():
        events = scenario.event_factors(name)
        factor = max(season_weights(contact.volume))
        most = max((events.get(week, 1.0) for week in weeks), default=1.0)
        busiest += scenario.weekly_contacts(name) * factor * most
    return busiest


def available_bytes() -> float | None:
    """Bytes that are free for us; None where the system does not say."""
    found = [_free_of_machine(), _free_of_group(), _free_of_process()]
    known = [one for one in found if one is not None]
    return min(known) if known else None


def _free_of_machine() -> float | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024.0 * int(line.split()[1])
    with suppress(OSError, ValueError, AttributeError):
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return None


def _free_of_group() -> float | None:
    """Bytes that a container may still take; None where there is no limit."""
    with suppress(OSError, ValueError):
        most, now = (
            int((_GROUPS / name).read_text(encoding="ascii"))
            for name in ("memory.max", "memory.current")
        )
        return float(most - now)
    return None


def _free_of_process() -> float | None:
    """Bytes that `ulimit -v` leaves; None where there is no limit."""
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return float(most - pages * os.sysconf("SC_PAGE_SIZE"))
    return None


def _shown(size: float) -> str:
    return f"{size / 1e9:.1f} GB"

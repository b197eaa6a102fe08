"""The calls of a small bank's contact center in January 1999, read from the research data.

Source: Technion "Anonymous Bank" data, Mandelbaum, Sakov and Zeltyn 2000. The calls themselves
are not part of this project; only facts computed from them are.
"""

from __future__ import annotations

import csv
import datetime
import gzip
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[3] / "shared" / "reference" / "data"
CALLS = DATA / "bank_1999_january_calls.csv.gz"
PROFILE = DATA / "bank_1999_january_profile.csv"
SUMMARY = DATA / "bank_1999_january_summary.json"

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CODES = {"PS": "banking", "NW": "prospective", "NE": "stock", "IN": "internet"}
OTHER = "other"
TYPES = (*CODES.values(), OTHER)
REGULAR, HIGH = 1, 2  # priority of identified customers; high ones have a head start
HALF_HOUR_S = 1800
DAY_S = 86_400
HALF_HOURS = DAY_S // HALF_HOUR_S


class Call(NamedTuple):
    """A call that reached the agents' door; times in seconds from midnight of its day."""

    day: datetime.date
    type_: str
    customer: int  # 0: not identified
    priority: int  # recorded only of those who queued
    entry_s: int
    queued_s: int  # when it joined the queue, or left the voice menu for an agent
    wait_s: int
    answered: bool
    start_s: int
    service_s: int
    agent: str  # empty: none is named

    @property
    def half_hour(self) -> int:
        """Half hour of the day in which it came in."""
        return self.entry_s // HALF_HOUR_S

    @property
    def end_s(self) -> int:
        """End of the service."""
        return self.start_s + self.service_s

    @property
    def served(self) -> bool:
        """Whether a service was recorded; some answered calls have neither start nor duration."""
        return self.answered and bool(self.start_s or self.service_s)


def read_calls(file: Path = CALLS) -> list[Call]:
    """Return the calls that were answered or gave up in the queue, in the order of the file.

    Who hung up in the voice menu never reached the agents' door; phantom rows are no calls.
    """
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        _call(row)
        for row in rows
        if row["outcome"] == "AGENT" or (row["outcome"] == "HANG" and int(row["q_time"]) > 0)
    ]


def _call(row: dict[str, str]) -> Call:
    wait_s = int(row["q_time"])
    return Call(
        day=datetime.datetime.strptime(row["date"], "%y%m%d").date(),
        type_=CODES.get(row["type"], OTHER),
        customer=int(row["customer"]),
        priority=int(row["priority"]),
        entry_s=_seconds(row["vru_entry"]),
        queued_s=_seconds(row["q_start"] if wait_s else row["vru_exit"]),
        wait_s=wait_s,
        answered=row["outcome"] == "AGENT",
        start_s=_seconds(row["ser_start"]),
        service_s=int(row["ser_time"]),
        agent=row["agent"],
    )


def _seconds(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def days_by_weekday(calls: list[Call]) -> list[int]:
    """[weekday] days on which there were calls."""
    days = {call.day for call in calls}
    return [sum(day.weekday() == weekday for day in days) for weekday in range(len(WEEKDAYS))]

"""Waiting lines and idle agents as linked lists in arrays: join, leave and take in O(1).

A newcomer walks from the end past those it must precede; mostly there are none.
"""

from typing import NamedTuple

import numpy as np

from sim.core.rules import rule
from sim.core.tables import record, table

END = -1

LINE = record(first=np.int64, last=np.int64, length=np.int64)
LINK = record(after=np.int64, before=np.int64)


class Lines(NamedTuple):
    """Several doubly linked lists over the rows of one table."""

    ends: np.recarray  # [list] LINE
    links: np.recarray  # [row] LINK


def empty_lines(lists: int, rows: int) -> Lines:
    """Lists without rows."""
    return Lines(table(LINE, lists, first=END, last=END), table(LINK, rows, after=END, before=END))


def with_room(lines: Lines, rows: int) -> Lines:
    """The same lists with room for more rows."""
    links = table(LINK, rows, after=END, before=END)
    links[: len(lines.links)] = lines.links
    return lines._replace(links=links)


@rule
def insert(lines, line, row, behind):
    """Put a row behind another of the list, or first if `behind` is END."""
    ends, links = lines.ends, lines.links
    next_row = ends[line].first if behind == END else links[behind].after
    links[row].before = behind
    links[row].after = next_row
    if behind == END:
        ends[line].first = row
    else:
        links[behind].after = row
    if next_row == END:
        ends[line].last = row
    else:
        links[next_row].before = row
    ends[line].length += 1


@rule
def remove(lines, line, row):
    """Take a row out of its list."""
    ends, links = lines.ends, lines.links
    previous, next_row = links[row].before, links[row].after
    if previous == END:
        ends[line].first = next_row
    else:
        links[previous].after = next_row
    if next_row == END:
        ends[line].last = previous
    else:
        links[next_row].before = previous
    ends[line].length -= 1


@rule
def join_waiting(lines, contacts, row):
    """A contact joins the line of its queue in the order of waiting time, ties by name."""
    line = contacts[row].queue
    joined_ms, name = contacts[row].joined_ms, contacts[row].name
    behind = lines.ends[line].last
    while behind != END and (
        contacts[behind].joined_ms > joined_ms
        or (contacts[behind].joined_ms == joined_ms and contacts[behind].name > name)
    ):
        behind = lines.links[behind].before
    insert(lines, line, row, behind)


@rule
def longest_idle(idle, group):
    """The seat idle longest, as wide as every seat is: machine code is made for each width."""
    return np.int64(idle.ends[group].first)


@rule
def join_idle(lines, line, seats, seat):
    """A seat joins a line in the order of idle time, ties by number."""
    since_ms = seats[seat].idle_since_ms
    behind = lines.ends[line].last
    while behind != END and (
        seats[behind].idle_since_ms > since_ms
        or (seats[behind].idle_since_ms == since_ms and behind > seat)
    ):
        behind = lines.links[behind].before
    insert(lines, line, seat, behind)

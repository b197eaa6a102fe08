"""THE order of simultaneous moments, and the names by which further ties are broken.

`rank(kind, name, leg)` is one integer: the compiled engine's heap key and SimPy's priority. Agents
are freed before anything else happens at a moment, customers give up before others arrive, and
work that can wait is taken up when all else is done. Every further tie goes to the lower name and
then to the earlier leg, never to a row number, so no change elsewhere in a scenario can turn a tie
around.

A name packs (type, cell, segment, block, k) of an issue. Attempts are not part of it: an issue has
one live contact at a time, so two of them never tie. One bit is enough for the leg: only a contact
that solved its issue goes on in another leg, and in one only.
"""

from sim.core.rules import rule

END_OF_WORK = 0  # of ringing, an offer or wrap-up: the contact's phase says which
END_OF_TALK = 1
SEATS_CHANGE = 2
OVERFLOW = 3
GIVING_UP = 4
DUE_AGAIN = 5
ARRIVAL = 6
DEFERRED = 7  # deferred work: its name is that of the group with idle agents

TYPE_BITS = 6
CELL_BITS = 20
SEGMENT_BITS = 4
BLOCK_BITS = 5
NUMBER_BITS = 24
NAME_BITS = TYPE_BITS + CELL_BITS + SEGMENT_BITS + BLOCK_BITS + NUMBER_BITS

MOST_TYPES = 1 << TYPE_BITS
MOST_CELLS = 1 << CELL_BITS
MOST_SEGMENTS = 1 << SEGMENT_BITS
MOST_BLOCKS = 1 << BLOCK_BITS
MOST_PER_CELL = 1 << NUMBER_BITS

# Legs of a contact: as it came; handed on to specialists; a call of ours to follow it up; the empty
# window that whoever gave up a chat has left.
FIRST_LEG, SECOND_LEG, CALL_LEG, WINDOW_LEG = 1, 2, 3, 4

_KIND_SHIFT = NAME_BITS + 1

# Cells count from the start of the horizon; those of a warm-up are negative.
MOST_WARM_UP_CELLS = 1 << 16

_BLOCK_SHIFT = NUMBER_BITS
_SEGMENT_SHIFT = _BLOCK_SHIFT + BLOCK_BITS
_CELL_SHIFT = _SEGMENT_SHIFT + SEGMENT_BITS
_TYPE_SHIFT = _CELL_SHIFT + CELL_BITS
# Of issues that arrive in the same cell a shorter key will do: the moment, then all but the cell.
_MOMENT_SHIFT = _CELL_SHIFT + TYPE_BITS


@rule
def rank(kind, name, leg):
    """The order of a moment among those at the same millisecond; lower comes first."""
    return (kind << _KIND_SHIFT) | (name << 1) | (leg > FIRST_LEG)


@rule
def name_of(type_, cell, segment, block, number):
    """The name of an issue: the `number`-th of its type, cell, segment and block."""
    return (
        (type_ << _TYPE_SHIFT)
        | ((cell + MOST_WARM_UP_CELLS) << _CELL_SHIFT)
        | (segment << _SEGMENT_SHIFT)
        | (block << _BLOCK_SHIFT)
        | number
    )


@rule
def kind_of(ranked):
    """The kind of moment in a rank."""
    return ranked >> _KIND_SHIFT


@rule
def key_in_cell(moment_ms, type_, segment, block, number):
    """One integer by which issues of a cell sort: moment (ms since the cell began), then name."""
    return (
        (moment_ms << _MOMENT_SHIFT)
        | (type_ << _CELL_SHIFT)
        | (segment << _SEGMENT_SHIFT)
        | (block << _BLOCK_SHIFT)
        | number
    )


@rule
def moment_of_key(key):
    """The milliseconds since the cell began in a key."""
    return key >> _MOMENT_SHIFT


@rule
def name_of_key(key, cell):
    """The name of the issue with this key in a cell."""
    type_ = (key >> _CELL_SHIFT) & (MOST_TYPES - 1)
    segment = (key >> _SEGMENT_SHIFT) & (MOST_SEGMENTS - 1)
    block = (key >> _BLOCK_SHIFT) & (MOST_BLOCKS - 1)
    return name_of(type_, cell, segment, block, key & (MOST_PER_CELL - 1))


@rule
def type_of(name):
    """The contact type in a name."""
    return name >> _TYPE_SHIFT


@rule
def segment_of(name):
    """The customer segment in a name."""
    return (name >> _SEGMENT_SHIFT) & (MOST_SEGMENTS - 1)


@rule
def block_of(name):
    """The block of customers in a name."""
    return (name >> _BLOCK_SHIFT) & (MOST_BLOCKS - 1)


@rule
def cell_of(name):
    """The cell (quarter of an hour since the start) in a name."""
    return ((name >> _CELL_SHIFT) & (MOST_CELLS - 1)) - MOST_WARM_UP_CELLS


@rule
def number_of(name):
    """The number within type, cell, segment and block in a name."""
    return name & (MOST_PER_CELL - 1)

"""Named tuples at hand are what they were, and numba runs the same machine code for them."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pytest

from sim.core.at_hand import at_hand
from sim.core.tables import record, table

SEAT = record(number=np.int64)


class Inner(NamedTuple):
    """One table in another."""

    seats: np.ndarray


class Tables(NamedTuple):
    """As a plan is: numbers, tables, and tables of tables."""

    weights: np.ndarray
    inner: Inner


def tables() -> Tables:
    """Weights 1, 2, 3 and a seat of number 4."""
    return Tables(np.array([1.0, 2.0, 3.0]), Inner(table(SEAT, 1, number=4)))


def total():
    """A function in machine code that has not run yet."""

    @numba.njit
    def added(given):
        return given.weights.sum() + given.inner.seats[0].number

    return added


@pytest.mark.parametrize("first", [tables, lambda: at_hand(tables())], ids=["plain", "at hand"])
def test_the_same_machine_code_runs(first):
    """Whichever comes first: it is compiled once."""
    added = total()
    assert added(first()) == added(tables()) == added(at_hand(tables())) == 10
    assert len(added.signatures) == 1


def test_it_is_what_it_was():
    """The very tables, by the same names; what is written into one is in both."""
    plain = tables()
    same = at_hand(plain)
    assert isinstance(same, Tables)
    assert all(one is other for one, other in zip(same, plain, strict=True))
    same.weights[0] = 5
    assert total()(same) == total()(plain) == 14


def test_numba_is_told_its_type_and_looks_at_no_table():
    """Else each call would look at every table of a plan."""
    same = at_hand(tables())
    assert numba.typeof(same) == numba.typeof(tables())
    assert same._numba_type_ == numba.typeof(tables())
    assert not hasattr(same, "_asdict")  # by which it knows that it may look


def test_other_types_of_the_same_names_are_told_apart():
    """Tables that may not be written are another type; so are whole numbers."""
    fixed = tables()
    fixed.weights.flags.writeable = False
    whole = tables()._replace(weights=np.array([1, 2, 3]))
    added = total()
    assert [added(at_hand(given)) for given in (tables(), fixed, whole)] == [10, 10, 10]
    assert len(added.signatures) == 3

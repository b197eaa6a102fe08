"""Rows of tables, filled by name: no column is forgotten, and none takes the place of another."""

import numpy as np
import pytest

from sim.core.tables import record, rows_by_name

POINT = record(x=np.int64, y=np.float64)


def test_rows_are_filled_by_name_in_any_order():
    """An order of keys is no order of columns."""
    rows = rows_by_name(POINT, [{"x": 1, "y": 2.5}, {"y": 0.5, "x": 3}])
    assert rows.x.tolist() == [1, 3]
    assert rows.y.tolist() == [2.5, 0.5]
    assert len(rows_by_name(POINT, [])) == 0


@pytest.mark.parametrize("row", [{"x": 1}, {"x": 1, "y": 2, "z": 3}])
def test_a_forgotten_or_unknown_column_is_refused(row):
    """It would be 0, or lost."""
    with pytest.raises(ValueError, match=r": (y|z)$"):
        rows_by_name(POINT, [row])

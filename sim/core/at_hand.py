"""Named tuples that are handed to rules again and again from Python, with their type at hand.

At each call numba asks a named tuple for the types of all that is in it. For a plan of a hundred
tables that takes ten times as long as most rules. One that is at hand tells its type at once, by
the name under which numba asks what it does not know; what rules are given is the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn, TypeVar

Tables = TypeVar("Tables", bound=tuple)

_types: dict[bytes, Any] = {}


def at_hand(tables: Tables) -> Tables:
    """The same named tuple, for many calls of rules; nothing in it may be replaced."""
    from numba import typeof
    from numba._dispatcher import compute_fingerprint

    key = compute_fingerprint(tables)
    if key not in _types:
        _types[key] = typeof(tables)
    same = tuple.__new__(_at_hand(type(tables)), tables)
    same._numba_type_ = _types[key]
    return same


@cache
def _at_hand(kind: type) -> Any:
    """The class of named tuples of this kind whose types are at hand."""
    from numba.extending import typeof_impl

    made = type(kind.__name__, (kind,), {"_asdict": property(_hidden)})
    typeof_impl.register(made)(lambda tables, _: tables._numba_type_)
    return made


def _hidden(_: Any) -> NoReturn:
    """Numba knows by `_asdict` that it may look into a named tuple."""
    raise AttributeError

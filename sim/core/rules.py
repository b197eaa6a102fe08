"""Rules: plain functions of numbers and tables, compiled when an engine is first needed.

`@rule` only registers a function, so that a scenario can be validated without importing numba.
`compile_rules` replaces each registered function by its compiled form in every module that
holds it. Both engines then call the same machine code. A `@rule` is compiled into its caller:
handing over a plan of many tables takes longer than most rules. A `@routine` stands alone: it is a
long formula that many rules call, or work that Python calls once a week. Neither may allocate
memory: without reference counts the event loop is ten times as fast.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

from sim.core.machine_code import cache_folder, is_kept, seal

Function = TypeVar("Function", bound=Callable[..., Any])

_rules: list[Callable[..., Any]] = []
_routines: set[Callable[..., Any]] = set()
_machine_forms: dict[Callable[..., Any], Callable[..., Any]] = {}
_compiler: Callable[[Any], Any] | None = None


def rule(function: Function) -> Function:
    """Register a function to be compiled; until then it runs as plain Python."""
    return _register(function)


def routine(function: Function) -> Function:
    """Register a function that is compiled on its own and called."""
    _routines.add(function)
    return rule(function)


def renamed(function: Function, name: str) -> Function:
    """The same function under another name: machine code is kept by name."""
    same = FunctionType(function.__code__, function.__globals__, name, function.__defaults__)
    same.__doc__, same.__module__, same.__qualname__ = function.__doc__, function.__module__, name
    return cast(Function, same)


def in_machine_code(form: Callable[..., Any]) -> Callable[[Function], Function]:
    """Register a function whose compiled form is written differently from its plain form."""

    def register(function: Function) -> Function:
        """Remember the form to be compiled, and register the plain one."""
        _machine_forms[function] = form
        return _register(function)

    return register


def _register(function: Function) -> Function:
    if _compiler is not None:  # this module was imported after the rules were compiled
        return _compiler(function)
    _rules.append(function)
    return function


def compile_rules() -> None:
    """Compile every registered rule and put it in the place of the plain function."""
    global _compiler
    _compiler = _make_compiler()
    compiled = {function: _compiler(function) for function in _rules}
    _rules.clear()
    for name, module in list(sys.modules.items()):
        if name == "sim" or name.startswith("sim."):
            for attribute, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and value in compiled:
                    setattr(module, attribute, compiled[value])


def _make_compiler() -> Callable[[Any], Any]:
    import numba

    from sim.core.inlined import Inlined, collect_no_garbage_while_compiling

    collect_no_garbage_while_compiling()
    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    plain_python = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]

    # No C code calls a rule, and none counts references.
    options = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}

    def on_its_own(form: Callable[..., Any]) -> Any:
        """Machine code that Python can call."""
        compiled = numba.njit(form, cache=True, **options)  # type: ignore[call-overload]
        seal(compiled)
        return compiled

    def compiler(function: Callable[..., Any]) -> Callable[..., Any]:
        """What takes the place of a registered function."""
        if plain_python:
            return function
        form = _machine_forms.get(function, function)
        if function in _routines:
            return on_its_own(form)
        return Inlined(form, on_its_own(form), options)

    return compiler


def compiled_before(function: Callable[..., Any]) -> bool:
    """Whether machine code of a compiled rule is kept, from these sources for this processor."""
    return is_kept(function)

"""How a rule is compiled into its callers, in two thirds of the time that numba takes by itself.

Numba gives each function machine code of its own, a wrapper by which Python can call it, and a
file on disk. A rule needs none of them: its code is part of every caller, and Python calls a form
of its own (`for_python`). So a rule stops at optimised intermediate code, which its callers link.
This reaches into numba where it has no door; the versions that fit stand in pyproject.toml.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from numba.core import event
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher


class Inlined(CPUDispatcher):
    """A rule: callers in machine code take its code in, Python calls `for_python`."""

    def __init__(self, rule: Callable[..., Any], for_python: Any, options: dict[str, Any]) -> None:
        without_wrapper = {"no_cpython_wrapper": True, "forceinline": True}
        super().__init__(
            py_func=rule,
            locals={},
            targetoptions={"nopython": True, "boundscheck": None, **options, **without_wrapper},
            pipeline_class=_UpToLinking,
        )
        self.for_python = for_python

    def __call__(self, *args: Any) -> Any:
        """Run the form that Python can call."""
        return self.for_python(*args)


class _UpToLinking(Compiler):
    """Numba's compiler; its result is linked into callers and never run by itself."""

    def __init__(self, typing: Any, target: Any, _library: Any, *rest: Any) -> None:
        super().__init__(typing, target, _CodeToLink(target.codegen(), "rule"), *rest)


class _CodeToLink(JITCodeLibrary):
    """Optimised intermediate code, which is not handed on to be made machine code."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """The address of a function: there is none."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """What made the code, kept from filling an environment."""
        return _WithoutEnvironment(self._codegen)


class _WithoutEnvironment:
    """What made the code; it fills no environment, for code that is not loaded has none."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def set_env(self, name: str, environment: Any) -> None:
        """Fill nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)


class _WithoutCollector(event.Listener):
    """No search for garbage while numba compiles.

    A compiler makes millions of objects that stay; looking for garbage among them takes a tenth of
    its time.
    """

    def __init__(self) -> None:
        self._compiling = 0
        self._was_on = False

    def on_start(self, event: event.Event) -> None:
        if not self._compiling:
            self._was_on = gc.isenabled()
            gc.disable()
        self._compiling += 1

    def on_end(self, event: event.Event) -> None:
        self._compiling -= 1
        if not self._compiling and self._was_on:
            gc.enable()


def collect_no_garbage_while_compiling() -> None:
    """Turn garbage collection off during every later compilation, and on again after it."""
    event.register("numba:compile", _WithoutCollector())

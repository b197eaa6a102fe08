"""Rules: plain functions of numbers and tables, compiled when an engine is first needed.

`@rule` only registers a function, so that a scenario can be validated without importing numba.
`compile_rules` replaces each registered function by its compiled form in every module that
holds it. Both engines then call the same machine code. A `@rule` is compiled into its caller, for
handing over a plan of many tables costs more than most rules do; a `@routine` stands alone: what
Python calls once a week, and long formulas that many rules call. A rule whose name begins with `_`
is for other rules alone: Python cannot call its compiled form. Neither may allocate memory: without
reference counts the event loop is ten times as fast.

Numba's cache watches only the file of the cached function: after an edit of a rule in another
file it would silently run the old one. So the cache folder is named by a hash of the sources: all
that hold rules, and all that those import, for constants are compiled in as well.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_rules: list[Callable[..., Any]] = []
_routines: set[Callable[..., Any]] = set()
_machine_forms: dict[Callable[..., Any], Callable[..., Any]] = {}
_compiler: Callable[[Any], Any] | None = None
_KEPT_CACHES = 4
_IMPORTS = re.compile(r"^\s*from (sim\.[\w.]+) import", re.MULTILINE)


def rule(function: Function) -> Function:
    """Register a function to be compiled; until then it runs as plain Python."""
    return _register(function)


def routine(function: Function) -> Function:
    """Register a function that is compiled on its own and called."""
    _routines.add(function)
    return rule(function)


def in_machine_code(form: Callable[..., Any]) -> Callable[[Function], Function]:
    """Register a function whose compiled form is written differently from its plain form."""

    def register(function: Function) -> Function:
        _machine_forms[function] = form
        return _register(function)

    return register


def _register(function: Function) -> Function:
    if _compiler is not None:  # a module above the engines, imported after them
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

    numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]
    plain_python = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]

    def compiler(function: Callable[..., Any]) -> Callable[..., Any]:
        form = function if plain_python else _machine_forms.get(function, function)
        return numba.njit(  # type: ignore[call-overload]
            form,
            cache=True,
            nogil=True,
            error_model="numpy",
            forceinline=function not in _routines,
            _nrt=False,
            no_cfunc_wrapper=True,  # no C code calls a rule
            no_cpython_wrapper=_is_called_by_rules_alone(function),
        )

    return compiler


def _is_called_by_rules_alone(function: Callable[..., Any]) -> bool:
    """Whether Python never calls it: a wrapper that unpacks a plan takes longer to compile."""
    return function.__name__.startswith("_")


def compiled_before() -> bool:
    """Whether machine code for exactly these sources lies in the cache."""
    folder = _cache_folder()
    return folder.is_dir() and any(folder.rglob("*.nbc"))


def _cache_folder() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccprofit"
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        home = Path(tempfile.gettempdir()) / f"ccprofit-{os.getuid()}"
    folder = home / _source_hash()
    if not folder.exists():
        _drop_old_caches(home)
    return folder


def _source_hash() -> str:
    """Hash of every source that holds a rule and of all that these import, and so on."""
    root = Path(__file__).parent
    sources = {"sim." + _dotted(f.relative_to(root)): f.read_text() for f in root.rglob("*.py")}
    wanted = {name for name, text in sources.items() if "from sim.rule import" in text}
    found: set[str] = set()
    while wanted:
        found |= wanted
        imported = {m for name in wanted for m in _IMPORTS.findall(sources[name])}
        wanted = {name for name in imported if name in sources} - found
    digest = hashlib.sha256()
    for name in sorted(found | {"sim.rule"}):
        digest.update(f"{name}\n{sources[name]}".encode())
    return digest.hexdigest()[:16]


def _dotted(file: Path) -> str:
    return ".".join(file.with_suffix("").parts)


def _drop_old_caches(home: Path) -> None:
    if home.is_dir():
        oldest_last = sorted(home.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
        for folder in oldest_last[_KEPT_CACHES:]:
            shutil.rmtree(folder, ignore_errors=True)

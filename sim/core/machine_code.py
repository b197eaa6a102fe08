"""Keep the machine code of rules, and run only what was compiled from these very sources.

Numba's cache watches only the file of the cached function: after an edit of a rule in another
file it would silently run the old one. So the cache folder is named by a hash of all sources in
the rooms that hold rules or constants of rules, and of the versions of what compiles them. Nobody
else may write into it, for what lies there is run.

Each file ends in a checksum. One that is damaged is thrown away and compiled anew.
"""

from __future__ import annotations

import atexit
import hashlib
import inspect
import os
import pickle
import platform
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

KEPT_CACHES = 4
ROOMS_OF_RULES = ("core", "domain", "plan", "engine", "weeks")
_NAME = re.compile(r"[0-9a-f]{16}")
_DIGEST_BYTES = 32


def versions() -> dict[str, str]:
    """Versions of what computes: they decide the last digits of a run."""
    from importlib.metadata import version

    named = {name: version(name) for name in ("numba", "numpy", "scipy")}
    return {"python": platform.python_version(), **named}


@cache
def cache_folder() -> Path:
    """The folder for machine code of exactly these sources; made if need be, and only ours.

    Where no home can be used, stderr says so once, and the folder lasts as long as the process.
    """
    tried = []
    for home in _homes():
        folder = home / source_hash()
        try:
            home.mkdir(parents=True, exist_ok=True)
            if not folder.exists():
                with suppress(OSError):  # another process may drop or make them first
                    _drop_old_caches(home)
                folder.mkdir(mode=0o700, exist_ok=True)
            if os.access(folder, os.W_OK) and _is_safe(home, 0o002) and _is_safe(folder, 0o022):
                return folder
        except OSError:
            pass
        tried.append(str(home))
    folder = Path(tempfile.mkdtemp(prefix="ccprofit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    what = "cannot be written, or others can write there: machine code is not kept"
    print(f"{' and '.join(tried)} {what}", file=sys.stderr)
    return folder


def _homes() -> list[Path]:
    """Where caches of all sources may lie, in the order of trial."""
    homes = []
    with suppress(RuntimeError):  # this user has no home
        homes.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccprofit")
    user = os.getuid() if hasattr(os, "getuid") else ""
    return [*homes, Path(tempfile.gettempdir()) / f"ccprofit-{user}"]


def _is_safe(folder: Path, others_write: int) -> bool:
    """Whether a folder is ours, no link of another's, and gives others none of these rights."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode) and found.st_uid == os.getuid():
        found = folder.stat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return is_ours and not found.st_mode & others_write


@cache
def source_hash() -> str:
    """Hash of what Python makes of all sources in the rooms of rules, and of versions.

    Comments, docstrings and line numbers are not part of it, so that they cost no compilation.
    """
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(repr(versions()).encode())
    for room in ROOMS_OF_RULES:
        for file in sorted((package / room).rglob("*.py")):
            digest.update(file.relative_to(package).as_posix().encode())
            for part in _meaning(compile(file.read_bytes(), "", "exec", dont_inherit=True)):
                digest.update(part)
    return digest.hexdigest()[:16]


def _meaning(code: CodeType) -> Iterator[bytes]:
    """Instructions, names and constants of a module or function, and of all within it."""
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags)
    yield code.co_code + repr((*names, code.co_exceptiontable)).encode()
    for i, constant in enumerate(code.co_consts):
        if isinstance(constant, CodeType):
            yield from _meaning(constant)
        elif isinstance(constant, frozenset):  # its order differs from process to process
            yield repr(sorted(map(repr, constant))).encode()
        elif i > 0 or not _begins_with_docstring(code):
            yield repr(constant).encode()


def _begins_with_docstring(code: CodeType) -> bool:
    if not code.co_flags & inspect.CO_NEWLOCALS:  # a module, or a class
        return "__doc__" in code.co_names
    flag = getattr(inspect, "CO_HAS_DOCSTRING", None)  # since Python 3.13; before, None stood first
    return isinstance(code.co_consts[0], str) if flag is None else bool(code.co_flags & flag)


def _drop_old_caches(home: Path) -> None:
    """Drop all caches but the newest; leave whatever is not named as ours are."""
    ours = [f for f in home.iterdir() if _NAME.fullmatch(f.name)]
    oldest_last = sorted(ours, key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in oldest_last[KEPT_CACHES - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


# --- files that heal ----------------------------------------------------------------------------


def seal(dispatcher: Any) -> None:
    """Let numba keep the machine code of a function in files that end in a checksum."""
    from numba.core.caching import IndexDataCacheFile

    class Sealed(IndexDataCacheFile):
        """Numba's files; pickle does not mind what follows its end."""

        def _dump(self, obj: Any) -> bytes:
            return _with_checksum(super()._dump(obj))

        def load(self, key: Any) -> Any:
            """What is kept for a key, or None; what is damaged is thrown away."""
            try:
                return super().load(key)
            except Exception:  # whatever damaged bytes may do to pickle
                self._throw_away()

        def save(self, key: Any, data: Any) -> None:
            """Keep machine code; where that fails, say so and go on without."""
            try:
                super().save(key, data)
            except OSError as error:
                _tell(f"{self._cache_path}: machine code is not kept: {error.strerror}")
            except Exception:
                self._throw_away()
                super().save(key, data)

        def _load_index(self) -> dict[Any, str]:
            try:
                with Path(self._index_path).open("rb") as file:
                    pickle.load(file)  # numba's version stands before what it dumps
                    _check(file.read())
            except FileNotFoundError:
                return {}
            return super()._load_index()

        def _load_data(self, name: str) -> Any:
            _check(Path(self._data_path(name)).read_bytes())
            return super()._load_data(name)

        def _throw_away(self) -> None:
            _tell(f"{self._cache_path}: machine code is damaged; compiling it anew (up to minutes)")
            with suppress(OSError):
                Path(self._index_path).unlink()

    kept = dispatcher._cache
    stamp = kept._impl.locator.get_source_stamp()
    kept._cache_file = Sealed(kept.cache_path, kept._impl.filename_base, stamp)


def is_kept(dispatcher: Any) -> bool:
    """Whether machine code of a function is kept for these very sources and this processor."""
    if not hasattr(dispatcher, "targetctx"):  # plain Python has none, and needs none
        return True
    file, ours = dispatcher._cache._cache_file, dispatcher.targetctx.codegen().magic_tuple()
    try:
        index = file._load_index()
    except Exception:
        return False
    names = [name for (_, processor, *_), name in index.items() if processor == ours]
    return any(Path(file._data_path(name)).is_file() for name in names)


def _with_checksum(data: bytes) -> bytes:
    return data + hashlib.sha256(data).digest()


def _check(data: bytes) -> None:
    """Raises ValueError unless data end in their checksum."""
    if _with_checksum(data[:-_DIGEST_BYTES]) != data:
        raise ValueError("damaged")


@cache
def _tell(line: str) -> None:
    """Print a line on stderr, only once."""
    print(line, file=sys.stderr)

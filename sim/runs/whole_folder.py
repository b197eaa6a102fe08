"""Folders of results: written beside their name, renamed when whole, and known by checksums.

A folder that is being written is called `.writing-HOST-PID-…`; what a process that has died left
of one is removed by the next. A folder that has its final name stays, whatever fails afterwards.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.core.errors import ComparisonError, Fault, RunError

LATEST = "latest"
WRITING, DAMAGED = ".writing-", ".damaged-"
SEAL = "seal"
_ODD_NAMES = "surrogateescape"  # names of files may be no UTF-8
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


@dataclass
class Draft:
    """A folder being written; `path` becomes its final name when it is done."""

    path: Path


@contextmanager
def new_folder(out: Path, name: str, digest: str) -> Iterator[Draft]:
    """A folder under a temporary name; gets its own when all went well, else disappears.

    Raises RunError where the disk is full or refuses: nothing of it is kept then.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        remove_what_the_dead_left(out)
        draft = Draft(Path(tempfile.mkdtemp(prefix=_prefix(os.getpid()), dir=out)))
    except OSError as error:
        raise RunError(_not_kept(out, error)) from None
    try:
        yield draft
        draft.path.chmod(0o755)
        draft.path = _with_free_name(draft.path, out, name, digest)
    except OSError as error:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise RunError(_not_kept(out, error)) from error
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise
    _point_to(draft.path)


def _not_kept(out: Path, error: OSError) -> Fault:
    why = (error.strerror or str(error)).lower()
    where = f" ({error.filename})" if error.filename else ""
    what = f"{out}: {why}{where}: this result is not kept; earlier ones are"
    return Fault(what, "make room or allow it to be written, and play again")


def _with_free_name(draft: Path, out: Path, name: str, digest: str) -> Path:
    """Rename; a name that another process takes at the same moment is never overwritten."""
    now = datetime.datetime.now(datetime.UTC)
    while True:
        final = out / f"{now:%Y%m%d-%H%M%S}-{name}-{digest[:6]}"
        now += datetime.timedelta(seconds=1)
        if os.path.lexists(final):
            continue
        try:
            return draft.rename(final)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise


def _point_to(folder: Path) -> None:
    """Let `latest` name a folder; where that cannot be, the folder stays all the same."""
    latest = folder.parent / LATEST
    new = folder.parent / f".{LATEST}-{folder.name}"
    try:
        new.write_text(folder.name + "\n", encoding="utf-8")
        new.replace(latest)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        why = (error.strerror or str(error)).lower()
        print(f"{latest} cannot be written ({why}); the result is in {folder}", file=sys.stderr)


def _prefix(pid: int | str) -> str:
    return f"{WRITING}{socket.gethostname()}-{pid}-"


def remove_what_the_dead_left(out: Path) -> None:
    """Remove half-written folders of processes of this machine that are no more."""
    mine = _prefix("")[:-1]
    for folder in out.glob(f"{glob_escaped(mine)}*"):
        pid = folder.name.removeprefix(mine).partition("-")[0]
        if pid.isdecimal() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def glob_escaped(text: str) -> str:
    """A text that stands for itself in a pattern of file names."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def _is_alive(pid: int) -> bool:
    if os.name != "posix":  # there the question itself would be a signal
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


# --- what was kept, and whether it still is ------------------------------------------------------


def find_kept(name: str, out: Path, file: str) -> Path | None:
    """The folder of results that was named, by path or by its name within `out`; None if none.

    `latest` is the newest, also as `results/latest`. `file` is what such a folder has.
    """
    folders = [Path(name), out / name]
    for pointer in tuple(folders):
        if pointer.name == LATEST:
            with suppress(OSError, ValueError):
                newest = pointer.read_text(encoding="utf-8").strip()
                folders.append(pointer.parent / newest)
    return next((f for f in folders if is_file(f / file)), None)


def is_file(file: Path) -> bool:
    """Whether there is a file of that name; a name that no file can have is none."""
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def read_json(file: Path, remedy: str) -> dict[str, Any]:
    """One JSON object; raises ComparisonError, with what to do, where the file is damaged."""
    try:
        content = json.loads(file.read_text(encoding="utf-8", errors=_ODD_NAMES))
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ComparisonError(Fault(f"{file} is damaged", remedy))
    return content


def write_json(file: Path, content: dict[str, Any]) -> None:
    """One JSON object, indented."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8", errors=_ODD_NAMES)


def sealed(facts: dict[str, Any], files: Sequence[Path]) -> dict[str, Any]:
    """Facts with the checksum of each file beside them, and one of all that."""
    facts = {**facts, "sha256": {file.name: _checksum(file) for file in files}}
    return {**facts, SEAL: _seal_of(facts)}


def damaged_file(folder: Path, facts: dict[str, Any], name: str) -> str | None:
    """Which file of a folder is not what was written; `name` is that of the facts themselves."""
    sums = facts.get("sha256")
    if not isinstance(sums, dict) or facts.get(SEAL) != _seal_of(facts):
        return name
    return next((file for file, digest in sums.items() if _checksum(folder / file) != digest), None)


def set_aside(folder: Path, what: str) -> None:
    """Rename a folder of which no use can be made, and say so in a line."""
    aside = folder.with_name(f"{DAMAGED}{folder.name}")
    try:
        while os.path.lexists(aside):
            aside = aside.with_name(f"{aside.name}-again")
        folder.rename(aside)
        where = f"is set aside as {aside.name}"
    except OSError:
        where = "is passed over"
    print(f"{folder / what} is not as it was written: the run {where}", file=sys.stderr)


def _seal_of(facts: dict[str, Any]) -> str:
    unsealed = {key: value for key, value in facts.items() if key != SEAL}
    as_read = json.loads(json.dumps(unsealed))
    return hashlib.sha256(json.dumps(as_read, sort_keys=True).encode()).hexdigest()


def _checksum(file: Path) -> str:
    """Of what a file holds; empty where it cannot be read, or is none."""
    if not is_file(file):
        return ""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""

"""Which program played a run? A changed rule makes another program, which cannot use older runs."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
SHOWS_ONLY = ("cli/", "report/")  # rooms that change nothing of what is kept of a run


@functools.cache
def fingerprint() -> str:
    """16 hexadecimal digits of our sources on which what is kept of a run depends."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if not name.startswith(SHOWS_ONLY):
            digest.update(name.encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]

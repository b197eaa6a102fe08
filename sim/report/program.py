"""Which program played a run? Who changes a rule has another one, and no use for older runs."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
SHOWS_ONLY = ("cli/", "report/")  # folders whose modules change nothing that is kept of a run …
KEEPS = ("report/kept.py", "report/store.py", "report/tidy.py")  # … but for these


@functools.cache
def fingerprint() -> str:
    """16 hexadecimal digits of our sources on which what is kept of a run depends."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if name in KEEPS or not name.startswith(SHOWS_ONLY):
            digest.update(name.encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]

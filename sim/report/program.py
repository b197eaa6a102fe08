"""Which program played a run? Who changes a rule has another one, and no use for older runs."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
SHOWS_ONLY = ("cli", "report")  # folders whose modules change no number of a run


@functools.cache
def fingerprint() -> str:
    """16 hexadecimal digits of all sources on which the numbers of a run depend."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE)
        if name.parts[0] not in SHOWS_ONLY:
            digest.update(name.as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()[:16]

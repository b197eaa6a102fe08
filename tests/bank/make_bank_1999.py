"""Compute the shipped facts of January 1999 from the calls: python tests/bank/make_bank_1999.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bank.calls import CALLS, read_calls
from bank.shipped import files


def main() -> None:
    """Write the CSV tables beside the scenario, and january_1999.json."""
    if not CALLS.exists():
        sys.exit(f"the calls are not here: {CALLS}")
    for file, text in files(read_calls()).items():
        file.write_text(text, encoding="utf-8", newline="")
        print(file.name)


if __name__ == "__main__":
    main()

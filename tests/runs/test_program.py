"""The fingerprint of the program is that of the sources that decide a run's numbers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.runs.program import PACKAGE, fingerprint


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the package."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("*.pyc")))


def fingerprint_of(package: Path) -> str:
    """What the program in this folder says of itself."""
    script = "from sim.runs.program import fingerprint; print(fingerprint())"
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_a_changed_rule_is_another_program(copy):
    """Where the package stands does not matter, nor does a report; a rule does, and its name."""
    assert fingerprint_of(copy) == fingerprint()
    for shown in ("report/pages/on_terminal.py", "cli/printing.py"):
        with (copy / shown).open("a") as report:
            report.write("# another word\n")
    assert fingerprint_of(copy) == fingerprint()
    with (copy / "domain" / "contacts" / "patience.py").open("a") as rule:
        rule.write("# another rule\n")
    changed = fingerprint_of(copy)
    assert changed != fingerprint()
    (copy / "domain" / "contacts" / "patience.py").rename(
        copy / "domain" / "contacts" / "patient.py"
    )
    renamed = fingerprint_of(copy)
    with (copy / "runs" / "tables.py").open("a") as table:
        table.write("# another column\n")
    assert len({fingerprint(), changed, renamed, fingerprint_of(copy)}) == 4

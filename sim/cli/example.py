"""`python -m sim.cli.example FOLDER`: what a board gets, of a path that is shipped.

The commands are those that anybody would type beside the files of the path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STEPS = ("pilot.yaml@2027-04-05", "sell.yaml@2027-10-04")
PATH = ("path", "today.yaml", *STEPS, "--set", "horizon.weeks=65", "--replications", "3")
MADE = ("report.html", "report.xlsx", "path.md", "questions.md", "path.csv", "path.png")
COMMANDS = (
    (*PATH, "--markdown", "path.md"),
    ("report", "latest", "--xlsx", "report.xlsx", "--questions", "--markdown", "questions.md"),
)


def make_example(scenarios: Path, folder: Path) -> None:
    """Play the path in a copy of its files, and write the folder anew.

    Raises CalledProcessError where a command fails; what it says is on stderr.
    """
    with tempfile.TemporaryDirectory() as temporary:
        desk = Path(temporary)
        for file in scenarios.glob("*.yaml"):
            shutil.copy(file, desk)
        for typed in COMMANDS:
            command = [sys.executable, "-m", "sim.cli", *typed]
            subprocess.run(command, cwd=desk, check=True, stdout=subprocess.DEVNULL)
        (kept,) = desk.glob("results/*-path-*/path.json")
        folder.mkdir(parents=True, exist_ok=True)
        for name in MADE:
            made = desk / name if (desk / name).is_file() else kept.parent / name
            shutil.copy(made, folder)


if __name__ == "__main__":
    make_example(Path("scenarios/path-to-profit"), Path(sys.argv[1]))

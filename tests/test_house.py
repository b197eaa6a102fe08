"""The rules of the house: lint, floors, and what the files must not say; `make test` checks types."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tools_are_content(command: list[str]):
    """Lint, format and floors."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_addresses_of_registries_and_no_absolute_paths():
    """Files name no registry and no folder of one machine."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    faults = []
    for name in listed.stdout.split():
        file = ROOT / name
        if file.suffix in (".py", ".toml", ".lock", ".md", ".yaml", ".yml", "") and file.is_file():
            text = file.read_text(encoding="utf-8", errors="ignore")
            pattern = r"pypi\.org|pythonhosted|--index-url|/(?:home|root|work)/\w"
            if "test_house" not in name:
                faults += [f"{name}: {hit}" for hit in re.findall(pattern, text)]
    assert not faults


def test_the_rules_are_compiled_only_when_an_engine_is_needed():
    """Reading and checking a scenario imports neither numba nor pandas nor matplotlib."""
    code = (
        "import sys; from sim.scenario.load import load; load('scenarios/cost-center-baseline.yaml');"
        "print([m for m in ('numba', 'pandas', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_no_stale_machine_code(tmp_path: Path):
    """After an edit of a rule or of a constant, the cache folder is another; not of a comment.

    A file of constants counts however it is imported, as a module or through another.
    """
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "sim", copy / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    code = "import sim.core.machine_code; print(sim.core.machine_code.source_hash())"

    def digest() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=True
        )
        return done.stdout

    before = digest()
    assert digest() == before
    rules = copy / "sim" / "domain" / "offers" / "offers.py"
    for name in ("domain/offers/offers.py", "core/clock.py", "weeks/counts.py", "plan/new.py"):
        file = copy / "sim" / name
        for edit in ("MOST = 1", "MOST = 2", "NAME = 'x'", "def f(): return 'a'", "f = lambda: 1"):
            file.write_text((file.read_text() if file.exists() else "") + f"\n{edit}\n")
            after = digest()
            assert after != before, (name, edit)
            before = after
    rules.write_text(rules.read_text() + "\nfrom sim.plan import new\n")
    before = digest()
    new = copy / "sim" / "plan" / "new.py"
    new.write_text(new.read_text().replace("MOST = 2", "MOST = 3"))
    after = digest()
    assert after != before
    file = copy / "sim" / "core" / "clock.py"
    file.write_text(f"# A comment.\n{file.read_text()}".replace('"""', '"""Other words. ', 1))
    assert digest() == after

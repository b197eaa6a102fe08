"""Machine code on disk: damaged files heal, and nobody else's is run."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
from sim.core.rules import compile_rules, compiled_before, routine

compile_rules()

@routine
def doubled(x):
    return 2 * x

kept = compiled_before(doubled)
print(doubled(int(sys.argv[1])), kept)
"""
"""A tiny rule of its own, compiled in another process."""


def double(number: int, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the rule; prints its result, and whether its machine code was there."""
    file = Path(env["HERE"]) / "tiny.py"
    file.write_text(CODE, encoding="utf-8")
    os.utime(file, (0, 0))  # numba knows a source by its time
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **env}
    variables = {name: value for name, value in variables.items() if value}
    return subprocess.run(
        [sys.executable, str(file), str(number)], env=variables, capture_output=True, text=True
    )


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


DAMAGE = {
    "emptied": lambda file: file.write_bytes(b""),
    "cut": cut,
    "a bit": flipped,
    "nonsense": lambda file: file.write_bytes(b"nonsense" * 9),
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> Path:
    """A folder with the rule, and a cache that holds its machine code."""
    here = tmp_path_factory.mktemp("compiled")
    done = double(21, HERE=str(here), XDG_CACHE_HOME=str(here / "cache"))
    assert (done.stdout, done.stderr) == ("42 False\n", "")
    return here


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_machine_code_heals(compiled, tmp_path, suffix, how):
    """It is compiled anew, the folder is named, and the next run finds it."""
    cache = tmp_path / "cache"
    shutil.copytree(compiled / "cache", cache)
    here = {"HERE": str(compiled), "XDG_CACHE_HOME": str(cache)}
    (file,) = cache.rglob(f"*{suffix}")
    DAMAGE[how](file)
    healed = double(21, **here)
    assert healed.stdout.startswith("42 ")
    assert str(file.parent) in healed.stderr
    assert len(healed.stderr.splitlines()) == 1
    again = double(21, **here)
    assert (again.stdout, again.stderr) == ("42 True\n", "")


def test_machine_code_of_another_processor_or_clone_does_not_count(compiled, tmp_path):
    """A cache full of other code is not code of this."""
    here = {"HERE": str(compiled), "XDG_CACHE_HOME": str(compiled / "cache")}
    assert double(21, **here, NUMBA_CPU_NAME="generic").stdout == "42 False\n"
    assert double(21, **{**here, "HERE": str(tmp_path)}).stdout == "42 False\n"
    assert double(21, **here).stdout == "42 True\n"


needs_posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="has no owners of files")


@needs_posix
def test_the_folder_is_ours_alone(compiled):
    """Whatever lies there is run."""
    (folder,) = (compiled / "cache" / "ccprofit").iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def _open_to_all(folder: Path, ours: Path) -> None:
    ours.mkdir(parents=True)
    ours.chmod(0o777)


def _a_link(folder: Path, ours: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "theirs").mkdir(mode=0o777)
    (folder / "theirs").chmod(0o777)
    ours.symlink_to(folder / "theirs")


def _a_file(folder: Path, ours: Path) -> None:
    folder.mkdir(exist_ok=True)
    ours.write_text("", encoding="utf-8")


@needs_posix
@pytest.mark.parametrize("trap", [_open_to_all, _a_link, _a_file])
def test_a_cache_in_which_others_can_write_is_not_used(tmp_path, trap):
    """Under the temp folder anybody may have put something: another place, said in a line."""
    temp = tmp_path / "tmp"
    temp.mkdir()
    ours = temp / f"ccprofit-{os.getuid()}"
    trap(temp, ours)
    blocked = tmp_path / "cache"
    blocked.write_text("not a folder", encoding="utf-8")
    done = double(21, HERE=str(tmp_path), XDG_CACHE_HOME=str(blocked), TMPDIR=str(temp))
    assert done.stdout == "42 False\n"
    assert str(ours) in done.stderr
    assert not list(temp.rglob("*.nb?"))


@needs_posix
def test_the_fallback_is_used_where_it_is_ours(tmp_path):
    """Without a home that can be written."""
    temp = tmp_path / "tmp"
    temp.mkdir()
    here = {"HERE": str(tmp_path), "XDG_CACHE_HOME": "/dev/null/x", "TMPDIR": str(temp)}
    assert double(21, **here).stdout == "42 False\n"
    assert double(21, **here).stdout == "42 True\n"
    assert list((temp / f"ccprofit-{os.getuid()}").rglob("*.nbc"))


BOTH_WAYS = """
from sim.core.rules import compile_rules, routine, rule

compile_rules()

@rule
def _tripled(x):
    return 3 * x

@routine
def tripled_and_one(x):
    return _tripled(x) + 1

print(_tripled(7), tripled_and_one(7))
"""


def test_a_rule_is_called_by_routines_and_by_python(tmp_path):
    """Whatever its name: Python has a form of its own, of the same rule."""
    file = tmp_path / "both.py"
    file.write_text(BOTH_WAYS, encoding="utf-8")
    paths = {"PYTHONPATH": str(Path(__file__).parents[2]), "XDG_CACHE_HOME": str(tmp_path / "c")}
    done = subprocess.run(
        [sys.executable, str(file)], env={**os.environ, **paths}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("21 22\n", "")

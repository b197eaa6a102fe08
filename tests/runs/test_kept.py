"""What is kept on disk: reused only as it was written, set aside when damaged, never lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.playing import play_all
from sim.core.errors import RunError
from sim.runs.whole_folder import DAMAGED, WRITING, new_folder
from tests.cli.terminal import ccprofit

BASE = """\
name: my-center
question: Does it pay?
horizon: {weeks: 1}
replications: 2
open: Mon-Fri 08:00-18:00
customers: {count: 900, margin: 12 per month}
contacts: {service: {volume: {per_week: 200, counts: first}, handle: 348 s}}
agents: {line: {positions: 3}}
offers: {broadband: {price: 120, margin: 25%, offer: always}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a scenario."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def play(*scenarios: str, sets=(), **others):
    execution = {"out": Path("results"), "engine": "compiled", "workers": 1, "quick": False}
    execution |= {"replications": None, "seed": None, **others}
    return play_all(scenarios or ("base.yaml",), sets, contacts=False, **execution)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2])


def cheaper(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("cost:"))
    name, replication, amount = lines[row].split(",")
    lines[row] = f"{name},{replication},{float(amount) * 0.988}"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def other_anchors(file: Path) -> None:
    facts = json.loads(file.read_text(encoding="utf-8"))
    facts["anchors"]["paid_hours"]["generalists"] = 1.0
    file.write_text(json.dumps(facts), encoding="utf-8")


DAMAGE = {
    "bytes less": ("tally.npz", cut),
    "an empty tally": ("tally.npz", lambda file: file.write_bytes(b"")),
    "no tally": ("tally.npz", Path.unlink),
    "a folder in its place": ("tally.npz", lambda file: (file.unlink(), file.mkdir())),
    "an edited cost": ("ledger.csv", cheaper),
    "an edited scenario": ("scenario.yaml", lambda file: file.write_text("", encoding="utf-8")),
    "half of the provenance": ("provenance.json", cut),
    "an empty provenance": ("provenance.json", lambda file: file.write_bytes(b"")),
    "no provenance but null": ("provenance.json", lambda file: file.write_bytes(b"null")),
    "bytes": ("provenance.json", lambda file: file.write_bytes(b"\xff\x00")),
    "edited anchors": ("provenance.json", other_anchors),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_run_is_set_aside_and_played_again(here, how, capsys):
    """With one line that names the file; the folder stays, under another name."""
    name, damage = DAMAGE[how]
    ((run, folder, _),) = play()
    damage(folder / name)
    capsys.readouterr()
    ((again, other, is_reused),) = play()
    told = capsys.readouterr().err.splitlines()
    assert not is_reused
    assert len(told) == 1
    assert str(folder / name) in told[0]
    assert (here / "results" / f"{DAMAGED}{folder.name}").is_dir()
    assert all((a == b).all() for a, b in zip(run.tally, again.tally, strict=True))
    ((_, third, is_reused),) = play()
    assert (third, is_reused) == (other, True)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_report_on_damaged_files_says_which(here, how, capsys):
    """Exit code 2, and nothing is moved."""
    name, damage = DAMAGE[how]
    ((_, folder, _),) = play()
    damage(folder / name)
    capsys.readouterr()
    assert ccprofit("report", str(folder)) == 2
    told = capsys.readouterr().err
    assert str(folder / name) in told
    assert "played again" in told
    assert folder.is_dir()


def test_a_report_on_a_damaged_comparison_says_which_file(here, capsys):
    """Cut, or edited."""
    (here / "fewer.yaml").write_text(
        "name: fewer\nbased_on: base.yaml\nagents: {line: {positions: 2}}\n"
    )
    assert ccprofit("compare", "base.yaml", "fewer.yaml", "--workers", "1") == 0
    name = (here / "results" / "latest").read_text(encoding="utf-8").strip()
    file = here / "results" / name / "comparison.json"
    assert ccprofit("report", "latest") == 0
    whole = file.read_text(encoding="utf-8")
    for damaged in (whole[:-20], whole.replace('"better"', '"worse"').replace("0.", "1."), ""):
        file.write_text(damaged, encoding="utf-8")
        capsys.readouterr()
        assert ccprofit("report", "latest") == 2
        assert "comparison.json" in capsys.readouterr().err


UNPLAYED = [
    "decide_on=csat", "matters_from=1k per year", "name=other", "question=And now?",
    "checks={csat: 10% to 90%}", "today={csat: 80%}", "currency=PLN",
    "finance.fiscal_year_start=4",
]  # fmt: skip


@pytest.mark.parametrize("change", UNPLAYED)
def test_what_changes_no_play_replays_nothing(here, change):
    """And the run shows the scenario as it is typed now."""
    ((_, folder, _),) = play()
    ((run, other, is_reused),) = play(sets=[change])
    assert is_reused
    assert other == folder
    key = change.partition("=")[0].split(".")[0]
    before = play()[0][0].scenario.spec
    assert getattr(run.scenario.spec, key) != getattr(before, key)


@pytest.mark.parametrize(
    "change", ["seed=2", "horizon.start=2027-01-05", "agents.line.wage=19 per hour"]
)
def test_what_changes_the_play_is_played(here, change):
    """Also what only the ledger reads: the tables of the folder hold it."""
    ((_, folder, _),) = play()
    ((_, other, is_reused),) = play(sets=[change])
    assert not is_reused
    assert other != folder


def test_replications_by_key_and_by_option_are_the_same_run(here):
    """They are in the key as played."""
    ((_, folder, _),) = play(replications=3)
    ((_, other, is_reused),) = play(sets=["replications=3"])
    assert (other, is_reused) == (folder, True)


def test_a_run_of_other_libraries_is_played_again(here, capsys):
    """Another numpy, scipy or numba may move the last digits."""
    from sim.runs.folder import RESOLVED, TABLES, TALLY
    from sim.runs.whole_folder import sealed, write_json

    ((_, folder, _),) = play()
    facts = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert {"numpy", "scipy", "numba"} <= facts["versions"].keys()
    facts["versions"]["scipy"] = "1.0"
    del facts["seal"], facts["sha256"]
    files = [folder / name for name in (RESOLVED, *TABLES, TALLY)]
    write_json(folder / "provenance.json", sealed(facts, files))
    ((_, other, is_reused),) = play()
    assert not is_reused
    assert other != folder
    assert capsys.readouterr().err == ""
    assert ccprofit("report", str(folder)) == 2
    assert "versions" in capsys.readouterr().err


# --- folders ------------------------------------------------------------------------------------


def as_folder(latest: Path) -> None:
    latest.mkdir()
    (latest / "mine.txt").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize("block", [as_folder, lambda latest: latest.symlink_to(latest)])
def test_a_finished_run_stays_where_latest_cannot_be_written(here, block, capsys):
    """A folder of that name is left as it is; a link that leads nowhere is replaced."""
    (here / "results").mkdir()
    block(here / "results" / "latest")
    ((_, folder, _),) = play()
    assert (folder / "tally.npz").is_file()
    assert not list((here / "results").glob(".*"))
    told = capsys.readouterr().err
    if (here / "results" / "latest").is_dir():
        assert "latest cannot be written" in told
        assert str(folder) in told
        assert (here / "results" / "latest" / "mine.txt").is_file()
    else:
        assert (here / "results" / "latest").read_text(encoding="utf-8") == f"{folder.name}\n"


def _write_one(out: Path, number: int, start) -> None:
    with new_folder(out, "x", "abcdef") as draft:
        (draft.path / "number").write_text(str(number), encoding="utf-8")
        start.wait()


def test_two_processes_at_one_moment_get_two_folders(tmp_path):
    """None overwrites the other's."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    writers = [context.Process(target=_write_one, args=(tmp_path, n, start)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = {file.read_text(encoding="utf-8") for file in tmp_path.glob("2*/number")}
    assert found == {"0", "1", "2"}


def test_what_dead_processes_left_is_removed_and_nothing_else(tmp_path):
    """A folder that a living process writes stays, and so does what has another name."""
    code = (
        "import os, sys; from pathlib import Path; from sim.runs.whole_folder import new_folder\n"
        "with new_folder(Path(sys.argv[1]), 'x', 'abcdef') as d: os.kill(os.getpid(), 9)"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (left,) = tmp_path.glob(f"{WRITING}*")  # the second has removed what the first left
    (tmp_path / ".writing-notes").mkdir()
    with new_folder(tmp_path, "outer", "abcdef") as outer:
        with new_folder(tmp_path, "inner", "abcdef"):
            pass
        assert outer.path.is_dir()
    assert not left.exists()
    assert (tmp_path / ".writing-notes").is_dir()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full disk to write to")
def test_a_full_disk_names_the_path_and_says_what_is_kept(tmp_path):
    """As the system tells it."""
    with (
        pytest.raises(RunError, match=r"no space left on device.*earlier ones are") as refused,
        new_folder(tmp_path, "x", "abcdef"),
        Path("/dev/full").open("w", encoding="utf-8") as full,
    ):
        full.write("x" * 100_000)
    assert str(tmp_path) in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_of_the_folder_is_checked(here):
    """Pictures and notes of one's own may lie beside."""
    ((_, folder, _),) = play()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    ((_, other, is_reused),) = play()
    assert (other, is_reused) == (folder, True)
    shutil.rmtree(folder)
    assert not play()[0][2]
    assert os.listdir(here / "results")  # noqa: PTH208

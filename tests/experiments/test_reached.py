"""Initiatives that what is played never reaches are told by name, and what moves nothing too."""

from __future__ import annotations

import pytest

from sim.experiments.comparison import compare
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.metamorphic.centers import center, played, written

LATE = {"initiatives": {"know-your-customer": {
    "from_week": 9, "set": {"offers": {"broadband": {"acceptance": {"plain": "60%", "gold": "60%"}}}}}}}  # fmt: skip
TOLD = "know-your-customer begins in week 9, after the 4 weeks played: it is not judged"
QUICK = ("--quick", "--replications", "2", "--workers", "1")


@pytest.fixture
def files(tmp_path) -> tuple[str, str]:
    """A center of ten weeks, and one with an initiative from the ninth on."""
    typed = center(0)
    typed["horizon"]["weeks"] = 10
    root = written(tmp_path, typed, "root.yaml")
    late = written(tmp_path, {"based_on": "root.yaml", "name": "late"} | LATE, "late.yaml")
    return str(root), str(late)


def test_a_verdict_says_what_the_horizon_does_not_reach(files):
    """Never "no difference at all" without it."""
    runs = [played(load(file).shortened()) for file in files]
    sentence = compare(runs).variants[0].verdict.sentence
    assert "practically equal: no difference at all" in sentence
    assert sentence.endswith(TOLD)
    whole = [played(load(file)) for file in files]
    assert "not judged" not in compare(whole).variants[0].verdict.sentence


def test_each_command_says_it(files, tmp_path, capsys):
    """run, compare, sweep and breakeven; a break-even that moves nothing says so as well."""
    root, late = files
    out = ("--out", str(tmp_path / "out"))
    sweep = ("--vary", "agents.first.positions=3,4")
    initiative = "initiatives.know-your-customer.set.offers.broadband.acceptance.plain"
    for args in (
        ("run", late),
        ("compare", root, late),
        ("sweep", late, *sweep),
        ("breakeven", late, "agents.first.wage", "--between", "17:19"),
        ("breakeven", late, initiative, "--between", "10%:60%"),
    ):
        assert ccprofit(*args, *QUICK, *out) == 0, capsys.readouterr().err
        printed = capsys.readouterr()
        both = " ".join((printed.out + printed.err).split())
        assert TOLD in both, args
        has_no_effect = f"{initiative} has no effect" in both
        assert has_no_effect == (initiative in args)

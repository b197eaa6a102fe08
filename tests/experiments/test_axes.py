"""`--vary`: ranges counted in decimals, units once or everywhere, curves, and every refusal."""

from __future__ import annotations

import pytest

from sim.core.errors import ScenarioError
from sim.experiments.axes import check_size, read_vary


def texts(typed: str) -> list[str]:
    """The values of a `--vary` as `--set` takes them."""
    return [value.text for value in read_vary(typed).values]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("a.b=0:1:0.1", ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]),
        ("a=-2:1:1", ["-2", "-1", "0", "1"]),
        ("a = 1 : 3 : 1", ["1", "2", "3"]),
        ("a=0:1:0.3", ["0", "0.3", "0.6", "0.9"]),
        ("a=0%:50%:25%", ["0%", "25%", "50%"]),
        ("a=0:50:25%", ["0%", "25%", "50%"]),
        ("a=20k:28k:4k per week", ["20k per week", "24k per week", "28k per week"]),
        ("a=20000:24000:2000 per week", ["20000 per week", "22000 per week", "24000 per week"]),
        ("a=4 min:6 min:1 min", ["4 min", "5 min", "6 min"]),
        ("a=1e3:3e3:1e3", ["1000", "2000", "3000"]),
        ("a=never,always", ["never", "always"]),
        ("a=[x, y] | [x]", ["[x, y]", "[x]"]),
        ("a={o: r, s: 20%}, never", ["{o: r, s: 20%}", "never"]),
        ("a=\"x, y\",'z | u'", ['"x, y"', "'z | u'"]),
        ("a=0:1:1 | 5", ["0", "1", "5"]),
        (
            "a={o: r, s: 0%:100%:50%} | n",
            ["{o: r, s: 0%}", "{o: r, s: 50%}", "{o: r, s: 100%}", "n"],
        ),
        (
            "open=Mon-Fri 08:00-20:00 | Mon-Fri 09:00-18:00",
            ["Mon-Fri 08:00-20:00", "Mon-Fri 09:00-18:00"],
        ),
    ],
)
def test_values(typed, values):
    """As typed, the end of a range included where the step reaches it."""
    assert texts(typed) == values


@pytest.mark.parametrize("operator", ["=", "*=", "+=", "-="])
def test_operators_are_kept(operator):
    """The name of the column says which; a plain `=` is left out."""
    axis = read_vary(f"agents.line.positions{operator}0.9:1.1:0.1")
    assert (axis.path, axis.operator) == ("agents.line.positions", operator)
    assert axis.name == f"agents.line.positions{'' if operator == '=' else operator}"
    assert axis.assignment(axis.values[0]) == f"agents.line.positions{operator}0.9"
    assert axis.label(axis.values[0]) == f"positions{operator}0.9"


def test_numbers_know_where_they_stand():
    """20% is 0.2, 2k is 2000; numbers of different units and words stand nowhere."""
    assert [v.number for v in read_vary("a=10%:20%:10%").values] == [0.1, 0.2]
    assert [v.number for v in read_vary("a=1k:2k:1k").values] == [1000.0, 2000.0]
    assert [v.number for v in read_vary("a=90 s, 2 min").values] == [None, None]
    assert [v.number for v in read_vary("a=never, 3").values] == [None, 3.0]
    assert read_vary("a=1,3").is_numeric
    assert not read_vary("a=never,3").is_numeric


def test_mappings_that_differ_in_one_number_make_a_curve():
    """Two families and a word; a mapping with two numbers is a word too."""
    axis = read_vary(
        "a={offer: random, share: 0%:100%:100%} | {offer: while-waiting, at_most: -1:0:1} | never"
    )
    assert [(v.label, v.curve, v.number) for v in axis.values] == [
        ("random 0%", "random", 0.0), ("random 100%", "random", 1.0),
        ("while-waiting -1", "while-waiting", -1.0), ("while-waiting 0", "while-waiting", 0.0),
        ("never", "", None),
    ]  # fmt: skip
    assert not axis.is_numeric
    both = read_vary("a={x: 1, y: 2} | {x: 2, y: 2}")
    assert [v.number for v in both.values] == [None, None]


@pytest.mark.parametrize(
    ("typed", "what", "remedy"),
    [
        ("a=10:1:1", "goes down", "Write 1:10:1."),
        ("a=10:1:-1", "goes down", "Write 1:10:1."),
        ("a=1:10:0", "step of 1:10:0 is not above 0", "Write from:to:step"),
        ("a=1:10:-1", "is not above 0", "Write from:to:step"),
        ("a=1:10", "has no step", "Write 1:10:1."),
        ("a=1:1:1", "this is one value", "Write from:to:step"),
        ("a=never", "this is one value", "with commas between"),
        ("a=1,,2", "a value is missing", "with commas between"),
        ("a=", "a value is missing", "with commas between"),
        ("a=1,1", "'1' stands there twice", "Leave one out."),
        ("a=0:400:1", "401 points, more than 400", "Take a larger step."),
        ("a=1:2k:1", "the suffix differs", "Write it once, at the end"),
        ("a=1:b:1", "'b' is not a number", "Write from:to:step"),
        ("a=4 min:6 min:30 s", "the unit differs", "Write it once"),
        ("a=1:5%:1%", "the suffix differs", "Write it once"),
        ("a={x: 0:1:1, y: 0:1:1}", "two ranges", "Vary one number at a time."),
        ("a", "is not an assignment", "Write path.to.key=value."),
    ],
)
def test_refusals(typed, what, remedy):
    """Each names the option as typed, the fault and what to do."""
    with pytest.raises(ScenarioError) as refused:
        read_vary(typed)
    [problem] = refused.value.problems
    assert problem.place == f"--vary {typed}"
    assert what in problem.what
    assert remedy in str(problem)


def test_a_grid_that_nobody_would_wait_for():
    """400 points are fine, 420 are not."""
    fine = [read_vary("a=1:20:1"), read_vary("b=1:20:1")]
    assert check_size(fine) == 400
    with pytest.raises(ScenarioError, match=r"420 points, more than 400\. Take a larger step"):
        check_size([fine[0], read_vary("b=1:21:1")])

"""The figures of a sweep: titles that claim only what is certain, pale and hatched where due."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.axes import read_vary, told_apart
from sim.metrics import METRICS
from sim.report.figures.canvas import Footer, Interval, footer_of, save, subtitle_of, title_of
from sim.report.figures.difference_map import Plane, difference_map, plane_title
from sim.report.figures.dots import Dot, differences_as_dots, dots_title
from sim.report.figures.profit_curves import (
    Across,
    Curve,
    CurvePoint,
    curves_title,
    is_dominated,
    profit_curves,
)
from sim.report.figures.response import Response, ResponsePoint, metric_along, response_title
from sim.report.figures.scales import scale_of_metric
from tests.report.test_figures import plain, texts

FOOTER = Footer(("1a2b3c",), 7, 20, "95 % intervals: dice only")
WAIT = Across("wait", "s", "mean wait of all contacts, s", "lower")
MONEY = scale_of_metric(METRICS["contribution"], "EUR", 1.0)
SECONDS = scale_of_metric(METRICS["wait"], "EUR", 1.0)
UNSWEPT = CurvePoint("today", Interval(10.0, np.nan, np.nan), Interval(-6e6, np.nan, np.nan))


def point(label, wait, gain, half_width=1e3, **others):
    """A point by its wait and what it earns more than today."""
    earned = -6e6 + gain
    return CurvePoint(
        label,
        Interval(wait, wait - 1.0, wait + 1.0),
        Interval(earned, earned - half_width, earned + half_width),
        Interval(gain, gain - half_width, gain + half_width),
        **others,
    )


THRESHOLD = Curve(
    "while-waiting", (point("-5", 8.0, 10e3), point("0", 12.0, 60e3), point("5", 15.0, 50e3))
)
RANDOM = Curve("random", (point("random 0%", 9.0, -9e3), point("random 50%", 14.0, 20e3)))


def test_a_curve_names_its_best_point_with_the_interval():
    """The peak inside the curve earns 60 k more, and is labelled as the one that earns most."""
    figure = profit_curves([THRESHOLD, RANDOM], UNSWEPT, WAIT, FOOTER, parameter="a.policy")
    assert plain(title_of(figure)) == "0 earns 60.0 k EUR a year more than today (59.0 to 61.0 k)"
    assert subtitle_of(figure).startswith("along a.policy; bars: 95 % intervals of the difference")
    assert footer_of(figure) == "run 1a2b3c | seed 7 | 20 replications | 95 % intervals: dice only"
    written = {plain(text.get_text()).replace("\n", " ") for text in figure.texts}
    assert {"-5", "0 (earns most)", "5", "random 0%", "random 50%", "today as it is"} <= written
    assert [t.get_text() for t in figure.axes[0].get_legend().get_texts()] == [
        "while-waiting",
        "random",
    ]


def test_titles_of_curves_are_neutral_where_nothing_is_certain():
    """An interval that contains 0 says nothing; a certain loss of all is said."""
    unsure = Curve("", (point("1", 8.0, 10e3, 20e3), point("2", 9.0, 5e3, 20e3)))
    assert curves_title([unsure], UNSWEPT, "EUR") == "No clear difference in result from today"
    mixed = Curve("", (point("1", 8.0, 10e3, 20e3), point("2", 9.0, -50e3, 1e3)))
    assert (
        curves_title([mixed], UNSWEPT, "EUR") == "No point clearly earns more than today as it is"
    )
    worse = Curve("", (point("1", 8.0, -10e3), point("2", 9.0, -50e3)))
    assert curves_title([worse], UNSWEPT, "EUR") == "Every point earns less than today as it is"
    free = Curve("", (point("1", 8.0, 10e3, unpriced=True), point("2", 9.0, 5e3)))
    assert curves_title([free], UNSWEPT, "EUR").startswith("Unpriced: 1 earns ")


def test_pale_is_what_another_point_beats_on_both():
    """Less wait is better, more CSAT is better; equal points do not beat one another."""
    points = [*THRESHOLD.points, *RANDOM.points]
    assert [is_dominated(points, i, "lower") for i in range(5)] == [False, False, True, True, True]
    assert [is_dominated(points, i, "higher") for i in range(5)] == [True, False, False, True, True]
    twins = [point("a", 8.0, 1.0), point("b", 8.0, 1.0)]
    assert not is_dominated(twins, 0, "lower")
    figure = profit_curves([THRESHOLD], UNSWEPT, WAIT, FOOTER, parameter="p")
    markers = {
        line.get_label(): line.get_alpha() or line.get_color() for line in figure.axes[0].lines
    }
    assert len(markers) > 1


def plane(value, half_width=1.0, scale=MONEY):
    """A map of two by two with intervals of one width."""
    value = np.array(value, float)
    return Plane("a.price", "b.seats*=", ("60", "120"), ("0.9", "1.1"), value, value - half_width,
                 value + half_width, scale, "today")  # fmt: skip


def test_map_counts_what_is_certain_and_hatches_the_rest():
    """Two better, one worse, one that may be nothing: one hatched cell."""
    figure = difference_map(plane([[50e3, -20e3], [90e3, 500.0]], 1e3), FOOTER)
    assert plain(title_of(figure)) == (
        "Better in 2 of 4, worse in 1; best at price=60, seats*=1.1: +90 k EUR a year"
    )
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert [patch.get_xy() for patch in hatched] == [(1, 1)]
    assert {"+50 k", "−20 k", "+90 k", "+500"} <= set(texts(figure))


def test_map_is_blue_where_it_is_better():
    """More contribution is blue; so is less wait."""
    for scale, better in ((MONEY, 50.0), (SECONDS, -50.0)):
        figure = difference_map(plane([[better, -better], [0.0, 0.0]], scale=scale), FOOTER)
        mesh = figure.axes[0].collections[0]
        red, _, blue, _ = mesh.cmap(mesh.norm(better))
        assert blue > red
        red, _, blue, _ = mesh.cmap(mesh.norm(-better))
        assert red > blue


def test_map_titles_are_neutral_where_nothing_is_certain():
    """And say where all is worse."""
    assert plane_title(plane([[1.0, 2.0], [3.0, 4.0]], 9.0)) == (
        "No clear difference in contribution from today in any of 4"
    )
    assert plane_title(plane([[-10.0, -20.0], [-3.0, 1.0]], 5.0)) == (
        "Nowhere better in contribution than today: worse in 2 of 4"
    )


def test_dots_tell_the_better_from_the_worse_and_the_unclear():
    """Filled where certain, hollow where not; less wait is better."""
    dots = [Dot("never", Interval(-9.0, -10.0, -8.0)), Dot("always", Interval(4.0, 3.0, 5.0)),
            Dot("sometimes", Interval(0.5, -1.0, 2.0))]  # fmt: skip
    assert dots_title(dots, MONEY, "today") == (
        "always is better, never is worse in contribution than today"
    )
    assert (
        dots_title(dots, SECONDS, "today") == "never is better, always is worse in wait than today"
    )
    assert dots_title(dots[2:], MONEY, "today") == "No clear difference in contribution from today"
    figure = differences_as_dots(dots, FOOTER, MONEY, "today")
    faces = [
        line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"
    ]
    assert [face == "white" for face in faces] == [False, False, True]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        "never",
        "always",
        "sometimes",
    ]


def response(name, *points, is_alone=False):
    """A curve of (at, gain); its intervals reach 1 to both sides."""
    found = [
        ResponsePoint(at, f"{at:g}", f"at_most={at:g}", Interval(gain, gain - 1.0, gain + 1.0))
        for at, gain in points
    ]
    return Response(name, "a.policy.at_most", tuple(found), is_alone)


def test_the_metric_is_drawn_along_what_was_swept():
    """At its number, in one panel where the number is the same, hollow where it could be 0."""
    curves = [response("one", (-5, -9.0), (0, 0.5), (5, 9.0)), response("two", (-5, 4.0), (5, 2.0))]
    figure = metric_along(curves, FOOTER, MONEY, "today")
    (axes,) = figure.axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert lines["one"] == [[-5, -9.0], [0, 0.5], [5, 9.0]]
    assert lines["two"] == [[-5, 4.0], [5, 2.0]]
    assert axes.get_xlabel() == "a.policy.at_most"
    assert [t.get_text() for t in axes.get_xticklabels()] == ["-5", "0", "5"]
    points = [line for line in axes.lines if len(line.get_xdata()) == 1]
    assert [line.get_markerfacecolor() == "white" for line in points] == [
        False, True, False, False, False
    ]  # fmt: skip
    assert plain(title_of(figure)) == (
        "contribution is best at at_most=5: +9 EUR a year from today as it is"
    )


def test_curves_of_other_numbers_have_panels_of_their_own():
    """A share and a threshold have no axis in common."""
    curves = [response("random", (0, 1.5), (1, 3.0), is_alone=True),
              response("while-waiting", (-5, 2.0), (5, 2.5), is_alone=True)]  # fmt: skip
    figure = metric_along(curves, FOOTER, MONEY, "today")
    assert [axes.get_xlabel() for axes in figure.axes] == [
        "a.policy.at_most: random",
        "a.policy.at_most: while-waiting",
    ]


def test_titles_of_responses_claim_only_what_is_certain():
    """Less wait is better; nothing clear is said to be so."""
    assert response_title([response("", (1, 0.5))], MONEY, "today").startswith(
        "No clear difference"
    )
    worse = [response("", (1, -5.0), (2, -9.0))]
    assert response_title(worse, MONEY, "today") == (
        "Every value is worse in contribution than today as it is"
    )
    assert response_title(worse, SECONDS, "today").startswith("wait is best at at_most=2: −9 s")
    some = [response("", (1, -5.0), (2, 0.5))]
    assert response_title(some, MONEY, "today") == (
        "No value is clearly better in contribution than today as it is"
    )


def test_a_map_over_two_thresholds_names_both_and_keeps_its_labels_off_its_title():
    """By as many keys as tell them apart; a long path is broken."""
    paths = "offers.broadband.policy.at_most.standard", "offers.broadband.policy.at_most.premium"
    shorts = [axis.short for axis in told_apart([read_vary(f"{path}=0:2:1") for path in paths])]
    assert shorts == ["at_most.standard", "at_most.premium"]
    drawn = plane([[50e3, -20e3], [90e3, 500.0]], 1e3)
    drawn = drawn._replace(across=paths[0], up=paths[1], across_short=shorts[0], up_short=shorts[1])
    figure = difference_map(drawn, FOOTER)
    assert "best at at_most.standard=60, at_most.premium=1.1" in title_of(figure)
    renderer = figure.canvas.get_renderer()
    label = figure.axes[0].yaxis.label
    assert label.get_text().replace("\n", "") == paths[1]
    heads = [text.get_window_extent(renderer) for text in figure.texts[:3]]
    assert not any(label.get_window_extent(renderer).overlaps(head) for head in heads)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_figure_gives_the_same_bytes(tmp_path, suffix):
    """A resumed sweep draws what a whole one draws."""
    files = []
    for name in ("one", "two"):
        figure = profit_curves([THRESHOLD, RANDOM], UNSWEPT, WAIT, FOOTER, parameter="p")
        files.append(save(figure, tmp_path / f"{name}{suffix}"))
    assert files[0].read_bytes() == files[1].read_bytes()

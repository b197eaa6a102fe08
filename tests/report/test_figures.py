"""What the figures say and show: titles, texts, bars and colours, read from the figure."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from sim.report.amounts import clock, money, money_range, percent, ratio
from sim.report.figures import (
    Bridge,
    CashCourse,
    Course,
    Event,
    Exchange,
    Footer,
    GroupSeats,
    Interval,
    LineGroup,
    Outcome,
    Panel,
    PeopleCourse,
    Steps,
    WeeklySeries,
    WeekOfService,
    colour_of,
    course_of_day,
    cumulative_cash,
    footer_of,
    people_by_week,
    profit_against_csat,
    profit_bridge,
    save,
    seats_of_week,
    service_level_heatmap,
    sold_against_lost,
    stacked_steps,
    subtitle_of,
    title_of,
    weekly_fan,
)
from sim.report.figures.canvas import GAIN, LOSS, house_style, new_sheet
from sim.report.figures.measure import balanced, text_width, wrapped
from sim.report.figures.profit_csat import non_dominated
from sim.report.figures.service_heatmap import hues
from sim.report.figures.weekly_fan import band_of, sums_of

FOOTER = Footer(("base-1a2b3c", "variant-4d5e6f"), 7, 20, "95 % intervals, paired: dice only")
GROUPS = (
    LineGroup("margin on sales", Interval(96e3, 84e3, 108e3)),
    LineGroup("wages", Interval(-40e3, -52e3, -28e3)),
    LineGroup("training", Interval(-2e3, -9e3, 5e3)),
    LineGroup("licences", Interval(-100.0, -120.0, -80.0)),
    LineGroup("telecommunication", Interval(-300.0, -330.0, -270.0)),
)
TOTAL = 53_600.0
CLEAR = Interval(TOTAL, 43e3, 64e3)
DAYS = ("Monday", "Tuesday")
NBSP = "\N{NO-BREAK SPACE}"


def bridge(baseline=-6.2e6, total=CLEAR, groups=GROUPS, **others):
    """A bridge whose groups add up to its total."""
    return Bridge("today", "sell", baseline, baseline + total.value, groups, total, **others)


def plain(text):
    """The text with ordinary spaces."""
    return text.replace(NBSP, " ")


def texts(figure):
    """Every text inside the axes of a figure, with ordinary spaces."""
    return [plain(text.get_text()) for axes in figure.axes for text in axes.texts]


def steps(figure):
    """Signed heights of the floating bars, left to right."""
    containers = [bars for bars in figure.axes[0].containers if bars.get_label() == "step"]
    return [bar.get_height() for bars in containers for bar in bars]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(58e3, "+58 k"), (-74e3, "−74 k"), (-6.2e6, "−6.2 M"), (0.0, "0"), (999_999.0, "+1 M"),
     (12.0, "+12"), (1234.5, "+1.23 k"), (2.5e9, "+2.5 bn"), (float("nan"), "–")],
)  # fmt: skip
def test_money_carries_sign_and_unit(amount, shown):
    """True minus, plus for gains, no sign for nothing, the unit that leaves 1 to 999."""
    assert plain(money(amount, signed=True)) == shown


def test_ratios_have_three_digits_and_no_more_than_a_board_reads():
    """Whoever earns back 31 times what was paid needs no decimals of it."""
    shown = [ratio(share).replace("\N{NO-BREAK SPACE}", " ") for share in
             (0, 0.0398, 0.8214, 1.4669, 9.99, 31.76, -0.5, -214)]  # fmt: skip
    assert shown == [
        "0.0 %", "4.0 %", "82.1 %", "147 %", "999 %", "over 1,000 %", "−50.0 %", "below −1,000 %",
    ]  # fmt: skip
    assert ratio(0.03983, 2).replace("\N{NO-BREAK SPACE}", " ") == "3.98 %"


def test_money_is_rounded_by_its_uncertainty():
    """Digits end at the second significant digit of the half-width or after four."""
    assert plain(money(41_234.0, half_width=11e3)) == "41 k"
    assert plain(money(41_234.0, half_width=1_100.0)) == "41.2 k"
    assert plain(money(96_000.0, half_width=1.0)) == "96.00 k"
    assert plain(money_range(30e3, 52e3)) == "30 to 52 k"
    assert plain(money_range(-3e3, 110e3)) == "−3 to 110 k"


def test_shares_are_rounded_down_and_clocks_wrap_at_24():
    """A share just below the target does not read as the target."""
    assert plain(percent(0.7999)) == "79 %"
    assert plain(percent(0.29)) == "29 %"
    assert (clock(570), clock(1440)) == ("09:30", "24:00")


def test_bridge_states_a_finding_only_when_the_interval_excludes_zero():
    """Clear, unclear, absent interval and exact zero each have their sentence."""
    clear = plain(title_of(profit_bridge(bridge(), FOOTER)))
    assert clear == "sell earns 54 k EUR more a year than today (43 to 64 k)"
    neutral = "No clear difference in the result between today and sell"
    for total in (Interval(TOTAL, -1.0, 99e3), Interval(TOTAL, np.nan, np.nan)):
        assert title_of(profit_bridge(bridge(total=total), FOOTER)) == neutral
    nothing = (LineGroup("wages", Interval(0.0, 0.0, 0.0)),)
    same = profit_bridge(bridge(total=Interval(0.0, 0.0, 0.0), groups=nothing), FOOTER)
    assert title_of(same) == "No difference in the result between today and sell"


def test_bridge_says_less_for_a_loss_and_unpriced_where_it_is():
    """A loss is read with a positive amount and its interval in ascending order."""
    loss = bridge(total=Interval(-50e3, -60e3, -40e3), unpriced=True, over="a month")
    title = plain(title_of(profit_bridge(loss, FOOTER)))
    assert title == "Unpriced: sell earns 50 k EUR less a month than today (40 to 60 k)"


def test_bridge_folds_what_is_negligible_but_not_what_is_uncertain():
    """Two small lines become `other`; a small line with a wide interval stays; nothing is lost."""
    figure = profit_bridge(bridge(), FOOTER)
    names = [plain(t.get_text().replace("\n", " ")) for t in figure.axes[0].get_xticklabels()]
    assert names == [
        "today −6.2 M", "margin on sales", "wages", "training", "other", "sell −6.15 M"
    ]  # fmt: skip
    assert steps(figure) == [96e3, -40e3, -2e3, -400.0]
    assert sum(steps(figure)) == pytest.approx(TOTAL)


def test_bridge_shows_differences_when_totals_dwarf_them():
    """−6.2 M against 54 k: bars start at the baseline; against 50 k they start at zero."""
    dwarfed, full = (profit_bridge(bridge(baseline=b), FOOTER).axes[0] for b in (-6.2e6, -50e3))
    ends = {axes: [bar.get_height() for bar in axes.containers[0]] for axes in (dwarfed, full)}
    assert ends[dwarfed] == [0.0, TOTAL]
    assert ends[full] == [-50e3, pytest.approx(TOTAL - 50e3)]
    assert dwarfed.get_ylabel().startswith("difference from today")
    assert dwarfed.get_ylim()[0] == 0.0
    assert full.get_ylim()[0] < -50e3


def test_bridge_labels_carry_signs_and_uncertain_bars_are_hollow():
    """Colour is never the only carrier."""
    figure = profit_bridge(bridge(), FOOTER)
    assert {"+96 k", "−40 k", "−2.0 k", "+54 k"} <= set(texts(figure))
    bars = [c[0] for c in figure.axes[0].containers if c.get_label() == "step"]
    hollow = [to_hex(bar.get_facecolor()) == "#ffffff" for bar in bars]
    assert hollow == [False, False, True, False]


def outcome(name, csat, result, csat_gain=None, result_gain=None):
    """A scenario with intervals of a fixed width."""
    return Outcome(
        name,
        Interval(csat, csat - 0.005, csat + 0.005),
        Interval(result, result - 20e3, result + 20e3),
        csat_gain,
        result_gain,
    )


def test_frontier_holds_the_points_that_none_beats_on_both():
    """The dominated point is left out; equal points are both kept."""
    points = [
        outcome("a", 0.8, 1.0),
        outcome("b", 0.7, 2.0),
        outcome("c", 0.7, 1.0),
        outcome("d", 0.8, 1.0),
    ]
    assert non_dominated(points) == (0, 1, 3)


def test_frontier_is_a_staircase_through_reached_points():
    """CSAT ascending, result descending, steps before the point, from the baseline."""
    points = [outcome("base", 0.80, 1e5), outcome("b", 0.84, 2e5), outcome("c", 0.81, 3e5)]
    axes = profit_against_csat(points, FOOTER).axes[0]
    line = next(line for line in axes.lines if line.get_label() == "frontier")
    assert line.get_drawstyle() == "steps-pre"
    expected = [[1.0, 2e5], [4.0, 1e5]]  # points of CSAT and money more than the baseline
    assert line.get_xydata() == pytest.approx(np.array(expected))


def test_frontier_draws_paired_differences_with_their_intervals():
    """The whiskers are those of the difference, much narrower than those of the levels."""
    gains = Interval(-0.02, -0.021, -0.019), Interval(3e5, 2.9e5, 3.1e5)
    figure = profit_against_csat(
        [outcome("base", 0.8, 1e5), outcome("x", 0.78, 4e5, *gains)], FOOTER
    )
    bars = {c.get_label(): c for c in figure.axes[0].containers}
    (line,) = bars["x"].lines[0].get_xydata().tolist()
    assert line == pytest.approx([-2.0, 3e5])
    across, up = (collection.get_segments()[0].tolist() for collection in bars["x"].lines[2])
    assert across == [pytest.approx([-2.1, 3e5]), pytest.approx([-1.9, 3e5])]
    assert up == [pytest.approx([-2.0, 2.9e5]), pytest.approx([-2.0, 3.1e5])]
    assert bars["base"].lines[0].get_xydata().tolist() == [[0.0, 0.0]]
    assert plain(figure.axes[0].get_ylabel()).endswith("\nbaseline: 100 k")


def test_frontier_title_follows_the_paired_differences():
    """Beats on both, trades, unclear and alone are told apart; estimates alone decide nothing."""
    base, up, down = outcome("base", 0.8, 0.0), Interval(1.0, 0.5, 1.5), Interval(-1.0, -1.5, -0.5)
    zero, unclear = Interval(0.0, 0.0, 0.0), Interval(1.0, -1.0, 3.0)
    titles = {
        (up, up): "x beats base on both result and CSAT",
        (down, up): "x trades CSAT for result against base",
        (up, down): "x trades result for CSAT against base",
        (unclear, unclear): "No clear difference from base in result or CSAT",
        (None, None): "No clear difference from base in result or CSAT",
        (unclear, up): "No scenario clearly beats base on both result and CSAT",
        (zero, zero): "No difference from base in result or CSAT",
    }
    for gains, title in titles.items():
        figure = profit_against_csat([base, outcome("x", 0.9, 1e6, *gains)], FOOTER)
        assert title_of(figure) == title
    free = outcome("x", 0.9, 1e6, up, up)._replace(unpriced=True)
    title = title_of(profit_against_csat([base, free], FOOTER))
    assert title == "Unpriced: x beats base on both result and CSAT"
    assert title_of(profit_against_csat([base], FOOTER)) == "Contribution and CSAT of base"


def test_names_of_crowded_points_do_not_cover_one_another():
    """Seven long names within a percent of CSAT: no two text boxes share a pixel."""
    names = [f"cross-sell while nobody waits (threshold {k})" for k in range(7)]
    points = [outcome(n, 0.82 + 0.0004 * k, 1e5 - 900.0 * k) for k, n in enumerate(names)]
    figure = profit_against_csat(points, FOOTER)
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts[3:]]
    assert len(boxes) == 7
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
    assert not any(a.overlaps(b) for a, b in pairs)


def test_names_keep_off_the_lines_of_no_difference():
    """Also where intervals are wide, so that little of the sheet is left beside the baseline."""
    gains = Interval(-0.07, -0.082, -0.06), Interval(-300.0, -800.0, 190.0)
    points = [outcome("small-line", 0.77, -62e3), outcome("sell-desk", 0.70, -62.3e3, *gains)]
    figure = profit_against_csat(points, FOOTER)
    axes = figure.axes[0]
    x, y = axes.transData.transform((0.0, 0.0))
    names = [t for t in figure.texts if t.get_text() in ("small-line (baseline)", "sell-desk")]
    assert len(names) == 2
    for name in names:
        box = name.get_window_extent(figure.canvas.get_renderer())
        assert not box.x0 <= x <= box.x1
        assert not box.y0 <= y <= box.y1


def test_hue_changes_exactly_at_the_target():
    """Below is warm (red over blue), at and above is cold, up to and including 100 %."""
    colours, norm = hues(0.8)
    warm = [colours(norm(x))[0] > colours(norm(x))[2] for x in (0.0, 0.5, 0.7999999, 0.8, 0.9, 1.0)]
    assert warm == [True, True, True, False, False, False]


def test_heatmap_counts_open_intervals_and_names_the_worst():
    """Closed intervals count nowhere; a level equal to the target is no miss."""
    levels = np.full((2, 48), np.nan)
    levels[:, 18:22] = [[0.8, 0.41, 0.9, 1.0], [0.79, 0.85, 0.8, np.nan]]
    figure = service_level_heatmap(WeekOfService(levels, DAYS, 0.8, "answered ÷ offered"), FOOTER)
    assert plain(title_of(figure)) == "Below target in 2 of 7 half hours; worst Monday 09:30 (41 %)"
    assert texts(figure) == ["80", "41", "90", "100", "79", "85", "80"]
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["09:00", "10:00", "11:00"]


def test_heatmap_of_met_targets_and_of_no_contacts():
    """Neither needs a miss to be drawn."""
    met, none = np.full((2, 4), 0.9), np.full((2, 4), np.nan)
    titles = [
        plain(title_of(service_level_heatmap(WeekOfService(x, DAYS, 0.8, "d"), FOOTER)))
        for x in (met, none)
    ]
    assert titles == [
        "Target met in all 8 half hours; lowest Monday 00:00 (90 %)",
        "No contacts in any of the half hours of the week",
    ]


def test_heatmap_without_room_for_numbers_dots_the_misses():
    """Quarter hours round the clock: no numbers, one dot for each miss."""
    levels = np.full((2, 96), 0.9)
    levels[1, 10:13] = 0.5
    week = WeekOfService(levels, DAYS, 0.8, "d", interval_minutes=15)
    figure = service_level_heatmap(week, FOOTER)
    assert not texts(figure)
    assert len(figure.axes[0].lines) == 3


def test_bands_are_drawn_only_where_order_statistics_support_them():
    """No band of 9, lowest to highest of 10, the middle 80 % of 20."""
    values = np.arange(20.0)[:, None] * np.ones((1, 3))
    assert band_of(values[:9]) is None
    low, high = band_of(values[:10])
    assert (low[0], high[0]) == (0.0, 9.0)
    low, high = band_of(values)
    assert (low[0], high[0]) == (pytest.approx(1.1), pytest.approx(17.9))


def test_few_replications_are_lines_of_their_own():
    """Five replications: five lines and no filled band; twenty: one median and one band."""
    values = np.random.default_rng(1).normal(size=(20, 6))
    few = weekly_fan([WeeklySeries("base", values[:5])], FOOTER).axes[0]
    many = weekly_fan([WeeklySeries("base", values)], FOOTER).axes[0]
    assert (len(few.lines), len(few.collections)) == (5 + _zero_line(few), 0)
    assert len(many.collections) == 1
    median = next(line for line in many.lines if line.get_label() == "base")
    assert median.get_ydata() == pytest.approx(np.median(values, axis=0))


def _zero_line(axes):
    """1 if the axis crosses zero, where a line marks it."""
    return int(axes.get_ylim()[0] < 0 < axes.get_ylim()[1])


def test_scenarios_keep_their_colours_and_events_their_names():
    """Baseline and variant in the colours of their order; every event is written."""
    base = np.full((20, 8), -5e3)
    fan = [WeeklySeries("base", base), WeeklySeries("sell", base + 1e3)]
    events = [Event("campaign", (2,)), Event("rollout", (2, 3, 4))]
    figure = weekly_fan(fan, FOOTER, difference=Interval(8e3, 7e3, 9e3), events=events)
    colours = {line.get_label(): line.get_color() for line in figure.axes[0].lines}
    assert (colours["base"], colours["sell"]) == (colour_of(0), colour_of(1))
    assert sorted(texts(figure)) == ["campaign", "rollout"]
    title = "Result is 8.0 k EUR higher with sell than with base over 8 weeks (7.0 to 9.0 k)"
    assert plain(title_of(figure)) == title


def test_weekly_curves_have_a_sum_below():
    """Of two scenarios the paired difference, of one its own sum; the last is that of the title."""
    base = np.random.default_rng(2).normal(size=(20, 6))
    gain = np.arange(1.0, 7.0)
    fan = [WeeklySeries("base", base), WeeklySeries("sell", base + gain)]
    below = weekly_fan(fan, FOOTER).axes[1]
    assert below.lines[0].get_ydata() == pytest.approx(np.cumsum(gain))
    mean, half = sums_of(base)
    assert mean[-1] == pytest.approx(base.sum(axis=1).mean())
    assert half[-1] == pytest.approx(2.093 * base.sum(axis=1).std(ddof=1) / 20**0.5, rel=1e-3)
    assert np.isnan(sums_of(base[:1])[1]).all()
    alone = weekly_fan(fan[:1], FOOTER).axes[1]
    assert alone.lines[0].get_ydata() == pytest.approx(mean)


def test_weekly_title_is_neutral_without_a_clear_difference():
    """An interval across zero names no winner."""
    fan = [WeeklySeries("base", np.zeros((3, 4))), WeeklySeries("sell", np.ones((3, 4)))]
    figure = weekly_fan(fan, FOOTER, difference=Interval(4.0, -1.0, 9.0))
    assert title_of(figure) == "No clear difference in result between base and sell"


def test_course_of_day_counts_observed_points_inside_the_band():
    """One of three comparable points lies outside; the closed interval counts nowhere."""
    simulated = Course(
        "simulated", np.array([10.0, 10.0, 10.0, np.nan]), np.full(4, 8.0), np.full(4, 12.0)
    )
    real = Course("January", np.array([9.0, 13.0, 12.0, np.nan]), observed=True)
    panels = [Panel("volume", "count", (simulated, real)), Panel("wait", "s", (simulated,))]
    figure = course_of_day(panels, FOOTER, band="80 % of days", start_minute=480)
    assert title_of(figure) == "2 of 3 points of January lie inside the band of simulated"
    assert "band: 80 % of days" in subtitle_of(figure)
    assert len(figure.axes) == 2
    observed = next(line for line in figure.axes[0].lines if line.get_label() == "January")
    assert (observed.get_linestyle(), observed.get_marker()) == ("None", "s")
    assert figure.axes[0].get_xlim() == (480.0, 570.0)


def test_footer_says_where_the_figure_comes_from():
    """Runs, seed, replications and what the intervals contain, on every figure."""
    figure = profit_bridge(bridge(), FOOTER)
    assert footer_of(figure) == (
        "runs base-1a2b3c, variant-4d5e6f | seed 7 | 20 replications | "
        "95 % intervals, paired: dice only"
    )


def test_a_footer_counts_runs_that_are_too_many_to_name():
    """Two are named; of more the comparison's folder tells the names."""
    many = FOOTER._replace(runs=("a-1a2b3c", "b-4d5e6f", "c-7a8b9c"))
    assert many.text().startswith("3 runs | seed 7 | ")


def test_no_title_ends_with_a_word_left_over():
    """Never more lines than are needed, nor wider ones; what was left over gets company."""
    text = "No clear difference in the result between cost-center-baseline and value-based-offers"
    alone = 0
    with house_style():
        figure = new_sheet("", "", FOOTER)
        for room in range(240, 660, 20):
            as_they_come = wrapped(figure, text, room, size=14, bold=True)
            lines = balanced(figure, text, room, size=14, bold=True)
            assert len(lines) == len(as_they_come)
            assert " ".join(lines) == text
            widths = [text_width(figure, line, 14, bold=True) for line in lines]
            assert max(widths) <= room
            if text_width(figure, as_they_come[-1], 14, bold=True) < room / 3:
                alone += 1
                assert widths[-1] > room / 3
    assert alone >= 2


@pytest.mark.parametrize("loss", [-1e3, -54e3, -57e3, -60e3])
def test_no_amount_sits_on_the_zero_line(loss):
    """Where a bar ends just below zero its amount is written above the line."""
    groups = (
        LineGroup("wages", Interval(loss, loss - 100, loss + 100)),
        LineGroup("sales", Interval(56e3, 55.9e3, 56.1e3)),
    )
    total = Interval(56e3 + loss, 55.9e3 + loss, 56.1e3 + loss)
    figure = profit_bridge(bridge(total=total, groups=groups), FOOTER)
    axes = figure.axes[0]
    zero = axes.transData.transform((0.0, 0.0))[1]
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 4
    assert not any(box.y0 <= zero <= box.y1 for box in boxes)


def test_long_texts_are_wrapped_and_stay_on_the_sheet():
    """A title of many words and one endless word: nothing reaches past the edge; dollars stay."""
    title = "costs $5 and then $6 of " + "a-scenario-with-an-endless-name" * 6
    with house_style():
        figure = new_sheet(title, "subtitle " * 40, FOOTER)
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width for box in boxes)
    assert all(box.y0 >= 0 and box.y1 <= figure.bbox.height for box in boxes)
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert "$5 and then $6" in title_of(figure)
    assert wrapped(figure, "", 100.0, size=9.0) == [""]


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_saved_files_are_the_same_bytes_every_time(tmp_path, suffix):
    """Two drawings of the same data give the same file, without stamps of time or program."""
    paths = [tmp_path / f"{name}.{suffix}" for name in ("one", "two")]
    for path in paths:
        assert save(profit_bridge(bridge(), FOOTER), path) == path
    one, two = (path.read_bytes() for path in paths)
    assert one == two
    assert b"Software" not in one
    assert len(one) > 5_000


def exchange(segment, sold, value, half_width=1e3):
    """What one scenario sells to a segment and loses of it."""
    ends = (sold, value, sold + value)
    return Exchange("sell", segment, *(Interval(v, v - half_width, v + half_width) for v in ends))


@pytest.mark.parametrize(
    ("exchanges", "title"),
    [
        ([exchange("premium", 9e3, -3e3)], "More is sold than value of customers lost, in every "
         "segment"),
        ([exchange("premium", 9e3, -3e3), exchange("standard", 2e3, -9e3)], "sell loses more "
         "value of standard customers than it sells to them"),
        ([exchange("premium", 1e3, -3e3), exchange("standard", 2e3, -9e3)], "In 2 of 2 segments "
         "more value of customers is lost than sold"),
        ([exchange("premium", 3e3, -2.5e3)], "No segment clearly loses more value of customers "
         "than is sold to it"),
    ],
)  # fmt: skip
def test_sold_against_lost_says_who_loses_only_where_it_is_certain(exchanges, title):
    """The title is read from the paired sum of both."""
    assert title_of(sold_against_lost(exchanges, FOOTER, currency="EUR")) == title


def test_sold_against_lost_draws_both_bars_hollow_where_they_could_be_zero():
    """One bar to the right for what is sold, one to the left for what is lost."""
    figure = sold_against_lost([exchange("premium", 9e3, -500.0)], FOOTER, currency="EUR")
    sold, lost = (bars[0] for bars in figure.axes[0].containers if hasattr(bars, "patches"))
    assert (sold.get_width(), lost.get_width()) == (9e3, -500.0)
    assert to_hex(sold.get_facecolor()) == "#00795a"
    assert to_hex(lost.get_facecolor()) == "#ffffff"
    assert texts(figure) == ["+9.0 k", "−0.5 k"]


def test_sold_against_lost_gives_a_gain_the_colour_of_a_gain():
    """Whichever of the two bars it is."""
    both = [exchange("premium", 9e3, 5e3), exchange("standard", -9e3, -5e3)]
    axes = sold_against_lost(both, FOOTER, currency="EUR").axes[0]
    bars = [bars[0] for bars in axes.containers if hasattr(bars, "patches")]
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [GAIN.lower()] * 2 + [LOSS.lower()] * 2
    strengths = [bar.get_facecolor()[3] for bar in bars]
    assert strengths[0] > strengths[1]


def test_seats_are_drawn_by_group_with_heads_to_schedule():
    """The title names the group that needs most heads."""
    groups = [
        GroupSeats("line", np.array([0, 7, 14, 0]), np.array([0, 10, 20, 0])),
        GroupSeats("sales", np.array([0, 2, 1, 0]), np.array([0, 3, 2, 0])),
    ]
    figure = seats_of_week(groups, DAYS, FOOTER)
    assert title_of(figure) == "line: at most 14 seats, for which 20 heads are to be scheduled"
    assert [axes.get_ylabel() for axes in figure.axes] == ["line", "sales"]
    drawn = [patch.get_data().values.tolist() for patch in figure.axes[0].patches]
    assert drawn == [[0, 7, 14, 0], [0, 10, 20, 0]]


def cash_course(paid_back, npv=CLEAR, since=1.0):
    """100 k paid after a month, 60 k earned in each of three later ones."""
    flows = np.array([[0.0, -100e3, 60e3, 60e3, 60e3]] * 2)
    months = np.array([0.5, 1.0, 2.0, 3.0, 4.0])
    paid = np.array([0.0, 100e3, 0.0, 0.0, 0.0])
    return CashCourse("sell", "today", months, flows, 0.99 * flows, paid, npv, paid_back, since)


def test_cash_title_says_when_it_is_earned_back_and_what_it_is_worth():
    """From the first payment on; never is said, and so is a worth that is not clear."""
    told = {
        (2.67, CLEAR): "sell earns back its 100 k EUR in 1.7 months; NPV +54 k",
        (None, Interval(-9e3, -12e3, -6e3)): (
            "sell does not earn back its 100 k EUR within 4 months; NPV −9.0 k"
        ),
        (2.67, Interval(1.0, -5.0, 7.0)): (
            "sell earns back its 100 k EUR in 1.7 months; whether its NPV is above 0 is not clear"
        ),
    }
    for (paid_back, npv), title in told.items():
        figure = cumulative_cash(cash_course(paid_back, npv), FOOTER)
        assert plain(title_of(figure)) == title


def test_cash_drops_when_it_is_paid_and_is_marked_when_it_is_back():
    """Straight down at month 1; the mark stands on the zero line; none where it is not back."""
    axes = cumulative_cash(cash_course(8 / 3), FOOTER).axes[0]
    line = next(one for one in axes.lines if one.get_label() == "cash")
    drawn = list(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert (1.0, 0.0) in drawn
    assert (1.0, -100e3) in drawn
    assert drawn[-1] == (4.0, 80e3)
    (mark,) = [one for one in axes.lines if one.get_label() == "_payback"]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (8 / 3, 0.0)
    never = cumulative_cash(cash_course(None), FOOTER).axes[0]
    assert not [one for one in never.lines if one.get_label() == "_payback"]


def test_steps_stand_upon_one_another_and_hang_below_zero():
    """What takes away hangs below; what adds stands on what adds; the line is their sum."""
    base = np.full((2, 2), -100.0)
    rows = np.stack([base, base + [[30, 30]], base + [[20, 20]], base + [[60, 20]]])
    figure = stacked_steps(
        Steps(("today", "a", "b", "c"), ("Q1 2027", "Q2 2027"), rows, rows), FOOTER, title="told"
    )
    above, below = figure.axes
    bars = [(bar.get_y(), bar.get_height()) for bars in below.containers for bar in bars]
    assert bars == [(0, 30), (0, 30), (0, -10), (0, -10), (30, 40), (30, 0)]
    drawn = {
        line.get_label(): list(line.get_ydata()) for axes in figure.axes for line in axes.lines
    }
    assert drawn["all steps"] == [60, 20]
    assert drawn["contribution with all steps"] == [-40, -80]
    assert "result with all steps" not in drawn
    assert above.get_ylim()[1] > 0 > above.get_ylim()[0]
    assert title_of(figure) == "told"


def test_people_by_week_has_a_panel_for_each_question():
    """A line a scenario in each; the title tells the end of the last quarter that differs most."""
    weeks = np.arange(26)
    today = PeopleCourse("today", 98.0 + 0 * weeks, 0.6 + 0 * weeks, 0.2 + 0 * weeks)
    cut = PeopleCourse("cut", 88.0 + 0 * weeks, np.where(weeks < 13, 0.6, 0.51), 0.4 + 0 * weeks)
    figure = people_by_week([today, cut], FOOTER)
    assert plain(title_of(figure)) == "Engagement at the end: 51 % in cut, 60 % in today"
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "people on the floor", "engagement", "hot half hours",
    ]  # fmt: skip
    for axes, (one, other) in zip(figure.axes, ((98, 88), (0.6, 0.51), (0.2, 0.4)), strict=True):
        assert [line.get_ydata()[-1] for line in axes.lines] == [one, other]
        assert list(axes.lines[0].get_xdata()[[0, -1]]) == [1, 26]
    assert plain(title_of(people_by_week([cut], FOOTER))) == "Engagement in cut is 51 % at the end"

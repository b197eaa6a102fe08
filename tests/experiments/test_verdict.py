"""The verdicts, the figures, and the sentences."""

import math

import pytest

from sim.core.statistics import Estimate, Sample, difference
from sim.experiments.rounding import rounded
from sim.experiments.verdict import (
    WORDINGS,
    Context,
    Figures,
    Other,
    Under,
    judge,
    over_horizon,
    replications_needed,
    verdict,
    wording,
)

EARNS = WORDINGS["result"]
FIFTY_K = over_horizon(50_000, "year", 52)


def gap(value, half_width, replications=20):
    """A paired difference with its interval."""
    return Estimate(value, value - half_width, value + half_width, half_width, replications)


@pytest.mark.parametrize(
    ("low", "high", "matters_from", "higher_is_better", "lower_is_better"),
    [
        (60, 90, 50, "better", "worse"),
        (-90, -60, 50, "worse", "better"),
        (10, 90, 50, "better", "worse"),  # perhaps too little to matter, but not nothing
        (10, 40, 50, "practically equal", "practically equal"),  # not nothing, but too little
        (-40, 40, 50, "practically equal", "practically equal"),
        (-40, 60, 50, "undecided", "undecided"),
        (-50, 40, 50, "undecided", "undecided"),  # 50 matters, so an end at 50 is not inside
        (0, 60, 50, "undecided", "undecided"),  # an end at 0 does not exclude 0
        (0, 0, 0, "practically equal", "practically equal"),
        (-1, 1, 0, "undecided", "undecided"),
        (1, 2, 0, "better", "worse"),
        (math.nan, math.nan, 50, "undecided", "undecided"),
    ],
)
def test_four_verdicts(low, high, matters_from, higher_is_better, lower_is_better):
    """The whole interval decides; practical equality comes first."""
    found = Estimate((low + high) / 2, low, high, (high - low) / 2, 20)
    assert judge(found, matters_from) == higher_is_better
    assert judge(found, matters_from, "lower") == lower_is_better


def test_a_scenario_against_itself_is_practically_equal():
    """Identical replications differ by exactly nothing, whatever matters."""
    sample = Sample([1.0, 7.0, 3.0], [2.0, 9.0, 5.0])
    found = verdict(difference(sample, sample), 0.0, EARNS)
    assert found.kind == "practically equal"
    assert found.sentence == "practically equal: no difference at all (dice only)"


@pytest.mark.parametrize(
    ("value", "half_width", "text"),
    [
        (41_234, 11_000, "41 k"),
        (41_234, 1_234, "41.2 k"),
        (41_234, 210, "41.23 k"),
        (-41_234, 1_234, "−41.2 k"),
        (1_250_000, 120_000, "1.25 M"),
        (1_250_000, 1_200_000, "1.3 M"),
        (410_000, 340_000, "410 k"),
        (950, 1_200, "1.0 k"),
        (990, 60, "990"),
        (1.234, 0.56, "1.23"),
        (-0.4, 12.0, "0"),
        (0, 1_200, "0"),
        (41_234, 0, "41.2 k"),
        (40_000, 0, "40 k"),
        (40_000, math.nan, "40 k"),
        (1_250_000, 0, "1.25 M"),
        (999.6, 0, "1 k"),
        (0.00123, 0, "0.00123"),
        (5.0, 1e-14, "5"),
        (0, 0, "0"),
        (math.nan, 1, "n/a"),
    ],
)
def test_figures(value, half_width, text):
    """Rounded to the second significant digit of the half-width, else to three digits."""
    assert rounded(value, half_width) == text


YEAR, WEEKS = "in the first year", "in the first 4 weeks"


@pytest.mark.parametrize(
    ("found", "words", "options", "sentence"),
    [
        (gap(91e3, 11e3), YEAR, {}, "earns 91 k more in the first year (dice only: 80 to 102 k)"),
        (
            gap(-91e3, 11e3),
            YEAR,
            {"currency": "EUR", "context": Context(basis="at the same seats")},
            "earns EUR 91 k less in the first year, at the same seats (dice only: 80 to 102 k)",
        ),
        (
            gap(60e3, 20e3),
            WEEKS,
            {"context": Context(contains="dice and inputs", unpriced=True)},
            (
                "unpriced: earns 60 k more in the first 4 weeks (dice and inputs: 40 to 80 k),"
                " perhaps less than the 50 k in the first 4 weeks that matters"
            ),
        ),
        (
            gap(41e3, 11e3),
            YEAR,
            {"context": Context(strains_people=True, unpriced=True)},
            (
                "unpriced: not priced: people; earns 41 k more in the first year"
                " (dice only: 30 to 52 k), perhaps less than the 50 k a year that matters"
            ),
        ),
        (
            gap(-91e3, 11e3),
            YEAR,
            {"context": Context(strains_people=True, seats_stay=True)},
            (
                "not priced: people; seats did not follow; earns 91 k less in the first year"
                " (dice only: 80 to 102 k)"
            ),
        ),
        (
            gap(91e3, 11e3),
            YEAR,
            {"context": Context(leaves_work="more")},
            "work left undone; earns 91 k more in the first year (dice only: 80 to 102 k)",
        ),
        (
            gap(10e3, 5e3),
            YEAR,
            {"context": Context(basis="seats differ by +6 %")},
            (
                "practically equal: earns 5.0 to 15.0 k more in the first year, seats differ by"
                " +6 % (dice only), less than the 50 k a year that matters"
            ),
        ),
        (
            gap(10e3, 15e3),
            WEEKS,
            {"currency": "EUR"},
            (
                "practically equal: earns between EUR 5 k less and EUR 25 k more in the first"
                " 4 weeks (dice only), less than the EUR 50 k in the first 4 weeks that matters"
            ),
        ),
        (
            gap(10e3, 90e3),
            YEAR,
            {"context": Context(unpriced=True, basis="at the same service")},
            (
                "unpriced: undecided: earns between 80 k less and 100 k more in the first year,"
                " at the same service (dice only); about 72 more replications would tell"
            ),
        ),
        (
            gap(41e3, math.nan, 1),
            YEAR,
            {},
            "undecided: earns 41 k more in the first year, but there is no interval",
        ),
        (gap(math.nan, math.nan, 1), YEAR, {}, "undecided: n/a"),
    ],
)
def test_sentences_of_money(found, words, options, sentence):
    """Sums are told over the weeks that were played, with what the interval contains."""
    figures = Figures(found, words)
    assert verdict(found, FIFTY_K, EARNS, figures=figures, **options).sentence == sentence


@pytest.mark.parametrize(
    ("earned", "leaves", "kind"),
    [
        (gap(511e3, 5e3), "more", "undecided"),
        (gap(10e3, 5e3), "more", "undecided"),
        (gap(-107e3, 5e3), "more", "worse"),
        (gap(511e3, 5e3), "less", "better"),
        (gap(-107e3, 5e3), "less", "undecided"),
        (gap(511e3, 5e3), "", "better"),
    ],
)
def test_work_left_undone_withholds_what_it_could_explain(earned, leaves, kind):
    """Whoever leaves more can be worse, whoever leaves fewer better; no form is told beside it."""
    under = [Under("if so", "worse", earned)] if kind == "undecided" else []
    found = verdict(
        earned,
        FIFTY_K,
        EARNS,
        figures=Figures(earned, YEAR),
        under=under,
        context=Context(leaves_work=leaves),
    )
    assert found.kind == kind
    assert found.sentence.startswith("work left undone; ") == bool(leaves)
    assert "unless" not in found.sentence
    assert "practically equal" not in found.sentence


def test_a_sum_is_told_by_three_figures():
    """The first year, the pace at the end, and value; which way each goes is said where it turns."""
    value = Other(gap(900e3, 90e3), 50e3, WORDINGS["economic_value"])
    figures = Figures(gap(359e3, 12e3), YEAR, gap(162e3, 15e3))
    found = verdict(gap(359e3, 12e3), FIFTY_K, EARNS, figures=figures, other=value, currency="EUR")
    assert found.told == (
        "better: earns EUR 359 k more in the first year (dice only: 347 to 371 k);"
        " at the end at a pace of 162 k a year; adds EUR 900 k of value"
    )
    fades = figures._replace(pace=gap(-162e3, 15e3))
    assert (
        "at a pace of 162 k less a year"
        in verdict(gap(359e3, 12e3), FIFTY_K, EARNS, figures=fades).sentence
    )
    unknown = value._replace(gap=gap(10e3, 60e3))
    found = verdict(gap(359e3, 12e3), FIFTY_K, EARNS, figures=figures, other=unknown)
    assert found.kind == "better"
    assert found.sentence.endswith("; value between −50 k and 70 k")


@pytest.mark.parametrize(
    ("earned", "value", "kind"),
    [
        (gap(511e3, 5e3), gap(-155e3, 50e3), "divided"),
        (gap(-107e3, 5e3), gap(1_860e3, 90e3), "divided"),
        (gap(511e3, 5e3), gap(-90e3, 50e3), "better"),  # it may be less than what matters
        (gap(-107e3, 5e3), gap(90e3, 50e3), "worse"),
        (gap(511e3, 5e3), gap(155e3, 50e3), "better"),
        (gap(10e3, 5e3), gap(-155e3, 50e3), "practically equal"),
    ],
)
def test_value_that_says_the_opposite_divides(earned, value, kind):
    """Beyond what matters, with its whole interval; a verdict that is none stays as it is."""
    other = Other(value, 50e3, WORDINGS["economic_value"])
    found = verdict(earned, FIFTY_K, EARNS, figures=Figures(earned, YEAR), other=other)
    assert found.kind == kind
    assert found.told.startswith(f"{kind}: ")


def test_a_horizon_of_years_is_judged_by_its_mean():
    """Twice 40 k is judged as 40 k a year; the first year is told, and the mean beside it."""
    over_two = gap(80e3, 10e3)
    figures = Figures(gap(-20e3, 4e3), YEAR, gap(100e3, 9e3), 0.5)
    found = verdict(over_two, over_horizon(30_000, "year", 104), EARNS, figures=figures)
    assert found.told == (
        "better: earns 20.0 k less in the first year (dice only: 16.0 to 24.0 k);"
        " on average 40.0 k more a year; at the end at a pace of 100.0 k more a year"
    )
    equal = verdict(over_two, over_horizon(50_000, "year", 104), EARNS, figures=figures)
    assert equal.sentence.startswith(
        "practically equal: earns 35.0 to 45.0 k more a year (dice only), less than the 50 k a year"
    )


@pytest.mark.parametrize(
    ("metric", "found", "matters_from", "sentence"),
    [
        (
            ("csat",),
            gap(0.012, 0.004),
            0.005,
            "scores 1.20 points higher (dice only: 0.80 to 1.60)",
        ),
        (
            ("csat",),
            gap(0.002, 0.006),
            0.005,
            (
                "undecided: scores between 0.40 points lower and 0.80 points higher (dice only);"
                " about 53 more replications would tell"
            ),
        ),
        (
            ("service_level", "points", 100.0),
            gap(-0.052, 0.011),
            0.0,
            "service level is 5.2 points lower (dice only: 4.1 to 6.3)",
        ),
        (
            ("cost_per_contact", "EUR"),
            gap(0.4, 0.12),
            0.0,
            "cost per contact is 0.40 EUR higher (dice only: 0.28 to 0.52)",
        ),
        (
            ("churned",),
            gap(0.0, 12.0),
            0.0,
            (
                "undecided: churned is between 12 lower and 12 higher (dice only);"
                " more replications would hardly tell"
            ),
        ),
    ],
)
def test_sentences_of_other_metrics(metric, found, matters_from, sentence):
    """Ratios and counts are not scaled by time; each speaks in its own words and unit."""
    assert verdict(found, matters_from, wording(*metric)).sentence == sentence


def test_lower_is_better():
    """A cost that rises is worse, and its sentence says that it is higher."""
    found = verdict(gap(0.4, 0.12), 0.0, wording("cost_per_contact", "EUR"), better="lower")
    assert found.kind == "worse"
    assert found.sentence.startswith("cost per contact is 0.40 EUR higher")


def test_numbers_stay_in_the_metrics_own_unit():
    """Only the sentence is scaled; difference and interval are those that went in."""
    figures = Figures(gap(40.0, 10.0), YEAR, None, 0.5)
    found = verdict(gap(100.0, 10.0), 0.0, EARNS, figures=figures)
    assert (found.difference, found.low, found.high) == (100.0, 90.0, 110.0)
    assert found.sentence.endswith("on average 50.0 a year")
    assert found.replications_needed is None


@pytest.mark.parametrize(("value", "matters_from"), [(10.0, 0.0), (10.0, 35.0), (2.0, 30.0)])
def test_replications_needed_decide(value, matters_from):
    """With that many more, and the same spread, it is decided; with one fewer it is not."""
    from sim.core.statistics import t_quantile

    now = gap(value, 50.0, 8)
    more = replications_needed(now, matters_from)

    def later(n):
        scale = t_quantile(0.975, n - 1) / t_quantile(0.975, 7) * math.sqrt(8 / n)
        return judge(gap(value, 50.0 * scale, n), matters_from)

    assert judge(now, matters_from) == "undecided"
    assert later(8 + more) != "undecided"
    assert later(8 + more - 1) == "undecided"


def test_money_over_the_horizon():
    """A year is 52 weeks and 12 months, in both directions."""
    assert over_horizon(50_000, "year", 26) == 25_000
    assert over_horizon(12_000, "month", 52) == 144_000
    assert over_horizon(100, "week", 4) == 400

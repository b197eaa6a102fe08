"""The first sheet: verdicts, three figures, what must be believed, and what inputs make of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.core.statistics import Estimate
from sim.experiments.closing import level_line
from sim.experiments.comparison import Against, Comparison
from sim.experiments.figures import RESULT
from sim.experiments.judging import CONTAINS
from sim.experiments.turning_points import TurningPoints
from sim.metrics.periods import first_year_text, pace_note
from sim.report.board.content import not_modelled
from sim.report.pages.remarks import played_text
from sim.report.pages.turning_points import belief_line
from sim.report.workbook.inputs import Inputs
from sim.report.workbook.paper import Tab
from sim.report.workbook.statement import Statement

LAST = 9
"""The last column, so that a page is filled."""
NAME_WIDTH, WIDTH = 32, 15
PROSE = LAST * WIDTH * 1.12
"""Characters of a line of prose from the second column on."""


class Live(NamedTuple):
    """What follows the inputs."""

    inputs: Inputs
    statements: Sequence[Statement]
    gaps: Sequence[Statement]
    """Of the variants."""


class Summary:
    """The sheet as it is written, row by row."""

    def __init__(self, tab: Tab, comparison: Comparison) -> None:
        self.tab, self.comparison, self.row = tab, comparison, 0

    def write(self, beliefs: Sequence[TurningPoints], live: Live) -> None:
        """All rows, then widths and print."""
        base, variants = self.comparison.base, self.comparison.variants
        spec = base.scenario.spec
        names = [one.run.scenario.spec.name for one in variants]
        title = f"{', '.join(names)} against {spec.name}" if names else spec.name
        self.tab.text(0, 0, title, "title")
        self.tab.text(1, 0, spec.question, "note")
        self.tab.text(2, 0, f"{played_text(base)}; money in {spec.currency}", "note")
        self.row = 3
        if variants:
            self._section("Verdicts")
            for against in variants:
                self._prose(against.run.scenario.spec.name, against.verdict.told)
            self._figures(variants)
        self._live(live)
        self._section("Profit center, or paying for itself?")
        for run in (base, *(one.run for one in variants)):
            self._prose(run.scenario.spec.name, level_line(run))
        if beliefs:
            self._section("What must be believed")
            for against, believed in zip(variants, beliefs, strict=True):
                line = belief_line(self.comparison, against, believed)
                self._prose(against.run.scenario.spec.name, line)
        self._section("Not modelled, and what else to know before believing it")
        for note in not_modelled(self.comparison):
            self._prose("", note)
        self.tab.shape([NAME_WIDTH, *[WIDTH] * LAST])

    def _live(self, live: Live) -> None:
        """The horizon's sums, as the profit and loss has them with the inputs as they now are."""
        self._section("With the inputs of this workbook, over the horizon")
        told = f'COUNTIF({live.inputs.changed},"changed")'
        changed = f'{told}&" inputs changed: sums follow, intervals do not"'
        words = f'IF({told}=0,"inputs as typed",{changed})'
        self.tab.formula(self.row, 0, words, "inputs as typed", "note")
        self.row += 1
        head = ("scenario", "contribution", "kept", "result", "against baseline")
        for column, word in enumerate(head):
            self.tab.text(self.row, column, word, "head", *(["right"] if column else []))
        runs = [self.comparison.base, *(one.run for one in self.comparison.variants)]
        for run, statement, gap in zip(runs, live.statements, (None, *live.gaps), strict=True):
            self.row += 1
            layout = statement.layout
            self.tab.text(self.row, 0, run.scenario.spec.name)
            for column, place in enumerate((layout.contribution, layout.kept, layout.result), 1):
                if place is not None:
                    value = statement.value(place)
                    self.tab.formula(self.row, column, statement.at(place), value, "money")
            if gap is not None:
                value = gap.value(layout.result)
                self.tab.formula(self.row, 4, gap.at(layout.result), value, "money", "bold")
        self.row += 1

    def _figures(self, variants: Sequence[Against]) -> None:
        """First year, pace and value of the difference in result, each with its interval."""
        spec = self.comparison.base.scenario.spec
        has_pace = any(one.money[RESULT].pace for one in variants)
        has_value = any(one.money[RESULT].value for one in variants)
        shown = [first_year_text(spec.horizon.length_weeks)]
        shown += ["pace at the end, a year"] if has_pace else []
        shown += ["value"] if has_value else []
        self._section(f"Result less the baseline's, {spec.currency}, 95 % intervals ({CONTAINS})")
        self.tab.text(self.row, 0, "", "across")
        self.tab.text(self.row + 1, 0, "scenario", "head")
        for k, words in enumerate(shown):
            first = self.row, 1 + 3 * k
            look = self.tab.paper.look("across")
            self.tab.sheet.merge_range(*first, self.row, first[1] + 2, "", look)
            self.tab.text(*first, words, "across")
            for part, word in enumerate(("difference", "from", "to")):
                self.tab.text(self.row + 1, 1 + 3 * k + part, word, "head", "right")
        self.row += 2
        for against in variants:
            figures = against.money[RESULT]._replace(first=against.first_year_result)
            wanted = [figures.first, *([figures.pace] if has_pace else [])]
            wanted += [figures.value] if has_value else []
            self.tab.text(self.row, 0, against.run.scenario.spec.name)
            for k, e in enumerate(wanted):
                self._estimate(1 + 3 * k, e)
            self.row += 1
        if has_pace:
            self.tab.text(self.row, 0, f"{pace_note(spec.horizon.n_weeks)}.", "note")
            self.row += 1

    def _estimate(self, column: int, e: Estimate | None) -> None:
        for part, number in enumerate((e.value, e.low, e.high) if e else ()):
            look = ("bold",) if part == 0 else ()
            self.tab.number(self.row, column + part, number, "money", *look)

    def _section(self, heading: str) -> None:
        self.tab.text(self.row + 1, 0, heading, "section")
        self.row += 2

    def _prose(self, name: str, text: str) -> None:
        self.tab.text(self.row, 0, name, "bold", "wrap")
        self.tab.prose(self.row, LAST, text, PROSE)
        self.row += 1

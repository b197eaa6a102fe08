"""The sheet on which every figure is drawn: house style, title, subtitle, footer, colours.

Figures are plain `matplotlib.figure.Figure` objects on the Agg canvas: no global state, no window.
A page of this package draws inside `house_style()`, and `save` writes the same bytes for the same
figure on every call.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import NamedTuple, ParamSpec

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sim.core.clock import WEEKS_PER_YEAR
from sim.report.figures.measure import _POINTS_PER_INCH, balanced, wrapped

INK, SLATE, GREY = "#1F2933", "#3E4C59", "#66727F"
GAIN, LOSS = "#00795A", "#C44F00"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#1F2933", "#8C8200")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))

MOST_RUNS_NAMED = 2
_MARGIN_POINTS = 12.0
_TITLE, _SUBTITLE, _FOOTER = 14.0, 10.5, 8.5
_LEADING = 1.32
_DPI = 150  # of the sheet and of the file: what is measured is what is printed
_LAYS_OUT = ConstrainedLayoutEngine
_STYLE = Path(__file__).with_name("ccprofit.mplstyle")
_Arguments = ParamSpec("_Arguments")


class Interval(NamedTuple):
    """An estimate with the two ends of its interval; the ends are nan where there is none."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign of the estimate is certain at the interval's level."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def half_width(self) -> float:
        """Half the distance between the ends."""
        return (self.high - self.low) / 2.0

    @property
    def known(self) -> bool:
        """Whether there is an interval at all."""
        return isfinite(self.low) and isfinite(self.high)


class Footer(NamedTuple):
    """Where a figure comes from, and what its intervals contain."""

    runs: tuple[str, ...]
    seed: int
    replications: int
    contains: str  # "95 % intervals, paired by replication: dice only"
    weeks: float = 0.0  # of the horizon, where the figure shows less than a year

    def text(self) -> str:
        """The line at the foot of the figure."""
        if not self.runs:  # nothing was played
            return self.contains
        runs = f"{len(self.runs)} runs"  # their folders are named where the comparison is
        if len(self.runs) <= MOST_RUNS_NAMED:
            runs = f"run{'s' if len(self.runs) > 1 else ''} {', '.join(self.runs)}"
        count = f"{self.replications} replication{'s' if self.replications != 1 else ''}"
        if 0 < self.weeks < WEEKS_PER_YEAR:
            count += f" of {self.weeks:.3g} week{'s' if self.weeks != 1 else ''}"
        return " | ".join(
            part for part in (runs, f"seed {self.seed}", count, self.contains) if part
        )


def colour_of(order: int) -> str:
    """The colour of a scenario by its place in the comparison (0: the baseline), in every chart."""
    return COLOURS[order % len(COLOURS)]


def marker_of(order: int) -> str:
    """The marker of a scenario, so that its colour is not its only sign."""
    return MARKERS[order % len(MARKERS)]


def dash_of(order: int) -> str | tuple[int, tuple[float, ...]]:
    """The line style of a scenario: solid for the baseline."""
    return DASHES[order % len(DASHES)]


def house_style() -> AbstractContextManager[None]:
    """The house style for the length of a `with` block."""
    return rc_context(fname=_STYLE)


def in_house_style(draw: Callable[_Arguments, Figure]) -> Callable[_Arguments, Figure]:
    """Draw a figure in the house style, whatever the caller's own settings are."""

    @wraps(draw)
    def drawn(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Figure:
        with house_style():
            return draw(*args, **kwargs)

    return drawn


def new_sheet(
    title: str, subtitle: str, footer: Footer, *, width_in: float = 9.6, body_in: float = 4.5
) -> Figure:
    """A figure with its title, subtitle and footer written and the space between left for axes.

    Texts are wrapped to the width as they measure, so no length of name is clipped; the figure
    grows by the lines that they take (`body_in`: height in inches that the axes keep).
    """
    figure = Figure(figsize=(width_in, body_in), dpi=_DPI)
    FigureCanvasAgg(figure)
    room = width_in * _POINTS_PER_INCH - 2 * _MARGIN_POINTS
    blocks = [
        (balanced(figure, title, room, size=_TITLE, bold=True), _TITLE, INK, "bold"),
        (balanced(figure, subtitle, room, size=_SUBTITLE), _SUBTITLE, GREY, "normal"),
        (wrapped(figure, footer.text(), room, size=_FOOTER), _FOOTER, GREY, "normal"),
    ]
    heights = [_LEADING * size * len(lines) for lines, size, _, _ in blocks]
    head = _MARGIN_POINTS + heights[0] + 4 + heights[1]
    foot = heights[2] + _MARGIN_POINTS
    height = body_in * _POINTS_PER_INCH + head + foot
    figure.set_size_inches(width_in, height / _POINTS_PER_INCH)
    from_bottom = (
        height - _MARGIN_POINTS,
        height - _MARGIN_POINTS - heights[0] - 4,
        heights[2] + 6,
    )
    for (lines, size, colour, weight), top in zip(blocks, from_bottom, strict=True):
        figure.text(
            _MARGIN_POINTS / (width_in * _POINTS_PER_INCH),
            top / height,
            "\n".join(lines),
            size=size,
            color=colour,
            weight=weight,
            va="top",
            linespacing=_LEADING - 0.1,
        )
    rest = (0.0, foot / height, 1.0, 1.0 - (head + foot) / height)
    figure.set_layout_engine(ConstrainedLayoutEngine(rect=rest))
    return figure


def title_of(figure: Figure) -> str:
    """The title as written, unwrapped."""
    return figure.texts[0].get_text().replace("\n", " ")


def subtitle_of(figure: Figure) -> str:
    """The subtitle as written, unwrapped."""
    return figure.texts[1].get_text().replace("\n", " ")


def footer_of(figure: Figure) -> str:
    """The footer as written, unwrapped."""
    return figure.texts[2].get_text().replace("\n", " ")


def no_grid(axes: Axes) -> None:
    """Take away grid and frame, where cells are their own grid."""
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def save(figure: Figure, path: Path) -> Path:
    """Write PNG or SVG (by suffix) at 150 dpi; the same figure gives the same bytes."""
    no_stamp = {"Software": None} if path.suffix == ".png" else {"Date": None, "Creator": None}
    with house_style():
        if path.suffix == ".png" and not isinstance(figure.get_layout_engine(), _LAYS_OUT):
            FigureCanvasAgg(figure).print_png(path, metadata=no_stamp)  # savefig draws it twice
        else:
            figure.savefig(path, dpi=_DPI, metadata=no_stamp)
    return path

"""Figures as SVG inside a page: small, the same bytes every time, no id twice.

Title, subtitle and footer are text of the page, where a phone can wrap them; what is left of the
figure is cropped to its axes.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import NamedTuple

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.report.figures.canvas import footer_of, house_style, subtitle_of, title_of

POINTS_PER_INCH = 72.0
AIR = 6.0  # points above the axes
_FONTS = "'DejaVu Sans', Verdana, Geneva, sans-serif"


class Drawing(NamedTuple):
    """A figure as a page holds it."""

    title: str
    """The finding."""
    subtitle: str
    footer: str
    svg: str


def as_drawing(figure: Figure, prefix: str) -> Drawing:
    """The figure as SVG with its texts apart; its ids begin with the prefix.

    The figure stays as it is.
    """
    texts = figure.texts[:3]
    height = figure.get_figheight() * POINTS_PER_INCH
    top = (1.0 - _bottom_of(figure, 1)) * height - AIR
    bottom = texts[2].get_position()[1] * height
    for text in texts:
        text.set_visible(False)
    file = _drawn(figure)
    for text in texts:
        text.set_visible(True)
    title, subtitle = title_of(figure), subtitle_of(figure)
    svg = _inlined(file, prefix, f"{title}. {subtitle}", top, height - bottom)
    return Drawing(title, subtitle, footer_of(figure), svg)


def _drawn(figure: Figure) -> str:
    """The figure as an SVG file; `savefig` would draw it twice."""
    canvas, dpi, file = figure.canvas, figure.dpi, StringIO()
    with house_style():
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    figure.set_dpi(dpi)
    figure.set_canvas(canvas)
    return file.getvalue()


def _bottom_of(figure: Figure, text: int) -> float:
    """The lower edge of a text, as a part of the figure's height."""
    box = figure.texts[text].get_window_extent()
    return box.y0 / figure.bbox.height


def _inlined(svg: str, prefix: str, name: str, top: float, bottom: float) -> str:
    """The svg element alone, named, cropped, and with ids of its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    used = dict.fromkeys(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    own = {name: f"{prefix}-{i}" for i, name in enumerate(used)}
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{own[m[1]]}"' if m[1] in own else "", svg)
    svg = re.sub(r'(url\(#|href="#)([^)"]+)', lambda m: m[1] + own[m[2]], svg)
    svg = svg.replace("'DejaVu Sans'", _FONTS).replace("xlink:href", "href")
    svg = re.sub(r"(\d\.\d{2})\d+", r"\1", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    width = re.search(r'viewBox="0 0 ([\d.]+) [\d.]+"', svg)
    assert width is not None  # matplotlib writes one
    head = (
        f'<svg viewBox="0 {top:.1f} {width[1]} {bottom - top:.1f}" role="img"'
        f' aria-label="{_attribute(name)}" xmlns="http://www.w3.org/2000/svg">'
    )
    return head + svg[svg.index(">") + 1 :]


def _attribute(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )

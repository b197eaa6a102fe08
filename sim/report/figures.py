"""The figures, behind one door: each takes plain data and returns a `matplotlib.figure.Figure`."""

from sim.report.bridge import Bridge, LineGroup, profit_bridge
from sim.report.canvas import Footer, Interval, colour_of, footer_of, save, subtitle_of, title_of
from sim.report.day import Course, Panel, course_of_day
from sim.report.frontier import Outcome, profit_against_csat
from sim.report.heatmap import WeekOfService, service_level_heatmap
from sim.report.weekly import Event, WeeklySeries, weekly_fan

__all__ = [
    "Bridge",
    "Course",
    "Event",
    "Footer",
    "Interval",
    "LineGroup",
    "Outcome",
    "Panel",
    "WeekOfService",
    "WeeklySeries",
    "colour_of",
    "course_of_day",
    "footer_of",
    "profit_against_csat",
    "profit_bridge",
    "save",
    "service_level_heatmap",
    "subtitle_of",
    "title_of",
    "weekly_fan",
]

"""Pictures. Every function here takes plain data and returns a `matplotlib.figure.Figure`.

Each picture is one file. of_comparison, of_sweep and of_beliefs decide which pictures are drawn,
and from which numbers. canvas holds the house style; measure, labels, scales and ticks place and
write text.
"""

from sim.report.figures.belief_curve import BeliefCurve, BeliefPanel, belief_curve
from sim.report.figures.canvas import (
    Footer,
    Interval,
    colour_of,
    footer_of,
    save,
    subtitle_of,
    title_of,
)
from sim.report.figures.course_of_day import Course, Panel, course_of_day
from sim.report.figures.cumulative_cash import CashCourse, cumulative_cash
from sim.report.figures.difference_map import Plane, difference_map
from sim.report.figures.dots import Dot, differences_as_dots
from sim.report.figures.need_of_week import GroupNeed, need_of_week
from sim.report.figures.people_by_week import PeopleCourse, people_by_week
from sim.report.figures.profit_bridge import Bridge, LineGroup, profit_bridge
from sim.report.figures.profit_csat import Outcome, profit_against_csat
from sim.report.figures.profit_curves import Across, Curve, CurvePoint, profit_curves
from sim.report.figures.response import Response, ResponsePoint, metric_along
from sim.report.figures.seats_of_week import GroupSeats, seats_of_week
from sim.report.figures.service_heatmap import WeekOfService, service_level_heatmap
from sim.report.figures.sold_against_lost import Exchange, sold_against_lost
from sim.report.figures.stacked_steps import Steps, stacked_steps
from sim.report.figures.weekly_fan import Event, WeeklySeries, weekly_fan
from sim.report.figures.where_issues_end import IssuesOf, Solves, where_issues_end

__all__ = [
    "Across",
    "BeliefCurve",
    "BeliefPanel",
    "Bridge",
    "CashCourse",
    "Course",
    "Curve",
    "CurvePoint",
    "Dot",
    "Event",
    "Exchange",
    "Footer",
    "GroupNeed",
    "GroupSeats",
    "Interval",
    "IssuesOf",
    "LineGroup",
    "Outcome",
    "Panel",
    "PeopleCourse",
    "Plane",
    "Response",
    "ResponsePoint",
    "Solves",
    "Steps",
    "WeekOfService",
    "WeeklySeries",
    "belief_curve",
    "colour_of",
    "course_of_day",
    "cumulative_cash",
    "difference_map",
    "differences_as_dots",
    "footer_of",
    "metric_along",
    "need_of_week",
    "people_by_week",
    "profit_against_csat",
    "profit_bridge",
    "profit_curves",
    "save",
    "seats_of_week",
    "service_level_heatmap",
    "sold_against_lost",
    "stacked_steps",
    "subtitle_of",
    "title_of",
    "weekly_fan",
    "where_issues_end",
]

"""Which metrics the page of each reader shows; no other file says so.

The first metrics of a view are its head. The page with all views shows the heads alone.
"""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """One reader's page."""

    title: str
    head: tuple[str, ...]
    others: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """All metrics of the page, the head first."""
        return (*self.head, *self.others)


VIEWS: dict[str, View] = {
    "cfo": View(
        "finance (CFO)",
        ("result", "economic_value", "cost", "self_funding"),
        (
            "npv", "roi", "months_to_payback",
            "contribution", "retained_margin",
            "revenue", "margin", "cost_to_revenue", "cost_per_contact", "cost_per_resolved",
            "margin_per_contact", "margin_per_agent_hour", "base_margin", "value_at_end",
            "sold_value_at_end",
        ),
    ),
    "coo": View(
        "operations (COO)",
        ("service_level", "wait", "abandonment", "cost_per_resolved"),
        (
            "offered", "answered", "short_abandonment", "blocked", "service_level_of_offered",
            "service_level_of_answered", "service_level_less_short", "service_level_or_short",
            "asa", "wait_p90", "aht", "occupancy", "occupancy_scheduled", "utilisation", "fcr",
            "repeats", "told_again", "resolution",
            "transfers", "transfer_wait", "transfer_abandonment", "calls_made", "calls_reached",
            "sent_to_bot", "out_of_bot", "bot_claims", "bot_solves", "bot_cost_per_solved",
            "bot_offers", "bot_acceptance",
            "chats_at_once", "message_wait", "email_wait", "emails_in_time", "emails_left",
            "called_back", "not_reached", "cost_per_contact", "paid_hours",
        ),
    ),
    "cmo": View(
        "customers (CMO)",
        ("csat", "nps", "churn", "revenue"),
        (
            "csat_contact", "csat_surveyed", "csat_corrected", "nps_surveyed", "response_rate",
            "effort", "fcr", "resolution", "customers", "left_for_service", "stayed_for_service",
            "kept_by_calls",
            "announced", "save_rate", "base_margin", "value_at_end", "offers", "offer_rate",
            "acceptance", "attach_rate", "pushed", "margin_per_contact",
        ),
    ),
    "chro": View(
        "people (CHRO)",
        ("occupancy", "turnover", "engagement", "hiring_and_training"),
        (
            "cost_of_turnover", "headcount", "in_class", "joiners", "leavers", "cut", "tenure",
            "absence", "hot_half_hours", "selling_pressure", "training_hours",
            "occupancy_scheduled", "utilisation", "paid_hours", "overtime", "aht", "offer_rate",
            "margin_per_agent_hour",
        ),
        (
            "People come, learn, tire and leave where a group has people. A group of positions or"
            " heads has the turnover that was typed, however busy it is.",
        ),
    ),
}  # fmt: skip
CXO = "cxo"
"""The page with the heads of all views."""

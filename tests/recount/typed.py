"""What a scenario file says, week by week, read without the program: plain YAML and the domain's words.

Inherits by `based_on`, merges what initiatives set, and makes wages and prices drift. Reads no more
than what money is made of.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

WEEKS_A_YEAR, HOURS_A_WEEK = 52, 40
MANY = {"": 1.0, "%": 0.01, "k": 1e3, "M": 1e6}
PER_YEAR = {"year": 1, "month": 12, "week": 52, "day": 364}
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
AMOUNT = re.compile(r"\s*([-+]?[\d.]+)\s*(%|k\b|M\b)?\s*(?:per )?(.*?)\s*")

WAGES = [("agents", "*", "wage"), ("agents", "*", "paid", "amount")]
PRICES = [
    *(("offers", "*", key) for key in ("price", "margin")),
    ("offers", "*", "margin", "per_month"), ("offers", "*", "margin", "price"),
    ("offers", "*", "downgrade", "loss"),
    ("contacts", "*", "price", "amount"), ("contacts", "*", "lead_cost"),
    ("contacts", "*", "self_service", "price", "amount"),
    ("customers", "*", "margin"), ("customers", "*", "acquisition", "cost"),
    ("loyalty", "reward"),
    *(("costs", key) for key in ("overhead", "licence", "telecom", "recruiting")),
    ("initiatives", "*", "run_cost"),
]  # fmt: skip
COSTS = {
    "on_cost": 0.30, "overtime": 1.25, "overhead": 4.0, "licence": 120.0, "fixed": 0.35,
    "telecom": 0.02, "recruiting": 3400.0, "class_weeks": 4, "severance_weeks": 4,
    "supervision": {"span": 15, "wage": 1.4}, "quality_and_planning": {"span": 50, "wage": 1.0},
}  # fmt: skip
GROUP = {"wage": 18.0, "shrinkage": 0.30, "turnover": 0.35}
PRODUCT = {
    "kind": "cross-sell", "returns": 0.08, "commission": 0.10, "incremental": 0.80,
    "preparation": "8 h", "policy": {"offer": "never"},
}  # fmt: skip
INITIATIVE = {"ramp": 0, "adoption": 1.0, "invest": 0.0, "run_cost": 0.0, "from_week": 1}
SHORT = {"offers": ("policy", "offer"), "customers": ("count", "customers"), "agents": ()}


def number(typed: Any) -> float:
    """The number of what is typed: 25% is 0.25, 50k is 50,000; what follows it is a unit."""
    if isinstance(typed, (int, float)):
        return float(typed)
    found = AMOUNT.fullmatch(typed)
    assert found, typed
    return float(found[1]) * MANY[found[2] or ""]


def per_year(typed: Any) -> float:
    """A rate for a year."""
    unit = AMOUNT.fullmatch(typed)[3] if isinstance(typed, str) else "year"
    return number(typed) * PER_YEAR[unit or "year"]


def seconds(typed: Any) -> float:
    """Seconds of a duration."""
    if isinstance(typed, (int, float)):
        return float(typed)
    return number(typed) * SECONDS[AMOUNT.fullmatch(typed)[3]]


def months(typed: Any) -> float:
    """Money a month."""
    assert isinstance(typed, (int, float)) or AMOUNT.fullmatch(typed)[3] in ("month", ""), typed
    return number(typed)


def merged(below: Any, above: Any) -> Any:
    """Mappings are merged, null removes, all else replaces."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return copy.deepcopy(above)
    both = {key: value for key, value in below.items() if above.get(key, value) is not None}
    for key, value in above.items():
        if value is not None:
            both[key] = merged(below.get(key), value)
    return both


@cache
def typed_in(file: Path) -> Typed:
    """What a file says, read once: a file below others is asked for by each of them."""
    return Typed(file)


class Typed:
    """A scenario as typed."""

    def __init__(self, file: Path) -> None:
        self.file = file.resolve()
        own = _spelled_out(YAML(typ="safe", pure=True).load(file))
        below = own.pop("based_on", None)
        self.base = typed_in((file.parent / below).resolve()) if below else None
        self._made: dict[tuple, dict] = {}
        self.tree = merged(self.base.tree, own) if self.base else own

    @property
    def root(self) -> Typed:
        """Today's center."""
        return self.base.root if self.base else self

    @property
    def changes_later(self) -> bool:
        """Whether a later week may differ from the first."""
        return bool(self.tree.get("initiatives") or self.tree.get("loyalty"))

    def in_week(self, week: int) -> dict:
        """The tree as it is in a week; the horizon's first is 0."""
        patches = (self.tree.get("initiatives") or {}).values()
        when = (week // WEEKS_A_YEAR, *(share_of(one, week) for one in patches))
        if when not in self._made:
            self._made[when] = self._make(*when)
        return self._made[when]

    def _make(self, year: int, *shares: float) -> dict:
        tree = {**self.tree, "costs": {**COSTS, **(self.tree.get("costs") or {})}}
        patches = (self.tree.get("initiatives") or {}).values()
        for share, patch in zip(shares, patches, strict=True):
            full = merged(self.tree, _spelled_out(patch["set"]))
            tree = _moved(tree, self.tree, full, share)
        finance = self.tree.get("finance") or {}
        for key, paths in (("wage_drift", WAGES), ("price_drift", PRICES)):
            drift = finance.get(key, "none")
            factor = 1.0 if drift == "none" else (1 + per_year(drift)) ** year
            for path in paths:
                tree = _dearer(tree, path, factor)
        return tree

    def initiatives(self) -> dict[str, dict]:
        """By name, with defaults."""
        found = self.tree.get("initiatives") or {}
        return {name: {**INITIATIVE, **one} for name, one in found.items()}


def share_of(patch: dict, week: int) -> float:
    """Share of an initiative's effect in a week: a ramp of n weeks brings 1/n in its first."""
    since = week + 2 - patch.get("from_week", 1)
    ramp = seconds(patch.get("ramp", 0)) / SECONDS["wk"]
    if since < 1:
        return 0.0
    return number(patch.get("adoption", 1.0)) * (min(1.0, since / ramp) if ramp else 1.0)


def _spelled_out(tree: dict) -> dict:
    """Short forms as long ones: one segment or group without a name, and `offer` for `policy`."""
    tree = dict(tree)
    for block, name, keys in (
        ("customers", "customers", ("count", "margin", "churn", "acquisition", "due_to_service")),
        (
            "agents",
            "agents",
            ("heads", "positions", "wage", "shrinkage", "turnover", "serves", "paid"),
        ),
    ):
        inside = tree.get(block)
        if isinstance(inside, (int, float, str)):
            inside = {"count" if block == "customers" else "heads": inside}
        if isinstance(inside, dict) and any(key in inside for key in keys):
            inside = {name: inside}
        if isinstance(inside, dict):
            tree[block] = inside
    offers = tree.get("offers") or {}
    if offers:
        tree["offers"] = {name: _policy(one) for name, one in offers.items()}
    return tree


def _policy(offer: Any) -> Any:
    if not isinstance(offer, dict):
        return offer
    offer = {("policy" if key == "offer" else key): value for key, value in offer.items()}
    if isinstance(offer.get("policy"), str):
        offer["policy"] = {"offer": offer["policy"]}
    return offer


def _moved(tree: Any, before: Any, after: Any, share: float) -> Any:
    """So much of the way, number by number; what is no number as soon as anything is in effect."""
    if share == 0.0 or before == after:
        return tree
    if isinstance(after, dict) and isinstance(before, dict) and isinstance(tree, dict):
        keys = dict.fromkeys([*tree, *after])
        one = {k: _moved(tree.get(k), before.get(k), after.get(k), share) for k in keys}
        return {key: value for key, value in one.items() if value is not None}
    try:
        old, new, now = number(before), number(after), number(tree)
    except (TypeError, AssertionError):
        return after
    is_share = isinstance(after, str) and "%" in after
    there = now + share * (new - old)
    return f"{there * 100!r}%" if is_share else there


def _dearer(node: Any, path: tuple[str, ...], factor: float) -> Any:
    """A copy with so many times the money at a path; a share of a price goes with the price."""
    if factor == 1.0 or node is None:
        return node
    if not path:
        if isinstance(node, dict) or (isinstance(node, str) and "%" in node):
            return node
        return number(node) * factor
    if not isinstance(node, dict):
        return node
    key, *rest = path
    keys = list(node) if key == "*" else [k for k in (key,) if k in node]
    return {**node, **{k: _dearer(node[k], tuple(rest), factor) for k in keys}}

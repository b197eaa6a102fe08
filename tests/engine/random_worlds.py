"""Random small worlds in which nearly everything happens at once.

All durations are constant and lie with all listed calls on one grid of minutes, so that moments
of every kind tie with moments of every other. A few types are drawn and take random times.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from .times_of_day import by_quarter
from .worlds import CELLS_PER_DAY, call, constant, minutes, quarters, world

GRID_MIN = 5
WEEK_MIN = 7 * 24 * 60
HOURS = (
    None,
    "always",
    "Mon-Sun 00:00-01:00",
    "Mon-Sun 00:00-00:45, Mon-Sun 01:15-02:30, Mon-Sun 22:00-24:00",
    "Mon-Sun 00:15-01:45, Mon-Sun 23:00-24:00",
)
POLICIES = (
    "always",
    "never",
    "while-nobody-waits",
    {"offer": "random", "share": 0.6},
    {"offer": "while-waiting", "at_most": -1},
    {"offer": "while-waiting", "at_most": 1},
    {"offer": "below-system-threshold", "threshold": 2},
)
ELSEWHERE = ("specialist", "follow-up", "follow-up")


class RandomWorld(NamedTuple):
    """A scenario, the luck with which to play it, and where to cut its horizon."""

    world: dict[str, Any]
    seed: int
    cuts: tuple[int, ...]


def quietly(examples: int) -> settings:
    """Settings of a run whose examples are always the same; what fails is shown as it is.

    To make it small takes minutes: add Phase.shrink while you look for the cause.
    """
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@cache
def on_grid(low: int, high: int) -> st.SearchStrategy[int]:
    """Minutes on the grid, low and high in steps of it."""
    return st.integers(low, high).map(lambda steps: steps * GRID_MIN)


def some(values: st.SearchStrategy[Any], otherwise: Any = "none") -> st.SearchStrategy[Any]:
    """Usually a value, sometimes none."""
    return st.one_of(values, values, st.just(otherwise))


BOTS = st.fixed_dictionaries(
    {
        "eligible": st.sampled_from([0.5, 1.0]),
        "solved": st.sampled_from([0.0, 0.3]),
        "claimed": st.sampled_from([0.0, 0.3]),
        "human_option": st.sampled_from(["none", 0.3]),
        "time": on_grid(1, 4).map(constant),
        "asks_again": on_grid(0, 2).map(minutes),
        "easy": st.sampled_from([1.0, 1.0, 0.8]),
    }
)
HISTORY = {"known": 0.5, "asks_again": minutes(GRID_MIN)}
DELAYS = on_grid(1, 12).map(constant)
REDIAL = some(
    st.fixed_dictionaries(
        {
            "probability": st.sampled_from([0.5, 1.0]),
            "delay": DELAYS,
            "attempts": st.sampled_from([1, 2, 3, "unlimited"]),
        }
    )
)
RESOLUTION = some(
    st.fixed_dictionaries(
        {
            "first_contact": st.sampled_from([0.3, 0.7, 1.0]),
            "comes_back": st.sampled_from([0.5, 0.9]),
            "delay": DELAYS,
        }
    )
)
HANDLING = st.fixed_dictionaries(
    {
        "talk": on_grid(1, 6).map(constant),
        "hold": st.sampled_from(["none", "none", "none", {"share": 0.3, "mean": "4 min"}]),
        "wrap_up": some(on_grid(1, 3).map(constant)),
        "patience": some(on_grid(0, 8).map(constant)),
        "balk": st.sampled_from([0.0, 0.0, 0.3]),
    }
)
SEATS = st.lists(st.integers(0, 3), min_size=1, max_size=14)
SERVES = st.fixed_dictionaries(
    {
        "priority": st.integers(1, 2),
        "after": st.one_of(st.just(0), on_grid(1, 4)).map(minutes),
        "handle": st.sampled_from([1.0, 1.0, 2.0]),
    }
)
PRODUCT = st.fixed_dictionaries(
    {
        "candidates": st.sampled_from([0.6, 1.0]),
        "acceptance": st.fixed_dictionaries(
            {"everyone": st.sampled_from([0.2, 0.6]), "spread": st.sampled_from([0.0, 1.0])}
        ),
        "held": st.sampled_from([0.0, 0.2]),
        "talk": on_grid(1, 6).map(constant),
        "fulfilment": some(on_grid(1, 3).map(constant)),
        "price": st.just(100),
        "margin": st.just("50%"),
        "returns": st.just(0.3),
        "on_unresolved": st.booleans(),
        "cool_down": on_grid(0, 12).map(minutes),
        "offer": st.sampled_from(POLICIES),
    }
)


@cache
def calls(
    segments: tuple[str, ...], from_min: int, most: int
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Listed calls within three hours."""
    segment = st.sampled_from(segments) if segments else st.none()
    one = st.tuples(
        on_grid(0, 30), on_grid(1, 8), some(on_grid(0, 8), None), some(on_grid(1, 4), None), segment
    ).map(lambda row: call(from_min + row[0], *row[1:]))
    return st.lists(one, min_size=min(6, most), max_size=most)


@cache
def drawn_volume(most: int) -> st.SearchStrategy[dict[str, Any]]:
    """Drawn contacts, at most so many a week: in the last hour of each day and the first three."""
    weights = [1.0] * 12 + [0.0] * (CELLS_PER_DAY - 16) + [1.0] * 4
    return st.fixed_dictionaries(
        {
            "busyness": st.sampled_from(["none", {"day": 0.5, "interval": 0.5}]),
            "per_week": st.integers(most // 6, most),
            "profile": st.just(weights),
            "counts": st.just("first"),
        }
    )


@st.composite
def contact_types(
    draw: st.DrawFn, segments: list[str], from_min: int, most_calls: int, most_drawn: int
) -> dict[str, Any]:
    """One contact type; `most_drawn` contacts a week."""
    spec: dict[str, Any] = draw(HANDLING)
    if draw(st.integers(0, 2)):
        spec["volume"] = {"calls": draw(calls(tuple(segments), from_min, most_calls))}
    else:
        spec["volume"] = draw(drawn_volume(most_drawn))
        most = draw(on_grid(1, 3))
        spec["talk"] = {"mean": minutes(most), "cv": 0.8}
        if most == 2 * GRID_MIN:
            spec["talk"] = {"min": "1 min", "mode": minutes(most), "max": minutes(20)}
    spec["redial"], spec["resolution"] = draw(REDIAL), draw(RESOLUTION)
    if not draw(st.integers(0, 3)):
        spec["self_service"] = draw(BOTS)
    hours = draw(st.sampled_from(HOURS))
    if hours:
        spec["open"] = hours
    if segments and draw(st.booleans()):
        spec["head_start"] = {segments[-1]: minutes(draw(on_grid(1, 3)))}
    # Without a draw of its own, so that all other draws stay what they were.
    if (spec["volume"].get("per_week") or len(spec["volume"]["calls"])) % 3 == 0:
        vary(spec)
    elif spec["resolution"] != "none":
        spec["history"] = HISTORY
    return spec


def vary(spec: dict[str, Any]) -> None:
    """Let the numbers of a type change every quarter of an hour."""
    for key in ("talk", "wrap_up", "patience"):
        if spec[key] != "none" and "mean" in spec[key]:
            spec[key] = spec[key] | {"mean": by_quarter(spec[key]["mean"], "10 min", "5 min")}
    if spec["hold"] != "none":
        spec["hold"] = {"share": by_quarter(0.8, 0.0), "mean": by_quarter("4 min", "2 min")}
    spec["balk"] = by_quarter(spec["balk"], 0.0, 0.3)
    if spec["redial"] != "none":
        odds = by_quarter(spec["redial"]["probability"], 1.0)
        spec["redial"] = spec["redial"] | {"probability": odds}
    if spec["resolution"] != "none":
        odds = {"first_contact": by_quarter(0.3, 1.0, 0.0), "comes_back": by_quarter(0.9, 0.5)}
        spec["resolution"] = spec["resolution"] | odds


@st.composite
def agent_groups(draw: st.DrawFn, types: list[str]) -> dict[str, Any]:
    """One to three groups; every type is served by the last."""
    groups = {}
    n_groups = draw(st.integers(1, 3))
    for i in range(n_groups):
        chosen = [t for t in types if i == n_groups - 1 or draw(st.booleans())] or types[:1]
        groups[f"g{i}"] = {"serves": {t: draw(SERVES) for t in chosen}}
        groups[f"g{i}"] |= quarters(*draw(SEATS), draw(st.integers(0, 2)))
    return groups


@st.composite
def sold_elsewhere(draw: st.DrawFn, groups: list[str]) -> dict[str, Any]:
    """Handed on to specialists, or called by any group."""
    policy: dict[str, Any] = {"offer": draw(st.sampled_from(ELSEWHERE))}
    if policy["offer"] == "specialist":
        policy |= {"group": "sales", "priority": draw(st.integers(1, 2))}
    elif policy["offer"] == "follow-up":
        policy |= {
            "group": draw(st.sampled_from(groups)),
            "reserve": draw(st.integers(0, 1)),
            "reached": draw(st.sampled_from([0.5, 1.0])),
            "ring": minutes(draw(on_grid(1, 4))),
            "keep": minutes(draw(on_grid(3, 60))),
        }
    return policy


@st.composite
def offers(draw: st.DrawFn) -> dict[str, Any]:
    """No product, one or two."""
    products = draw(st.lists(PRODUCT, min_size=draw(st.sampled_from([0, 1, 2])), max_size=2))
    return {f"p{i}": product for i, product in enumerate(products)}


@st.composite
def sell_elsewhere(
    draw: st.DrawFn, types: dict[str, Any], groups: dict[str, Any], products: dict[str, Any]
) -> None:
    """Sell in other legs of the first type, which is solved and answered more often than others.

    Specialists may answer a type in which nothing is handed on to them.
    """
    types["a"] |= {"resolution": "none", "balk": 0.0}
    types["a"].pop("history", None)
    groups["calm"] = {"serves": ["a"], "positions": draw(st.integers(2, 4))}
    serves = list(types)[1:2] if draw(st.booleans()) else []
    seats = draw(st.lists(st.integers(0, 2), min_size=1, max_size=10))
    groups["sales"] = {"serves": serves, **quarters(*seats, draw(st.integers(0, 2)))}
    for product in products.values():
        product["offer"] = draw(sold_elsewhere(["calm", *groups]))
        product |= {"during": ["a"], "on_unresolved": False, "candidates": 1.0}
    if not serves and all(product["offer"]["group"] != "sales" for product in products.values()):
        del groups["sales"]


def sell_by_bots(types: dict[str, Any], products: dict[str, Any]) -> None:
    """Some bots sell what there is; without a draw of its own."""
    for spec in types.values():
        bot = spec.get("self_service")
        if products and bot and bot["claimed"] == 0.0:
            offers = {"products": list(products), "acceptance_odds": 1, "time": minutes(GRID_MIN)}
            spec["self_service"] = bot | {"offers": offers}


@st.composite
def customers(draw: st.DrawFn, *, weekly: bool) -> dict[str, Any]:
    """No customers, or two segments of very few; they leave and join only in weekly worlds."""
    if not draw(st.integers(0, 3)):
        return {}
    segments = {}
    for name in ("plain", "gold"):
        segments[name] = {"count": draw(st.integers(1, 6)), "churn": "none"}
        if weekly and draw(st.booleans()):
            segments[name]["churn"] = {"rate": "99.999999% per year", "due_to_service": 0.0}
        if weekly and draw(st.booleans()):
            segments[name]["acquisition"] = {"per_month": draw(st.integers(4, 40))}
    return segments


@st.composite
def random_worlds(draw: st.DrawFn, *, weekly: bool = False, most_calls: int = 14) -> RandomWorld:
    """A world, a seed and cuts.

    A daily world starts with its calls at midnight and is cut in the midst of them; a weekly one
    has its calls around the end of the first of two weeks, and fewer drawn contacts on each day.
    """
    from_min, most_drawn = (WEEK_MIN - 75, 200) if weekly else (0, 400)
    segments = draw(customers(weekly=weekly))
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    types = {
        name: draw(contact_types(list(segments), from_min, most_calls, most_drawn))
        for name in names
    }
    horizon: dict[str, Any] = {"weeks": 2} if weekly else {"days": 1}
    horizon |= {"interval": "15 min", "warm_up": draw(st.sampled_from(["0 s", "45 min"]))}
    groups = draw(agent_groups(names))
    products = draw(offers())
    if products and draw(st.booleans()):
        draw(sell_elsewhere(types, groups, products))
    sell_by_bots(types, products)
    more = {"horizon": horizon, "customers": segments, "offers": products}
    more["forecast_error"] = draw(st.sampled_from(["none", 0.2]))
    lines = draw(st.one_of(st.none(), st.none(), st.integers(1, 5)))
    if lines:
        more["lines"] = lines
    if any(segment["churn"] != "none" for segment in segments.values()) and draw(st.booleans()):
        more["save_desk"] = {"contacts": names[-1], "announces": 0.7, "withdraw": 0.3}
        bot = types[names[-1]].get("self_service")
        if bot and bot["claimed"] == 0.0:
            bot["announced"] = True
        for product in products.values():
            product["kind"] = draw(st.sampled_from(["retention", "cross-sell"]))
    cuts = draw(st.lists(st.integers(-2, 14), min_size=2, max_size=5, unique=True))
    what = world(types, groups, **more)
    return RandomWorld(what, draw(st.integers(0, 9)), tuple(cuts))

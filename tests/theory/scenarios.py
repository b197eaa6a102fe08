"""Parameters of an exact case → a scenario in which nothing else happens."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
SECONDS_PER_WEEK = 60 * MINUTES_PER_WEEK

FEWEST_BATCHES = 200
WEEKS = 20  # of one replication
USUAL_CONTACTS = 2_000_000
# Contacts for which every standard error is as small as is asked, found by trying.
CONTACTS = {
    "erlangB_n17": 4_000_000,
    "erlangA_1_n14": 4_000_000,
    "mmnG_1_uniform": 4_000_000,
    "mg1_lognormal": 4_000_000,
    "mmn_prio2": 4_000_000,
    "P1 never": 4_000_000,
    "erlangC_1_n14": 9_000_000,
    "erlangC_5_n104": 36_000_000,
    "erlangC_7_n10": 97_000_000,
    "mmnK_0_n12_K17": 6_000_000,
    "X_fcfs": 7_500_000,
    "recall_fcr": 7_500_000,
    "tv_mmc_8h close": 24_000_000,
    "tv_drop": 4_500_000,
    "P1 always": 5_000_000,
    "P2 never": 11_000_000,
    "P2 TP[c-2]": 8_000_000,
    "P2 TP[c]": 6_000_000,
    "P2 TP[c+5]": 5_000_000,
    "P2 always": 8_000_000,
    "P2 best-TP": 6_000_000,
    "P3 never": 28_000_000,
    "chat_0": 4_300_000,
    "chat_2": 10_000_000,
}
# At 99 % load the queue remembers for days: relaxation time (√10 − √9.9)⁻² = 2.8 days. Weeks of one
# batch and the warm-up of five such times: what is left of an empty start is 0.02 % of a wait.
SLOWEST = "erlangC_7_n10"
SLOWEST_BATCH_WEEKS, SLOWEST_WARM_UP = 4, "14 d"
# Elsewhere, in replications of days, at most 2.1 hours (erlangC_5_n104); but those who will redial
# or repeat may be away for hours.
WARM_UP, WARM_UP_OF_ORBIT = "8 h", "1 d"


class Batches(NamedTuple):
    """How often a scenario is played, and what counts as one batch."""

    replications: int
    weeks_at_once: int = 1  # a batch: so many weeks, or a whole replication that lasts days
    cycles_per_week: int = 0  # days within a week that start empty


Made = tuple[dict[str, Any], Batches]


def steady(name: str, p: dict[str, Any], unit_s: float) -> Made:
    """A scenario that runs round the clock after a warm-up."""
    rates = p["lam"] if isinstance(p["lam"], list) else [p["lam"]]
    contacts = {f"type{c}": _contact(r, _of_class(p, c), unit_s) for c, r in enumerate(rates)}
    for c, routes in enumerate(p.get("arr_pref", [])):
        contacts[f"type{c}"]["routes"] = [f"group{g}" for g in routes]
    scenario = _frame(name, contacts, _agents(p, len(rates)))
    scenario["open"] = "always"
    scenario["horizon"] = {"warm_up": _warm_up(name, p)}
    lines = p.get("K") or _lines_of_waiting_room(p)
    if lines:
        scenario["lines"] = lines
    if "thr" in p:
        scenario["offers"] = {"product": _offer(p, unit_s)}
    per_week = sum(rates) * SECONDS_PER_WEEK / unit_s
    return scenario, _round_the_clock(scenario, name, per_week)


def daily(name: str, p: dict[str, Any], unit_s: float) -> Made:
    """Open for the case's periods, closed until all is quiet, open again: many days in a week.

    At closing busy agents serve the waiting before they leave: the drain of the reference. Seats
    `after` closing, by the half hour, are on duty for another type, of which nobody comes.
    """
    assert p["n_after"] == p["n"][-1]
    after = p.get("after", [])
    open_min = int(p["delta"]) * len(p["n"])
    cycle_min = cycle_minutes(p)
    starts = range(0, MINUTES_PER_DAY, cycle_min)
    closed = [0] * ((cycle_min - open_min) // 30)
    volume = sum(p["lam"]) / len(p["lam"])
    contact = _contact(volume * open_min / cycle_min, p, unit_s)
    if len(set(p["lam"])) > 1:
        contact["volume"]["profile"] = (_by_half_hour(p["lam"], p) + closed) * len(starts)
    contacts = {"type0": contact | {"open": _hours(starts, open_min)}}
    seats = (_by_half_hour(p["n"], p) + after + closed[len(after) :]) * len(starts)
    if after:
        until = open_min + 30 * len(after)
        last_min = WEEKS * MINUTES_PER_WEEK - cycle_min + until - 10
        nobody = {"calls": [{"at": f"{last_min} min"}]}  # but one at the very end
        contacts["late"] = contact | {"volume": nobody, "open": _hours(starts, until)}
    agents = {"group0": {"serves": list(contacts), "positions": seats}}
    scenario = _frame(name, contacts, agents)
    scenario["horizon"] = {"weeks": WEEKS, "interval": "30 min"}
    cycles = 7 * len(starts)
    per_week = volume * open_min * cycles
    batches = max(FEWEST_BATCHES, CONTACTS.get(name, USUAL_CONTACTS) / per_week)
    return scenario, Batches(math.ceil(batches / WEEKS), cycles_per_week=cycles)


def cycle_minutes(p: dict[str, Any]) -> int:
    """From one opening to the next: as typed, else as long closed as open, or four hours."""
    open_min = int(p["delta"]) * len(p["n"])
    return p.get("cycle", open_min + min(open_min, 240))


def _by_half_hour(by_period: list[Any], p: dict[str, Any]) -> list[Any]:
    return [value for value in by_period for _ in range(int(p["delta"]) // 30)]


def _hours(starts: range, minutes: int) -> str:
    return ", ".join(f"Mon-Sun {_clock(start)}-{_clock(start + minutes)}" for start in starts)


def _round_the_clock(scenario: dict[str, Any], name: str, per_week: float) -> Batches:
    """Complete the horizon: weeks where so many contacts are asked for, else days."""
    contacts = CONTACTS.get(name, USUAL_CONTACTS)
    batch_weeks = SLOWEST_BATCH_WEEKS if name == SLOWEST else 1
    weeks = contacts / per_week
    if weeks >= FEWEST_BATCHES * batch_weeks:
        scenario["horizon"]["weeks"] = WEEKS
        return Batches(math.ceil(weeks / WEEKS), batch_weeks)
    assert name != SLOWEST, "ask for more: of days, each after its warm-up, few would count"
    days = min(6, math.ceil(7 * weeks / FEWEST_BATCHES))
    scenario["horizon"]["days"] = days
    return Batches(max(FEWEST_BATCHES, math.ceil(7 * weeks / days)))


def _warm_up(name: str, p: dict[str, Any]) -> str:
    """How long a replication runs until it has forgotten that it began empty."""
    if name == SLOWEST:
        return SLOWEST_WARM_UP
    return WARM_UP_OF_ORBIT if "p_retry" in p or "p_recall" in p else WARM_UP


def _of_class(p: dict[str, Any], c: int) -> dict[str, Any]:
    """The parameters of one class; its service rate is that of the group it tries first."""
    theta, mu = p.get("theta"), p.get("mu", p.get("mu1"))
    return p | {
        "theta": theta[c] if isinstance(theta, list) else theta,
        "mu": mu[c][p["arr_pref"][c][0]] if isinstance(mu, list) else mu,
    }


def _lines_of_waiting_room(p: dict[str, Any]) -> int | None:
    """Lines that leave room for so many waiting, where nobody waits while an agent is free."""
    if "qcap" in p and all(len(types) == len(p["lam"]) for _, types in p["rule"]):
        return p["qcap"] + sum(p["n"])
    return None


def _contact(rate: float, p: dict[str, Any], unit_s: float) -> dict[str, Any]:
    """A contact type of bare talk; what the case does not speak of is off."""
    talk = _exponential(p["mu"], unit_s)
    if p.get("service") == "lognormal":
        talk |= {"distribution": "lognormal", "cv": p["service_params"]["cv"]}
    contact = {
        "volume": {
            "per_week": rate * SECONDS_PER_WEEK / unit_s,
            "counts": "first",
            "profile": "flat",
            "busyness": "none",
        },
        "patience": _patience(p, unit_s),
        "redial": "none",
        "talk": talk,
        "hold": "none",
        "wrap_up": "none",
        "resolution": "none",
    }
    if "mu_c" in p:
        speeds = [rate / p["mu"] for rate in p["mu_c"]]
        many = {"most": p["k"], "speeds": speeds, "fixed": p.get("fixed", False)}
        chat = {"channel": "chat", "silent": "none"}
        contact |= chat | {"concurrency": many | {"solves_less": 0}}
    if p.get("balk"):
        contact["balk"] = p["balk"]
    if "T" in p:
        contact["service_level"] = {"within": _typed(p["T"], unit_s)}
    if "containment" in p:
        contact["self_service"] = _bot(p["containment"])
    if "p_retry" in p:
        delay = _exponential(p["delta"], unit_s)
        redial = {"probability": p["p_retry"], "delay": delay, "attempts": "unlimited"}
        contact["redial"] = redial
    if "p_recall" in p:
        solved = 1 - p["p_recall"]
        contact["resolution"] = {"first_contact": solved, "comes_back": 1.0, "delay": "1 h"}
    return contact


def _bot(containment: float) -> dict[str, Any]:
    """A bot of any time that solves a share of all, no easier work than the rest, at no cost."""
    share = {"eligible": 1.0, "human_option": "none", "solved": containment, "claimed": 0.0}
    return share | {"time": {"mean": "90 s", "cv": 0.8}, "easy": 1.0, "asks_again": "0 s"}


def _patience(p: dict[str, Any], unit_s: float) -> Any:
    given = p.get("patience_params", {})
    match p.get("patience"):
        case "uniform":
            ends = {"from": _typed(given["lo"], unit_s), "to": _typed(given["hi"], unit_s)}
            return {"distribution": "uniform", **ends}
        case "weibull":
            mean = given["scale"] * math.gamma(1 + 1 / given["shape"])
            shape = {"distribution": "weibull", "shape": given["shape"]}
            return shape | {"mean": _typed(mean, unit_s)}
        case _:
            return _exponential(p["theta"], unit_s) if p.get("theta") else "none"


def _agents(p: dict[str, Any], classes: int) -> dict[str, Any]:
    """Groups with their priorities, and handling times relative to the class's first choice."""
    if "rule" not in p:
        serves = [f"type{c}" for c in range(classes)]
        return {"group0": {"serves": serves, "positions": p["n"]}}
    agents = {}
    for g, (kind, order) in enumerate(p["rule"]):
        serves = {}
        for place, c in enumerate(order, start=1):
            handle = p["mu"][c][p["arr_pref"][c][0]] / p["mu"][c][g]
            serves[f"type{c}"] = {"priority": place if kind == "prio" else 1, "handle": handle}
        agents[f"group{g}"] = {"serves": serves, "positions": p["n"][g]}
    return agents


def _offer(p: dict[str, Any], unit_s: float) -> dict[str, Any]:
    """Offered if fewer than thr others are in the system: at most thr, this one included."""
    return {
        "candidates": p["p_listen"],
        "policy": {"offer": "below-system-threshold", "threshold": p["thr"]},
        "talk": _exponential(p["mu2"], unit_s),
        "acceptance": {"everyone": p["p_buy"], "effects": "none"},
        "price": p["revenue"],
        "margin": "100%",
        "fulfilment": "none",
    }


def _frame(name: str, contacts: dict[str, Any], agents: dict[str, Any]) -> dict[str, Any]:
    plain = "".join(c if c.isalnum() else "-" for c in name)
    return {"name": plain, "forecast_error": 0, "contacts": contacts, "agents": agents}


def _exponential(rate: float, unit_s: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": _typed(1 / rate, unit_s)}


def _typed(units: float, unit_s: float) -> str:
    return f"{units * unit_s!r} s"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"

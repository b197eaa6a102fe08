"""The exact queueing cases of the reference folder: each a scenario and what it must show.

A case is stated in its own unit of time, here one minute unless its numbers are seconds. What a
simulation cannot show is listed with the reason. Traces are proved elsewhere.
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from . import changing, scenarios

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
QUEUES = REFERENCE / "queueing_cases.json"
CHAIN = REFERENCE / "cross_sell_chain.csv"

ELSEWHERE = ("trace",)
IN_SECONDS = ("erlangA_3_n9",)
LONG_DAY = "tv_mmc_8h"
AT_CLOSE = ("end_q", "end_busy", "drain_qtime", "drain_busy")
SATURATED_FROM = 0.9  # offered work by seat, where nobody gives up

# The exact chain of selling: agents, arrivals a minute, talk, offer (minutes), share of candidates.
CHAIN_SETS = {
    "P1": (10, 2.0, 4.0, 2.0, 0.3),
    "P2": (20, 3.6, 4.0, 1.5, 0.4),
    "P3": (50, 10.0, 4.0, 1.5, 0.4),
}
CHAIN_ACCEPTANCE, CHAIN_MARGIN = 0.15, 30.0
CHAIN_WITHIN = 20 / 60

SPARED = "the wait that giving up spared is in no table"
BY_ANOTHER = f"{SPARED}; p_w_gt = this × P(patience > T) is judged where it is given"
CUT_OFF = "below 10⁻³¹: only the reference has room for so many and no more"
SAME_BY_ANOTHER_WAY = "the same number as p_ab, computed another way"


class Case(NamedTuple):
    """A scenario with what it must show. Times and rates are in the case's unit."""

    name: str
    scenario: dict[str, Any]
    expected: dict[str, float]  # quantity, for lists with its place: asa[0], flow[0][1]
    unseen: dict[str, str]  # quantity → why it is not judged
    params: dict[str, Any]
    unit_ms: int
    plan: scenarios.Batches
    near_saturation: bool

    @property
    def within(self) -> float:
        """In time means: waited at most this."""
        return self.params.get("T", 0.0)

    @property
    def seats(self) -> list[float]:
        """Agents by group, or by period where the day has periods."""
        n = self.params["n"]
        return n if isinstance(n, list) else [n]


def queueing_cases() -> list[Case]:
    """Every case of the file that this engine plays."""
    told = json.loads(QUEUES.read_text(encoding="utf-8"))
    return [case for c in told if not c["name"].startswith(ELSEWHERE) for case in _cases(c)]


def chain_cases() -> list[Case]:
    """Every policy of the cross-selling chain."""
    with CHAIN.open(encoding="utf-8", newline="") as file:
        return [_chain_case(row) for row in csv.DictReader(file)]


def changing_cases() -> list[Case]:
    """Every day on which volume or seats change, or some balk: exact by equations of our own."""
    return [_made(name, p, changing.SHOWN[name]) for name, p in changing.params_of().items()]


def all_cases() -> list[Case]:
    """The cases of the reference, and our own."""
    return queueing_cases() + chain_cases() + changing_cases()


def flattened(name: str, value: Any) -> dict[str, float]:
    """A number, or lists of numbers with their places in the name; null is left out."""
    if isinstance(value, list):
        return {k: v for i, x in enumerate(value) for k, v in flattened(f"{name}[{i}]", x).items()}
    return {} if value is None else {name: value}


def _cases(told: dict[str, Any]) -> list[Case]:
    """The case; the close of a long steady day apart, for it comes but once a day.

    After two hours the 8-hour day has forgotten its start: relaxation time (√6 − √4.2)⁻² min.
    """
    if told["name"] != LONG_DAY:
        return [_case(told)]
    expected = told["expected"]
    rest = {k: v for k, v in expected.items() if k not in AT_CLOSE}
    close = {k: v for k, v in expected.items() if k in AT_CLOSE}
    shorter = {"name": f"{LONG_DAY} close", "params": told["params"] | {"delta": 120}}
    return [_case(told | {"expected": rest}), _case(told | shorter | {"expected": close})]


def _case(told: dict[str, Any]) -> Case:
    params = dict(told["params"])
    if "a" in params:  # loss system: the load in erlang, and no line beyond the agents
        params |= {"lam": params["a"], "mu": 1.0, "K": params["n"]}
    if "mu_c" in params:  # chats: work is that of one alone
        params |= {"mu": params["mu_c"][0]}
    if "service_params" in params:
        params |= {"mu": 1 / params["service_params"]["mean"], "n": 1}
    return _made(told["name"], params, told["expected"])


def _chain_case(row: dict[str, str]) -> Case:
    agents, rate, talk, offer, candidates = CHAIN_SETS[row["set"]]
    params = {
        "lam": rate, "mu": 1 / talk, "mu2": 1 / offer, "n": agents, "T": CHAIN_WITHIN,
        "thr": 1_000_000 if row["K"] == "inf" else int(row["K"]), "p_listen": candidates,
        "p_buy": CHAIN_ACCEPTANCE, "revenue": CHAIN_MARGIN,
    }  # fmt: skip
    told = {k: float(v) for k, v in row.items() if k not in ("set", "policy", "K") and v != "-"}
    return _made(f"{row['set']} {row['policy']}", params, told)


def _made(name: str, params: dict[str, Any], told: dict[str, Any]) -> Case:
    expected = {k: v for key, x in told.items() for k, v in flattened(key, x).items()}
    unseen = _unseen(expected, params)
    unit_s = 1 if name in IN_SECONDS else 60
    make = scenarios.daily if "n_after" in params else scenarios.steady
    scenario, batches = make(name, params, unit_s)
    patient = all(c["patience"] == "none" for c in scenario["contacts"].values())
    return Case(
        name,
        scenario,
        {k: v for k, v in expected.items() if k not in unseen},
        unseen,
        params,
        unit_s * 1000,
        batches,
        near_saturation=patient and "K" not in params and _load(params) >= SATURATED_FROM,
    )


def _unseen(expected: dict[str, float], params: dict[str, Any]) -> dict[str, str]:
    """Expected quantities that no table shows, or that are another by a second name."""
    reasons = {"p_ab_alt": SAME_BY_ANOTHER_WAY, "ev": SPARED}
    if "mu_c" in params:
        reasons["p_block"] = CUT_OFF
    all_wait_until = params.get("patience_params", {}).get("lo", 0.0)
    if (params.get("theta") or "patience" in params) and all_wait_until < params.get("T", 0.0):
        reasons["p_v_gt"] = BY_ANOTHER
    return {k: v for k, v in reasons.items() if k in expected}


def _load(p: dict[str, Any]) -> float:
    """Offered work by seat, where one group does all; offers as often as ever possible."""
    if isinstance(p["n"], list):
        return 0.0
    rate = sum(p["lam"]) if isinstance(p["lam"], list) else p["lam"]
    work = 1 / p.get("mu", p.get("mu1", math.inf))
    if p.get("thr"):
        work += p["p_listen"] / p["mu2"]
    return rate * work / (1 - p.get("p_recall", 0.0)) / p["n"]

"""The files that are shipped, as text made from the calls."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from . import facts, seats
from .calls import TYPES, WEEKDAYS, Call, days_by_weekday

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parents[1] / "scenarios"
PROFILE_CSV = SCENARIOS / "bank-1999-profile.csv"
SEATS_CSV = SCENARIOS / "bank-1999-seats.csv"
JANUARY_JSON = HERE / "january_1999.json"
SOURCE = "Technion 'Anonymous Bank' data, January 1999 (Mandelbaum, Sakov, Zeltyn 2000)"


def files(calls: list[Call]) -> dict[Path, str]:
    """What each shipped file must contain."""
    return {
        PROFILE_CSV: profile_csv(calls),
        SEATS_CSV: seats_csv(calls),
        JANUARY_JSON: json.dumps(january(calls), indent=1) + "\n",
    }


def profile_csv(calls: list[Call]) -> str:
    """Mean calls by weekday, half hour and type, from the first to the last of a day."""
    profile = facts.profile(calls)
    lines = [",".join(("weekday", "start", *TYPES))]
    for w, h in _where_calls_came(calls):
        values = (f"{profile[t][w, h]:.4f}".rstrip("0").rstrip(".") for t in TYPES)
        lines.append(",".join((WEEKDAYS[w], facts.clock(h), *values)))
    return "\n".join(lines) + "\n"


def seats_csv(calls: list[Call]) -> str:
    """Seats by weekday and half hour: `agents` by agents seen, `manned` by time on duty."""
    came = sum(facts.profile(calls).values()) > 0
    columns = [seats.whole_seats(f(calls), came) for f in (seats.agents_seen, seats.manned)]
    lines = ["weekday,start,agents,manned"]
    for w, h in _where_calls_came(calls):
        lines.append(",".join((WEEKDAYS[w], facts.clock(h), *(str(c[w, h]) for c in columns))))
    return "\n".join(lines) + "\n"


def january(calls: list[Call]) -> dict:
    """How January went, overall, by type and over the day, and what was estimated from it."""
    wrap_up_s, wrap_up_cv = facts.after_call_s(calls)
    went = facts.how_it_went(calls)
    return {
        "source": SOURCE,
        "definition": "calls answered or given up in the queue; by half hour of coming in",
        "days_by_weekday": dict(zip(WEEKDAYS, days_by_weekday(calls), strict=True)),
        "overall": _rounded(
            {**went, "wait_of_answered_s": np.mean([c.wait_s for c in calls if c.answered])}
        ),
        "by_type": {type_: _of_type(calls, type_) for type_ in TYPES},
        "identified_customers": dict(
            zip(("high", "regular"), facts.identified_customers(calls), strict=True)
        ),
        "put_ahead": _rounded(facts.put_ahead(calls)),
        "after_call": _rounded({"mean_s": wrap_up_s, "cv": wrap_up_cv}),
        "hours_per_week": _rounded(_hours(calls)),
        "course": [_rounded(row) for row in facts.course(calls)],
    }


def _of_type(calls: list[Call], type_: str) -> dict:
    same = [c for c in calls if c.type_ == type_]
    talk_s, talk_cv = facts.handling(same)
    busy_day, busy_interval = facts.busyness(calls, type_)
    return _rounded(
        {
            **facts.how_it_went(same),
            "per_week": facts.profile(calls)[type_].sum(),
            "talk_mean_s": talk_s,
            "talk_cv": talk_cv,
            "patience_s": facts.patience_s(same),
            "share_high": facts.share_high(same),
            "busy_day": busy_day,
            "busy_interval": busy_interval,
        }
    )


def _hours(calls: list[Call]) -> dict[str, float]:
    """Hours of an average week: at work on calls, manned by longest pause, and as agents seen."""
    days = np.array(days_by_weekday(calls))
    work_s = np.zeros(len(WEEKDAYS))
    for call in calls:
        work_s[call.day.weekday()] += call.service_s
    pauses = (300, 600, 900, 1800, 3600)
    return {
        "on_calls": float((work_s / days).sum()) / 3600,
        **{f"manned_{p // 60}_min": seats.manned(calls, p).sum() / 2 for p in pauses},
        "agents_seen": seats.agents_seen(calls).sum() / 2,
    }


def _where_calls_came(calls: list[Call]) -> list[tuple[int, int]]:
    """From the first to the last half hour of each day with calls: a hole is no row left out."""
    came = sum(facts.profile(calls).values()) > 0
    days = [(w, np.flatnonzero(day)) for w, day in enumerate(came) if day.any()]
    return [(w, h) for w, at in days for h in range(int(at[0]), int(at[-1]) + 1)]


def _rounded(row: dict) -> dict:
    return {k: round(float(v), 4) if not isinstance(v, str | int) else v for k, v in row.items()}

"""The books kept by hand: counts of a run × what its file says, line by line and week by week.

A second ledger, of the words of the domain: people are paid for their hours; contribution is the
margin of what was sold or of paid contacts less operating cost; what is kept stands beside it. It
knows names of counts, and nothing of how the program prices them. One replication.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from sim.weeks.counts import Tally
from tests.recount.typed import (
    COSTS,
    GROUP,
    HOURS_A_WEEK,
    PRODUCT,
    WEEKS_A_YEAR,
    Typed,
    months,
    number,
    per_year,
    seconds,
)

MS_PER_HOUR, MS_PER_MINUTE = 3_600_000, 60_000
MONTHS_A_WEEK = 12 / WEEKS_A_YEAR
ONCE = ("invest", "preparation", "severance")

Book = dict[str, np.ndarray]
"""Line → amounts by week."""


class Counts:
    """Counts of one replication by name; arrays begin with the week."""

    def __init__(self, tally: Tally, replication: int = 0) -> None:
        one = Tally(*(column[replication] for column in tally))
        self.contacts, self.legs = _columns(one.contacts), _columns(one.legs)
        self.self_service = _columns(one.self_service)
        self.sales, self.ended = _columns(one.sales), _columns(one.ended)
        self.time = _columns(one.time)
        self.customers, self.loyalty = _columns(one.customers), _columns(one.loyalty)
        self.people, self.groups = _columns(one.people), _columns(one.groups)
        self.weeks = len(one.contacts)


def _columns(counts: np.ndarray) -> Book:
    return {name: counts[name] for name in counts.dtype.names or ()}


class Books:
    """A scenario's ledger by week, and what of it is paid at once.

    `today` is hours paid a week by group in the first file of the `based_on` chain.
    """

    def __init__(self, typed: Typed, counts: Counts, today: dict[str, float] | None = None) -> None:
        self.typed, self.counts = typed, counts
        self.trees = [typed.in_week(week) for week in range(counts.weeks)]
        self.paid = [self._paid(week) for week in range(counts.weeks)]
        self.usual = [self.paid[self._like(week)] for week in range(counts.weeks)]
        self.today = today or self.usual[0]
        self.lines: Book = defaultdict(lambda: np.zeros(counts.weeks))
        self.paid_ahead = np.zeros(counts.weeks)
        for week, tree in enumerate(self.trees):
            self._sell(week, tree)
            self._answer(week, tree)
            self._pay(week, tree)
            self._operate(week, tree)
            self._keep(week, tree)
        self._staff()
        self._change()

    def total(self, *accounts: str) -> np.ndarray:
        """By week."""
        chosen = [a for name, a in self.lines.items() if name.startswith(accounts)]
        return sum(chosen, np.zeros(self.counts.weeks))

    # --- what comes in --------------------------------------------------------------------------

    def _sell(self, week: int, tree: dict) -> None:
        """Sales of the week, and months paid for all that is still paid for."""
        sales, ended = self.counts.sales, self.counts.ended
        for p, (name, typed) in enumerate((tree.get("offers") or {}).items()):
            offer = {**PRODUCT, **typed}
            sold, returned = (int(sales[w][week, p].sum()) for w in ("accepted", "returned"))
            kept, price = sold - returned, number(offer["price"])
            incremental = 1.0 if offer["kind"] == "retention" else number(offer["incremental"])
            monthly = offer["margin"] if isinstance(offer["margin"], dict) else None
            per_month = months(monthly["per_month"]) if monthly else 0.0
            margin = 0.0 if monthly else _margin(offer["margin"], price)
            self._add(week, f"margin:{name}:sold", margin * sold)
            self._add(week, f"margin:{name}:returned", -margin * returned)
            anyway = (1 - incremental) * margin * kept
            commission = number(offer["commission"]) * (margin + 12 * max(0.0, per_month))
            by_agents = kept - int(sales["kept_by_bot"][week, p].sum())
            self._add(week, f"cost:commission:{name}", -commission * by_agents)
            self._add(week, f"memo:revenue:{name}", price * kept)
            if monthly:
                paying = _still(sales["accepted"] - sales["returned"], ended["bought"], week, p)
                line = f"margin:{name}:recurring"
                if offer["kind"] == "retention" and per_month < 0:
                    line = f"kept:discount:{name}"
                self._add(week, line, per_month * MONTHS_A_WEEK * paying)
                anyway += (1 - incremental) * max(0.0, per_month) * MONTHS_A_WEEK * paying
                revenue = months(monthly.get("price", 0)) * MONTHS_A_WEEK * paying
                self._add(week, f"memo:revenue:{name}", revenue)
            self._add(week, f"margin:{name}:sold_anyway", -anyway)
            if "downgrade" in offer:
                fewer = _still(sales["downgraded"], ended["downgraded"], week, p)
                loss = months(offer["downgrade"]["loss"])
                self._add(week, f"margin:{name}:downgraded", -loss * MONTHS_A_WEEK * fewer)

    def _answer(self, week: int, tree: dict) -> None:
        """Contacts that customers pay for, leads that were bought, and what bots bill."""
        for t, (name, typed) in enumerate(tree["contacts"].items()):
            counts = {what: int(column[week, t]) for what, column in self.counts.contacts.items()}
            price = typed.get("price")
            if price:
                units = {
                    "answered": counts["answered"],
                    "resolved": counts["issues_resolved"],
                    "minute": (counts["talk_ms"] + counts["hold_ms"] - counts["beside_ms"])
                    / MS_PER_MINUTE,
                }[price["per"]]
                revenue = number(price["amount"]) * units
                self._add(week, f"memo:revenue:contacts/{name}", revenue)
                margin = number(price.get("margin", 1.0))
                self._add(week, f"margin:contacts/{name}", margin * revenue)
            bot = {what: int(column[week, t]) for what, column in self.counts.self_service.items()}
            claimed = bot["solved"] + bot["claimed"]
            if "lead_cost" in typed:
                leads = number(typed["lead_cost"]) * (counts["first_contacts"] + claimed)
                self._add(week, f"cost:leads:{name}", -leads)
            price = typed.get("self_service", {}).get("price")
            if price:
                units = {
                    "claimed": claimed,
                    "session": claimed + bot["escalated"],
                    "action": number(price.get("actions", 8)) * (claimed + bot["escalated"]),
                    "minute": bot["bot_ms"] / MS_PER_MINUTE,
                }[price["per"]]
                self._add(week, f"cost:self_service:{name}", -number(price["amount"]) * units)

    def _keep(self, week: int, tree: dict) -> None:
        """Base margin and rewards, by whoever is a customer when the week begins."""
        loyalty = tree.get("loyalty")
        for s, (name, segment) in enumerate((tree.get("customers") or {}).items()):
            active = int(self.counts.customers["active"][week, s])
            self._add(
                week, f"kept:margin:{name}", months(segment["margin"]) * MONTHS_A_WEEK * active
            )
            joiners = segment.get("acquisition")
            if joiners:
                cost = number(joiners.get("cost", 0)) if isinstance(joiners, dict) else 0.0
                joined = int(self.counts.customers["joined"][week, s])
                self._add(week, f"memo:acquisition:{name}", -cost * joined)
            if loyalty and name in loyalty.get("eligible", [name]):
                runs = week + 1 >= loyalty.get("from_week", 1)
                reward = months(loyalty["reward"]) * MONTHS_A_WEEK * runs
                self._add(week, f"kept:reward:{name}", -reward * active)
                kept = self.counts.loyalty["kept_by_reward"][week - 1, s] if week else 0
                self._add(week, f"memo:deadweight:{name}", -reward * (active - int(kept)))

    # --- people ---------------------------------------------------------------------------------

    def _paid(self, week: int) -> dict[str, float]:
        """Hours paid for time on duty by group: with shrinkage, and 40 for each head at least.

        People one by one are paid for their week, and for their roster where it is longer. No hour
        of a vendor is paid by us.
        """
        hours = {}
        for g, (name, typed) in enumerate(self.trees[week]["agents"].items()):
            group = {**GROUP, **typed}
            if group.get("paid"):
                hours[name] = 0.0
                continue
            if group.get("people"):
                there = int(self.counts.people["on_floor"][week, g]) * HOURS_A_WEEK
                rostered = int(self.counts.people["rostered_ms"][week, g]) / MS_PER_HOUR
                hours[name] = max(there, rostered)
                continue
            on_duty = int(self.counts.time["scheduled_ms"][week, g]) / MS_PER_HOUR
            worked = on_duty / (1 - number(group["shrinkage"]))
            hours[name] = max(worked, number(group.get("heads", 0)) * HOURS_A_WEEK)
        return hours

    def _like(self, week: int) -> int:
        """A week of as many people: itself, or where a date closes a day of it, one without."""
        dates = self.typed.tree.get("closed", [])
        start = self.typed.tree["horizon"]["start"] if dates else None
        with_dates = {(date - start).days // 7 for date in dates}
        if week not in with_dates:
            return week
        open_weeks = sorted(set(range(self.counts.weeks)) - with_dates, key=lambda w: abs(w - week))
        return next(w for w in open_weeks if self.trees[w]["agents"] == self.trees[week]["agents"])

    def _pay(self, week: int, tree: dict) -> None:
        """Wages of all hours, by what was done in them; charges; those who lead and plan."""
        costs = costs_of(tree)
        for g, (name, typed) in enumerate(tree["agents"].items()):
            wage = number({**GROUP, **typed}["wage"])
            hours = {k: int(v[week, g]) / MS_PER_HOUR for k, v in self.counts.time.items()}
            if typed.get("paid"):
                self._pay_vendor(week, g, name, typed["paid"], hours)
                continue
            paid, overtime = self.paid[week][name], hours["overtime_ms"]
            handled = 0.0
            for line in ("talk", "hold", "wrap_up", "offers"):
                done = hours["offer_ms" if line == "offers" else f"{line}_ms"]
                handled += done
                self._add(week, f"cost:labour:{line}", -wage * done)
            there = hours["scheduled_ms"] + overtime
            self._add(week, "cost:labour:idle", -wage * (there - handled))
            self._add(week, "cost:labour:shrinkage", -wage * (paid - hours["scheduled_ms"]))
            premium = (costs["overtime"] - 1) * overtime
            self._add(week, "cost:labour:overtime_premium", -wage * premium)
            charges = costs["on_cost"] * wage * (paid + overtime + premium)
            self._add(week, "cost:labour:on_cost", -charges)
            for line in ("supervision", "quality_and_planning"):
                led = wage * (1 + costs["on_cost"]) * (paid + overtime)
                self._add(week, f"cost:{line}", -led * costs[line])

    def _pay_vendor(self, week: int, g: int, name: str, paid: dict, hours: dict) -> None:
        """Its price for what it is paid for: nothing else."""
        handled = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
        units = {
            "hour": hours["scheduled_ms"] + hours["overtime_ms"],
            "minute": 60 * sum(hours[part] for part in handled),
            "contact": int(self.counts.groups["answered"][week, g]),
            "resolved": int(self.counts.groups["resolved"][week, g]),
        }[paid["per"]]
        self._add(week, f"cost:outsourcing:{name}", -number(paid["amount"]) * units)

    def _operate(self, week: int, tree: dict) -> None:
        """Seats, licences and lines."""
        costs = costs_of(tree)
        hours = sum(self.paid[week].values())
        for g, group in enumerate(tree["agents"].values()):
            if not group.get("paid"):
                hours += int(self.counts.time["overtime_ms"][week, g]) / MS_PER_HOUR
        licence = costs["licence"] * 12 / (WEEKS_A_YEAR * HOURS_A_WEEK)
        for line, price in (("overhead", costs["overhead"]), ("licences", licence)):
            fixed = costs["fixed"] * price
            self._add(week, f"cost:{line}:fixed", -fixed * sum(self.today.values()))
            self._add(week, f"cost:{line}:by_hours", -(price - fixed) * hours)
        types = self.trees[week]["contacts"].values()
        calls = [t for t, one in enumerate(types) if one.get("channel", "voice") == "voice"]
        waits, legs = self.counts.contacts, self.counts.legs
        busy = [self.counts.time[part][week] for part in ("talk_ms", "hold_ms", "offer_ms")]
        held = waits["wait_ms"][week][calls], legs["transfer_wait_ms"][week][calls]
        ms = sum(int(c.sum()) for c in (*held, *busy))
        # Who waits to be called, and whoever is in a chat or an email, holds no line.
        ms -= int(waits["off_the_line_ms"][week][calls].sum()) + int(
            self.counts.time["off_the_line_ms"][week].sum()
        )
        minutes = ms / MS_PER_MINUTE
        self._add(week, "cost:telecom", -costs["telecom"] * minutes)

    def _staff(self) -> None:
        """Leavers are replaced, except where seats go by attrition: then leavers take them along."""
        by_attrition = self._by_attrition()
        owed = dict.fromkeys(self.usual[0], 0.0)
        before = self._typed_hours()
        for week, tree in enumerate(self.trees):
            costs = costs_of(tree)
            for g, (name, typed) in enumerate(tree["agents"].items()):
                group = {**GROUP, **typed}
                if group.get("people"):
                    loaded = number(group["wage"]) * (1 + costs["on_cost"])
                    self._teach(week, g, loaded, costs)
                    self._lose(week, g, loaded * HOURS_A_WEEK, group["people"], costs)
                    continue
                heads = self.usual[week][name] / HOURS_A_WEEK
                leavers = heads * per_year(group["turnover"]) / WEEKS_A_YEAR
                fewer = max(0.0, before.get(name, 0.0) - self.usual[week][name]) / HOURS_A_WEEK
                owed[name] += fewer if week + 1 >= by_attrition.get(name, 1e9) else 0.0
                saved = min(owed[name], leavers)
                owed[name] -= saved
                loaded = number(group["wage"]) * (1 + costs["on_cost"])
                hires = leavers - saved
                class_hours = costs["class_weeks"] * HOURS_A_WEEK
                self._add(week, "cost:hiring", -hires * costs["recruiting"])
                self._add(week, "cost:training", -hires * class_hours * loaded)
                prepared = sum(self._preparation(name, week).values())
                self._add(week, "cost:preparation", -hires * prepared * loaded)
            before = self.usual[week]

    def _teach(self, week: int, g: int, loaded: float, costs: dict[str, float]) -> None:
        """Each who is hired is recruited, and paid while she is in class."""
        counts = {what: int(column[week, g]) for what, column in self.counts.people.items()}
        weeks = counts["in_class"] + counts["joined_at_once"] * costs["class_weeks"]
        self._add(week, "cost:hiring", -counts["hired"] * costs["recruiting"])
        self._add(week, "cost:training", -weeks * HOURS_A_WEEK * loaded)

    def _lose(self, week: int, g: int, loaded_week: float, people: Any, costs: Any) -> None:
        """What each leaver costs: who comes is recruited and taught, and slow at first."""
        left = int(self.counts.people["left"][week, g])
        learning = people.get("learning", {}) if isinstance(people, dict) else {}
        slow, tau = number(learning.get("handle", 1.4)), number(learning.get("weeks", 8))
        replacing = costs["recruiting"] + costs["class_weeks"] * loaded_week
        self._add(week, "memo:turnover:replacing", -left * replacing)
        self._add(week, "memo:turnover:learning", -left * tau * math.log(slow) * loaded_week)

    def _by_attrition(self) -> dict[str, int]:
        """Group → the week from which an initiative takes its seats as people leave."""
        found = {}
        for one in self.typed.initiatives().values():
            if one.get("by") == "attrition":
                for group in one["set"]["agents"]:
                    found[group] = one["from_week"]
        return found

    def _typed_hours(self) -> dict[str, float]:
        """Hours before the first week: as in it, unless attrition begins in it."""
        starts_at_once = any(
            one["from_week"] == 1 and "agents" in one["set"]
            for one in self.typed.initiatives().values()
        )
        return self.today if starts_at_once else self.usual[0]

    # --- what is paid once ----------------------------------------------------------------------

    def _change(self) -> None:
        """Training before offers start, severance, investments: written off over 52 weeks."""
        for name, one in self.typed.initiatives().items():
            first, line = one["from_week"] - 1, f"cost:initiatives:{name}"
            self._once(line, number(one["invest"]), first)
            for week in range(first, self.counts.weeks):
                running = months(self.trees[week]["initiatives"][name].get("run_cost", 0))
                self._add(week, line, -running * MONTHS_A_WEEK)
        trained: dict[tuple[str, str], float] = defaultdict(float)
        by_attrition, before = self._by_attrition(), self.today
        self.lines["cost:severance"] += 0
        for week, tree in enumerate(self.trees):
            costs, now = costs_of(tree), self.usual[week]
            wages = {n: number({**GROUP, **typed}["wage"]) for n, typed in tree["agents"].items()}
            loaded = 1 + costs["on_cost"]
            for group, paid in now.items():
                for product, hours in self._preparation(group, week).items():
                    people = tree["agents"][group].get("people")
                    heads = number(people["heads"]) if people else paid / HOURS_A_WEEK
                    if people and trained[group, product]:
                        continue  # who joins later is trained then
                    more = max(0.0, heads - trained[group, product])
                    trained[group, product] += more
                    self._once("cost:preparation", more * hours * wages[group] * loaded, week)
            for g, (name, typed) in enumerate(tree["agents"].items()):
                if typed.get("people"):
                    gone = int(self.counts.people["cut"][week, g])
                    hours = costs["severance_weeks"] * HOURS_A_WEEK
                    self._once("cost:severance", gone * hours * wages[name] * loaded, week)
            now = {g: h for g, h in now.items() if not tree["agents"][g].get("people")}
            before = {g: h for g, h in before.items() if g in now or g not in tree["agents"]}
            stay = {g: by_attrition.get(g, 1e9) <= week + 1 for g in before}
            cut = {
                g: 0.0 if stay[g] else max(0.0, h - now.get(g, 0.0)) / HOURS_A_WEEK
                for g, h in before.items()
            }
            moved = sum(max(0.0, h - before.get(g, 0.0)) / HOURS_A_WEEK for g, h in now.items())
            fewer = max(0.0, sum(cut.values()) - moved)
            if fewer > 1e-12:
                mean = sum(now[g] * wages[g] for g in now) / (sum(now.values()) or 1.0)
                wage = sum(n * wages.get(g, mean) for g, n in cut.items()) / sum(cut.values())
                hours = costs["severance_weeks"] * HOURS_A_WEEK
                self._once("cost:severance", fewer * hours * wage * loaded, week)
            before = now

    def _preparation(self, group: str, week: int) -> dict[str, float]:
        """Product → hours of training of each in a group that may offer it in that week."""
        found, tree = {}, self.trees[week]
        serves = tree["agents"][group].get("serves", list(tree["contacts"]))
        for name, typed in (tree.get("offers") or {}).items():
            offer = {**PRODUCT, **typed}
            policy = offer["policy"]
            alone = policy.get("group")
            during = set(offer.get("during") or tree["contacts"]) & set(serves)
            may = group == alone if alone else bool(during)
            if may and policy["offer"] != "never":
                found[name] = seconds(offer["preparation"]) / 3600
        return found

    def _once(self, line: str, cost: float, week: int) -> None:
        """Paid in a week, written off over the 52 weeks from then on."""
        if week < self.counts.weeks:
            self.paid_ahead[week] += cost
        for later in range(week, min(self.counts.weeks, week + WEEKS_A_YEAR)):
            self._add(later, line, -cost / WEEKS_A_YEAR)
            self.paid_ahead[later] -= cost / WEEKS_A_YEAR

    def _add(self, week: int, line: str, amount: float) -> None:
        self.lines[line][week] += amount


def costs_of(tree: dict) -> dict[str, float]:
    """Unit costs as typed, and of those who lead and plan their share of an agent's cost."""
    typed: dict[str, Any] = dict(tree["costs"])
    shares = {}
    for name in ("supervision", "quality_and_planning"):
        support = typed.pop(name)
        if support == "none":
            shares[name] = 0.0
        else:
            support = support if isinstance(support, dict) else {"span": support}
            whole = {**COSTS[name], **support}
            shares[name] = number(whole["wage"]) / number(whole["span"])
    return {name: number(value) for name, value in typed.items()} | shares


def _margin(typed: Any, price: float) -> float:
    """Of one sale: a share of the price, or an amount."""
    is_share = isinstance(typed, str) and typed.strip().endswith("%")
    return number(typed) * price if is_share else number(typed)


def _still(begun: np.ndarray, ended: np.ndarray, week: int, product: int) -> int:
    """Contracts of a week: begun by its end, and not ended before it."""
    return int(begun[: week + 1, product].sum() - ended[:week, product].sum())

"""Which products are offered at all, by agents or by a bot?"""

from __future__ import annotations

from sim.scenario.spec import ScenarioSpec


def sold_by_bot(spec: ScenarioSpec, type_: str) -> list[str]:
    """Products that the bot in front of a contact type offers."""
    bot = spec.contacts[type_].self_service
    return bot.offers.products if bot and bot.offers else []


def is_sold(spec: ScenarioSpec, product: str) -> bool:
    """Whether anybody offers it, though perhaps seldom."""
    by_agents = not spec.offers[product].policy.is_never
    return by_agents or any(product in sold_by_bot(spec, type_) for type_ in spec.contacts)

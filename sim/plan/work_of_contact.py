"""How long an agent is busy with a contact, on average, before anything is simulated?"""

from __future__ import annotations

from sim.domain.contacts.handling import mean_handle_s
from sim.language.by_interval import single
from sim.scenario.scenario import Scenario
from sim.scenario.with_specialists import solved


def handle_s(scenario: Scenario, group: str, type_: str) -> float:
    """Mean time of an agent for a type of contact, in seconds, on average over the day; of chats
    with as many as may be.
    """
    scenario = scenario.on_average
    factor = scenario.serves(group)[type_].handle
    mean_s = factor * scenario.harder(type_) * mean_handle_s(*scenario.handling(type_))
    chat = scenario.spec.contacts[type_].concurrency
    mean_s += _asks_again_s(scenario, type_) + _reads_s(scenario, type_)
    return mean_s * (chat.agents_share if chat else 1.0)


def _asks_again_s(scenario: Scenario, type_: str) -> float:
    """Talk that is added to a contact because a bot, or who answered before, passed nothing on, on
    average of all.
    """
    spec = scenario.spec.contacts[type_]
    bot, resolution, history = spec.self_service, spec.resolution, spec.history
    comes_back = single(resolution.comes_back) if resolution else 0.0
    again = (1.0 - solved(scenario, type_)) * comes_back
    told_again_s = again * (1.0 - history.known) * history.asks_again if history else 0.0
    if not bot or bot.kept >= 1.0:
        return told_again_s
    escalated = bot.met * (1.0 - bot.solved - bot.claimed) / (1.0 - bot.kept)
    return told_again_s + escalated * (1.0 - again) * bot.asks_again


def _reads_s(scenario: Scenario, type_: str) -> float:
    """Work that is added to a conversation by messages, in all rounds but the first."""
    messaging = scenario.spec.contacts[type_].messaging
    return (messaging.rounds - 1) * messaging.reads if messaging else 0.0

"""What some scenarios have and others do not, so that some metrics tell nothing of these."""

from __future__ import annotations

from typing import Literal

from sim.scenario.scenario import Scenario

Topic = Literal[
    "legs",
    "save desk",
    "bots",
    "chats",
    "emails",
    "callbacks",
    "people",
    "lists",
    "history",
    "bots that sell",
    "messages",
]


def topics_of(scenario: Scenario) -> set[Topic]:
    """What the scenario has, in some week at least."""
    worlds = (scenario, *scenario.patched)
    types = [spec for one in worlds for spec in one.spec.contacts.values()]
    bots = [spec.self_service for spec in types]
    has: dict[Topic, bool] = {
        "legs": any(offer.policy.sells_elsewhere for offer in scenario.spec.offers.values())
        or any(spec.transfer for spec in types),
        "save desk": scenario.spec.save_desk is not None,
        "bots": scenario.has_bot,
        "chats": any(spec.channel in ("chat", "messaging") for spec in types),
        "messages": any(spec.channel == "messaging" for spec in types),
        "emails": any(spec.channel == "email" for spec in types),
        "callbacks": any(spec.callback for spec in types),
        "people": scenario.has_people,
        "bots that sell": any(bot and bot.offers for bot in bots),
        "history": any(spec.history for spec in types),
        "lists": any(offer.call_list for offer in scenario.spec.offers.values()),
    }
    return {topic for topic, is_there in has.items() if is_there}

"""Channels in numbers: what bots do in front of agents, how chats share an agent, and what
waits until agents are idle.
"""

from __future__ import annotations

import math

import numpy as np

from sim.core.clock import MS_PER_SECOND, seconds_to_ms
from sim.core.tables import rows_by_name
from sim.domain.channels.callback import CALLBACK_OF_TYPE, MILLION
from sim.domain.channels.chat import CHAT_OF_TYPE, FULL_SPEED, MOST_CHATS, ChatTable
from sim.domain.channels.deferred import DEFERRED_OF_TYPE, DeferredTable
from sim.domain.channels.messaging import MESSAGING_OF_TYPE
from sim.domain.channels.self_service import SELF_SERVICE_OF_TYPE, SelfServiceSpec
from sim.domain.contacts.handling import mean_handle_s
from sim.language.duration_spec import compile_duration
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.scenario import Scenario


def more_than_calls(scenario: Scenario) -> np.ndarray:
    """[type] whether contacts may be more than calls that agents answer, in any week."""
    weeks = [scenario, *scenario.in_its_weeks]
    return np.array(
        [any(_may_be_more(one.spec.contacts[type_]) for one in weeks) for type_ in scenario.types]
    )


def _may_be_more(spec: ContactSpec) -> bool:
    more = (spec.self_service, spec.callback, spec.transfer, spec.history)
    return spec.channel != "voice" or any(one is not None for one in more)


def _self_service(scenario: Scenario) -> np.recarray:
    rows = [_row(spec.self_service) for spec in scenario.spec.contacts.values()]
    return rows_by_name(SELF_SERVICE_OF_TYPE, rows)


def _row(spec: SelfServiceSpec | None) -> dict[str, object]:
    offers = spec.offers if spec else None
    return {
        "eligible": spec.eligible if spec else 0.0,
        "asks": (spec.human_option or 0.0) if spec else 0.0,
        "solved": spec.solved if spec else 0.0,
        "claimed": spec.claimed if spec else 0.0,
        "time": compile_duration(spec.time if spec else None),
        "asks_again_ms": round(spec.asks_again * MS_PER_SECOND) if spec else 0,
        "announced": int(spec.announced) if spec else 0,
        "log_odds": math.log(offers.acceptance_odds) if offers else 0.0,
        "offer_ms": round(offers.time * MS_PER_SECOND) if offers else 0,
    }


def _chats(scenario: Scenario) -> ChatTable:
    specs = list(scenario.spec.contacts.values())
    most = max((_most(spec) for spec in specs), default=0)
    rows, speeds = [], np.zeros((len(specs), MOST_CHATS + 1), np.int64)
    for t, spec in enumerate(specs):
        chat, silent = spec.concurrency, spec.silent
        rows.append(
            {
                "most": _most(spec),
                "fixed": int(chat.fixed) if chat else 0,
                "solves_less": chat.solves_less if chat else 0.0,
                "silent": silent.share if silent else 0.0,
                "wasted_ms": seconds_to_ms(silent.wasted) if silent else 0,
            }
        )
        if spec.deferred:
            speeds[t, 1:] = FULL_SPEED
        if chat:
            speeds[t, 1:] = [round(chat.speed(k + 1) * FULL_SPEED) for k in range(MOST_CHATS)]
    return ChatTable(rows_by_name(CHAT_OF_TYPE, rows), speeds, most)


def _callbacks(scenario: Scenario) -> np.recarray:
    rows = []
    for type_, spec in scenario.on_average.spec.contacts.items():
        back, handle = spec.callback, scenario.on_average.handling(type_)
        rows.append(
            {
                "above_ms": round(back.above * MS_PER_SECOND) if back else -1,
                "handle_ms": round(mean_handle_s(*handle) * MS_PER_SECOND),
                "accepted": back.accepted if back else 0.0,
                "reached": back.reached if back else 0.0,
                "attempts": back.attempts if back else 0,
                "ring_ms": seconds_to_ms(back.ring) if back else 0,
                "retry_ms": seconds_to_ms(back.retry) if back else 0,
            }
        )
    return rows_by_name(CALLBACK_OF_TYPE, rows)


def _most(spec: ContactSpec) -> int:
    """How many contacts of a type an agent may have at her desk; 0: she talks, and has no other."""
    return spec.concurrency.most if spec.concurrency else int(spec.deferred is not None)


def _messages(scenario: Scenario) -> np.recarray:
    rows = []
    for spec in scenario.spec.contacts.values():
        messaging = spec.messaging
        rows.append(
            {
                "rounds": messaging.rounds if messaging else 1,
                "reads_ms": round(messaging.reads * MS_PER_SECOND) if messaging else 0,
                "answers_after": compile_duration(messaging.answers_after if messaging else None),
            }
        )
    return rows_by_name(MESSAGING_OF_TYPE, rows)


def _usual_wait_ms(spec: ContactSpec) -> int:
    """0 where customers wait for an answer on the spot."""
    unhurried = spec.deferred or spec.messaging
    return seconds_to_ms(unhurried.usual_wait) if unhurried else 0


def _deferred(scenario: Scenario) -> DeferredTable:
    rows = [
        {
            "idle": int(spec.deferred is not None),
            "interruptible": int(spec.deferred.interruptible) if spec.deferred else 0,
            "usual_ms": _usual_wait_ms(spec),
            "felt_millionths": round(spec.callback.felt * MILLION) if spec.callback else 0,
        }
        for spec in scenario.spec.contacts.values()
    ]
    by_type = [scenario.closed_days(type_) for type_ in scenario.types]
    closed = np.zeros((len(by_type), max(map(len, by_type))), bool)
    for t, days in enumerate(by_type):
        closed[t, : len(days)] = days
    is_open = np.array([scenario.opening(type_) for type_ in scenario.types])
    return DeferredTable(rows_by_name(DEFERRED_OF_TYPE, rows), is_open, closed)

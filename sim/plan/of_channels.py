"""Channels in numbers: what bots do in front of agents, and how chats share an agent."""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_SECOND, seconds_to_ms
from sim.core.tables import rows_by_name
from sim.domain.channels.chat import CHAT_OF_TYPE, FULL_SPEED, MOST_CHATS, ChatTable
from sim.domain.channels.self_service import SELF_SERVICE_OF_TYPE, SelfServiceSpec
from sim.language.duration_spec import compile_duration
from sim.scenario.scenario import Scenario


def _self_service(scenario: Scenario) -> np.recarray:
    rows = [_row(spec.self_service) for spec in scenario.spec.contacts.values()]
    return rows_by_name(SELF_SERVICE_OF_TYPE, rows)


def _row(spec: SelfServiceSpec | None) -> dict[str, object]:
    return {
        "eligible": spec.eligible if spec else 0.0,
        "asks": (spec.human_option or 0.0) if spec else 0.0,
        "solved": spec.solved if spec else 0.0,
        "claimed": spec.claimed if spec else 0.0,
        "time": compile_duration(spec.time if spec else None),
        "asks_again_ms": round(spec.asks_again * MS_PER_SECOND) if spec else 0,
    }


def _chats(scenario: Scenario) -> ChatTable:
    specs = list(scenario.spec.contacts.values())
    most = max((spec.concurrency.most for spec in specs if spec.concurrency), default=0)
    rows, speeds = [], np.zeros((len(specs), MOST_CHATS + 1), np.int64)
    for t, spec in enumerate(specs):
        chat, silent = spec.concurrency, spec.silent
        rows.append(
            {
                "most": chat.most if chat else 0,
                "fixed": int(chat.fixed) if chat else 0,
                "solves_less": chat.solves_less if chat else 0.0,
                "silent": silent.share if silent else 0.0,
                "wasted_ms": seconds_to_ms(silent.wasted) if silent else 0,
            }
        )
        if chat:
            speeds[t, 1:] = [round(chat.speed(k + 1) * FULL_SPEED) for k in range(MOST_CHATS)]
    return ChatTable(rows_by_name(CHAT_OF_TYPE, rows), speeds, most)

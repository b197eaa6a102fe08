"""Channels in numbers: what bots do in front of agents."""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_SECOND
from sim.core.tables import rows_by_name
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

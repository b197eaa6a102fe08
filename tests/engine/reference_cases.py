"""The exact cases that stand beside the project, if they are there."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[3] / "shared" / "reference" / "queueing_cases.json"


def cases(prefix):
    """The cases whose name starts so, or one skipped case that says why; no chat."""
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no {CASES.name} here"))]
    found = [
        case
        for case in json.loads(CASES.read_text())
        if case["name"].startswith(prefix) and "chat" not in case
    ]
    assert found, f"no case {prefix}"
    return [pytest.param(case, id=case["name"]) for case in found]

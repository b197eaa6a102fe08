"""Print what the engine shows beside what theory says, as a table in Markdown.

Run it as `python -m tests.theory.report`, with parts of names to judge but some cases.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from .cases import Case, all_cases
from .judge import FAMILY_LEVEL, MORE_EFFORT, Finding, Round, judge
from .metrics import PREFIX

HEAD = (
    "| case | quantity | expected | measured | standard error | z |",
    "|---|---|--:|--:|--:|--:|",
)


def main(parts: list[str]) -> None:
    """Judge the cases named, or all, and print the tables; progress goes to stderr."""
    told = [c for c in all_cases() if not parts or _is_named(c, parts)]
    judged = []
    for case in told:
        since = time.perf_counter()
        judged.append((case, judge(case)))
        took_s = time.perf_counter() - since
        print(f"{case.name}: {took_s:.1f} s", file=sys.stderr, flush=True)
    print(*overview(judged), "", *HEAD, sep="\n")
    for case, rounds in judged:
        print(*table(case.name, rounds), sep="\n")
    print("", "Not judged:", "", *_unseen(told), sep="\n")


def table(name: str, rounds: list[Round]) -> list[str]:
    """A row for each quantity; a second round is told beside the first."""
    rows = []
    for number, found in enumerate(rounds, start=1):
        label = name if len(rounds) == 1 else f"{name}, round {number}"
        guilty = {f.quantity for f in found.misses}
        rows += [_row(label, f, f.quantity in guilty) for f in found.findings]
    return rows


def overview(judged: list[tuple[Case, list[Round]]]) -> list[str]:
    """How many, how far off, and what was played again."""
    first = [f for _, rounds in judged for f in rounds[0].findings]
    z = np.array([f.z for f in first if f.standard_error > 0])
    is_metric = [f.quantity.startswith(PREFIX) for f in first if f.standard_error > 0]
    of_metrics, of_records = z[np.array(is_metric, bool)], z[~np.array(is_metric, bool)]
    again = [case.name for case, rounds in judged if len(rounds) > 1]
    failed = [case.name for case, rounds in judged if rounds[-1].misses]
    blunt = [c.name for c, rounds in judged if not all(f.is_sharp for f in rounds[-1].findings)]
    contacts = sum(r.contacts for _, rounds in judged for r in rounds)
    shares = [f"{(abs(z) > limit).mean():.1%} beyond {limit}" for limit in (1.96, 2.58, 3.29)]
    return [
        f"{len(judged)} cases, {len(first)} quantities, {contacts / 1e6:.0f} M contacts.",
        f"First rounds: {len(z)} z-scores, root mean square {np.sqrt((z * z).mean()):.2f}, "
        f"mean {z.mean():+.2f}; {', '.join(shares)} (quantities of a case hang together).",
        f"Root mean square of the {len(of_records)} of contact records "
        f"{np.sqrt((of_records**2).mean()):.2f}, of the {len(of_metrics)} of printed metrics "
        f"{np.sqrt((of_metrics**2).mean()):.2f}.",
        f"Holm within a case at {FAMILY_LEVEL:.0%}. Played again at {MORE_EFFORT} times the "
        f"effort: {', '.join(again) or 'none'}. Failed: {', '.join(failed) or 'none'}. "
        f"Standard error too large: {', '.join(blunt) or 'none'}.",
    ]


def _row(label: str, f: Finding, is_miss: bool) -> str:
    notes = ("", " miss")[is_miss] + ("" if f.is_sharp else " (standard error too large)")
    values = f"{f.expected:.6g} | {f.measured:.6g} | {f.standard_error:.2g}"
    return f"| {label} | {f.quantity} | {values} | {f.z:+.2f}{notes} |"


def _unseen(told: list[Case]) -> list[str]:
    return [
        f"- {case.name}: {quantity}: {why}"
        for case in told
        for quantity, why in case.unseen.items()
    ]


def _is_named(case: Case, parts: list[str]) -> bool:
    return any(part in case.name for part in parts)


if __name__ == "__main__":
    main(sys.argv[1:])

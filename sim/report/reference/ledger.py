"""The page of the ledger's lines."""

from __future__ import annotations

from sim.metrics.lines import LINES
from sim.report.reference.markdown import code, page, table

ABOUT = """\
Every line of `ledger.csv`. Contribution is the sum of all lines that begin with `margin:` or
`cost:`; costs are amounts below 0. Lines that begin with `memo:` explain and are never added. A
name in `<…>` is what the scenario calls it."""


def ledger_page() -> str:
    """Return the page."""
    rows = ((code(line.account), line.sign, line.made_of) for line in LINES)
    return page("Ledger", ABOUT, table(("line", "sign", "made of"), rows))

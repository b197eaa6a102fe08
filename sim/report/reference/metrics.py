"""The page of metrics: every one with its key, unit, direction and definition."""

from __future__ import annotations

from sim.metrics import METRICS, Metric, label_of
from sim.report.pages.views import VIEWS
from sim.report.reference.markdown import code, page, table

ABOUT = """\
Every metric of the registry, in the order in which tables print them. The definition names the
denominator of a ratio. A *sum* adds up over weeks, a *ratio* is one of sums, a *level* is that of
the end of the horizon, a *quantile* is taken over all contacts. `decide_on` and `--metric` take
the key. Benchmarks are weak: [evidence](../evidence.md)."""
COLUMNS = ("metric", "key", "unit", "over weeks", "better", "pages", "benchmark", "definition")


def metrics_page() -> str:
    """Return the page."""
    return page("Metrics", ABOUT, table(COLUMNS, map(_row, METRICS.values())))


def _row(one: Metric) -> tuple[str, ...]:
    pages = ", ".join(name for name, view in VIEWS.items() if one.name in view.metrics)
    return (
        label_of(one.name),
        code(one.name),
        one.unit,
        one.estimator,
        one.better,
        pages,
        one.benchmark,
        one.definition,
    )

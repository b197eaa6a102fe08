"""What the counts are worth: ledger lines, then metrics, numbers with a definition.

A metric is one small function, registered with its unit and its direction. It is a sum, a ratio of
sums, a level at the end of the horizon, or a quantile. The function returns amounts by replication;
a ratio returns numerators and denominators. Its docstring is its definition, and names the
denominator. Reports and docs/reference/ print from this registry.

contacts, agents, people, bots, chats, emails, messages,
  callbacks, resolution, offers, money, customers,
  value, returns                                       the metrics, by subject
ledger, lines, sales, paid_contacts, bot_bills,
  turnover, terms                                      money in lines, of which metrics are made
registry, labels, periods, by_segment, check_metrics   what all of them share
"""

# Importing a file registers its metrics, in the order in which tables show them.
from sim.metrics import (  # noqa: F401, I001
    contacts, agents, people, bots, chats, emails, messages, callbacks, resolution, offers,
    money, customers, value, returns,
)  # fmt: skip
from sim.metrics.contacts import level_by_interval
from sim.metrics.labels import definition_of, label_of, other_measure
from sim.metrics.registry import METRICS, Facts, Metric, check_names, measure, telling, weeks_of
from sim.metrics.value import present_value, value_by_segment

__all__ = [
    "METRICS",
    "Facts",
    "Metric",
    "check_names",
    "definition_of",
    "label_of",
    "level_by_interval",
    "measure",
    "other_measure",
    "present_value",
    "telling",
    "value_by_segment",
    "weeks_of",
]

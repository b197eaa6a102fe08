"""The single queue in Ciw, a library for queueing networks, as its manual says."""

from __future__ import annotations

import time

import ciw
from ciw.dists import Exponential

from benchmarks.result import W1, Result, Workload


def run(contacts: int, seed: int, workload: Workload = W1) -> Result:
    """One run of a single queue until about this many contacts have come."""
    start = time.perf_counter()
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[Exponential(workload.arrival_rate)],
        service_distributions=[Exponential(1 / workload.service_mean)],
        reneging_time_distributions=[Exponential(1 / workload.patience_mean)],
        number_of_servers=[workload.agents],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(contacts / workload.arrival_rate)
    records = simulation.get_all_records(only=["service", "renege"])
    abandoned = sum(record.record_type == "renege" for record in records)
    mean_wait_minutes = sum(record.waiting_time for record in records) / len(records)
    return Result(time.perf_counter() - start, len(records), abandoned, mean_wait_minutes)

"""Time of one search, beside rapidfuzz's own scorer over the same labels.

Run: python benchmarks/search.py
"""

from __future__ import annotations

import statistics
import time

from rapidfuzz import fuzz, process, utils

from repdose import evidence as ev

QUERIES = ("leg raise", "abdominal crunch", "walking 3.0 mph", "calisthanics", "stationary bike")
ROUNDS = 200


def milliseconds(call, rounds):
    """Median and worst time of one call [ms]."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


labels = dict(ev.compendium(2024)["activity"])
start = time.perf_counter()
ev.search("yoga", edition=2024)
print(f"first search, builds the index: {1000 * (time.perf_counter() - start):.0f} ms")
print(f"{len(labels)} rows, {ROUNDS} rounds a query")
print(f"{'query':<20}{'search [ms]':>14}{'worst [ms]':>12}{'WRatio [ms]':>14}{'ratio':>8}")
for query in QUERIES:
    ours, worst = milliseconds(lambda q=query: ev.search(q, edition=2024), ROUNDS)
    plain, _ = milliseconds(
        lambda q=query: process.extract(
            q, labels, scorer=fuzz.WRatio, processor=utils.default_process, limit=10
        ),
        ROUNDS,
    )
    print(f"{query:<20}{ours:>14.2f}{worst:>12.2f}{plain:>14.2f}{plain / ours:>8.1f}")

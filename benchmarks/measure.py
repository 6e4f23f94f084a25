"""How everything here is measured: CPU and wall time, medians over interleaved repetitions."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Timing:
    """Seconds of one call: median CPU of this process, and median wall time."""

    cpu: float
    wall: float


def interleaved(calls: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 3) -> dict[str, Timing]:
    """Time every call once a round, so that a noisy minute strikes all of them alike."""
    for call in calls.values():
        for _ in range(warm_up):
            call()
    times: dict[str, list[Timing]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            cpu, wall = time.process_time(), time.perf_counter()
            call()
            times[name].append(Timing(time.process_time() - cpu, time.perf_counter() - wall))
    return {
        name: Timing(median(one.cpu for one in found), median(one.wall for one in found))
        for name, found in times.items()
    }

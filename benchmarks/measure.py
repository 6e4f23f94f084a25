"""How everything here is measured: CPU and wall time, medians over interleaved repetitions, and rows of results."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


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
            times[name].append(once(call))
    return {
        name: Timing(median(one.cpu for one in found), median(one.wall for one in found))
        for name, found in times.items()
    }


def once(call: Callable[[], object]) -> Timing:
    """Time one call."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return Timing(time.process_time() - cpu, time.perf_counter() - wall)


def cpu_of(server: int) -> float:
    """The CPU seconds that a server and the processes it started have used so far, those that ended included."""
    return sum(_ticks(server, 4)) / TICK + sum(sum(_ticks(child, 2)) for child in children_of(server)) / TICK


def _ticks(process: int, fields: int) -> list[int]:
    """User and system time of a process, then that of its ended children."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return []
    return [int(one) for one in told[11 : 11 + fields]]


def children_of(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def peak_mb(process: int | str = "self") -> float:
    """The most memory that a process has held, in megabytes."""
    return _status_mb(process, "VmHWM")


def held_mb(process: int | str = "self") -> float:
    """The memory that a process holds now, in megabytes."""
    return _status_mb(process, "VmRSS")


def _status_mb(process: int | str, what: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def milliseconds(seconds: float) -> str:
    """A duration as it is printed."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def row(
    name: str,
    figure: str,
    *,
    against: str = "",
    against_figure: str = "",
    ratio: float | None = None,
    wall: str = "",
    goal: str = "",
    met: bool | None = None,
    why: str = "",
) -> dict[str, Any]:
    """One line of the page. ``why`` is told only where the goal was missed: the reason, and what would help."""
    return {
        "name": name,
        "figure": figure,
        "wall": wall,
        "against": against,
        "against_figure": against_figure,
        "ratio": None if ratio is None else float(f"{ratio:.3g}"),
        "goal": goal,
        "met": met,
        "why": why if met is False else "",
    }


def timed(name: str, timing: Timing, against: str, limit: Timing, **told: Any) -> dict[str, Any]:
    """A line whose figures are CPU times."""
    return row(
        name,
        milliseconds(timing.cpu),
        wall=milliseconds(timing.wall),
        against=against,
        against_figure=milliseconds(limit.cpu),
        ratio=timing.cpu / limit.cpu,
        **told,
    )

"""A served site under a steady load for a long time: how much it can take, and what half of that does to its memory."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from troubled import Respondent, Site

RESPONDENTS = 6
SECONDS_BETWEEN = 5.0
"""Between two looks at the memory."""


@dataclass
class Soak:
    """What a soak saw."""

    capacity: float
    """Whole surveys a second that the site took when asked without a pause."""
    minutes: float
    surveys: int = 0
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Minutes since the beginning, and megabytes of all processes of the web app together."""

    def growth(self) -> float:
        """Megabytes by which the last quarter's mean is above the second quarter's; the first is for warming up."""
        quarter = len(self.memory) // 4
        held = [megabytes for _, megabytes in self.memory]
        return fmean(held[-quarter:]) - fmean(held[quarter : 2 * quarter])

    def mean(self) -> float:
        """Megabytes on average after the first quarter."""
        return fmean(megabytes for _, megabytes in self.memory[len(self.memory) // 4 :])


def capacity(site: Site, seconds: float) -> float:
    """Whole surveys a second with RESPONDENTS who do not pause."""
    end, started = time.monotonic() + seconds, time.monotonic()
    people = _answer(site, lambda: iter(lambda: time.monotonic() < end, False))
    return sum(surveys for surveys, _ in people) / (time.monotonic() - started)


def soak(site: Site, *, minutes: float, rate: float, capacity: float) -> Soak:
    """Answer at ``rate`` surveys a second for that long."""
    found, done, started = Soak(capacity, minutes), threading.Event(), time.monotonic()
    watcher = threading.Thread(target=_watch, args=(site.server.pid, found, done, started))
    watcher.start()
    wait = RESPONDENTS / rate

    def turns() -> Iterator[bool]:
        due = time.monotonic()
        while due < started + minutes * 60:
            time.sleep(max(0.0, due - time.monotonic()))
            yield True
            # Who has fallen behind does not make up for it with a rush.
            due = max(due + wait, time.monotonic() - wait)

    try:
        people = _answer(site, turns)
    finally:
        done.set()
        watcher.join()
    found.surveys = sum(surveys for surveys, _ in people)
    found.requests = sum(respondent.requests for _, respondent in people)
    found.failures = [failure for _, respondent in people for failure in respondent.failures]
    return found


def _answer(site: Site, turns: Callable[[], Iterator[bool]]) -> list[tuple[int, Respondent]]:
    """Have every respondent submit at each turn; how often each did."""
    people = [Respondent(site.port) for _ in range(RESPONDENTS)]
    surveys = [0] * RESPONDENTS
    failures: list[BaseException] = []

    def work(place: int) -> None:
        try:
            for number, _turn in enumerate(turns()):
                people[place].cookie = ""
                people[place].submit(f"mark {place} {number}")
                surveys[place] += 1
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(RESPONDENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, [repr(failure) for failure in failures]
    return list(zip(surveys, people, strict=True))


def _watch(pid: int, found: Soak, done: threading.Event, started: float) -> None:
    while not done.wait(SECONDS_BETWEEN):
        found.memory.append((round((time.monotonic() - started) / 60, 2), round(_megabytes(pid), 1)))


def _megabytes(pid: int) -> float:
    """Proportional set size of a process and its children: pages that they share count once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_pss(one) for one in (str(pid), *children)) / 1024


def _pss(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def minutes_wanted() -> float:
    """How long to soak: ``CSP_TEST_SOAK_MINUTES``, thirty without it."""
    return float(os.environ.get("CSP_TEST_SOAK_MINUTES", "30"))
